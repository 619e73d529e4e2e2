package storetest

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// testLinks makes links, comes in by them, and ends them in each way there is.
func testLinks(t *testing.T, s store.Store) {
	ctx := t.Context()
	v := store.Visitor{ID: visitorID(1), Site: "shop", TokenHash: "aa", Name: "Maija", Language: "fi", CreatedAt: begin, SeenAt: begin}
	other := store.Visitor{ID: visitorID(2), Site: "shop", TokenHash: "bb", CreatedAt: begin, SeenAt: begin}
	must(t, s.PutVisitor(ctx, v))
	must(t, s.PutVisitor(ctx, other))
	c := tell(t, s, fresh(1, v.ID), message("Moi"))
	must(t, s.MarkRead(ctx, c.ID, chat.RoleVisitor, 1))
	link := func(hash, visitor string, created time.Duration) store.Link {
		return store.Link{TokenHash: hash, Visitor: visitor, Conversation: c.ID, CreatedAt: begin.Add(created), ExpiresAt: begin.Add(created + 24*time.Hour)}
	}
	first, second, others := link("l1", v.ID, 0), link("l2", v.ID, time.Hour), link("l3", other.ID, 0)
	for _, l := range []store.Link{first, second, others} {
		must(t, s.PutLink(ctx, l))
	}
	wantKind(t, "a token twice", s.PutLink(ctx, link("l1", other.ID, 0)), chat.Conflict)
	wantKind(t, "nobody's link", s.PutLink(ctx, link("l9", visitorID(9), 0)), chat.NotFound)
	same(t, "a link", get[store.Link](t)(s.Link(ctx, "l1")), first)
	same(t, "links", get[[]store.Link](t)(s.LinksOf(ctx, v.ID)), []store.Link{second, first})
	_, err := s.Link(ctx, "aa")
	wantKind(t, "a token that is no link", err, chat.NotFound)

	in := func(what, hash string, after time.Duration, want string) {
		t.Helper()
		got, recent, err := s.VisitorByToken(ctx, hash, begin.Add(after))
		if want == "" {
			wantKind(t, what, err, chat.NotFound)
			return
		}
		must(t, err)
		if got.ID != want {
			t.Errorf("%s leads to %s, want %s", what, got.ID, want)
		}
		if want == v.ID {
			same(t, what, got, v)
			same(t, what, recent, []store.Recent{{Conversation: listed([]chat.Conversation{c})[0], Read: store.Marks{Visitor: 1}}})
		}
	}
	in("their own token", "aa", 48*time.Hour, v.ID)
	in("the first link", "l1", 0, v.ID)
	in("the first link, in its last moment", "l1", 24*time.Hour-time.Millisecond, v.ID)
	in("the first link, too late", "l1", 24*time.Hour, "")
	in("the second link", "l2", 24*time.Hour, v.ID)
	in("another's link", "l3", 0, other.ID)
	in("no link", "l4", 0, "")

	if n := get[int](t)(s.RevokeLinks(ctx, v.ID, begin.Add(2*time.Hour), act(1))); n != 2 {
		t.Errorf("%d links were revoked", n)
	}
	if n := get[int](t)(s.RevokeLinks(ctx, v.ID, begin.Add(3*time.Hour), act(2))); n != 0 {
		t.Errorf("%d links were revoked again", n)
	}
	first.RevokedAt, second.RevokedAt = begin.Add(2*time.Hour), begin.Add(2*time.Hour)
	same(t, "links", get[[]store.Link](t)(s.LinksOf(ctx, v.ID)), []store.Link{second, first})
	same(t, "acts", len(get[[]store.AuditRow](t)(s.Acts(ctx, 0, 10))), 2)
	in("a revoked link", "l2", 2*time.Hour, "")
	in("their own token", "aa", 2*time.Hour, v.ID)
	in("another's link", "l3", 2*time.Hour, other.ID)

	must(t, s.DropLink(ctx, "l2"))
	must(t, s.DropLink(ctx, "l2"))
	same(t, "links", get[[]store.Link](t)(s.LinksOf(ctx, v.ID)), []store.Link{first})
	if n := get[int](t)(s.ForgetLinks(ctx, begin.Add(24*time.Hour))); n != 0 {
		t.Errorf("%d links were forgotten too early", n)
	}
	if n := get[int](t)(s.ForgetLinks(ctx, begin.Add(24*time.Hour+time.Millisecond))); n != 2 {
		t.Errorf("%d links were forgotten", n)
	}
}

// testErasedLinks erases a visitor: the links go, and no new one can be made.
func testErasedLinks(t *testing.T, s store.Store) {
	ctx := t.Context()
	for i := 1; i <= 2; i++ {
		must(t, s.PutVisitor(ctx, store.Visitor{ID: visitorID(i), Site: "shop", TokenHash: visitorID(i), CreatedAt: begin, SeenAt: begin}))
		must(t, s.PutLink(ctx, store.Link{TokenHash: conversationID(i), Visitor: visitorID(i), CreatedAt: begin, ExpiresAt: begin.Add(time.Hour)}))
	}
	must(t, s.EraseVisitor(ctx, visitorID(1), begin))
	_, _, err := s.VisitorByToken(ctx, conversationID(1), begin)
	wantKind(t, "coming in", err, chat.NotFound)
	same(t, "links", len(get[[]store.Link](t)(s.LinksOf(ctx, visitorID(1)))), 0)
	same(t, "another's links", len(get[[]store.Link](t)(s.LinksOf(ctx, visitorID(2)))), 1)
	wantKind(t, "a new link", s.PutLink(ctx, store.Link{TokenHash: "l3", Visitor: visitorID(1), CreatedAt: begin, ExpiresAt: begin}), chat.NotFound)
}

func (p *pair) links() {
	ctx, visitor, at := p.t.Context(), visitorID(p.number("visitor", 3)), p.at()
	hash := []string{"0", "3", "x", "y", "z"}[p.number("link", 4)] // some of them are visitors' tokens as well
	l := store.Link{TokenHash: hash, Visitor: visitor, Conversation: conversationID(1), CreatedAt: at, ExpiresAt: at.Add(5 * time.Minute)}
	p.both("put link", func(s store.Store) (any, error) { return nil, s.PutLink(ctx, l) })
	switch p.number("end", 9) {
	case 0:
		p.both("revoke", func(s store.Store) (any, error) { return s.RevokeLinks(ctx, visitor, at, act(1)) })
	case 1:
		p.both("drop", func(s store.Store) (any, error) { return nil, s.DropLink(ctx, hash) })
	case 2:
		p.both("forget", func(s store.Store) (any, error) { return s.ForgetLinks(ctx, at) })
	}
	p.both("link", func(s store.Store) (any, error) { return s.Link(ctx, hash) })
	p.both("links", func(s store.Store) (any, error) { return s.LinksOf(ctx, visitor) })
	when := p.at()
	p.both("come in", func(s store.Store) (any, error) {
		v, recent, err := s.VisitorByToken(ctx, hash, when)
		return []any{v, recent}, err
	})
}
