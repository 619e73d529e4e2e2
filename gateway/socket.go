package gateway

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// Bounds of a socket.
const (
	maxQueuedFrames = 256
	maxAgentFrames  = 2048 // an agent may watch hundreds of conversations: a tenth of a second of them is 256 frames soon
	maxQueuedBytes  = 1 << 20
	batchBytes      = 16 << 10 // what one write takes at most, but for a single larger frame
	writeWithin     = 5 * time.Second
	lingerWithin    = time.Second // for the other side to answer a close
)

// socket is one connection after its upgrade. While it is idle nothing stands for it but the goroutine that reads: a
// goroutine that writes lives only while frames wait.
type socket struct {
	conn    *websocket.Conn
	net     net.Conn
	gateway *Gateway
	role    chat.Role
	address string       // as connections are counted by
	origin  string       // of a visitor, as sent; "" if there was none
	heard   atomic.Int64 // when something last came, in the gateway's milliseconds
	greeted atomic.Bool  // hello is done

	// Of one role each; set before greeted, then read only.
	visitor string
	site    string
	agent   *agentSocket

	slot   int    // of the wheel, which guards it
	budget bucket // of frames; the reader's alone
	typing bucket // of typing that is passed on; the same

	mu       sync.Mutex
	queue    [][]byte
	queued   int  // bytes in queue
	inFlight int  // how many of the queue a write has in hand
	writing  bool // somebody writes
	busy     bool // a frame is being worked on
	ending   int  // close code that is on its way out; 0 while open
	after    int  // close code for when the frame in work is done
	flushed  bool // the close frame is out, or never will be
	gone     bool // the reader has ended: no goroutine may be started any more

	answering string    // key of the frame in work, whose answer takes along what comes of it
	others    []*socket // that are to be flushed after that answer
	wrote     time.Time // when the queue was last empty after a write

	// Guarded by the hub.
	subs      []*sub
	parked    []*sub      // wait for the queue to drain
	hasParked atomic.Bool // spares the writer a look
	replays   int         // answers to sync under way, beside the subscriptions
	paused    bool        // between registration and welcome
	lost      bool        // no longer with the hub
}

// send queues a frame. A socket whose queue is full is closed: its client comes back and goes on by position. A frame
// is never left out.
func (s *socket) send(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.take(frame) {
		s.start()
	}
}

// take queues a frame, and tells whether it did. The caller holds mu.
func (s *socket) take(frame []byte) bool {
	if s.ending != 0 || s.gone {
		return false
	}
	most := maxQueuedFrames
	if s.role == chat.RoleAgent {
		most = maxAgentFrames
	}
	if n := len(s.queue); n >= most || n > 0 && s.queued+len(frame) > maxQueuedBytes {
		s.end(wire.CloseTooSlow)
		return false
	}
	s.push(frame)
	return true
}

func (s *socket) push(frame []byte) {
	s.queue = append(s.queue, frame)
	s.queued += len(frame)
}

// start sees that somebody writes. The caller holds mu.
func (s *socket) start() {
	if !s.writing {
		s.writing = true
		s.gateway.all.Go(s.write)
	}
}

// room tells how many bytes a long answer may add before it has to wait for the queue to drain.
func (s *socket) room() (bytes, frames int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maxQueuedBytes/4 - s.queued, maxQueuedFrames/2 - len(s.queue)
}

// idle tells whether nothing waits to be written.
func (s *socket) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) == 0
}

// write writes what is queued until nothing is left.
func (s *socket) write() {
	p := s.gateway.buffers.get()
	batch, ok := s.next(0, (*p)[:0])
	if !ok {
		s.gateway.buffers.put(p, *p)
		return
	}
	s.drain(p, batch, 0)
}

// drain writes a batch in a buffer p, of which some is written already, and after it what is queued until nothing is
// left.
func (s *socket) drain(p *[]byte, batch []byte, written int) {
	defer func() { s.gateway.buffers.put(p, *p) }()
	for ok := true; ok; written = 0 {
		s.net.SetWriteDeadline(time.Now().Add(writeWithin))
		if _, err := s.net.Write(batch[written:]); err != nil {
			s.broken()
			return
		}
		if cap(batch) <= maxBuffer {
			*p = batch
		}
		batch, ok = s.next(len(batch), (*p)[:0])
	}
}

// next removes what was written and gathers the next batch; ok is false when there is none, and the writer ends.
func (s *socket) next(written int, batch []byte) (_ []byte, ok bool) {
	s.mu.Lock()
	clear(s.queue[:s.inFlight])
	s.queue, s.queued, s.inFlight = s.queue[s.inFlight:], s.queued-written, 0
	if len(s.queue) > 0 {
		for _, frame := range s.queue {
			if len(batch) > 0 && len(batch)+len(frame) > batchBytes {
				break
			}
			batch = append(batch, frame...)
			s.inFlight++
		}
		s.mu.Unlock()
		return batch, true
	}
	s.queue, s.writing, s.wrote = nil, false, time.Now()
	if s.ending != 0 {
		s.farewell()
	}
	s.mu.Unlock()
	s.gateway.hub.drained(s)
	return nil, false
}

// farewell is called once the close frame is out: the other side has a moment to answer it. The caller holds mu.
func (s *socket) farewell() {
	s.flushed = true
	if s.gone {
		s.net.Close()
		return
	}
	s.net.SetReadDeadline(time.Now().Add(lingerWithin))
}

// broken ends a socket that cannot be written to.
func (s *socket) broken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending == 0 {
		s.ending = wire.CloseTooSlow
	}
	s.flushed, s.queue, s.queued = true, nil, 0 // writing stays true: nobody starts to write again
	s.net.Close()
}

// close ends the socket with a code, after what is queued already. Draining waits for the frame in work.
func (s *socket) close(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if code == wire.CloseDraining && s.busy {
		s.after = code
		return
	}
	s.end(code)
}

// end queues the close frame. Who is too slow for the queue does not get it. The caller holds mu.
func (s *socket) end(code int) {
	if s.ending != 0 || s.gone {
		return
	}
	s.ending = code
	s.gateway.metrics.closed(code)
	if code == wire.CloseTooSlow {
		clear(s.queue[s.inFlight:])
		s.queue = s.queue[:s.inFlight]
	}
	s.push(closeFrame(code))
	s.start()
	if code == wire.CloseTooSlow {
		s.queued = 0
		for _, f := range s.queue {
			s.queued += len(f)
		}
	}
}

// fail sends an error, and closes with its code if it has one.
func (s *socket) fail(e *wire.Error) {
	s.gateway.metrics.failed(e.Code)
	s.send(s.gateway.buffers.text(func(b []byte) []byte { return wire.AppendError(b, e) }))
	if e.Close != 0 {
		s.close(e.Close)
	}
}

// working says that the reader is, or is no longer, at a frame.
func (s *socket) working(busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = busy
	if !busy && s.after != 0 {
		s.end(s.after)
	}
}

func (s *socket) isEnding() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ending != 0
}

// leave is the end of the reader. A close frame that is still on its way gets its time.
func (s *socket) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
	if s.ending == 0 || s.flushed || !s.writing {
		s.net.Close()
	}
}
