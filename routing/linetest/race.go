package linetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/routing"
)

const (
	workers = 32
	depth   = 10_000
)

// contest is one race: what every ticket went through.
type contest struct {
	line    routing.Line
	team    string
	tickets [depth]struct{ holders, givenBack, kept atomic.Int32 }
	left    atomic.Int32
}

// race has every worker put a part and then claim until nothing is left. One claim in seven is given back first. At no
// moment do two hold the same ticket, and in the end each was kept exactly once.
func race(t *testing.T, f Fixture) {
	c := &contest{line: f.Line, team: newTeam()}
	c.left.Store(depth)
	c.all(t, c.fill)
	c.all(t, func(t *testing.T, w int) error {
		for agent := fmt.Sprint("agent", w); c.left.Load() > 0; {
			if err := c.claim(t, agent); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range c.tickets {
		if n := c.tickets[i].kept.Load(); n != 1 {
			t.Fatalf("ticket %d was kept %d times", i, n)
		}
	}
	want(t, "List", waiting(t, f.Line, c.team), []string{})
}

func (c *contest) all(t *testing.T, work func(t *testing.T, worker int) error) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			if err := work(t, w); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func (c *contest) fill(t *testing.T, worker int) error {
	for i := worker; i < depth; i += workers {
		if err := c.line.Put(t.Context(), ticket(c.team, fmt.Sprintf("%05d", i), i%97)); err != nil {
			return err
		}
	}
	return nil
}

// claim takes one ticket, if there is one now: what is left may be on its way back from another.
func (c *contest) claim(t *testing.T, agent string) error {
	got, ok, err := c.line.Claim(t.Context(), c.team, within(taker(c.team, agent, routing.Unlimited), time.Hour))
	if err != nil || !ok {
		return err
	}
	var i int
	if _, err := fmt.Sscanf(got.Conversation, "%d", &i); err != nil {
		return err
	}
	mine := &c.tickets[i]
	if n := mine.holders.Add(1); n != 1 {
		return fmt.Errorf("%s has %d holders", got.Conversation, n)
	}
	if i%7 == 0 && mine.givenBack.Add(1) == 1 {
		mine.holders.Add(-1)
		return c.line.Release(t.Context(), c.team, got.Conversation, agent)
	}
	mine.kept.Add(1)
	c.left.Add(-1)
	return nil
}
