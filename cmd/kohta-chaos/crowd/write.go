package crowd

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire"
)

// put sends a frame that writes until it is answered.
func (c *Client) put(f *wire.Frame) *post {
	f.Key = uuid.NewString()
	p := &post{frame: f, began: time.Now()}
	p.Key, p.Fence = f.Key, f.Fence
	c.mu.Lock()
	if words, ok := f.Command.(chat.Post); ok {
		words.Text = check.Write(words.Text, check.Body{Sender: c.name, Conversation: check.Tag(f.Conversation), Number: len(c.order) + 1})
		f.Command, p.Text = words, words.Text
	}
	c.ticks++
	p.Sent = c.ticks
	c.posts[p.Key] = p
	c.order, c.outbox = append(c.order, p), append(c.outbox, p)
	conn := c.conn
	c.mu.Unlock()
	c.send(conn, p)
	return p
}

// Post sends a message and does not wait for an answer.
func (c *Client) Post(conversation, words string) { c.put(say(conversation, words, 0)) }

func say(conversation, words string, fence int64) *wire.Frame {
	return &wire.Frame{Type: wire.Post, Conversation: conversation, Fence: fence, Command: chat.Post{Text: words}}
}

// Do sends a frame until it is answered, and returns what became of it.
func (c *Client) Do(ctx context.Context, f *wire.Frame) (check.Post, error) {
	p := c.put(f)
	err := c.Await(ctx, func() bool { return p.Acked > 0 || p.Refused != "" })
	c.mu.Lock()
	defer c.mu.Unlock()
	return p.Post, err
}

// Say sends a message until it is answered.
func (c *Client) Say(ctx context.Context, conversation, words string) (check.Post, error) {
	return c.Do(ctx, say(conversation, words, 0))
}

// Take takes a conversation.
func (c *Client) Take(ctx context.Context, conversation string) (check.Post, error) {
	return c.Do(ctx, &wire.Frame{Type: wire.Take, Conversation: conversation, Command: chat.Take{}})
}

// Answer sends a message with the fence of what the agent has.
func (c *Client) Answer(ctx context.Context, conversation, words string) (check.Post, error) {
	return c.Do(ctx, say(conversation, words, c.Has()[conversation]))
}

// Shown is what stands on the screen of a conversation.
func (c *Client) Shown(conversation string) []check.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.talk(conversation).shown)
}

// Sees waits until an event of a conversation is on the screen for which is holds.
func (c *Client) Sees(ctx context.Context, conversation string, is func(check.Event) bool) error {
	return c.Await(ctx, func() bool { return slices.ContainsFunc(c.talk(conversation).shown, is) })
}

// Has tells what an agent has at the moment, each with its fence.
func (c *Client) Has() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.held)
}

// do sends a frame and waits until it is answered; false at the end of ctx.
func (c *Client) do(ctx context.Context, f *wire.Frame) bool {
	p := c.put(f)
	return c.Await(ctx, func() bool { return p.Acked > 0 || p.Refused != "" }) == nil
}
