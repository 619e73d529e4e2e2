package sqlstore_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

// Steps of each kind and length are stored the same, whether they have a statement of their own or not: a conversation that
// begins with so many events, goes on with as many, has a guest, and is closed with as many.
func TestStepsOfEachLength(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	s, want := at(t, database(t, server(t))), memstore.New()
	defer s.Close()
	for n := 1; n <= 10; n++ {
		c := chat.Conversation{ID: fmt.Sprintf("c%d", n), Site: "shop", Visitor: fmt.Sprintf("v%d", n), State: chat.WithBot, Team: "support",
			Language: "fi", OpenedAt: start}
		step := func(name string, kinds ...chat.Kind) store.Append {
			now := start.Add(time.Duration(c.Pos) * time.Second)
			a := store.Append{Pos: c.Pos, At: now}
			for i, k := range kinds {
				c.Pos, c.AgentSeq, c.VisitorSeq = c.Pos+1, c.AgentSeq+1, c.VisitorSeq+1
				e := chat.Event{Pos: c.Pos, AgentSeq: c.AgentSeq, VisitorSeq: c.VisitorSeq, At: now, Kind: k, Key: fmt.Sprint(name, i),
					From: chat.From{Role: chat.RoleAgent, ID: "aino"}, Contents: chat.Contents{Text: fmt.Sprint("moi ", i)}}
				e.Detail.Agent = "olli"
				a.Events = append(a.Events, e)
				if k == chat.KindMessage {
					lines := append(slices.Clone(c.Lines), chat.LineOf(e))
					c.Lines = lines[max(0, len(lines)-chat.MaxLines):]
				}
			}
			c.Due = &chat.Due{At: now.Add(time.Minute), What: chat.DueAnswer}
			switch kinds[len(kinds)-1] {
			case chat.KindInvited:
				c.Invited = []string{"olli"}
			case chat.KindClosed:
				c.State, c.ClosedAt, c.Due, c.Invited = chat.Closed, now, nil, nil
			}
			a.Next = c
			a.Keys = []store.Key{{Sender: c.Visitor, Key: name, Ack: store.Ack{Conversation: c.ID, Seq: c.VisitorSeq}}}
			return a
		}
		said := make([]chat.Kind, n)
		for i := range said {
			said[i] = chat.KindMessage
		}
		closed := append(said[:n-1:n-1], chat.KindClosed)
		for _, a := range []store.Append{step("begins", said...), step("goes on", said...), step("invites", chat.KindInvited), step("closes", closed...)} {
			for _, to := range []store.Store{s, want} {
				if err := to.Append(t.Context(), a); err != nil {
					t.Fatalf("%d events, %s: %v", n, a.Keys[0].Key, err)
				}
				var known *store.Known
				if err := to.Append(t.Context(), a); !errors.As(err, &known) || known.Key.Ack != a.Keys[0].Ack {
					t.Fatalf("%d events, %s, once more: %v", n, a.Keys[0].Key, err)
				}
				stale := a
				stale.Keys = []store.Key{{Sender: "v", Key: fmt.Sprint(n, a.Keys[0].Key), Ack: store.Ack{Conversation: c.ID}}}
				if err := to.Append(t.Context(), stale); !errors.Is(err, store.ErrMoved) {
					t.Fatalf("%d events, %s, after it was done: %v", n, a.Keys[0].Key, err)
				}
			}
			got, err := s.Conversation(t.Context(), c.ID)
			expected, err2 := want.Conversation(t.Context(), c.ID)
			same(t, "the conversation", got, expected, err, err2)
			guest, err := s.InvitedTo(t.Context(), "olli")
			expectedGuest, err2 := want.InvitedTo(t.Context(), "olli")
			same(t, fmt.Sprint(n, a.Keys[0].Key, " whom olli is a guest of"), len(guest), len(expectedGuest), err, err2)
		}
		log, err := s.EventsAfter(t.Context(), c.ID, store.ForLog, 0, 100)
		expected, err2 := want.EventsAfter(t.Context(), c.ID, store.ForLog, 0, 100)
		same(t, "the log", log, expected, err, err2)
	}
	got, _, err := s.Changed(t.Context(), 0, store.MaxPage)
	expected, _, err2 := want.Changed(t.Context(), 0, store.MaxPage)
	same(t, "what changed", got, expected, err, err2)
}

func same(t *testing.T, what string, got, want any, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n%+v\nwant\n%+v", what, got, want)
	}
}
