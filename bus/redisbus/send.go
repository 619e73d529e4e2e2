package redisbus

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// batch is what goes out in one round trip.
type batch struct {
	frames            [][]byte
	size              int
	messages, signals uint64
}

func (s *batch) full() bool { return len(s.frames) >= together || s.size >= heavy }

// add encodes an item. One that cannot be encoded is counted as dropped; no event or fold is known to bring that about.
func (b *Bus) add(s *batch, i item) {
	b.waiting.Add(-1)
	if i.message != nil {
		if frame, err := encodeMessage(b.self, i.message); err == nil {
			s.frames, s.size, s.messages = append(s.frames, frame), s.size+len(frame), s.messages+1
		} else {
			b.messages.Add(1)
		}
		return
	}
	if frame, err := encodeSignal(b.self, i.signal); err == nil {
		s.frames, s.size, s.signals = append(s.frames, frame), s.size+len(frame), s.signals+1
	} else {
		b.signals.Add(1)
	}
}

// send sends what is queued until ctx ends, and then what is queued still.
func (b *Bus) send(ctx context.Context) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	b.beat(ctx)
	for {
		select {
		case i := <-b.queue:
			b.sendWith(ctx, i)
		case <-beat.C:
			b.beat(ctx)
		case <-ctx.Done():
			b.sendRest(ctx)
			return
		}
	}
}

// sendWith sends an item with what has gathered behind it.
func (b *Bus) sendWith(ctx context.Context, first item) {
	var s batch
	b.add(&s, first)
	for !s.full() {
		select {
		case i := <-b.queue:
			b.add(&s, i)
			continue
		default:
		}
		break
	}
	b.publish(ctx, &s)
}

// sendRest sends what was taken before the end, as far as there is time, and counts what there is not. What is taken
// while it does so is among it, or counted.
func (b *Bus) sendRest(ctx context.Context) {
	b.ended.Store(true)
	for end := time.Now().Add(lastWords); b.waiting.Load() > 0; {
		if time.Now().After(end) {
			b.silence.fail()
		}
		b.sendWith(ctx, <-b.queue) // comes: it was counted first
	}
}

func (b *Bus) beat(ctx context.Context) {
	if frame, err := encodeBeat(b.self, b.since()); err == nil {
		b.publish(ctx, &batch{frames: [][]byte{frame}})
	}
}

// publish sends a batch in one round trip. When there is no answer it is lost, whether it went out or not: sent again it
// might arrive twice. For a moment afterwards nothing is tried, so that a Redis that hangs does not hold up the queue.
func (b *Bus) publish(ctx context.Context, s *batch) {
	if len(s.frames) == 0 {
		return
	}
	if b.silence.may() {
		pipe := b.client.Pipeline()
		ctx = context.WithoutCancel(ctx)
		for _, f := range s.frames {
			pipe.Publish(ctx, b.where, f)
		}
		if _, err := pipe.Exec(ctx); err == nil {
			b.silence.succeed()
			return
		}
		b.silence.fail()
	}
	b.messages.Add(s.messages)
	b.signals.Add(s.signals)
}

// breaker keeps the sender from waiting for a Redis that does not answer. One goroutine tries; any may look.
type breaker struct {
	failures atomic.Int64
	until    atomic.Int64 // nobody tries before, in nanoseconds
}

// Pauses between tries.
const (
	firstPause = 50 * time.Millisecond
	longest    = time.Second
)

func (k *breaker) open() bool { return k.failures.Load() > 0 }

func (k *breaker) may() bool { return time.Now().UnixNano() >= k.until.Load() }

func (k *breaker) succeed() {
	k.failures.Store(0)
	k.until.Store(0)
}

func (k *breaker) fail() {
	k.until.Store(time.Now().Add(pause(k.failures.Add(1))).UnixNano())
}

// pause is how long to wait after the n-th failure in a row: doubling, half of it by chance, so that the nodes do not all
// come back at once.
func pause(n int64) time.Duration {
	d := min(firstPause<<min(n-1, 10), longest)
	return d/2 + rand.N(d/2)
}
