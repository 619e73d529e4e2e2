package run

import (
	"bytes"
	"context"
	"testing"
	"time"
)

// TestStorm has the clients of a killed node come back, all at once, to the others.
func TestStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("three nodes over Postgres and Redis")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	binary, err := Build(ctx, t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	const clients = 300
	var notes bytes.Buffer
	r, err := Storm(ctx, StormOptions{Binary: binary, Clients: clients, Nodes: 3, Notes: &notes})
	t.Log(notes.String())
	if err != nil || r.Back != clients {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestQuantile(t *testing.T) {
	var l []time.Duration
	for n := 200; n >= 1; n-- {
		l = append(l, time.Duration(n)*time.Millisecond)
	}
	for percent, want := range map[int]float64{0: 1, 50: 101, 99: 199, 100: 200} {
		if got := quantile(l, percent); got != want {
			t.Errorf("%d: %v, want %v", percent, got, want)
		}
	}
	if got := quantile(nil, 99); got != 0 {
		t.Errorf("%v of nothing", got)
	}
}
