package whatif

// What happens. An event of a customer or agent who has moved on since it was planned is void: its turn is an old one.
type what uint8

const (
	arrives  what = iota // who: group of customers
	leaves               // who: customer
	widens               // who: customer
	answers              // who: customer; an offer is accepted, declined or missed
	ends                 // who: customer
	works                // who: agent; the first of several conversations that slow each other down ends
	turns                // who: agent; a shift or a break begins or ends
	returns              // who: agent who was away
	dawns                // midnight: who comes to work
	looks                // a breather or cool-down is over: somebody may be given now
	opens                // counting begins
	finishes             // counting ends
)

type event struct {
	at   int64 // nanoseconds since epoch
	n    uint64
	what what
	who  int32
	turn uint32
}

// agenda is a heap of events: by time, then in the order in which they were planned.
type agenda struct {
	list []event
	n    uint64
}

func (a *agenda) before(i, j int) bool {
	x, y := &a.list[i], &a.list[j]
	return x.at < y.at || x.at == y.at && x.n < y.n
}

func (a *agenda) push(e event) {
	a.n++
	e.n = a.n
	a.list = append(a.list, e)
	for i := len(a.list) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.before(i, up) {
			break
		}
		a.list[i], a.list[up] = a.list[up], a.list[i]
		i = up
	}
}

func (a *agenda) pop() event {
	first, last := a.list[0], len(a.list)-1
	a.list[0] = a.list[last]
	a.list = a.list[:last]
	for i := 0; ; {
		least := i
		for _, j := range [2]int{2*i + 1, 2*i + 2} {
			if j < last && a.before(j, least) {
				least = j
			}
		}
		if least == i {
			return first
		}
		a.list[i], a.list[least] = a.list[least], a.list[i]
		i = least
	}
}
