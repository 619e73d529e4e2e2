package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// begin is when the stories of this suite begin. No clock is read.
var begin = time.Date(2026, 3, 29, 1, 59, 59, 999e6, time.UTC)

// id makes the n-th UUID of a kind; later ones sort behind earlier ones, as UUIDv7 do.
func id(kind byte, n int) string {
	return fmt.Sprintf("0195e3a0-%04x-7000-8000-%012x", kind, n)
}

func conversationID(n int) string { return id('c', n) }
func visitorID(n int) string      { return id('v', n) }
func agentID(n int) string        { return id('a', n) }
func keyID(n int) string          { return id('k', n) }

// message is something that the visitor of a conversation says.
func message(text string) chat.Event {
	return chat.Event{At: begin, Kind: chat.KindMessage, From: chat.From{Role: chat.RoleVisitor},
		Contents: chat.Contents{Text: text}}
}

func kind(k chat.Kind) chat.Event {
	return chat.Event{At: begin, Kind: k, From: chat.From{Role: chat.RoleSystem}}
}

// step numbers events as chat.Apply does and returns the fold after them, which remembers the lines that were said.
func step(c chat.Conversation, events ...chat.Event) (chat.Conversation, []chat.Event) {
	numbered := make([]chat.Event, len(events))
	for i, e := range events {
		c.Pos++
		e.Pos = c.Pos
		switch e.Kind {
		case chat.KindBotState, chat.KindOpened, chat.KindActionStarted, chat.KindActionEnded, chat.KindErased, chat.KindMailing:
		case chat.KindNote, chat.KindFeeling, chat.KindOffered, chat.KindDeclined, chat.KindNudged, chat.KindInvited, chat.KindLeft,
			chat.KindRaised, chat.KindMailed:
			c.AgentSeq++
			e.AgentSeq = c.AgentSeq
		default:
			c.AgentSeq++
			c.VisitorSeq++
			e.AgentSeq, e.VisitorSeq = c.AgentSeq, c.VisitorSeq
		}
		switch e.Kind {
		case chat.KindMessage:
			c.Lines = append(slices.Clone(c.Lines[max(0, len(c.Lines)+1-chat.MaxLines):]), chat.LineOf(e))
		case chat.KindErased:
			c.Lines, c.Erased = nil, c.Pos
		}
		numbered[i] = e
	}
	return c, numbered
}

// fresh is a conversation that has not begun.
func fresh(n int, visitor string) chat.Conversation {
	return chat.Conversation{ID: conversationID(n), Site: "shop", Visitor: visitor, Language: "fi", State: chat.WithBot,
		OpenedAt: begin.Add(time.Duration(n) * time.Second)}
}

// appendOf is the append that takes a conversation from where it stands through events.
func appendOf(c chat.Conversation, events ...chat.Event) store.Append {
	next, numbered := step(c, events...)
	return store.Append{Pos: c.Pos, Next: next, Events: numbered, At: begin}
}

// withKey adds a key of the conversation's visitor, acked with the step's first number in their count.
func withKey(a store.Append, key string) store.Append {
	ack := store.Ack{Conversation: a.Next.ID}
	if len(a.Events) > 0 {
		ack.Seq = a.Events[0].VisitorSeq
		a.Events[0].Key = key
	}
	a.Keys = append(a.Keys, store.Key{Sender: a.Next.Visitor, Key: key, Ack: ack})
	return a
}

// tell appends events and returns the fold after them.
func tell(t *testing.T, s store.Store, c chat.Conversation, events ...chat.Event) chat.Conversation {
	t.Helper()
	a := appendOf(c, events...)
	must(t, s.Append(t.Context(), a))
	return a.Next
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func get[T any](t *testing.T) func(v T, err error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// same compares what came back with what was put in. An empty list and none are the same.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func wantKind(t *testing.T, what string, err error, kind chat.ErrorKind) {
	t.Helper()
	if got := chat.KindOf(err); got != kind || err == nil {
		t.Fatalf("%s: %v, of kind %q, want kind %q", what, err, got, kind)
	}
}

func wantMoved(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrMoved) {
		t.Fatalf("%s: %v, want ErrMoved", what, err)
	}
	wantKind(t, what, err, chat.Conflict)
}

func wantKnown(t *testing.T, what string, err error, want store.Key) {
	t.Helper()
	var known *store.Known
	if !errors.As(err, &known) {
		t.Fatalf("%s: %v, want Known", what, err)
	}
	same(t, what, known.Key, want)
}

// log reads a whole conversation.
func log(t *testing.T, s store.Store, conversation string) []chat.Event {
	t.Helper()
	var events []chat.Event
	for {
		page := get[[]chat.Event](t)(s.EventsAfter(context.Background(), conversation, store.ForLog, int64(len(events)), store.MaxPage))
		events = append(events, page...)
		if len(page) < store.MaxPage {
			return events
		}
	}
}

// stands checks that a conversation is what the fold says: the fold itself, and a log without a hole up to it.
func stands(t *testing.T, s store.Store, c chat.Conversation) {
	t.Helper()
	same(t, "fold", get[chat.Conversation](t)(s.Conversation(context.Background(), c.ID)), c)
	events := log(t, s, c.ID)
	if int64(len(events)) != c.Pos {
		t.Fatalf("%d events of %s, want %d", len(events), c.ID, c.Pos)
	}
	for i, e := range events {
		if e.Pos != int64(i)+1 {
			t.Fatalf("event %d of %s has position %d", i, c.ID, e.Pos)
		}
	}
}
