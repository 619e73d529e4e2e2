package linetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/routing"
)

// rush is a race with all that a line has: classes, weights, agents who work at several desks at once, and perhaps the
// loss of everything. Like the store it keeps who was given what: the first to write it down has it.
type rush struct {
	fixture Fixture
	team    string
	line    atomic.Pointer[routing.Line]
	given   [depth]atomic.Bool
	twice   [depth]atomic.Int32 // holders at this moment
	back    [depth]atomic.Bool  // was given back once
	left    atomic.Int32
	agents  [8]struct{ weight atomic.Int64 } // of what each holds at this moment, at most
}

// free is what an agent of a rush may hold, in hundredths.
const free = 500

// rushTicket is of one of twelve classes and weighs 50 to 200.
func rushTicket(team string, i int) routing.Ticket {
	t := ticket(team, fmt.Sprintf("%05d", i), i%97)
	t.Language = []string{"fi", "sv", ""}[i%3]
	t.Weight = []int{50, 100, 150, 200}[i/3%4]
	if i%2 == 0 {
		t.Skills = []string{"billing"}
	}
	if i%5 == 0 {
		t.Raised = true
	}
	return t
}

func (c *rush) taker(agent int) routing.Taker {
	by := taker(c.team, fmt.Sprint("agent", agent), 1)
	by.Free, by.Supervisor, by.Skills, by.Lease = free, agent%2 == 0, []string{"billing"}, time.Hour
	by.Languages = [][]string{nil, {"fi"}, {"sv", "fi"}}[agent%3]
	if agent%4 == 1 {
		by.Skills = nil
	}
	return by
}

func (c *rush) now() routing.Line { return *c.line.Load() }

func raceLimit(t *testing.T, f Fixture) {
	c := newRush(t, f)
	c.run(t, nil)
	for i := range c.given {
		if !c.given[i].Load() {
			t.Fatalf("ticket %d was given to nobody", i)
		}
	}
	want(t, "List", waiting(t, c.now(), c.team), []string{})
}

// raceLose flushes the line while 32 goroutines claim from it. What was held may then be claimed once more, and the store
// says who has it; but everybody is given to somebody, and in the end line and store agree.
func raceLose(t *testing.T, f Fixture) {
	c := newRush(t, f)
	c.run(t, func() error {
		after := f.Lose(t)
		c.line.Store(&after)
		return c.reconcile(t)
	})
	must(t, c.reconcile(t))
	for i := range c.given {
		if !c.given[i].Load() {
			t.Fatalf("ticket %d was given to nobody", i)
		}
	}
	want(t, "List", waiting(t, c.now(), c.team), []string{})
}

func newRush(t *testing.T, f Fixture) *rush {
	c := &rush{fixture: f, team: newTeam()}
	c.line.Store(&f.Line)
	c.left.Store(depth)
	must(t, c.reconcile(t))
	return c
}

// reconcile gives the line what the store has.
func (c *rush) reconcile(t *testing.T) error {
	_, err := c.now().Reconcile(t.Context(), c.team, func(_ context.Context, more add) error {
		var all []routing.Ticket
		for i := range c.given {
			if !c.given[i].Load() {
				all = append(all, rushTicket(c.team, i))
			}
		}
		return more(all)
	})
	return err
}

// run has 32 goroutines claim until nothing is left; when half is given, halfway is called, and the goroutines go on. The
// first agent serves all; another who finds nothing for a while goes home.
func (c *rush) run(t *testing.T, halfway func() error) {
	var once sync.Once
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			agent := w % len(c.agents)
			for misses := 0; c.left.Load() > 0 && (agent == 0 || misses < 20); {
				var lost error
				if halfway != nil && c.left.Load() < depth/2 {
					once.Do(func() { lost = halfway() })
				}
				ok, err := c.claim(t, agent, halfway == nil)
				if err := errors.Join(lost, err); err != nil {
					t.Error(err)
					return
				}
				if misses++; ok {
					misses = 0
				}
			}
		})
	}
	all.Wait()
}

// claim takes a ticket, writes down that it is given, and drops it. What the agent holds is counted after it is theirs and
// until it is given up, so it is never more than the line knows of.
func (c *rush) claim(t *testing.T, agent int, once bool) (ok bool, err error) {
	by, line := c.taker(agent), c.now()
	got, ok, err := line.Claim(t.Context(), c.team, by)
	if err != nil || !ok {
		return false, err
	}
	var i int
	if _, err := fmt.Sscanf(got.Conversation, "%d", &i); err != nil {
		return false, err
	}
	if !by.Serves(got) {
		return false, fmt.Errorf("%+v was given to %+v", got, by)
	}
	weight := int64(got.Weighs())
	if n := c.agents[agent].weight.Add(weight); once && n > free {
		return false, fmt.Errorf("%s holds %d, and is free for %d", by.Agent, n, free)
	}
	if n := c.twice[i].Add(1); once && n != 1 {
		return false, fmt.Errorf("%s has %d holders", got.Conversation, n)
	}
	back := i%7 == 0 && c.back[i].CompareAndSwap(false, true) // one in seven is given back first
	if !back && c.given[i].CompareAndSwap(false, true) {
		c.left.Add(-1)
	}
	c.twice[i].Add(-1)
	c.agents[agent].weight.Add(-weight)
	if back && !c.given[i].Load() {
		return true, line.Release(t.Context(), c.team, got.Conversation, by.Agent)
	}
	return true, line.Drop(t.Context(), c.team, got.Conversation)
}
