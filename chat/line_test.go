package chat_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

// kinds are the last n things that happened.
func (s *talk) kinds(n int) (list []chat.Kind) {
	for _, e := range s.log[max(0, len(s.log)-n):] {
		list = append(list, e.Kind)
	}
	return list
}

func TestAnUnansweredAssignmentGoesOn(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{})
	since := s.c.WaitingSince
	for _, want := range []string{"agent", "supervisor", "no_answer"} {
		s.overdue()
		if got := s.log[len(s.log)-1].Detail.Reason; got != want {
			t.Fatalf("the deadline did %q, not %q", got, want)
		}
	}
	if s.c.State != chat.Waiting || !s.c.WaitingSince.Equal(since) || s.c.Agent != "" {
		t.Errorf("the conversation is not back at its old place: %s since %v", s.c.State, s.c.WaitingSince)
	}
	if !s.c.AvoidUntil.Equal(s.at.Add(chat.Usual.Cooldown)) {
		t.Errorf("who did not answer may be asked again at %v", s.c.AvoidUntil)
	}
}

func TestFiveFailedOffersAreRaised(t *testing.T) {
	s := newTalk(t).escalated()
	for i := range 5 {
		if s.c.Raised {
			t.Fatalf("raised after %d offers", i)
		}
		s.do(system, chat.Hold{Agent: "aino", Until: s.at.Add(30 * time.Second)})
		if i%2 == 0 {
			s.do(aino, chat.Decline{Reason: "tauko"})
		} else {
			s.overdue()
		}
	}
	if !s.c.Raised || s.c.State != chat.Waiting || s.c.Due == nil {
		t.Fatalf("raised %v, state %s, due %v", s.c.Raised, s.c.State, s.c.Due)
	}
	if by := s.log[len(s.log)-1].From; by != system {
		t.Errorf("raised by %v, not by the house", by)
	}
	if s.do(ville, chat.Take{}); s.c.Raised || s.c.Missed != 0 {
		t.Error("who has an owner stands in no lane")
	}
}

// What is passed on to a colleague who does not take it returns to who passed it on.
func TestARefusedTransferComesBack(t *testing.T) {
	for name, refuse := range map[string]func(*talk){
		"declined":   func(s *talk) { s.do(aino, chat.Decline{Reason: "täynnä"}) },
		"not looked": func(s *talk) { s.overdue() },
		"gone":       func(s *talk) { s.do(system, chat.Lose{}) },
	} {
		s := newTalk(t)
		s.online = true
		s.escalated().do(ville, chat.Take{}).do(ville, chat.Transfer{Agent: "aino", Note: "sinun alaasi"})
		if s.c.Offer == nil || s.c.Offer.Agent != "aino" || s.c.Offer.From != "ville" {
			t.Fatalf("%s: the offer is %+v", name, s.c.Offer)
		}
		refuse(s)
		if last := s.log[len(s.log)-1]; s.c.State != chat.WithAgent || s.c.Agent != "ville" || last.Detail.Reason != "refused" {
			t.Errorf("%s: with %q in state %s after %v", name, s.c.Agent, s.c.State, s.kinds(2))
		}
		if s.c.Due == nil || s.c.Due.What != chat.DueAnswer {
			t.Errorf("%s: the customer is owed a word, due %+v", name, s.c.Due)
		}
	}
	s := newTalk(t)
	s.online = true
	s.escalated().do(ville, chat.Take{}).do(ville, chat.Transfer{Agent: "aino"})
	s.online = false // ville has left meanwhile
	if s.do(aino, chat.Decline{}); s.c.State != chat.Waiting || s.c.Agent != "aino" {
		t.Errorf("nobody is there, and the conversation is in state %s", s.c.State)
	}
}

