package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// hear takes in what some node has committed, this one included: that it was heard of, and with it what is remembered of
// the conversation, so that a node which has worked on it before goes on from there without asking the store.
func (d *Desk) hear(m bus.Message) {
	d.heard.merge(m.Conversation, m.Next.Pos, func(was, pos int64) int64 { return max(was, pos) })
	d.conversations.follow(&m)
	if erases(&m) { // perhaps on another node, or by a command: here, too, nothing of it is to be left
		d.Forget(m.Next.Visitor, m.Conversation)
	}
}

// erases tells whether a message is of an erasure. What the sweep has found does not say of which step it is.
func erases(m *bus.Message) bool {
	for i := range m.Events {
		if m.Events[i].Kind == chat.KindErased {
			return true
		}
	}
	return len(m.Events) == 0 && m.Next.Erased > 0
}

// Handler is what Run subscribes to the bus. Who drives a desk without Run hands it what some node has committed, this one
// included.
func (d *Desk) Handler() bus.Handler {
	return bus.Handler{Message: d.hear, Glance: d.wants, Passed: func(next *chat.Conversation) {
		d.hear(bus.Message{Conversation: next.ID, Next: *next})
	}}
}

// wants tells whether this node needs the events of a conversation, as it remembers how it was before.
func (d *Desk) wants(next *chat.Conversation, attention bool) bool {
	return attention || d.conversations.folds.has(next.ID)
}

// maxHeard is of how many conversations it is known how far they were heard of. Of those beyond, healing tells again.
const maxHeard = 1 << 14

// follow brings what is remembered of a conversation to where a message says that it is, or forgets it.
func (c *conversations) follow(m *bus.Message) {
	n := &m.Next
	if key := openKey(n.Site, n.Visitor); n.Site != "" {
		if id, ok := c.open.get(key); ok && (id == m.Conversation) != n.Open() {
			c.open.forget(key)
		}
	}
	if id, ok := c.latest.get(n.Visitor); ok && id != m.Conversation {
		c.latest.forget(n.Visitor)
	}
	c.folds.change(m.Conversation, func(k *known) (keep bool) {
		if k.Pos >= n.Pos {
			return true
		}
		if len(m.Events) == 0 || m.Events[0].Pos != k.Pos+1 {
			return false
		}
		for i := range m.Events {
			e := &m.Events[i]
			var folded chat.Event
			if k.Conversation, folded = chat.Apply(k.Conversation, *e); folded.AgentSeq != e.AgentSeq || folded.VisitorSeq != e.VisitorSeq {
				return false // of a kind that only a later version knows: whose numbers these are is in what is stored
			}
		}
		return k.Pos == n.Pos && k.State == n.State && k.Team == n.Team && k.Agent == n.Agent && k.Fence == n.Fence
	})
}

// Bounds of healing. A commit of this moment has its signal on the way. So a sweep only notes what it has not heard of, and
// the next sweep tells it if it is still unheard.
const (
	healEvery = 750 * time.Millisecond // so that within two sweeps, and within two seconds, everything is told
	maxLate   = 4 * store.MaxPage      // conversations that wait for the next sweep; beyond, they are told of at once
	maxReread = 500                    // conversations that are read again each time
)

// heal tells everybody on this node where the conversations stand that changed lately and that it has not heard of. Who
// missed something sees by the numbers that they did, and reads the store. Each node heals itself.
func (d *Desk) heal(ctx context.Context) error {
	d.healing.Lock()
	defer d.healing.Unlock()
	if err := d.tellLate(ctx); err != nil {
		return err
	}
	for {
		heads, cursor, err := d.store.Changed(ctx, d.cursor, store.MaxPage)
		if err != nil {
			return fmt.Errorf("read what changed: %w", err)
		}
		some := len(heads) > 0
		d.late = append(d.late, slices.DeleteFunc(heads, d.heardOf)...)
		if d.cursor = cursor; !some {
			return d.glance(ctx)
		}
		if len(d.late) > maxLate {
			if err := d.tellLate(ctx); err != nil {
				return err
			}
		}
	}
}

// glance notes also what is not Changed's to tell yet, so that somebody's long transaction in the database does not hold healing up.
// The cursor stays: what is more than a page is told of when that transaction has ended.
func (d *Desk) glance(ctx context.Context) error {
	heads, err := d.store.Ahead(ctx, store.MaxPage)
	if err != nil {
		return fmt.Errorf("read what changed just now: %w", err)
	}
	known := make(map[string]bool, len(d.late))
	for _, h := range d.late {
		known[h.Conversation] = true
	}
	d.late = append(d.late, slices.DeleteFunc(heads, func(h store.Head) bool { return known[h.Conversation] || d.heardOf(h) })...)
	return nil
}

// heardOf tells whether this node has heard of a conversation as far as it has come.
func (d *Desk) heardOf(h store.Head) bool {
	pos, ok := d.heard.get(h.Conversation)
	return ok && pos >= h.Pos
}

// tellLate tells of what should have been heard of by now. What cannot be told stays.
func (d *Desk) tellLate(ctx context.Context) error {
	d.late = slices.DeleteFunc(d.late, d.heardOf)
	if err := d.tellAgain(ctx, d.late); err != nil {
		return err
	}
	d.late = nil
	return nil
}

// tellAgain tells this node's sockets where conversations stand: the first maxReread as stored, the rest by their heads. One
// that cannot be read is told by its head too, and holds up no other.
func (d *Desk) tellAgain(ctx context.Context, heads []store.Head) error {
	for i, h := range heads {
		next := chat.Conversation{
			ID: h.Conversation, Visitor: h.Visitor, State: h.State, Team: h.Team, Agent: h.Agent,
			Pos: h.Pos, AgentSeq: h.AgentSeq, VisitorSeq: h.VisitorSeq,
		}
		if i < maxReread {
			switch c, err := d.store.Conversation(ctx, h.Conversation); {
			case err == nil:
				next = c
			case chat.KindOf(err) == chat.Unavailable || ctx.Err() != nil:
				return fmt.Errorf("read what was not heard of: %w", err)
			default:
				d.log.Error("a conversation cannot be read", zap.String("conversation", h.Conversation), zap.Error(err))
			}
		}
		d.stats.Healed.Add(1)
		d.bus.Publish(ctx, bus.Message{Conversation: h.Conversation, Next: next})
	}
	return nil
}
