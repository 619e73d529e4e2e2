package sim

// event is something that happens at a time, in nanoseconds since the schedule began.
type event struct {
	at   int64
	turn int64 // of two at the same time, the one that was planned first
	do   func()
	node *node // that goes on with what it does, in place of do, if it still lives as it did
	life int
}

func (e event) before(other event) bool {
	return e.at < other.at || e.at == other.at && e.turn < other.turn
}

// events are what is to happen: a heap, the next first.
type events []event

func (q *events) push(e event) {
	*q = append(*q, e)
	list := *q
	i := len(list) - 1
	for i > 0 {
		above := (i - 1) / 2
		if !e.before(list[above]) {
			break
		}
		list[i], i = list[above], above
	}
	list[i] = e
}

func (q *events) pop() event {
	list := *q
	first, last := list[0], list[len(list)-1]
	list[len(list)-1] = event{}
	list = list[:len(list)-1]
	*q = list
	i := 0
	for {
		below := 2*i + 1
		if below >= len(list) {
			break
		}
		if below+1 < len(list) && list[below+1].before(list[below]) {
			below++
		}
		if !list[below].before(last) {
			break
		}
		list[i], i = list[below], below
	}
	if len(list) > 0 {
		list[i] = last
	}
	return first
}
