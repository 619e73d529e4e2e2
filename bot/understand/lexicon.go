package understand

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
)

//go:embed lexicon
var lexiconFiles embed.FS

// tag is what an entry of a lexicon speaks for.
type tag uint8

const (
	tagNone tag = iota
	tagAngry
	tagFrustrated
	tagSad
	tagFear
	tagUrgent
	tagJoy
	tagSarcastic
	tagNot      // turns the meaning of what follows it
	tagVery     // strengthens its neighbour
	tagLess     // weakens its neighbour
	tagRepeat   // a repeated complaint: "for the third time"
	tagSolved   // the matter is settled
	tagWish     // for a person
	tagRefuse   // of a person
	tagCrisis   //
	tagGrave    // a lawyer, a death, a matter that a bot must not settle
	tagHarmless // takes away what overlaps with it: "real estate agent", "dead battery"
	tagGreet
	tagThanks
	tagBye
	tagBot     // "are you a robot"
	tagLeave   // "never mind"
	tagNoHelp  // "that did not help"
	tagCorrect // "no, I meant"
	tagYes
	tagNo
	tagAlso // joins two matters
	tags
)

var tagNames = map[string]tag{
	"angry": tagAngry, "frustrated": tagFrustrated, "sad": tagSad, "fear": tagFear, "urgent": tagUrgent,
	"joy": tagJoy, "sarcastic": tagSarcastic, "not": tagNot, "very": tagVery, "less": tagLess, "repeat": tagRepeat,
	"solved": tagSolved, "wish": tagWish, "refuse": tagRefuse, "crisis": tagCrisis, "grave": tagGrave,
	"harmless": tagHarmless, "greet": tagGreet, "thanks": tagThanks, "bye": tagBye, "bot": tagBot, "leave": tagLeave,
	"nohelp": tagNoHelp, "correct": tagCorrect, "yes": tagYes, "no": tagNo, "also": tagAlso,
}

// The lexicons are read once, by the first who needs them, and never change.
var readLexicons = sync.OnceValues(func() (*lexicon, error) { return parseLexicons(lexiconFiles) })

// A step of a pattern is one token, one of several words.
type step struct {
	exact    map[string]bool
	prefixes []string
	fuzzy    map[string]bool // words with one letter left out, of words that may be misspelt
	any      bool            // any one word
	gap      bool            // up to four words of the same clause
	optional bool
	first    bool // only at the beginning of a message or clause
	last     bool // only at the end
}

type pattern struct {
	tag    tag
	weight float64
	steps  []step
	file   string // feelings, wishes, refusals, crisis, talk
	source string // as written: the name of the rule in an explanation
	lang   string
}

// lexicon finds patterns in a message. Immutable; safe for concurrent use.
type lexicon struct {
	patterns []pattern
	exact    map[string][]int32 // patterns that can begin with this word
	prefix   map[string][]int32 // patterns that can begin with a word that begins so
	fuzzy    map[string][]int32 // patterns that can begin with a word that lacks a letter so
	counts   map[string]int     // entries by language/file, for the tests
}

// hit is a pattern found: tokens [from, to) of the message.
type hit struct {
	pattern  int32
	from, to int
	weight   float64
	gone     bool // does not count
}

// maxHits bounds the patterns found in one message, so that a hostile one costs no more than another.
const maxHits = 400

func parseLexicons(files fs.FS) (*lexicon, error) {
	l := &lexicon{exact: map[string][]int32{}, prefix: map[string][]int32{}, fuzzy: map[string][]int32{}, counts: map[string]int{}}
	names, err := fs.Glob(files, "lexicon/*/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		if err := l.parseFile(name, string(data)); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *lexicon) parseFile(name, data string) error {
	parts := strings.Split(name, "/")
	lang, file := parts[1], strings.TrimSuffix(parts[2], ".txt")
	lets := map[string]string{}
	for i, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if fields[0] == "let" && len(fields) >= 3 {
			lets[fields[1]] = strings.Join(fields[2:], "|")
			continue
		}
		p, err := parsePattern(fields, lets)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		p.lang, p.file = lang, file
		l.add(p)
		l.counts[lang+"/"+file]++
	}
	return nil
}

func parsePattern(fields []string, lets map[string]string) (pattern, error) {
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
	for _, f := range fields[2:] {
		s, err := parseStep(f, lets)
		if err != nil {
			return pattern{}, err
		}
		p.steps = append(p.steps, s)
	}
	if s := p.steps[0]; s.gap || s.any || s.optional {
		return pattern{}, fmt.Errorf("an entry cannot begin with an open place")
	}
	return p, nil
}

func parseStep(f string, lets map[string]string) (step, error) {
	if f == ".." {
		return step{gap: true}, nil
	}
	s := step{exact: map[string]bool{}, fuzzy: map[string]bool{}}
	if f == "_" {
		s.any = true
		return s, nil
	}
	if strings.HasPrefix(f, "^") {
		s.first, f = true, f[1:]
	}
	if strings.HasSuffix(f, "$") {
		s.last, f = true, f[:len(f)-1]
	}
	if strings.HasSuffix(f, "?") && len(f) > 1 {
		s.optional, f = true, f[:len(f)-1]
	}
	var an analysis
	for _, alt := range expandLets(f, lets) {
		if strings.HasPrefix(alt, "@") {
			return s, fmt.Errorf("%s was not named with let", alt)
		}
		prefix, fuzzy := strings.HasSuffix(alt, "*"), strings.HasSuffix(alt, "~")
		an.read(strings.TrimRight(alt, "*~"))
		if len(an.toks) != 1 {
			return s, fmt.Errorf("%q is not one word", alt)
		}
		w := string(an.fold(0))
		switch {
		case prefix:
			s.prefixes = append(s.prefixes, w)
		case fuzzy && len(w) >= 5:
			s.exact[w] = true
			for i := range len(w) {
				s.fuzzy[w[:i]+w[i+1:]] = true
			}
			s.fuzzy[w] = true
		default:
			s.exact[w] = true
		}
	}
	return s, nil
}

