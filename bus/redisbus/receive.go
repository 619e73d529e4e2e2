package redisbus

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// ear is how well this node hears.
type ear struct {
	pubsub *redis.PubSub
	last   time.Duration // when something last came, or was done with
	within bool          // within a handler: what comes meanwhile waits in the connection
	deaf   bool          // the connection is gone, and the next one is not there
	lag    time.Duration // of the latest beat of our own
}

// receive delivers what the other nodes publish until ctx ends.
func (b *Bus) receive(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { b.hangUp() })
	defer stop()
	for failed := int64(0); ctx.Err() == nil; {
		got, err := b.subscription().Receive(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failed++
			b.lose()
			if !rest(ctx, pause(failed)) {
				return
			}
			b.subscribe(ctx)
			continue
		}
		failed = 0
		b.hears(true)
		if m, ok := got.(*redis.Message); ok {
			b.read(ctx, m.Payload)
		}
		b.hears(false)
	}
}

// read delivers one frame.
func (b *Bus) read(ctx context.Context, frame string) {
	kind, from, body, err := split(frame)
	switch {
	case err != nil:
		b.unreadable.Add(1)
		return
	case from == b.self:
		if kind == aBeat {
			b.heardItself(body)
		}
		return
	}
	switch kind {
	case aMessage:
		b.readMessage(body)
	case aSignal:
		s, err := decodeSignal(body)
		if err != nil {
			b.unreadable.Add(1)
			return
		}
		b.received.Add(1)
		b.local.Signal(ctx, s)
	}
}

// readMessage delivers a message, as far as somebody here wants it.
func (b *Bus) readMessage(body string) {
	g, rest, err := decodeGlance(body)
	if err != nil {
		b.unreadable.Add(1)
		return
	}
	wanted, all := false, *b.glances.Load()
	for _, one := range all {
		wanted = one.glance(&g.message.Next, g.attention) || wanted // each is shown it
	}
	if !wanted {
		b.passed.Add(1)
		for _, one := range all {
			one.passed(&g.message.Next)
		}
		return
	}
	if decodeMessage(&g, rest) != nil {
		b.unreadable.Add(1)
		return
	}
	b.received.Add(1)
	b.local.Deliver(g.message)
}

func (b *Bus) heardItself(body string) {
	at, err := decodeBeat(body)
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ear.lag = b.since() - at
}

// hears notes that something came, or that it was done with.
func (b *Bus) hears(within bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ear.last, b.ear.within, b.ear.deaf = b.since(), within, false
}

// lose notes that the connection is gone.
func (b *Bus) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ear.deaf = true
}

func (b *Bus) subscription() *redis.PubSub {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ear.pubsub
}

// subscribe begins a new connection in the place of the one that is gone. Whether it stands, Receive tells.
func (b *Bus) subscribe(ctx context.Context) {
	b.hangUp()
	p := b.client.Subscribe(ctx, b.where)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ear.pubsub, b.ear.last = p, b.since()
}

// hangUp ends the connection; who receives from it has an error.
func (b *Bus) hangUp() {
	if p := b.subscription(); p != nil {
		if err := p.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
			b.lose()
		}
	}
}

// listen ends a connection that nothing has come from for so long that the node's own beats must have been lost: the other
// side is gone without a word, or stands still.
func (b *Bus) listen(ctx context.Context) {
	tick := time.NewTicker(beatEvery / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		b.mu.Lock()
		silent := !b.ear.within && b.since()-b.ear.last > deafAfter
		if silent {
			b.ear.deaf, b.ear.last = true, b.since()
		}
		b.mu.Unlock()
		if silent {
			b.hangUp()
		}
	}
}

func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
