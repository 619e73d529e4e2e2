package desk

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// asking counts what the store is asked for about a visitor and their conversations.
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

func (a *asking) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	a.reads++
	return a.Store.Conversation(ctx, id)
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

// What a visitor had before is known without asking the store while this node was the one that they had it with, and is what
// the store says; what another node hears of is asked for.
func TestEarlierVisitsFollowFromTheLast(t *testing.T) {
	one, two := twoNodes(t)
	s := &asking{Store: one.Desk.store}
	one.Desk.store = s
	g, _, err := one.VisitorHello(one.ctx, "demo", "", "fi", nil)
	one.must(err)
	marja := staff.AsVisitor(g.Visitor)
	begins := func() {
		t.Helper()
		one.clock.pass(time.Minute)
		s.reads = 0
		k, err := one.meet(one.ctx, known{}, g.Visitor)
		one.must(err)
		if s.reads != 0 {
			t.Errorf("the store was asked %d times", s.reads)
		}
		stored, _, err := one.store.LatestOf(one.ctx, g.Visitor, store.Page{Limit: maxVisits})
		one.must(err)
		var want []chat.Visit
		for _, c := range stored {
			want = append(want, plan.Visit(c))
		}
		if !reflect.DeepEqual(k.visits, want) {
			t.Errorf("remembered %+v, stored %+v", k.visits, want)
		}
		id := one.do(marja, "", chat.Post{Text: "aukioloajat"}).Conversation
		one.do(marja, id, chat.End{})
	}
	for range maxVisits + 3 {
		begins()
	}
	two.do(marja, "", chat.Post{Text: "aukioloajat"})
	tell(two, one)
	if _, ok := one.conversations.before(g.Visitor); ok {
		t.Error("what was begun on another node is not asked for")
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
