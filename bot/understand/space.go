package understand

import "math"

// space gives features their coordinates and weights: words, stems and pairs first, then n-grams, then the dimensions
// of the shipped vectors, if the language has any. Immutable once built.
type space struct {
	style   style
	index   table
	idf     []float32 // of words and n-grams
	words   int32     // coordinates below are of words, stems, pairs and groups
	spell   *speller
	vectors *vectors // nil where there are none
	share   float32  // the length of a message's direction, where that of its words is 1
}

func (s *space) size() int { return len(s.idf) + s.dims() }

func (s *space) dims() int {
	if s.vectors == nil {
		return 0
	}
	return s.vectors.dims
}

// buildSpace gives a coordinate to every word of the examples and its stem, and to each pair and n-gram that occurs in
// at least two of them: what was seen once costs room and helps nobody. The order is that of first occurrence. It
// returns where pairs and n-grams have come to stand, -1 for those that were left out; words are where they were.
func buildSpace(v *vocabulary, vec *vectors, share float32) (s *space, pairs, grams []int32) {
	s = &space{style: v.style, vectors: vec, share: share}
	ids := make([]uint64, 0, len(v.words.ids)+len(v.pairs.ids)/4+len(v.grams.ids)/2)
	take := func(c *census, least int32) []int32 {
		at := make([]int32, len(c.ids))
		for k, id := range c.ids {
			at[k] = -1
			if c.in[k] >= least {
				at[k] = int32(len(ids))
				ids = append(ids, id)
				s.idf = append(s.idf, v.idf(c.in[k]))
			}
		}
		return at
	}
	take(&v.words, 1)
	pairs = take(&v.pairs, 2)
	s.words = int32(len(ids))
	grams = take(&v.grams, 2)
	s.index = newTable(len(ids))
	for k, id := range ids {
		s.index.put(id, int32(k))
	}
	return s, pairs, grams
}

// idf is what a feature of so many examples weighs.
func (v *vocabulary) idf(in int32) float32 {
	return float32(1 + math.Log(float64(len(v.texts))/float64(1+in)))
}
