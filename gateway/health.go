package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// healthz is 200 while the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write([]byte("ok\n"))
}

// readyz is 200 when traffic can be taken, and 503 when not; the body is the list of what is down.
func (g *Gateway) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	down := append([]Down{}, g.ready(ctx)...)
	if g.draining.Load() {
		down = append(down, Down{Part: "gateway", Words: "draining"})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if slices.ContainsFunc(down, func(d Down) bool { return !d.Harmless }) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(down) // a client that is gone does not read it
}

// readyWithin bounds the look at the parts.
const readyWithin = 3 * time.Second
