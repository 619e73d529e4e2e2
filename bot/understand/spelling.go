package understand

// speller knows the words of the examples and finds the one that a misspelt word was meant to be: one letter missing,
// added or changed, or two neighbours swapped. Immutable once built.
type speller struct {
	text  []byte
	ends  []uint32 // of each word in text
	count []uint32 // how often it occurs
	known growingTable
	parts table  // a word with one letter left out → its first place in chain
	chain []link // [0] is none
}

// link is a word that has a certain part; next is the place of another, 0 if there is none.
type link struct{ word, next uint32 }

// spellable tells whether a word is long enough to be recognised by all its letters but one, and not too long.
func spellable(w []byte) bool { return len(w) >= 4 && len(w) <= 24 }

func buildSpeller(words []cutWord) *speller {
	s := &speller{known: growingTable{table: newTable(len(words))}}
	var ids []uint64
	for i := range words {
		if w := &words[i]; w.letter && spellable(w.folded) {
			ids = append(ids, hashBytes(hashStart, w.folded))
			s.known.put(ids)
			s.text = append(s.text, w.folded...)
			s.ends, s.count = append(s.ends, uint32(len(s.text))), append(s.count, w.used)
		}
	}
	s.parts = newTable(len(s.text))
	s.chain = make([]link, 1, len(s.text)+1)
	for k := range s.ends {
		w := s.word(int32(k))
		for cut := range w {
			if cut > 0 && w[cut] == w[cut-1] {
				continue // leaves the same
			}
			id := hashWithout(w, cut)
			s.chain = append(s.chain, link{uint32(k), uint32(max(s.parts.find(id), 0))})
			s.parts.put(id, int32(len(s.chain)-1))
		}
	}
	return s
}

func (s *speller) word(k int32) []byte {
	from := uint32(0)
	if k > 0 {
		from = s.ends[k-1]
	}
	return s.text[from:s.ends[k]]
}

func hashWithout(w []byte, cut int) uint64 {
	return hashBytes(hashBytes(hashStart, w[:cut]), w[cut+1:])
}

// meant returns the known word that w was meant to be, the commonest if there are several, nil if there is none.
func (s *speller) meant(w []byte) []byte {
	best := s.better(-1, w, s.parts.find(hashBytes(hashStart, w))) // a letter is missing
	for cut := range w {
		id := hashWithout(w, cut)
		if k := s.known.find(id); k >= 0 && (best < 0 || s.count[k] > s.count[best]) { // a letter too many
			best = k
		}
		best = s.better(best, w, s.parts.find(id)) // another letter, or two swapped
	}
	if best < 0 {
		return nil
	}
	return s.word(best)
}

// better returns the commonest of best and the words of a chain that w may be.
func (s *speller) better(best int32, w []byte, chain int32) int32 {
	for at := max(chain, 0); at != 0; at = int32(s.chain[at].next) {
		k := int32(s.chain[at].word)
		if (best < 0 || s.count[k] > s.count[best]) && oneApart(w, s.word(k)) {
			best = k
		}
	}
	return best
}

// oneApart tells whether a and b differ by one letter more, one less, another, or two neighbours swapped.
func oneApart(a, b []byte) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return string(a[i:]) == string(b[i+1:])
	}
	if i == len(a) || string(a[i+1:]) == string(b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
}
