package crowd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// Options say who comes.
type Options struct {
	Address   string // of the balancer
	Site      string
	Customers int
	Agents    []string // addresses of their accounts
	Watcher   string   // a supervisor's account
	Password  string
	Seed      uint64
	Rest      time.Duration // mean, of a customer between two messages
}

// hands are how many conversations an agent answers at once; each answer takes about so long.
const (
	hands    = 4
	thinking = 30 * time.Millisecond
)

// Crowd is everybody. The caller ends it by Leave.
type Crowd struct {
	Options
	Customers, Agents []*Client
	watcher           *http.Cookie
	ctx               context.Context // of the connections, until Leave

	writing sync.WaitGroup // customers
	serving sync.WaitGroup // hands of agents
	running sync.WaitGroup // connections
	silence context.CancelFunc
	rest    context.CancelFunc
	leave   context.CancelFunc
	away    atomic.Pointer[string] // who was told to stay away, and how
}

// Gather signs the agents in and lets everybody connect, by the balancer. Nobody writes yet.
func Gather(ctx context.Context, o Options) (*Crowd, error) {
	c, err := Nobody(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, email := range o.Agents {
		if _, err := c.Hire(o.Address, email); err != nil {
			c.Leave()
			return nil, err
		}
	}
	for range o.Customers {
		c.Invite(o.Address)
	}
	if err := c.Connected(); err != nil {
		c.Leave()
		return nil, err
	}
	return c, nil
}

// Nobody is a crowd to which everybody is still to come: agents by Hire, customers by Invite.
func Nobody(ctx context.Context, o Options) (c *Crowd, err error) {
	c = &Crowd{Options: o, silence: func() {}, rest: func() {}}
	c.ctx, c.leave = context.WithCancel(ctx)
	if c.watcher, err = SignIn(c.ctx, o.Address, o.Watcher, o.Password); err != nil {
		c.Leave()
		return nil, err
	}
	return c, nil
}

// Hire has an agent connect at an address, and come back there.
func (c *Crowd) Hire(address, email string) (*Client, error) {
	cookie, err := SignIn(c.ctx, address, email, c.Password)
	if err != nil {
		return nil, err
	}
	m := New(fmt.Sprintf("agent%d", len(c.Agents)), address, true, wireclient.Options{Header: wireclient.AgentHeader("http://"+address, cookie)})
	c.Agents = append(c.Agents, m)
	c.start(m)
	return m, nil
}

// Invite has a customer connect at an address, and come back there.
func (c *Crowd) Invite(address string) *Client {
	i := len(c.Customers)
	hello := wire.Greeting{Site: c.Site, Language: []string{"fi", "sv", "en"}[i%3]}
	m := New(fmt.Sprintf("visitor%d", i), address, false, wireclient.Options{Hello: hello})
	c.Customers = append(c.Customers, m)
	c.start(m)
	return m
}

// Second is another window of a customer, at another address. It is in nobody's history.
func (c *Crowd) Second(of *Client, address string) *Client {
	o := of.Same()
	m := New(of.name+"-2", address, false, wireclient.Options{Hello: o.Hello})
	c.start(m)
	return m
}

func (c *Crowd) start(m *Client) {
	c.running.Go(func() {
		if code := m.Run(c.ctx); code != 0 {
			words := fmt.Sprintf("%s was told to stay away: %d", m.name, code)
			c.away.Store(&words)
		}
	})
}

// All is everybody, customers first.
func (c *Crowd) All() []*Client { return slices.Concat(c.Customers, c.Agents) }

const connectWithin = time.Minute

// Connected waits until everybody is welcomed.
func (c *Crowd) Connected() error {
	ctx, cancel := context.WithTimeout(c.ctx, connectWithin)
	defer cancel()
	for _, m := range c.All() {
		if m.Await(ctx, func() bool { return m.conn != nil }) != nil {
			return fmt.Errorf("%s is not connected after %v: %w", m.name, connectWithin, c.Away())
		}
	}
	return nil
}

// Away says that somebody was told to stay away; nil if nobody was.
func (c *Crowd) Away() error {
	if words := c.away.Load(); words != nil {
		return errors.New(*words)
	}
	return nil
}

// Talk has everybody write, until Silence.
func (c *Crowd) Talk(ctx context.Context) {
	writing, silence := context.WithCancel(ctx)
	serving, rest := context.WithCancel(ctx)
	c.silence, c.rest = silence, rest
	for i, m := range c.Agents {
		for hand := range hands {
			r := rand.New(rand.NewPCG(c.Seed, uint64(1_000_000+10*i+hand)))
			c.serving.Go(func() { m.Agent(serving, r, thinking) })
		}
	}
	for i, m := range c.Customers {
		r := rand.New(rand.NewPCG(c.Seed, uint64(i)))
		c.writing.Go(func() { m.Customer(writing, r, c.Rest) })
	}
}

// Silence has the customers write no more. Frames that were not answered stay in the outboxes; agents go on.
func (c *Crowd) Silence() {
	c.silence()
	c.writing.Wait()
}

// Settle waits until every frame is answered, and nothing has happened on any screen for so long. It returns how many frames
// are not answered when that takes too long.
func (c *Crowd) Settle(ctx context.Context, quiet, within time.Duration) (unanswered int) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	before, since := int64(-1), time.Now()
	for every := time.NewTicker(50 * time.Millisecond); ; {
		pending, seen := c.pending(), c.Seen()
		if pending > 0 || seen != before {
			before, since = seen, time.Now()
		}
		if time.Since(since) >= quiet {
			every.Stop()
			return 0
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			every.Stop()
			return pending
		}
	}
}

func (c *Crowd) pending() (n int) {
	for _, m := range c.All() {
		n += m.Pending()
	}
	return n
}

// Seen is how many events everybody has together.
func (c *Crowd) Seen() (n int64) {
	for _, m := range c.All() {
		m.mu.Lock()
		for _, t := range m.talks {
			n += t.position()
		}
		m.mu.Unlock()
	}
	return n
}

// Acks is how many frames were acknowledged so far.
func (c *Crowd) Acks() (n int) {
	for _, m := range c.All() {
		m.mu.Lock()
		n += m.stats.Acks
		m.mu.Unlock()
	}
	return n
}

// Later is how many frames the desk asked to be sent again later, by this code.
func (c *Crowd) Later(code string) (n int) {
	for _, m := range c.All() {
		m.mu.Lock()
		n += m.stats.Later[code]
		m.mu.Unlock()
	}
	return n
}

// Leave ends everybody's connections.
func (c *Crowd) Leave() {
	c.silence()
	c.rest()
	c.leave()
	c.writing.Wait()
	c.serving.Wait()
	c.running.Wait()
}

// CutAll ends all connections at once.
func (c *Crowd) CutAll() {
	for _, m := range c.All() {
		m.Cut()
	}
}

// Slow has one in ten read nothing until heal is called.
func (c *Crowd) Slow(r *rand.Rand) (heal func()) {
	var slow []*Client
	for _, m := range c.All() {
		if r.IntN(10) == 0 {
			m.Slow(true)
			slow = append(slow, m)
		}
	}
	return func() {
		for _, m := range slow {
			m.Slow(false)
		}
	}
}
