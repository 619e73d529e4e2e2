package desk

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

var doctorsDay = time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)

// course makes a log by the commands that make it in the house.
type course struct {
	t   *testing.T
	c   chat.Conversation
	now time.Time
	log []chat.Event
}

func newCourse(t *testing.T, id string, at time.Duration) *course {
	s := &course{t: t, c: chat.Conversation{ID: id}, now: doctorsDay.Add(at)}
	return s.do("", chat.Open{Site: "demo", Visitor: "marja", Language: "fi", Team: "support"}).do("", chat.Escalate{Reason: chat.ReasonAsked})
}

// do carries out a command of an agent, or with "" of the house.
func (s *course) do(agent string, cmd chat.Command) *course {
	s.t.Helper()
	by := chat.From{Role: chat.RoleSystem}
	if agent != "" {
		by = chat.From{Role: chat.RoleAgent, ID: agent}
	}
	c, events, err := chat.Decide(s.c, chat.Envelope{At: s.now, By: by, Online: true, Patience: chat.Usual}, cmd)
	if err != nil {
		s.t.Fatalf("%T: %v", cmd, err)
	}
	s.c, s.log = c, append(s.log, events...)
	return s
}

func (s *course) pass(d time.Duration) *course {
	s.now = s.now.Add(d)
	return s
}

func (s *course) assign(agent string, load int) *course {
	return s.do("", chat.Assign{Agent: agent, Share: chat.Share{Load: load, Weight: 100, Capacity: 400}})
}

func (s *course) hold(agent string) *course {
	return s.do("", chat.Hold{Agent: agent, Until: s.now.Add(30 * time.Second), Share: chat.Share{Load: 100, Weight: 100, Capacity: 400}})
}

// wholeCourse is a conversation to which much happened, and nothing that must not.
func wholeCourse(t *testing.T) *course {
	s := newCourse(t, "c", 0).hold("aino").pass(5*time.Second).do("aino", chat.Decline{})
	s.pass(5*time.Second).hold("ville").pass(30*time.Second).do("", chat.Overdue{})
	s.pass(3*time.Minute).hold("aino").pass(time.Second).do("aino", chat.Accept{}).do("aino", chat.Post{Text: "hei"})
	s.do("aino", chat.Transfer{Team: "support", Agent: "ville"}).pass(time.Second).do("ville", chat.Decline{})
	s.do("sari", chat.Take{}).do("sari", chat.Invite{Agent: "ville"}).do("sari", chat.Snooze{Until: s.now.Add(time.Hour)})
	s.do("sari", chat.Post{Text: "vielä yksi asia"}).do("sari", chat.Release{}).pass(10*time.Minute).assign("ville", 0)
	return s.do("ville", chat.Resolve{})
}

// renumber lets a log that was changed have its numbers.
func renumber(log []chat.Event) []chat.Event {
	c := chat.Conversation{ID: "c"}
	for i := range log {
		c, log[i] = chat.Apply(c, log[i])
	}
	return log
}