// An offer ends with who is gone: at the old place, with the word to the customer due as it was, and as none that came to nothing.
func TestAnOfferToWhoIsGone(t *testing.T) {
	s := newTalk(t).escalated()
	since, word := s.c.WaitingSince, s.c.Due
	s.do(system, chat.Hold{Agent: "aino", Name: "Aino", Until: s.at.Add(time.Minute)}).do(system, chat.Lose{})
	if s.c.State != chat.Waiting || s.c.Offer != nil || !s.c.WaitingSince.Equal(since) || *s.c.Due != *word {
		t.Errorf("%s since %v, offered %v, due %v", s.c.State, s.c.WaitingSince, s.c.Offer, s.c.Due)
	}
	if e := s.log[len(s.log)-1]; e.Kind != chat.KindDeclined || e.Detail.Reason != "agent_lost" || s.c.Missed != 0 || s.at.Before(s.c.AvoidUntil) {
		t.Errorf("%s, %q: missed %d, to be avoided until %v", e.Kind, e.Detail.Reason, s.c.Missed, s.c.AvoidUntil)
	}
}

func TestASilentCustomerIsAskedOnceAndMayComeBack(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Oliko tästä apua?"})
	s.overdue()
	if e := s.log[len(s.log)-1]; e.Kind != chat.KindMessage || e.From.Role != chat.RoleSystem || s.c.State != chat.WithAgent {
		t.Fatalf("a gentle question is %v by %s in state %s", e.Kind, e.From.Role, s.c.State)
	}
	s.overdue()
	if s.c.State != chat.Closed || s.c.Due != nil {
		t.Fatalf("state %s, due %v", s.c.State, s.c.Due)
	}
	if s.do(visitor, chat.Post{Text: "Nyt ehdin"}); s.c.State != chat.Waiting || s.c.Agent != "aino" {
		t.Errorf("reopened to %s, for %q first", s.c.State, s.c.Agent)
	}
}

func TestALetterGoesOutOnceAndIsTriedAgain(t *testing.T) {
	written := func() *talk {
		return newTalk(t).reachable().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei, tässä vastaus"})
	}
	s := written()
	if s.c.Contact == nil || s.c.Contact.Email != "marja@example.fi" {
		t.Fatalf("the contact is %+v", s.c.Contact)
	}
	var pauses []time.Duration
	for s.c.Letter != nil {
		before := *s.c.Letter
		if s.overdue(); s.c.Letter != nil && s.c.Letter.Tries > before.Tries { // and not a silent customer asked
			pauses = append(pauses, s.c.Letter.At.Sub(s.at))
		}
		if len(pauses) > 10 {
			t.Fatal("a letter is tried for ever")
		}
	}
	if last := s.log[len(s.log)-1]; last.Kind != chat.KindMailed || last.Detail.Reason != "failed" || len(pauses) != 6 || pauses[5] != 32*time.Minute {
		t.Errorf("ended with %v %q after the pauses %v", last.Kind, last.Detail.Reason, pauses)
	}

	s = written()
	s.at = s.c.Letter.At
	if s.do(system, chat.Overdue{Read: true}); s.c.Letter != nil {
		t.Error("a letter about what was read")
	}
	s = written().do(visitor, chat.Post{Text: "Kiitos"})
	if s.c.Letter != nil {
		t.Error("a letter to who has answered")
	}
	s = written().do(aino, chat.Resolve{})
	if due := s.c.Deadline(); s.c.State != chat.Closed || due == nil || due.What != chat.DueLetter {
		t.Error("the answer is resolved, and its letter forgotten")
	}
	if s.do(system, chat.Mailed{}); s.c.Deadline() != nil {
		t.Error("the letter went out, and something is due")
	}
}

// A promise is kept in sight until the conversation is over.
func TestAPromisedCall(t *testing.T) {
	s := newTalk(t).escalated()
	since := s.c.WaitingSince
	promise := chat.Promise{At: s.at.Add(12 * time.Hour), Until: s.at.Add(13 * time.Hour), Channel: chat.ByPhone}
	s.do(system, chat.PutOff{Promise: promise})
	if s.c.State != chat.Snoozed || s.c.Due == nil || !s.c.Due.At.Equal(promise.At) {
		t.Fatalf("state %s, due %+v", s.c.State, s.c.Due)
	}
	s.overdue()
	if s.c.State != chat.Waiting || !s.c.WaitingSince.Equal(since) || s.c.Promise == nil || !s.c.CustomerLast {
		t.Fatalf("at its time it is %s since %v with %+v", s.c.State, s.c.WaitingSince, s.c.Promise)
	}
	s.do(system, chat.Assign{Agent: "aino", Name: "Aino", Share: chat.Share{Load: 100, Weight: 150, Capacity: 400}})
	if d := s.log[len(s.log)-1].Detail; d.Load != 100 || d.Weight != 150 || d.Capacity != 400 || s.c.Promise == nil {
		t.Errorf("given with %+v, promise %+v", d, s.c.Promise)
	}
	if s.do(aino, chat.Resolve{}); s.c.Promise != nil {
		t.Error("closed, and promised still")
	}
	for name, p := range map[string]chat.Promise{
		"past":     {At: start.Add(-time.Minute), Until: start.Add(time.Hour)},
		"far":      {At: start.AddDate(2, 0, 0), Until: start.AddDate(2, 0, 1)},
		"backward": {At: start.Add(time.Hour), Until: start.Add(time.Minute)},
	} {
		s := newTalk(t).escalated()
		if _, _, err := chat.Decide(s.c, envelope(s.at, system), chat.PutOff{Promise: p}); chat.KindOf(err) != chat.Invalid {
			t.Errorf("a promise for %s gives %v", name, err)
		}
	}
}

