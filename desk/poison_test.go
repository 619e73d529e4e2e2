package desk

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// spoilt is a store that takes nothing for some conversations, and asks for how many it was asked.
type spoilt struct {
	store.Store
	ids   []string
	asked int
}

func (s *spoilt) Append(ctx context.Context, a store.Append) error {
	if slices.Contains(s.ids, a.Next.ID) {
		s.asked++
		return errors.New("this row is spoilt")
	}
	return s.Store.Append(ctx, a)
}

func (d *testDesk) spoil(ids ...string) *spoilt {
	s := &spoilt{Store: d.Desk.store, ids: ids}
	d.Desk.store = s
	return s
}

// One conversation that nothing can be stored for keeps nobody behind it from an agent.
func TestWhatCannotBeGivenHoldsUpNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	d.spoil(d.awaits())
	d.clock.pass(time.Millisecond)
	id := d.awaits()
	d.online(ainoID, "Aino")
	d.Assign(d.ctx)
	if c := d.conversation(id); c.Agent != ainoID {
		t.Errorf("behind what cannot be given, it is %s", c.State)
	}
}

// However many deadlines cannot be carried out, those that pass later are; and the others are tried again, more and more
// rarely.
func TestDeadlinesThatCannotBeCarriedOutHoldUpNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	var ids []string
	for range dueAtOnce + 1 {
		ids = append(ids, d.awaits())
		d.clock.pass(time.Millisecond)
	}
	id := d.awaits()
	bad := d.spoil(ids...)
	first, last := d.conversation(ids[0]).Nudges, d.conversation(id).Nudges
	d.clock.pass(time.Hour)
	for range 3 {
		d.must(d.carryOut(d.ctx))
	}
	if c := d.conversation(id); c.Nudges == last {
		t.Error("who waits behind them was told nothing")
	}
	bad.asked = 0
	for range 120 { // a minute
		d.clock.pass(500 * time.Millisecond)
		d.must(d.carryOut(d.ctx))
	}
	if tries := bad.asked / len(ids); tries < 3 || tries > 8 {
		t.Errorf("each was tried %d times in a minute", tries)
	}
	bad.ids = nil
	d.clock.pass(rarest)
	for range 2 {
		d.must(d.carryOut(d.ctx))
	}
	if c := d.conversation(ids[0]); c.Nudges == first || len(d.stuck) > 0 {
		t.Errorf("once they can be, it was told %d times, and %d are stuck", c.Nudges-first, len(d.stuck))
	}
}

// A fault in planning ends its own step, and not the sweep, let alone the process.
func TestAPlanThatPanicsFailsItsOwnStep(t *testing.T) {
	d := newTestDesk(t, nil)
	bad := d.awaits()
	d.clock.pass(time.Millisecond)
	id := d.awaits()
	whole, told := d.plan, d.conversation(id).Nudges
	d.plan = func(in plan.Input) (plan.Result, error) {
		if in.Conversation.ID == bad {
			panic("plan: this cannot be")
		}
		return whole(in)
	}
	d.clock.pass(time.Hour)
	d.must(d.carryOut(d.ctx))
	if c := d.conversation(id); c.Nudges != told+1 {
		t.Errorf("who waits behind it was told %d times", c.Nudges-told)
	}
}

// One conversation that cannot be given back keeps those of nobody else with who is gone.
func TestWhatCannotBeGivenBackHoldsUpNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) { t.Capacity = 1 })
	d.online(ainoID, "Aino")
	d.online(villeID, "Ville")
	first, second := d.awaits(), d.awaits()
	d.dispatchOnce()
	c := d.conversation(first)
	if c.State != chat.WithAgent || d.conversation(second).State != chat.WithAgent {
		t.Fatal("they have not been given")
	}
	if c.Agent != ainoID { // who is looked at first
		first, second = second, first
	}
	d.spoil(first)
	d.Disconnected(ainoID)
	d.Disconnected(villeID)
	for range 60 {
		_ = d.watchAgents(d.ctx)
		d.clock.pass(time.Second)
	}
	if c := d.conversation(second); c.State != chat.Waiting {
		t.Errorf("a minute after he was gone it is %s", c.State)
	}
}
