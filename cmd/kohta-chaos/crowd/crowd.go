package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
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

	writing sync.WaitGroup // customers
	serving sync.WaitGroup // hands of agents
	running sync.WaitGroup // connections
	silence context.CancelFunc
	rest    context.CancelFunc
	leave   context.CancelFunc
	away    atomic.Pointer[string] // who was told to stay away, and how
}

// Gather signs the agents in and lets everybody connect. Nobody writes yet.
func Gather(ctx context.Context, o Options) (*Crowd, error) {
	c := &Crowd{Options: o, silence: func() {}, rest: func() {}}
	ctx, c.leave = context.WithCancel(ctx)
	for i, email := range o.Agents {
		cookie, err := SignIn(ctx, o.Address, email, o.Password)
		if err != nil {
			c.Leave()
			return nil, err
		}
		c.Agents = append(c.Agents, New(fmt.Sprintf("agent%d", i), o.Address, true, wireclient.Options{Header: c.header(cookie)}))
	}
	var err error
	if c.watcher, err = SignIn(ctx, o.Address, o.Watcher, o.Password); err != nil {
		c.Leave()
		return nil, err
	}
	for i := range o.Customers {
		hello := wire.Greeting{Site: o.Site, Language: []string{"fi", "sv", "en"}[i%3]}
		c.Customers = append(c.Customers, New(fmt.Sprintf("visitor%d", i), o.Address, false, wireclient.Options{Hello: hello}))
	}
	for _, m := range c.All() {
		c.running.Go(func() {
			if code := m.Run(ctx); code != 0 {
				words := fmt.Sprintf("%s was told to stay away: %d", m.name, code)
				c.away.Store(&words)
			}
		})
	}
	return c, c.connected(ctx)
}

func (c *Crowd) header(cookie *http.Cookie) http.Header {
	return wireclient.AgentHeader("http://"+c.Address, cookie)
}

// All is everybody, customers first.
func (c *Crowd) All() []*Client { return slices.Concat(c.Customers, c.Agents) }

const connectWithin = time.Minute

// connected waits until everybody is welcomed.
func (c *Crowd) connected(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
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
		pending, seen := c.pending(), c.seen()
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

// seen is how many events everybody has together.
func (c *Crowd) seen() (n int64) {
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

// Leave ends everybody's connections.
func (c *Crowd) Leave() {
	c.silence()
	c.rest()
	c.leave()
	c.writing.Wait()
	c.serving.Wait()
	c.running.Wait()
}

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
		finals[i], err = Reread(ctx, m.as(), m.known())
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

// known are the conversations that a client has heard of.
func (c *Client) known() (ids []string) {
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

// signInWithin is how long signing in may take, tried again and again.
const signInWithin = 30 * time.Second

// SignIn signs an agent in and returns the cookie of the session.
func SignIn(ctx context.Context, address, email, password string) (*http.Cookie, error) {
	ctx, cancel := context.WithTimeout(ctx, signInWithin)
	defer cancel()
	for {
		cookie, err := signIn(ctx, address, email, password)
		if err == nil {
			return cookie, nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil, fmt.Errorf("sign in %s: %w", email, err)
		}
	}
}

func signIn(ctx context.Context, address, email, password string) (*http.Cookie, error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", "http://"+address)
	r.Header.Set("Content-Type", "application/json")
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(answer.Cookies()) == 0 {
		return nil, errors.New(answer.Status)
	}
	return answer.Cookies()[0], nil
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

// Waiting is how many conversations the desk says are in the line.
func (c *Crowd) Waiting(ctx context.Context) (int, error) {
	v, err := Reread(ctx, c.supervisor(), nil)
	if err != nil || v.Welcome.Line == nil {
		return 0, err
	}
	return v.Welcome.Line.Total, nil
}

func (c *Crowd) supervisor() wireclient.Options {
	return wireclient.Options{URL: "ws://" + c.Address + "/ws/agent", Role: chat.RoleAgent, Header: c.header(c.watcher)}
}
