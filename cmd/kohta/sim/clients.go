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
	for i := range m.Events {
		if e := &m.Events[i]; seqOf(e, c.inbox.role) > 0 && !c.w.chance(c.w.rates.drop) {
			c.w.after(c.w.between(0, 20*time.Millisecond), func() { c.inbox.take(m.Conversation, e) })
		}
	}
}

func seqHead(c *chat.Conversation, role chat.Role) int64 {
	if role == chat.RoleVisitor {
		return c.VisitorSeq
	}
	return c.AgentSeq
}

// inbox is what a client has of its conversations: each event once, in order. What is missing is asked for by position.
type inbox struct {
	w       *world
	owner   client
	role    chat.Role
	follows func(*chat.Conversation) bool
	seen    map[string]int64
	heard   map[string]int64 // how many they were
	order   []string         // the conversations, as they came to be known
}

func newInbox(w *world, owner client, role chat.Role, follows func(*chat.Conversation) bool) *inbox {
	return &inbox{w: w, owner: owner, role: role, follows: follows, seen: map[string]int64{}, heard: map[string]int64{}}
}

func (in *inbox) take(conversation string, e *chat.Event) {
	if in.owner.connection() == nil {
		return
	}
	in.know(conversation)
	switch seq := seqOf(e, in.role); {
	case in.w.bug == "a slow reader misses what was told" && seq > in.seen[conversation]:
		in.seen[conversation] = seq
		in.owner.hears(conversation, e)
	case seq <= in.seen[conversation]: // it is there
	case seq == in.seen[conversation]+1:
		in.show(conversation, seq, e)
	default:
		in.sync(conversation, seq)
	}
}

func (in *inbox) know(conversation string) {
	if _, ok := in.seen[conversation]; !ok {
		in.seen[conversation] = 0
		in.order = append(in.order, conversation)
	}
}

// sync asks for what comes after what is there, up to head or beyond.
func (in *inbox) sync(conversation string, head int64) {
	in.know(conversation)
	if head <= in.seen[conversation] || in.w.chance(in.w.rates.drop) {
		return
	}
	in.w.after(in.w.between(0, 50*time.Millisecond), func() {
		if in.owner.connection() == nil || in.w.away {
			return
		}
		audience := store.ForAgents
		if in.role == chat.RoleVisitor {
			audience = store.ForVisitor
		}
		list, err := in.w.store.EventsAfter(in.w.ctx, conversation, audience, in.seen[conversation], 1000)
		if err != nil {
			panic(err)
		}
		if in.w.bug == "resumed by time" { // and what came within the same moment is passed over
			list = list[min(len(list), in.w.IntN(2)):]
		}
		for i := range list {
			e := &list[i]
			seq := seqOf(e, in.role)
			if seq <= in.seen[conversation] {
				continue
			}
			if seq > in.seen[conversation]+1 {
				in.w.oracle.breach("S6", conversation, "%s was brought %d after %d when it asked by position", in.role, seq, in.seen[conversation])
			}
			in.show(conversation, seq, e)
		}
	})
}

// show puts an event on the screen.
func (in *inbox) show(conversation string, seq int64, e *chat.Event) {
	in.seen[conversation] = seq
	in.heard[conversation]++
	in.owner.hears(conversation, e)
}

// heartbeat tells how far each conversation has come.
func (in *inbox) heartbeat() {
	for _, id := range in.order {
		in.sync(id, seqHead(in.w.heads[id], in.role))
	}
}

// frame is something that a client wants done. It is sent again until it is answered.
type frame struct {
	key          string
	conversation string
	cmd          chat.Command
	fence        int64
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
	if f.next {
		ack, err = c.n.desk.Next(ctx, o.by(), f.key)
	} else {
		ack, err = c.n.desk.Do(ctx, o.by(), f.conversation, f.key, f.fence, f.cmd)
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
