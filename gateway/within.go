package gateway

import (
	"context"
	"sync"
	"time"
)

// within is a context with a deadline that nothing is set up for until somebody waits for it. Nearly all frames are done
// at once, by calls that at most look whether they are still to go on; a timer that is set and stopped for each of them,
// and a place among the children of the gateway's own context, cost more than to decode the frame.
type within struct {
	base  context.Context
	until time.Time

	mu     sync.Mutex
	waited context.Context // nil until somebody waits
	cancel context.CancelFunc
	over   bool
}

var _ context.Context = (*within)(nil)

// newWithin returns a context that ends with base, after a time, or with end, which the caller owes it.
func newWithin(base context.Context, after time.Duration) *within {
	return &within{base: base, until: time.Now().Add(after)}
}

// end ends the context. It may be called more than once.
func (w *within) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.cancel != nil {
		w.cancel()
	}
}

// Deadline implements context.Context.
func (w *within) Deadline() (time.Time, bool) {
	if until, ok := w.base.Deadline(); ok && until.Before(w.until) {
		return until, true
	}
	return w.until, true
}

// Done implements context.Context.
func (w *within) Done() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waited == nil {
		w.waited, w.cancel = context.WithDeadline(w.base, w.until)
		if w.over {
			w.cancel()
		}
	}
	return w.waited.Done()
}

// Err implements context.Context.
func (w *within) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.waited != nil:
		return w.waited.Err()
	case w.base.Err() != nil:
		return w.base.Err()
	case w.over:
		return context.Canceled
	case !time.Now().Before(w.until):
		return context.DeadlineExceeded
	}
	return nil
}

// Value implements context.Context. Contexts made of this one find by it what they are to end with.
func (w *within) Value(key any) any {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waited != nil {
		return w.waited.Value(key)
	}
	return w.base.Value(key)
}
