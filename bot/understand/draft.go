package understand

// draft is a vocabulary with the space that was made of it: the examples as vectors.
type draft struct {
	*vocabulary
	space            *space
	pairsAt, gramsAt []int32 // the coordinates of pairs and n-grams, by their places; -1: none
	words, chars     []cell  // of the text that was read last
	meant            [][]byte
	dense            []float32
}

// text returns the rows of a text: its word block, and its distinct words.
func (d *draft) text(i int) (spoken, heard []int32) {
	from, to := d.texts[i], d.texts[i+1]
	return d.spoken[from.spoken:to.spoken], d.heard[from.heard:to.heard]
}

// spokenAt is the coordinate of a place in a text's word block.
func (d *draft) spokenAt(place int32) int32 {
	if place < 0 {
		return d.pairsAt[^place]
	}
	return place
}

func (d *draft) gramsOf(word int32) []int32 {
	c := &d.cuts[word]
	return d.parts[c.parts:c.upTo]
}

// vector fills words, chars and dense with the vector of an example.
func (d *draft) vector(i int) {
	spoken, heard := d.text(i)
	d.words, d.chars, d.meant = d.words[:0], d.chars[:0], d.meant[:0]
	for _, p := range spoken {
		if f := d.spokenAt(p); f >= 0 {
			d.words = append(d.words, cell{f, d.space.idf[f]})
		}
	}
	for _, k := range heard {
		d.meant = append(d.meant, d.cuts[k].folded)
		for _, g := range d.gramsOf(k) {
			if f := d.gramsAt[g]; f >= 0 {
				d.chars = append(d.chars, cell{f, d.space.idf[f]})
			}
		}
	}
	level(d.words)
	level(d.chars)
	if d.space.vectors != nil {
		d.space.vectors.message(d.meant, d.dense)
		for k := range d.dense {
			d.dense[k] *= d.space.share
		}
	}
}

// level brings cells to the length 1.
func level(cells []cell) {
	norm := 0.0
	for _, c := range cells {
		norm += float64(float64(c.value) * float64(c.value))
	}
	scale := scaleOf(norm)
	for i := range cells {
		cells[i].value *= scale
	}
}

// lesson makes a lesson of the examples, and hands each to told on the way.
func (d *draft) lesson(class []int32, classes int, c *columns, told func(i int)) *lesson {
	l := &lesson{class: class, columns: len(c.size), classes: classes, from: make([]int32, 1, len(class)+1), square: make([]float32, len(class))}
	l.cells = make([]lessonCell, 0, c.told+len(class)*len(d.dense))
	last := make([]int32, len(c.size)) // of each column: its latest place in cells, + 1
	for i := range class {
		d.vector(i)
		for _, block := range [...][]cell{d.words, d.chars} {
			for _, x := range block {
				l.add(i, c.of[x.feature], x.value, last)
			}
		}
		for k, x := range d.dense {
			if x != 0 {
				l.add(i, c.of[len(d.space.idf)+k], x, last)
			}
		}
		for k := l.from[i]; int(k) < len(l.cells); k++ {
			l.cells[k].each = l.cells[k].all / c.size[l.cells[k].column]
		}
		l.from = append(l.from, int32(len(l.cells)))
		told(i)
	}
	return l
}

func (l *lesson) add(i int, column int32, value float32, last []int32) {
	l.square[i] += float32(value * value)
	if k := last[column] - 1; k >= l.from[i] {
		l.cells[k].all += value
		return
	}
	l.cells = append(l.cells, lessonCell{column: column, all: value})
	last[column] = int32(len(l.cells))
}
