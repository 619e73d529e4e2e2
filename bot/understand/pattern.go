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

// pattern is one entry of a lexicon: groups of words that stand within one clause. The words of a group stand in the
// order given, the groups, parted by &, in any.
type pattern struct {
	tag    tag
	spares tag // of harmless: what it takes away, the tag of the entries above it
	weight float64
	groups [][]step
	group  int    // and
	anchor int    // the step in it that is looked for first: the rarest
	file   string // feelings, wishes, refusals, crisis, grave, talk
	rule   string // its name in an explanation: its file, language and beginning
	lang   string
}

// maxRule is how many characters of an entry name it in an explanation.
const maxRule = 60

// shortened is an entry's beginning, up to the end of a word.
func shortened(entry string) string {
	short := cut(entry, maxRule)
	if short == entry {
		return entry
	}
	if i := strings.LastIndexAny(short, " |"); i > maxRule/3 {
		short = short[:i]
	}
	return short + " …"
}

const (
	maxGap    = 4  // how many words ".." may stand for
	maxReach  = 10 // how far from the anchor another group may begin
	maxGroups = 6
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
	p := pattern{tag: t, weight: w, rule: shortened(strings.Join(fields[2:], " "))}
	p.groups = make([][]step, 1)
	for _, f := range fields[2:] {
		if f == "&" {
			p.groups = append(p.groups, nil)
			continue
		}
		s, err := b.readStep(f)
		if err != nil {
			return pattern{}, err
		}
		last := len(p.groups) - 1
		p.groups[last] = append(p.groups[last], s)
	}
	for _, g := range p.groups {
		if len(g) == 0 || g[0].gap || g[0].open || g[0].optional {
			return pattern{}, fmt.Errorf("neither an entry nor what follows & begins with an open place")
		}
	}
	if len(p.groups) > maxGroups {
		return pattern{}, fmt.Errorf("more than %d groups", maxGroups)
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
	var err error
	s.words, err = b.alternatives(f)
	return s, err
}

// alternatives returns the lexemes of "a|b|@c", sorted; the same text gives the same slice.
func (b *builder) alternatives(f string) ([]lexeme, error) {
	if ids, ok := b.seen[f]; ok {
		return ids, nil
	}
	words, err := b.expand(f)
	if err != nil {
		return nil, err
	}
	ids := make([]lexeme, 0, len(words))
	for _, w := range words {
		id, err := b.lexeme(w)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	b.seen[f] = ids
	b.lexicon.classes.add(b.lang, f, ids)
	return ids, nil
}

// expand replaces the names of words by the words.
func (b *builder) expand(f string) ([]string, error) {
	var out []string
	for alt := range strings.SplitSeq(f, "|") {
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
	g := p.groups[p.group]
	to, ok = s.matchOn(g, p.anchor+1, i)
	if !ok {
		return 0, 0, false
	}
	from, ok = s.matchBack(g, p.anchor-1, i)
	if !ok || len(p.groups) == 1 {
		return from, to, ok
	}
	taken := [maxGroups][2]int{{from, to}}
	used := 1
	for k, g := range p.groups {
		if k == p.group {
			continue
		}
		a, b, ok := s.nearest(g, i, taken[:used])
		if !ok {
			return 0, 0, false
		}
		taken[used] = [2]int{a, b}
		used++
		from, to = min(from, a), max(to, b)
	}
	return from, to, true
}
