package desk

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// tell brings what one node has published to another, as a bus does.
func tell(from, to *testDesk) {
	from.bus.mu.Lock()
	messages := from.bus.messages
	from.bus.messages = nil
	from.bus.mu.Unlock()
	for _, m := range messages {
		to.hear(m)
	}
}

// A node that heard of what another committed goes on from there without a conflict, and what it remembers is what is
// stored.
func TestWhoHearsOfItGoesOnWithoutAConflict(t *testing.T) {
	one, two := twoNodes(t)
	visitor := one.visitor()
	id := one.do(visitor, "", chat.Post{Text: "aukioloajat"}).Conversation
	two.do(visitor, id, chat.Post{Text: "kiitos"}) // and remembers it
	tell(two, one)
	for range 5 {
		one.do(visitor, id, chat.Post{Text: "aukioloajat"})
		tell(one, two)
		two.do(visitor, id, chat.AskHuman{})
		two.do(visitor, id, chat.Post{Text: "haloo"})
		tell(two, one)
	}
	if n := one.Stats().Conflicts.Load() + two.Stats().Conflicts.Load(); n > 0 {
		t.Errorf("%d conflicts", n)
	}
	stored, err := one.store.Conversation(one.ctx, id)
	one.must(err)
	for _, d := range []*testDesk{one, two} {
		k, ok := d.conversations.folds.get(id)
		if !ok {
			t.Fatal("it is not remembered")
		}
		if diff := cmp.Diff(stored, k.Conversation); diff != "" {
			t.Errorf("(-stored +remembered)\n%s", diff)
		}
	}
	one.healthy()
}

// Who has missed something in between forgets what it remembers, also by its own sweep, and also which conversation a
// visitor has open.
func TestWhoMissedSomethingForgets(t *testing.T) {
	one, two := twoNodes(t)
	visitor := one.visitor()
	id := one.do(visitor, "", chat.Post{Text: "aukioloajat"}).Conversation
	two.do(visitor, id, chat.Post{Text: "kiitos"})
	one.do(visitor, id, chat.Post{Text: "aukioloajat"})
	one.bus.messages = nil // lost
	one.do(visitor, id, chat.End{})
	tell(one, two)
	if k, ok := two.conversations.folds.get(id); ok {
		t.Errorf("it is remembered at %d", k.Pos)
	}
	v, _ := visitor.Visitor()
	if open, ok := two.conversations.open.get(openKey("demo", v)); ok {
		t.Errorf("%q counts as open", open)
	}
}

// meanwhile is a store in which something happens after a conversation was read, and before it is remembered.
type meanwhile struct {
	store.Store
	do func()
}

func (s *meanwhile) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	c, err := s.Store.Conversation(ctx, id)
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return c, err
}

// What was read before it was heard that the conversation has moved on is not remembered: nothing would correct it.
func TestWhatIsHeardWhileItIsRead(t *testing.T) {
	one, two := twoNodes(t)
	visitor := one.visitor()
	id := one.do(visitor, "", chat.AskHuman{}).Conversation
	tell(one, two)
	two.Desk.store = &meanwhile{two.Desk.store, func() {
		one.do(visitor, id, chat.End{})
		tell(one, two)
	}}
	if _, err := two.Conversation(two.ctx, visitor, id); err != nil {
		t.Fatal(err)
	}
	if c, err := two.Conversation(two.ctx, visitor, id); err != nil || c.State != chat.Closed {
		t.Errorf("it is remembered as %s, %v", c.State, err)
	}
}

// What a node has heard of it does not tell again; what it has not, it tells whole: with whom it is and who is invited.
func TestHealingTellsWhatWasNotHeard(t *testing.T) {
	one, two := twoNodes(t)
	two.must(two.heal(two.ctx))
	heard := one.do(one.visitor(), "", chat.Post{Text: "aukioloajat"}).Conversation
	tell(one, two)
	missed := one.do(one.visitor(), "", chat.AskHuman{}).Conversation
	two.healed()
	if len(two.bus.messages) != 1 || two.bus.messages[0].Conversation != missed {
		t.Fatalf("told %+v, not %s alone (heard %s)", two.bus.messages, missed, heard)
	}
	stored, err := one.store.Conversation(one.ctx, missed)
	one.must(err)
	if diff := cmp.Diff(bus.Message{Conversation: missed, Next: stored}, two.bus.messages[0]); diff != "" {
		t.Errorf("(-stored +told)\n%s", diff)
	}
}

