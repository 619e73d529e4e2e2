package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/staff"
)

// weekdays are the hours of an office in Helsinki: Monday to Friday, 8 to 16.
func weekdays() *staff.Hours {
	h := &staff.Hours{Zone: "Europe/Helsinki"}
	for day := range 5 {
		h.Week[day] = []staff.Interval{{From: 8 * 60, To: 16 * 60}}
	}
	return h
}

// night is a customer at three in the morning, a Tuesday in Helsinki.
type night struct {
	t      *testing.T
	at     time.Time
	around plan.Around
	c      chat.Conversation
	last   []chat.Event
}

func newNight(t *testing.T) *night {
	return &night{t: t, at: time.Date(2026, 3, 17, 1, 0, 0, 0, time.UTC), around: plan.Around{Hours: weekdays(), Mail: true},
		c: chat.Conversation{ID: "c1"}}
}

// escalating is a bot that hands over for a reason.
func escalating(reason string) script {
	return script{reply: func(bot.Input) bot.Output {
		return bot.Output{Say: []bot.Say{{Text: "Haen ihmisen."}}, Escalate: &bot.Escalation{Reason: reason}}
	}}
}

func (n *night) do(env chat.Envelope, b plan.Bot, cmd chat.Command) *night {
	n.t.Helper()
	env.At = n.at
	r, err := plan.Plan(plan.Input{Conversation: n.c, Begin: begin, By: env, Command: cmd, Bot: b, Around: func(chat.Conversation) plan.Around { return n.around }})
	if err != nil {
		n.t.Fatalf("%T: %v", cmd, err)
	}
	n.c, n.last = r.Conversation, r.Events
	return n
}

func (n *night) customer(cmd chat.Command) *night { return n.do(marja(), says(""), cmd) }

func (n *night) overdue() *night {
	n.at = n.c.Deadline().At
	return n.do(by(chat.RoleSystem, ""), says(""), chat.Overdue{})
}

// told is the last thing that the house said.
func (n *night) told() chat.Event {
	for i := len(n.last) - 1; i >= 0; i-- {
		if e := n.last[i]; e.Kind == chat.KindPromised || e.Kind == chat.KindMessage && e.From.Role == chat.RoleSystem {
			return e
		}
	}
	n.t.Fatalf("the house said nothing: %+v", n.last)
	return chat.Event{}
}

func (n *night) expect(words string) chat.Event {
	n.t.Helper()
	e := n.told()
	if !strings.Contains(e.Contents.Text, words) {
		n.t.Fatalf("the house said %q, not %q", e.Contents.Text, words)
	}
	return e
}

func options(e chat.Event) string {
	var ids []string
	for _, o := range e.Contents.Options {
		ids = append(ids, o.ID)
	}
	return strings.Join(ids, " ")
}

func TestAMessageIsLeftAtNight(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	e := n.expect("Ihmiset palaavat tänään klo 8.")
	if got := options(e); got != "wait leave_message call_back" {
		t.Fatalf("offered %q", got)
	}
	if n.c.Told != nil {
		t.Error("a wait is told while nobody is there")
	}
	n.customer(chat.Choose{Seq: e.VisitorSeq, Option: "leave_message"})
	form := n.expect("Mihin osoitteeseen")
	n.customer(chat.Submit{Seq: form.VisitorSeq, Fields: map[string]string{"email": "marja@"}})
	again := n.expect("Mihin osoitteeseen")
	if again.Contents.Form.Fields[0].Wrong == "" || n.c.State != chat.Waiting {
		t.Fatalf("a wrong address is taken: %+v in state %s", again.Contents.Form, n.c.State)
	}
	since := n.c.WaitingSince
	n.customer(chat.Submit{Seq: again.VisitorSeq, Fields: map[string]string{"email": "marja@esimerkki.fi", "message": "Takki on liian pieni"}})
	n.expect("tänään klo 8")
	p := n.c.Promise
	if n.c.State != chat.Snoozed || p == nil || p.Channel != chat.ByEmail || p.At.Format("15:04") != "06:00" || n.c.Contact.Email != "marja@esimerkki.fi" {
		t.Fatalf("state %s, promise %+v, contact %+v", n.c.State, p, n.c.Contact)
	}
	n.overdue()
	if n.c.State != chat.Waiting || !n.c.WaitingSince.Equal(since) {
		t.Errorf("in the morning %s since %v", n.c.State, n.c.WaitingSince)
	}
}

