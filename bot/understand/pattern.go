package understand

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A step of a pattern is one word of the message, one of several lexemes.
type step struct {
	words    []lexeme // sorted
	open     bool     // any one word
	gap      bool     // up to maxGap words
	optional bool
	first    bool // only at the beginning of a clause
	last     bool // only at the end of one
}

// pattern is one entry of a lexicon. Its words stand within one clause: in the order given, or, with &, in any.
type pattern struct {
	tag    tag
	weight float64
	steps  []step
	loose  bool   // in any order
	anchor int    // the step that is looked for first: the rarest
	file   string // feelings, wishes, refusals, crisis, grave, talk
	source string // as written: the name of the rule in an explanation
	lang   string
}

const (
	maxGap   = 4  // how many words ".." may stand for
	maxReach = 12 // how far apart the first and the last word of an entry with & may be
)

// readPattern reads an entry: tag weight words.
func (b *builder) readPattern(fields []string) (pattern, error) {
	if len(fields) < 3 {
		return pattern{}, fmt.Errorf("an entry is: tag weight words")
	}
	t, ok := tagNames[fields[0]]
	if !ok {
		return pattern{}, fmt.Errorf("unknown tag %q", fields[0])
	}
	w, err := strconv.ParseFloat(fields[1], 64)
	if err != nil || w <= 0 || w > 2 {
		return pattern{}, fmt.Errorf("weight %q is no number between 0 and 2", fields[1])
	}
	p := pattern{tag: t, weight: w, source: strings.Join(fields[2:], " ")}
	for i, f := range fields[2:] {
		if f == "&" {
			if i%2 == 0 {
				return pattern{}, fmt.Errorf("& stands between two words")
			}
			p.loose = true
			continue
		}
		if p.loose && i%2 == 1 {
			return pattern{}, fmt.Errorf("& stands between all words or none")
		}
		s, err := b.readStep(f)
		if err != nil {
			return pattern{}, err
		}
		p.steps = append(p.steps, s)
	}
	if s := p.steps[0]; s.gap || s.open || s.optional {
		return pattern{}, fmt.Errorf("an entry cannot begin with an open place")
	}
	if p.loose && slices.ContainsFunc(p.steps, func(s step) bool { return s.gap || s.open || s.optional }) {
		return pattern{}, fmt.Errorf("open places have no meaning beside &")
	}
	return p, nil
}

func (b *builder) readStep(f string) (step, error) {
	switch f {
	case "..":
		return step{gap: true}, nil
	case "_":
		return step{open: true}, nil
	}
	var s step
	if strings.HasPrefix(f, "^") {
		s.first, f = true, f[1:]
	}
	if strings.HasSuffix(f, "$") {
		s.last, f = true, f[:len(f)-1]
	}
	if strings.HasSuffix(f, "?") && len(f) > 1 {
		s.optional, f = true, f[:len(f)-1]
	}
	words, err := b.expand(f)
	if err != nil {
		return s, err
	}
	for _, w := range words {
		id, err := b.lexeme(w)
		if err != nil {
			return s, err
		}
		s.words = append(s.words, id)
	}
	slices.Sort(s.words)
	s.words = slices.Compact(s.words)
	return s, nil
}

// expand replaces the names of words by the words.
func (b *builder) expand(f string) ([]string, error) {
	var out []string
	for _, alt := range strings.Split(f, "|") {
		name, named := strings.CutPrefix(alt, "@")
		if !named {
			out = append(out, alt)
			continue
		}
		words, ok := b.lets[name]
		if !ok {
			return nil, fmt.Errorf("%s was not named with let", alt)
		}
		out = append(out, words...)
	}
	return out, nil
}

// has tells whether one of a word's lexemes is one of the step's.
func (s *step) has(ids []lexeme) bool {
	for _, id := range ids {
		if _, ok := slices.BinarySearch(s.words, id); ok {
			return true
		}
	}
	return false
}

// match finds p around place i of s, which its anchor fits, and returns the first and the last place.
func (p *pattern) match(s *sight, i int) (from, to int, ok bool) {
	if p.loose {
		return p.matchLoose(s, i)
	}
	to, ok = p.matchOn(s, p.anchor+1, i)
	if !ok {
		return 0, 0, false
	}
	from, ok = p.matchBack(s, p.anchor-1, i)
	return from, to, ok
}

// matchOn matches the steps from k on behind place i, by the shortest gaps that fit.
func (p *pattern) matchOn(s *sight, k, i int) (int, bool) {
	if k == len(p.steps) {
		return i, true
	}
	st := &p.steps[k]
	if st.gap {
		for n := 0; n <= maxGap && s.joined(i, i+n); n++ {
			if to, ok := p.matchOn(s, k+1, i+n); ok {
				return to, true
			}
		}
		return 0, false
	}
	if s.joined(i, i+1) && s.fits(st, i+1) {
		if to, ok := p.matchOn(s, k+1, i+1); ok {
			return to, true
		}
	}
	if st.optional {
		return p.matchOn(s, k+1, i)
	}
	return 0, false
}

// matchBack matches the steps from k down before place i.
func (p *pattern) matchBack(s *sight, k, i int) (int, bool) {
	if k < 0 {
		return i, true
	}
	st := &p.steps[k]
	if st.gap {
		for n := 0; n <= maxGap && s.joined(i-n, i); n++ {
			if from, ok := p.matchBack(s, k-1, i-n); ok {
				return from, true
			}
		}
		return 0, false
	}
	if s.joined(i-1, i) && s.fits(st, i-1) {
		if from, ok := p.matchBack(s, k-1, i-1); ok {
			return from, true
		}
	}
	if st.optional {
		return p.matchBack(s, k-1, i)
	}
	return 0, false
}

// matchLoose finds each other step at the place next to i within the clause; two steps may not share a place.
func (p *pattern) matchLoose(s *sight, i int) (from, to int, ok bool) {
	var taken [8]int
	from, to, taken[0] = i, i, i
	used := 1
	for k := range p.steps {
		if k == p.anchor {
			continue
		}
		at := s.nearest(&p.steps[k], i, taken[:used])
		if at < 0 || used == len(taken) {
			return 0, 0, false
		}
		taken[used] = at
		used++
		from, to = min(from, at), max(to, at)
	}
	return from, to, to-from <= maxReach
}
