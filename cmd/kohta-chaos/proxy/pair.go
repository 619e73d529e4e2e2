package proxy

import (
	"net"
	"sync"
	"sync/atomic"
)

// pair is a connection that is passed on: both of its ends.
type pair struct {
	client, server net.Conn
	ended          chan struct{} // closed by cut
	once           sync.Once
	asked          atomic.Bool // a question of a hook's waits for its answer
}

func newPair(client, server net.Conn) *pair {
	return &pair{client: client, server: server, ended: make(chan struct{})}
}

// cut ends both, as a reset does.
func (c *pair) cut() {
	c.once.Do(func() {
		close(c.ended)
		reset(c.client)
		reset(c.server)
	})
}

// swallows tells whether a hook keeps what goes this way.
func (c *pair) swallows(h *Hook, way direction, chunk []byte) bool {
	if way == toTarget {
		if h.Ask != nil && h.Ask(chunk) {
			c.asked.Store(true)
		}
		return false
	}
	return (c.asked.Swap(false) || h.Ask == nil) && h.Swallow(chunk)
}

// carry does both ways and closes both ends when both are done.
func (c *pair) carry(one, other func()) {
	var way sync.WaitGroup
	way.Go(one)
	other()
	way.Wait()
	c.client.Close()
	c.server.Close()
}

func reset(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}
