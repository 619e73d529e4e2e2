package storetest

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// testErasedLog empties a conversation by its erased event: what was said is gone from the log and the fold, positions
// and numbers stay, and what comes afterwards is kept.
func testErasedLog(t *testing.T, s store.Store) {
	said := message("my number is 12345")
	said.Detail = chat.Detail{
		Because: []chat.Because{{Rule: "order", Evidence: "12345"}}, Feeling: &chat.Feeling{Name: chat.Angry, Quote: "12345"},
		Asks: &chat.Asked{VisitorSeq: 1, Options: []chat.Option{{ID: "yes", Label: "Order 12345"}}, Fields: []chat.Field{{Name: "n", Label: "12345?"}}},
	}
	c := tell(t, s, fresh(1, visitorID(1)), kind(chat.KindOpened), said, message("and 67890"))
	other := tell(t, s, fresh(2, visitorID(2)), message("my number is 12345"))
	before := log(t, s, c.ID)

	c.State, c.ClosedAt, c.Lines = chat.Closed, begin, nil
	closed := kind(chat.KindClosed)
	closed.Contents.Name = "12345"
	a := appendOf(c, closed, kind(chat.KindErased))
	a.Next.Erased = a.Next.Pos
	must(t, s.Append(t.Context(), a))
	stands(t, s, a.Next)

	after := log(t, s, c.ID)
	for i, e := range append(before, a.Events[0]) {
		same(t, "tombstone", after[i], e.Emptied())
	}
	stands(t, s, other)
	if got := log(t, s, other.ID)[0].Contents.Text; got != "my number is 12345" {
		t.Errorf("another's words are now %q", got)
	}
	same(t, "what the visitor's numbers lead to", len(get[[]chat.Event](t)(s.EventsAfter(t.Context(), c.ID, store.ForVisitor, 0, 10))), 3)

	next := tell(t, s, a.Next, kind(chat.KindNote), message("said later"))
	if e := log(t, s, c.ID); e[next.Pos-1].Contents.Text != "said later" {
		t.Errorf("what came after the erasure is %+v", e[next.Pos-1])
	}
}

// testErasedVisitor makes a visitor nobody, for good.
func testErasedVisitor(t *testing.T, s store.Store) {
	v := store.Visitor{ID: visitorID(1), Site: "shop", TokenHash: "aa", Name: "Maija", Language: "fi", CreatedAt: begin, SeenAt: begin}
	other := store.Visitor{ID: visitorID(2), Site: "shop", TokenHash: "bb", Name: "Matti", CreatedAt: begin, SeenAt: begin}
	must(t, s.PutVisitor(t.Context(), v))
	must(t, s.PutVisitor(t.Context(), other))
	closed := fresh(1, v.ID)
	closed.State = chat.Closed
	closed = tell(t, s, closed, message("before"))
	act := store.Act{At: begin, Actor: agentID(1), Verb: "erase_visitor", Object: v.ID}
	for range 2 {
		must(t, s.EraseVisitor(t.Context(), v.ID, begin.Add(time.Hour), act))
	}
	rows := get[[]store.AuditRow](t)(s.Acts(t.Context(), 0, 10))
	if len(rows) != 2 || rows[0].Act != act {
		t.Errorf("the audit has %+v", rows)
	}
	nobody := v
	nobody.Name, nobody.TokenHash, nobody.Erased = "", "", true
	same(t, "the erased visitor", get[store.Visitor](t)(s.Visitor(t.Context(), v.ID)), nobody)
	same(t, "the other visitor", byToken(t, s, "bb"), other)
	for _, token := range []string{"aa", ""} {
		_, _, err := s.VisitorByToken(t.Context(), token, begin)
		wantKind(t, "the token "+token, err, chat.NotFound)
	}
	wantKind(t, "filling it again", s.PutVisitor(t.Context(), v), chat.NotFound)
	wantMoved(t, "a new conversation", s.Append(t.Context(), appendOf(fresh(2, v.ID), message("again"))))
	_, err := s.Conversation(t.Context(), conversationID(2))
	wantKind(t, "the new conversation", err, chat.NotFound)
	same(t, "leftovers", get[[]string](t)(s.Leftovers(t.Context(), 10)), []string{v.ID})
	empty := appendOf(closed, kind(chat.KindErased))
	empty.Next.Lines, empty.Next.Erased = nil, empty.Next.Pos
	must(t, s.Append(t.Context(), empty))
	same(t, "leftovers", get[[]string](t)(s.Leftovers(t.Context(), 10)), []string{})
	_, err = s.Leftovers(t.Context(), 0)
	wantKind(t, "no limit", err, chat.Invalid)
	tell(t, s, fresh(3, other.ID), message("Moi"))
	wantKind(t, "nobody's erasure", s.EraseVisitor(t.Context(), visitorID(9), begin, act), chat.NotFound)
	same(t, "the audit", len(get[[]store.AuditRow](t)(s.Acts(t.Context(), 0, 10))), 2)

	must(t, s.EraseVisitor(t.Context(), other.ID, begin))
	var list []string
	for page := (store.Page{Limit: 1}); ; {
		ids, next, err := s.Erasures(t.Context(), page)
		must(t, err)
		list = append(list, ids...)
		if next == "" {
			break
		}
		page.After = next
	}
	same(t, "erasures", list, []string{v.ID, other.ID})
	_, _, err = s.Erasures(t.Context(), store.Page{})
	wantKind(t, "no limit", err, chat.Invalid)
	must(t, s.Scrub(t.Context()))
}
