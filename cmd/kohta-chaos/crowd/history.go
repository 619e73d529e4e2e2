package crowd

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire/wireclient"
)

// History reads everything again, each customer's by a connection of their own and the whole by the supervisor's, and puts it
// beside what everybody noted. rows is what the database has. Everybody is still connected.
func (c *Crowd) History(ctx context.Context, rows []check.Row) (check.History, error) {
	h := check.History{Rows: rows}
	all := map[string]bool{}
	for _, r := range rows {
		all[r.Conversation] = true
	}
	finals := make([]View, len(c.Customers))
	err := each(len(c.Customers), func(i int) (err error) {
		m := c.Customers[i]
		finals[i], err = Reread(ctx, m.as(), m.Known())
		return err
	})
	if err != nil {
		return h, err
	}
	for i, m := range c.Customers {
		p := m.participant()
		p.Final, p.Current = finals[i].Logs, slices.Collect(maps.Keys(finals[i].Logs))
		h.Missing = append(h.Missing, finals[i].Missing...)
		h.Participants = append(h.Participants, p)
	}
	for _, m := range c.Agents {
		h.Participants = append(h.Participants, m.participant())
	}
	for _, p := range h.Participants {
		for id := range p.Shown {
			all[id] = true
		}
	}
	whole, err := Reread(ctx, c.supervisor(), slices.Sorted(maps.Keys(all)))
	h.Logs, h.Missing = whole.Logs, append(h.Missing, whole.Missing...)
	if line := whole.Welcome.Line; line != nil {
		for _, s := range line.Waiting {
			h.Waiting = append(h.Waiting, s.Conversation)
		}
	}
	return h, err
}

// as are the options of a second connection of the same customer.
func (c *Client) as() wireclient.Options {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.options
	o.Hello.Since = nil
	return o
}

// Known are the conversations that a client has heard of.
func (c *Client) Known() (ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]bool{}
	for id := range c.talks {
		all[id] = true
	}
	for _, p := range c.order {
		if p.Acked > 0 {
			all[p.Conversation] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// participant is the client as the checker sees it.
func (c *Client) participant() check.Participant {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := check.Participant{Name: c.name, ID: c.id, Agent: c.agent, Shown: map[string][]check.Event{}, Strays: c.strays}
	for _, f := range c.order {
		p.Posts = append(p.Posts, f.Post)
	}
	for id, t := range c.talks {
		if len(t.shown) > 0 {
			p.Shown[id] = slices.Clone(t.shown)
		}
	}
	if c.agent {
		p.Owns = slices.Collect(maps.Keys(c.held))
		p.Current = p.Owns
	}
	return p
}

// Waiting is how many conversations the desk says are in the line.
func (c *Crowd) Waiting(ctx context.Context) (int, error) {
	v, err := Reread(ctx, c.supervisor(), nil)
	if err != nil || v.Welcome.Line == nil {
		return 0, err
	}
	return v.Welcome.Line.Total, nil
}

// Drain waits until the desk says that nobody waits in the line, and returns how long that took. It gives up after within, which is
// no error: who waits then is found in the history.
func (c *Crowd) Drain(ctx context.Context, within time.Duration) (time.Duration, error) {
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for begun := time.Now(); ; {
		if waiting, err := c.Waiting(limited); err == nil && waiting == 0 || limited.Err() != nil {
			return time.Since(begun), ctx.Err()
		}
		select {
		case <-limited.Done():
		case <-time.After(drainEvery):
		}
	}
}

const drainEvery = 500 * time.Millisecond

func (c *Crowd) supervisor() wireclient.Options {
	return wireclient.Options{URL: "ws://" + c.Address + "/ws/agent", Role: chat.RoleAgent, Header: wireclient.AgentHeader("http://"+c.Address, c.watcher)}
}

// each does something for 0 to n-1, some at a time, and returns the first error.
func each(n int, do func(i int) error) error {
	var all sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, n)
	for range min(16, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
