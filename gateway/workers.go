package gateway

import (
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/wire"
)

// workers carry out frames. Readers do not do it on their own stacks: those would grow to what the deepest step of a bot
// needs and stay so, once for each of ten thousand sockets; workers need as many stacks as frames are in work.
//
// A worker is a coroutine: its reader waits for it in any case, so the two change places without the scheduler, which
// would wake another processor to look for work, twice a frame, and find none.
type workers struct {
	carryOut func(job)
	places   chan struct{} // one for each frame in work

	mu    sync.Mutex
	idle  []*worker // the one that was used last at the end
	ended bool

	unanswered atomic.Int64 // frames that wait for a worker or are in work
}

// worker carries out one frame each time that it is asked to go on. Who took it has it alone.
type worker struct {
	job  job
	next func() (struct{}, bool)
	end  func()
	used time.Time
}

type job struct {
	socket *socket
	frame  []byte
}

// Bounds of the workers. With all of them at work a reader waits, and with it its client.
const (
	maxWorkers = 128
	workerIdle = 5 * time.Second // then a worker ends
)

// newWorkers makes workers that carry out frames by a function, which does not panic. The caller stops them.
func newWorkers(carryOut func(job)) *workers {
	return &workers{carryOut: carryOut, places: make(chan struct{}, maxWorkers)}
}

func (w *workers) hire() *worker {
	one := &worker{}
	one.next, one.end = iter.Pull(func(done func(struct{}) bool) {
		for w.carryOut(one.job); done(struct{}{}); w.carryOut(one.job) {
		}
	})
	return one
}

// do has a frame carried out and returns when that is done.
func (w *workers) do(s *socket, frame []byte) {
	w.unanswered.Add(1)
	defer w.unanswered.Add(-1)
	w.places <- struct{}{}
	one := w.take()
	one.job = job{s, frame}
	one.next()
	one.job = job{}
	w.give(one)
	<-w.places
}

// take gives the worker whose stack was in use last, or a new one.
func (w *workers) take() *worker {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.idle)
	if n == 0 {
		return w.hire()
	}
	one := w.idle[n-1]
	w.idle[n-1] = nil
	w.idle = w.idle[:n-1]
	return one
}

// give takes a worker back.
func (w *workers) give(one *worker) {
	one.used = time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		one.end()
		return
	}
	w.idle = append(w.idle, one)
}

// trim ends the workers that have had nothing to do for workerIdle by now.
func (w *workers) trim(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.idle) && now.Sub(w.idle[n].used) >= workerIdle {
		w.idle[n].end()
		n++
	}
	rest := copy(w.idle, w.idle[n:])
	clear(w.idle[rest:])
	w.idle = w.idle[:rest]
}

// stop ends the workers. Nobody may call do any more.
func (w *workers) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	for _, one := range w.idle {
		one.end()
	}
	w.idle = nil
}

// run carries out one frame. A panic ends that frame alone: nobody else's socket is to notice.
func (j job) run() {
	defer func() {
		if p := recover(); p != nil {
			j.socket.gateway.log.Error("a frame panicked", zap.String("visitor", j.socket.visitor), zap.Any("panic", p), zap.Stack("stack"))
			j.socket.answer(nil)
			j.socket.fail(&wire.Error{Code: wire.Unavailable, RetryAfter: int(retryLater.Seconds())})
		}
	}()
	j.socket.handle(j.frame)
}
