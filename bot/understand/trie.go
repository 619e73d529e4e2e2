package understand

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// lexeme is one word of the lexicons as it is written there: as it stands, with any continuation, or inflected.
type lexeme uint16

type endKind uint8

const (
	whole     endKind = iota // the word itself
	anyEnd                   // the word and whatever follows
	inflected                // the word and an ending of its language
)

// ending is what a node of the trie stands for.
type ending struct {
	id    lexeme
	kind  endKind
	typo  bool // may be misspelt
	speak uint8
}

// trie finds all lexemes that a word may be. Words of the letters a to z stand in nodes of twelve bytes side by side, so
// that a look-up touches little memory; the few others, emoji and words with digits, are found whole. Built once, then
// immutable.
type trie struct {
	nodes []trieNode
	ends  []ending            // of the nodes, in their order
	other map[string][]ending // words of other letters
}

// trieNode: its children, one for each bit of letters in the order of the alphabet, begin at kids.
type trieNode struct {
	letters uint32 // bit 31: a word that may be misspelt ends here or below
	kids    uint32
	ends    uint32 // where its endings begin, and in the lowest four bits how many
}

const (
	typoBelow = 1 << 31
	endBits   = 4
)

// seed is a word of a trie to be.
type seed struct {
	order uint64 // its first letters, so that most words are compared in one step
	word  string
	ending
}

// firstLetters is a number for the first twelve letters of a plain word, in the order of the alphabet.
func firstLetters(w string) (order uint64) {
	for i := range 12 {
		order <<= 5
		if i < len(w) {
			order |= uint64(w[i] - 'a' + 1)
		}
	}
	return order
}

func compareSeeds(a, b seed) int {
	switch {
	case a.order < b.order:
		return -1
	case a.order > b.order:
		return 1
	case a.word != b.word:
		return strings.Compare(a.word, b.word)
	}
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.kind, b.kind))
}

// seedbed collects the words of a trie.
type seedbed struct {
	seeds []seed
	other map[string][]ending
}

func (s *seedbed) add(w string, e ending) {
	if plain(w) {
		s.seeds = append(s.seeds, seed{firstLetters(w), w, e})
	} else if !slices.Contains(s.other[w], e) {
		s.other[w] = append(s.other[w], e)
	}
}

// plain tells whether a word is of the letters a to z alone.
func plain[T string | []byte](w T) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// grow lays the nodes side by side, level by level. A node stands for the sorted seeds that begin as it does.
func (s *seedbed) grow() *trie {
	slices.SortFunc(s.seeds, compareSeeds)
	s.seeds = slices.Compact(s.seeds)
	type span struct{ from, to, depth int }
	t := &trie{other: s.other, nodes: make([]trieNode, 0, 3*len(s.seeds)), ends: make([]ending, 0, len(s.seeds))}
	row := make([]span, 0, 3*len(s.seeds))
	row = append(row, span{0, len(s.seeds), 0})
	for at := 0; at < len(row); at++ {
		r := row[at]
		n := trieNode{kids: uint32(len(row)), ends: uint32(len(t.ends)) << endBits}
		i := r.from
		for ; i < r.to && len(s.seeds[i].word) == r.depth; i++ {
			if i-r.from < 1<<endBits-1 {
				t.ends = append(t.ends, s.seeds[i].ending)
				n.ends++
			}
		}
		if slices.ContainsFunc(s.seeds[r.from:r.to], func(x seed) bool { return x.typo }) {
			n.letters |= typoBelow
		}
		for i < r.to {
			letter, from := s.seeds[i].word[r.depth], i
			for i < r.to && s.seeds[i].word[r.depth] == letter {
				i++
			}
			n.letters |= 1 << (letter - 'a')
			row = append(row, span{from, i, r.depth + 1})
		}
		t.nodes = append(t.nodes, n)
	}
	t.nodes = slices.Clip(t.nodes)
	return t
}

// child returns 0 where there is none: nothing leads back to the root.
func (t *trie) child(at uint32, letter byte) uint32 {
	n := &t.nodes[at]
	bit := uint32(1) << (letter - 'a')
	if letter < 'a' || letter > 'z' || n.letters&bit == 0 {
		return 0
	}
	return n.kids + uint32(bits.OnesCount32(n.letters&(bit-1)))
}

func (t *trie) endsOf(at uint32) []ending {
	e := t.nodes[at].ends
	return t.ends[e>>endBits:][:e&(1<<endBits-1)]
}

func (t *trie) typos(at uint32) bool { return t.nodes[at].letters&typoBelow != 0 }

// find appends the lexemes that w is, each once.
func (t *trie) find(w []byte, ids []lexeme) []lexeme {
	from := len(ids)
	if !plain(w) {
		for _, e := range t.other[string(w)] {
			ids = append(ids, e.id)
		}
		return ids
	}
	at := uint32(0)
	for i := 0; ; i++ {
		for _, e := range t.endsOf(at) {
			if e.fits(w[i:]) && !slices.Contains(ids[from:], e.id) {
				ids = append(ids, e.id)
			}
		}
		if i == len(w) {
			return ids
		}
		if at = t.child(at, w[i]); at == 0 {
			return ids
		}
	}
}

func (e ending) fits(rest []byte) bool {
	switch e.kind {
	case anyEnd:
		return true
	case inflected:
		return len(rest) == 0 || isEnding(e.speak, rest)
	}
	return len(rest) == 0
}

// Words shorter than minTypo letters are taken as they are written; longer than maxTypo, nobody means them.
const (
	minTypo = 5
	maxTypo = 32
)

// findMisspelt appends the lexemes that w is but for one letter: missing, added, changed, or two that changed places.
// The first letter must be right.
func (t *trie) findMisspelt(w []byte, ids []lexeme) []lexeme {
	if len(w) < minTypo || len(w) > maxTypo {
		return ids
	}
	from, at := len(ids), uint32(0)
	for i := range len(w) {
		if at = t.child(at, w[i]); at == 0 || !t.typos(at) {
			return ids
		}
		ids = t.oneWrong(at, w, i+1, ids, from)
	}
	return ids
}

// oneWrong follows w from letter i on with exactly one mistake at i.
func (t *trie) oneWrong(at uint32, w []byte, i int, ids []lexeme, from int) []lexeme {
	if i < len(w) {
		ids = t.follow(at, w, i+1, ids, from) // one too many
	}
	left := t.nodes[at].letters &^ typoBelow
	for kid := t.nodes[at].kids; left != 0; kid++ {
		letter := byte(bits.TrailingZeros32(left)) + 'a'
		left &= left - 1
		if !t.typos(kid) {
			continue
		}
		ids = t.follow(kid, w, i, ids, from) // one missing
		if i < len(w) && letter != w[i] {
			ids = t.follow(kid, w, i+1, ids, from) // another
			if i+1 < len(w) && letter == w[i+1] {
				if next := t.child(kid, w[i]); next != 0 {
					ids = t.follow(next, w, i+2, ids, from) // changed places
				}
			}
		}
	}
	return ids
}

// follow walks on without a further mistake.
func (t *trie) follow(at uint32, w []byte, i int, ids []lexeme, from int) []lexeme {
	for ; ; i++ {
		for _, e := range t.endsOf(at) {
			if e.typo && i >= minTypo-1 && e.fits(w[i:]) && !slices.Contains(ids[from:], e.id) {
				ids = append(ids, e.id)
			}
		}
		if i >= len(w) {
			return ids
		}
		if at = t.child(at, w[i]); at == 0 || !t.typos(at) {
			return ids
		}
	}
}
