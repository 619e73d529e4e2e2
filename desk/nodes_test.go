package desk

import (
	"testing"

	"github.com/kohta/kohta/chat"
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
