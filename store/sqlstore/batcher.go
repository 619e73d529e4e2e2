package sqlstore

import (
	"context"
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

// batcher has one batch written at a time: what waits, at most batchMax, is settled together. There is no timer: a lone
// write is settled at once, and under load the batches grow by themselves.
//
// Who comes while nothing is written has the turn and writes it itself, which spares two changes of goroutines; who
// comes meanwhile is left to the goroutine of run.
type batcher[T any] struct {
	settle  func([]*job[T]) // gives each job its answer; called by whoever has the turn
	failed  func()          // called when settle panicked, with the turn
	turn    chan struct{}   // full while a batch is written
	in      chan *job[T]
	wake    chan struct{} // says that there is something in in
	stop    chan struct{} // closed by close
	ended   chan struct{} // closed by run
	stopped atomic.Bool
}

// newBatcher begins to take jobs. The caller closes it.
func newBatcher[T any](settle func([]*job[T]), failed func()) *batcher[T] {
	b := &batcher[T]{settle: settle, failed: failed, turn: make(chan struct{}, 1), in: make(chan *job[T], queueRoom),
		wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{})}
	go b.run()
	return b
}

var errClosed error = &chat.Error{Kind: chat.Unavailable, Words: "the store is closed"}

// write has something written and returns what became of it: nil when it is durable. The context bounds the wait until it
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
	select {
	case b.wake <- struct{}{}:
	default: // it is awake
	}
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

// mine writes a job in the caller's goroutine, unless a batch is under way or somebody came before.
func (b *batcher[T]) mine(j *job[T]) bool {
	if b.stopped.Load() || len(b.in) > 0 {
		return false
	}
	select {
	case b.turn <- struct{}{}:
	default:
		return false
	}
	if b.stopped.Load() { // close waits for the turn, and then for nobody
		<-b.turn
		return false
	}
	j.place.Store(taken)
	b.do([]*job[T]{j})
	return true
}

// do writes a batch, answers it, and gives the turn back.
func (b *batcher[T]) do(batch []*job[T]) {
	whole := false
	defer func() {
		if !whole {
			b.failed()
		}
		<-b.turn
	}()
	b.settle(batch)
	for _, j := range batch {
		close(j.done)
	}
	whole = true
}

func notWaitedFor(ctx context.Context) error {
	return chat.Errorf(chat.Unavailable, "the store was not waited for, and nothing was stored: %v", context.Cause(ctx))
}

// close ends the batcher after the batch that is under way, and waits for it. It tells whether this was the call that
// closed it: then nobody has the turn, nor gets it.
func (b *batcher[T]) close() bool {
	if b.stopped.Swap(true) {
		<-b.ended
		return false
	}
	close(b.stop)
	<-b.ended
	b.turn <- struct{}{}
	return true
}

func (b *batcher[T]) run() {
	defer close(b.ended)
	batch := make([]*job[T], 0, batchMax)
	for {
		select {
		case <-b.stop:
			return
		case <-b.wake:
		}
		for len(b.in) > 0 && !b.stopped.Load() {
			b.turn <- struct{}{}
			batch = b.gather(batch[:0])
			b.do(batch)
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
