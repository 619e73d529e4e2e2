package sqlstore_test

import (
	"testing"

	"github.com/kohta/kohta/store"
)

// A database that was restored on another server holds events of transactions which that one has not come to. After the
// first start they are past: what is new comes after them, in its order, and everything can be appended to, also when the
// server comes to those numbers; also when it was restored once before.
func TestRestoredOnAnotherServer(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	k := talk{}
	for round := range 3 {
		s := at(t, url)
		_, before, err := s.Changed(t.Context(), -1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if heads, _, err := s.Changed(t.Context(), before, store.MaxPage); err != nil || len(heads) != 0 {
			t.Fatalf("round %d: what is old is new: %v, %v", round, heads, err)
		}
		for range 20 {
			if err := s.Append(t.Context(), k.step()); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if heads, _, err := s.Changed(t.Context(), before, store.MaxPage); err != nil || len(heads) != 1 || heads[0].Pos != k.fold.Pos {
			t.Fatalf("round %d: %v, %v; the conversation is at %d", round, heads, err, k.fold.Pos)
		}
		if events, err := s.EventsAfter(t.Context(), k.fold.ID, store.ForLog, 0, store.MaxPage); err != nil || len(events) != int(k.fold.Pos) {
			t.Fatalf("round %d: %d events, %v; the conversation is at %d", round, len(events), err, k.fold.Pos)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// As from a server that has done more: this one comes to their transactions next.
		do(t, url, `UPDATE events AS e SET place = (pg_current_xact_id()::text::bigint + o.n << 20) + 1
			FROM (SELECT conversation, pos, row_number() OVER (ORDER BY place) AS n FROM events) AS o
			WHERE e.conversation = o.conversation AND e.pos = o.pos`)
	}
}
