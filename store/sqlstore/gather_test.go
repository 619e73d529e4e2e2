package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

// waitsFor waits until so many callers wait to be read for.
func waitsFor(t *testing.T, waiting func() int, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); waiting() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d wait", waiting(), n)
		}
	}
}

// A lone caller is read for at once; who asks meanwhile is read for together, and each gets the rows of their own key, in
// their order.
func TestGather(t *testing.T) {
	var queries [][]int
	begun, goOn := make(chan struct{}), make(chan struct{})
	failed := errors.New("failed")
	g := newGatherer(func(keys []int) (rows []rowFor[int], err error) {
		if queries = append(queries, slices.Clone(keys)); len(queries) == 1 {
			close(begun)
			<-goOn
		}
		for i, k := range keys {
			if k > 10 {
				return nil, failed
			}
			for n := range k {
				rows = append(rows, rowFor[int]{i + 1, 10*k + n})
			}
		}
		return rows, nil
	})
	s := &Store{}
	var asking sync.WaitGroup
	ask := func(key int) {
		asking.Go(func() {
			rows, err := g.ask(t.Context(), s, key)
			for n := range rows {
				if rows[n] != 10*key+n {
					t.Errorf("%d got %v", key, rows)
				}
			}
			if err != nil || len(rows) != key {
				t.Errorf("%d: %d rows, %v", key, len(rows), err)
			}
		})
	}
	ask(1)
	<-begun
	for _, key := range []int{3, 0, 5, 3} {
		ask(key)
	}
	waitsFor(t, func() int { return len(g.in) }, 4)
	close(goOn)
	asking.Wait()
	if len(queries) != 2 || len(queries[1]) != 4 {
		t.Errorf("the queries were for %v", queries)
	}

	if _, err := g.ask(t.Context(), s, 11); !errors.Is(err, failed) {
		t.Errorf("a query that fails: %v", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := g.ask(left, s, 1); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("who does not wait: %v", err)
	}
	g.close()
	if _, err := g.ask(t.Context(), s, 1); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}
