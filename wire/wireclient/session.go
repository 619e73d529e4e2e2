package wireclient

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// Session is a client that comes back: it keeps what was not acknowledged and sends it again under the same key, asks
// for what it missed by position, and keeps the log of every conversation without a hole. It is what a widget does, in
// the words of a test. All methods may be called at once.
type Session struct {
	options Options
	pool    websocket.BufferPool
	moved   chan struct{} // closed and made anew whenever something has changed

	mu     sync.Mutex
	client *Client
	outbox []*wire.Frame // not answered yet, oldest first
	acks   map[string]Answer
	logs   map[string][]wire.Received // events by conversation; the one of position n stands at n-1
	asked  map[string]bool            // a sync is under way
	Stats  Stats
}

// Stats counts what happened to a session. Read it when the session has ended, or through Session.Count.
type Stats struct {
	Connects int // welcomes
	Doubled  int // events that came again; the protocol allows them after a sync
	Holes    int // events that came too early
	Resent   int // frames that were sent again
}

// NewSession makes a session that is not connected yet.
func NewSession(o Options) *Session {
	return &Session{
		options: o, pool: &sync.Pool{}, moved: make(chan struct{}),
		acks: map[string]Answer{}, logs: map[string][]wire.Received{}, asked: map[string]bool{},
	}
}

// Backoff of a session, much shorter than a widget's: tests do not wait.
const (
	firstPause = 10 * time.Millisecond
	longest    = 500 * time.Millisecond
)

// Run keeps the session connected until ctx ends, or until the server says to stay away, whose code it returns.
func (s *Session) Run(ctx context.Context) (code int) {
	pause := firstPause
	for ctx.Err() == nil {
		before := s.Count().Connects
		if code = s.once(ctx); code >= 3500 {
			return code
		}
		if s.Count().Connects > before {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(rand.N(pause)): // full jitter
		}
		pause = min(2*pause, longest)
	}
	return 0
}

// once is one connection from dial to end.
func (s *Session) once(ctx context.Context) (code int) {
	o := s.options
	s.mu.Lock()
	o.Hello = s.options.Hello
	o.Hello.Since = map[string]int64{}
	for id, log := range s.logs {
		o.Hello.Since[id] = int64(len(log))
	}
	clear(s.asked)
	s.mu.Unlock()
	o.OnFrame = s.frame
	c, err := Dial(ctx, o, s.pool)
	if err != nil {
		return 0
	}
	stop := context.AfterFunc(ctx, func() { c.conn.Close() })
	defer stop()
	<-c.Ended()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client = nil
	return c.CloseCode()
}

// Put sends a frame that writes, now or when there is a connection, until it is answered. It returns the frame's key.
func (s *Session) Put(f *wire.Frame) string {
	if f.Key == "" {
		f.Key = uuid.NewString()
	}
	s.mu.Lock()
	s.outbox = append(s.outbox, f)
	c := s.client
	s.mu.Unlock()
	if c != nil {
		c.Send(f) // what is lost is sent again after the next welcome
	}
	return f.Key
}

// Tell sends a frame that writes nothing, if there is a connection.
func (s *Session) Tell(f *wire.Frame) {
	s.mu.Lock()
	c := s.client
	s.mu.Unlock()
	if c != nil {
		c.Send(f) // it may be lost, as signals may
	}
}

// Post puts a message.
func (s *Session) Post(conversation, text string) string {
	return s.Put(&wire.Frame{Type: wire.Post, Conversation: conversation, Command: chat.Post{Text: text}})
}

// Cut ends the connection without a word. Run connects again.
func (s *Session) Cut() {
	s.mu.Lock()
	c := s.client
	s.mu.Unlock()
	if c != nil {
		c.conn.Close()
	}
}

// Await returns when done says so, looking again whenever something has changed, or with ctx's error.
func (s *Session) Await(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		moved := s.moved
		s.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Answer returns what became of a frame, and whether it was answered.
func (s *Session) Answer(key string) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.acks[key]
	return a, ok
}

// Pending is how many frames wait for their answer.
func (s *Session) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.outbox)
}

// Log returns the events of a conversation so far: position n stands at n-1.
func (s *Session) Log(conversation string) []wire.Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]wire.Received(nil), s.logs[conversation]...)
}

// Conversations are those of which the session has events.
func (s *Session) Conversations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id := range s.logs {
		ids = append(ids, id)
	}
	return ids
}

// Count returns the counters.
func (s *Session) Count() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Stats
}

func (s *Session) frame(c *Client, frame []byte) {
	r, err := wire.DecodeServer(frame)
	if err != nil {
		return
	}
	s.mu.Lock()
	send := s.take(c, &r)
	close(s.moved)
	s.moved = make(chan struct{})
	s.mu.Unlock()
	for _, f := range send {
		c.Send(f)
	}
}

// take takes in a frame and returns what is to be sent for it.
func (s *Session) take(c *Client, r *wire.Received) []*wire.Frame {
	switch r.Type {
	case "welcome":
		s.client = c
		if r.Token != "" {
			s.options.Hello.Token = r.Token
		}
		if s.Stats.Connects++; s.Stats.Connects > 1 {
			s.Stats.Resent += len(s.outbox)
		}
		return append([]*wire.Frame(nil), s.outbox...)
	case "ack":
		s.settle(r.Key, Answer{Conversation: r.Conversation, Seq: r.Seq})
	case "error":
		if r.Code != string(wire.RateLimited) && r.Code != string(wire.Unavailable) {
			s.settle(r.Key, Answer{Err: &wire.Error{Code: wire.Code(r.Code)}})
		}
	case "event":
		return s.event(r)
	case "synced":
		delete(s.asked, r.Conversation)
	case "heartbeat":
		return s.behind(r.Heads)
	}
	return nil
}

func (s *Session) settle(key string, a Answer) {
	for i, f := range s.outbox {
		if f.Key == key {
			s.acks[key] = a
			s.outbox = append(s.outbox[:i:i], s.outbox[i+1:]...)
			return
		}
	}
}

func (s *Session) event(r *wire.Received) []*wire.Frame {
	log := s.logs[r.Conversation]
	switch n := int64(len(log)); {
	case r.Seq == n+1:
		s.logs[r.Conversation] = append(log, *r)
	case r.Seq <= n:
		s.Stats.Doubled++
	default:
		s.Stats.Holes++
		return s.ask(r.Conversation, n)
	}
	return nil
}

func (s *Session) behind(heads map[string]int64) []*wire.Frame {
	var send []*wire.Frame
	for id, head := range heads {
		if n := int64(len(s.logs[id])); n < head {
			send = append(send, s.ask(id, n)...)
		}
	}
	return send
}

func (s *Session) ask(conversation string, after int64) []*wire.Frame {
	if s.asked[conversation] {
		return nil
	}
	s.asked[conversation] = true
	return []*wire.Frame{{Type: wire.Sync, Conversation: conversation, Seq: after}}
}

// AgentHeader is what an agent's upgrade comes with.
func AgentHeader(origin string, cookie *http.Cookie) http.Header {
	return http.Header{"Origin": {origin}, "Cookie": {cookie.Name + "=" + cookie.Value}}
}
