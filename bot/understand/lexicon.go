package understand

import (
	"embed"
	"fmt"
	"io/fs"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon
var lexiconFiles embed.FS

// The weights learned from the lines, made by bot/understand/fit; see lines.go.
var (
	//go:embed shipped/lines.fi.bin
	linesFI string
	//go:embed shipped/lines.sv.bin
	linesSV string
	//go:embed shipped/lines.en.bin
	linesEN string
)

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
	tagAlso  // joins two matters
	tagOther // somebody who is not the desk: a neighbour, an ex
	tagYou   // the desk is spoken to
	tagAgain // the same said once more: "put differently", "I know, but"
	tagCry   // "help", and nothing else
	tags
)

var tagNames = map[string]tag{
	"angry": tagAngry, "frustrated": tagFrustrated, "sad": tagSad, "fear": tagFear, "urgent": tagUrgent,
	"joy": tagJoy, "sarcastic": tagSarcastic, "not": tagNot, "very": tagVery, "less": tagLess, "repeat": tagRepeat,
	"solved": tagSolved, "wish": tagWish, "refuse": tagRefuse, "crisis": tagCrisis, "grave": tagGrave,
	"harmless": tagHarmless, "greet": tagGreet, "thanks": tagThanks, "bye": tagBye, "bot": tagBot, "leave": tagLeave,
	"nohelp": tagNoHelp, "correct": tagCorrect, "yes": tagYes, "no": tagNo, "also": tagAlso,
	"other": tagOther, "you": tagYou, "again": tagAgain, "cry": tagCry,
}

// The lexicons, and what was learned from the lines, are read once, by the first who needs them, and never change.
var readLexicons = sync.OnceValues(func() (*lexicon, error) {
	l, err := parseLexicons(lexiconFiles)
	if err != nil {
		return nil, err
	}
	for i, data := range [...]string{linesFI, linesSV, linesEN} {
		if l.learned[i] = readLineModel(data); l.learned[i] == nil {
			return nil, fmt.Errorf("the weights of the lines are broken: %s", spoken[i])
		}
	}
	return l, nil
})

// lexicon finds patterns in a message. Immutable; safe for concurrent use.
type lexicon struct {
	patterns []pattern
	words    *trie
	starts   []start                 // of all lexemes in a row: the patterns that are looked for where one stands
	startsAt []int32                 // by lexeme, and the end
	classes  wordClasses             // of the words, for the lines
	learned  [len(spoken)]*lineModel // of the lines, by language
	counts   map[string]int          // entries by language/file, for the tests
}

// lines returns what was learned from the lines of a language, nil if there are none.
func (l *lexicon) lines(language string) *lineModel {
	for i, s := range spoken {
		if s == language {
			return l.learned[i]
		}
	}
	return nil
}

// hit is a pattern found: tokens [from, to) of the message.
type hit struct {
	pattern  int32
	from, to int
	weight   float64
	gone     bool // does not count
}

// maxHits bounds the patterns found in one message, so that a hostile one costs no more than another.
const maxHits = 200

// builder reads the files of the lexicons.
type builder struct {
	lexicon *lexicon
	seeds   seedbed
	lets    map[string][]string // words with a name, of the language that is read
	ids     map[string]lexeme   // by word as written, of the language that is read
	seen    map[string][]lexeme // by alternatives as written
	uses    []int32             // how many entries use a lexeme
	lang    string
	last    tag // of the entries above
	an      analysis
}

func parseLexicons(files fs.FS) (*lexicon, error) {
	b := &builder{lexicon: &lexicon{counts: map[string]int{}}, ids: map[string]lexeme{}, seeds: seedbed{other: map[string][]ending{}}}
	languages, err := fs.Glob(files, "lexicon/*/words.txt")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	for _, words := range languages {
		dir := strings.TrimSuffix(words, "words.txt")
		names, err := fs.Glob(files, dir+"*.txt")
		if err != nil {
			return nil, fmt.Errorf("list lexicons: %w", err)
		}
		b.lets, b.ids, b.seen = map[string][]string{}, map[string]lexeme{}, map[string][]lexeme{}
		for _, name := range append([]string{words}, slices.DeleteFunc(names, func(n string) bool { return n == words })...) {
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("read lexicon: %w", err)
			}
			if err := b.readFile(name, string(data)); err != nil {
				return nil, err
			}
		}
	}
	b.lexicon.words = b.seeds.grow()
	b.anchor()
	return b.lexicon, nil
}

