package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// raisedOne is a conversation whose five offers came to nothing, with Aino online and nobody asked.
func (d *testDesk) raisedOne() string {
	d.t.Helper()
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	id := d.awaits()
	for range 5 {
		d.dispatchOnce()
		d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Decline{Reason: "lounas"})
		d.clock.pass(chat.Usual.Cooldown)
		d.online(ainoID, "Aino")
		d.must(d.reconcile(d.ctx))
	}
	if c := d.conversation(id); !c.Raised {
		d.t.Fatalf("after %d declined offers it is not raised", c.Missed)
	}
	return id
}

func TestWhatIsRaisedWaitsForASupervisor(t *testing.T) {
	for _, c := range []struct {
		name    string
		sari    func(*store.Agent)
		rings   []staff.Ring
		offered string
	}{
		{"in the team", func(a *store.Agent) { a.Role = staff.RoleSupervisor }, nil, ""},
		{"of none", func(a *store.Agent) { a.Role = staff.RoleAgent }, nil, ainoID},
		{"in another team", func(a *store.Agent) { a.Role, a.Teams = staff.RoleSupervisor, []string{"sales"} }, nil, ainoID},
		{"in a team that helps", func(a *store.Agent) { a.Role, a.Teams = staff.RoleSupervisor, []string{"sales"} },
			[]staff.Ring{{After: time.Hour, Team: "sales"}}, ""},
		{"no more", func(a *store.Agent) {
			gone := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			a.Role, a.DisabledAt = staff.RoleSupervisor, &gone
		}, nil, ainoID},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			d.must(d.store.PutTeam(d.ctx, staff.NewTeam("sales", "Sales")))
			id := d.raisedOne()
			d.team(func(t *staff.Team) { t.Rings = c.rings })
			d.staff("01930000-0000-7000-8000-00000000000c", "Sari", c.sari)
			d.must(d.reconcile(d.ctx))
			d.dispatchOnce()
			got := ""
			if o := d.conversation(id).Offer; o != nil {
				got = o.Agent
			}
			if got != c.offered {
				t.Errorf("it is held out to %q, not %q", got, c.offered)
			}
			d.healthy()
		})
	}
}
