package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// TestWhoComesBackIsNotedNowAndThen: a connection that was lost for a moment writes nothing.
func TestWhoComesBackIsNotedNowAndThen(t *testing.T) {
	d := newTestDesk(t, nil)
	greeted, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	first := d.clock.Now()
	for _, c := range []struct {
		pause time.Duration
		noted bool
	}{{time.Second, false}, {seenEvery - 2*time.Second, false}, {time.Second, true}} {
		d.clock.pass(c.pause)
		_, _, err := d.VisitorHello(d.ctx, "demo", greeted.Token, "fi", nil)
		d.must(err)
		v, err := d.store.Visitor(d.ctx, greeted.Visitor)
		d.must(err)
		if noted := v.SeenAt.After(first); noted != c.noted {
			t.Errorf("%v after the first: noted %v, want %v", d.clock.Now().Sub(first), noted, c.noted)
		}
	}
}

// TestOnlyAgentsAreToldWhoTheVisitorIs: the name is looked up where it is shown, and nowhere else.
func TestOnlyAgentsAreToldWhoTheVisitorIs(t *testing.T) {
	d := newTestDesk(t, nil)
	greeted, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	ack := d.do(staff.AsVisitor(greeted.Visitor), "", chat.Post{Text: "milloin olette auki"})
	c := d.conversation(ack.Conversation)
	forAgent, err := d.View(d.ctx, c)
	d.must(err)
	_, forVisitor, err := d.VisitorHello(d.ctx, "demo", greeted.Token, "", nil)
	d.must(err)
	if forAgent.FirstSeen.IsZero() {
		t.Error("an agent is not told when the visitor first came")
	}
	if len(forVisitor) != 1 || forVisitor[0].Conversation.ID != c.ID || !forVisitor[0].FirstSeen.IsZero() {
		t.Errorf("a visitor gets %+v", forVisitor)
	}
}
