package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
)

// reference is the clock that judges deadlines. On one node it is the wall's time, read once, and from then on how much
// time has passed: whoever sets the machine's clock moves no deadline. On many it follows the clock of the database that
// they share. It never goes back.
type reference struct {
	start time.Time
	ahead atomic.Int64 // of this node's clock, in nanoseconds
	last  atomic.Int64 // that was told, in nanoseconds since start
}

func newReference() *reference { return &reference{start: time.Now()} }

// now may be called from any goroutine.
func (r *reference) now() time.Time {
	passed := int64(time.Since(r.start)) + r.ahead.Load()
	for {
		last := r.last.Load()
		if passed <= last {
			return r.start.Add(time.Duration(last))
		}
		if r.last.CompareAndSwap(last, passed) {
			return r.start.Add(time.Duration(passed))
		}
	}
}

// sharedClock is a store whose database has a clock that its nodes share.
type sharedClock interface {
	// Clock is the time of the database; false if it has no clock of its own.
	Clock(ctx context.Context) (time.Time, bool, error)
}

const (
	followEvery = 10 * time.Second
	followTries = 3
	tooFar      = time.Second // an answer that took longer says too little
)

// errSlow is that no answer came soon enough to set a clock by.
var errSlow = errors.New("the database took too long to tell its time")

// follow reads the shared clock a few times and goes by the answer that came soonest. It tells whether there is one.
func (r *reference) follow(ctx context.Context, c sharedClock) (shared bool, err error) {
	best := tooFar
	for range followTries {
		asked := time.Since(r.start)
		at, shared, err := c.Clock(ctx)
		if err != nil || !shared {
			return shared, err
		}
		if took := time.Since(r.start) - asked; took < best {
			best = took
			r.ahead.Store(int64(at.Sub(r.start.Add(asked + took/2))))
		}
	}
	if best == tooFar {
		return true, errSlow
	}
	return true, nil
}

// followClock has the reference clock follow the database's until ctx ends. While the database cannot be asked the clock
// goes on by itself.
func (h *house) followClock(ctx context.Context) error {
	c, ok := h.store.(sharedClock)
	if !ok {
		return nil
	}
	again := time.NewTicker(followEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
		before := time.Duration(h.reference.ahead.Load())
		shared, err := h.reference.follow(ctx, c)
		if step := time.Duration(h.reference.ahead.Load()) - before; step.Abs() > tooFar {
			h.log.Warn("the database's clock was set, or this machine's stood still; deadlines go by the database's", zap.Duration("step", step))
		}
		if err != nil && chat.KindOf(err) != chat.Unavailable {
			h.log.Warn("the database's clock was not read", zap.Error(err))
		}
		if err == nil && !shared {
			return nil
		}
	}
}
