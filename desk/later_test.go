package desk

import (
	"testing"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// TestWhatALaterVersionDid has a node hear of an event of a kind that only a later version knows, as while one node after the
// other is brought up to date. It goes on from what the later one stored, and not from what it makes of the event itself: the
// numbers that it gives out next have no hole and are no one else's.
func TestWhatALaterVersionDid(t *testing.T) {
	for name, did := range map[string]func(c *chat.Conversation, e *chat.Event){
		"something that stands in the log alone": func(*chat.Conversation, *chat.Event) {},
		"something that agents alone see": func(c *chat.Conversation, e *chat.Event) {
			c.AgentSeq++
			e.AgentSeq = c.AgentSeq
		},
		"something that everybody sees, and that changes who is responsible": func(c *chat.Conversation, e *chat.Event) {
			c.AgentSeq, c.VisitorSeq = c.AgentSeq+1, c.VisitorSeq+1
			e.AgentSeq, e.VisitorSeq = c.AgentSeq, c.VisitorSeq
			c.State, c.Reason, c.WaitingSince = chat.Waiting, chat.ReasonAsked, e.At
		},
	} {
		t.Run(name, func(t *testing.T) {
			later, old := twoNodes(t)
			visitor := later.visitor()
			id := later.do(visitor, "", chat.Post{Text: "aukioloajat"}).Conversation
			old.do(visitor, id, chat.Post{Text: "kiitos"}) // and remembers it
			c, err := later.store.Conversation(later.ctx, id)
			later.must(err)
			was := c.Pos
			c.Pos++
			e := chat.Event{Pos: c.Pos, At: later.clock.Now(), Kind: "of_a_later_version", From: chat.From{Role: chat.RoleSystem}}
			did(&c, &e)
			later.must(later.store.Append(later.ctx, store.Append{Pos: was, Next: c, Events: []chat.Event{e}, At: e.At}))
			old.hear(bus.Message{Conversation: id, Next: c, Events: []chat.Event{e}})
			old.do(visitor, id, chat.Post{Text: "haloo"})

			log, err := old.store.EventsAfter(old.ctx, id, store.ForLog, 0, store.MaxPage)
			old.must(err)
			var agents, visitors int64
			for _, e := range log {
				for _, n := range []struct {
					count *int64
					seq   int64
				}{{&agents, e.AgentSeq}, {&visitors, e.VisitorSeq}} {
					if n.seq == 0 {
						continue
					}
					if *n.count++; n.seq != *n.count {
						t.Errorf("%s at %d has the number %d, and %d is next", e.Kind, e.Pos, n.seq, *n.count)
					}
				}
			}
			now, err := old.store.Conversation(old.ctx, id)
			old.must(err)
			if now.State != c.State || now.AgentSeq != agents || now.VisitorSeq != visitors {
				t.Errorf("it is %s, with the numbers %d and %d; the later version left it %s, and the log ends with %d and %d",
					now.State, now.AgentSeq, now.VisitorSeq, c.State, agents, visitors)
			}
		})
	}
}