// Each thing that must not happen is seen in a log in which it happened, as that and nothing else.
func TestTheDoctorReadsLogs(t *testing.T) {
	// nth is the index of the nth event of a kind.
	nth := func(log []chat.Event, kind chat.Kind, n int) int {
		for i, e := range log {
			if e.Kind == kind {
				if n--; n == 0 {
					return i
				}
			}
		}
		t.Fatalf("no event %s", kind)
		return 0
	}
	at := func(kind chat.Kind, n int, change func(*chat.Event)) func([]chat.Event) []chat.Event {
		return func(log []chat.Event) []chat.Event {
			change(&log[nth(log, kind, n)])
			return renumber(log)
		}
	}
	without := func(kind chat.Kind, n int) func([]chat.Event) []chat.Event {
		return func(log []chat.Event) []chat.Event {
			i := nth(log, kind, n)
			return renumber(slices.Delete(log, i, i+1))
		}
	}
	for _, c := range []struct {
		name  string
		spoil func([]chat.Event) []chat.Event
		want  string
	}{
		{"another than the owner writes", at(chat.KindMessage, 1, func(e *chat.Event) { e.From.ID = "ville" }), "S2 c: event 9 (message) is by ville, who did not own it"},
		{"another than the owner closes", at(chat.KindClosed, 1, func(e *chat.Event) { e.From.ID = "aino" }), "S2 c: event 22 (closed) is by aino, who did not own it"},
		{"another than the owner releases", at(chat.KindUnassigned, 2, func(e *chat.Event) { e.From.ID = "aino" }), "S2 c: event 20 (unassigned) is by aino, who did not own it"},
		{"given while somebody has it", without(chat.KindUnassigned, 1), "S2 c: event 14 gives it to sari while aino has it"},
		{"an old fence", func(log []chat.Event) []chat.Event {
			log[nth(log, chat.KindAssigned, 3)].AgentSeq = 1
			return log
		}, "S2 c: event 15 has the fence 1, the one before was 12"},
		{"beyond the capacity", at(chat.KindAssigned, 4, func(e *chat.Event) { e.Detail.Load = 350 }), "S3 c: event 21 gives it to ville, who had 350 of 400, and it weighs 100"},
		{"beyond the capacity, offered", at(chat.KindOffered, 1, func(e *chat.Event) { e.Detail.Weight = 301 }), "S3 c: event 3 gives it to aino, who had 100 of 400, and it weighs 301"},
		{"to who takes nothing", at(chat.KindAssigned, 4, func(e *chat.Event) { e.Detail.Capacity = 0 }), "S3 c: event 21 gives it to ville by a load of 0, a weight of 100 and a capacity of 0, which cannot be"},
		{"offered to who just declined", at(chat.KindOffered, 3, func(e *chat.Event) { e.At = doctorsDay.Add(time.Minute) }), "S8 c: event 7 gives it to aino, who was not to be asked before 2026-03-17T12:02:05Z"},
		{"offered to two", without(chat.KindDeclined, 1), "S9 c: event 4 offers it to ville while it is offered to aino"},
		{"declined for another", at(chat.KindDeclined, 1, func(e *chat.Event) { e.Detail.Agent, e.Detail.Until = "ville", nil }), "S9 c: event 4 declines for ville what is offered to aino"},
		{"ended before its time", at(chat.KindDeclined, 2, func(e *chat.Event) { e.At = e.At.Add(-time.Millisecond) }), "S9 c: event 6 ends the offer to ville before its deadline, 2026-03-17T12:00:40Z"},
		{"given away under the agent's hand", at(chat.KindAssigned, 1, func(e *chat.Event) { e.From = chat.From{Role: chat.RoleSystem} }), "S9 c: event 8 gives it to aino while it is offered to aino, who did not accept"},
		{"declined without an offer", without(chat.KindOffered, 2), "S9 c: event 5 declines what was not offered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := checkCourse("c", c.spoil(wholeCourse(t).log), &holdings{})
			// What follows from it later in the log is not what is asked for.
			if len(found) == 0 || found[0].String() != c.want {
				t.Errorf("found %v, want %s", found, c.want)
			}
			for _, b := range found {
				if b.Invariant != c.want[:2] {
					t.Errorf("it is taken for %s", b)
				}
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		if found := checkCourse("c", wholeCourse(t).log, &holdings{}); len(found) > 0 {
			t.Errorf("found %v", found)
		}
	})
}

// What agents had is counted over all conversations.
func TestTheDoctorCountsWhatAgentsHad(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		name    string
		courses []*course
		want    string
	}{
		{"one after the other", []*course{newCourse(t, "a", 0).assign("aino", 0).pass(s).do("aino", chat.Resolve{}), newCourse(t, "b", s).assign("aino", 0)}, ""},
		{"the second is counted", []*course{newCourse(t, "a", 0).assign("aino", 0), newCourse(t, "b", s).assign("aino", 100)}, ""},
		{"silent ones weigh half", []*course{newCourse(t, "a", 0).assign("aino", 0), newCourse(t, "b", s).assign("aino", 50)}, ""},
		{"the second is not counted", []*course{newCourse(t, "a", 0).assign("aino", 0), newCourse(t, "b", s).assign("aino", 0)},
			"S3 b: event 3 gives it to aino, who had 1 conversations then, by a load of 0"},
		{"two at the same moment by the same count", []*course{newCourse(t, "a", 0).assign("aino", 0), newCourse(t, "b", 0).assign("aino", 0)},
			"S3 b: event 3 gives it to aino, who had 1 conversations then, by a load of 0"},
		{"an offer counts", []*course{newCourse(t, "a", 0).hold("aino"), newCourse(t, "b", s).assign("aino", 0)},
			"S3 b: event 3 gives it to aino, who had 1 conversations then, by a load of 0"},
		{"until it is declined", []*course{newCourse(t, "a", 0).hold("aino").do("aino", chat.Decline{}), newCourse(t, "b", s).assign("aino", 0)}, ""},
		{"what is snoozed does not", []*course{newCourse(t, "a", 0).assign("aino", 0).do("aino", chat.Snooze{Until: doctorsDay.Add(time.Hour)}), newCourse(t, "b", s).assign("aino", 0)}, ""},
		{"a transfer does, a while after", []*course{newCourse(t, "a", 0).do("ville", chat.Take{}).do("ville", chat.Transfer{Agent: "aino"}), newCourse(t, "b", 11*s).assign("aino", 0)},
			"S3 b: event 3 gives it to aino, who had 1 conversations then, by a load of 0"},
		{"taken by hand a moment ago may not be known", []*course{newCourse(t, "a", 0).do("aino", chat.Take{}), newCourse(t, "b", s).assign("aino", 0)}, ""},
		{"what the agent has by hand counts, whatever the capacity", []*course{newCourse(t, "a", 0).do("aino", chat.Take{}), newCourse(t, "b", 0).do("aino", chat.Take{}),
			newCourse(t, "d", 11*s).assign("aino", 90)}, "S3 d: event 3 gives it to aino, who had 2 conversations then, by a load of 90"},
		{"what was not read in full is left out", []*course{newCourse(t, "a", 0).assign("aino", 0), newCourse(t, "b", 2*time.Hour).assign("aino", 0)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var held holdings
			for _, one := range c.courses {
				for _, b := range checkCourse(one.c.ID, one.log, &held) {
					t.Error(b)
				}
			}
			found := held.breaches(doctorsDay.Add(time.Hour))
			if got := strings.Trim(fmt.Sprint(found), "[]"); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
		})
	}
}

