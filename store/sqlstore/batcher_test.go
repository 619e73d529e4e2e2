package sqlstore

import (
	"errors"
	"slices"
	"sync"
	"testing"
)

// Of two hands the free one begins at once with a lone job beside a lone one, and beside a batch when as many wait.
func TestTwoHands(t *testing.T) {
	type batch struct {
		size int
		end  chan struct{}
	}
	begun := make(chan batch)
	settle := func(jobs []*job[int]) {
		b := batch{len(jobs), make(chan struct{})}
		begun <- b
		<-b.end
	}
	failed := func() { t.Error("a hand failed") }
	b := newBatcher(newHand(settle, failed), newHand(settle, failed))
	var writers sync.WaitGroup
	write := func(n int) {
		for range n {
			writers.Go(func() {
				if err := b.write(t.Context(), 0); err != nil {
					t.Error(err)
				}
			})
		}
	}
	waiting := func() int { return len(b.in) }

	write(1)
	first := <-begun
	write(1)
	second := <-begun
	write(4)
	waitsFor(t, waiting, 4)
	close(first.end)
	third := <-begun
	close(second.end)
	write(3)
	waitsFor(t, waiting, 3)
	write(1)
	fourth := <-begun
	close(third.end)
	close(fourth.end)
	writers.Wait()
	if sizes := []int{first.size, second.size, third.size, fourth.size}; !slices.Equal(sizes, []int{1, 1, 4, 4}) {
		t.Errorf("the batches were of %v", sizes)
	}
	b.close()
	if err := b.write(t.Context(), 0); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}
