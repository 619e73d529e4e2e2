package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

func testAppend(t *testing.T, s store.Store) {
	c := fresh(1, visitorID(1))
	first := withKey(appendOf(c, kind(chat.KindOpened), message("Moi")), keyID(1))
	must(t, s.Append(t.Context(), first))
	second := withKey(appendOf(first.Next, message("Missä tilaus?"), kind(chat.KindFeeling)), keyID(2))
	must(t, s.Append(t.Context(), second))
	stands(t, s, second.Next)
	same(t, "log", log(t, s, c.ID), append(first.Events, second.Events...))
}

func testTexts(t *testing.T, s store.Store) {
	c := fresh(1, visitorID(1))
	for _, text := range []string{
		"ääkköset, å, ß, ﬁ", "\"quoted\" \\ back", "lines\r\n\ttabs", "<b>&amp;</b>", "👩‍👩‍👧 🇫🇮", "\u2028\u2029\u200b\u202e",
		"\x01\x1f\x7f", strings.Repeat("😀", 10_000), "$1 ? :name '; --", "  space  ", "null", "{}", "\U0010ffff",
	} {
		c = tell(t, s, c, message(text))
		got := log(t, s, c.ID)
		same(t, "text", got[len(got)-1].Contents.Text, text)
		same(t, "fold", get[chat.Conversation](t)(s.Conversation(t.Context(), c.ID)), c)
	}
}

func testInvalid(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"))
	good := func() store.Append { return withKey(appendOf(c, message("a"), message("b")), keyID(1)) }
	for name, spoil := range map[string]func(*store.Append){
		"no conversation":       func(a *store.Append) { a.Next.ID = "" },
		"no time":               func(a *store.Append) { a.At = time.Time{} },
		"a negative position":   func(a *store.Append) { a.Pos = -1 },
		"a fold too far":        func(a *store.Append) { a.Next.Pos++ },
		"a fold not far enough": func(a *store.Append) { a.Next.Pos-- },
		"a hole":                func(a *store.Append) { a.Events[1].Pos++ },
		"the wrong order":       func(a *store.Append) { a.Events[0], a.Events[1] = a.Events[1], a.Events[0] },
		"a number beyond pos":   func(a *store.Append) { a.Events[0].AgentSeq = a.Events[0].Pos + 1 },
		"nothing at all":        func(a *store.Append) { a.Events, a.Keys, a.Next.Pos = nil, nil, a.Pos },
		"a key of nobody":       func(a *store.Append) { a.Keys[0].Sender = "" },
		"a key without a name":  func(a *store.Append) { a.Keys[0].Key = "" },
		"a key twice":           func(a *store.Append) { a.Keys = append(a.Keys, a.Keys[0]) },
	} {
		a := good()
		spoil(&a)
		wantKind(t, name, s.Append(t.Context(), a), chat.Invalid)
	}
	stands(t, s, c)
	must(t, s.Append(t.Context(), good()))
}

func testCondition(t *testing.T, s store.Store) {
	c := fresh(1, visitorID(1))
	one := appendOf(c, message("1"), message("2"))
	must(t, s.Append(t.Context(), one))
	wantMoved(t, "the same again", s.Append(t.Context(), one))
	stale := appendOf(one.Next, message("3"))
	stale.Pos, stale.Next.Pos, stale.Events[0] = 1, 2, one.Events[1]
	wantMoved(t, "a position that is past", s.Append(t.Context(), stale))
	early := one.Next
	early.Pos = 7
	wantMoved(t, "a position that is not there yet", s.Append(t.Context(), withKey(appendOf(early, message("8")), keyID(1))))
	missing := fresh(2, visitorID(2))
	missing.Pos = 1
	wantMoved(t, "a conversation that is not there", s.Append(t.Context(), appendOf(missing, message("2"))))
	stands(t, s, one.Next)
	if _, known, err := s.Known(t.Context(), visitorID(1), keyID(1)); known || err != nil {
		t.Fatalf("the key of an append that failed is known: %v, %v", known, err)
	}
}

func testRace(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"))
	appends := make([]store.Append, 50)
	for i := range appends {
		appends[i] = withKey(appendOf(c, message(fmt.Sprint(i)), message("answer")), keyID(i))
	}
	won := race(t, s, appends, func(i int, err error) { wantMoved(t, "a loser", err) })
	if len(won) != 1 {
		t.Fatalf("%d of 50 won", len(won))
	}
	stands(t, s, appends[won[0]].Next)
	for i, a := range appends {
		if _, known, err := s.Known(t.Context(), a.Next.Visitor, keyID(i)); err != nil || known != (i == won[0]) {
			t.Fatalf("key %d known: %v, %v", i, known, err)
		}
	}
}

// race makes all appends at once and returns those that were stored, after lost was told of the others.
func race(t *testing.T, s store.Store, appends []store.Append, lost func(i int, err error)) (won []int) {
	t.Helper()
	errs := make([]error, len(appends))
	var wg sync.WaitGroup
	for i, a := range appends {
		wg.Go(func() { errs[i] = s.Append(context.Background(), a) })
	}
	wg.Wait()
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
		} else {
			lost(i, err)
		}
	}
	return won
}

