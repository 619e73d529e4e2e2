package understand

// maxSaid is how often a word of a message counts. Said again and again it says no more, but the weight of its features
// would grow with it, and a bot would be sure of what one of its words happens to stand for.
const maxSaid = 2

// repeats counts the words of a message.
type repeats struct {
	at   []int32 // places in ids + 1, by open addressing
	ids  []uint64
	said []uint8
	kept analysis
}

// without returns a without what each word is said more than maxSaid times; a itself where none is. It holds until the
// next call.
func (r *repeats) without(a *analysis) *analysis {
	if len(a.toks) <= maxSaid {
		return a
	}
	size := 16
	for size < 2*len(a.toks) {
		size *= 2
	}
	if cap(r.at) < size {
		r.at = make([]int32, size)
	}
	r.at = r.at[:size]
	clear(r.at)
	r.ids, r.said, r.kept.toks = r.ids[:0], r.said[:0], r.kept.toks[:0]
	for i := range a.toks {
		if a.toks[i].kind == mark || r.count(wordID(a.fold(i))) <= maxSaid {
			r.kept.toks = append(r.kept.toks, a.toks[i])
		}
	}
	if len(r.kept.toks) == len(a.toks) {
		return a
	}
	r.kept.raw, r.kept.folded = a.raw, a.folded
	return &r.kept
}

// count counts a word once more, up to one more than maxSaid.
func (r *repeats) count(id uint64) uint8 {
	mask := uint64(len(r.at) - 1)
	for at := (id ^ id>>32) & mask; ; at = (at + 1) & mask {
		switch k := r.at[at]; {
		case k == 0:
			r.ids, r.said = append(r.ids, id), append(r.said, 1)
			r.at[at] = int32(len(r.ids))
			return 1
		case r.ids[k-1] == id:
			r.said[k-1] = min(r.said[k-1]+1, maxSaid+1)
			return r.said[k-1]
		}
	}
}
