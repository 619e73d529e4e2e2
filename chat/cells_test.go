package chat_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/chat"
)

var update = flag.Bool("update", false, "write golden files anew")

var (
	start   = time.Date(2026, 3, 17, 14, 20, 0, 0, time.UTC)
	visitor = chat.From{Role: chat.RoleVisitor, ID: "marja"}
	aino    = chat.From{Role: chat.RoleAgent, ID: "aino"}
	ville   = chat.From{Role: chat.RoleAgent, ID: "ville"}
	system  = chat.From{Role: chat.RoleSystem}
	theBot  = chat.From{Role: chat.RoleBot}
)

// talk is a conversation under way, for tests that read as one.
type talk struct {
	t   testing.TB
	c   chat.Conversation
	log []chat.Event
	at  time.Time

	online bool // whether whom a command brings the conversation to is there
}

func newTalk(t testing.TB) *talk {
	s := &talk{t: t, c: chat.Conversation{ID: "c1"}, at: start}
	return s.do(system, chat.Open{Site: "demo", Visitor: "marja", Language: "fi", Team: "support"})
}

func envelope(at time.Time, by chat.From) chat.Envelope {
	name := ""
	if by.Role == chat.RoleAgent {
		name = strings.ToUpper(by.ID[:1]) + by.ID[1:]
	}
	return chat.Envelope{At: at, By: by, Name: name, Key: "k", Patience: chat.Usual}
}

// do decides a command a second later; it must be allowed.
func (s *talk) do(by chat.From, cmd chat.Command) *talk {
	s.t.Helper()
	s.at = s.at.Add(time.Second)
	env := envelope(s.at, by)
	env.Online = s.online
	c, events, err := chat.Decide(s.c, env, cmd)
	if err != nil {
		s.t.Fatalf("%T by %s in state %s: %v", cmd, by.Role, s.c.State, err)
	}
	s.c, s.log = c, append(s.log, events...)
	return s
}

func (s *talk) escalated() *talk {
	return s.do(visitor, chat.Post{Text: "Moi"}).do(theBot, chat.Say{Text: "Hei"}).
		do(visitor, chat.Post{Text: "ihminen"}).
		do(theBot, chat.Escalate{Reason: chat.ReasonAsked, Quote: "ihminen", Team: "support"})
}

// reachable is an escalated conversation whose customer has left an address.
func (s *talk) reachable() *talk {
	s.escalated().do(system, chat.Tell{Text: "Minne vastaamme?", Form: &chat.Form{ID: "leave_message", Fields: []chat.Field{{Name: "email", Label: "Sähköposti"}}}})
	return s.do(visitor, chat.Submit{Seq: asked(s.c), Fields: map[string]string{"email": "marja@example.fi"}, Reach: true})
}

// overdue carries out what is due, at its time.
func (s *talk) overdue() *talk {
	s.at = s.c.Deadline().At
	return s.do(system, chat.Overdue{Words: "Hetki vielä"})
}

