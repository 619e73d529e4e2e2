// Package membus is the bus of one process.
//
// Who publishes while nobody else does calls the handlers itself: they return at once, and to wake another goroutine for
// them takes longer. What comes meanwhile is queued for the goroutine of Run, so that a handler that publishes cannot lock
// up, and nobody waits for a handler but who called it.
package membus

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kohta/kohta/bus"
)

var _ bus.Bus = (*Bus)(nil)

// Depth is how much waits for the handlers at most. Signals are dropped when half of it is taken.
const Depth = 8192

// Bus implements bus.Bus.
type Bus struct {
	queue    chan item
	ended    chan struct{} // closed by Run
	running  atomic.Bool
	turn     sync.Mutex    // whoever calls handlers
	pending  atomic.Int64  // queued, and not delivered yet
	messages atomic.Uint64 // dropped
	signals  atomic.Uint64 // dropped

	mu          sync.Mutex
	subscribers atomic.Pointer[[]*subscriber] // replaced, never changed
}

// item is one of the two.
type item struct {
	message *bus.Message
	signal  *bus.Signal
}

type subscriber struct {
	bus.Handler
	cancelled atomic.Bool
}

// New returns a bus with no subscribers.
func New() *Bus {
	b := &Bus{queue: make(chan item, Depth), ended: make(chan struct{})}
	b.subscribers.Store(&[]*subscriber{})
	return b
}

// Publish implements bus.Bus.
func (b *Bus) Publish(_ context.Context, m bus.Message) { b.Deliver(&m) }

// Deliver is Publish for what the caller keeps as well, and nobody changes any more.
func (b *Bus) Deliver(m *bus.Message) {
	if i := (item{message: m}); !b.direct(i) && !b.take(i, Depth) {
		b.messages.Add(1)
	}
}

// Signal implements bus.Bus.
func (b *Bus) Signal(_ context.Context, s bus.Signal) {
	if i := (item{signal: &s}); !b.direct(i) && !b.take(i, Depth/2) {
		b.signals.Add(1)
	}
}

// direct delivers what comes in the caller's goroutine, unless something came before it or somebody delivers.
func (b *Bus) direct(i item) bool {
	if b.pending.Load() > 0 || !b.turn.TryLock() {
		return false
	}
	defer b.turn.Unlock()
	if b.pending.Load() > 0 || !b.running.Load() {
		return false
	}
	b.deliver(i)
	return true
}

// take queues what comes, unless Run has ended or upTo are queued already.
func (b *Bus) take(i item, upTo int) bool {
	select {
	case <-b.ended:
		return false
	default:
	}
	if len(b.queue) >= upTo {
		return false
	}
	b.pending.Add(1)
	select {
	case b.queue <- i:
	default:
		b.pending.Add(-1)
		return false
	}
	select {
	case <-b.ended: // while we were at it: what Run did not see, we count
		b.sweep()
	default:
	}
	return true
}

// Subscribe implements bus.Bus.
func (b *Bus) Subscribe(h bus.Handler) (cancel func()) {
	s := &subscriber{Handler: h}
	b.change(func(all []*subscriber) []*subscriber { return append(all, s) })
	return func() {
		s.cancelled.Store(true)
		b.change(func(all []*subscriber) []*subscriber {
			return slices.DeleteFunc(all, func(other *subscriber) bool { return other == s })
		})
	}
}

// change replaces the list by a changed copy, so that Run walks over it without a lock.
func (b *Bus) change(do func([]*subscriber) []*subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := do(slices.Clone(*b.subscribers.Load()))
	b.subscribers.Store(&all)
}

// Run implements bus.Bus.
func (b *Bus) Run(ctx context.Context) error {
	b.running.Store(true)
	defer b.lose()
	for {
		select {
		case i := <-b.queue:
			b.handle(i)
		case <-ctx.Done():
			b.drain()
			return nil
		}
	}
}

// handle delivers what was queued.
func (b *Bus) handle(i item) {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.deliver(i)
	b.pending.Add(-1)
}

// drain delivers what is there, and not what is still coming: a handler that publishes must not keep it going for ever.
func (b *Bus) drain() {
	for range len(b.queue) {
		b.handle(<-b.queue)
	}
}

// lose ends the taking.
func (b *Bus) lose() {
	b.turn.Lock() // when who delivers has done so
	b.running.Store(false)
	close(b.ended)
	b.turn.Unlock()
	b.sweep()
}

// sweep counts what nobody will deliver.
func (b *Bus) sweep() {
	for {
		select {
		case i := <-b.queue:
			if i.message != nil {
				b.messages.Add(1)
			} else {
				b.signals.Add(1)
			}
		default:
			return
		}
	}
}

func (b *Bus) deliver(i item) {
	for _, s := range *b.subscribers.Load() {
		switch {
		case s.cancelled.Load():
		case i.message != nil && s.Message != nil:
			s.Message(*i.message)
		case i.signal != nil && s.Handler.Signal != nil:
			s.Handler.Signal(*i.signal)
		}
	}
}

// Dropped implements bus.Bus.
func (b *Bus) Dropped() bus.Dropped {
	return bus.Dropped{Messages: b.messages.Load(), Signals: b.signals.Load()}
}
