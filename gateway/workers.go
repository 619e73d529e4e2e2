package gateway

import (
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/wire"
)

// workers carry out frames. Readers do not do it themselves: their stacks would grow to what the deepest step of a bot
// needs and stay so, once for each of ten thousand sockets; workers need as many stacks as frames are in work.
type workers struct {
	jobs  chan job
	count atomic.Int64
	all   sync.WaitGroup
	quit  chan struct{}

	unanswered atomic.Int64 // frames that wait for a worker or are in work
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

// do has a frame carried out and returns when that is done.
func (w *workers) do(s *socket, frame []byte) {
	w.unanswered.Add(1)
	defer w.unanswered.Add(-1)
	j := job{s, frame}
	select {
	case w.jobs <- j:
	default:
		if w.count.Add(1) <= maxWorkers {
			w.all.Go(func() { w.work(j) })
		} else {
			w.count.Add(-1)
			w.jobs <- j
		}
	}
	<-s.turn
}

func (w *workers) work(j job) {
	defer w.count.Add(-1)
	idle := time.NewTimer(workerIdle)
	defer idle.Stop()
	for {
		j.run()
		j.socket.turn <- struct{}{}
		idle.Reset(workerIdle)
		select {
		case j = <-w.jobs:
		case <-idle.C:
			return
		case <-w.quit:
			return
		}
	}
}

// stop ends the workers. Nobody may call do any more.
func (w *workers) stop() {
	close(w.quit)
	w.all.Wait()
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