// Outside the hours who is given at once to somebody who is there is told nothing of an empty house; and who may take it is
// looked for with the team and the skills that it will ask for.
func TestWhoIsThereAtNightIsSomebody(t *testing.T) {
	n := newNight(t)
	n.around.Taken = true
	b := script{reply: func(bot.Input) bot.Output {
		return bot.Output{Say: []bot.Say{{Text: "Haen ihmisen."}}, Escalate: &bot.Escalation{Reason: chat.ReasonRule, Team: "sales", Skills: []string{"billing"}}}
	}}
	var asked chat.Conversation
	env := marja()
	env.At = n.at
	r, err := plan.Plan(plan.Input{Conversation: n.c, Begin: begin, By: env, Command: chat.AskHuman{}, Bot: b, Around: func(c chat.Conversation) plan.Around {
		asked = c
		return n.around
	}})
	if err != nil {
		t.Fatal(err)
	}
	if asked.Team != "sales" || len(asked.Skills) != 1 || asked.Skills[0] != "billing" {
		t.Errorf("asked for team %q, skills %v", asked.Team, asked.Skills)
	}
	if last := r.Events[len(r.Events)-1]; last.Kind != chat.KindEscalated || r.Conversation.Team != "sales" {
		t.Errorf("the last thing that happened is %s, in the line of %q", last.Kind, r.Conversation.Team)
	}
}

func TestACallIsPromisedAndCancelled(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.customer(chat.Choose{Seq: n.told().VisitorSeq, Option: "call_back"})
	slots := n.expect("Milloin soitamme?")
	if len(slots.Contents.Options) != 5 || slots.Contents.Options[0].Label != "Tänään klo 8–9" {
		t.Fatalf("offered %+v", slots.Contents.Options)
	}
	n.customer(chat.Choose{Seq: slots.VisitorSeq, Option: slots.Contents.Options[0].ID})
	form := n.expect("Mihin numeroon")
	n.customer(chat.Submit{Seq: form.VisitorSeq, Fields: map[string]string{"phone": "soittakaa"}})
	form = n.expect("Mihin numeroon")
	n.customer(chat.Submit{Seq: form.VisitorSeq, Fields: map[string]string{"phone": "040 123 4567"}})
	e := n.expect("Soitamme tänään klo 8–9.")
	if n.c.State != chat.Snoozed || n.c.Promise.Channel != chat.ByPhone || n.c.Contact.Phone != "040 123 4567" || options(e) != "cancel_call" {
		t.Fatalf("state %s, promise %+v, options %q", n.c.State, n.c.Promise, options(e))
	}
	n.customer(chat.Choose{Seq: e.VisitorSeq, Option: "cancel_call"})
	if n.expect("Soitto on peruttu."); n.c.State != chat.Waiting || n.c.Promise != nil {
		t.Errorf("cancelled, it is %s with %+v", n.c.State, n.c.Promise)
	}
}

// An hour that went by while the customer thought is not promised.
func TestAnHourThatIsOver(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.customer(chat.Choose{Seq: n.told().VisitorSeq, Option: "call_back"})
	slots := n.told()
	n.at = n.at.Add(8 * time.Hour)
	n.customer(chat.Choose{Seq: slots.VisitorSeq, Option: slots.Contents.Options[0].ID})
	if later := n.expect("Milloin soitamme?"); later.Contents.Options[0].ID == slots.Contents.Options[0].ID {
		t.Errorf("offered the same hour again: %+v", later.Contents.Options)
	}
	if _, err := plan.Plan(plan.Input{Conversation: n.c, By: marja(), Command: chat.Choose{Seq: n.told().VisitorSeq, Option: "at.1"}, Bot: says("")}); chat.KindOf(err) != chat.Invalid {
		t.Errorf("an hour that was not offered: %v", err)
	}
}

