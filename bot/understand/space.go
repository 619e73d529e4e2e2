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
// at least two of them: what was seen once costs room and helps nobody. The order is that of first occurrence.
func buildSpace(st style, texts []analysis, v *vectors, share float32) *space {
	size := 0
	for i := range texts {
		size += len(texts[i].folded)
	}
	c := newCutter(st)
	words, pairs, grams := newCensus(size/4), newCensus(size/4), newCensus(size)
	for i := range texts {
		a, last := &texts[i], uint64(0)
		var meets []uint16
		for j := range a.toks {
			if !a.isFeature(j) {
				continue
			}
			w := a.fold(j)
			id := wordID(w)
			words.add(int32(i), id)
			if last != 0 {
				pairs.add(int32(i), pairID(last, id))
			}
			last = id
			if a.toks[j].kind != word {
				continue
			}
			if stem, ok := c.stem(w); ok {
				words.add(int32(i), stem)
			}
			for _, g := range c.cutGrams(w) {
				grams.add(int32(i), g)
			}
			meets = meet(meets, c.groupsOf(w))
		}
		eachMeeting(meets, func(id uint64) { pairs.add(int32(i), id) })
	}
	s := &space{style: st, vectors: v, share: share, spell: buildSpeller(texts)}
	var ids []uint64
	take := func(c *census, least int32) {
		for k, id := range c.ids {
			if c.in[k] >= least {
				ids = append(ids, id)
				s.idf = append(s.idf, float32(1+math.Log(float64(1+len(texts))/float64(1+c.in[k]))))
			}
		}
	}
	take(words, 1)
	take(pairs, 2)
	s.words = int32(len(ids))
	take(grams, 2)
	s.index = newTable(len(ids))
	for k, id := range ids {
		s.index.put(id, int32(k))
	}
	return s
}

// census counts in how many examples features occur.
type census struct {
	at   growingTable
	ids  []uint64
	in   []int32 // examples
	last []int32 // the latest of them
}

func newCensus(room int) *census {
	return &census{at: growingTable{table: newTable(room)}, ids: make([]uint64, 0, room), in: make([]int32, 0, room), last: make([]int32, 0, room)}
}

func (c *census) add(example int32, id uint64) {
	k := c.at.find(id)
	if k < 0 {
		k = int32(len(c.ids))
		c.ids, c.in, c.last = append(c.ids, id), append(c.in, 0), append(c.last, -1)
		c.at.put(c.ids)
	}
	if c.last[k] != example {
		c.last[k] = example
		c.in[k]++
	}
}
