package bench

// track is one reader's view of one conversation: which positions came, and whether each came once and in its turn.
type track struct {
	last      int64              // everything up to here has come
	top       int64              // the highest that has come
	head      int64              // there is known to be something up to here
	early     map[int64]struct{} // came before their turn
	doubled   int
	reordered int // came after one that is to follow it
	late      int // came only when it was asked for again
}

// see takes in a position, and returns whether it is new.
func (t *track) see(seq int64, checking bool) (fresh bool) {
	_, had := t.early[seq]
	switch {
	case seq <= t.last || had:
		if !checking { // what was asked for may be there already
			t.doubled++
		}
		return false
	case seq == t.last+1:
		t.last = seq
		for len(t.early) > 0 {
			if _, ok := t.early[t.last+1]; !ok {
				break
			}
			t.last++
			delete(t.early, t.last)
		}
	default:
		if t.early == nil {
			t.early = map[int64]struct{}{}
		}
		t.early[seq] = struct{}{}
	}
	switch {
	case checking:
		t.late++
	case seq < t.top:
		t.reordered++
	}
	t.top = max(t.top, seq)
	t.tell(seq)
	return true
}

// tell says that there is something up to a position.
func (t *track) tell(head int64) { t.head = max(t.head, head) }

// resume returns the position after which a new connection asks for everything, and forgets what it will get again:
// what came before its turn, and the last few.
func (t *track) resume(back int64) (after int64) {
	t.last = max(0, min(t.last, t.head-back))
	t.early, t.top = nil, t.last
	return t.last
}

// missing is how many positions never came by themselves.
func (t *track) missing() int { return int(t.head-t.last) - len(t.early) + t.late }