func testOneOpen(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"))
	wantMoved(t, "a second one", s.Append(t.Context(), withKey(appendOf(fresh(2, visitorID(1)), message("Moi taas")), keyID(1))))
	other := fresh(3, visitorID(1))
	other.Site = "blog"
	tell(t, s, other, message("elsewhere"))
	tell(t, s, fresh(4, visitorID(2)), message("somebody else"))
	same(t, "open", get[chat.Conversation](t)(s.OpenOf(t.Context(), "shop", visitorID(1))), c)
	c.State, c.ClosedAt = chat.Closed, begin
	c = tell(t, s, c, kind(chat.KindClosed))
	_, err := s.OpenOf(t.Context(), "shop", visitorID(1))
	wantKind(t, "open after closing", err, chat.NotFound)
	again := tell(t, s, fresh(2, visitorID(1)), message("Moi taas"))
	same(t, "open again", get[chat.Conversation](t)(s.OpenOf(t.Context(), "shop", visitorID(1))), again)
	stands(t, s, c)
}

func testFirstAppends(t *testing.T, s store.Store) {
	appends := make([]store.Append, 100)
	for i := range appends {
		appends[i] = withKey(appendOf(fresh(i, visitorID(1)), kind(chat.KindOpened), message("Moi")), keyID(i))
	}
	won := race(t, s, appends, func(i int, err error) { wantMoved(t, "a loser", err) })
	if len(won) != 1 {
		t.Fatalf("%d conversations were opened", len(won))
	}
	same(t, "open", get[chat.Conversation](t)(s.OpenOf(t.Context(), "shop", visitorID(1))), appends[won[0]].Next)
	for i, a := range appends {
		_, known, err := s.Known(t.Context(), visitorID(1), keyID(i))
		if events := log(t, s, a.Next.ID); i != won[0] && (len(events) > 0 || known || err != nil) {
			t.Fatalf("a loser left %d events, key %v, %v", len(events), known, err)
		}
	}
}

func testReopen(t *testing.T, s store.Store) {
	old := fresh(1, visitorID(1))
	old.State, old.ClosedAt = chat.Closed, begin
	old = tell(t, s, old, message("Moi"), kind(chat.KindClosed))
	now := tell(t, s, fresh(2, visitorID(1)), message("Moi"))
	back := old
	back.State, back.ClosedAt = chat.WithBot, time.Time{}
	wantMoved(t, "reopening", s.Append(t.Context(), withKey(appendOf(back, kind(chat.KindReopened)), keyID(1))))
	stands(t, s, old)
	now.State, now.ClosedAt = chat.Closed, begin
	tell(t, s, now, kind(chat.KindClosed))
	back = tell(t, s, back, kind(chat.KindReopened))
	same(t, "open", get[chat.Conversation](t)(s.OpenOf(t.Context(), "shop", visitorID(1))), back)
}

func testKnown(t *testing.T, s store.Store) {
	a := withKey(appendOf(fresh(1, visitorID(1)), kind(chat.KindOpened), message("Moi")), keyID(1))
	a.Keys[0].Ack.Seq = 1
	a.Keys = append(a.Keys, store.Key{Sender: agentID(1), Key: keyID(1), Ack: store.Ack{Conversation: a.Next.ID, Seq: 2}})
	must(t, s.Append(t.Context(), a))
	for _, k := range a.Keys {
		ack, known, err := s.Known(t.Context(), k.Sender, k.Key)
		if err != nil || !known || ack != k.Ack {
			t.Fatalf("known: %v, %v, %v; want %v", ack, known, err, k.Ack)
		}
	}
	if _, known, err := s.Known(t.Context(), visitorID(2), keyID(1)); known || err != nil {
		t.Fatalf("somebody else's key is known: %v, %v", known, err)
	}
	c := a.Next
	c.State, c.ClosedAt = chat.Closed, begin
	c = tell(t, s, c, kind(chat.KindClosed))
	// The resend of a first post comes without a conversation, so it is tried as a new one.
	again := withKey(appendOf(fresh(2, visitorID(1)), kind(chat.KindOpened), message("Moi")), keyID(1))
	wantKnown(t, "a resend to a new conversation", s.Append(t.Context(), again), a.Keys[0])
	wantKnown(t, "a resend to the same one", s.Append(t.Context(), withKey(appendOf(c, message("Moi")), keyID(1))), a.Keys[0])
	two := withKey(withKey(appendOf(c, message("Moi")), keyID(7)), keyID(1))
	wantKnown(t, "one of two keys", s.Append(t.Context(), two), a.Keys[0])
	if _, known, err := s.Known(t.Context(), visitorID(1), keyID(7)); known || err != nil {
		t.Fatalf("the other key was stored: %v, %v", known, err)
	}
	stands(t, s, c)
	_, err := s.Conversation(t.Context(), again.Next.ID)
	wantKind(t, "the new conversation", err, chat.NotFound)
}

