package desk

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// toldNobody is whether a customer was told that nobody is there, ever.
func (d *testDesk) toldNobody(id string) bool {
	d.t.Helper()
	events, err := d.store.EventsAfter(d.ctx, id, store.ForLog, 0, 100)
	d.must(err)
	for _, e := range events {
		if e.Kind == chat.KindPromised && e.Detail.Reason == chat.Nobody {
			return true
		}
	}
	return false
}

// unread is a roster that cannot be read.
type unread struct{ routing.Roster }

func (unread) List(context.Context) ([]routing.Presence, error) {
	return nil, chat.Errorf(chat.Unavailable, "the roster is away")
}

// signedIn is that an agent has used the console a moment ago.
func (d *testDesk) signedIn(agent string) {
	d.t.Helper()
	seen := d.clock.Now().Add(-time.Minute)
	d.must(d.store.PutSession(d.ctx, store.Session{TokenHash: agent, Agent: agent, CreatedAt: seen, SeenAt: seen, ExpiresAt: seen.Add(time.Hour)}))
}

// That nobody is there is said when it is known, and not where it may be otherwise.
func TestNobodyIsThereWhenItIsKnown(t *testing.T) {
	emptied := func(d *testDesk) { d.roster = memline.NewRoster(d.clock.Now) }
	gone := func(d *testDesk) { d.Disconnected(ainoID); d.must(d.watchAgents(d.ctx)) }
	restarted := func(d *testDesk) {
		emptied(d)
		d.presence.sockets, d.presence.readableSince = map[string]int{}, time.Time{}
		d.must(d.watchAgents(d.ctx))
	}
	for _, c := range []struct {
		name   string
		happen func(*testDesk)
		told   bool
	}{
		{"she is there", func(*testDesk) {}, false},
		{"she is gone", gone, true},
		{"the roster cannot be read", func(d *testDesk) { d.roster = unread{d.roster} }, false},
		{"the roster was emptied", emptied, false},
		{"the roster was emptied, and she is not connected", func(d *testDesk) { emptied(d); d.Disconnected(ainoID) }, true},
		{"the node has just begun", restarted, false},
		{"the node has just begun, and nobody was there for long", func(d *testDesk) {
			d.must(d.store.EndSession(d.ctx, ainoID))
			restarted(d)
		}, true},
		{"the node has begun, and nobody came back within the grace", func(d *testDesk) {
			restarted(d)
			d.clock.pass(plan.Grace)
			d.must(d.watchAgents(d.ctx))
		}, true},
		{"the roster has just come back", func(d *testDesk) {
			whole := d.roster
			d.roster = unread{d.roster}
			if d.watchAgents(d.ctx) == nil {
				d.t.Error("it could be read")
			}
			d.roster = whole
			gone(d)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			d.furnish(staff.ByHand)
			d.online(ainoID, "Aino")
			d.signedIn(ainoID)
			c.happen(d)
			if told := d.toldNobody(d.awaits()); told != c.told {
				t.Errorf("told that nobody is there: %v", told)
			}
		})
	}
}

// An idle agent whom the roster has forgotten is given who waits as soon as the node has looked, and not at the next sign of life.
func TestARosterThatWasEmptiedIsFilledAtOnce(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	d.must(d.watchAgents(d.ctx))
	d.roster = memline.NewRoster(d.clock.Now)
	d.clock.pass(time.Second)
	id := d.awaits()
	d.must(d.watchAgents(d.ctx))
	d.dispatchOnce()
	if c := d.conversation(id); c.Agent != ainoID {
		t.Errorf("a second later it is %s with %q", c.State, c.Agent)
	}
}

// Who may be given to another team, now or before the next word, is not told that nobody is there while that team is.
func TestAnotherTeamIsSomebody(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		told  bool
	}{{0, false}, {2 * time.Minute, false}, {10 * time.Minute, true}} {
		d := newTestDesk(t, nil)
		d.must(d.store.PutTeam(d.ctx, staff.NewTeam("sales", "Sales")))
		d.staff(villeID, "Ville", func(a *store.Agent) { a.Teams = []string{"sales"} })
		d.team(func(t *staff.Team) { t.Rings = []staff.Ring{{After: c.after, Team: "sales"}} })
		d.online(villeID, "Ville")
		id := d.awaits()
		if told := d.toldNobody(id); told != c.told {
			t.Errorf("a ring after %s: told that nobody is there: %v", c.after, told)
		}
		d.dispatchOnce()
		if given := d.conversation(id).Agent == villeID; given != (c.after == 0) {
			t.Errorf("a ring after %s: given at once: %v", c.after, given)
		}
	}
}

