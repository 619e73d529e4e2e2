package desk

import (
	"context"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// twoNodes are two nodes of one house whose agents are held out what is theirs.
func twoNodes(t *testing.T) (one, two *testDesk) {
	one = newTestDesk(t, nil)
	one.team(func(t *staff.Team) { t.Assignment = staff.Offered })
	two = nodeOn(t, one.store, one.clock, one.line, one.roster, nil)
	two.must(two.refresh(two.ctx))
	return one, two
}

// What a node remembers of a conversation may be old. Nobody is refused by it: an agent accepts on one node what the
// other has just held out to them.
func TestNobodyIsRefusedByWhatANodeRemembers(t *testing.T) {
	one, two := twoNodes(t)
	id := two.awaits() // and two remembers it so
	one.online(ainoID, "Aino")
	one.dispatchOnce()
	if c := one.conversation(id); c.Offer == nil {
		t.Fatal("nothing was offered")
	}
	two.do(two.agentPrincipal(ainoID, "Aino"), id, chat.Accept{})
	if c := one.conversation(id); c.Agent != ainoID || c.State != chat.WithAgent {
		t.Errorf("it is %s, with %q", c.State, c.Agent)
	}
	one.healthy()
}

// A deadline that one node set is carried out by the other, though that remembers how the conversation was before.
func TestADeadlineIsCarriedOutByWhoRemembersAnother(t *testing.T) {
	one, two := twoNodes(t)
	id := two.awaits()
	one.online(ainoID, "Aino")
	one.dispatchOnce() // and is never heard of again
	two.sweepAfter(two.patience("support").Offer)
	if c := two.conversation(id); c.Offer != nil || c.Missed != 1 {
		t.Errorf("the offer is %+v, missed %d", c.Offer, c.Missed)
	}
}

// An agent whose node ends comes back on another, at the place and in the status that they had, and is not lost meanwhile.
func TestAnAgentIsHandedOver(t *testing.T) {
	one, two := twoNodes(t)
	one.online(ainoID, "Aino")
	before, err := one.roster.Get(one.ctx, ainoID)
	one.must(err)
	one.HandOver()
	one.Disconnected(ainoID)
	one.must(one.watchAgents(one.ctx))
	one.clock.pass(5 * time.Second)
	two.Connected(ainoID)
	two.must(two.watchAgents(two.ctx))
	after, err := two.roster.Get(two.ctx, ainoID)
	two.must(err)
	if after.Status != routing.Online || after.Since != before.Since || after.IdleSince != before.IdleSince {
		t.Errorf("it stood as %+v with her, and stands as %+v", before, after)
	}
}

// An agent who comes from one node to another before the first has noticed is there again a second after it did, and not
// at the next sign of life.
func TestAnAgentChangesNodes(t *testing.T) {
	one, two := twoNodes(t)
	one.online(ainoID, "Aino")
	two.must(two.watchAgents(two.ctx))
	two.online(ainoID, "Aino")
	one.Disconnected(ainoID)
	one.must(one.watchAgents(one.ctx)) // and says that she is gone
	for range 2 {
		two.clock.pass(time.Second)
		two.must(two.watchAgents(two.ctx))
	}
	if !two.Desk.online(two.ctx, ainoID) {
		t.Error("she is not there")
	}
}

// One node at a time mends the line for all. Another goes on when that one does not, and each looks once a minute in any case.
func TestOneNodeMendsTheLine(t *testing.T) {
	one, two := twoNodes(t)
	whose := one.Desk
	for _, d := range []*testDesk{one, two} {
		d.turn = func(context.Context, string, time.Duration) bool { return whose == d.Desk }
		d.must(d.reconcile(d.ctx)) // each looks at first
	}
	mends := func(d *testDesk) int64 {
		one.line.Drop(one.ctx, "support", id1)
		before := d.Stats().Repairs.Load()
		d.must(d.line.Put(d.ctx, routing.Ticket{Conversation: id1, Team: "support", Since: d.clock.Now()}))
		d.clock.pass(5 * time.Second)
		d.must(d.reconcile(d.ctx))
		return d.Stats().Repairs.Load() - before
	}
	if n, m := mends(two), mends(one); n != 0 || m != 1 {
		t.Errorf("it was one's turn: two mended %d, one %d", n, m)
	}
	whose = two.Desk
	if n, m := mends(one), mends(two); n != 0 || m != 1 {
		t.Errorf("it was two's turn: one mended %d, two %d", n, m)
	}
	one.clock.pass(time.Minute)
	if n := mends(one); n != 1 {
		t.Errorf("after a minute one mended %d", n)
	}
}

const id1 = "01930000-0000-7000-8000-0000000000ff"
