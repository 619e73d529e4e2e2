package gateway

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kohta/kohta/wire"
)

// wheel gives every socket its heartbeat and its ping, and ends those that are silent: one goroutine and one ticker
// for all of them. Sockets are spread over the slots, so that ten thousand heartbeats do not leave at once.
type wheel struct {
	gateway *Gateway
	mu      sync.Mutex
	slots   [wheelSlots]map[*socket]struct{}
	next    int // slot for the next socket
}

const (
	wheelTick  = 250 * time.Millisecond
	wheelSlots = int(wire.Heartbeat / wheelTick)
	wheelLook  = int(time.Second / wheelTick) // each socket is looked at once a second
)

func newWheel(g *Gateway) *wheel {
	w := &wheel{gateway: g}
	for i := range w.slots {
		w.slots[i] = map[*socket]struct{}{}
	}
	return w
}

func (w *wheel) add(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slots[w.next][s] = struct{}{}
	s.slot = w.next
	w.next = (w.next + 1) % wheelSlots
}

func (w *wheel) remove(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.slots[s.slot], s)
}

// sockets are all that are open.
func (w *wheel) sockets() []*socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*socket
	for _, slot := range w.slots {
		list = slices.AppendSeq(list, maps.Keys(slot))
	}
	return list
}

// turn moves the wheel until ctx ends.
func (w *wheel) turn(ctx context.Context) {
	slot := 0
	w.gateway.every(ctx, wheelTick, func(context.Context) {
		w.look(slot)
		w.beat(slot)
		slot = (slot + 1) % wheelSlots
	})
}

// beat sends a slot's heartbeats and pings.
func (w *wheel) beat(slot int) {
	ping := controlFrame(opPing, "")
	for _, s := range w.in(slot) {
		if s.greeted.Load() {
			s.send(w.gateway.hub.heartbeat(s))
			s.send(ping)
		}
	}
}

// look ends the sockets of every fourth slot of which nothing was heard for too long.
func (w *wheel) look(slot int) {
	now := w.gateway.ms()
	for i := slot % wheelLook; i < wheelSlots; i += wheelLook {
		for _, s := range w.in(i) {
			if now-s.heard.Load() >= wire.Silence.Milliseconds() {
				s.close(wire.CloseSilent)
			}
		}
	}
}

func (w *wheel) in(slot int) []*socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.slots[slot]))
}