func TestWhatWasToldHoldsUntilItsEnd(t *testing.T) {
	s := newTalk(t).do(visitor, chat.Post{Text: "ihminen"}).
		do(theBot, chat.Escalate{Reason: chat.ReasonAsked, Team: "support", Wait: &chat.Wait{Low: 120, High: 240}})
	if got := s.c.Due.At.Sub(s.at); got != 4*time.Minute {
		t.Errorf("a range to 4 minutes is spoken of again after %v", got)
	}
	opens := s.at.Add(9 * time.Hour)
	s.at = s.c.Due.At
	s.do(system, chat.Overdue{Words: "Palaamme aamulla", Opens: opens})
	if !s.c.Due.At.Equal(opens.Add(chat.Usual.Word)) || s.c.Due.What != chat.DueWord {
		t.Errorf("the next word is due at %v", s.c.Due.At)
	}
}

func TestInvited(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Invite{Agent: "ville", Note: "Osaatko tämän?"})
	s.do(ville, chat.Note{Text: "Osaan: vaihda lamppu"})
	for name, c := range map[string]struct {
		by  chat.From
		cmd chat.Command
	}{
		"the invited does not answer": {ville, chat.Post{Text: "Hei"}},
		"twice":                       {aino, chat.Invite{Agent: "ville"}},
		"oneself":                     {aino, chat.Invite{Agent: "aino"}},
		"by who is a guest":           {ville, chat.Invite{Agent: "sari"}},
	} {
		if _, _, err := chat.Decide(s.c, envelope(s.at, c.by), c.cmd); err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	s.do(ville, chat.Leave{})
	if _, _, err := chat.Decide(s.c, envelope(s.at, ville), chat.Note{Text: "vielä"}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("who left writes a note: %v", err)
	}
}

// Who asks again while they wait for an answer does not give the agent more time.
func TestAskingAgainGivesNobodyMoreTime(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{})
	for range 20 {
		if s.c.State == chat.Waiting {
			break
		}
		s.do(visitor, chat.Post{Text: "oletko siellä?"})
		s.overdue()
	}
	if s.c.State != chat.Waiting {
		t.Errorf("twenty questions and reminders later it is %s, with %d nudges", s.c.State, s.c.Nudges)
	}
	s.do(ville, chat.Take{}).do(ville, chat.Post{Text: "Hei"}).do(visitor, chat.Post{Text: "Vihdoin"})
	if s.c.Nudges != 0 || s.c.Due.What != chat.DueAnswer {
		t.Errorf("answered and asked anew: %d nudges, due %v", s.c.Nudges, s.c.Due)
	}
}

func TestATransferIsNotGivenBackToItsSenderAtOnce(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Transfer{Team: "billing"})
	if len(s.c.Avoid) != 1 || s.c.Avoid[0] != "aino" || !s.c.AvoidUntil.After(s.at) {
		t.Errorf("kept away are %v until %v", s.c.Avoid, s.c.AvoidUntil)
	}
}

