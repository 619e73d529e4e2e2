package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Before a desk is open it says that it lives and is not ready, holds who comes for a socket, and asks everybody else to
// come back; then all are let in, those who wait as well.
func TestFront(t *testing.T) {
	f := newFront()
	get := func(ctx context.Context, path string) int {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
		return w.Code
	}
	want := func(path string, code int) {
		t.Helper()
		if got := get(t.Context(), path); got != code {
			t.Errorf("%s: %d, want %d", path, got, code)
		}
	}
	held := func(n int64) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); f.held.Load() != n; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d wait, not %d", f.held.Load(), n)
			}
		}
	}
	want("/healthz", http.StatusOK)
	want("/readyz", http.StatusServiceUnavailable)
	want("/widget/", http.StatusServiceUnavailable)

	gone, leave := context.WithCancel(t.Context())
	left := make(chan int)
	go func() { left <- get(gone, "/ws/visitor") }()
	held(1)
	leave()
	if code := <-left; code != http.StatusServiceUnavailable {
		t.Errorf("who does not wait: %d", code)
	}
	f.held.Store(maxHeld)
	want("/ws/agent", http.StatusServiceUnavailable)
	f.held.Store(0)

	in := make(chan int)
	go func() { in <- get(t.Context(), "/ws/visitor") }()
	held(1)
	f.open(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	if code := <-in; code != http.StatusNoContent {
		t.Errorf("who has waited: %d", code)
	}
	for _, path := range []string{"/ws/visitor", "/readyz", "/widget/"} {
		want(path, http.StatusNoContent)
	}
}
