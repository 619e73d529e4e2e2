package gateway

import (
	"errors"
	"slices"
	"syscall"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// To wake a goroutine for a write takes longer than the write. Who has made a frame writes it, therefore, as far as the
// connection takes it without a wait; what it does not take is left to a goroutine, as everything else is.

// together is how soon after a write the next one is left to a goroutine, which gathers what comes meanwhile.
const together = 200 * time.Microsecond

// attempts bounds how often a flush looks whether more has come.
const attempts = 2

// put queues a frame for a flush that the caller owes.
func (s *socket) put(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.take(frame)
}

// flush writes what is queued. It does not wait for the other side.
func (s *socket) flush() { s.flushWithin(together) }

func (s *socket) flushWithin(quiet time.Duration) {
	conn, open := s.net.(syscall.Conn)
	now := time.Now()
	s.mu.Lock()
	if s.writing || s.gone || len(s.queue) == 0 {
		s.mu.Unlock()
		return
	}
	if !open || now.Sub(s.wrote) < quiet {
		s.start()
		s.mu.Unlock()
		return
	}
	s.writing = true
	s.mu.Unlock()
	s.writeNow(conn, now)
}

// writeNow writes as the one that does, until nothing is left or the connection takes no more.
func (s *socket) writeNow(conn syscall.Conn, now time.Time) {
	p := s.gateway.buffers.get()
	batch, more := s.next(0, (*p)[:0])
	for n := 1; more; n++ {
		s.net.SetWriteDeadline(now.Add(writeWithin))
		written, err := attempt(conn, batch)
		switch {
		case err != nil:
			s.broken()
			more = false
			continue
		case written < len(batch) || n == attempts:
			s.leaveTo(p, batch, written)
			return
		}
		if cap(batch) <= maxBuffer {
			*p = batch
		}
		batch, more = s.next(len(batch), (*p)[:0])
	}
	s.gateway.buffers.put(p, *p)
}

// leaveTo has a goroutine write the rest of a batch, and what comes after it.
func (s *socket) leaveTo(p *[]byte, batch []byte, written int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone { // nobody reads there any more
		s.flushed, s.queue, s.queued = true, nil, 0
		s.net.Close()
		s.gateway.buffers.put(p, (*p)[:0])
		return
	}
	s.gateway.all.Go(func() { s.drain(p, batch, written) })
}

// attempt writes what the connection takes at once.
func attempt(conn syscall.Conn, b []byte) (n int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		n, failed = syscall.Write(int(fd), b)
		return true
	})
	if errors.Is(failed, syscall.EAGAIN) || errors.Is(failed, syscall.EINTR) {
		failed = nil
	}
	return max(n, 0), errors.Join(err, failed)
}

// begin says that the frame of this key is being carried out: the words that come of it wait for its answer, which
// leaves in the same write.
func (s *socket) begin(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answering = key
}

// answer ends what begin began, with an answer if there is one, and writes it with what has waited for it.
func (s *socket) answer(frame []byte) {
	s.mu.Lock()
	s.answering = ""
	others := s.others
	s.others = nil
	if frame != nil {
		s.take(frame)
	}
	s.mu.Unlock()
	s.flushWithin(0)
	for _, other := range others {
		other.flush()
	}
}

// hold leaves the flush of some sockets to the one whose frame of this key is being carried out; false if that is not
// this socket's.
func (s *socket) hold(key string, due []*socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answering == "" || s.answering != key {
		return false
	}
	s.others = append(s.others, due...)
	return true
}

// flush writes what a message has brought to sockets. Where it is words alone their sender's answer follows at once,
// and goes with them; after other steps the desk has more to do, and nobody is to wait for that.
func (h *hub) flush(m *bus.Message, due []*socket) {
	if key := keyOf(m); key != "" && slices.ContainsFunc(due, func(s *socket) bool { return s.hold(key, due) }) {
		return
	}
	for _, s := range due {
		s.flush()
	}
}

// keyOf is the key of the frame that brought a message of words alone, "" for every other.
func keyOf(m *bus.Message) string {
	for i := range m.Events {
		if k := m.Events[i].Kind; k != chat.KindMessage && k != chat.KindFeeling {
			return ""
		}
	}
	if len(m.Events) == 0 {
		return ""
	}
	return m.Events[0].Key
}
