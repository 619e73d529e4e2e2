package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

func testAudiences(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), kind(chat.KindOpened), message("1"), kind(chat.KindFeeling), kind(chat.KindBotState))
	c = tell(t, s, c, kind(chat.KindNote), message("2"), kind(chat.KindNote), message("3"), kind(chat.KindBotState))
	tell(t, s, fresh(2, visitorID(2)), message("another conversation"))
	all := log(t, s, c.ID)
	for _, audience := range []store.Audience{store.ForLog, store.ForAgents, store.ForVisitor} {
		var seen []chat.Event
		for _, e := range all {
			if n := audience.Number(e); n > 0 {
				seen = append(seen, e)
				if n != int64(len(seen)) {
					t.Fatalf("audience %d: number %d where %d should stand", audience, n, len(seen))
				}
			}
		}
		for after := int64(-1); after <= c.Pos+1; after++ {
			for limit := 1; limit <= len(all)+1; limit++ {
				from := min(max(int(after), 0), len(seen))
				got := get[[]chat.Event](t)(s.EventsAfter(t.Context(), c.ID, audience, after, limit))
				same(t, fmt.Sprintf("audience %d after %d limit %d", audience, after, limit), got, seen[from:min(from+limit, len(seen))])
			}
		}
	}
}

func testNoHole(t *testing.T, s store.Store) {
	const writers, each = 20, 15
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			c := fresh(w, visitorID(w))
			for i := range each {
				a := withKey(appendOf(c, message(fmt.Sprint(i)), kind(chat.KindFeeling), message("answer")), keyID(w*each+i))
				if err := s.Append(context.Background(), a); err != nil {
					t.Errorf("append: %v", err)
					return
				}
				c = a.Next
			}
		})
	}
	wg.Wait()
	for w := range writers {
		c := get[chat.Conversation](t)(s.Conversation(t.Context(), conversationID(w)))
		if c.Pos != 3*each {
			t.Fatalf("conversation %d stands at %d", w, c.Pos)
		}
		stands(t, s, c)
	}
}

func testChanged(t *testing.T, s store.Store) {
	heads, start, err := s.Changed(t.Context(), -1, 10)
	must(t, err)
	same(t, "nothing yet", heads, []store.Head(nil))
	a := tell(t, s, fresh(1, visitorID(1)), message("1"))
	b := tell(t, s, fresh(2, visitorID(2)), message("1"), kind(chat.KindNote))
	heads, cursor, err := s.Changed(t.Context(), start, 10)
	must(t, err)
	same(t, "two", heads, []store.Head{store.HeadOf(a), store.HeadOf(b)})
	a.State, a.Agent, a.Team = chat.WithAgent, agentID(1), "support"
	a = tell(t, s, a, kind(chat.KindAssigned))
	heads, now, err := s.Changed(t.Context(), cursor, 10)
	must(t, err)
	if len(heads) == 0 || heads[len(heads)-1] != store.HeadOf(a) {
		t.Fatalf("after the third append: %v, want %v last", heads, store.HeadOf(a))
	}
	last := map[string]store.Head{}
	for cursor = start; ; {
		heads, cursor, err = s.Changed(t.Context(), cursor, 1)
		must(t, err)
		if len(heads) == 0 {
			break
		}
		last[heads[0].Conversation] = heads[0]
	}
	same(t, "one at a time", last, map[string]store.Head{a.ID: store.HeadOf(a), b.ID: store.HeadOf(b)})
	_, err = s.Ahead(t.Context(), 1)
	must(t, err)
	_, end, err := s.Changed(t.Context(), -1, 1)
	if err != nil || end < now {
		t.Fatalf("where things stand: %d, %v; a read came to %d", end, err, now)
	}
}

