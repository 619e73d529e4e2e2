package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

const sariID = "01930000-0000-7000-8000-00000000000c"

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

// sari sets how Sari stands.
func (d *testDesk) sari(status string) {
	d.t.Helper()
	d.Connected(sariID)
	d.must(d.SetPresence(d.ctx, d.people().agents[sariID], status, ""))
}

// heldOut is to whom a conversation is offered after a sweep.
func (d *testDesk) heldOut(id string) string {
	d.t.Helper()
	d.must(d.reconcile(d.ctx))
	d.dispatchOnce()
	if o := d.conversation(id).Offer; o != nil {
		return o.Agent
	}
	return ""
}

func TestWhatIsRaisedWaitsForASupervisorWhoIsThere(t *testing.T) {
	supervisor := func(a *store.Agent) { a.Role = staff.RoleSupervisor }
	elsewhere := func(a *store.Agent) { a.Role, a.Teams = staff.RoleSupervisor, []string{"sales"} }
	helps := func(after time.Duration) []staff.Ring { return []staff.Ring{{After: after, Team: "sales"}} }
	for _, c := range []struct {
		name    string
		sari    func(*store.Agent)
		status  string
		rings   []staff.Ring
		offered string
	}{
		{"online", supervisor, "online", nil, sariID},
		{"at work, and wants nothing new", supervisor, "busy", nil, ""},
		{"away", supervisor, "away", nil, ainoID},
		{"offline", supervisor, "offline", nil, ainoID},
		{"writes another language", func(a *store.Agent) { a.Role, a.Languages = staff.RoleSupervisor, []string{"sv"} }, "busy", nil, ainoID},
		{"is none", func(a *store.Agent) { a.Role = staff.RoleAgent }, "busy", nil, ainoID},
		{"in another team", elsewhere, "busy", nil, ainoID},
		{"in a team that helps", elsewhere, "busy", helps(time.Minute), ""},
		{"in a team that will help later", elsewhere, "busy", helps(time.Hour), ainoID},
		{"no more", func(a *store.Agent) {
			gone := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			a.Role, a.DisabledAt = staff.RoleSupervisor, &gone
		}, "busy", nil, ainoID},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			d.must(d.store.PutTeam(d.ctx, staff.NewTeam("sales", "Sales")))
			id := d.raisedOne()
			d.team(func(t *staff.Team) { t.Rings = c.rings })
			d.staff(sariID, "Sari", c.sari)
			d.sari(c.status)
			if got := d.heldOut(id); got != c.offered {
				t.Errorf("it is held out to %q, not %q", got, c.offered)
			}
			if !d.conversation(id).Raised {
				t.Error("nobody sees that it was raised")
			}
			d.healthy()
		})
	}
}

// The only supervisor goes home after it was raised, and comes back: it is never left to nobody, nor given past who is there.
func TestTheLaneGoesByWhoIsAtWork(t *testing.T) {
	d := newTestDesk(t, nil)
	d.staff(sariID, "Sari", func(a *store.Agent) { a.Role = staff.RoleSupervisor })
	id := d.raisedOne()
	d.sari("busy")
	if got := d.heldOut(id); got != "" {
		t.Fatalf("held out to %q while a supervisor is at work", got)
	}
	d.sari("away")
	if got := d.heldOut(id); got != ainoID {
		t.Fatalf("held out to %q when the only supervisor is away", got)
	}
	d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Decline{Reason: "lounas"})
	d.clock.pass(chat.Usual.Cooldown)
	d.online(ainoID, "Aino")
	d.must(d.reconcile(d.ctx))
	d.sari("busy") // which the line has not heard of yet
	d.dispatchOnce()
	if o := d.conversation(id).Offer; o != nil {
		t.Fatalf("held out to %q past a supervisor who has come", o.Agent)
	}
	d.do(staff.AsAgent(d.people().agents[sariID].Agent), id, chat.Take{})
	if c := d.conversation(id); c.Agent != sariID || c.Raised {
		t.Errorf("it is %q's", c.Agent)
	}
	d.healthy()
}
