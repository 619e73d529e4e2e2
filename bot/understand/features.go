package understand

import (
	"math"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/swedish"
)

// Blocks of features. Each is normalised apart, so that neither outshouts the other.
const (
	wordBlock = iota
	charBlock
	blocks
)

// style is how a language's words are cut into features.
type style struct {
	low, high int // lengths of the character n-grams, in bytes of folded text
	stem      func(*snowballstem.Env) bool
}

func styleOf(language string) style {
	switch language {
	case "fi":
		return style{low: 2, high: 5, stem: finnishStem}
	case "sv":
		return style{low: 3, high: 5, stem: swedish.Stem}
	case "en":
		return style{low: 3, high: 5, stem: english.Stem}
	}
	return style{low: 3, high: 5}
}

const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * hashPrime }

func hashBytes(h uint64, b []byte) uint64 {
	for _, c := range b {
		h = hashByte(h, digitFolded(c))
	}
	return h
}

func hashString(h uint64, s string) uint64 {
	for i := range len(s) {
		h = hashByte(h, digitFolded(s[i]))
	}
	return h
}

// digitFolded makes all digits one, so that one order number is like another.
func digitFolded(c byte) byte {
	if c >= '1' && c <= '9' {
		return '0'
	}
	return c
}

// cutter cuts messages into features: the hashes of their words, stems, pairs of words, and n-grams of characters, in
// order, as often as they occur.
type cutter struct {
	style   style
	vectors *vectors
	spell   *speller // nil while the examples themselves are cut
	env     *snowballstem.Env

	meant [][]byte // the folded words, as they were meant
	words []uint64 // and stems
	pairs []uint64
	grams []uint64
}

func newCutter(st style, v *vectors) *cutter {
	return &cutter{style: st, vectors: v, env: snowballstem.NewEnv("")}
}

func (c *cutter) cut(a *analysis) {
	c.meant, c.words, c.pairs, c.grams = c.meant[:0], c.words[:0], c.pairs[:0], c.grams[:0]
	last := uint64(0)
	for i := 0; i < len(a.toks); i = a.after(i) {
		w := c.spelt(a, i)
		if a.toks[i].kind == mark && w[0] != '!' && w[0] != '?' {
			continue
		}
		id := hashBytes(hashByte(hashStart, 1), w)
		c.words = append(c.words, id)
		if last != 0 {
			c.pairs = append(c.pairs, (last^(id*31))*hashPrime^2)
		}
		last = id
		if a.toks[i].kind == word {
			c.meant = append(c.meant, w)
			c.cutStem(w)
			c.cutGrams(w)
		}
	}
}

// spelt returns a token as it was meant.
func (c *cutter) spelt(a *analysis, i int) []byte {
	w := a.fold(i)
	if c.spell == nil || !a.toks[i].letter || !spellable(w) || c.spell.knows(w) || c.vectors != nil && c.vectors.find(w) >= 0 {
		return w
	}
	if m := c.spell.meant(w); m != nil {
		return m
	}
	return w
}

func (c *cutter) cutStem(w []byte) {
	if c.style.stem != nil && len(w) > 3 {
		c.env.SetCurrent(string(w))
		c.style.stem(c.env)
		c.words = append(c.words, hashString(hashByte(hashStart, 3), c.env.Current()))
	}
}

// cutGrams cuts " w " into its character n-grams.
func (c *cutter) cutGrams(w []byte) {
	n := len(w) + 2
	for i := range n {
		h := hashByte(hashStart, 4)
		for j := i; j < min(n, i+c.style.high); j++ {
			if j == 0 || j == n-1 {
				h = hashByte(h, ' ')
			} else {
				h = hashByte(h, digitFolded(w[j-1]))
			}
			if j-i+1 >= c.style.low {
				c.grams = append(c.grams, h)
			}
		}
	}
}

// cell is one coordinate of a sparse vector.
type cell struct {
	feature int32
	value   float32
}

// space gives features their coordinates and weights: words, stems and pairs first, then n-grams, then the dimensions
// of the shipped vectors, if the language has any. Immutable once built.
type space struct {
	style   style
	index   table
	idf     []float32 // of words and n-grams
	words   int32     // coordinates below are of words, stems and pairs
	spell   *speller
	vectors *vectors // nil where there are none
	share   float32  // the length of a message's vector, where that of its words is 1
}

func (s *space) size() int { return len(s.idf) + s.dims() }

func (s *space) dims() int {
	if s.vectors == nil {
		return 0
	}
	return s.vectors.dims
}

// vectorizer is the working memory of one message.
type vectorizer struct {
	*cutter
	count   []uint16 // all zero between uses
	touched []int32
	cells   []cell
	dense   []float32   // the message's vector
	known   [blocks]int // features that have a coordinate, as often as they occur, but for pairs
	unknown [blocks]int
}

func newVectorizer(s *space) *vectorizer {
	return &vectorizer{cutter: newCutter(s.style, s.vectors), count: make([]uint16, len(s.idf)), dense: make([]float32, s.dims())}
}

// vector returns the message's coordinates: sublinear tf × idf, each block of length 1, and the shipped vectors'. The
// cells are v's own until its next use.
func (v *vectorizer) vector(s *space, a *analysis) []cell {
	v.cut(a)
	v.cells = v.cells[:0]
	v.touched = v.touched[:0]
	v.known[wordBlock] = v.tally(s, v.words)
	v.unknown[wordBlock] = len(v.words) - v.known[wordBlock]
	v.tally(s, v.pairs)
	v.weigh(s)
	v.touched = v.touched[:0]
	v.known[charBlock] = v.tally(s, v.grams)
	v.unknown[charBlock] = len(v.grams) - v.known[charBlock]
	v.weigh(s)
	if s.vectors != nil {
		s.vectors.message(v.meant, v.dense)
		for d, x := range v.dense {
			if x != 0 {
				v.cells = append(v.cells, cell{int32(len(s.idf) + d), x * s.share})
			}
		}
	}
	return v.cells
}

// tally counts the features that have a coordinate and returns how many of ids do.
func (v *vectorizer) tally(s *space, ids []uint64) (known int) {
	for _, id := range ids {
		f := s.index.find(id)
		if f < 0 {
			continue
		}
		known++
		if v.count[f] == 0 {
			v.touched = append(v.touched, f)
		}
		if v.count[f] < math.MaxUint16 {
			v.count[f]++
		}
	}
	return known
}

// weigh makes cells of length 1 of what was counted, and leaves the counts at zero.
func (v *vectorizer) weigh(s *space) {
	from := len(v.cells)
	norm := 0.0
	for _, f := range v.touched {
		x := termWeight(v.count[f]) * s.idf[f]
		v.count[f] = 0
		norm += float64(float64(x) * float64(x))
		v.cells = append(v.cells, cell{f, x})
	}
	if norm > 0 {
		scale := float32(1 / math.Sqrt(norm))
		for i := from; i < len(v.cells); i++ {
			v.cells[i].value *= scale
		}
	}
}

func termWeight(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return float32(1 + math.Log(float64(n)))
}
