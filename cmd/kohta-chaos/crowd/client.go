// Package crowd is everybody who talks in a chaos run: customers and agents that speak the real protocol, keep what was not
// acknowledged in an outbox, come back by position, and write down all that they do and see.
package crowd

import (
	"context"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// Client is one participant, which comes back whenever its connection ends. All methods may be called at once.
type Client struct {
	name    string
	options wireclient.Options
	pool    websocket.BufferPool
	brake   *brake
	agent   bool

	mu     sync.Mutex
	moved  chan struct{} // closed and made anew whenever something has changed
	id     string
	conn   *wireclient.Client // nil before the welcome
	dialed *wireclient.Client // the connection, welcomed or not
	heard  time.Time
	lost   time.Time // when the last connection ended; zero while there is one
	ticks  int64     // what this client did and saw
	posts  map[string]*post
	order  []*post // in the order of first sending
	outbox []*post // not answered yet, oldest first
	talks  map[string]*talk
	held   map[string]int64 // of an agent: what is theirs, with the fence
	recent []string         // conversations, the latest last
	open   string           // of a customer: the one that is open, as far as they know
	strays []string
	anew   bool // this connection's hello came too late: it is said again on the next
	stats  Stats
}

// post is a frame that writes.
type post struct {
	check.Post
	frame *wire.Frame
	began time.Time
	again time.Time // not to be sent before
}

// talk is a conversation as it stands on the screen.
type talk struct {
	shown    []check.Event
	asked    bool // a sync is under way
	unread   bool // of an agent: the customer had the last word
	answers  int  // of this agent, since it was given to them
	busy     bool // an answer is on its way
	isClosed bool
}

// Stats count what happened to a client.
type Stats struct {
	Acks    int
	Tries   int // connections that ended before a welcome, or never began
	Late    int // of them: those on which no welcome came in time
	Unknown int // frames whose connection ended before their answer; they are sent again
	Resent  int
	Refused map[string]int  // by code
	Later   map[string]int  // frames that were to be tried again later, by code
	Backs   []time.Duration // from the end of a connection to the next welcome
	Waits   []time.Duration // from a first sending to its ack
	Codes   map[int]int     // how connections ended
	Skew    time.Duration   // of the desk's clock against this one, at least
}

// Times of a client. A client reconnects when nothing came for as long as the protocol says.
const (
	firstPause     = 10 * time.Millisecond
	longestPause   = time.Second
	welcomeWithin  = 10 * time.Second
	resendAnswered = 2 // of the frames that were answered, so many are sent again after each welcome
	mostSince      = 8 // of a customer's conversations that a hello names; older ones have long been closed
)

// New makes a client that is not connected yet. address is where the balancer listens.
func New(name, address string, agent bool, o wireclient.Options) *Client {
	c := &Client{
		name: name, options: o, pool: &sync.Pool{}, agent: agent, moved: make(chan struct{}), brake: newBrake(),
		posts: map[string]*post{}, talks: map[string]*talk{}, held: map[string]int64{},
		stats: Stats{Refused: map[string]int{}, Later: map[string]int{}, Codes: map[int]int{}},
	}
	c.options.URL, c.options.Role = "ws://"+address+"/ws/visitor", chat.RoleVisitor
	if agent {
		c.options.URL, c.options.Role = "ws://"+address+"/ws/agent", chat.RoleAgent
	}
	if c.options.Dial == nil {
		c.options.Dial = c.dial
	}
	c.options.OnFrame = c.frame
	return c
}

func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	conn.(*net.TCPConn).SetLinger(0) // closing leaves no port behind
	return &braked{Conn: conn, brake: c.brake}, nil
}

// Run keeps the client connected until ctx ends, or until the server says to stay away, whose code it returns.
func (c *Client) Run(ctx context.Context) (code int) {
	pause := firstPause
	for ctx.Err() == nil {
		begun := time.Now()
		welcomed, code := c.once(ctx)
		if !welcomed && ctx.Err() == nil {
			c.tried(time.Since(begun))
		}
		if code >= 3500 && code < 4000 && !c.mayStartAnew() {
			return code
		}
		if welcomed {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(rand.N(pause)): // full jitter
		}
		pause = min(2*pause, longestPause)
	}
	return 0
}

// mayStartAnew tells whether the protocol has the client begin anew though it was sent away: its hello was held up on its way.
func (c *Client) mayStartAnew() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.anew
}

// tried counts a connection that brought no welcome.
func (c *Client) tried(took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stats.Tries++; took >= welcomeWithin {
		c.stats.Late++
	}
}