func TestWhoWaitsIsToldTheTruth(t *testing.T) {
	n := newNight(t)
	n.at = n.at.Add(9 * time.Hour) // noon
	n.around.Wait = &chat.Wait{Low: 120, High: 240}
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	if e := n.last[len(n.last)-1]; e.Kind != chat.KindEscalated || e.Detail.Wait == nil {
		t.Fatalf("the range is not in the log: %+v", e)
	}
	n.around.Wait = &chat.Wait{Low: 300, High: 480}
	n.overdue()
	if e := n.expect("Tämä kestää pidempään kuin arvioimme."); !strings.Contains(e.Contents.Text, "noin 5–8 minuutin") || options(e) == "" {
		t.Errorf("said %q with %q", e.Contents.Text, options(e))
	}
	n.around.Wait = nil
	n.overdue()
	n.expect("Emme osaa nyt arvioida aikaa.")
	n.around.Nobody = true
	n.overdue()
	n.expect("Juuri nyt paikalla ei ole ketään.")
	n.around.Nobody = false
	n.at = time.Date(2026, 3, 17, 13, 59, 0, 0, time.UTC)
	for n.c.Due.At.Before(time.Date(2026, 3, 17, 14, 0, 0, 0, time.UTC)) {
		n.overdue()
	}
	n.overdue() // after closing time
	n.expect("Ihmiset palaavat huomenna klo 8.")
	if want := "06:03"; n.c.Due.At.Format("15:04") != want {
		t.Errorf("the next word is at %s, not after the opening at %s", n.c.Due.At, want)
	}
}

func TestCrisisAtNight(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonCrisis), chat.Post{Text: "en jaksa enää elää"})
	if e := n.expect("Yllä olevista numeroista saat apua heti."); !strings.Contains(e.Contents.Text, "tänään klo 8") {
		t.Errorf("said %q", e.Contents.Text)
	}
	if n.c.State != chat.Waiting || n.c.Due == nil {
		t.Errorf("state %s, due %v", n.c.State, n.c.Due)
	}
	n.at = n.at.Add(9 * time.Hour) // noon
	n.around.Wait = &chat.Wait{Low: 120, High: 240}
	n.overdue()
	n.expect("Yllä olevista numeroista saat apua heti.") // each time that they hear how things stand
}

func TestTheSilentAreAskedAndToldInTheirLanguage(t *testing.T) {
	for language, want := range map[string][2]string{
		"fi": {"Oletko vielä siellä?", "Kirjoita milloin vain"},
		"sv": {"Är du kvar?", "Skriv när du vill"},
		"en": {"Are you still there?", "Write whenever you like"},
	} {
		n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
		n.c.Language = language
		aino := by(chat.RoleAgent, "aino")
		n.do(aino, says(""), chat.Take{}).do(aino, says(""), chat.Post{Text: "Hei"})
		n.overdue().expect(want[0])
		if n.overdue().expect(want[1]); n.c.State != chat.Closed {
			t.Errorf("%s: state %s", language, n.c.State)
		}
	}
}

// Everything that the house says is there in each language, and takes the same figures.
func TestHouseWordsAreWhole(t *testing.T) {
	all := plan.Words()
	for name, finnish := range all["fi"] {
		for _, language := range []string{"sv", "en"} {
			other := all[language][name]
			if other == "" || strings.Count(other, "%s") != strings.Count(finnish, "%s") || strings.Count(other, "%d") != strings.Count(finnish, "%d") {
				t.Errorf("%s in %s: %q beside %q", name, language, other, finnish)
			}
		}
	}
	if len(all["fi"]) < 25 {
		t.Errorf("only %d sentences were looked at", len(all["fi"]))
	}
}

// Whoever comes to wait is told at once that nobody is there, on whatever way they came.
func TestNobodyThereIsSaidToWhoComesBack(t *testing.T) {
	aino := by(chat.RoleAgent, "aino")
	taken := func(t *testing.T) *night {
		n := newNight(t)
		n.at = n.at.Add(9 * time.Hour)
		return n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{}).do(aino, says(""), chat.Take{})
	}
	for name, back := range map[string]func(*night){
		"reopened": func(n *night) {
			n.do(aino, says(""), chat.Resolve{})
			n.at = n.at.Add(15 * time.Hour)
			n.customer(chat.Post{Text: "vielä yksi asia"})
		},
		"agent lost":  func(n *night) { n.at = n.at.Add(8 * time.Hour); n.do(by(chat.RoleSystem, ""), says(""), chat.Lose{}) },
		"transferred": func(n *night) { n.at = n.at.Add(8 * time.Hour); n.do(aino, says(""), chat.Transfer{Team: "billing"}) },
		"woken": func(n *night) {
			n.do(aino, says(""), chat.Snooze{Until: n.at.Add(20 * time.Hour)})
			n.at = n.at.Add(15 * time.Hour)
			n.customer(chat.Post{Text: "hei"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := taken(t)
			back(n)
			if n.c.State != chat.Waiting {
				t.Fatalf("state %s", n.c.State)
			}
			if e := n.expect("Ihmiset palaavat"); e.Detail.Reason != chat.Nobody || e.Detail.Until == nil {
				t.Errorf("said with %+v", e.Detail)
			}
		})
	}
}

