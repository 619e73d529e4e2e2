package memstore_test

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memstore.New() })
}

func first(id string) store.Append {
	at := time.UnixMilli(1_774_746_000_000).UTC()
	c := chat.Conversation{ID: id, Site: "shop", Visitor: "v-" + id, State: chat.WithBot, Pos: 1, AgentSeq: 1, VisitorSeq: 1, OpenedAt: at}
	e := chat.Event{Pos: 1, AgentSeq: 1, VisitorSeq: 1, At: at, Kind: chat.KindMessage}
	return store.Append{Next: c, Events: []chat.Event{e}, At: at,
		Keys: []store.Key{{Sender: c.Visitor, Key: "k", Ack: store.Ack{Conversation: id, Seq: 1}}}}
}

func TestFaults(t *testing.T) {
	s := memstore.New()
	s.Fail(memstore.Refused, memstore.Unanswered)
	if err := s.Append(t.Context(), first("a")); chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("refused: %v", err)
	}
	if _, err := s.Conversation(t.Context(), "a"); chat.KindOf(err) != chat.NotFound {
		t.Fatalf("a refused append left something: %v", err)
	}
	if err := s.Append(t.Context(), first("a")); chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("unanswered: %v", err)
	}
	var known *store.Known
	if err := s.Append(t.Context(), first("a")); !errors.As(err, &known) || known.Key.Ack.Seq != 1 {
		t.Fatalf("the resend of an append whose answer was lost: %v", err)
	}
	if err := s.Append(t.Context(), first("b")); err != nil {
		t.Fatalf("after the faults: %v", err)
	}
}

func TestBreak(t *testing.T) {
	s := memstore.New()
	for range 2 {
		s.Break(errors.New("the disk is gone"))
	}
	if err := <-s.Broken(); err == nil || err.Error() != "the disk is gone" {
		t.Fatalf("broken: %v", err)
	}
	if err := s.Append(t.Context(), first("a")); chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("append to a broken store: %v", err)
	}
}
