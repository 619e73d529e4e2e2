package main

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/routing/redisline"
)

// Bounds of asking a part whether it works. An answer has to come before `kohta ready` and the balancers stop waiting for theirs.
const (
	partWithin = 1500 * time.Millisecond
	partEvery  = 500 * time.Millisecond // whoever asks meanwhile gets the last answer, however many they are
)

var errMute = errors.New("no answer yet")

// probe asks a part whether it works, once at a time for all who want to know.
type probe struct {
	ask   func(context.Context) error
	under sync.WaitGroup // an ask that goes on though nobody waits for it any more; the part bounds it

	mu     sync.Mutex
	asking chan struct{} // closed when the ask under way has ended; nil: none is
	at     time.Time     // when the last one ended
	err    error         // what it said
}

// result is the answer of now, or of partEvery ago at most. Who has waited for partWithin is told that there is none.
func (p *probe) result(ctx context.Context) error {
	p.mu.Lock()
	if !p.at.IsZero() && time.Since(p.at) < partEvery {
		defer p.mu.Unlock()
		return p.err
	}
	if p.asking == nil {
		p.asking = make(chan struct{})
		p.under.Go(func() { p.inquire(context.WithoutCancel(ctx)) }) // it is for the others as well
	}
	ended := p.asking
	p.mu.Unlock()
	late := time.NewTimer(partWithin)
	defer late.Stop()
	select {
	case <-ended:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.err
	case <-late.C:
		return errMute
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *probe) inquire(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, partWithin)
	defer cancel()
	err := p.ask(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err, p.at = err, time.Now()
	close(p.asking)
	p.asking = nil
}

// ready says what is down. The parts are asked side by side, so that one that hangs is not laid at another's door.
func (h *house) ready(ctx context.Context) []gateway.Down {
	var down []gateway.Down
	var line error
	var both sync.WaitGroup
	both.Go(func() { line = h.waiting.result(ctx) })
	if err := h.database.result(ctx); err != nil {
		down = append(down, gateway.Down{Part: "database", Words: "cannot be read or written"})
	}
	both.Wait()
	// Without Redis a node serves those it has, and keeps nobody away as long as no other node is better off.
	if line != nil {
		words := cmp.Or(redisline.Refusal(line), "cannot be reached")
		down = append(down, gateway.Down{Part: "line", Words: words, Harmless: h.redis != nil})
	}
	if h.nodes.outcast.Load() {
		down = append(down, gateway.Down{Part: "redis", Words: "the other nodes reach Redis, and this one does not"})
	}
	if h.fleet != nil && h.fleet.Stats().Cut {
		down = append(down, gateway.Down{Part: "bus", Words: "the other nodes cannot be heard; what happens there comes up to two seconds later", Harmless: true})
	}
	if words := h.folder.fault.Load(); words != nil {
		down = append(down, gateway.Down{Part: "bot", Words: *words, Harmless: true})
	}
	return append(down, h.mailDown()...)
}