// The wait is told while those are there who may take it, whichever team they are of.
func TestTheWaitForAnotherTeam(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	d.must(d.store.PutTeam(d.ctx, staff.NewTeam("sales", "Sales")))
	d.online(ainoID, "Aino")
	d.serveSome(12)
	d.team(func(t *staff.Team) { t.Rings = []staff.Ring{{Team: "sales"}} })
	d.Disconnected(ainoID)
	d.must(d.watchAgents(d.ctx))
	id := d.awaits()
	if w := d.waitOf(id); w != nil {
		t.Errorf("with nobody there %v", *w)
	}
	d.staff(villeID, "Ville", func(a *store.Agent) { a.Teams = []string{"sales"} })
	d.online(villeID, "Ville")
	if d.waitOf(id) == nil {
		t.Error("nothing is told while those are there who help")
	}
}

// Outside the hours who is there and has room is given who comes, and the customer is not told before that nobody is.
func TestWhoWorksLate(t *testing.T) {
	full := func(d *testDesk) {
		for range staff.DefaultCapacity {
			d.awaits()
		}
		d.dispatchOnce()
	}
	for _, c := range []struct {
		name   string
		way    staff.Assignment
		happen func(*testDesk)
		told   bool
	}{
		{"has room", staff.Auto, func(*testDesk) {}, false},
		{"is asked first", staff.Offered, func(*testDesk) {}, false},
		{"takes by hand", staff.ByHand, func(*testDesk) {}, true},
		{"has gone", staff.Auto, func(d *testDesk) { d.Disconnected(ainoID); d.must(d.watchAgents(d.ctx)) }, true},
		{"wants nothing new", staff.Auto, func(d *testDesk) {
			d.must(d.SetPresence(d.ctx, d.people().agents[ainoID], "busy", ""))
		}, true},
		{"is full", staff.Auto, full, true},
		{"writes another language", staff.Auto, func(d *testDesk) {
			d.staff(ainoID, "Aino", func(a *store.Agent) { a.Languages = []string{"sv"} })
		}, true},
		{"has room for who came before", staff.Auto, func(d *testDesk) {
			d.team(func(t *staff.Team) { t.Capacity = 1 })
			d.awaits()
			d.clock.pass(time.Second)
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			d.furnish(c.way)
			d.team(func(t *staff.Team) { t.Hours = &staff.Hours{Zone: "UTC"} }) // never open
			d.online(ainoID, "Aino")
			d.signedIn(ainoID)
			c.happen(d)
			id := d.awaits()
			if told := d.toldNobody(id); told != c.told {
				t.Errorf("told that nobody is there: %v", told)
			}
			d.must(d.assign(d.ctx, d.people().given))
			if now := d.conversation(id); c.told == (now.Agent != "" || now.Offer != nil) {
				t.Errorf("and then it is %s, of %q, offered %v", now.State, now.Agent, now.Offer)
			}
		})
	}
}

// Who waits in a house where nobody was hears of the first who comes, and need not wait for the next word.
func TestWhoWasAloneHearsOfWhoComes(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	id := d.awaits()
	if !d.toldNobody(id) {
		t.Fatal("not told that nobody is there")
	}
	d.clock.pass(5 * time.Second)
	d.must(d.carryOut(d.ctx))
	if !d.conversation(id).Alone {
		t.Fatal("nobody has come yet")
	}
	d.online(ainoID, "Aino")
	d.must(d.carryOut(d.ctx))
	c := d.conversation(id)
	log, err := wholeLog(d.ctx, d.store, c)
	d.must(err)
	if said := log[len(log)-1]; c.Alone || !strings.Contains(said.Contents.Text, "Nyt täällä on ihminen.") {
		t.Errorf("she came, and they were told %q", said.Contents.Text)
	}
	d.healthy()
}
