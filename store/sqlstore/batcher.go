package sqlstore

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/kohta/kohta/chat"
)

const (
	batchMax  = 256  // writes in one commit
	queueRoom = 1024 // writes that wait for their commit; the rest wait outside
)

// job is what one caller wants written, on its way. Who wins its place from waiting decides: the batcher takes it, or
// the caller goes away.
type job[T any] struct {
	what  T
	place atomic.Int32
	err   error
	done  chan struct{} // closed when err is there
}

const (
	waiting int32 = iota
	taken
	left
)

// batcher has what waits settled together, at most batchMax at a time. There is no timer: a lone job is settled at once,
// and under load the batches grow by themselves.
//
// Most have one hand, and so one batch under way. Of two, a free one begins when as many wait as the other has under way: a
// lone job does not wait for the disk behind the one before, and under load the batches do not fall apart.
//
// Who comes while a hand is free settles their job themselves, which spares two changes of goroutines; who comes meanwhile is
// left to a goroutine of run.
type batcher[T any] struct {
	hands   []*hand[T]
	mu      sync.Mutex // guards under of all hands
	in      chan *job[T]
	wake    chan struct{} // says that there is something in in, or a hand free
	stop    chan struct{} // closed by close
	running sync.WaitGroup
	ended   chan struct{} // closed when nothing is run any more
	stopped atomic.Bool
}

// hand settles one batch at a time.
type hand[T any] struct {
	settle func([]*job[T]) // gives each job its answer; called by whoever has the turn
	failed func()          // called when settle panicked, with the turn
	turn   chan struct{}   // full while a batch is settled
	under  int             // how many are under way
}

func newHand[T any](settle func([]*job[T]), failed func()) *hand[T] {
	return &hand[T]{settle: settle, failed: failed, turn: make(chan struct{}, 1)}
}

// newBatcher begins to take jobs. The caller closes it.
func newBatcher[T any](hands ...*hand[T]) *batcher[T] {
	b := &batcher[T]{hands: hands, in: make(chan *job[T], queueRoom),
		wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{})}
	for range hands {
		b.running.Go(b.run)
	}
	go func() {
		b.running.Wait()
		close(b.ended)
	}()
	return b
}

var errClosed error = &chat.Error{Kind: chat.Unavailable, Words: "the store is closed"}

// write has something settled and returns what became of it: nil when it is durable. The context bounds the wait until it
// is taken; from then on there is an answer without it.
func (b *batcher[T]) write(ctx context.Context, what T) error {
	if ctx.Err() != nil {
		return notWaitedFor(ctx)
	}
	j := &job[T]{what: what, done: make(chan struct{})}
	if b.mine(j) {
		return j.err
	}
	select {
	case b.in <- j:
	case <-b.stop:
		return errClosed
	case <-ctx.Done():
		return notWaitedFor(ctx)
	}
	b.rouse()
	select {
	case <-j.done:
		return j.err
	case <-b.ended:
	case <-ctx.Done():
	}
	if j.place.CompareAndSwap(waiting, left) {
		if ctx.Err() != nil {
			return notWaitedFor(ctx)
		}
		return errClosed
	}
	<-j.done
	return j.err
}

// rouse has somebody look whether there is something to be done.
func (b *batcher[T]) rouse() {
	select {
	case b.wake <- struct{}{}:
	default: // somebody will
	}
}

// free gives the turn of a hand that has nothing under way, if it is to begin with so many; else nil.
func (b *batcher[T]) free(waiting int) (free *hand[T]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.hands {
		if h.under > waiting {
			return nil
		}
		if h.under == 0 {
			free = h
		}
	}
	if free == nil || waiting == 0 {
		return nil
	}
	select {
	case free.turn <- struct{}{}:
		free.under = waiting
		return free
	default: // it is being closed
		return nil
	}
}

// mine settles a job in the caller's goroutine, unless all hands are busy or somebody came before.
func (b *batcher[T]) mine(j *job[T]) bool {
	if b.stopped.Load() || len(b.in) > 0 {
		return false
	}
	h := b.free(1)
	if h == nil {
		return false
	}
	if b.stopped.Load() { // close waits for the turn, and then for nobody
		b.release(h)
		return false
	}
	j.place.Store(taken)
	b.do(h, []*job[T]{j})
	return true
}

// do settles a batch, answers it, and gives the turn back.
func (b *batcher[T]) do(h *hand[T], batch []*job[T]) {
	whole := false
	defer func() {
		if !whole {
			h.failed()
		}
		b.release(h)
	}()
	h.settle(batch)
	for _, j := range batch {
		close(j.done)
	}
	whole = true
}

// release gives a turn back, to those who wait.
func (b *batcher[T]) release(h *hand[T]) {
	b.mu.Lock()
	h.under = 0
	<-h.turn
	b.mu.Unlock()
	if len(b.in) > 0 {
		b.rouse()
	}
}

func notWaitedFor(ctx context.Context) error {
	return chat.Errorf(chat.Unavailable, "the store was not waited for, and nothing was stored: %v", context.Cause(ctx))
}

// close ends the batcher after the batch that is under way, and waits for it. It tells whether this was the call that
// closed it: then nobody has a turn, nor gets one.
func (b *batcher[T]) close() bool {
	if b.stopped.Swap(true) {
		<-b.ended
		return false
	}
	close(b.stop)
	<-b.ended
	for _, h := range b.hands {
		h.turn <- struct{}{}
	}
	return true
}

func (b *batcher[T]) run() {
	batch := make([]*job[T], 0, batchMax)
	for {
		select {
		case <-b.stop:
			return
		case <-b.wake:
		}
		for !b.stopped.Load() {
			h := b.free(min(len(b.in), batchMax))
			if h == nil {
				break
			}
			batch = b.gather(batch[:0])
			b.do(h, batch)
			clear(batch)
		}
	}
}

// gather takes the jobs that wait.
func (b *batcher[T]) gather(batch []*job[T]) []*job[T] {
	for len(batch) < batchMax {
		select {
		case j := <-b.in:
			if j.place.CompareAndSwap(waiting, taken) {
				batch = append(batch, j)
			}
		default:
			return batch
		}
	}
	return batch
}
