// Package wireclient speaks kohta.v1 from Go: for tests, and for the load generator, which runs ten thousand of them
// in one process. A Client is one connection; a Session comes back after it was cut, with an outbox, and keeps the log.
package wireclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// Options say where a client connects, and as whom.
type Options struct {
	URL    string      // ws://…/ws/visitor or /ws/agent
	Role   chat.Role   // visitor or agent
	Header http.Header // Origin and Cookie of an agent
	Hello  wire.Greeting
	Local  net.Addr                                                             // where to dial from; nil: as the system likes
	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // instead of the system's, for tests

	// OnFrame is called with every text frame, in order, from the goroutine that reads; the frame is the client's
	// again when it returns. It may send.
	OnFrame func(c *Client, frame []byte)
}

// Client is one connection. All its methods may be called at once; Close ends it, and so does the server.
type Client struct {
	conn    *websocket.Conn
	role    chat.Role
	onFrame func(*Client, []byte)
	ended   chan struct{}
	err     error // of the end; read it after ended
	muted   atomic.Bool

	writing sync.Mutex
	buf     []byte

	mu    sync.Mutex
	waits map[string]chan Answer // by key, of Do
}

// Answer is what became of a frame that writes: an ack, or an error of the protocol.
type Answer struct {
	Conversation string
	Seq          int64
	Err          *wire.Error
}

const (
	writeWithin = 10 * time.Second
	bufferSize  = 512
)

// ErrEnded is the error of waiting on a connection that has ended.
var ErrEnded = errors.New("the connection has ended")

// Dial connects and sends hello. It does not wait for welcome. Clients may share a pool of buffers.
func Dial(ctx context.Context, o Options, pool websocket.BufferPool) (*Client, error) {
	c, err := Connect(ctx, o, pool)
	if err != nil {
		return nil, err
	}
	if err := c.Send(&wire.Frame{Type: wire.Hello, Hello: &o.Hello}); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Connect is Dial without the hello.
func Connect(ctx context.Context, o Options, pool websocket.BufferPool) (*Client, error) {
	d := websocket.Dialer{
		Subprotocols: []string{wire.Protocol}, ReadBufferSize: bufferSize, WriteBufferSize: 1024, WriteBufferPool: pool,
		HandshakeTimeout: writeWithin,
	}
	if o.Local != nil {
		d.NetDialContext = (&net.Dialer{LocalAddr: o.Local}).DialContext
	}
	if o.Dial != nil {
		d.NetDialContext = o.Dial
	}
	conn, response, err := d.DialContext(ctx, o.URL, o.Header)
	if err != nil {
		if response != nil {
			return nil, &Refused{Status: response.StatusCode}
		}
		return nil, fmt.Errorf("dial %s: %w", o.URL, err)
	}
	c := &Client{conn: conn, role: o.Role, onFrame: o.OnFrame, ended: make(chan struct{}), waits: map[string]chan Answer{}}
	conn.SetPingHandler(c.pong)
	go c.read()
	return c, nil
}

// Refused is the error of a connection that was turned away before the upgrade.
type Refused struct{ Status int }

func (r *Refused) Error() string { return fmt.Sprintf("the server answered with status %d", r.Status) }

// pong answers without a deadline of its own goroutine or timer: the frame is small.
func (c *Client) pong(payload string) error {
	if c.muted.Load() {
		return nil
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.conn.SetWriteDeadline(time.Now().Add(writeWithin))
	return c.conn.WriteMessage(websocket.PongMessage, []byte(payload))
}

// Send sends a frame and does not wait for an answer.
func (c *Client) Send(f *wire.Frame) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.buf = wire.AppendFrame(c.buf[:0], c.role, f)
	return c.write(websocket.TextMessage, c.buf)
}

// SendRaw sends a message as it is, for tests of what a client should not do.
func (c *Client) SendRaw(kind int, message []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.write(kind, message)
}

func (c *Client) write(kind int, message []byte) error {
	c.conn.SetWriteDeadline(time.Now().Add(writeWithin))
	if err := c.conn.WriteMessage(kind, message); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Do sends a frame that writes and waits for its ack or error. A frame without a key is given one.
func (c *Client) Do(ctx context.Context, f *wire.Frame) (Answer, error) {
	if f.Key == "" {
		f.Key = uuid.NewString()
	}
	wait := make(chan Answer, 1)
	c.mu.Lock()
	c.waits[f.Key] = wait
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waits, f.Key)
		c.mu.Unlock()
	}()
	if err := c.Send(f); err != nil {
		return Answer{}, err
	}
	select {
	case a := <-wait:
		return a, nil
	case <-c.ended:
		return Answer{}, ErrEnded
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
}

// Post sends a message and waits for its ack or error.
func (c *Client) Post(ctx context.Context, conversation, text string) (Answer, error) {
	return c.Do(ctx, &wire.Frame{Type: wire.Post, Conversation: conversation, Command: chat.Post{Text: text}})
}

// Ended is closed when the connection has ended; Err says how.
func (c *Client) Ended() <-chan struct{} { return c.ended }

// Err is how the connection ended. Call it after Ended.
func (c *Client) Err() error { return c.err }

// CloseCode is the code that the server closed with; 0 if it did not.
func (c *Client) CloseCode() int {
	var e *websocket.CloseError
	if errors.As(c.err, &e) && e.Code != websocket.CloseAbnormalClosure {
		return e.Code
	}
	return 0
}

// Close ends the connection without a word, as a network does, and waits for the reading to end.
func (c *Client) Close() {
	c.conn.Close()
	<-c.ended
}

func (c *Client) read() {
	defer close(c.ended)
	defer c.conn.Close()
	var frame []byte
	for {
		_, r, err := c.conn.NextReader()
		if err == nil {
			frame, err = readAll(r, frame[:0])
		}
		if err != nil {
			c.err = err
			return
		}
		c.answer(frame)
		if c.onFrame != nil {
			c.onFrame(c, frame)
		}
	}
}

// answer hands acks and errors to who waits for them.
func (c *Client) answer(frame []byte) {
	c.mu.Lock()
	waiting := len(c.waits) > 0
	c.mu.Unlock()
	if !waiting {
		return
	}
	g, err := wire.Glance(frame)
	if err != nil || g.Key == "" || g.Type != "ack" && g.Type != "error" {
		return
	}
	c.mu.Lock()
	wait := c.waits[g.Key]
	delete(c.waits, g.Key)
	c.mu.Unlock()
	if wait == nil {
		return
	}
	a := Answer{Conversation: g.Conversation, Seq: g.Seq}
	if g.Type == "error" {
		a.Err = &wire.Error{Code: wire.Code(g.Code), Key: g.Key, Conversation: g.Conversation}
	}
	wait <- a
}

func readAll(r io.Reader, b []byte) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// Mute has the client answer no more pings, as one does that is gone without a word. For tests.
func (c *Client) Mute() { c.muted.Store(true) }
