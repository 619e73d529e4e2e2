package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

func TestGauges(t *testing.T) {
	d := newTestDesk(t, nil)
	marja, olli := d.visitor(), d.visitor()
	first := d.do(marja, "", chat.AskHuman{}).Conversation
	d.clock.pass(4 * time.Minute)
	d.do(olli, "", chat.AskHuman{})
	d.clock.pass(time.Minute)
	g, err := d.Gauges(d.ctx)
	d.must(err)
	if g.Waiting["support"] != 2 || g.Longest["support"] != 5*time.Minute || g.LongestOwed != 5*time.Minute {
		t.Errorf("two wait: %+v", g)
	}
	for team, n := range g.Waiting {
		if team != "support" && n != 0 {
			t.Errorf("%d wait for %s", n, team)
		}
	}
	aino := d.agentPrincipal(ainoID, "Aino")
	d.do(aino, first, chat.Take{})
	d.do(aino, first, chat.Post{Text: "Hei, t\u00e4ss\u00e4 Aino."})
	if g, err = d.Gauges(d.ctx); err != nil || g.Waiting["support"] != 1 || g.LongestOwed != time.Minute {
		t.Errorf("one waits, one is answered: %+v, %v", g, err)
	}
	d.do(marja, first, chat.Post{Text: "Hei"})
	d.clock.pass(10 * time.Minute)
	d.do(d.agentPrincipal(ainoID, "Aino"), first, chat.Note{Text: "katson"}) // a note is no answer
	if g, err = d.Gauges(d.ctx); err != nil || g.Longest["support"] != 11*time.Minute || g.LongestOwed != 11*time.Minute {
		t.Errorf("later: %+v, %v", g, err)
	}
}

// Who is in danger is told of apart from the others, until a person has answered.
func TestGaugesOfACrisis(t *testing.T) {
	d := newTestDesk(t, nil)
	d.do(d.visitor(), "", chat.AskHuman{})
	d.clock.pass(time.Minute)
	id := d.do(d.visitor(), "", chat.Post{Text: "en jaksa enää elää, aion tappaa itseni"}).Conversation
	d.clock.pass(2 * time.Minute)
	told := func() time.Duration {
		g, err := d.Gauges(d.ctx)
		d.must(err)
		return g.Danger
	}
	if got := told(); got != 2*time.Minute {
		t.Errorf("in danger for %v", got)
	}
	aino := d.agentPrincipal(ainoID, "Aino")
	d.do(aino, id, chat.Take{})
	if got := told(); got != 2*time.Minute {
		t.Errorf("taken and not answered: %v", got)
	}
	d.do(aino, id, chat.Post{Text: "Olen tässä. Oletko nyt turvassa?"})
	if got := told(); got != 0 {
		t.Errorf("answered: %v", got)
	}
}

func TestPromisesAreCounted(t *testing.T) {
	aino := func(d *testDesk, id string, cmd chat.Command) { d.do(d.agentPrincipal(ainoID, "Aino"), id, cmd) }
	take := func(d *testDesk, id string) { aino(d, id, chat.Take{}) }
	later := func(d *testDesk, id string) { aino(d, id, chat.Snooze{Until: d.now().Add(48 * time.Hour)}) }
	end := func(d *testDesk, id string) { d.do(staff.AsVisitor(d.conversation(id).Visitor), id, chat.End{}) }
	pass := func(by time.Duration) func(*testDesk, string) {
		return func(d *testDesk, _ string) { d.sweepAfter(by) }
	}
	type story []func(d *testDesk, id string)
	for _, c := range []struct {
		name         string
		channel      string
		story        story
		kept, broken int64
	}{
		{"taken in time", chat.ByPhone, story{pass(time.Hour), take}, 1, 0},
		{"taken in time, put aside, taken again", chat.ByPhone, story{pass(time.Hour), take, later, take}, 1, 0},
		{"taken too late", chat.ByPhone, story{pass(121 * time.Minute), take}, 0, 1},
		{"nobody came", chat.ByPhone, story{pass(time.Hour)}, 0, 0},
		{"ended when it was late", chat.ByPhone, story{pass(121 * time.Minute), end}, 0, 1},
		{"ended in time", chat.ByPhone, story{pass(time.Minute), end}, 0, 0},
		{"taken before the hour of the call", chat.ByPhone, story{take}, 0, 0},
		{"taken before the hour, and there when it comes", chat.ByPhone, story{take, pass(time.Hour), later}, 1, 0},
		{"taken before the hour, put aside, and forgotten", chat.ByPhone, story{take, later, pass(121 * time.Minute), take}, 0, 1},
		{"an answer by mail that comes sooner", chat.ByEmail, story{take}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
			promise := chat.Promise{At: d.now().Add(time.Hour), Until: d.now().Add(2 * time.Hour), Channel: c.channel}
			d.must(d.step(d.ctx, id, func(chat.Conversation) chat.Command { return chat.PutOff{Promise: promise} }))
			for _, do := range c.story {
				do(d, id)
			}
			if k, b := d.Stats().PromisesKept.Load(), d.Stats().PromisesBroken.Load(); k != c.kept || b != c.broken {
				t.Errorf("%d kept, %d broken", k, b)
			}
			d.healthy()
		})
	}
}
