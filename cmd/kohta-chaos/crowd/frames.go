package crowd

import (
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// frame takes in what the server sent.
func (c *Client) frame(conn *wireclient.Client, frame []byte) {
	r, err := wire.DecodeServer(frame)
	if err != nil {
		return
	}
	c.mu.Lock()
	if c.dialed != conn {
		c.mu.Unlock()
		return // the last words of a connection that was given up
	}
	c.heard = time.Now()
	c.ticks++
	c.watchClock(&r)
	send := c.take(conn, &r)
	c.stir()
	c.mu.Unlock()
	for _, f := range send {
		if conn.Send(f) != nil {
			return
		}
	}
}

// watchClock notes by how much the desk's time of what this client wrote lies outside of when it was on its way.
func (c *Client) watchClock(r *wire.Received) {
	p := c.posts[r.Key]
	if p == nil || r.Type != "event" {
		return
	}
	c.stats.Skew = max(c.stats.Skew, p.began.Sub(r.At), r.At.Sub(time.Now()))
}

// take takes in a frame and returns what is to be sent for it. The caller holds mu.
func (c *Client) take(conn *wireclient.Client, r *wire.Received) []*wire.Frame {
	switch r.Type {
	case "welcome":
		return c.welcome(conn, r)
	case "ack":
		c.acked(r)
	case "error":
		c.failed(r)
	case "event":
		return c.event(r)
	case "synced":
		t := c.talk(r.Conversation)
		t.asked = false
		return c.behind(map[string]int64{r.Conversation: r.Head})
	case "heartbeat":
		return c.behind(r.Heads)
	}
	return nil
}

// welcome sends the outbox again, and some frames that were answered long ago, which must change nothing.
func (c *Client) welcome(conn *wireclient.Client, r *wire.Received) []*wire.Frame {
	c.conn = conn
	if !c.lost.IsZero() {
		c.stats.Backs = append(c.stats.Backs, time.Since(c.lost))
		c.lost = time.Time{}
	}
	var send []*wire.Frame
	if c.agent {
		c.id = r.Agent.ID
		send = append(send, &wire.Frame{Type: wire.Presence, Status: "online"})
		c.own(r.Snapshots)
	} else {
		c.id, c.options.Hello.Token = r.Visitor, r.Token
		c.open = ""
		for _, s := range r.Snapshots {
			if s.State != chat.Closed {
				c.open = s.Conversation
			}
		}
	}
	heads := map[string]int64{}
	for _, s := range r.Snapshots {
		heads[s.Conversation] = s.Head
		c.note(s.Conversation)
	}
	send = append(send, c.behind(heads)...)
	return append(send, c.again()...)
}

// own takes over what the desk says is this agent's, and forgets the rest.
func (c *Client) own(snapshots []wire.Snapshot) {
	clear(c.held)
	for _, s := range snapshots {
		if s.State == chat.WithAgent && s.Agent != nil && s.Agent.ID == c.id {
			c.held[s.Conversation] = s.Fence
		}
	}
}

// again are the frames to be sent after a welcome, in their order.
func (c *Client) again() (send []*wire.Frame) {
	answered := 0
	for i := len(c.order) - 1; i >= 0 && answered < resendAnswered; i-- {
		if p := c.order[i]; p.Acked > 0 {
			send = append(send, p.frame)
			answered++
		}
	}
	slices.Reverse(send)
	for _, p := range c.outbox {
		p.again = time.Time{}
		send = append(send, p.frame)
	}
	c.stats.Resent += len(send)
	return send
}

func (c *Client) acked(r *wire.Received) {
	p := c.posts[r.Key]
	switch {
	case p == nil:
		c.strays = append(c.strays, "got an ack for "+r.Key+", which it never sent")
	case p.Acked > 0:
		p.Differs = p.Differs || p.Conversation != r.Conversation || p.Seq != r.Seq
	default:
		p.Acked, p.Conversation, p.Seq = c.ticks, r.Conversation, r.Seq
		c.stats.Acks++
		c.stats.Waits = append(c.stats.Waits, time.Since(p.began))
		c.settle(p)
		c.note(r.Conversation)
	}
}

// laterAtLeast keeps a client from asking again at once when the server names no time.
const laterAtLeast = 200 * time.Millisecond

func (c *Client) failed(r *wire.Received) {
	p := c.posts[r.Key]
	if p == nil {
		c.stats.Later[r.Code]++ // of a sync, or of none
		c.anew = c.anew || r.Code == string(wire.HelloFirst)
		if t := c.talks[r.Conversation]; t != nil {
			t.asked = false
		}
		return
	}
	if r.Code == string(wire.RateLimited) || r.Code == string(wire.Unavailable) {
		c.stats.Later[r.Code]++
		p.again = time.Now().Add(max(laterAtLeast, min(time.Second, time.Duration(r.RetryAfter)*time.Second)))
		return
	}
	if p.Acked == 0 {
		c.stats.Refused[r.Code]++
	}
	p.Refused = r.Code
	c.settle(p)
}

// settle takes an answered frame out of the outbox.
func (c *Client) settle(p *post) {
	if i := slices.Index(c.outbox, p); i >= 0 {
		c.outbox = slices.Delete(c.outbox, i, i+1)
	}
}

// event puts what happened on the screen, in its place.
func (c *Client) event(r *wire.Received) []*wire.Frame {
	t := c.talk(r.Conversation)
	e := eventOf(r)
	switch n := t.position(); {
	case r.Seq == n+1:
		t.shown = append(t.shown, e)
		c.note(r.Conversation)
		c.happened(r.Conversation, t, e)
	case r.Seq <= n:
		if t.shown[r.Seq-1] != e {
			c.strays = append(c.strays, fmt.Sprintf("got position %d of conversation %s again, and it is another", r.Seq, r.Conversation))
		}
	default:
		return c.ask(r.Conversation, t)
	}
	return nil
}

func eventOf(r *wire.Received) check.Event {
	e := check.Event{Seq: r.Seq, Kind: r.Kind, Key: r.Key, Role: r.From.Role, From: r.From.ID}
	if r.Agent != nil {
		e.Agent = r.Agent.ID
	}
	if r.Kind == string(chat.KindMessage) {
		e.Text = r.Text
	}
	return e
}

// happened is what an event means to who sees it.
func (c *Client) happened(id string, t *talk, e check.Event) {
	switch chat.Kind(e.Kind) {
	case chat.KindAssigned:
		if e.Agent == c.id {
			c.held[id], t.answers, t.unread = e.Seq, 0, true
		} else {
			delete(c.held, id)
		}
	case chat.KindUnassigned, chat.KindTransferred, chat.KindReturned, chat.KindReopened, chat.KindClosed:
		delete(c.held, id)
	case chat.KindMessage:
		t.unread = e.Role == string(chat.RoleVisitor) || t.unread && e.Role != string(chat.RoleAgent)
	}
	if !c.agent {
		t.isClosed = e.Kind == string(chat.KindClosed) || t.isClosed && e.Kind != string(chat.KindReopened)
		if t.isClosed && c.open == id {
			c.open = ""
		} else if !t.isClosed {
			c.open = id
		}
	}
}

// behind asks for what is missing up to these heads.
func (c *Client) behind(heads map[string]int64) (send []*wire.Frame) {
	for id, head := range heads {
		if t := c.talk(id); t.position() < head {
			send = append(send, c.ask(id, t)...)
		}
	}
	return send
}

func (c *Client) ask(id string, t *talk) []*wire.Frame {
	if t.asked {
		return nil
	}
	t.asked = true
	return []*wire.Frame{{Type: wire.Sync, Conversation: id, Seq: t.position()}}
}

func (c *Client) talk(id string) *talk {
	t := c.talks[id]
	if t == nil {
		t = &talk{}
		c.talks[id] = t
	}
	return t
}

// note remembers that something happened in a conversation lately.
func (c *Client) note(id string) {
	if n := len(c.recent); n > 0 && c.recent[n-1] == id {
		return
	}
	if i := slices.Index(c.recent, id); i >= 0 {
		c.recent = slices.Delete(c.recent, i, i+1)
	}
	if c.recent = append(c.recent, id); len(c.recent) > mostSince {
		c.recent = c.recent[1:]
	}
}