func expandLets(f string, lets map[string]string) []string {
	var out []string
	for _, alt := range strings.Split(f, "|") {
		if words, ok := lets[strings.TrimPrefix(alt, "@")]; ok && strings.HasPrefix(alt, "@") {
			out = append(out, strings.Split(words, "|")...)
			continue
		}
		out = append(out, alt)
	}
	return out
}

func (l *lexicon) add(p pattern) {
	id := int32(len(l.patterns))
	l.patterns = append(l.patterns, p)
	for w := range p.steps[0].exact {
		l.exact[w] = append(l.exact[w], id)
	}
	for _, w := range p.steps[0].prefixes {
		l.prefix[w] = append(l.prefix[w], id)
	}
	for w := range p.steps[0].fuzzy {
		l.fuzzy[w] = append(l.fuzzy[w], id)
	}
}

// find appends all patterns in the message to hits, in the order of their first words, the longest match of each.
// A misspelt word counts for nine tenths.
func (l *lexicon) find(a *analysis, hits []hit) []hit {
	for i := range a.toks {
		if len(hits) >= maxHits {
			break
		}
		w := a.fold(i)
		from := len(hits)
		for _, id := range l.exact[string(w)] {
			hits = l.try(a, id, i, 1, hits)
		}
		if a.toks[i].kind != word {
			continue
		}
		for n := 2; n <= len(w) && n <= 24; n++ {
			for _, id := range l.prefix[string(w[:n])] {
				if !containsHit(hits[from:], id) {
					hits = l.try(a, id, i, 1, hits)
				}
			}
		}
		hits = l.findMisspelt(a, i, w, from, hits)
	}
	return hits
}

func (l *lexicon) findMisspelt(a *analysis, i int, w []byte, from int, hits []hit) []hit {
	if len(w) < 4 || len(w) > 24 {
		return hits
	}
	var buf [24]byte
	for cut := -1; cut < len(w); cut++ {
		short := append(buf[:0], w...)
		if cut >= 0 {
			short = append(append(buf[:0], w[:cut]...), w[cut+1:]...)
		}
		for _, id := range l.fuzzy[string(short)] {
			if !containsHit(hits[from:], id) {
				hits = l.try(a, id, i, 0.9, hits)
			}
		}
	}
	return hits
}

func containsHit(hits []hit, id int32) bool {
	for _, h := range hits {
		if h.pattern == id {
			return true
		}
	}
	return false
}

func (l *lexicon) try(a *analysis, id int32, i int, share float64, hits []hit) []hit {
	p := &l.patterns[id]
	if p.steps[0].first && !a.clauseStart(i) || p.steps[0].last && !a.clauseEnd(i+1) {
		return hits
	}
	if to, ok := matchSteps(a, p.steps[1:], i+1); ok {
		hits = append(hits, hit{pattern: id, from: i, to: to, weight: p.weight * share})
	}
	return hits
}

// maxGap is how many words ".." may stand for.
const maxGap = 4

// matchSteps matches steps from token i on and returns the token after the match, taking the shortest gap that fits.
func matchSteps(a *analysis, steps []step, i int) (int, bool) {
	if len(steps) == 0 {
		return i, true
	}
	s := &steps[0]
	if s.gap {
		for n := 0; n <= maxGap; n++ {
			if to, ok := matchSteps(a, steps[1:], i+n); ok {
				return to, true
			}
			if i+n >= len(a.toks) || a.breaksClause(i+n) {
				return 0, false
			}
		}
		return 0, false
	}
	if i < len(a.toks) && s.fits(a, i) {
		if to, ok := matchSteps(a, steps[1:], i+1); ok {
			return to, true
		}
	}
	if s.optional {
		return matchSteps(a, steps[1:], i)
	}
	return 0, false
}

func (s *step) fits(a *analysis, i int) bool {
	if s.first && !a.clauseStart(i) || s.last && !a.clauseEnd(i+1) {
		return false
	}
	if s.any {
		return a.toks[i].kind == word
	}
	w := a.fold(i)
	if s.exact[string(w)] {
		return true
	}
	for _, p := range s.prefixes {
		if len(w) >= len(p) && string(w[:len(p)]) == p {
			return true
		}
	}
	return len(s.fuzzy) > 0 && s.fitsMisspelt(w)
}

func (s *step) fitsMisspelt(w []byte) bool {
	if len(w) < 4 || len(w) > 24 {
		return false
	}
	var buf [24]byte
	for cut := -1; cut < len(w); cut++ {
		short := append(buf[:0], w...)
		if cut >= 0 {
			short = append(append(buf[:0], w[:cut]...), w[cut+1:]...)
		}
		if s.fuzzy[string(short)] {
			return true
		}
	}
	return false
}

// breaksClause tells whether the meaning of what stands before token i ends there.
func (a *analysis) breaksClause(i int) bool {
	if a.toks[i].kind == emoji {
		return true
	}
	if a.toks[i].kind == mark {
		switch a.folded[a.toks[i].a] {
		case '-', '\'', '"', '/', '*', '_':
			return false
		}
		return true
	}
	switch string(a.fold(i)) {
	case "mutta", "but", "utan", "men", "instead", "istallet":
		return true
	}
	return false
}

func (a *analysis) clauseStart(i int) bool { return i == 0 || a.breaksClause(i-1) }
func (a *analysis) clauseEnd(i int) bool   { return i >= len(a.toks) || a.breaksClause(i) }
