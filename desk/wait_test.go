package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// serveSome lets n customers wait for two minutes each, a minute after one another, until an agent takes them.
func (d *testDesk) serveSome(n int) {
	d.t.Helper()
	aino := d.agentPrincipal(ainoID, "Aino")
	next := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	for range n {
		d.clock.pass(time.Minute)
		id := next
		next = d.do(d.visitor(), "", chat.AskHuman{}).Conversation
		d.clock.pass(time.Minute)
		d.do(aino, id, chat.Take{})
		d.do(aino, id, chat.Resolve{})
	}
	d.do(aino, next, chat.Take{})
	d.do(aino, next, chat.Resolve{})
}

func (d *testDesk) waitOf(id string) *chat.Wait {
	d.t.Helper()
	d.clock.pass(lookEvery)
	_, wait := d.Place(d.ctx, d.conversation(id))
	return wait
}

func TestTheWaitIsTold(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	d.online(ainoID, "Aino")
	first := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	if w := d.waitOf(first); w != nil {
		t.Fatalf("by nothing it is told to take %+v", *w)
	}
	d.serveSome(12)
	d.must(d.renew(d.ctx))
	before := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	last := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	soon, later := d.waitOf(first), d.waitOf(last)
	if soon == nil || later == nil || soon.High > 10*60 || later.Low <= soon.Low || later.High <= soon.High {
		t.Fatalf("the first is told %v, the third %v", soon, later)
	}
	events, err := d.store.EventsAfter(d.ctx, last, store.ForLog, 0, 10)
	d.must(err)
	if told := escalated(events).Detail.Wait; told == nil || told.Low < soon.Low {
		t.Errorf("who came last was told %v", told)
	}
	v, err := d.View(d.ctx, d.conversation(before))
	d.must(err)
	if v.Wait == nil || v.Place == nil || *v.Place != 2 {
		t.Errorf("a snapshot shows place %v, wait %v", v.Place, v.Wait)
	}
	d.team(func(t *staff.Team) { t.Hours = &staff.Hours{Zone: "UTC"} }) // never open
	if w := d.waitOf(last); w != nil {
		t.Errorf("outside the hours it takes %+v", *w)
	}
	d.team(func(t *staff.Team) { t.Hours = nil })
	if d.waitOf(last) == nil {
		t.Error("within the hours nothing is told")
	}
	d.Disconnected(ainoID)
	d.clock.pass(time.Minute) // nobody is there any more
	if w := d.waitOf(last); w != nil {
		t.Errorf("with nobody there it takes %+v", *w)
	}
	raised := d.conversation(last)
	d.online(ainoID, "Aino")
	raised.Raised = true
	if _, w := d.Place(d.ctx, raised); w != nil {
		t.Errorf("in the supervisors' lane it takes %+v", *w)
	}
}

func escalated(events []chat.Event) (e chat.Event) {
	for _, e := range events {
		if e.Kind == chat.KindEscalated {
			return e
		}
	}
	return e
}

// What a step teaches of the line, and what it does not.
func TestWhatAStepTeaches(t *testing.T) {
	noon := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	waiting := func(change ...func(*chat.Conversation)) chat.Conversation {
		c := chat.Conversation{ID: "c", Team: "support", State: chat.Waiting, WaitingSince: noon.Add(-time.Hour)}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	in := func(s chat.State) chat.Conversation { return waiting(func(c *chat.Conversation) { c.State = s }) }
	had := func(c *chat.Conversation) { c.Fence = 7 }
	passedOn := func(c *chat.Conversation) { c.Offer = &chat.Offer{Agent: "a", From: "b"} }
	offered := func(c *chat.Conversation) { c.Offer = &chat.Offer{Agent: "a"} }
	none := routing.Pace{}
	for _, c := range []struct {
		name          string
		before, after chat.Conversation
		want          routing.Pace
	}{
		{"given to an agent", waiting(), in(chat.WithAgent), none.Served(noon, time.Hour)},
		{"accepted", waiting(offered), in(chat.WithAgent), none.Served(noon, time.Hour)},
		{"gave up", waiting(), in(chat.Closed), none.Left(noon, time.Hour)},
		{"left a message", waiting(), in(chat.Snoozed), none.Left(noon, time.Hour)},
		{"came", in(chat.WithBot), waiting(), none},
		{"goes on waiting", waiting(), waiting(offered), none},
		{"taken from the bot", in(chat.WithBot), in(chat.WithAgent), none},
		{"passed on by a colleague", waiting(passedOn), in(chat.WithAgent), none},
		{"had an agent before, another node knows when it came back", waiting(had), in(chat.WithAgent), none},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w waits
			w.learn(c.before, c.after, noon)
			if got := w.join("support", none); !got.Equal(c.want) {
				t.Errorf("learned %+v, not %+v", got, c.want)
			}
		})
	}
	t.Run("given back, and waited for ten minutes more", func(t *testing.T) {
		var w waits
		w.learn(in(chat.WithAgent), waiting(had), noon.Add(-10*time.Minute))
		w.learn(waiting(had), in(chat.WithAgent), noon)
		if got := w.join("support", none); !got.Equal(none.Served(noon, 10*time.Minute)) {
			t.Errorf("learned %+v", got)
		}
	})
}

// A restart forgets nothing, two nodes learn from one another, and what cannot be read is learned anew.
func TestWhatWasLearnedIsKept(t *testing.T) {
	one := newTestDesk(t, nil)
	one.furnish(staff.ByHand)
	one.online(ainoID, "Aino")
	one.serveSome(12)
	one.must(one.renew(one.ctx))
	one.must(one.keepWaits(one.ctx))
	id := one.do(one.visitor(), "", chat.AskHuman{}).Conversation
	want := one.waitOf(id)

	two := nodeOn(t, one.store, one.clock, one.line, one.roster, nil)
	two.must(two.refresh(two.ctx))
	if w := two.waitOf(id); w != nil {
		t.Fatalf("a node that has just begun knows %+v", *w)
	}
	two.must(two.keepWaits(two.ctx))
	if w := two.waitOf(id); want == nil || w == nil || *w != *want {
		t.Errorf("the new node tells %v, the old one %v", w, want)
	}

	two.serveSome(3)
	two.must(two.keepWaits(two.ctx))
	one.must(one.keepWaits(one.ctx))
	if a, b := one.waits.join("support", routing.Pace{}), two.waits.join("support", routing.Pace{}); !a.Equal(b) {
		t.Error("the nodes know not the same")
	}

	one.must(one.store.PutSetting(one.ctx, "wait.support", []byte("{")))
	three := nodeOn(t, one.store, one.clock, memline.New(one.clock.Now), one.roster, nil)
	three.must(three.refresh(three.ctx))
	three.must(three.keepWaits(three.ctx))
	one.must(one.keepWaits(one.ctx))
	three.must(three.keepWaits(three.ctx))
	if a, b := one.waits.join("support", routing.Pace{}), three.waits.join("support", routing.Pace{}); !a.Equal(b) {
		t.Error("after rubbish in the store it is not learned anew")
	}
}
