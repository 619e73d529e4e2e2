package redisline

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Breaker is a hook for a client of Redis: after a call that got no answer, all calls fail at once for a moment, then one
// tries, until one gets an answer again. So a Redis that hangs costs a time-out a second and not one for each call. Its
// zero value is ready; it is for one client.
type Breaker struct {
	until atomic.Int64 // when one may try again, in nanoseconds; 0: all may
}

// breakFor is how long nobody tries.
const breakFor = time.Second

var errBroken = errors.New("Redis did not answer a moment ago")

var _ redis.Hook = (*Breaker)(nil)

// DialHook implements redis.Hook.
func (b *Breaker) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return next(ctx, network, address)
	}
}

// ProcessHook implements redis.Hook.
func (b *Breaker) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if isWithin(ctx) {
			return next(ctx, cmd)
		}
		if !b.may() {
			cmd.SetErr(errBroken)
			return errBroken
		}
		err := next(within(ctx), cmd)
		b.note(err)
		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (b *Breaker) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if isWithin(ctx) {
			return next(ctx, cmds)
		}
		if !b.may() {
			for _, cmd := range cmds {
				cmd.SetErr(errBroken)
			}
			return errBroken
		}
		err := next(within(ctx), cmds)
		b.note(err)
		return err
	}
}

// inside marks the context of a call that was let through. What go-redis says on a new connection before the call comes by
// the hooks as well, and is a part of it: held up, no call would ever get an answer again once all connections are gone.
type inside struct{}

func within(ctx context.Context) context.Context { return context.WithValue(ctx, inside{}, true) }

func isWithin(ctx context.Context) bool { return ctx.Value(inside{}) != nil }

func (b *Breaker) may() bool {
	until, now := b.until.Load(), time.Now().UnixNano()
	return until == 0 || now >= until && b.until.CompareAndSwap(until, now+int64(breakFor))
}

// note takes in what became of a call. An error that Redis itself gave is an answer; that nobody waited any more tells
// nothing.
func (b *Breaker) note(err error) {
	var reply redis.Error
	switch {
	case errors.Is(err, context.Canceled):
	case err == nil, errors.As(err, &reply):
		b.until.Store(0)
	default:
		b.until.Store(time.Now().UnixNano() + int64(breakFor))
	}
}
