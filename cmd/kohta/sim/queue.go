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

// place is where an event stands: the heap moves these alone. Its key is the time with the turn in the last bits of it, so
// that the earlier of two is found at once.
type place struct {
	key  uint64
	slot int32
}

// turns is how many bits a turn has. A schedule is over long before they are used up, and so are the others after two hours.
const turns = 21

func keyOf(e *event) uint64 {
	if e.turn >= 1<<turns || e.at >= 1<<(64-turns) {
		panic("a schedule without end")
	}
	return uint64(e.at)<<turns | uint64(e.turn)
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
	return int64(q.heap[0].key >> turns)
}

// later puts everything off.
func (q *events) later(by int64) {
	for i := range q.heap {
		q.heap[i].key += uint64(by) << turns
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
	p := place{keyOf(&e), slot}
	q.heap = append(q.heap, p)
	q.rise(len(q.heap)-1, p)
}

// rise puts a place where it belongs, at i or above.
func (q *events) rise(i int, p place) {
	for i > 0 {
		above := (i - 1) / 2
		if q.heap[above].key < p.key {
			break
		}
		q.heap[i], i = q.heap[above], above
	}
	q.heap[i] = p
}

func (q *events) pop() event {
	first, last := q.heap[0], q.heap[len(q.heap)-1]
	q.heap = q.heap[:len(q.heap)-1]
	i, heap := 0, q.heap
	for below := 1; below < len(heap); below = 2*i + 1 { // the last one mostly belongs far below
		if below+1 < len(heap) && heap[below+1].key < heap[below].key {
			below++
		}
		heap[i], i = heap[below], below
	}
	if len(heap) > 0 {
		q.rise(i, last)
	}
	e := q.slots[first.slot]
	q.slots[first.slot] = event{}
	q.free = append(q.free, first.slot)
	return e
}
