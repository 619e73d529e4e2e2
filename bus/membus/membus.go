// Package membus is the bus of one process.
//
// One goroutine, that of Run, calls all handlers: what one goroutine publishes stays in order without a lock, a handler
// that publishes or a publisher that holds a lock cannot lock up, and whoever posts is not kept waiting by those who
// watch. It costs one hand-over to that goroutine, some microseconds; see BenchmarkPublish.
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
func (b *Bus) Publish(_ context.Context, m bus.Message) {
	if !b.take(item{message: &m}, Depth) {
		b.messages.Add(1)
	}
}

// Signal implements bus.Bus.
func (b *Bus) Signal(_ context.Context, s bus.Signal) {
	if !b.take(item{signal: &s}, Depth/2) {
		b.signals.Add(1)
	}
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
	select {
	case b.queue <- i:
	default:
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
	defer b.lose()
	for {
		select {
		case i := <-b.queue:
			b.deliver(i)
		case <-ctx.Done():
			b.drain()
			return nil
		}
	}
}

// drain delivers what is there, and not what is still coming: a handler that publishes must not keep it going for ever.
func (b *Bus) drain() {
	for range len(b.queue) {
		b.deliver(<-b.queue)
	}
}

// lose ends the taking.
func (b *Bus) lose() {
	close(b.ended)
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
