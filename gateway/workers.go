package gateway

import (
	"sync/atomic"
	"time"
)

// workers carry out frames. Readers do not do it themselves: their stacks would grow to what the deepest step of a bot
// needs and stay so, once for each of ten thousand sockets; workers need as many stacks as frames are in work.
type workers struct {
	jobs    chan job
	count   atomic.Int64
	gateway *Gateway
}

type job struct {
	socket *socket
	frame  []byte
}

// Bounds of the workers. With all of them at work a reader waits, and with it its client.
const (
	maxWorkers = 1024
	workerIdle = 5 * time.Second // then a worker ends
)

// do has a frame carried out and returns when that is done.
func (w *workers) do(s *socket, frame []byte) {
	j := job{s, frame}
	select {
	case w.jobs <- j:
	default:
		if w.count.Add(1) <= maxWorkers {
			w.gateway.all.Go(func() { w.work(j) })
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
		j.socket.handle(j.frame)
		j.socket.turn <- struct{}{}
		idle.Reset(workerIdle)
		select {
		case j = <-w.jobs:
		case <-idle.C:
			return
		}
	}
}
