package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// TestGiveBack fills memory, forgets it, and waits until the system has it again, with nobody collecting but giveBack.
func TestGiveBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- giveBack(ctx) }()
	released := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapReleased
	}
	const size = 64 << 20
	fill(size)
	before := released()
	for deadline := time.Now().Add(20 * time.Second); released() < before+size/2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes were given back of %d", released()-before, size)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

//go:noinline
func fill(size int) {
	b := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		b[i] = 1
	}
}
