package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
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
	if g.Waiting["support"] != 2 || g.Longest["support"] != 5*time.Minute || g.Silence != 5*time.Minute {
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
	if g, err = d.Gauges(d.ctx); err != nil || g.Waiting["support"] != 1 || g.Silence != time.Minute {
		t.Errorf("one waits, one is answered: %+v, %v", g, err)
	}
	d.do(marja, first, chat.Post{Text: "Hei"})
	d.clock.pass(10 * time.Minute)
	d.do(d.agentPrincipal(ainoID, "Aino"), first, chat.Note{Text: "katson"}) // a note is no answer
	if g, err = d.Gauges(d.ctx); err != nil || g.Longest["support"] != 11*time.Minute || g.Silence != 11*time.Minute {
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
	at := func(d *Desk, after time.Duration) *chat.Promise {
		return &chat.Promise{At: d.now().Add(after - time.Hour), Until: d.now().Add(after), Channel: chat.ByPhone}
	}
	given := func(snoozed, assigned, released int64) chat.Done {
		return chat.Done{Snoozed: chat.Numbers{Agent: snoozed}, Assigned: chat.Numbers{Agent: assigned}, Released: chat.Numbers{Agent: released}}
	}
	for name, c := range map[string]struct {
		until        time.Duration
		before, now  chat.Conversation
		kept, broken int64
	}{
		"given in time":               {time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, chat.Conversation{State: chat.WithAgent, Given: given(9, 12, 0)}, 1, 0},
		"given too late":              {-time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 0, 0)}, chat.Conversation{State: chat.WithAgent, Given: given(9, 12, 0)}, 0, 1},
		"woken to its agent":          {time.Minute, chat.Conversation{State: chat.Snoozed, Given: given(9, 3, 0)}, chat.Conversation{State: chat.WithAgent, Given: given(9, 3, 0)}, 1, 0},
		"woken to the line":           {time.Minute, chat.Conversation{State: chat.Snoozed, Given: given(9, 3, 0)}, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, 0, 0},
		"closed in time":              {time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, chat.Conversation{State: chat.Closed, Given: given(9, 3, 0)}, 0, 0},
		"closed when it was late":     {-time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, chat.Conversation{State: chat.Closed, Given: given(9, 3, 0)}, 0, 1},
		"given once more":             {time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 12, 14)}, chat.Conversation{State: chat.WithAgent, Given: given(9, 20, 14)}, 0, 0},
		"released by whom it woke to": {-time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 14)}, chat.Conversation{State: chat.WithAgent, Given: given(9, 20, 14)}, 0, 0},
		"said something":              {time.Minute, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, chat.Conversation{State: chat.Waiting, Given: given(9, 3, 0)}, 0, 0},
	} {
		d := newTestDesk(t, nil)
		c.before.Promise = at(d.Desk, c.until)
		d.keep(c.before, c.now)
		if k, b := d.Stats().PromisesKept.Load(), d.Stats().PromisesBroken.Load(); k != c.kept || b != c.broken {
			t.Errorf("%s: %d kept, %d broken", name, k, b)
		}
		d.keep(chat.Conversation{State: chat.Waiting}, chat.Conversation{State: chat.WithAgent, Given: given(0, 2, 0)})
		if d.Stats().PromisesKept.Load() != c.kept {
			t.Error("what was not promised is counted")
		}
	}
}
