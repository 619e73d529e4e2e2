// Package proxy stands between programs and does to their connections what networks do: it delays, holds, cuts and refuses
// them. A Balancer spreads connections over nodes.
package proxy

import (
	"io"
	"net"
	"sync"
	"time"
)

// Proxy passes the connections to its address on to another. What is set holds for the connections that are open, too.
// All methods may be called at once. The caller closes it.
type Proxy struct {
	listener net.Listener
	passing  sync.WaitGroup

	mu      sync.Mutex
	target  string
	faults  faults
	changed chan struct{} // closed and made anew when faults have
	pairs   map[*pair]bool
	closed  bool
}

// faults are what is done to connections.
type faults struct {
	delay    time.Duration
	up, down bool // held
	refuse   bool
	hook     *Hook // see Look
}

// direction is which way bytes go.
type direction bool

const (
	toTarget direction = false
	toClient direction = true
)

// Listen makes a proxy on a free port of loopback.
func Listen(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, target: target, changed: make(chan struct{}), pairs: map[*pair]bool{}}
	p.passing.Go(p.accept)
	return p, nil
}

// Address is where it listens.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Retarget has new connections go elsewhere.
func (p *Proxy) Retarget(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Delay has every piece of data take so long, each way.
func (p *Proxy) Delay(d time.Duration) { p.set(func(f *faults) { f.delay = d }) }

// Hold keeps what is on its way to the target (up), to the client (down), or both. Nobody is told, not even of an end: so it
// is with a cable that was pulled. What is held goes on when it is let go.
func (p *Proxy) Hold(up, down bool) { p.set(func(f *faults) { f.up, f.down = up, down }) }

// Refuse has new connections end at once.
func (p *Proxy) Refuse(yes bool) { p.set(func(f *faults) { f.refuse = yes }) }

// Hook looks at what passes. Its functions are called from many goroutines at once.
type Hook struct {
	// Ask is shown what goes to the target. When it has returned true, the next answer on that connection is looked at; nil: all
	// answers are.
	Ask func(question []byte) bool
	// Swallow is shown an answer before it is passed on. When it returns true, the answer goes nowhere, and the connection is cut.
	Swallow func(answer []byte) bool
}

// Look has a hook look at everything, until Heal or Look(nil).
func (p *Proxy) Look(h *Hook) { p.set(func(f *faults) { f.hook = h }) }

// Heal ends all faults.
func (p *Proxy) Heal() { p.set(func(f *faults) { *f = faults{} }) }

func (p *Proxy) set(change func(*faults)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.faults)
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *Proxy) now() (faults, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults, p.changed
}

// Cut ends all connections, as a reset does, and returns how many there were.
func (p *Proxy) Cut() int {
	p.mu.Lock()
	pairs := make([]*pair, 0, len(p.pairs))
	for c := range p.pairs {
		pairs = append(pairs, c)
	}
	p.mu.Unlock()
	for _, c := range pairs {
		c.cut()
	}
	return len(pairs)
}

// Close ends everything and returns when all of it has ended.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.listener.Close()
	p.Cut()
	p.passing.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.passing.Go(func() { p.pass(client) })
	}
}

const dialWithin = 5 * time.Second

func (p *Proxy) pass(client net.Conn) {
	p.mu.Lock()
	target, refuse := p.target, p.faults.refuse
	p.mu.Unlock()
	if refuse {
		reset(client)
		return
	}
	server, err := net.DialTimeout("tcp", target, dialWithin)
	if err != nil {
		reset(client)
		return
	}
	c := newPair(client, server)
	p.mu.Lock()
	p.pairs[c] = true
	closed := p.closed
	p.mu.Unlock()
	if closed {
		c.cut()
	}
	c.carry(func() { p.pump(c, server, client, toTarget) }, func() { p.pump(c, client, server, toClient) })
	p.mu.Lock()
	delete(p.pairs, c)
	p.mu.Unlock()
}

const chunk = 16 << 10

// pump carries bytes one way until one of the ends is gone.
func (p *Proxy) pump(c *pair, to, from net.Conn, way direction) {
	b := make([]byte, chunk)
	for {
		n, err := from.Read(b)
		if !p.hold(c, way) {
			return
		}
		if n > 0 {
			if f, _ := p.now(); f.hook != nil && c.swallows(f.hook, way, b[:n]) {
				c.cut()
				return
			}
			if _, err := to.Write(b[:n]); err != nil {
				c.cut()
				return
			}
		}
		if err == io.EOF {
			to.(*net.TCPConn).CloseWrite()
			return
		}
		if err != nil {
			c.cut()
			return
		}
	}
}

// hold waits while a direction is held, and then for as long as data takes. It returns false when the connection was cut.
func (p *Proxy) hold(c *pair, way direction) bool {
	for {
		f, changed := p.now()
		held := f.up
		if way == toClient {
			held = f.down
		}
		var later <-chan time.Time
		if !held {
			if f.delay == 0 {
				return true
			}
			later = time.After(f.delay)
		}
		select {
		case <-changed:
		case <-later:
			return true
		case <-c.ended:
			return false
		}
	}
}
