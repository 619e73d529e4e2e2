package crowd

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// lines are what customers say; the rest of a message tells them apart.
func lines() []string {
	return []string{
		"Mitkä ovat aukioloajat?", "Missä tilaukseni on?", "Vad kostar frakten?", "How can I pay?", "Onko teillä lahjakortteja?",
		"Paketti ei ole tullut.", "I would like to change my address.", "Kan jag byta storlek?", "Kiitos, ja vielä yksi asia.", "Where is my refund?",
	}
}

// answers are what agents say.
func answers() []string {
	return []string{"Katson heti.", "Selvä, hetki vain.", "Jag tittar på det.", "Let me look into that.", "Löytyi: asia on kunnossa."}
}

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// pause waits for about mean, as people differ; false at the end of ctx.
func pause(ctx context.Context, r *rand.Rand, mean time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(min(time.Duration(r.ExpFloat64()*float64(mean)), 5*mean)):
		return true
	}
}

// Customer writes until ctx ends, with a rest of about mean between: mostly messages, sometimes several without waiting for their
// acks; now and then they ask for a person, or end the conversation.
func (c *Client) Customer(ctx context.Context, r *rand.Rand, mean time.Duration) {
	for pause(ctx, r, mean) {
		c.mu.Lock()
		open := c.open
		c.mu.Unlock()
		switch n := r.IntN(100); {
		case n < 4:
			c.do(ctx, &wire.Frame{Type: wire.AskHuman, Conversation: open, Command: chat.AskHuman{}})
		case n < 6 && open != "":
			c.do(ctx, &wire.Frame{Type: wire.End, Conversation: open, Command: chat.End{}})
		default:
			if r.IntN(2) == 0 {
				open = "" // as the first post of a page does
			}
			for range r.IntN(8) / 7 {
				c.Post(open, one(r, lines()))
			}
			c.do(ctx, say(open, one(r, lines()), 0))
		}
	}
}

// Agent answers customers until ctx ends, and resolves, gives back, releases or passes on after some answers. Each agent has
// several hands, which call this at once.
func (c *Client) Agent(ctx context.Context, r *rand.Rand, mean time.Duration) {
	for {
		id, fence, answered := c.next(ctx)
		if id == "" || !pause(ctx, r, mean) {
			return
		}
		c.do(ctx, say(id, one(r, answers()), fence))
		if answered+1 >= 2+r.IntN(7) {
			c.do(ctx, closing(r, id, fence))
		}
		c.done(id)
	}
}

// closing is how an agent ends their part.
func closing(r *rand.Rand, id string, fence int64) *wire.Frame {
	f := &wire.Frame{Type: wire.Resolve, Conversation: id, Fence: fence, Command: chat.Resolve{}}
	switch r.IntN(20) {
	case 0, 1:
		f.Type, f.Command = wire.Release, chat.Release{}
	case 2:
		f.Type, f.Command = wire.ToBot, chat.ToBot{}
	case 3:
		f.Type, f.Command = wire.Transfer, chat.Transfer{Team: "support", Note: "Jatka tästä"}
	}
	return f
}

// next waits for a conversation of this agent's in which the customer had the last word, and takes it into work.
func (c *Client) next(ctx context.Context) (id string, fence int64, answered int) {
	_ = c.Await(ctx, func() bool {
		for held, f := range c.held {
			if t := c.talk(held); t.unread && !t.busy {
				t.busy, t.unread = true, false
				id, fence, answered = held, f, t.answers
				return true
			}
		}
		return false
	})
	return id, fence, answered
}

// done ends the work on a conversation for now. An answer that was refused has told that it is no longer theirs.
func (c *Client) done(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talk(id)
	t.busy, t.answers = false, t.answers+1
	c.stir()
}
