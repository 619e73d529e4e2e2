package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
)

// promised is a customer who at noon was promised a call between four and five, Helsinki's closing time being four where
// a test does not keep it open, and who wrote again: Aino has them.
func promised(t *testing.T) (n *night, aino chat.Envelope) {
	n = newNight(t)
	n.at = time.Date(2026, 3, 17, 10, 0, 0, 0, time.UTC)
	n.around.Hours = nil
	aino = by(chat.RoleAgent, "aino")
	aino.Patience = chat.Usual
	at := time.Date(2026, 3, 17, 14, 0, 0, 0, time.UTC)
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.do(by(chat.RoleSystem, ""), says(""), chat.PutOff{Promise: chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone}})
	n.do(by(chat.RoleSystem, ""), says(""), chat.Tell{Text: "Soitamme.", Options: []chat.Option{{ID: chat.CancelCall, Label: "Peru soitto"}}})
	n.customer(chat.Post{Text: "tilausnumeroni on 10234"})
	return n.do(aino, says(""), chat.Take{}).do(aino, says(""), chat.Post{Text: "Kiitos, soitamme niin kuin sovittiin."}), aino
}

// An agent who puts the conversation aside does not put the call off, and it wakes when it is due.
func TestAnAgentsSnoozeForgetsNoCall(t *testing.T) {
	n, aino := promised(t)
	n.do(aino, says(""), chat.Snooze{Until: n.at.Add(72 * time.Hour)})
	if n.c.State != chat.Snoozed || n.c.Promise == nil || !n.c.Due.At.Equal(n.c.Promise.At) {
		t.Fatalf("state %s, promise %+v, due %+v", n.c.State, n.c.Promise, n.c.Due)
	}
	n.overdue()
	if n.c.State != chat.Waiting || n.c.Promise == nil {
		t.Errorf("at the hour it is %s with %+v", n.c.State, n.c.Promise)
	}
	n.do(aino, says(""), chat.Take{}).do(aino, says(""), chat.Snooze{Until: n.at.Add(72 * time.Hour)})
	if n.c.Promise != nil || n.c.Due.At.Sub(n.at) != 72*time.Hour {
		t.Errorf("after the call it is put aside until %v with %+v", n.c.Due, n.c.Promise)
	}
	sooner, aino := promised(t)
	if sooner.do(aino, says(""), chat.Snooze{Until: sooner.at.Add(time.Hour)}); sooner.c.Due.At.Sub(sooner.at) != time.Hour || sooner.c.Promise == nil {
		t.Errorf("put aside for an hour: %+v, %+v", sooner.c.Due, sooner.c.Promise)
	}
}

// Who was promised a call hears of it when an agent ends the conversation before: nobody waits for a call that does not come.
func TestWhatIsEndedBeforeTheCallCancelsIt(t *testing.T) {
	for name, cmd := range map[string]chat.Command{"resolved": chat.Resolve{}, "to the bot": chat.ToBot{}} {
		n, aino := promised(t)
		n.do(aino, says(""), cmd)
		if e := n.expect("Soitto on peruttu."); e.Detail.Reason != chat.Cancelled || n.c.Promise != nil {
			t.Errorf("%s: %+v, promise %+v", name, e.Detail, n.c.Promise)
		}
		n, aino = promised(t)
		n.at = n.c.Promise.At.Add(10 * time.Minute)
		if n.do(aino, says(""), cmd); strings.Contains(words(n.last), "peruttu") {
			t.Errorf("%s after the call: %q", name, words(n.last))
		}
		n, _ = promised(t)
		if _, err := plan.Plan(plan.Input{Conversation: n.c, By: by(chat.RoleAgent, "ville"), Command: cmd, Bot: says("")}); chat.KindOf(err) != chat.Conflict {
			t.Errorf("%s by a colleague: %v", name, err)
		}
	}
}

func words(events []chat.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.Contents.Text)
	}
	return strings.Join(all, " ")
}

// The customer may take the call back also while an agent has the conversation, until its hour is over. It is no reminder of
// the agent's.
func TestACallIsCancelledWhileAnAgentHasTheConversation(t *testing.T) {
	n, _ := promised(t)
	card := int64(0)
	for _, a := range n.c.Asked {
		if len(a.Options) > 0 && a.Options[0].ID == chat.CancelCall {
			card = a.VisitorSeq
		}
	}
	late := *n
	n.customer(chat.Choose{Seq: card, Option: chat.CancelCall})
	if n.expect("Soitto on peruttu."); n.c.State != chat.WithAgent || n.c.Promise != nil || n.c.Nudges != 0 {
		t.Errorf("state %s, promise %+v, %d reminders", n.c.State, n.c.Promise, n.c.Nudges)
	}
	late.at = late.c.Promise.Until
	if _, err := plan.Plan(plan.Input{Conversation: late.c, By: chat.Envelope{At: late.at, By: marja().By}, Command: chat.Choose{Seq: card, Option: chat.CancelCall}, Bot: says("")}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("after its hour: %v", err)
	}
}