// Whoever is owed something has a deadline for what is owed.
func TestTheDoctorKnowsWhatIsDue(t *testing.T) {
	due := func(what chat.DueKind) *chat.Due { return &chat.Due{At: doctorsDay, What: what} }
	all := []chat.DueKind{chat.DueWord, chat.DueOffer, chat.DueAnswer, chat.DueAction, chat.DueWake, chat.DueSilent, "unheard of"}
	for _, c := range []struct {
		name string
		c    chat.Conversation
		fits []chat.DueKind
		none bool // may have no deadline
	}{
		{"waits", chat.Conversation{State: chat.Waiting}, []chat.DueKind{chat.DueWord}, false},
		{"is offered", chat.Conversation{State: chat.Waiting, Offer: &chat.Offer{}}, []chat.DueKind{chat.DueOffer}, false},
		{"waits for an answer", chat.Conversation{State: chat.WithAgent, CustomerLast: true}, []chat.DueKind{chat.DueAnswer}, false},
		{"has an answer", chat.Conversation{State: chat.WithAgent}, []chat.DueKind{chat.DueSilent, chat.DueAnswer}, true},
		{"is put aside", chat.Conversation{State: chat.Snoozed}, []chat.DueKind{chat.DueWake}, false},
		{"waits for an action", chat.Conversation{State: chat.WithBot, Action: &chat.Pending{}}, []chat.DueKind{chat.DueAction}, false},
		{"speaks with the bot", chat.Conversation{State: chat.WithBot}, nil, true},
		{"is closed", chat.Conversation{State: chat.Closed}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if ok := checkDue(c.c) == ""; ok != c.none {
				t.Errorf("without a deadline it is found right: %v", ok)
			}
			for _, what := range all {
				c.c.Due = due(what)
				if ok := checkDue(c.c) == ""; ok != slices.Contains(c.fits, what) {
					t.Errorf("with a deadline for %q it is found right: %v", what, ok)
				}
			}
		})
	}
	letter := chat.Conversation{ID: "c", State: chat.Closed, Letter: &chat.Letter{At: doctorsDay}}
	for live, want := range map[bool]int{true: 1, false: 0} {
		found := slices.DeleteFunc(diagnose(letter, nil, doctorsDay.Add(time.Minute), live), func(b Breach) bool { return b.Invariant != "S12" })
		if len(found) != want {
			t.Errorf("a desk that runs: %v; a letter that did not go out: %v", live, found)
		}
	}
}