func TestAnOfferIsCancelledByACall(t *testing.T) {
	n := newNight(t)
	n.at = n.at.Add(9 * time.Hour)
	n.around.Nobody = true // at this moment
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.customer(chat.Choose{Seq: n.told().VisitorSeq, Option: "call_back"})
	slots := n.told()
	n.customer(chat.Choose{Seq: slots.VisitorSeq, Option: slots.Contents.Options[0].ID})
	form := n.told()
	n.do(by(chat.RoleSystem, ""), says(""), chat.Hold{Agent: "aino", Until: n.at.Add(time.Minute)})
	n.customer(chat.Submit{Seq: form.VisitorSeq, Fields: map[string]string{"phone": "040 123 4567"}})
	if n.expect("Soitamme"); n.c.State != chat.Snoozed || n.c.Offer != nil {
		t.Errorf("state %s, offer %+v", n.c.State, n.c.Offer)
	}
}

// An opening that is years away is no promise, and breaks nothing.
func TestAnOpeningThatIsFarAway(t *testing.T) {
	n := newNight(t)
	n.around.Hours = &staff.Hours{Zone: "Europe/Helsinki", Exceptions: []staff.Exception{{Date: "2099-12-24", Intervals: []staff.Interval{{From: 8 * 60, To: 9 * 60}}}}}
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	e := n.expect("Juuri nyt paikalla ei ole ketään.")
	if got := options(e); got != "wait leave_message" || strings.Contains(e.Contents.Text, "2099") {
		t.Fatalf("said %q with %q", e.Contents.Text, got)
	}
	n.customer(chat.Choose{Seq: e.VisitorSeq, Option: "leave_message"})
	n.customer(chat.Submit{Seq: n.told().VisitorSeq, Fields: map[string]string{"email": "marja@esimerkki.fi"}})
	if n.expect("Paikkasi jonossa on tallessa."); n.c.State != chat.Waiting {
		t.Errorf("state %s", n.c.State)
	}
	n.overdue()
}

func TestABrokenPromiseIsAdmitted(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	at := n.at.Add(6 * time.Hour)
	n.do(by(chat.RoleSystem, ""), says(""), chat.PutOff{Promise: chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone}})
	n.around.Nobody = true
	for range 40 {
		if n.overdue(); n.at.After(at.Add(time.Hour)) {
			break
		}
	}
	n.overdue()
	n.expect("Lupasimme ottaa yhteyttä")
}

func TestACallIsCancelledWhileItsAgentIsThere(t *testing.T) {
	n := newNight(t)
	n.at = n.at.Add(9 * time.Hour)
	aino := by(chat.RoleAgent, "aino")
	n.around.Nobody = true
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{}).do(aino, says(""), chat.Take{}).do(aino, says(""), chat.Resolve{}).customer(chat.Post{Text: "vielä"})
	n.customer(chat.Choose{Seq: n.told().VisitorSeq, Option: "call_back"})
	slots := n.told()
	n.customer(chat.Choose{Seq: slots.VisitorSeq, Option: slots.Contents.Options[0].ID})
	n.customer(chat.Submit{Seq: n.told().VisitorSeq, Fields: map[string]string{"phone": "040 123 4567"}})
	env := marja()
	env.Online = true
	n.do(env, says(""), chat.Choose{Seq: n.told().VisitorSeq, Option: "cancel_call"})
	if n.expect("Soitto on peruttu."); n.c.State != chat.WithAgent || n.c.Promise != nil {
		t.Errorf("state %s, promise %+v", n.c.State, n.c.Promise)
	}
	if left := n.c.Due.At.Sub(n.at); n.c.Due.What != chat.DueAnswer || left > chat.Usual.FirstAnswer {
		t.Errorf("with nobody on the phone any more, %s is due in %v", n.c.Due.What, left)
	}
}

func TestAnAddressThatIsNoneIsNotKept(t *testing.T) {
	n := newNight(t).do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.customer(chat.Choose{Seq: n.told().VisitorSeq, Option: "leave_message"})
	n.customer(chat.Submit{Seq: n.told().VisitorSeq, Fields: map[string]string{"email": "marja"}})
	if n.c.Contact != nil {
		t.Errorf("kept %+v", n.c.Contact)
	}
}
