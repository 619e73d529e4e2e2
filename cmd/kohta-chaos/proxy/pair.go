package proxy

import (
	"net"
	"sync"
)

// pair is a connection that is passed on: both of its ends.
type pair struct {
	client, server net.Conn
	ended          chan struct{} // closed by cut
	once           sync.Once
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
