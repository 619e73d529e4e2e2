package desk

import (
	"context"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// What the house notes of an agent is no sign of life: who is gone with the node that they were connected to is not kept
// there by the offers that they miss.
func TestAMissedOfferIsNoSignOfLife(t *testing.T) {
	one, two := twoNodes(t)
	one.online(ainoID, "Aino")
	id := two.awaits()
	two.team(func(t *staff.Team) { t.Patience.Offer = 20 * time.Second })
	two.dispatchOnce()
	two.sweepAfter(20 * time.Second) // and one is no more
	if p := two.status(ainoID); two.conversation(id).Missed != 1 || p.Status != routing.Online || p.Reason != missedOne {
		t.Fatalf("missed %d, and she is %s, %q", two.conversation(id).Missed, p.Status, p.Reason)
	}
	two.clock.pass(routing.PresenceLease - 20*time.Second)
	if p := two.status(ainoID); p.Status != routing.Offline || !p.Lost {
		t.Errorf("%s after her last sign of life she is %s", routing.PresenceLease, p.Status)
	}
}

// What the house notes does not undo what the agent has said meanwhile.
func TestWhoWentAwayIsNotFoundOnline(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	if _, err := d.roster.Set(d.ctx, ainoID, routing.Away, "lounas"); err != nil {
		t.Fatal(err)
	}
	d.must(d.note(d.ctx, ainoID, routing.Online, routing.Online, missedOne))
	if p := d.status(ainoID); p.Status != routing.Away || p.Reason != "lounas" {
		t.Errorf("she is %s, %q", p.Status, p.Reason)
	}
}

// closing is a roster that is slow: while it renews, a connection is closed.
type closing struct {
	routing.Roster
	meanwhile func()
}

func (r closing) Renew(ctx context.Context, agents []string) ([]string, error) {
	unknown, err := r.Roster.Renew(ctx, agents)
	r.meanwhile()
	return unknown, err
}

// Who was lost, and whose connection is closed while the node asks whether they are known, is not brought back by it.
func TestAConnectionThatEndsWhileItIsRenewed(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	id := d.awaits()
	d.dispatchOnce()
	d.clock.pass(2 * routing.PresenceLease) // the machine stood still
	d.roster = closing{d.roster, func() { d.Disconnected(ainoID) }}
	d.must(d.renewNow())
	if p := d.status(ainoID); p.Status != routing.Offline {
		t.Errorf("she is %s", p.Status)
	}
	d.roster = closing{d.roster.(closing).Roster, func() {}}
	for range 30 {
		d.must(d.watchAgents(d.ctx))
		d.clock.pass(time.Second)
	}
	if c := d.conversation(id); c.State != chat.Waiting {
		t.Errorf("30 s later her conversation is %s", c.State)
	}
}

// setting is a roster that does something else before it sets who is there.
type setting struct {
	routing.Roster
	before func(status routing.Status) error
}

func (r setting) Set(ctx context.Context, agent string, status routing.Status, reason string) (routing.Presence, error) {
	if err := r.before(status); err != nil {
		return routing.Presence{}, err
	}
	return r.Roster.Set(ctx, agent, status, reason)
}

// Who comes back says that they are online while the node, which had not heard it yet, is about to call them away: they are
// online.
func TestWhatAnAgentSaysWhileTheyAreRenewed(t *testing.T) {
	d := newTestDesk(t, nil)
	d.Connected(ainoID)
	whole, says := d.roster, 0
	d.roster = setting{whole, func(status routing.Status) error {
		if status == routing.Away && says == 0 {
			says++
			d.must(d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, "online", ""))
		}
		return nil
	}}
	d.must(d.renewNow())
	if p := d.status(ainoID); p.Status != routing.Online || says != 1 {
		t.Errorf("she is %s, having said %d times that she is online", p.Status, says)
	}
}

// What the roster could not be told is told as soon as it listens: an agent whose screen says online is given conversations.
func TestWhatTheRosterDidNotHear(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	deaf, whole := true, d.roster
	d.roster = setting{whole, func(routing.Status) error {
		if deaf {
			return chat.Errorf(chat.Unavailable, "the roster is away")
		}
		return nil
	}}
	for _, status := range []routing.Status{routing.Away, routing.Online, routing.Offline} {
		before := d.status(ainoID).Status
		deaf = true
		if err := d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, string(status), ""); chat.KindOf(err) != chat.Unavailable {
			t.Fatalf("%s: %v", status, err)
		}
		if err := d.watchAgents(d.ctx); chat.KindOf(err) != chat.Unavailable || d.status(ainoID).Status != before {
			t.Fatalf("%v, and she is %s", err, d.status(ainoID).Status)
		}
		deaf = false
		d.must(d.watchAgents(d.ctx))
		if p := d.status(ainoID); p.Status != status {
			t.Errorf("she is %s, and said %s", p.Status, status)
		}
	}
}

// What is held out to who is gone goes to somebody else when what they have does, and is none that they let pass.
func TestAnOfferEndsWithItsAgent(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.team(func(t *staff.Team) { t.Patience.Offer = 10 * time.Minute })
	d.online(ainoID, "Aino")
	id := d.awaits()
	since := d.conversation(id).WaitingSince
	d.dispatchOnce()
	d.Disconnected(ainoID)
	for range 20 {
		d.must(d.watchAgents(d.ctx))
		d.clock.pass(time.Second)
	}
	d.online(villeID, "Ville")
	d.dispatchOnce()
	if o := d.conversation(id).Offer; o == nil || o.Agent != ainoID {
		t.Fatalf("there was no grace: it is held out to %v", o)
	}
	for range 10 {
		d.must(d.watchAgents(d.ctx))
		d.clock.pass(time.Second)
	}
	d.dispatchOnce()
	c := d.conversation(id)
	if c.Offer == nil || c.Offer.Agent != villeID || c.Missed != 0 || !c.WaitingSince.Equal(since) {
		t.Errorf("half a minute after she had gone it is held out to %v, missed %d, since %v", c.Offer, c.Missed, c.WaitingSince)
	}
	if n := d.Stats().Missed.Load(); n != 0 {
		t.Errorf("%d missed offers are counted", n)
	}
	d.healthy()
}

// away is a store that cannot be read for a moment.
type away struct {
	store.Store
	times int
}

func (s *away) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	if s.times--; s.times >= 0 {
		return nil, chat.Errorf(chat.Unavailable, "the store is away")
	}
	return s.Store.HeldBy(ctx, agent)
}

// A store that is away for a moment when an agent's conversations are looked for costs them that moment, and no more.
func TestAStoreThatIsAwayWhenSomebodyIsGone(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	id := d.awaits()
	d.dispatchOnce()
	d.Disconnected(ainoID)
	d.Desk.store = &away{d.Desk.store, 2}
	failed := 0
	for range 30 {
		if err := d.watchAgents(d.ctx); err != nil {
			failed++
		}
		d.clock.pass(time.Second)
	}
	if c := d.conversation(id); failed != 2 || c.State != chat.Waiting {
		t.Errorf("after %d failures and 30 s it is %s", failed, c.State)
	}
}
