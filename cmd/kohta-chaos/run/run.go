// Package run does whole chaos runs: it builds the fleet, lets everybody talk while the nemesis does harm, heals all of it, reads
// everything again, and has it judged.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/cmd/kohta-chaos/nemesis"
)

// Options say what a run does.
type Options struct {
	Binary    string // the program kohta
	Beside    string // a later version of it, which every second node runs, and the others after a deploy
	Seed      uint64
	For       time.Duration // of the harm
	Acks      int           // the harm goes on until there are so many, at most three times as long
	Nodes     int
	SQLite    bool // one node over its embedded database
	Customers int
	Agents    int
	Faults    []string
	Every     time.Duration // from one fault to the next
	Rest      time.Duration // mean, of a customer between two messages
	Clocks    bool          // the program is built with a clock that can be set
	Times     int           // end after so many faults; 0: by time alone
	Keep      string        // folder for what is left of a run; a temporary one, which is removed, if empty
	Notes     io.Writer
}

// Times after the last fault.
const (
	healthy    = 3 * time.Second // everybody goes on talking
	quiet      = 2 * time.Second // nothing happens on any screen
	settleIn   = 90 * time.Second
	drainIn    = 120 * time.Second // nobody waits in the line any more: a lost agent is noticed within 30 s and has 30 s of grace
	baselineIn = 60 * time.Second
	readings   = 3 // at most, of everything
)

// chaos is one run.
type chaos struct {
	Options
	fleet  *fleet.Fleet
	crowd  *crowd.Crowd
	result Result
}

// Do does one run. Its error means that nothing was judged; what went wrong in the desk is in the result.
func Do(ctx context.Context, o Options) (Result, error) {
	dir := o.Keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "kohta-chaos"); err != nil {
			return Result{}, err
		}
		defer os.RemoveAll(dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Result{}, err
	}
	c := &chaos{Options: o, result: Result{Seed: o.Seed, Nodes: o.Nodes, Database: "Postgres", Customers: o.Customers, Agents: o.Agents}}
	if o.SQLite {
		c.result.Database = "SQLite"
	}
	err := c.do(ctx, dir)
	return c.result, err
}

func (c *chaos) note(words string, args ...any) { fmt.Fprintf(c.Notes, words+"\n", args...) }

func (c *chaos) do(ctx context.Context, dir string) (err error) {
	c.note("seed %d: %d nodes, %d customers, %d agents", c.Seed, c.Nodes, c.Customers, c.Agents)
	c.fleet, err = fleet.Start(ctx, fleet.Options{
		Binary: c.Binary, Beside: c.Beside, Nodes: c.Nodes, SQLite: c.SQLite, Clocks: c.Clocks, Dir: dir, Agents: c.Agents, Capacity: capacity(c.Customers, c.Agents),
	})
	if err != nil {
		return err
	}
	defer c.fleet.Close()
	if c.result.Before, err = c.usage(ctx); err != nil {
		return err
	}
	if c.crowd, err = crowd.Gather(ctx, c.who()); err != nil {
		return err
	}
	defer c.crowd.Leave()
	begun := time.Now()
	if err := c.harm(ctx); err != nil {
		return err
	}
	c.result.took(time.Since(begun))
	if err := c.judge(ctx); err != nil {
		return err
	}
	c.crowd.Leave()
	c.result.After, err = c.baseline(ctx)
	for _, n := range c.fleet.Nodes {
		c.result.Ended = append(c.result.Ended, n.Ended()...)
		c.result.Errors += n.Errors()
	}
	return err
}

// capacity gives the agents together room for a fifth more than all customers.
func capacity(customers, agents int) int {
	return min(100, max(2, (customers*6/5+agents-1)/max(1, agents)))
}

func (c *chaos) who() crowd.Options {
	o := crowd.Options{
		Address: c.fleet.Balancer.Address(), Site: fleet.Site, Customers: c.Customers, Watcher: fleet.Watcher,
		Password: fleet.Password, Seed: c.Seed, Rest: c.Rest,
	}
	for i := range c.Agents {
		o.Agents = append(o.Agents, fleet.Agent(i))
	}
	return o
}

