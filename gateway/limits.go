package gateway

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// Rates are the limits that an operator may set. Options.Limits = false lifts them.
type Rates struct {
	Messages   int `default:"100" env:"KOHTA_LIMIT_MESSAGES" help:"Messages of a visitor, a minute."`
	MessageRun int `default:"10" env:"KOHTA_LIMIT_MESSAGE_RUN" help:"Messages of a visitor at once."`
	Address    int `default:"20" env:"KOHTA_LIMIT_ADDRESS" help:"Connections of an address; of IPv6 a /64 counts as one."`
	Visitor    int `default:"5" env:"KOHTA_LIMIT_VISITOR" help:"Connections of a visitor."`
	Agent      int `default:"10" env:"KOHTA_LIMIT_AGENT" help:"Connections of an agent."`
}

// UsualRates are those that nobody has set.
var UsualRates = Rates{Messages: 100, MessageRun: 10, Address: 20, Visitor: 5, Agent: 10}

// Check returns what is wrong with the rates, as a sentence.
func (r Rates) Check() error {
	for _, of := range []struct {
		name string
		is   int
	}{{"messages", r.Messages}, {"message-run", r.MessageRun}, {"address", r.Address}, {"visitor", r.Visitor}, {"agent", r.Agent}} {
		if of.is < 1 || of.is > 1_000_000 {
			return fmt.Errorf("--limit-%s is from 1 to 1000000, and not %d", of.name, of.is)
		}
	}
	return nil
}

// Limits that stand. Options.Limits = false lifts them too.
const (
	maxWatched  = 500 // conversations that one agent's socket watches
	frames      = 20  // of a socket, a second, whatever they are
	frameRun    = 300
	typingEvery = 2 * time.Second
	retrySoon   = 2 * time.Second
	retryLater  = 30 * time.Second
)

// bucket is a leaky bucket in one number (GCRA): the moment, in nanoseconds, at which it is empty again. The zero
// bucket is empty.
type bucket int64

// take puts one in, if it fits: it leaks one in every, and holds run of them. Otherwise it says how long to wait.
func (b *bucket) take(now, every time.Duration, run int) (wait time.Duration) {
	empty := max(time.Duration(*b), now)
	if wait = empty + every - now - time.Duration(run)*every; wait > 0 {
		return wait
	}
	*b = bucket(empty + every)
	return 0
}

// counts are how many connections there are by address, and how much each visitor has said lately.
type counts struct {
	rates     Rates
	mu        sync.Mutex
	open      int
	addresses map[string]int
	agents    map[string]int
	said      map[string]said // by visitor; an entry that has leaked empty says nothing and is dropped
}

// said is how much a visitor has said.
type said struct {
	bucket
	untold int // of it, that the other nodes do not know
}

func newCounts(r Rates) *counts {
	return &counts{rates: r, addresses: map[string]int{}, agents: map[string]int{}, said: map[string]said{}}
}

// Shared are limits that hold on all nodes together. Take puts n into the bucket of a name, if they fit: it leaks one in
// every, and holds run of them. Otherwise it says how long to wait. On an error the node goes by what it knows itself.
type Shared interface {
	Take(ctx context.Context, name string, n int, every time.Duration, run int) (wait time.Duration, err error)
}

// over says how many seconds a frame has to wait; 0: it may pass. Over all sockets of a visitor, messages are counted.
func (s *socket) over(ctx context.Context, f *wire.Frame) (seconds int) {
	g := s.gateway
	if !g.limits {
		return 0
	}
	now := g.since()
	wait := s.budget.take(now, time.Second/frames, frameRun)
	if wait == 0 && s.role == chat.RoleVisitor && f.Command != nil {
		wait = g.message(ctx, s.visitor, now)
	}
	return int((wait + time.Second - 1) / time.Second)
}

// message counts a message of a visitor, or says how long it has to wait. This node's own count comes first. The others are
// asked only from where half of what may be said at once has been said here: who writes as people do costs no question, and
// who writes on all nodes at once gets no more than half as much again from each.
func (g *Gateway) message(ctx context.Context, visitor string, now time.Duration) time.Duration {
	r := g.counts.rates
	every := time.Minute / time.Duration(r.Messages)
	wait, tell := g.counts.message(visitor, now, every)
	if wait > 0 || tell == 0 || g.shared == nil {
		return wait
	}
	wait, err := g.shared.Take(ctx, "messages:"+visitor, tell, every, r.MessageRun)
	if err != nil || wait > 0 {
		g.counts.untold(visitor, tell)
	}
	if err != nil { // the own count has let it pass
		g.log.Debug("the other nodes' limits are not known", zap.Error(err))
		return 0
	}
	return wait
}

// message counts on this node; tell is how many the others are to be told of, 0 as long as there are few.
func (c *counts) message(visitor string, now, every time.Duration) (wait time.Duration, tell int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.said[visitor]
	if wait = s.take(now, every, c.rates.MessageRun); wait == 0 {
		s.untold = min(s.untold+1, c.rates.MessageRun)
		if time.Duration(s.bucket)-now > every*time.Duration(c.rates.MessageRun/2) {
			s.untold, tell = 0, s.untold
		}
	}
	c.said[visitor] = s
	return wait, tell
}

// untold takes back that the others were told.
func (c *counts) untold(visitor string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.said[visitor]; ok {
		s.untold = min(s.untold+n, c.rates.MessageRun)
		c.said[visitor] = s
	}
}

// sweep drops what says nothing any more.
func (c *counts) sweep(now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for visitor, s := range c.said {
		if time.Duration(s.bucket) <= now {
			delete(c.said, visitor)
		}
	}
}

// admit counts a connection in, or says with which status it is turned away: 503 when the house is full, 429 when
// somebody has enough. agent is empty for a visitor.
func (c *counts) admit(address, agent string, most int, limits bool) (status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case most > 0 && c.open >= most:
		return http.StatusServiceUnavailable
	case limits && (c.addresses[address] >= c.rates.Address || agent != "" && c.agents[agent] >= c.rates.Agent):
		return http.StatusTooManyRequests
	}
	c.open++
	c.addresses[address]++
	if agent != "" {
		c.agents[agent]++
	}
	return 0
}

// release counts a connection out.
func (c *counts) release(address, agent string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if c.addresses[address]--; c.addresses[address] == 0 {
		delete(c.addresses, address)
	}
	if agent == "" {
		return
	}
	if c.agents[agent]--; c.agents[agent] == 0 {
		delete(c.agents, agent)
	}
}

// connections is how many there are.
func (c *counts) connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// Proxies are the addresses whose word about the client is taken.
type proxies []netip.Prefix

func (p proxies) trust(a netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// client is the address that a request comes from: the socket's, unless that is a configured proxy; then the last
// address in X-Forwarded-For that no proxy of ours has.
func (p proxies) client(r *http.Request) netip.Addr {
	a := remote(r)
	if !p.trust(a) {
		return a
	}
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(list) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(list[i]))
		if err != nil {
			return a
		}
		if a = hop.Unmap(); !p.trust(a) {
			return a
		}
	}
	return a
}

// secure tells whether the client speaks TLS, to us or to a configured proxy.
func (p proxies) secure(r *http.Request) bool {
	return r.TLS != nil || p.trust(remote(r)) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func remote(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// counted is an address as connections are counted by: of IPv6 the /64, which one household has.
func counted(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
