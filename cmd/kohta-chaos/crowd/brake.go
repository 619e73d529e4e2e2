package crowd

import (
	"net"
	"sync"
)

// brake holds up the reading of a client's connections.
type brake struct {
	mu   sync.Mutex
	gate chan struct{} // closed while reading goes on
	on   bool
}

func newBrake() *brake {
	b := &brake{gate: make(chan struct{})}
	close(b.gate)
	return b
}

func (b *brake) set(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if on == b.on {
		return
	}
	if b.on = on; on {
		b.gate = make(chan struct{})
	} else {
		close(b.gate)
	}
}

func (b *brake) wait(ended <-chan struct{}) {
	b.mu.Lock()
	gate := b.gate
	b.mu.Unlock()
	select {
	case <-gate:
	case <-ended:
	}
}

// braked is a connection that is read only while its brake is off.
type braked struct {
	net.Conn
	brake *brake
	once  sync.Once
	mu    sync.Mutex
	ended chan struct{}
}

func (b *braked) end() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended == nil {
		b.ended = make(chan struct{})
	}
	return b.ended
}

func (b *braked) Read(p []byte) (int, error) {
	b.brake.wait(b.end())
	return b.Conn.Read(p)
}

func (b *braked) Close() error {
	b.once.Do(func() { close(b.end()) })
	return b.Conn.Close()
}
