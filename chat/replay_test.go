package chat_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
)

// anyCommand draws a command that anybody may send at any time.
func anyCommand(t *rapid.T, c chat.Conversation, at time.Time) (chat.From, chat.Command) {
	i := rapid.IntRange(0, len(commands)-1).Draw(t, "command")
	by := commands[i].by
	if by.Role == chat.RoleAgent {
		by = rapid.SampledFrom([]chat.From{aino, ville}).Draw(t, "agent")
	}
	if commands[i].cmd == nil {
		return by, chat.Overdue{Words: "Hetki vielä"}
	}
	return by, commands[i].cmd(c, at)
}

// TestReplayEqualsFold drives a conversation through random commands. After every step the fold of its log from the
// beginning is the conversation itself, the numbers have no hole, and nobody who is owed something is without a
// deadline.
func TestReplayEqualsFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := start
		c, log, err := chat.Decide(chat.Conversation{ID: "c1"}, envelope(at, system), chat.Open{Site: "demo", Visitor: "marja", Language: "fi", Team: "support"})
		if err != nil {
			t.Fatal(err)
		}
		since := time.Time{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "seconds")) * time.Second)
			by, cmd := anyCommand(t, c, at)
			env := envelope(at, by)
			env.Online = rapid.Bool().Draw(t, "online")
			next, events, err := chat.Decide(c, env, cmd)
			if err != nil {
				if diff := cmp.Diff(c, next); diff != "" {
					t.Fatalf("%T was refused and changed the conversation:\n%s", cmd, diff)
				}
				continue
			}
			c, log = next, append(log, events...)
			if diff := cmp.Diff(c, chat.Fold("c1", log)); diff != "" {
				t.Fatalf("after %T the replay differs (-fold +replay):\n%s", cmd, diff)
			}
			since = checkClock(t, c, since)
		}
		checkNumbers(t, c, log)
	})
}

// checkClock checks that whoever is owed a person keeps their place, whatever happens, until it is over.
func checkClock(t *rapid.T, c chat.Conversation, since time.Time) time.Time {
	if c.State != chat.Waiting && c.State != chat.WithAgent && c.State != chat.Snoozed {
		return time.Time{}
	}
	if !since.IsZero() && !c.WaitingSince.Equal(since) {
		t.Fatalf("the clock of a waiting customer moved from %v to %v", since, c.WaitingSince)
	}
	return c.WaitingSince
}

func checkNumbers(t *rapid.T, c chat.Conversation, log []chat.Event) {
	var pos, agent, visitor int64
	for _, e := range log {
		if pos++; e.Pos != pos {
			t.Fatalf("position %d follows %d", e.Pos, pos-1)
		}
		if e.AgentSeq != 0 {
			if agent++; e.AgentSeq != agent {
				t.Fatalf("agents' number %d follows %d", e.AgentSeq, agent-1)
			}
		}
		if e.VisitorSeq != 0 {
			if visitor++; e.VisitorSeq != visitor || e.AgentSeq == 0 {
				t.Fatalf("visitor's number %d follows %d", e.VisitorSeq, visitor-1)
			}
		}
	}
	if c.Pos != pos || c.AgentSeq != agent || c.VisitorSeq != visitor {
		t.Fatalf("the fold stands at %d, %d, %d and the log at %d, %d, %d", c.Pos, c.AgentSeq, c.VisitorSeq, pos, agent, visitor)
	}
}

// TestErasedContentsReplayTheSame empties all contents of a log, as an erasure does: state, owner, numbers and
// deadlines must come out as before.
func TestErasedContentsReplayTheSame(t *testing.T) {
	for _, situation := range situations {
		s := situation.reach(newTalk(t))
		erased := make([]chat.Event, len(s.log))
		for i, e := range s.log {
			erased[i] = e.Emptied()
		}
		got := chat.Fold("c1", erased)
		if got.State != s.c.State || got.Agent != s.c.Agent || got.Fence != s.c.Fence || got.Pos != s.c.Pos ||
			got.AgentSeq != s.c.AgentSeq || got.VisitorSeq != s.c.VisitorSeq || !cmp.Equal(got.Due, s.c.Due) || got.CustomerLast != s.c.CustomerLast {
			t.Errorf("%s: without contents the conversation is another", situation.name)
		}
	}
}

// TestFence refuses what relies on an assignment that is over.
func TestFence(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{})
	old := s.c.Fence
	s.do(aino, chat.Release{}).do(ville, chat.Take{}).do(ville, chat.Release{}).do(aino, chat.Take{})
	env := envelope(s.at, aino)
	env.Fence = old
	if _, _, err := chat.Decide(s.c, env, chat.Post{Text: "vanhentunut"}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("a stale fence gives %v, not a conflict", err)
	}
	env.Fence = s.c.Fence
	if _, _, err := chat.Decide(s.c, env, chat.Post{Text: "ajan tasalla"}); err != nil {
		t.Errorf("the present fence is refused: %v", err)
	}
}