// once is one connection from dial to end.
func (c *Client) once(ctx context.Context) (welcomed bool, code int) {
	dialing, cancel := context.WithTimeout(ctx, welcomeWithin)
	defer cancel()
	o := c.options
	o.Hello = c.greeting()
	conn, err := wireclient.Connect(dialing, o, c.pool)
	if err != nil {
		return false, 0
	}
	c.mu.Lock()
	c.dialed, c.heard, c.anew = conn, time.Now(), false
	c.mu.Unlock()
	if conn.Send(&wire.Frame{Type: wire.Hello, Hello: &o.Hello}) != nil {
		conn.Close()
	}
	c.attend(ctx, conn)
	c.mu.Lock()
	defer c.mu.Unlock()
	welcomed = c.conn != nil
	c.conn, c.dialed = nil, nil
	if code = conn.CloseCode(); ctx.Err() == nil && welcomed {
		c.lost = time.Now()
		c.stats.Codes[code]++
		for _, p := range c.outbox {
			if p.Sent > 0 {
				c.stats.Unknown++
			}
		}
	}
	return welcomed, code
}

// greeting is the hello of the next connection.
func (c *Client) greeting() wire.Greeting {
	c.mu.Lock()
	defer c.mu.Unlock()
	hello := c.options.Hello
	hello.Since = map[string]int64{}
	for id := range c.held {
		hello.Since[id] = c.talk(id).position()
	}
	for i := len(c.recent) - 1; i >= 0 && len(hello.Since) < mostSince && !c.agent; i-- {
		hello.Since[c.recent[i]] = c.talk(c.recent[i]).position()
	}
	for _, t := range c.talks {
		t.asked = false
	}
	return hello
}

func (t *talk) position() int64 { return int64(len(t.shown)) }

// attend waits for the end of a connection, and ends one on which nothing comes.
func (c *Client) attend(ctx context.Context, conn *wireclient.Client) {
	for every := time.NewTicker(500 * time.Millisecond); ; {
		select {
		case <-conn.Ended():
			every.Stop()
			return
		case <-ctx.Done():
			conn.Close()
		case <-every.C:
			if c.silent() {
				conn.Close()
			}
			c.retry()
		}
	}
}

// silent tells whether nothing came for too long.
func (c *Client) silent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	quiet := time.Since(c.heard)
	return quiet > wire.Silence || c.conn == nil && quiet > welcomeWithin
}

// retry sends again what the desk asked to be sent again later.
func (c *Client) retry() {
	c.mu.Lock()
	now := time.Now()
	var late []*post
	for _, p := range c.outbox {
		if !p.again.IsZero() && now.After(p.again) {
			p.again = time.Time{}
			late = append(late, p)
		}
	}
	conn := c.conn
	c.mu.Unlock()
	c.send(conn, late...)
}

// send sends frames, if there is a connection: what is lost is sent again after the next welcome.
func (c *Client) send(conn *wireclient.Client, posts ...*post) {
	if conn == nil {
		return
	}
	for _, p := range posts {
		if conn.Send(p.frame) != nil {
			return
		}
	}
}

// Cut ends the connection without a word. Run connects again.
func (c *Client) Cut() {
	c.mu.Lock()
	conn := c.dialed
	c.mu.Unlock()
	if conn != nil {
		conn.Close()
	}
}

// Slow has the client read nothing until it is called with false.
func (c *Client) Slow(yes bool) { c.brake.set(yes) }

// Name is what the client writes into its messages.
func (c *Client) Name() string { return c.name }

// Open is the conversation that a customer has open, as far as they know; "" if none.
func (c *Client) Open() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// Same are the options of another connection of the same customer.
func (c *Client) Same() wireclient.Options { return c.as() }

// Await returns when done says so, looking again whenever something has changed, or with ctx's error. done is called with the
// lock held.
func (c *Client) Await(ctx context.Context, done func() bool) error {
	for {
		c.mu.Lock()
		moved, is := c.moved, done()
		c.mu.Unlock()
		if is {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stir tells who waits that something has changed. The caller holds mu.
func (c *Client) stir() {
	close(c.moved)
	c.moved = make(chan struct{})
}

// Stats returns the counts so far.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Refused, s.Later, s.Codes = maps.Clone(s.Refused), maps.Clone(s.Later), maps.Clone(s.Codes)
	s.Backs, s.Waits = slices.Clone(s.Backs), slices.Clone(s.Waits)
	return s
}

// Pending is how many frames wait for their answer.
func (c *Client) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.outbox)
}

// Connected tells whether the client is welcomed at the moment.
func (c *Client) Connected() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn != nil
}

// Holds, Position, Messages and Unanswered are for Await: they are called with the lock held.

// Holds tells whether an agent has a conversation.
func (c *Client) Holds(conversation string) bool { _, is := c.held[conversation]; return is }

// Position is how many events of a conversation are on the screen.
func (c *Client) Position(conversation string) int64 { return c.talk(conversation).position() }

// Messages is how many messages of a role are on the screen of a conversation.
func (c *Client) Messages(conversation, role string) (n int) {
	for _, e := range c.talk(conversation).shown {
		if e.Kind == string(chat.KindMessage) && e.Role == role {
			n++
		}
	}
	return n
}

// Unanswered is how many frames wait for their answer.
func (c *Client) Unanswered() int { return len(c.outbox) }
