package main

import (
	"context"
	"testing"
	"time"
)

// fakeClock is a database's clock that is off by some time from this machine's.
type fakeClock struct {
	off    time.Duration
	shared bool
}

func (c *fakeClock) Clock(context.Context) (time.Time, bool, error) {
	return time.Now().Add(c.off), c.shared, nil
}

func TestTheReferenceClockFollowsTheDatabase(t *testing.T) {
	near := func(got time.Duration, want time.Duration) bool { return (got - want).Abs() < tooFar }
	r := newReference()
	if off := time.Until(r.now()); !near(off, 0) {
		t.Fatalf("alone it is off by %v", off)
	}
	if shared, err := r.follow(t.Context(), &fakeClock{off: time.Hour}); shared || err != nil || !near(time.Until(r.now()), 0) {
		t.Fatalf("a store without a clock: %v, %v", shared, err)
	}
	if shared, err := r.follow(t.Context(), &fakeClock{off: time.Hour, shared: true}); !shared || err != nil || !near(time.Until(r.now()), time.Hour) {
		t.Fatalf("an hour ahead: off by %v; %v, %v", time.Until(r.now()), shared, err)
	}
	before := r.now()
	if _, err := r.follow(t.Context(), &fakeClock{off: -time.Hour, shared: true}); err != nil {
		t.Fatal(err)
	}
	if after := r.now(); after.Before(before) || !near(after.Sub(before), 0) {
		t.Fatalf("it went from %v to %v, and may stand still but not go back", before, after)
	}
}
