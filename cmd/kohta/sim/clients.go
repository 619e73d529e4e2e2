package sim

import (
	"context"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// client is a browser: a customer's or an agent's.
type client interface {
	connection() *conn
	// hears takes in an event of a conversation.
	hears(conversation string, e *chat.Event)
	// lost says that a connection of theirs is gone.
	lost(*conn)
}

// conn is one connection of a client to a node.
type conn struct {
	w      *world
	n      *node
	owner  client
	inbox  *inbox
	closed bool
}

// connect finds a node that runs; nil if there is none.
func (w *world) connect(owner client, in *inbox) *conn {
	var up []*node
	for _, n := range w.nodes {
		if n.up() {
			up = append(up, n)
		}
	}
	if len(up) == 0 {
		return nil
	}
	c := &conn{w: w, n: up[w.IntN(len(up))], owner: owner, inbox: in}
	c.n.conns[c] = true
	return c
}

func (c *conn) close() {
	c.closed = true
	delete(c.n.conns, c)
}

// broken ends the connection without anybody's wish.
func (c *conn) broken() {
	c.closed = true
	c.owner.lost(c)
}

// show brings what was committed to the client, if it is for them.
func (c *conn) show(m *bus.Message) {
	if !c.inbox.follows(&m.Next) {
		return
	}
	if len(m.Events) == 0 {
		c.inbox.sync(m.Conversation, seqHead(&m.Next, c.inbox.role))
		return
	}
	for i, conversation := 0, m.Conversation; i < len(m.Events); i++ {
		if e := &m.Events[i]; seqOf(e, c.inbox.role) > 0 && !c.w.chance(c.w.rates.drop) {
			c.w.after(c.w.between(0, 20*time.Millisecond), func() { c.inbox.take(c.n, conversation, e) })
		}
	}
}

func seqHead(c *chat.Conversation, role chat.Role) int64 {
	if role == chat.RoleVisitor {
		return c.VisitorSeq
	}
	return c.AgentSeq
}

// frame is something that a client wants done. It is sent again until it is answered.
type frame struct {
	key          string
	conversation string
	cmd          chat.Command
	fence        int64
	customer     bool
	first        time.Time // when it was sent first
	next         bool      // take the next one in the line
	answered     bool
	tries        int
}

// outbox keeps a client's frames until they are answered.
type outbox struct {
	w      *world
	name   string
	by     func() staff.Principal
	sender func() string
	frames []*frame
	acks   func(*frame, store.Ack)
}

// put adds a frame and sends it.
func (o *outbox) put(c *conn, f *frame) {
	f.key, f.first = o.w.newID(), o.w.clock
	if len(o.frames) < 20 {
		o.frames = append(o.frames, f)
		o.send(c, f)
	}
}

// again sends all that is not answered.
func (o *outbox) again(c *conn) {
	for _, f := range o.frames {
		o.send(c, f)
	}
}

// send sends a frame over a connection, which may lose it, delay it, or bring it twice.
func (o *outbox) send(c *conn, f *frame) {
	if c == nil || c.closed {
		return
	}
	f.tries++
	times := 1
	if o.w.chance(o.w.rates.double) {
		times = 2
	}
	for range times {
		if o.w.chance(o.w.rates.drop) {
			continue
		}
		late := o.w.between(0, 5*time.Millisecond)
		if o.w.chance(o.w.rates.delay) {
			late = o.w.between(0, 8*time.Second)
		}
		life := c.n.life
		o.w.after(late, func() {
			if c.n.life == life && c.n.up() && !c.closed {
				c.n.put(task{"frame", func(ctx context.Context) { o.do(ctx, c, f) }})
			}
		})
	}
}

// do is what the gateway does with a frame.
func (o *outbox) do(ctx context.Context, c *conn, f *frame) {
	var ack store.Ack
	var err error
	by := o.by()
	if o.w.bug == "whoever names it may write" && f.customer && o.w.heads[f.conversation] != nil {
		by = staff.AsVisitor(o.w.heads[f.conversation].Visitor)
	}
	if f.next {
		ack, err = c.n.desk.Next(ctx, by, f.key)
	} else {
		ack, err = c.n.desk.Do(ctx, by, f.conversation, f.key, f.fence, f.cmd)
	}
	c.n.errands()
	if o.w.chance(o.w.rates.drop) {
		return
	}
	o.w.after(o.w.between(0, 5*time.Millisecond), func() {
		if !c.closed {
			o.answered(f, ack, err)
		}
	})
}

// answered takes in an ack or an error. What could not be done now is sent again later.
func (o *outbox) answered(f *frame, ack store.Ack, err error) {
	if f.answered || chat.KindOf(err) == chat.Unavailable {
		return
	}
	f.answered = true
	for i, g := range o.frames {
		if g == f {
			o.frames = append(o.frames[:i:i], o.frames[i+1:]...)
			break
		}
	}
	if err != nil && o.w.trace != nil {
		o.w.say("        %s: %s's %T is refused: %v", short(f.conversation), short(o.sender()), f.cmd, err)
	}
	if err == nil {
		o.w.oracle.acked(o.sender(), f, ack)
		o.acks(f, ack)
	} else if chat.KindOf(err) == "" {
		o.w.oracle.breach("internal", f.conversation, "%T got an error of no kind: %v", f.cmd, err)
	}
}
