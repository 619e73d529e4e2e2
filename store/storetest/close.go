package storetest

import (
	"context"
	"sync"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

func testClose(t *testing.T, s store.Store) {
	c := tell(t, s, fresh(1, visitorID(1)), message("Moi"))
	must(t, s.Ping(t.Context()))
	must(t, s.Close())
	must(t, s.Close())
	wantKind(t, "append", s.Append(t.Context(), appendOf(c, message("late"))), chat.Unavailable)
	wantKind(t, "ping", s.Ping(t.Context()), chat.Unavailable)
	_, err := s.Conversation(t.Context(), c.ID)
	wantKind(t, "a read", err, chat.Unavailable)
	select {
	case err := <-s.Broken():
		t.Fatalf("a closed store says that it is broken: %v", err)
	default:
	}
}

// testCloseUnderLoad closes while many write: everybody gets an answer, and it is yes or unavailable.
func testCloseUnderLoad(t *testing.T, s store.Store) {
	var wg sync.WaitGroup
	for w := range 30 {
		wg.Go(func() {
			c := fresh(w, visitorID(w))
			for {
				a := appendOf(c, message("Moi"))
				if err := s.Append(context.Background(), a); err != nil {
					if chat.KindOf(err) != chat.Unavailable {
						t.Errorf("append: %v", err)
					}
					return
				}
				if c = a.Next; c.Pos == 10 && w == 0 {
					if err := s.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				}
			}
		})
	}
	wg.Wait()
}
