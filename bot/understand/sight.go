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
				s.ids = t.misspelt(w, s.ids)
				p.typo = int(p.from) < len(s.ids)
			}
		}
		p.to = int32(len(s.ids))
		s.places = append(s.places, p)
	}
}

// misspelt appends the lexemes that a word no lexicon knows would be but for one letter.
func (t *trie) misspelt(w []byte, ids []lexeme) []lexeme {
	from := len(ids)
	found := t.findMisspelt(w, ids[from:])
	return append(ids[:from], found...)
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

func (s *sight) fits(st *step, i int) bool {
	if st.first && i > 0 && s.joined(i-1, i) || st.last && s.joined(i, i+1) {
		return false
	}
	return st.open && !s.places[i].emoji || st.has(s.lexemes(i))
}

// nearest returns the free place next to i that fits within the same clause, -1 if none.
func (s *sight) nearest(st *step, i int, taken []int) int {
	for d := 1; d <= maxReach; d++ {
		before, after := s.joined(i-d, i), s.joined(i, i+d)
		if after && s.fits(st, i+d) && !slices.Contains(taken, i+d) {
			return i + d
		}
		if before && s.fits(st, i-d) && !slices.Contains(taken, i-d) {
			return i - d
		}
		if !before && !after {
			return -1
		}
	}
	return -1
}
