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
	putOff := func(c *chat.Conversation) { c.Given.Snoozed.Agent = 5 }
	from := func(hour int) *staff.Hours {
		h := &staff.Hours{Zone: "UTC"}
		h.Week[1] = []staff.Interval{{From: staff.Clock(60*hour - 10), To: 13 * 60}}
		return h
	}
	none := routing.Pace{}
	for _, c := range []struct {
		name          string
		before, after chat.Conversation
		hours         *staff.Hours
		want          routing.Pace
	}{
		{"given to an agent", waiting(), in(chat.WithAgent), nil, none.Served(noon, time.Hour)},
		{"accepted", waiting(offered), in(chat.WithAgent), nil, none.Served(noon, time.Hour)},
		{"gave up", waiting(), in(chat.Closed), nil, none.Left(noon, time.Hour)},
		{"left a message", waiting(), in(chat.Snoozed), nil, none.Left(noon, time.Hour)},
		{"came", in(chat.WithBot), waiting(), nil, none},
		{"goes on waiting", waiting(), waiting(offered), nil, none},
		{"taken from the bot", in(chat.WithBot), in(chat.WithAgent), nil, none},
		{"passed on by a colleague", waiting(passedOn), in(chat.WithAgent), nil, none},
		{"had an agent before, another node knows when it came back", waiting(had), in(chat.WithAgent), nil, none},
		{"was put off, another node knows when it came back", waiting(putOff), in(chat.WithAgent), nil, none},
		{"came before the opening", waiting(), in(chat.WithAgent), from(12), none.Served(noon, 10*time.Minute)},
		{"gave up, having come before the opening", waiting(), in(chat.Closed), from(12), none.Left(noon, 10*time.Minute)},
		{"came after the opening", waiting(), in(chat.WithAgent), from(9), none.Served(noon, time.Hour)},
		{"given to who works before the opening", waiting(), in(chat.WithAgent), from(13), none},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w waits
			w.learn(c.before, c.after, c.hours, noon)
			if got := w.join("support", none); !got.Equal(c.want) {
				t.Errorf("learned %+v, not %+v", got, c.want)
			}
		})
	}
	for name, back := range map[string]struct {
		from chat.State
		how  func(*chat.Conversation)
	}{"given back": {chat.WithAgent, had}, "woken": {chat.Snoozed, putOff}} {
		t.Run(name+", and waited for ten minutes more", func(t *testing.T) {
			var w waits
			w.learn(in(back.from), waiting(back.how), nil, noon.Add(-10*time.Minute))
			w.learn(waiting(back.how), in(chat.WithAgent), nil, noon)
			if got := w.join("support", none); !got.Equal(none.Served(noon, 10*time.Minute)) {
				t.Errorf("learned %+v", got)
			}
		})
	}
}

// office opens the team from 8 to 22.
func (d *testDesk) office() {
	d.t.Helper()
	d.team(func(t *staff.Team) {
		t.Hours = &staff.Hours{Zone: "UTC"}
		for day := range t.Hours.Week {
			t.Hours.Week[day] = []staff.Interval{{From: 8 * 60, To: 22 * 60}}
		}
	})
}

// What one customer did in the night ruins nobody's morning: each is told what they would be without that one.
func TestTheNightIsNoWait(t *testing.T) {
	stays := func(*testDesk, staff.Principal, string) {}
	leaves := func(d *testDesk, marja staff.Principal, id string) {
		d.choose(marja, id, "leave_message")
		d.fill(marja, id, map[string]string{"email": "marja@esimerkki.example"})
	}
	morning := func(t *testing.T, night func(*testDesk, staff.Principal, string), seenBy func(*testDesk) *testDesk) (told []chat.Wait) {
		d := newTestDesk(t, nil)
		d.furnish(staff.ByHand)
		d.letters = &postbox{}
		d.office()
		d.clock.pass(8 * time.Hour) // 22.20
		id := ""
		if night != nil {
			marja := d.visitor()
			id = d.do(marja, "", chat.AskHuman{}).Conversation
			night(d, marja, id)
		}
		d.clock.pass(9*time.Hour + 40*time.Minute + time.Second)
		d.must(d.carryOut(d.ctx))
		d = seenBy(d)
		d.online(ainoID, "Aino")
		for range 3 {
			d.serveSome(4)
			d.online(ainoID, "Aino")
			asks := d.awaits()
			if wait := d.waitOf(asks); wait != nil {
				told = append(told, *wait)
			}
			for _, id := range []string{asks, id} {
				if id != "" {
					d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Take{})
					d.do(d.agentPrincipal(ainoID, "Aino"), id, chat.Resolve{})
				}
			}
			id = ""
		}
		return told
	}
	same := func(d *testDesk) *testDesk { return d }
	other := func(d *testDesk) *testDesk {
		two := nodeOn(d.t, d.store, d.clock, d.line, d.roster, nil)
		two.must(two.refresh(two.ctx))
		return two
	}
	for node, seenBy := range map[string]func(*testDesk) *testDesk{"the node of the night": same, "another node": other} {
		usual := morning(t, nil, seenBy)
		if len(usual) != 3 {
			t.Fatalf("a usual morning is told %v", usual)
		}
		for name, night := range map[string]func(*testDesk, staff.Principal, string){"stays in the line": stays, "leaves a message": leaves} {
			told := morning(t, night, seenBy)
			if len(told) != 3 || told[0].High > 10*60 || told[1] != usual[1] || told[2] != usual[2] {
				t.Errorf("%s, one %s in the night: told %v, usually %v", node, name, told, usual)
			}
		}
	}
}

// Who was put off until a call stands at the head again, and has not waited there since the morning, for whoever looks.
func TestWhoIsCalledBackHasNotWaitedSince(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	marja := d.visitor()
	id := d.do(marja, "", chat.AskHuman{}).Conversation
	d.choose(marja, id, "call_back")
	d.choose(marja, id, d.conversation(id).Asked[1].Options[2].ID)
	d.fill(marja, id, map[string]string{"phone": "040 123 4567"})
	d.clock.pass(d.conversation(id).Promise.At.Sub(d.now()) - 30*time.Minute)
	d.online(ainoID, "Aino")
	d.serveSome(12)
	d.must(d.keepWaits(d.ctx))
	other := nodeOn(t, d.store, d.clock, d.line, d.roster, nil)
	other.must(other.refresh(other.ctx))
	other.must(other.keepWaits(other.ctx))
	d.sweepAfter(d.conversation(id).Promise.At.Sub(d.now()) + time.Second)
	d.online(ainoID, "Aino")
	next := d.awaits()
	for name, node := range map[string]*testDesk{"which woke it": d, "which did not see it": other} {
		if w := node.waitOf(next); w == nil || w.High > 10*60 {
			t.Errorf("on the node %s, who comes then is told %v", name, w)
		}
	}
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
