package crowd

import (
	"context"
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

// do sends a frame and waits until it is answered; false at the end of ctx.
func (c *Client) do(ctx context.Context, f *wire.Frame) bool {
	p := c.put(f)
	return c.Await(ctx, func() bool { return p.Acked > 0 || p.Refused != "" }) == nil
}
