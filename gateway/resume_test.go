package gateway_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// counting counts the statements with which sockets ask a store; a fold comes with its lines, which makes two.
type counting struct {
	store.Store
	asked atomic.Int64
}

func (c *counting) VisitorByToken(ctx context.Context, hash string, now time.Time) (store.Visitor, []store.Recent, error) {
	c.asked.Add(1)
	return c.Store.VisitorByToken(ctx, hash, now)
}

func (c *counting) Visitor(ctx context.Context, id string) (store.Visitor, error) {
	c.asked.Add(1)
	return c.Store.Visitor(ctx, id)
}

func (c *counting) PutVisitor(ctx context.Context, v store.Visitor) error {
	c.asked.Add(1)
	return c.Store.PutVisitor(ctx, v)
}

func (c *counting) TouchVisitor(ctx context.Context, id string, seen time.Time) error {
	c.asked.Add(1)
	return c.Store.TouchVisitor(ctx, id, seen)
}

func (c *counting) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	c.asked.Add(2)
	return c.Store.Conversation(ctx, id)
}

func (c *counting) OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error) {
	c.asked.Add(2)
	return c.Store.OpenOf(ctx, site, visitor)
}

func (c *counting) LatestOf(ctx context.Context, visitor string, page store.Page) ([]chat.Conversation, string, error) {
	c.asked.Add(1)
	return c.Store.LatestOf(ctx, visitor, page)
}

func (c *counting) EventsAfter(ctx context.Context, id string, audience store.Audience, after int64, limit int) ([]chat.Event, error) {
	c.asked.Add(1)
	return c.Store.EventsAfter(ctx, id, audience, after, limit)
}

func (c *counting) ReadMarks(ctx context.Context, ids []string) (map[string]store.Marks, error) {
	c.asked.Add(1)
	return c.Store.ReadMarks(ctx, ids)
}

func (c *counting) Site(ctx context.Context, slug string) (staff.Site, error) {
	c.asked.Add(1)
	return c.Store.Site(ctx, slug)
}

// comesBack says hello with a token and with how far somebody has each conversation, and returns what the welcome said and
// the events that came before everything was synced.
func (w *whole) comesBack(token *string, since map[string]int64) (events []wire.Received) {
	w.t.Helper()
	frames := make(chan wire.Received, 100)
	hello := wire.Greeting{Site: "demo", Language: "fi", Token: *token, Since: since}
	c, err := wireclient.Dial(w.ctx, wireclient.Options{
		URL: "ws://" + w.host + "/ws/visitor", Role: chat.RoleVisitor, Hello: hello,
		OnFrame: func(_ *wireclient.Client, frame []byte) {
			if r, err := wire.DecodeServer(frame); err == nil {
				frames <- r
			}
		},
	}, nil)
	must(w.t, err)
	defer c.Close()
	for synced := -1; synced < len(since); {
		select {
		case r := <-frames:
			switch r.Type {
			case "welcome":
				*token, synced = r.Token, 0
			case "event":
				events = append(events, r)
			case "synced":
				synced++
			}
		case <-w.ctx.Done():
			w.t.Fatal("not all is synced")
		}
	}
	return events
}

// TestResumeInTwoQueries has a customer with two conversations, one of them with an agent who has read a part of it, come
// back after an interruption: having missed nothing, and having missed something.
func TestResumeInTwoQueries(t *testing.T) {
	var asked *counting
	w := serveOver(t, staff.ByHand, func(s store.Store) store.Store {
		asked = &counting{Store: s}
		return asked
	})
	token := ""
	w.comesBack(&token, nil)
	customer := w.run(wireclient.Options{URL: "ws://" + w.host + "/ws/visitor", Role: chat.RoleVisitor, Hello: wire.Greeting{Site: "demo", Token: token}})
	first := w.done(customer, customer.Post("", "moi")).Conversation
	w.done(customer, customer.Put(&wire.Frame{Type: wire.End, Conversation: first, Command: chat.End{}}))
	id := w.done(customer, customer.Put(&wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})).Conversation
	agent := w.agent()
	w.done(agent, agent.Put(&wire.Frame{Type: wire.Take, Conversation: id, Command: chat.Take{}}))
	read := w.done(agent, agent.Post(id, "Hei.")).Seq
	must(t, w.store.MarkRead(w.ctx, id, chat.RoleAgent, read))
	w.done(customer, customer.Post(id, "Oletko siellä?")) // which she has not read

	head := map[string]int64{}
	for _, c := range []string{first, id} {
		stored, err := w.store.Conversation(w.ctx, c)
		must(t, err)
		head[c] = stored.VisitorSeq
	}
	for missed, queries := range map[int64]int64{0: 1, 2: 2} {
		before := asked.asked.Load()
		events := w.comesBack(&token, map[string]int64{first: head[first], id: head[id] - missed})
		if n := asked.asked.Load() - before; n > queries {
			t.Errorf("who has missed %d events costs %d queries, not %d", missed, n, queries)
		}
		if len(events) != int(missed) {
			t.Errorf("%d events came for %d that were missed", len(events), missed)
		}
	}
}
