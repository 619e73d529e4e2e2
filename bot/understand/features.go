package understand

import (
	"math"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
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
		return style{low: 2, high: 5, stem: finnish.Stem}
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

// extract calls emit for each feature of the message, in order, as often as it occurs.
func extract(a *analysis, st style, env *snowballstem.Env, emit func(block int, id uint64)) {
	last := uint64(0)
	for i := range a.toks {
		w := a.fold(i)
		if a.toks[i].kind == mark && w[0] != '!' && w[0] != '?' {
			continue
		}
		id := hashBytes(hashByte(hashStart, 1), w)
		emit(wordBlock, id)
		if last != 0 {
			emit(wordBlock, (last^(id*31))*hashPrime^2)
		}
		last = id
		if a.toks[i].kind != word {
			continue
		}
		if st.stem != nil && len(w) > 3 {
			env.SetCurrent(string(w))
			st.stem(env)
			emit(wordBlock, hashString(hashByte(hashStart, 3), env.Current()))
		}
		emitGrams(w, st, emit)
	}
}

// emitGrams emits the character n-grams of " w ".
func emitGrams(w []byte, st style, emit func(block int, id uint64)) {
	n := len(w) + 2
	at := func(i int) byte {
		if i == 0 || i == n-1 {
			return ' '
		}
		return digitFolded(w[i-1])
	}
	for i := range n {
		h := uint64(hashByte(hashStart, 4))
		for j := i; j < n && j-i < st.high; j++ {
			h = hashByte(h, at(j))
			if j-i+1 >= st.low && !(j-i+1 < 3 && (i == 0 && j == n-1)) {
				emit(charBlock, h)
			}
		}
	}
}

// cell is one coordinate of a sparse vector.
type cell struct {
	feature int32
	value   float32
}

// space gives features their coordinates and weights. Immutable once built.
type space struct {
	style style
	index map[uint64]int32
	idf   []float32
	block []uint8
}

// vectorizer is the working memory of one message.
type vectorizer struct {
	env     *snowballstem.Env
	count   []uint16
	touched []int32
	cells   []cell
	known   [blocks]int
	unknown [blocks]int
	wide    []float32 // all zero between uses
}

// dense returns a vector of size zeros; who fills it empties it again.
func (v *vectorizer) dense(size int) []float32 {
	if len(v.wide) < size {
		v.wide = make([]float32, size)
	}
	return v.wide
}

func newVectorizer(size int) *vectorizer {
	return &vectorizer{env: snowballstem.NewEnv(""), count: make([]uint16, size)}
}

// vector returns the message's coordinates: sublinear tf × idf, each block of length 1. The cells are v's own until
// its next use.
func (v *vectorizer) vector(s *space, a *analysis) []cell {
	v.begin()
	extract(a, s.style, v.env, func(block int, id uint64) {
		f, ok := s.index[id]
		if !ok {
			v.unknown[block]++
			return
		}
		v.known[block]++
		v.add(f)
	})
	return v.weigh(s)
}

func (v *vectorizer) begin() {
	v.touched, v.cells = v.touched[:0], v.cells[:0]
	v.known, v.unknown = [blocks]int{}, [blocks]int{}
}

func (v *vectorizer) add(f int32) {
	if v.count[f] == 0 {
		v.touched = append(v.touched, f)
	}
	if v.count[f] < math.MaxUint16 {
		v.count[f]++
	}
}

// weigh makes cells of what was added, and leaves the counts at zero.
func (v *vectorizer) weigh(s *space) []cell {
	var norm [blocks]float64
	for _, f := range v.touched {
		x := termWeight(v.count[f]) * s.idf[f]
		v.count[f] = 0
		norm[s.block[f]] += float64(float64(x) * float64(x))
		v.cells = append(v.cells, cell{f, x})
	}
	var scale [blocks]float32
	for b := range norm {
		if norm[b] > 0 {
			scale[b] = float32(1 / math.Sqrt(norm[b]))
		}
	}
	for i := range v.cells {
		v.cells[i].value *= scale[s.block[v.cells[i].feature]]
	}
	return v.cells
}

func termWeight(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return float32(1 + math.Log(float64(n)))
}

// buildSpace gives a coordinate to each feature of the examples that occurs in at least two of them, and to every
// word and pair of words. The order of coordinates is that of first occurrence. It also returns each example's
// features, as often as they occur, so that nothing is cut into pieces twice.
func buildSpace(st style, texts []analysis) (*space, [][]int32) {
	type stat struct {
		df, last int32
		block    uint8
	}
	size := 0
	for i := range texts {
		size += len(texts[i].folded)
	}
	stats := make([]stat, 0, size)
	ids := make([]uint64, 0, size)
	at := make(map[uint64]int32, size)
	seen := make([]int32, 0, size*4)
	ends := make([]int, len(texts))
	env := snowballstem.NewEnv("")
	for i := range texts {
		extract(&texts[i], st, env, func(block int, id uint64) {
			k, ok := at[id]
			if !ok {
				k = int32(len(stats))
				at[id] = k
				stats = append(stats, stat{last: -1, block: uint8(block)})
				ids = append(ids, id)
			}
			if stats[k].last != int32(i) {
				stats[k].last = int32(i)
				stats[k].df++
			}
			seen = append(seen, k)
		})
		ends[i] = len(seen)
	}
	s := &space{style: st, index: make(map[uint64]int32, len(ids)/2)}
	place := make([]int32, len(ids))
	for k, id := range ids {
		if place[k] = -1; stats[k].df < 2 && stats[k].block == charBlock {
			continue
		}
		place[k] = int32(len(s.idf))
		s.index[id] = place[k]
		s.idf = append(s.idf, float32(math.Log(float64(1+len(texts))/float64(1+stats[k].df))+1))
		s.block = append(s.block, stats[k].block)
	}
	return s, split(seen, place, ends)
}

// split gives each example its coordinates.
func split(seen, place []int32, ends []int) [][]int32 {
	out := make([][]int32, len(ends))
	kept, from := seen[:0], 0
	start := 0
	for i, end := range ends {
		for _, k := range seen[from:end] {
			if place[k] >= 0 {
				kept = append(kept, place[k])
			}
		}
		from = end
		out[i] = kept[start:len(kept):len(kept)]
		start = len(kept)
	}
	return out
}