func testKnownFirst(t *testing.T, s store.Store) {
	a := withKey(appendOf(fresh(1, visitorID(1)), message("Moi")), keyID(1))
	must(t, s.Append(t.Context(), a))
	tell(t, s, a.Next, message("more"))
	wantKnown(t, "the same again", s.Append(t.Context(), a), a.Keys[0])
}

func testKeyRace(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"))
	appends := make([]store.Append, 50)
	for i := range appends {
		if i%2 == 0 {
			appends[i] = withKey(appendOf(c, message(fmt.Sprint(i))), keyID(1))
			continue
		}
		other := fresh(2+i, visitorID(1))
		other.Site = fmt.Sprintf("site-%d", i)
		appends[i] = withKey(appendOf(other, kind(chat.KindOpened), message(fmt.Sprint(i))), keyID(1))
	}
	acks := map[store.Ack]bool{}
	won := race(t, s, appends, func(_ int, err error) {
		var known *store.Known
		if !errors.As(err, &known) {
			t.Fatalf("a loser: %v, want Known", err)
		}
		acks[known.Key.Ack] = true
	})
	if len(won) != 1 || len(acks) != 1 || !acks[appends[won[0]].Keys[0].Ack] {
		t.Fatalf("%d won, and the others were told %v", len(won), acks)
	}
}

func testKeysAlone(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"), message("2"))
	only := store.Append{Pos: c.Pos, Next: c, At: begin,
		Keys: []store.Key{{Sender: visitorID(1), Key: keyID(1), Ack: store.Ack{Conversation: c.ID, Seq: 1}}}}
	must(t, s.Append(t.Context(), only))
	wantKnown(t, "again", s.Append(t.Context(), only), only.Keys[0])
	only.Keys[0].Key = keyID(2)
	only.Pos, only.Next.Pos = 1, 1
	wantMoved(t, "at a position that is past", s.Append(t.Context(), only))
	only.Next.ID, only.Next.Pos, only.Pos = conversationID(9), 1, 1
	wantMoved(t, "of a conversation that is not there", s.Append(t.Context(), only))
	stands(t, s, c)
}

func testForgetKeys(t *testing.T, s store.Store) {
	c := fresh(1, visitorID(1))
	const keys = 2500
	for n := 0; n < keys; n += 500 {
		a := appendOf(c, message("many"))
		a.At = begin.Add(time.Duration(n) * time.Second)
		for i := n; i < n+500; i++ {
			a = withKey(a, keyID(i))
		}
		must(t, s.Append(t.Context(), a))
		c = a.Next
	}
	if n := get[int](t)(s.ForgetKeys(t.Context(), begin.Add(2000*time.Second))); n != 2000 {
		t.Fatalf("%d keys were forgotten, want 2000", n)
	}
	for _, i := range []int{0, 1999, 2000, keys - 1} {
		if _, known, err := s.Known(t.Context(), visitorID(1), keyID(i)); err != nil || known != (i >= 2000) {
			t.Fatalf("key %d known: %v, %v", i, known, err)
		}
	}
	if n := get[int](t)(s.ForgetKeys(t.Context(), begin)); n != 0 {
		t.Fatalf("%d more were forgotten", n)
	}
}

// testMixed sends good and bad appends at once, so that they share commits.
func testMixed(t *testing.T, s store.Store) {
	base := tell(t, s, fresh(0, visitorID(0)), message("Moi"))
	used := withKey(appendOf(base, message("used")), keyID(0))
	must(t, s.Append(t.Context(), used))
	appends := make([]store.Append, 200)
	for i := range appends {
		switch i % 4 {
		case 0: // moved
			appends[i] = withKey(appendOf(base, message("late")), keyID(1000+i))
		case 1: // known
			appends[i] = withKey(appendOf(used.Next, message("again")), keyID(0))
		default:
			appends[i] = withKey(appendOf(fresh(i, visitorID(i)), kind(chat.KindOpened), message("good")), keyID(i))
		}
	}
	won := race(t, s, appends, func(i int, err error) {
		switch i % 4 {
		case 0:
			wantMoved(t, "late", err)
		case 1:
			wantKnown(t, "again", err, used.Keys[0])
		default:
			t.Fatalf("a good append: %v", err)
		}
	})
	if len(won) != 100 {
		t.Fatalf("%d were stored, want 100", len(won))
	}
	for _, i := range won {
		stands(t, s, appends[i].Next)
	}
	stands(t, s, used.Next)
}

func testCancelled(t *testing.T, s store.Store) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	a := withKey(appendOf(fresh(1, visitorID(1)), message("Moi")), keyID(1))
	wantKind(t, "append", s.Append(gone, a), chat.Unavailable)
	_, err := s.Conversation(t.Context(), a.Next.ID)
	wantKind(t, "the conversation", err, chat.NotFound)
	_, err = s.Conversation(gone, a.Next.ID)
	wantKind(t, "a read", err, chat.Unavailable)
	must(t, s.Append(t.Context(), a))
	wantKind(t, "ping", s.Ping(gone), chat.Unavailable)
	must(t, s.Ping(t.Context()))
}