// harm lets everybody talk while the nemesis is at work, and then in peace until nothing happens any more.
func (c *chaos) harm(ctx context.Context) error {
	n := &nemesis.Nemesis{
		Fleet: c.fleet, Crowd: c.crowd, Rand: rand.New(rand.NewPCG(c.Seed, 0)), Notes: c.Notes, Done: map[string]int{},
		Faults: c.Faults, Every: c.Every, Times: c.Times,
	}
	c.crowd.Talk(ctx)
	working, stop := context.WithCancel(ctx)
	var doing sync.WaitGroup
	var failed error
	doing.Go(func() {
		failed = n.Run(working)
		stop()
	})
	c.watch(working)
	stop()
	doing.Wait()
	c.result.Faults, c.result.Troubles = n.Done, n.Troubles
	c.result.Stops, c.result.StopMax = len(n.Stops), quantile(n.Stops, 100)/1000
	if err := errors.Join(failed, c.heal(ctx)); err != nil {
		return err
	}
	wait(ctx, healthy)
	c.crowd.Silence()
	c.note("silence: %d acknowledged", c.crowd.Acks())
	c.crowd.Settle(ctx, quiet, settleIn)
	took, err := c.crowd.Drain(ctx, drainIn)
	c.result.DrainS = took.Seconds()
	c.crowd.Settle(ctx, quiet, settleIn)
	return err
}

// watch tells how far it is, until the time is over and there are enough acks.
func (c *chaos) watch(ctx context.Context) {
	begun, told := time.Now(), time.Now()
	for ctx.Err() == nil {
		wait(ctx, 100*time.Millisecond)
		acks, since := c.crowd.Acks(), time.Since(begun)
		if since >= c.For && (acks >= c.Acks || since >= 3*c.For) || c.crowd.Away() != nil {
			return
		}
		if time.Since(told) >= 10*time.Second {
			told = time.Now()
			c.note("%3.0f s: %d acknowledged, %d nodes ready", since.Seconds(), acks, c.fleet.Balancer.Ready())
		}
	}
}

// heal ends every fault of the network and waits until all nodes are ready.
func (c *chaos) heal(ctx context.Context) error {
	c.fleet.Heal()
	for _, n := range c.fleet.Nodes {
		n.Resume()
		if n.Dead() {
			if err := n.Launch(); err != nil {
				return err
			}
		}
		if err := n.Ready(ctx); err != nil {
			return err
		}
	}
	return c.crowd.Away()
}

// judge reads everything again and counts.
func (c *chaos) judge(ctx context.Context) error {
	h, err := c.history(ctx)
	if err != nil {
		return err
	}
	if err := c.fleet.Doctor(ctx); err != nil {
		c.result.Doctor = err.Error()
	}
	c.result.judged(h, check.Judge(h))
	c.result.told(c.crowd.All())
	return nil
}

// history reads everything again. On a slow machine something may happen meanwhile, as when an agent who was lost has had
// their grace and a colleague answers; who was read before it would seem to miss it, so that all is read once more.
func (c *chaos) history(ctx context.Context) (h check.History, err error) {
	for range readings {
		seen := c.crowd.Seen()
		rows, err := c.fleet.Rows(ctx)
		if err != nil {
			return h, err
		}
		if h, err = c.crowd.History(ctx, rows); err != nil || c.crowd.Seen() == seen {
			return h, err
		}
		c.crowd.Settle(ctx, quiet, settleIn)
	}
	return h, nil
}

func (c *chaos) usage(ctx context.Context) (all []fleet.Usage, err error) {
	for _, n := range c.fleet.Nodes {
		u, err := n.Usage(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, u)
	}
	return all, nil
}

// baseline waits until the nodes hold no more goroutines and files than before anybody came, or for a minute, and returns what they
// hold then.
func (c *chaos) baseline(ctx context.Context) (after []fleet.Usage, err error) {
	for end := time.Now().Add(baselineIn); ; {
		if after, err = c.usage(ctx); err != nil {
			return after, err
		}
		if !leaked(c.result.Before, after) || time.Now().After(end) || ctx.Err() != nil {
			return after, ctx.Err()
		}
		wait(ctx, 500*time.Millisecond)
	}
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