// In the line stands who waits, and nobody else, and what is offered is held.
func TestTheDoctorLooksAtTheLine(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	offered := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	d.dispatchOnce()
	waiting := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	bots := d.do(d.visitor(), "", chat.Post{Text: "hei"}).Conversation
	other := staff.NewTeam("sales", "Sales")
	other.Assignment = staff.ByHand
	d.must(d.store.PutTeam(d.ctx, other))
	d.must(d.refresh(d.ctx))
	if c := d.conversation(offered); c.Offer == nil {
		t.Fatalf("not offered: %+v", c)
	}
	ticket := func(id, team string) routing.Ticket {
		return routing.Ticket{Conversation: id, Team: team, Since: d.clock.Now()}
	}
	const nobody = "01930000-0000-7000-8000-0000000000ff"
	for _, c := range []struct {
		name         string
		spoil, mend  func() error
		conversation string
		words        string
	}{
		{"nothing", func() error { return nil }, func() error { return nil }, "", ""},
		{"lost", func() error { return d.line.Drop(d.ctx, "support", waiting) }, func() error {
			c := d.conversation(waiting)
			return d.line.Put(d.ctx, d.ticket(&c, nil))
		},
			waiting, "waits and does not stand in the line of support"},
		{"too many", func() error { return d.line.Put(d.ctx, ticket(bots, "support")) }, func() error { return d.line.Drop(d.ctx, "support", bots) },
			bots, `stands in the line of support and does not wait, but is "bot"`},
		{"unheard of", func() error { return d.line.Put(d.ctx, ticket(nobody, "support")) }, func() error { return d.line.Drop(d.ctx, "support", nobody) },
			nobody, `stands in the line of support and does not wait, but is ""`},
		{"twice", func() error { return d.line.Put(d.ctx, ticket(waiting, "sales")) }, func() error { return d.line.Drop(d.ctx, "sales", waiting) },
			waiting, "stands in the line of sales and waits in that of support"},
		{"not held", func() error { return d.line.Release(d.ctx, "support", offered, ainoID) }, func() error {
			_, _, err := d.line.ClaimTicket(d.ctx, "support", offered, routing.Taker{Agent: ainoID, Free: routing.Unlimited, Lease: time.Minute})
			return err
		}, offered, "is offered to " + ainoID + " and free for others in the line of support"},
		{"passed on by a colleague", func() error {
			aino := d.agentPrincipal(ainoID, "Aino")
			d.online(villeID, "Ville")
			d.do(aino, waiting, chat.Take{})
			d.do(aino, waiting, chat.Transfer{Agent: villeID})
			if o := d.conversation(waiting).Offer; o == nil || o.From != ainoID {
				t.Fatalf("offered: %+v", o)
			}
			return nil
		}, func() error { return nil }, "", ""},
		{"mended", func() error { return nil }, func() error { return nil }, "", ""},
	} {
		d.must(c.spoil())
		found, err := d.LineBreaches(d.ctx)
		d.must(err)
		switch {
		case c.words == "" && len(found) > 0:
			t.Errorf("%s: found %v", c.name, found)
		case c.words != "" && (len(found) != 1 || found[0] != Breach{"S1", c.conversation, c.words}):
			t.Errorf("%s: found %v, want %s", c.name, found, c.words)
		}
		d.must(c.mend())
	}
}

// What was told is held against what came, over the whole store, whatever its logs have become.
func TestCalibrate(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	d.online(ainoID, "Aino")
	d.serveSome(12)
	d.must(d.renew(d.ctx))
	began := d.clock.Now()
	marja := d.visitor()
	id := d.do(marja, "", chat.Post{Text: "hei"}).Conversation
	d.do(marja, id, chat.AskHuman{})
	told := d.conversation(id).Told
	if told == nil {
		t.Fatal("nothing was told")
	}
	d.clock.pass(time.Duration(told.High) * time.Second)
	d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Take{})
	d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Snooze{Until: d.clock.Now().Add(time.Hour), Promise: &chat.Promise{At: d.clock.Now().Add(time.Hour), Channel: chat.ByPhone}})
	for _, c := range []struct {
		since time.Time
		told  int
	}{{time.Time{}, 1}, {began, 1}, {d.clock.Now(), 0}} {
		got, err := Calibrate(d.ctx, d.store, c.since, d.clock.Now().Add(3*time.Hour), time.UTC)
		d.must(err)
		if got.All.Inside < c.told || got.Hours[began.Hour()].Inside < c.told || got.Teams["support"].Inside < c.told || c.told == 0 && got.All.Told > 0 {
			t.Errorf("since %s: %+v", c.since, got.All)
		}
		if f := got.Promises[chat.ByPhone]; f.Broken != 1 || f.Made != 1 {
			t.Errorf("since %s: promises %+v", c.since, got.Promises)
		}
	}
}

