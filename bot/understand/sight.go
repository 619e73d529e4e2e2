package understand

import "slices"

// sight is a message as the lexicons see it: its words and emoji in a row, each with the lexemes that it may be.
type sight struct {
	places []place
	ids    []lexeme
}

type place struct {
	token    int32 // of the analysis
	clause   int32
	from, to int32 // its lexemes in ids
	typo     bool  // they are what it would be but for one letter
	emoji    bool
}

func (s *sight) lexemes(i int) []lexeme { return s.ids[s.places[i].from:s.places[i].to] }

// speaks tells whether there are words beside emoji.
func (s *sight) speaks() bool {
	return slices.ContainsFunc(s.places, func(p place) bool { return !p.emoji })
}

// look fills s from an analysis.
func (s *sight) look(a *analysis, t *trie) {
	s.places, s.ids = s.places[:0], s.ids[:0]
	clause := int32(0)
	for i := range a.toks {
		k := &a.toks[i]
		if k.kind == mark {
			if a.breaksClause(i) {
				clause++
			}
			continue
		}
		w := a.fold(i)
		p := place{token: int32(i), from: int32(len(s.ids)), emoji: k.kind == emoji}
		if p.emoji || turnsClause(w) {
			clause++
		}
		p.clause = clause
		if p.emoji {
			clause++
		}
		if len(w) <= 4*maxTypo {
			s.ids = t.find(w, s.ids)
			if int(p.from) == len(s.ids) && k.kind == word {
				s.ids = t.findMisspelt(w, s.ids)
				p.typo = int(p.from) < len(s.ids)
			}
		}
		p.to = int32(len(s.ids))
		s.places = append(s.places, p)
	}
}

// breaksClause tells whether a mark ends what stands before it.
func (a *analysis) breaksClause(i int) bool {
	switch a.folded[a.toks[i].a] {
	case '-', '\'', '"', '/', '*', '_', '&', '%', '+', '#', '@':
		return false
	}
	return true
}

// parts tells whether another thought begins with token i.
func (a *analysis) parts(i int) bool {
	switch a.toks[i].kind {
	case emoji:
		return true
	case mark:
		return a.breaksClause(i)
	}
	return turnsClause(a.fold(i))
}

// turnsClause tells whether another thought begins with a word.
func turnsClause(w []byte) bool {
	switch string(w) {
	case "mutta", "but", "men", "instead", "istallet", "muttei", "because", "koska", "eftersom":
		return true
	}
	return false
}

// joined tells whether places i to j are there and in one clause.
func (s *sight) joined(i, j int) bool {
	return i >= 0 && j < len(s.places) && s.places[i].clause == s.places[j].clause
}

// stands tells whether place i is where it has to be: first in its clause, or last.
func (s *sight) stands(i int, first, last bool) bool {
	return !(first && i > 0 && s.joined(i-1, i) || last && s.joined(i, i+1))
}

// share is what is left of a weight at place i.
func (s *sight) share(i int, weight float64) float64 {
	if s.places[i].typo {
		return weight * 0.9
	}
	return weight
}

func (s *sight) fits(st *step, i int) bool {
	if !s.stands(i, st.first, st.last) {
		return false
	}
	return st.open && !s.places[i].emoji || st.has(s.lexemes(i))
}

// nearest finds the group next to place i, within its clause, where it shares no place with what is taken.
func (s *sight) nearest(g []step, i int, taken [][2]int) (from, to int, ok bool) {
	for d := 1; d <= maxReach; d++ {
		before, after := s.joined(i-d, i), s.joined(i, i+d)
		if after {
			if to, ok := s.matchAt(g, i+d, taken); ok {
				return i + d, to, true
			}
		}
		if before {
			if to, ok := s.matchAt(g, i-d, taken); ok {
				return i - d, to, true
			}
		}
		if !before && !after {
			break
		}
	}
	return 0, 0, false
}

// matchAt matches a group that begins at place i.
func (s *sight) matchAt(g []step, i int, taken [][2]int) (int, bool) {
	if !s.fits(&g[0], i) {
		return 0, false
	}
	to, ok := s.matchOn(g, 1, i)
	if !ok || slices.ContainsFunc(taken, func(t [2]int) bool { return t[0] <= to && i <= t[1] }) {
		return 0, false
	}
	return to, true
}

// matchOn matches the steps of a group from k on behind place i, by the shortest gaps that fit.
func (s *sight) matchOn(g []step, k, i int) (int, bool) {
	if k == len(g) {
		return i, true
	}
	st := &g[k]
	if st.gap {
		for n := 0; n <= maxGap && s.joined(i, i+n); n++ {
			if to, ok := s.matchOn(g, k+1, i+n); ok {
				return to, true
			}
		}
		return 0, false
	}
	if s.joined(i, i+1) && s.fits(st, i+1) {
		if to, ok := s.matchOn(g, k+1, i+1); ok {
			return to, true
		}
	}
	if st.optional {
		return s.matchOn(g, k+1, i)
	}
	return 0, false
}

// matchBack matches the steps of a group from k down before place i.
func (s *sight) matchBack(g []step, k, i int) (int, bool) {
	if k < 0 {
		return i, true
	}
	st := &g[k]
	if st.gap {
		for n := 0; n <= maxGap && s.joined(i-n, i); n++ {
			if from, ok := s.matchBack(g, k-1, i-n); ok {
				return from, true
			}
		}
		return 0, false
	}
	if s.joined(i-1, i) && s.fits(st, i-1) {
		if from, ok := s.matchBack(g, k-1, i-1); ok {
			return from, true
		}
	}
	if st.optional {
		return s.matchBack(g, k-1, i)
	}
	return 0, false
}
