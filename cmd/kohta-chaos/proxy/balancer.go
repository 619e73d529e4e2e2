package proxy

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Balancer spreads connections over nodes in turn, without a memory of who came before. It asks every node's /readyz; a node
// that is not ready gets no new connections, and one that does not answer loses those it has. The caller closes it.
type Balancer struct {
	listener net.Listener
	stop     context.CancelFunc
	running  sync.WaitGroup

	mu    sync.Mutex
	nodes []*backend
	next  int
}

// backend is a node as the balancer sees it.
type backend struct {
	address string
	ready   bool
	misses  int
	pairs   map[*pair]bool
}

const (
	checkEvery  = 100 * time.Millisecond
	checkWithin = time.Second
	missesDead  = 2 // checks without an answer after which a node is dead
)

// Balance makes a balancer on a free port of loopback over nodes at addresses.
func Balance(addresses []string) (*Balancer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	b := &Balancer{listener: l, stop: stop}
	for _, a := range addresses {
		b.nodes = append(b.nodes, &backend{address: a, pairs: map[*pair]bool{}})
	}
	for _, n := range b.nodes {
		b.running.Go(func() { b.watch(ctx, n) })
	}
	b.running.Go(b.accept)
	return b, nil
}

// Address is where it listens.
func (b *Balancer) Address() string { return b.listener.Addr().String() }

// Ready is how many nodes take connections.
func (b *Balancer) Ready() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, node := range b.nodes {
		if node.ready {
			n++
		}
	}
	return n
}

// Close ends everything and returns when all of it has ended.
func (b *Balancer) Close() {
	b.stop()
	b.listener.Close()
	b.mu.Lock()
	for _, n := range b.nodes {
		n.ready = false
	}
	b.mu.Unlock()
	for _, n := range b.nodes {
		b.drop(n)
	}
	b.running.Wait()
}

// watch asks a node again and again whether it is ready.
func (b *Balancer) watch(ctx context.Context, n *backend) {
	client := http.Client{Timeout: checkWithin, Transport: &http.Transport{DisableKeepAlives: true}}
	for every := time.NewTicker(checkEvery); ; {
		status := 0
		if r, err := client.Get("http://" + n.address + "/readyz"); err == nil {
			status = r.StatusCode
			r.Body.Close()
		}
		if ctx.Err() != nil {
			every.Stop()
			return
		}
		b.checked(n, status)
		select {
		case <-every.C:
		case <-ctx.Done():
		}
	}
}

// checked notes a node's answer; 0 is none.
func (b *Balancer) checked(n *backend, status int) {
	b.mu.Lock()
	n.ready = status == http.StatusOK
	if n.misses++; status != 0 {
		n.misses = 0
	}
	dead := n.misses >= missesDead
	b.mu.Unlock()
	if dead {
		b.drop(n)
	}
}

// drop cuts a node's connections.
func (b *Balancer) drop(n *backend) {
	b.mu.Lock()
	pairs := make([]*pair, 0, len(n.pairs))
	for c := range n.pairs {
		pairs = append(pairs, c)
	}
	b.mu.Unlock()
	for _, c := range pairs {
		c.cut()
	}
}

func (b *Balancer) accept() {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.running.Go(func() { b.pass(client) })
	}
}

// pass finds a node for a connection: the next that is ready and answers.
func (b *Balancer) pass(client net.Conn) {
	for range b.nodes {
		n := b.turn()
		if n == nil {
			break
		}
		server, err := net.DialTimeout("tcp", n.address, checkWithin)
		if err != nil {
			continue
		}
		c := newPair(client, server)
		b.mu.Lock()
		n.pairs[c] = true
		b.mu.Unlock()
		c.carry(func() { splice(c, server, client) }, func() { splice(c, client, server) })
		b.mu.Lock()
		delete(n.pairs, c)
		b.mu.Unlock()
		return
	}
	reset(client)
}

// turn is the next node that is ready; nil if there is none.
func (b *Balancer) turn() *backend {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.nodes {
		n := b.nodes[b.next%len(b.nodes)]
		b.next++
		if n.ready {
			return n
		}
	}
	return nil
}

// splice carries bytes one way until there are no more.
func splice(c *pair, to, from net.Conn) {
	if _, err := io.Copy(to, from); err != nil {
		c.cut()
		return
	}
	to.(*net.TCPConn).CloseWrite()
}