// A release is answered as done by the one that was made since: not by what the agent did when they had it before.
func TestAReleaseOfAnEarlierTimeAnswersNoOther(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Release{})
	if _, _, err := chat.Decide(s.c, envelope(s.at, aino), chat.Release{}); err == nil {
		t.Error("it was released again")
	} else if done, ok := chat.AlreadyDone(err); !ok || done != s.c.Given.Released {
		t.Errorf("released twice: %v", err)
	}
	s.do(aino, chat.Take{}).do(aino, chat.Transfer{Team: "billing"})
	env := envelope(s.at, aino)
	env.Fence = s.c.Fence
	if _, _, err := chat.Decide(s.c, env, chat.Release{}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("a release of what was passed on: %v, not a conflict", err)
	}
}

// Who let it pass last is kept away, however many did before, and whoever did so first.
func TestWhoRefusedLastIsKeptAway(t *testing.T) {
	s := newTalk(t).escalated()
	refuse := func(agent string) {
		s.do(system, chat.Hold{Agent: agent, Until: s.at.Add(30 * time.Second)}).do(chat.From{Role: chat.RoleAgent, ID: agent}, chat.Decline{})
	}
	names := strings.Split("abcdefgh", "")
	for _, a := range append(names, names[0]) {
		refuse(a)
	}
	if want := []string{"b", "c", "d", "e", "f", "g", "h", "a"}; !slices.Equal(s.c.Avoid, want) {
		t.Errorf("kept away are %v, not %v", s.c.Avoid, want)
	}
	s.at = s.c.AvoidUntil // and when the time has passed, they may be asked again: one who refuses then keeps none of the others away
	if refuse("b"); !slices.Equal(s.c.Avoid, []string{"b"}) {
		t.Errorf("kept away are %v, and only b has just refused", s.c.Avoid)
	}
}

// An offer that comes when its time is over, because who decided on it stood still, is none.
func TestAnOfferIsForATimeToCome(t *testing.T) {
	s := newTalk(t).escalated()
	for _, until := range []time.Time{{}, s.at.Add(-time.Second), s.at} {
		if _, _, err := chat.Decide(s.c, envelope(s.at, system), chat.Hold{Agent: "aino", Until: until}); chat.KindOf(err) != chat.Conflict {
			t.Errorf("until %v at %v: %v", until, s.at, err)
		}
	}
}

// What is offered to agents is no word to the customer: who was to hear something hears it in time.
func TestOffersKeepTheWordsTime(t *testing.T) {
	s := newTalk(t).escalated()
	word := s.c.Due.At
	s.do(system, chat.Hold{Agent: "aino", Until: s.at.Add(30 * time.Second)}).do(aino, chat.Decline{})
	if s.c.Due.What != chat.DueWord || !s.c.Due.At.Equal(word) {
		t.Errorf("the word was due at %v, and is at %v", word, s.c.Due.At)
	}
	s.at = word.Add(-10 * time.Second)
	s.do(system, chat.Hold{Agent: "aino", Until: s.at.Add(30 * time.Second)}).overdue()
	if s.c.Due.What != chat.DueWord || s.c.Due.At.After(s.at) {
		t.Errorf("it is overdue since %v, and due at %v", word, s.c.Due.At)
	}
}

// An agent who does not answer somebody in danger is reminded, told of, and relieved in a third of the usual time.
func TestACrisisDoesNotWaitForLong(t *testing.T) {
	relieved := func(reason string) (after time.Duration) {
		s := newTalk(t).do(visitor, chat.Post{Text: "apua"}).do(theBot, chat.Escalate{Reason: reason, Team: "support"}).do(aino, chat.Take{})
		for range 3 {
			after += s.c.Due.At.Sub(s.at)
			s.overdue()
		}
		if s.c.State != chat.Waiting {
			t.Errorf("%s: %s after two reminders", reason, s.c.State)
		}
		return after
	}
	usual, danger := relieved(chat.ReasonAsked), relieved(chat.ReasonCrisis)
	if danger != usual/3 {
		t.Errorf("relieved after %v, usually after %v", danger, usual)
	}
}

func TestACrisisOfAnEarlierTimeIsOver(t *testing.T) {
	s := newTalk(t).do(visitor, chat.Post{Text: "apua"}).do(theBot, chat.Escalate{Reason: chat.ReasonCrisis, Team: "support", Priority: "high", Skills: []string{"care"}})
	s.do(aino, chat.Take{}).do(aino, chat.Resolve{})
	s.do(visitor, chat.Post{Text: "Missä tilaukseni on?"})
	if s.c.State != chat.Waiting || s.c.Reason != "" || s.c.Priority != "" || s.c.Skills != nil {
		t.Errorf("%s for %q, priority %q, skills %v", s.c.State, s.c.Reason, s.c.Priority, s.c.Skills)
	}
}