// Half an hour for the first answer is for the call, and not for what is said before and after it.
func TestOnlyTheHourOfTheCallHasTimeForIt(t *testing.T) {
	for _, c := range []struct {
		at   time.Duration // from the hour of the call
		want time.Duration
	}{{-35 * time.Minute, 2 * time.Minute}, {0, 30 * time.Minute}, {59 * time.Minute, 30 * time.Minute}, {time.Hour, 2 * time.Minute}} {
		n, aino := promised(t)
		n.do(aino, says(""), chat.Release{})
		n.at = n.c.Promise.At.Add(c.at)
		n.customer(chat.Post{Text: "milloin soitatte?"})
		n.do(aino, says(""), chat.Take{})
		if got := n.c.Due.At.Sub(n.at); got != c.want {
			t.Errorf("%v from the hour there are %v for the first answer, want %v", c.at, got, c.want)
		}
	}
}

// Who was called in time is not told that nobody managed.
func TestAKeptPromiseIsNotApologizedFor(t *testing.T) {
	n, aino := promised(t)
	n.do(aino, says(""), chat.Snooze{Until: n.c.Promise.At})
	n.overdue() // the hour has come
	n.do(aino, says(""), chat.Take{}).do(aino, says(""), chat.Post{Text: "Soitin juuri."})
	n.at = n.c.Promise.Until.Add(-10 * time.Minute)
	n.customer(chat.Post{Text: "yksi asia vielä"})
	n.at = n.at.Add(15 * time.Minute)
	n.do(aino, says(""), chat.Release{})
	n.overdue()
	if text := n.told().Contents.Text; strings.Contains(text, "Lupasimme") {
		t.Errorf("the house said %q", text)
	}
}

// Until the range that was told is over, nothing takes longer than it said.
func TestALongRangeIsNotOverAfterHalfAnHour(t *testing.T) {
	n := newNight(t)
	n.around.Hours, n.around.Wait = nil, &chat.Wait{Low: 50 * 60, High: 90 * 60}
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	began := n.at
	n.around.Wait = &chat.Wait{Low: 40 * 60, High: 60 * 60}
	if n.overdue(); n.at.Sub(began) != 30*time.Minute {
		t.Fatalf("the first word came after %v", n.at.Sub(began))
	}
	n.expect("Kiitos, että odotat.")
	for n.at.Sub(began) < 90*time.Minute {
		n.around.Wait = &chat.Wait{Low: 40 * 60, High: 60 * 60}
		n.overdue()
	}
	n.expect("Tämä kestää pidempään kuin arvioimme.")
}

// Who waits when people leave hears of it then, however rare the words have become.
func TestClosingTimeIsAWord(t *testing.T) {
	n := newNight(t)
	n.at = time.Date(2026, 3, 17, 13, 40, 0, 0, time.UTC) // twenty to four
	n.around.Wait = &chat.Wait{Low: 600, High: 1800}
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.overdue()
	if n.expect("Ihmiset palaavat huomenna klo 8."); n.at.Format("15:04") != "14:00" {
		t.Errorf("said at %s", n.at.Format("15:04"))
	}
	late := newNight(t)
	late.at = time.Date(2026, 3, 17, 13, 10, 0, 0, time.UTC)
	late.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	for late.at.Before(time.Date(2026, 3, 17, 14, 0, 0, 0, time.UTC)) {
		late.overdue()
	}
	if late.at.Format("15:04") != "14:00" {
		t.Errorf("said at %s", late.at.Format("15:04"))
	}
}

// Whom a conversation was meant for, and who never had it, is nobody's earlier visit.
func TestWhoNeverHadItWasNoVisit(t *testing.T) {
	n, aino := promised(t)
	n.do(aino, says(""), chat.Transfer{Agent: "ville"})
	if n.c.State != chat.Waiting || n.c.Agent != "ville" {
		t.Fatalf("state %s, for %q", n.c.State, n.c.Agent)
	}
	n.customer(chat.End{})
	if v := plan.Visit(n.c); v.Agent != "" || v.Outcome != "left" {
		t.Errorf("the visit was with %q, and %s", v.Agent, v.Outcome)
	}
}

// Who was told that nobody is there hears once that somebody has come, and before the next word is due; nobody else does, and
// nobody who is alone still.
func TestThatSomebodyHasComeIsSaid(t *testing.T) {
	early := chat.Overdue{Early: true}
	house := by(chat.RoleSystem, "")
	n := newNight(t)
	n.around = plan.Around{Nobody: true}
	n.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	n.expect("Juuri nyt paikalla ei ole ketään.")
	n.at = n.at.Add(10 * time.Second)
	if n.do(house, says(""), early); len(n.last) != 0 {
		t.Fatalf("while nobody is there: %+v", n.last)
	}
	n.around.Nobody = false
	if e := n.do(house, says(""), early).expect("Nyt täällä on ihminen."); e.Detail.Reason != chat.Somebody || n.c.Alone {
		t.Errorf("said with %+v", e.Detail)
	}
	if n.do(house, says(""), early); len(n.last) != 0 {
		t.Errorf("a second time: %+v", n.last)
	}
	told := newNight(t)
	told.around = plan.Around{Wait: &chat.Wait{Low: 60, High: 180}}
	told.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	if told.do(house, says(""), early); len(told.last) != 0 {
		t.Errorf("who knows that there is somebody: %+v", told.last)
	}
	late := newNight(t)
	late.around = plan.Around{Nobody: true}
	late.do(marja(), escalating(chat.ReasonAsked), chat.AskHuman{})
	late.around = plan.Around{Wait: &chat.Wait{Low: 60, High: 180}}
	late.overdue().expect("Nyt täällä on ihminen. Paikkasi jonossa on tallessa. Vastaus noin 1–3 minuutin päästä.")
}