func (b *builder) readFile(name, data string) error {
	parts := strings.Split(name, "/")
	file := strings.TrimSuffix(parts[2], ".txt")
	b.lang, b.last = parts[1], tagNone
	i := -1
	for line := range strings.SplitSeq(data, "\n") {
		i++
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if err := b.readLine(file, fields); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func (b *builder) readLine(file string, fields []string) error {
	if fields[0] == "let" && len(fields) >= 3 {
		words, err := b.expand(strings.Join(fields[2:], "|"))
		if err != nil {
			return err
		}
		b.lets[fields[1]] = append(b.lets[fields[1]], words...)
		return nil
	}
	p, err := b.readPattern(fields)
	if err != nil {
		return err
	}
	p.lang, p.file, p.spares = b.lang, file, b.last
	p.rule = file + " " + b.lang + ": " + p.rule
	if p.tag == tagHarmless && p.spares == tagNone {
		return fmt.Errorf("harmless follows the entries that it takes away")
	}
	if p.tag != tagHarmless {
		b.last, p.spares = p.tag, tagNone
	}
	b.lexicon.patterns = append(b.lexicon.patterns, p)
	b.lexicon.counts[b.lang+"/"+file]++
	for _, g := range p.groups {
		for _, s := range g {
			for _, id := range s.words {
				b.uses[id]++
			}
		}
	}
	return nil
}

// lexeme returns the lexeme of a word as written: word, word* or word+, with ~ behind it where it may be misspelt.
func (b *builder) lexeme(written string) (lexeme, error) {
	if id, ok := b.ids[written]; ok {
		return id, nil
	}
	b.an.read(strings.TrimRight(written, "*+~"))
	if len(b.an.toks) != 1 {
		return 0, fmt.Errorf("%q is not one word", written)
	}
	w := string(b.an.fold(0))
	e := ending{id: lexeme(len(b.uses)), typo: strings.HasSuffix(written, "~") && len(w) >= minTypo, speak: languageBit(b.lang)}
	if len(b.uses) > 1<<16-2 {
		return 0, fmt.Errorf("too many words")
	}
	all := []string{w}
	switch mark := strings.TrimRight(written, "~"); mark[len(mark)-1] {
	case '*':
		e.kind = anyEnd
	case '+':
		e.kind = inflected
		all = stems(e.speak, w)
	}
	for _, s := range all {
		b.seeds.add(s, e)
	}
	b.ids[written] = e.id
	b.uses = append(b.uses, 0)
	return e.id, nil
}

// start is a pattern that is looked for where one of its lexemes stands, with what can be said of it at a glance.
type start struct {
	needs       uint64 // the message must have one of these marks of lexemes, if there are any
	pattern     int32
	first, last bool // the anchor stands only at the beginning of a clause, or at its end
}

// markOf is one of 64 marks of a lexeme.
func markOf(id lexeme) uint64 { return 1 << (uint64(id) * 0x9E3779B97F4A7C15 >> 58) }

// anchor chooses for each pattern the step whose words stand in the fewest entries, so that common words cost little.
func (b *builder) anchor() {
	starts, all := make([][]start, len(b.uses)), 0
	for i := range b.lexicon.patterns {
		p := &b.lexicon.patterns[i]
		least := int32(-1)
		for g, steps := range p.groups {
			for k, s := range steps {
				if !s.required() {
					continue
				}
				if n := b.common(s); least < 0 || n < least {
					least, p.group, p.anchor = n, g, k
				}
			}
		}
		anchor := &p.groups[p.group][p.anchor]
		for _, id := range anchor.words {
			starts[id] = append(starts[id], start{p.needs(), int32(i), anchor.first, anchor.last})
			all++
		}
	}
	b.lexicon.starts, b.lexicon.startsAt = make([]start, 0, all), make([]int32, 0, len(starts)+1)
	for _, list := range starts {
		b.lexicon.startsAt = append(b.lexicon.startsAt, int32(len(b.lexicon.starts)))
		b.lexicon.starts = append(b.lexicon.starts, list...)
	}
	b.lexicon.startsAt = append(b.lexicon.startsAt, int32(all))
}

// required tells whether the step is a word that must be there.
func (s *step) required() bool { return !s.gap && !s.open && !s.optional }

// needs are the marks of the words of a step beside the anchor, of the one that has the fewest; 0: there is none.
func (p *pattern) needs() uint64 {
	least := uint64(0)
	for g, steps := range p.groups {
		for k := range steps {
			if !steps[k].required() || g == p.group && k == p.anchor {
				continue
			}
			marks := uint64(0)
			for _, id := range steps[k].words {
				marks |= markOf(id)
			}
			if least == 0 || bits.OnesCount64(marks) < bits.OnesCount64(least) {
				least = marks
			}
		}
	}
	return least
}

// common returns in how many entries the most usual of a step's words stands.
func (b *builder) common(s step) int32 {
	most := int32(0)
	for _, id := range s.words {
		most = max(most, b.uses[id])
	}
	return most
}

// find appends all patterns in the message to hits, in the order of the words by which they were found. A misspelt word
// counts for nine tenths.
func (l *lexicon) find(s *sight, hits []hit) []hit {
	marks := uint64(0)
	for _, id := range s.ids {
		marks |= markOf(id)
	}
	for i := range s.places {
		from := len(hits)
		for _, id := range s.lexemes(i) {
			for _, t := range l.starts[l.startsAt[id]:l.startsAt[id+1]] {
				if len(hits) >= maxHits {
					return hits
				}
				if t.needs != 0 && t.needs&marks == 0 || !s.stands(i, t.first, t.last) || hasHit(hits[from:], t.pattern) {
					continue
				}
				p := &l.patterns[t.pattern]
				if a, b, ok := p.match(s, i); ok {
					hits = append(hits, hit{pattern: t.pattern, from: int(s.places[a].token), to: int(s.places[b].token) + 1, weight: s.share(i, p.weight)})
				}
			}
		}
	}
	return hits
}

func hasHit(hits []hit, pattern int32) bool {
	return slices.ContainsFunc(hits, func(h hit) bool { return h.pattern == pattern })
}
