package sim

import (
	"math"

	"github.com/kohta/kohta/bus"
)

// event is something that happens at a time, in nanoseconds since the schedule began.
type event struct {
	at     int64
	turn   int64 // of two at the same time, the one that was planned first
	do     func()
	node   *node // that begins or goes on with what it does, in place of do, if it still lives as it did
	life   int
	begins bool
	m      *bus.Message // that the node hears, in place of going on
	own    bool         // which it has committed itself
}

// place is where an event stands: the heap moves these alone.
type place struct {
	at, turn int64
	slot     int32
}

func (p place) before(other place) bool {
	return p.at < other.at || p.at == other.at && p.turn < other.turn
}

// events are what is to happen, the next first.
type events struct {
	heap  []place
	slots []event
	free  []int32
}

// next is when something happens next.
func (q *events) next() int64 {
	if len(q.heap) == 0 {
		return math.MaxInt64
	}
	return q.heap[0].at
}

// later puts everything off.
func (q *events) later(by int64) {
	for i := range q.heap {
		q.heap[i].at += by
		q.slots[q.heap[i].slot].at += by
	}
}

func (q *events) push(e event) {
	slot := int32(len(q.slots))
	if n := len(q.free); n > 0 {
		slot, q.free = q.free[n-1], q.free[:n-1]
		q.slots[slot] = e
	} else {
		q.slots = append(q.slots, e)
	}
	p := place{e.at, e.turn, slot}
	q.heap = append(q.heap, p)
	i := len(q.heap) - 1
	for i > 0 {
		above := (i - 1) / 2
		if !p.before(q.heap[above]) {
			break
		}
		q.heap[i], i = q.heap[above], above
	}
	q.heap[i] = p
}

func (q *events) pop() event {
	first, last := q.heap[0], q.heap[len(q.heap)-1]
	q.heap = q.heap[:len(q.heap)-1]
	i := 0
	for {
		below := 2*i + 1
		if below >= len(q.heap) {
			break
		}
		if below+1 < len(q.heap) && q.heap[below+1].before(q.heap[below]) {
			below++
		}
		if !q.heap[below].before(last) {
			break
		}
		q.heap[i], i = q.heap[below], below
	}
	if len(q.heap) > 0 {
		q.heap[i] = last
	}
	e := q.slots[first.slot]
	q.slots[first.slot] = event{}
	q.free = append(q.free, first.slot)
	return e
}
