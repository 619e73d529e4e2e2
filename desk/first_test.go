package desk

import (
	"context"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// asking counts what the store is asked for about a visitor.
type asking struct {
	store.Store
	reads int
}

func (a *asking) LatestOf(ctx context.Context, visitor string, p store.Page) ([]chat.Conversation, string, error) {
	a.reads++
	return a.Store.LatestOf(ctx, visitor, p)
}

func (a *asking) OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error) {
	a.reads++
	return a.Store.OpenOf(ctx, site, visitor)
}

func (a *asking) Visitor(ctx context.Context, id string) (store.Visitor, error) {
	a.reads++
	return a.Store.Visitor(ctx, id)
}

// A visitor who has just been made has no past to ask for; one who has begun something has.
func TestTheFirstWordsOfANewVisitorAskForNothing(t *testing.T) {
	d := newTestDesk(t, nil)
	s := &asking{Store: d.Desk.store}
	d.Desk.store = s
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	marja := staff.AsVisitor(g.Visitor)
	first := d.do(marja, "", chat.Post{Text: "aukioloajat"}).Conversation
	if s.reads != 0 {
		t.Errorf("the store was asked %d times", s.reads)
	}
	d.do(marja, first, chat.AskHuman{})
	d.do(d.agentPrincipal(ainoID, "Aino"), first, chat.Take{})
	d.do(d.agentPrincipal(ainoID, "Aino"), first, chat.Resolve{})
	d.must(d.store.PutVisitor(d.ctx, store.Visitor{ID: "01930000-0000-7000-8000-0000000000ff", Site: "demo", TokenHash: "x", CreatedAt: d.clock.Now(), SeenAt: d.clock.Now()}))
	if d.conversations.first(g.Visitor) {
		t.Error("they still count as new")
	}
	k, err := d.meet(d.ctx, known{Conversation: chat.Conversation{ID: "next"}}, g.Visitor)
	d.must(err)
	if len(k.visits) != 1 {
		t.Errorf("%d earlier visits are known, want 1", len(k.visits))
	}
}

// Who comes back by a token may have been elsewhere meanwhile.
func TestWhoComesBackIsNotNew(t *testing.T) {
	d := newTestDesk(t, nil)
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	_, _, err = d.VisitorHello(d.ctx, "demo", g.Token, "fi", nil)
	d.must(err)
	if d.conversations.first(g.Visitor) {
		t.Error("they count as new")
	}
}