func TestAnAgentOnThePhoneIsLeftInPeace(t *testing.T) {
	s := newTalk(t).escalated()
	at := s.at.Add(time.Hour)
	s.do(system, chat.PutOff{Promise: chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone}}).overdue()
	s.do(aino, chat.Take{})
	if left := s.c.Due.At.Sub(s.at); left < 20*time.Minute {
		t.Errorf("who makes the promised call is reminded after %v", left)
	}
}

func TestTheNextIsTakenFromTheLineAlone(t *testing.T) {
	s := newTalk(t).escalated().do(ville, chat.Take{})
	if _, _, err := chat.Decide(s.c, envelope(s.at, aino), chat.Take{Waiting: true}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("taken from a colleague: %v", err)
	}
}

// Who waits in danger is told of without a change to what they are owed; who does not wait alone, or is not in danger, is not.
func TestAnAlarmOfWhoWaits(t *testing.T) {
	s := newTalk(t).escalated()
	if n := len(s.log); len(s.do(system, chat.Alarm{}).log) != n {
		t.Error("an alarm of nothing")
	}
	s.do(theBot, chat.Feel{Feeling: chat.Feeling{Name: chat.InCrisis, Intensity: 1}, Of: s.c.AgentSeq})
	before := s.c
	s.do(system, chat.Alarm{})
	if e := s.log[len(s.log)-1]; e.Kind != chat.KindNudged || e.Detail.Reason != "supervisor" || e.Detail.Agent != "" || *s.c.Due != *before.Due || s.c.Nudges != before.Nudges {
		t.Errorf("%v %q, due %v, %d nudges", e.Kind, e.Detail.Reason, s.c.Due, s.c.Nudges)
	}
	s.do(system, chat.Hold{Agent: "aino", Name: "Aino", Until: s.at.Add(time.Minute)})
	if n := len(s.log); len(s.do(system, chat.Alarm{}).log) != n {
		t.Error("an alarm while somebody is asked")
	}
}

// A customer in danger who is with an agent is no secret of that agent's.
func TestAnAlarm(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei"}).do(visitor, chat.Post{Text: "en jaksa enää"})
	s.do(theBot, chat.Feel{Feeling: chat.Feeling{Name: chat.InCrisis, Intensity: 1}, Of: s.c.AgentSeq}).do(theBot, chat.Say{Text: "Soita 112."})
	before := s.c.Due.At
	s.do(system, chat.Alarm{})
	if e := s.log[len(s.log)-1]; e.Kind != chat.KindNudged || e.Detail.Reason != "supervisor" || !s.c.Due.At.Before(before) {
		t.Errorf("%v %q, due %v", e.Kind, e.Detail.Reason, s.c.Due.At.Sub(s.at))
	}
}

// A word in between does not undo what was promised for later.
func TestAPromiseOutlastsAWordInBetween(t *testing.T) {
	s := newTalk(t).escalated()
	at := s.at.Add(10 * time.Hour)
	s.do(system, chat.PutOff{Promise: chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone}})
	s.do(visitor, chat.Post{Text: "vielä yksi asia"}).do(aino, chat.Take{}).do(aino, chat.Post{Text: "Soitamme kuten sovittu"})
	s.overdue()
	if s.c.State != chat.Snoozed || s.c.Promise == nil || !s.c.Due.At.Equal(at) {
		t.Fatalf("state %s, promise %+v, due %+v", s.c.State, s.c.Promise, s.c.Due)
	}
	s.online = true
	s.overdue()
	s.do(aino, chat.Post{Text: "Soitan nyt"})
	if s.c.State != chat.WithAgent || !s.c.Due.At.Equal(at.Add(time.Hour)) {
		t.Errorf("within the promised hour it is %s, due %+v", s.c.State, s.c.Due)
	}
	s.overdue()
	if s.c.State != chat.WithAgent || s.log[len(s.log)-1].Kind != chat.KindMessage {
		t.Errorf("after it the customer is %s", s.c.State)
	}
}
