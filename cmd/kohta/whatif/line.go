package whatif

import (
	"slices"

	"github.com/kohta/kohta/routing"
)

// headsOfEach is how many of each class are looked at in one go, as the desk does it.
const headsOfEach = 8

// place is where a customer stands in a class; the customer who has moved on since is not there any more.
type place struct {
	score int64
	n     uint64 // order of arrival
	who   int32
	turn  uint32
}

func (p place) before(q place) bool { return p.score < q.score || p.score == q.score && p.n < q.n }

// class is a part of a team's line that the same agents serve, in order.
type class struct {
	list []place
	dead int // of the list, about
}

// put keeps the order. Who comes mostly goes last.
func (c *class) put(p place) {
	i := len(c.list)
	for i > 0 && i > len(c.list)-32 && p.before(c.list[i-1]) {
		i--
	}
	if i > 0 && p.before(c.list[i-1]) {
		i, _ = slices.BinarySearchFunc(c.list, p, func(a, b place) int {
			switch {
			case a.before(b):
				return -1
			case b.before(a):
				return 1
			}
			return 0
		})
	}
	c.list = slices.Insert(c.list, i, p)
}

// head is a ticket that is next in its class, and whose.
type head struct {
	ticket routing.Ticket
	who    int32
}

// heads appends the first of a class, and tells whether there are more behind them.
func (w *world) heads(c *class, list []head) (heads []head, more bool) {
	for len(c.list) > 0 && !w.stands(c.list[0]) {
		c.list = c.list[1:]
		c.dead = max(0, c.dead-1)
	}
	if c.dead > 64 && c.dead > len(c.list)/2 {
		c.list = slices.DeleteFunc(slices.Clone(c.list), func(p place) bool { return !w.stands(p) })
		c.dead = 0
	}
	n := 0
	for _, p := range c.list {
		if !w.stands(p) || w.customers[p.who].offered >= 0 {
			continue
		}
		if n == headsOfEach {
			return list, true
		}
		list = append(list, head{w.ticket(p.who), p.who})
		n++
	}
	return list, false
}

// stands tells whether the customer still waits at the place.
func (w *world) stands(p place) bool {
	c := &w.customers[p.who]
	return c.turn == p.turn && c.state == waiting
}
