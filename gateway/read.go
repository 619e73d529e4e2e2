package gateway

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// errTooLarge is a frame over the size, counted as it comes.
var errTooLarge = errors.New("the frame is too large")

// read is a socket's reader. It takes one frame after the other, each of which a worker carries out before the next is
// read: so a client's frames take effect in its order, and one that sends faster than the store can write is slowed
// down by its own connection.
func (s *socket) read() {
	defer s.gateway.forget(s)
	s.net.SetReadDeadline(time.Now().Add(wire.HelloWithin))
	s.conn.SetPingHandler(func(payload string) error {
		s.heard.Store(s.gateway.ms())
		if !s.gateway.limits || s.budget.take(s.gateway.since(), time.Second/frames, frameRun) == 0 {
			s.send(controlFrame(opPong, payload)) // who pings without end is not answered without end
		}
		return nil
	})
	s.conn.SetPongHandler(func(string) error {
		s.heard.Store(s.gateway.ms())
		return nil
	})
	s.conn.SetCloseHandler(func(code int, _ string) error {
		if code == websocket.CloseNoStatusReceived {
			code = websocket.CloseNormalClosure
		}
		s.close(code)
		return nil
	})
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			s.readFailed(err)
			return
		}
		s.heard.Store(s.gateway.ms())
		if s.isEnding() {
			continue // the close frame is on its way, and ends the wait
		}
		if s.frame(kind, r) != nil {
			return
		}
	}
}

// frame reads one frame and has it carried out. Its error is the connection's.
func (s *socket) frame(kind int, r io.Reader) error {
	buffers := s.gateway.buffers
	p := buffers.get()
	b, err := readAll(r, (*p)[:0], s.limit())
	switch {
	case errors.Is(err, errTooLarge):
		s.tooLarge()
		err = nil
	case err != nil:
		s.readFailed(err)
	case kind != websocket.TextMessage:
		s.fail(&wire.Error{Code: wire.BadFrame, Close: wire.CloseBadFrame, Words: "a binary frame"})
	default:
		s.heard.Store(s.gateway.ms())
		s.working(true)
		if s.greeted.Load() {
			s.gateway.workers.do(s, b)
		} else {
			s.admitted(b)
		}
		s.working(false)
	}
	buffers.put(p, b)
	return err
}

// limit is how large the next frame may be.
func (s *socket) limit() int {
	if s.role == chat.RoleAgent {
		return wire.MaxAgentFrame
	}
	return wire.MaxVisitorFrame
}

// helloLimit is how large a hello may be.
func (s *socket) helloLimit() int {
	if s.role == chat.RoleAgent {
		return wire.MaxAgentHello
	}
	return wire.MaxVisitorHello
}

func (s *socket) tooLarge() {
	s.fail(&wire.Error{Code: wire.TooLarge, Close: wire.CloseTooLarge})
}

// readFailed ends the socket after a read that failed: the time for hello is over, the frame's header claims more
// than there is, or the other side is gone.
func (s *socket) readFailed(err error) {
	var timeout net.Error
	switch {
	case s.isEnding():
	case errors.Is(err, websocket.ErrReadLimit):
		s.tooLarge()
	case errors.As(err, &timeout) && timeout.Timeout() && !s.greeted.Load():
		s.fail(&wire.Error{Code: wire.HelloFirst, Close: wire.CloseBadFrame})
	}
}

// readAll reads at most limit bytes.
func readAll(r io.Reader, b []byte, limit int) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case len(b) > limit:
			return b, errTooLarge
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		}
	}
}