// testChangedUnderLoad follows the changes while many write: in the end every conversation's last head was listed.
func testChangedUnderLoad(t *testing.T, s store.Store) {
	const writers, each = 20, 20
	_, cursor, err := s.Changed(t.Context(), -1, 1)
	must(t, err)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			c := fresh(w, visitorID(w))
			for range each {
				a := appendOf(c, message("Moi"))
				if err := s.Append(context.Background(), a); err != nil {
					t.Errorf("append: %v", err)
					return
				}
				c = a.Next
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	seen := map[string]int64{}
	for over := false; ; {
		heads, next, err := s.Changed(t.Context(), cursor, 7)
		must(t, err)
		for _, h := range heads {
			seen[h.Conversation] = max(seen[h.Conversation], h.Pos)
		}
		if len(heads) == 0 && over {
			break
		}
		if cursor = next; len(heads) == 0 {
			select {
			case <-done:
				over = true
			default:
			}
		}
	}
	for w := range writers {
		if seen[conversationID(w)] != each {
			t.Fatalf("conversation %d was last listed at %d, want %d", w, seen[conversationID(w)], each)
		}
	}
}

func testDue(t *testing.T, s store.Store) {
	at := func(n int) *chat.Due {
		return &chat.Due{At: begin.Add(time.Duration(n) * time.Millisecond), What: chat.DueWord}
	}
	var all []chat.Conversation
	for i, n := range []int{30, 10, 20, 10} {
		c := fresh(i, visitorID(i))
		c.Due = at(n)
		all = append(all, tell(t, s, c, message("Moi")))
	}
	tell(t, s, fresh(9, visitorID(9)), message("nothing due"))
	due := func(n, limit int, want ...int) {
		t.Helper()
		var ids []string
		for _, w := range want {
			ids = append(ids, conversationID(w))
		}
		same(t, fmt.Sprintf("due at %d", n), get[[]string](t)(s.Due(t.Context(), begin.Add(time.Duration(n)*time.Millisecond), limit)), ids)
	}
	due(9, 10)
	due(10, 10, 1, 3)
	due(29, 10, 1, 3, 2)
	due(1000, 10, 1, 3, 2, 0)
	due(1000, 2, 1, 3)
	all[1].Due = at(25)
	tell(t, s, all[1], message("later"))
	all[3].Due = nil
	tell(t, s, all[3], message("never"))
	due(1000, 10, 2, 1, 0)
}

func testInState(t *testing.T, s store.Store) {
	byState := map[chat.State][]chat.Conversation{}
	states := []chat.State{chat.Waiting, chat.WithBot, chat.WithAgent, chat.Snoozed, chat.Closed}
	for i := range 35 {
		c := fresh(i, visitorID(i))
		c.State, c.Agent = states[i%len(states)], agentID(i%2)
		c = tell(t, s, c, message("Moi"))
		byState[c.State] = append(byState[c.State], c)
	}
	moved := byState[chat.Waiting][0]
	byState[chat.Waiting] = byState[chat.Waiting][1:]
	moved.State = chat.WithBot
	moved = tell(t, s, moved, kind(chat.KindReturned))
	byState[chat.WithBot] = append([]chat.Conversation{moved}, byState[chat.WithBot]...)
	for _, state := range states {
		for _, limit := range []int{1, 3, 7, 100} {
			got := pages(t, limit, func(p store.Page) ([]chat.Conversation, string, error) { return s.InState(t.Context(), state, p) })
			same(t, fmt.Sprintf("%s by %d", state, limit), got, listed(byState[state]))
		}
	}
}

// listed are folds as lists give them.
func listed(all []chat.Conversation) []chat.Conversation {
	bare := slices.Clone(all)
	for i := range bare {
		bare[i].Lines = nil
	}
	return bare
}

// pages reads a list to its end, and checks that each part but the last is full and no part is empty but a lone one.
func pages(t *testing.T, limit int, read func(store.Page) ([]chat.Conversation, string, error)) (all []chat.Conversation) {
	t.Helper()
	for page := (store.Page{Limit: limit}); ; {
		part, next, err := read(page)
		must(t, err)
		if len(part) > limit || next != "" && len(part) < limit || len(part) == 0 && page.After != "" {
			t.Fatalf("a part of %d with limit %d, then %q", len(part), limit, next)
		}
		if all = append(all, part...); next == "" {
			return all
		}
		page.After = next
	}
}

func testOwnedBy(t *testing.T, s store.Store) {
	var mine []chat.Conversation
	for i, state := range []chat.State{chat.WithAgent, chat.Snoozed, chat.Waiting, chat.Closed, chat.WithBot, chat.WithAgent} {
		c := fresh(i, visitorID(i))
		c.State, c.Agent = state, agentID(1)
		if c = tell(t, s, c, message("Moi")); state == chat.WithAgent || state == chat.Snoozed {
			mine = append(mine, c)
		}
		other := fresh(100+i, visitorID(100+i))
		other.State, other.Agent = state, agentID(2)
		tell(t, s, other, message("Moi"))
	}
	same(t, "mine", get[[]chat.Conversation](t)(s.OwnedBy(t.Context(), agentID(1))), listed(mine))
	mine[0].Agent = agentID(3)
	taken := tell(t, s, mine[0], kind(chat.KindAssigned))
	same(t, "mine now", get[[]chat.Conversation](t)(s.OwnedBy(t.Context(), agentID(1))), listed(mine[1:]))
	same(t, "theirs", get[[]chat.Conversation](t)(s.OwnedBy(t.Context(), agentID(3))), listed([]chat.Conversation{taken}))
}

func testLatestOf(t *testing.T, s store.Store) {
	var all []chat.Conversation
	for i := range 11 {
		c := fresh(i, visitorID(1))
		c.OpenedAt = begin.Add(time.Duration(i/3) * time.Second) // some were opened at the same moment
		c.Site = fmt.Sprintf("site-%d", i)
		if i%2 == 0 {
			c.State, c.ClosedAt = chat.Closed, begin
		}
		all = append([]chat.Conversation{tell(t, s, c, message("Moi"))}, all...)
	}
	tell(t, s, fresh(99, visitorID(2)), message("somebody else"))
	for _, limit := range []int{1, 2, 5, 10, 11, 12} {
		got := pages(t, limit, func(p store.Page) ([]chat.Conversation, string, error) {
			return s.LatestOf(t.Context(), visitorID(1), p)
		})
		same(t, fmt.Sprintf("by %d", limit), got, listed(all))
	}
	_, _, err := s.LatestOf(t.Context(), visitorID(1), store.Page{After: "nonsense", Limit: 1})
	wantKind(t, "a cursor from elsewhere", err, chat.Invalid)
}

func testMarks(t *testing.T, s store.Store) {
	for _, m := range []struct {
		by  chat.Role
		seq int64
	}{{chat.RoleVisitor, 3}, {chat.RoleAgent, 9}, {chat.RoleVisitor, 2}, {chat.RoleVisitor, 5}, {chat.RoleAgent, 9}, {chat.RoleAgent, 1}} {
		must(t, s.MarkRead(t.Context(), conversationID(1), m.by, m.seq))
	}
	must(t, s.MarkRead(t.Context(), conversationID(2), chat.RoleAgent, 1))
	must(t, s.MarkRead(t.Context(), conversationID(3), chat.RoleAgent, 1))
	got := get[map[string]store.Marks](t)(s.ReadMarks(t.Context(), []string{conversationID(1), conversationID(2), conversationID(4)}))
	same(t, "marks", got, map[string]store.Marks{conversationID(1): {Visitor: 5, Agent: 9}, conversationID(2): {Agent: 1}})
	same(t, "none", get[map[string]store.Marks](t)(s.ReadMarks(t.Context(), nil)), map[string]store.Marks{})
	wantKind(t, "by the bot", s.MarkRead(t.Context(), conversationID(1), chat.RoleBot, 1), chat.Invalid)
}

func testEach(t *testing.T, s store.Store) {
	var want, got []chat.Conversation
	for i := range 450 {
		want = append(want, tell(t, s, fresh(i, visitorID(i)), message("Moi")))
	}
	must(t, s.Each(t.Context(), func(c chat.Conversation) error {
		got = append(got, c)
		if len(got) == 100 { // it may be written to meanwhile
			tell(t, s, fresh(1000, visitorID(1000)), message("late"))
		}
		return nil
	}))
	same(t, "each", got[:len(want)], listed(want))
	enough := errors.New("enough")
	n := 0
	err := s.Each(t.Context(), func(chat.Conversation) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 {
		t.Fatalf("%d calls, %v", n, err)
	}
}

func testNotFound(t *testing.T, s store.Store) {
	ctx := t.Context()
	for name, read := range map[string]func() error{
		"conversation": func() error { _, err := s.Conversation(ctx, conversationID(1)); return err },
		"open":         func() error { _, err := s.OpenOf(ctx, "shop", visitorID(1)); return err },
		"visitor":      func() error { _, err := s.Visitor(ctx, visitorID(1)); return err },
		"token":        func() error { _, _, err := s.VisitorByToken(ctx, "00", begin); return err },
		"agent":        func() error { _, err := s.Agent(ctx, agentID(1)); return err },
		"email":        func() error { _, err := s.AgentByEmail(ctx, "x@example.com"); return err },
		"team":         func() error { _, err := s.Team(ctx, "support"); return err },
		"site":         func() error { _, err := s.Site(ctx, "shop"); return err },
		"session":      func() error { _, err := s.Session(ctx, "00"); return err },
		"touch":        func() error { return s.TouchSession(ctx, "00", begin, begin) },
		"setting":      func() error { _, err := s.Setting(ctx, "secret"); return err },
	} {
		wantKind(t, name, read(), chat.NotFound)
	}
	same(t, "events", get[[]chat.Event](t)(s.EventsAfter(ctx, conversationID(1), store.ForLog, 0, 1)), []chat.Event(nil))
	same(t, "owned", get[[]chat.Conversation](t)(s.OwnedBy(ctx, agentID(1))), []chat.Conversation(nil))
	same(t, "due", get[[]string](t)(s.Due(ctx, begin, 1)), []string(nil))
}

func testLimits(t *testing.T, s store.Store) {
	ctx := t.Context()
	for _, limit := range []int{-1, 0, store.MaxPage + 1} {
		for name, read := range map[string]func() error{
			"events":  func() error { _, err := s.EventsAfter(ctx, conversationID(1), store.ForLog, 0, limit); return err },
			"changed": func() error { _, _, err := s.Changed(ctx, 0, limit); return err },
			"ahead":   func() error { _, err := s.Ahead(ctx, limit); return err },
			"due":     func() error { _, err := s.Due(ctx, begin, limit); return err },
			"state":   func() error { _, _, err := s.InState(ctx, chat.Waiting, store.Page{Limit: limit}); return err },
			"latest":  func() error { _, _, err := s.LatestOf(ctx, visitorID(1), store.Page{Limit: limit}); return err },
			"acts":    func() error { _, err := s.Acts(ctx, 0, limit); return err },
		} {
			wantKind(t, fmt.Sprintf("%s with limit %d", name, limit), read(), chat.Invalid)
		}
	}
}
