package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// front is what answers HTTP: at first only that the process lives, then what it is opened with. Who comes for a socket
// before waits until then: all clients of a node that is started again are there at once, and who is turned away comes back
// at once, which takes from the start the time that it needs.
type front struct {
	opened  chan struct{} // closed when handler is there
	handler http.Handler
	held    atomic.Int64
}

// Bounds of waiting. Whoever is not let in is told to come back in a second.
const (
	maxHeld    = 4096
	heldWithin = 5 * time.Second
)

func newFront() *front { return &front{opened: make(chan struct{})} }

// open lets everybody in. It is called once.
func (f *front) open(h http.Handler) {
	f.handler = h
	close(f.opened)
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-f.opened:
		f.handler.ServeHTTP(w, r)
		return
	default:
	}
	switch {
	case r.URL.Path == "/healthz":
		fmt.Fprintln(w, "ok")
	case r.URL.Path == "/readyz":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, `[{"part":"start","words":"the bot is being loaded"}]`)
	case strings.HasPrefix(r.URL.Path, "/ws/") && f.hold(r):
		f.handler.ServeHTTP(w, r)
	default:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "starting", http.StatusServiceUnavailable)
	}
}

// hold waits until the front is open, and tells whether it is.
func (f *front) hold(r *http.Request) bool {
	defer f.held.Add(-1)
	if f.held.Add(1) > maxHeld {
		return false
	}
	late := time.NewTimer(heldWithin)
	defer late.Stop()
	select {
	case <-f.opened:
		return true
	case <-late.C:
	case <-r.Context().Done():
	}
	return false
}
