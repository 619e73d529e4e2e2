package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// alarms is how often the supervisors were told of a conversation that waits.
func (d *testDesk) alarms(id string) (n int) {
	d.t.Helper()
	log, err := d.store.EventsAfter(d.ctx, id, store.ForLog, 0, 100)
	d.must(err)
	for _, e := range log {
		if e.Kind == chat.KindNudged && e.Detail.Reason == "supervisor" && e.Detail.Agent == "" {
			n++
		}
	}
	return n
}

// rounds gives out the line for a while.
func (d *testDesk) rounds(seconds int) {
	d.t.Helper()
	for range seconds {
		d.clock.pass(time.Second)
		d.must(d.renewNow())
		d.dispatchOnce()
	}
}

// Somebody in danger whom nobody could be given is told of to the supervisors, once each time that they wait.
func TestInDangerAndNobodyHasRoom(t *testing.T) {
	d := newTestDesk(t, nil)
	aino := d.agentPrincipal(ainoID, "Aino")
	d.online(ainoID, "Aino")
	for range 3 { // which leaves room for one, and a crisis weighs two
		d.awaits()
	}
	d.dispatchOnce()
	usual := d.do(d.visitor(), "", chat.Post{Text: "olen aivan raivoissani, tämä on täysin naurettavaa ja haluan ihmisen nyt"}).Conversation
	id := d.do(d.visitor(), "", chat.Post{Text: "en jaksa enää elää, haluan kuolla"}).Conversation
	before := d.conversation(id)
	if d.rounds(4); d.alarms(id) != 0 {
		t.Fatal("the supervisors are told before it could be given")
	}
	d.rounds(20)
	c := d.conversation(id)
	if c.State != chat.Waiting || d.alarms(id) != 1 || *c.Due != *before.Due || c.Nudges != before.Nudges {
		t.Errorf("%s, told %d times; due %v, was %v", c.State, d.alarms(id), c.Due, before.Due)
	}
	if n := d.alarms(usual); n != 0 {
		t.Errorf("of who is not in danger they are told %d times", n)
	}
	other := nodeOn(t, d.store, d.clock, d.line, d.roster, nil)
	other.must(other.refresh(other.ctx))
	if other.dispatchOnce(); d.alarms(id) != 1 {
		t.Errorf("told %d times by two nodes", d.alarms(id))
	}
	d.do(aino, id, chat.Take{})
	d.do(aino, id, chat.Release{})
	if d.rounds(10); d.alarms(id) != 2 {
		t.Errorf("given back, told %d times", d.alarms(id))
	}
	d.healthy()
}

// Who is offered to somebody is not left in the line, until the offer has come to nothing.
func TestInDangerAndOffered(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	id := d.do(d.visitor(), "", chat.Post{Text: "en jaksa enää elää, haluan kuolla"}).Conversation
	if d.rounds(20); d.alarms(id) != 0 {
		t.Error("the supervisors are told while somebody is asked")
	}
	d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Decline{})
	if d.rounds(2); d.alarms(id) != 1 {
		t.Errorf("declined, told %d times", d.alarms(id))
	}
}