// situations are the states of the table, each reached on its own way.
var situations = []struct {
	name  string
	reach func(*talk) *talk
}{
	{"bot", func(s *talk) *talk {
		return s.do(visitor, chat.Post{Text: "Moi"}).do(theBot, chat.Say{Text: "Hei", Options: []chat.Option{{ID: "yes", Label: "Joo"}},
			Form: &chat.Form{ID: "order", Fields: []chat.Field{{Name: "number", Label: "Numero"}}}})
	}},
	{"bot, acting", func(s *talk) *talk {
		return s.do(visitor, chat.Post{Text: "Moi"}).do(theBot, chat.Act{Action: chat.Action{ID: "look", Timeout: time.Second}})
	}},
	{"waiting", func(s *talk) *talk { return s.escalated() }},
	{"waiting, offered", func(s *talk) *talk {
		s.escalated()
		return s.do(system, chat.Hold{Agent: "aino", Until: s.at.Add(30 * time.Second)})
	}},
	{"waiting, passed on to her", func(s *talk) *talk {
		s.online = true
		return s.escalated().do(ville, chat.Take{}).do(ville, chat.Transfer{Agent: "aino"})
	}},
	{"waiting, asked by the house", func(s *talk) *talk {
		return s.escalated().do(system, chat.Tell{Text: "Odotatko?", Options: []chat.Option{{ID: "yes", Label: "Joo"}},
			Form: &chat.Form{ID: "leave_message", Fields: []chat.Field{{Name: "number", Label: "Numero"}}}})
	}},
	{"agent, hers", func(s *talk) *talk { return s.escalated().do(aino, chat.Take{}) }},
	{"agent, hers, answered", func(s *talk) *talk { return s.escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei"}) }},
	{"agent, hers, asked gently", func(s *talk) *talk {
		s.escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei"})
		return s.overdue()
	}},
	{"agent, hers, a letter is due", func(s *talk) *talk { return s.reachable().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei"}) }},
	{"agent, another's, she is invited", func(s *talk) *talk {
		return s.escalated().do(ville, chat.Take{}).do(ville, chat.Invite{Agent: "aino", Note: "Tunnetko tämän?"})
	}},
	{"agent, another's", func(s *talk) *talk { return s.escalated().do(ville, chat.Take{}) }},
	{"snoozed", func(s *talk) *talk {
		s.escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Palaan"})
		return s.do(aino, chat.Snooze{Until: s.at.Add(time.Hour)})
	}},
	{"put off by the house", func(s *talk) *talk {
		s.escalated()
		at := s.at.Add(10 * time.Hour)
		return s.do(system, chat.PutOff{Promise: chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone}})
	}},
	{"closed, a letter is due", func(s *talk) *talk {
		return s.reachable().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Hei"}).do(aino, chat.Resolve{})
	}},
	{"closed by the bot's customer", func(s *talk) *talk { return s.do(visitor, chat.Post{Text: "Moi"}).do(visitor, chat.End{}) }},
	{"erased", func(s *talk) *talk { return s.escalated().do(aino, chat.Take{}).do(system, chat.Erase{}) }},
	{"closed by her", func(s *talk) *talk { return s.escalated().do(aino, chat.Take{}).do(aino, chat.Resolve{}) }},
}

var commands = []struct {
	name string
	by   chat.From
	cmd  func(chat.Conversation, time.Time) chat.Command
}{
	{"customer: post", visitor, always(chat.Post{Text: "Hei taas"})},
	{"customer: choose", visitor, func(c chat.Conversation, _ time.Time) chat.Command {
		return chat.Choose{Seq: asked(c), Option: "yes"}
	}},
	{"customer: choose what was not offered", visitor, func(c chat.Conversation, _ time.Time) chat.Command {
		return chat.Choose{Seq: asked(c), Option: "no"}
	}},
	{"customer: submit", visitor, func(c chat.Conversation, _ time.Time) chat.Command {
		return chat.Submit{Seq: asked(c), Fields: map[string]string{"number": "10234"}}
	}},
	{"customer: ask for a person", visitor, always(chat.AskHuman{})},
	{"customer: rate", visitor, always(chat.Rate{Survey: "csat", Score: 5})},
	{"customer: end", visitor, always(chat.End{})},
	{"agent: post", aino, always(chat.Post{Text: "Hei, Aino tässä"})},
	{"agent: note", aino, always(chat.Note{Text: "Muista kuitti"})},
	{"agent: take", aino, always(chat.Take{})},
	{"agent: accept", aino, always(chat.Accept{})},
	{"agent: decline", aino, always(chat.Decline{Reason: "tauko"})},
	{"agent: invite", aino, always(chat.Invite{Agent: "sari"})},
	{"agent: leave", aino, always(chat.Leave{})},
	{"agent: transfer to a team", aino, always(chat.Transfer{Team: "billing"})},
	{"agent: transfer to a colleague", aino, always(chat.Transfer{Agent: "sari"})},
	{"agent: release", aino, always(chat.Release{})},
	{"agent: give back to the bot", aino, always(chat.ToBot{})},
	{"agent: snooze", aino, func(_ chat.Conversation, at time.Time) chat.Command { return chat.Snooze{Until: at.Add(time.Hour)} }},
	{"agent: resolve", aino, always(chat.Resolve{})},
	{"bot: say", theBot, always(chat.Say{Text: "Selvä"})},
	{"bot: remember", theBot, always(chat.Remember{Memory: chat.Memory(`{"n":1}`)})},
	{"bot: note a feeling", theBot, always(chat.Feel{Feeling: chat.Feeling{Name: chat.Angry, Intensity: .8}, Of: 1})},
	{"bot: act", theBot, always(chat.Act{Action: chat.Action{ID: "other", Timeout: time.Second}})},
	{"bot: action ended", theBot, always(chat.Finish{Result: chat.ActionResult{ID: "look", Status: 200}})},
	{"bot: escalate", theBot, always(chat.Escalate{Reason: chat.ReasonStuck, Team: "support"})},
	{"bot: escalate a crisis", theBot, always(chat.Escalate{Reason: chat.ReasonCrisis, Team: "support"})},
	{"house: offer", system, func(_ chat.Conversation, at time.Time) chat.Command {
		return chat.Hold{Agent: "aino", Until: at.Add(time.Minute)}
	}},
	{"house: assign", system, always(chat.Assign{Agent: "aino", Name: "Aino"})},
	{"house: tell", system, always(chat.Tell{Text: "Olet toinen"})},
	{"house: put off", system, func(_ chat.Conversation, at time.Time) chat.Command {
		return chat.PutOff{Promise: chat.Promise{At: at.Add(time.Hour), Until: at.Add(2 * time.Hour), Channel: chat.ByEmail}}
	}},
	{"house: a letter went out", system, always(chat.Mailed{})},
	{"house: a letter cannot go out", system, always(chat.Mailed{Failed: true})},
	{"house: agent lost", system, always(chat.Lose{})},
	{"house: erase", system, always(chat.Erase{})},
	{"house: nothing is due yet", system, always(chat.Overdue{Words: "Hetki vielä"})},
	{"house: due", system, nil},
}

func always(cmd chat.Command) func(chat.Conversation, time.Time) chat.Command {
	return func(chat.Conversation, time.Time) chat.Command { return cmd }
}

func asked(c chat.Conversation) int64 {
	if len(c.Asked) == 0 {
		return 2
	}
	return c.Asked[len(c.Asked)-1].VisitorSeq
}

// TestCells decides every command in every state and holds the outcome to testdata/cells.golden, which is what
// docs/handoff.md says in prose. No cell may leave a promise of the fold broken.
func TestCells(t *testing.T) {
	var b strings.Builder
	for _, situation := range situations {
		fmt.Fprintf(&b, "# %s\n", situation.name)
		for _, command := range commands {
			s := situation.reach(newTalk(t))
			at := s.at.Add(time.Second)
			cmd := chat.Command(chat.Overdue{Words: "Hetki vielä"})
			if command.cmd != nil {
				cmd = command.cmd(s.c, at)
			} else if due := s.c.Deadline(); due != nil {
				at = due.At
			}
			before := s.c
			env := envelope(at, command.by)
			env.Online = s.online
			c, events, err := chat.Decide(s.c, env, cmd)
			if diff := cmp.Diff(before, s.c); diff != "" {
				t.Errorf("%s, %s: the given conversation was changed:\n%s", situation.name, command.name, diff)
			}
			checkFold(t, situation.name+", "+command.name, c)
			fmt.Fprintf(&b, "%-40s %s\n", command.name, outcome(c, events, err))
		}
		b.WriteByte('\n')
	}
	golden(t, "testdata/cells.golden", b.String())
}

func outcome(c chat.Conversation, events []chat.Event, err error) string {
	if done, ok := chat.AlreadyDone(err); ok {
		return fmt.Sprintf("already, agents' %d, visitor's %d", done.Agent, done.Visitor)
	}
	if err != nil {
		return "refused: " + string(chat.KindOf(err))
	}
	if len(events) == 0 {
		return "nothing"
	}
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, string(e.Kind))
	}
	due := ""
	if d := c.Deadline(); d != nil {
		due = ", due " + string(d.What)
	}
	return fmt.Sprintf("%s → %s%s", strings.Join(kinds, " + "), c.State, due)
}

// checkFold checks what must hold of every conversation: one owner, and a deadline for whoever is owed something.
func checkFold(t testing.TB, where string, c chat.Conversation) {
	t.Helper()
	owed := c.State == chat.Waiting || c.State == chat.Snoozed || c.State == chat.WithAgent && c.CustomerLast || c.Action != nil
	switch {
	case owed && c.Due == nil:
		t.Errorf("%s: somebody is owed something in state %s, and nothing is due", where, c.State)
	case !owed && c.State == chat.Closed && c.Due != nil:
		t.Errorf("%s: something is due in a closed conversation", where)
	case c.State == chat.WithAgent && c.Agent == "" || c.State == chat.Snoozed && c.Agent == "" && c.Promise == nil:
		t.Errorf("%s: state %s has no agent", where, c.State)
	case c.State == chat.Waiting && (c.WaitingSince.IsZero() || c.Team == ""):
		t.Errorf("%s: waits without a since or a team", where)
	case c.State == chat.WithAgent && c.Offer != nil:
		t.Errorf("%s: owned and offered at once", where)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}