// Two nodes give out the same line while agents take, answer, decline, pass on and finish: the doctor finds nothing that
// is not so, and capacity holds.
func TestTheDoctorInABusyHouse(t *testing.T) {
	one := newTestDesk(t, nil)
	one.furnish(staff.Offered)
	two := nodeOn(t, one.store, one.clock, one.line, one.roster, nil)
	two.must(two.refresh(two.ctx))
	one.online(ainoID, "Aino")
	one.online(villeID, "Ville")
	const customers, rounds = 24, 60
	for range customers {
		one.do(one.visitor(), "", chat.AskHuman{})
		one.clock.pass(7 * time.Millisecond)
	}
	var all sync.WaitGroup
	for _, node := range []*testDesk{one, two} {
		all.Go(func() {
			for range rounds {
				if err := node.assign(node.ctx, node.people().teams); err != nil {
					t.Error(err)
				}
				node.clock.pass(time.Millisecond)
			}
		})
	}
	for agent, colleague := range map[string]string{ainoID: villeID, villeID: ainoID} {
		all.Go(func() { one.work(agent, colleague, rounds) })
	}
	all.Wait()
	breaches, seen, err := Diagnose(one.ctx, one.store, one.clock.Now().Add(time.Second), false)
	one.must(err)
	if seen != customers || len(breaches) > 0 {
		t.Errorf("of %d: %v", seen, breaches)
	}
}

// work does by turns what an agent may do. What somebody else was quicker with is refused, and that is right.
func (d *testDesk) work(agent, colleague string, rounds int) {
	by := d.agentPrincipal(agent, agent[len(agent)-1:])
	for i := range rounds {
		held, err := d.store.HeldBy(d.ctx, agent)
		if err != nil {
			d.t.Error(err)
		}
		for j, c := range held {
			var cmd chat.Command
			switch {
			case c.State == chat.Waiting && (i+j)%4 == 0:
				cmd = chat.Decline{}
			case c.State == chat.Waiting:
				cmd = chat.Accept{}
			default:
				cmd = []chat.Command{chat.Post{Text: "hei"}, chat.Resolve{}, chat.Snooze{Until: d.clock.Now().Add(time.Hour)},
					chat.Transfer{Agent: colleague}, chat.Release{}}[(i+j)%5]
			}
			if _, err := d.Do(d.ctx, by, c.ID, uuid.NewString(), c.Fence, cmd); err != nil && chat.KindOf(err) == "" {
				d.t.Error(err)
			}
			d.clock.pass(time.Millisecond)
		}
	}
}

// A fold that the version before has written has no range's end and no kept promise: it is not taken for a wrong one. One
// that says something else is.
func TestTheDoctorKnowsOldFolds(t *testing.T) {
	s := newCourse(t, "c", 0)
	s.pass(5*time.Minute).do("", chat.Overdue{Words: "…", Wait: &chat.Wait{Low: 60, High: 120}})
	promise := chat.Promise{At: s.now.Add(time.Hour), Until: s.now.Add(2 * time.Hour), Channel: chat.ByPhone}
	s.do("", chat.PutOff{Promise: promise}).pass(time.Hour).do("", chat.Overdue{}).do("aino", chat.Take{})
	if s.c.Promise.Met.IsZero() {
		t.Fatal("the promise is not kept")
	}
	old := s.c
	old.Promise, old.ToldUntil = &promise, time.Time{}
	if found := checkLog(old, s.log); len(found) > 0 {
		t.Errorf("an old fold: %v", found)
	}
	wrong := s.c
	other := *wrong.Promise
	other.Met = other.Met.Add(time.Second)
	wrong.Promise = &other
	if found := checkLog(wrong, s.log); len(found) == 0 {
		t.Error("a promise that was kept at another time is not seen")
	}
}

// Who chooses to be answered at another time may do so while the conversation is held out to an agent.
func TestTheDoctorAllowsACallDuringAnOffer(t *testing.T) {
	s := newCourse(t, "c", 0).hold("aino")
	s.do("", chat.PutOff{Promise: chat.Promise{At: s.now.Add(time.Hour), Until: s.now.Add(2 * time.Hour)}})
	if found := checkCourse("c", s.log, &holdings{}); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
}