// What is on its way when a sweep comes by is not told again, and what does not arrive until the next one is.
func TestHealingLeavesWhatIsOnItsWay(t *testing.T) {
	one, two := twoNodes(t)
	two.must(two.heal(two.ctx))
	visitor := one.visitor()
	id := one.do(visitor, "", chat.Post{Text: "aukioloajat"}).Conversation
	two.must(two.heal(two.ctx))
	tell(one, two)
	two.healed()
	if len(two.bus.messages) != 0 {
		t.Fatalf("told %+v of what was heard of", two.bus.messages)
	}
	one.do(visitor, id, chat.Post{Text: "kiitos"})
	two.must(two.heal(two.ctx))
	one.do(visitor, id, chat.End{}) // it goes on meanwhile, unheard
	two.must(two.heal(two.ctx))
	if want := one.conversation(id).Pos; len(two.bus.messages) != 1 || two.bus.messages[0].Next.Pos != want {
		t.Errorf("told %+v, not of %d once", two.bus.messages, want)
	}
}

// held is a store on which a transaction of somebody else's stays open.
type held struct {
	store.Store
	asked int
}

func (h *held) Changed(_ context.Context, cursor int64, _ int) ([]store.Head, int64, error) {
	return nil, cursor, nil
}

func (h *held) Ahead(ctx context.Context, limit int) ([]store.Head, error) {
	h.asked++
	heads, _, err := h.Store.Changed(ctx, 0, limit)
	return heads, err
}

// A transaction that stays open in the database holds healing up no more than any other: what was missed is told of once, by the
// second sweep.
func TestHealingGoesOnBesideALongTransaction(t *testing.T) {
	one, two := twoNodes(t)
	two.must(two.heal(two.ctx))
	open := &held{Store: two.Desk.store}
	two.Desk.store = open
	missed := one.do(one.visitor(), "", chat.AskHuman{}).Conversation
	for range 5 {
		two.healed()
		for _, m := range two.bus.messages { // as its own bus does
			two.hear(m)
		}
	}
	if len(two.bus.messages) != 1 || two.bus.messages[0].Conversation != missed {
		t.Errorf("told %d times, not once of %s", len(two.bus.messages), missed)
	}
	if open.asked != 10 {
		t.Errorf("ten sweeps read %d times", open.asked)
	}
	two.Desk.store = open.Store // it has ended
	two.healed()
	if len(two.bus.messages) != 1 {
		t.Errorf("told %d times when it has ended", len(two.bus.messages))
	}
}

// healed sweeps until all is told that is not heard of.
func (d *testDesk) healed() {
	d.t.Helper()
	for range 2 {
		d.must(d.heal(d.ctx))
	}
}

// More than a page of changes, all of few conversations, is passed over in one sweep.
func TestHealingKeepsUp(t *testing.T) {
	one, two := twoNodes(t)
	two.must(two.heal(two.ctx))
	visitor := one.visitor()
	id := one.do(visitor, "", chat.AskHuman{}).Conversation
	step := store.Append{Next: one.conversation(id), At: one.clock.Now()}
	step.Pos = step.Next.Pos
	for range store.MaxPage + 100 {
		var e chat.Event
		step.Next, e = chat.Apply(step.Next, chat.Event{At: step.At, Kind: chat.KindNote, From: chat.From{Role: chat.RoleAgent, ID: ainoID}})
		step.Events = append(step.Events, e)
	}
	one.must(one.store.Append(one.ctx, step))
	two.healed()
	last := two.bus.messages[len(two.bus.messages)-1]
	if want := one.conversation(id).Pos; last.Next.Pos != want {
		t.Fatalf("told of %d, not of %d", last.Next.Pos, want)
	}
	_, end, err := two.store.Changed(two.ctx, -1, 1)
	two.must(err)
	if two.cursor != end {
		t.Errorf("the sweep ended at %d, and the log at %d", two.cursor, end)
	}
}

// What is erased on one node is gone from another's memory as well, whether it heard of it or found it.
func TestAnErasureIsHeard(t *testing.T) {
	for _, heard := range []bool{true, false} {
		one, two := twoNodes(t)
		two.must(two.heal(two.ctx))
		visitor := one.visitor()
		v, _ := visitor.Visitor()
		id := one.do(visitor, "", chat.Post{Text: "salaista"}).Conversation
		two.do(visitor, id, chat.Post{Text: "salaista"})
		two.Page(v, chat.Page{URL: "https://shop.example/secret"})
		tell(two, one)
		one.must(one.Erase(one.ctx, v, store.Act{At: one.clock.Now(), Actor: "x", Verb: "erase_visitor", Object: v}))
		if heard {
			tell(one, two)
		} else {
			two.bus.messages = nil
			two.healed()
			for _, m := range two.bus.messages { // as the bus brings them to the node itself
				two.hear(m)
			}
		}
		if k, ok := two.conversations.folds.get(id); ok {
			t.Errorf("heard %v: %+v is remembered", heard, k.Lines)
		}
		if p := two.PageOf(v); p != nil {
			t.Errorf("heard %v: the page %s is remembered", heard, p.URL)
		}
	}
}
