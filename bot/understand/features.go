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
	language  string
	low, high int // lengths of the character n-grams, in bytes of folded text
	stem      func(*snowballstem.Env) bool
}

func styleOf(language string) style {
	switch language {
	case "fi":
		return style{language: language, low: 2, high: 5, stem: finnishStem}
	case "sv":
		return style{language: language, low: 3, high: 5, stem: swedish.Stem}
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

// cutter cuts words into features: the hashes of the word, of its stem, and of its n-grams of characters.
type cutter struct {
	style  style
	groups *groups // nil where the language has none
	env    *snowballstem.Env
	grams  []uint64
	found  []uint16
}

func newCutter(st style) *cutter {
	return &cutter{style: st, groups: groupsOf(st.language), env: snowballstem.NewEnv("")}
}

// wordID names a token; marks and emoji are named in the same way as words.
func wordID(w []byte) uint64 { return hashBytes(hashByte(hashStart, 1), w) }

// pairID names two tokens in a row.
func pairID(first, second uint64) uint64 { return (first^(second*31))*hashPrime ^ 2 }

// isFeature tells whether a token speaks at all: a word, an emoji, an exclamation or a question.
func (a *analysis) isFeature(i int) bool {
	return a.toks[i].kind != mark || a.isMark(i, '!') || a.isMark(i, '?')
}

// stemOf is the stem of a folded word; of a short one, itself.
func (c *cutter) stemOf(w []byte) string {
	if c.style.stem == nil || len(w) <= 3 {
		return string(w)
	}
	c.env.SetCurrent(string(w))
	c.style.stem(c.env)
	return c.env.Current()
}

// stemID names the stem of a word that is longer than a stem need be; ok is false where it has none.
func (c *cutter) stemID(w []byte, stem string) (id uint64, ok bool) {
	if c.style.stem == nil || len(w) <= 3 {
		return 0, false
	}
	return hashString(hashByte(hashStart, 3), stem), true
}

// cutGrams fills grams with the character n-grams of " w ".
func (c *cutter) cutGrams(w []byte) []uint64 {
	c.grams = c.grams[:0]
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
	return c.grams
}

// cell is one coordinate of a sparse vector.
type cell struct {
	feature int32
	value   float32
}

// A message's vector is the sum of its words' vectors: of each the word, its stem and its n-grams, by their idf; with
// the pairs of words, and the direction by the shipped vectors. Each block is brought to a length near 1, as if no two
// words had a feature in common, so that what a word adds to each score can be known beforehand.
type vectorizer struct {
	*cutter
	space    *space
	meant    [][]byte // the folded words, as they were meant
	meets    []uint16 // groups of the message's words, each once
	words    []cell   // words, stems, pairs and groups
	chars    []cell   // n-grams
	dense    []float32
	silently func(id uint64) // addSilently, bound once
	norm     [blocks]float64 // squared
	// Features that the examples know and do not, but for pairs.
	known, unknown [blocks]int
}

func newVectorizer(s *space) *vectorizer {
	v := &vectorizer{cutter: newCutter(s.style), space: s, dense: make([]float32, s.dims())}
	v.silently = v.addSilently
	return v
}

func (v *vectorizer) begin() {
	v.meant, v.meets, v.words, v.chars = v.meant[:0], v.meets[:0], v.words[:0], v.chars[:0]
	v.norm, v.known, v.unknown = [blocks]float64{}, [blocks]int{}, [blocks]int{}
}

// addTo adds a feature to the cells of a block if the space has it.
func (v *vectorizer) addTo(block int, cells []cell, id uint64) []cell {
	f := v.space.index.find(id)
	if f < 0 {
		v.unknown[block]++
		return cells
	}
	v.known[block]++
	return append(cells, cell{f, v.count(block, f)})
}

// count takes a feature into a block's length and returns its weight.
func (v *vectorizer) count(block int, f int32) float32 {
	x := v.space.idf[f]
	v.norm[block] += float64(float64(x) * float64(x))
	return x
}

// addWord adds a word with all its features.
func (v *vectorizer) addWord(w []byte, id uint64, stem string) {
	v.words = v.addTo(wordBlock, v.words, id)
	if id, ok := v.stemID(w, stem); ok {
		v.words = v.addTo(wordBlock, v.words, id)
	}
	for _, g := range v.cutGrams(w) {
		v.chars = v.addTo(charBlock, v.chars, g)
	}
}

func (v *vectorizer) addPair(last, id uint64) {
	if last != 0 {
		v.addSilently(pairID(last, id))
	}
}

// addSilently adds a feature of the word block if the space has it, and does not miss it otherwise.
func (v *vectorizer) addSilently(id uint64) {
	if f := v.space.index.find(id); f >= 0 {
		v.words = append(v.words, cell{f, v.count(wordBlock, f)})
	}
}

// scale is what a block's cells are to be multiplied by.
func (v *vectorizer) scale(block int) float32 { return scaleOf(v.norm[block]) }

// scaleOf is what brings a vector of this squared length to the length 1.
func scaleOf(norm float64) float32 {
	if norm == 0 {
		return 0
	}
	return float32(1 / math.Sqrt(norm))
}

// appendDense appends the dimensions of the shipped vectors.
func (v *vectorizer) appendDense(cells []cell) []cell {
	if v.space.vectors == nil {
		return cells
	}
	v.space.vectors.message(v.meant, v.dense)
	for d, x := range v.dense {
		if x != 0 {
			cells = append(cells, cell{int32(len(v.space.idf) + d), x * v.space.share})
		}
	}
	return cells
}