// TestTwoWhoTakeFromTheLine lets the first have it: the second relied on nobody having it.
func TestTwoWhoTakeFromTheLine(t *testing.T) {
	s := newTalk(t).escalated()
	env := envelope(s.at.Add(time.Second), ville)
	env.Fence = chat.FenceNobody
	if _, _, err := chat.Decide(s.c, env, chat.Take{}); err != nil {
		t.Errorf("the first is refused: %v", err)
	}
	s.do(aino, chat.Take{})
	if _, _, err := chat.Decide(s.c, env, chat.Take{}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("the second gets %v, not a conflict", err)
	}
}

// TestWokenBySomebodyWhoIsThere gives a snoozed conversation to its agent, not to the line, when she is online.
func TestWokenBySomebodyWhoIsThere(t *testing.T) {
	s := newTalk(t).escalated().do(aino, chat.Take{}).do(aino, chat.Post{Text: "Palaan"})
	s.do(aino, chat.Snooze{Until: s.at.Add(time.Hour)})
	env := envelope(s.at.Add(time.Minute), visitor)
	env.Online = true
	c, _, err := chat.Decide(s.c, env, chat.Post{Text: "Vielä yksi asia"})
	if err != nil || c.State != chat.WithAgent || c.Agent != "aino" || c.Due == nil {
		t.Errorf("woken to %s of %q, due %v, %v", c.State, c.Agent, c.Due, err)
	}
}

// TestWhoIsGoneIsNamed: the customer is told whose connection dropped, and by whom there was no answer.
func TestWhoIsGoneIsNamed(t *testing.T) {
	waitingForAino := func() *talk { return newTalk(t).escalated().do(aino, chat.Take{}) }
	overdue := func(s *talk) *talk {
		s.at = s.c.Due.At
		return s.do(system, chat.Overdue{})
	}
	for what, s := range map[string]*talk{
		"lost":     waitingForAino().do(system, chat.Lose{}),
		"nudged":   overdue(waitingForAino()),
		"replaced": overdue(overdue(waitingForAino())),
		"released": waitingForAino().do(aino, chat.Release{}),
	} {
		if last := s.log[len(s.log)-1]; last.Detail.Agent != "aino" || last.Contents.Name != "Aino" {
			t.Errorf("%s: %s of %q, called %q", what, last.Kind, last.Detail.Agent, last.Contents.Name)
		}
	}
}

// TestErase empties every situation, and replays what a store has of it afterwards: the fold that was stored follows
// from the tombstones, no word is left in either, and whose it was cannot come back to it.
func TestErase(t *testing.T) {
	for _, situation := range situations {
		s := situation.reach(newTalk(t)).do(system, chat.Erase{})
		log := make([]chat.Event, len(s.log))
		for i, e := range s.log {
			log[i] = e.Emptied()
		}
		if diff := cmp.Diff(s.c, chat.Fold("c1", log)); diff != "" {
			t.Errorf("%s: the tombstones fold to something else (-stored +replayed):\n%s", situation.name, diff)
		}
		if s.c.State != chat.Closed || s.c.Erased == 0 || s.c.Due != nil {
			t.Errorf("%s: erased, and %+v", situation.name, s.c)
		}
		text, err := json.Marshal([]any{s.c, log})
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{"Moi", "Hei", "ihminen", "Joo", "Numero", "Palaan", "Aino", "Ville"} {
			if bytes.Contains(text, []byte(said)) {
				t.Errorf("%s: %q is still there:\n%s", situation.name, said, text)
			}
		}
		for _, cmd := range []chat.Command{chat.Post{Text: "Moi"}, chat.AskHuman{}, chat.Rate{Survey: "csat", Score: 5}, chat.End{}} {
			if _, _, err := chat.Decide(s.c, envelope(s.at, visitor), cmd); chat.KindOf(err) != chat.NotFound {
				t.Errorf("%s: %T by the visitor of an erased conversation: %v", situation.name, cmd, err)
			}
		}
		_, again, err := chat.Decide(s.c, envelope(s.at, system), chat.Erase{})
		if err != nil || len(again) != 0 {
			t.Errorf("%s: erasing again makes %v, %v", situation.name, again, err)
		}
	}
}

// TestANoteAfterAnErasure is erased by the next one.
func TestANoteAfterAnErasure(t *testing.T) {
	s := newTalk(t).escalated().do(system, chat.Erase{})
	before := s.c.Erased
	s.do(aino, chat.Note{Text: "Marja soitti"}).do(system, chat.Erase{})
	if s.c.Erased <= before || s.c.Erased != s.c.Pos {
		t.Errorf("erased up to %d of %d", s.c.Erased, s.c.Pos)
	}
}
