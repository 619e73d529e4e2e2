package understand

import "slices"

// examples are a folder's messages, class by class, to be compared with others by their words. Immutable once ended.
type examples struct {
	texts  []string
	first  []int32 // of each class, and the end
	from   []uint32
	words  []uint32
	value  []uint8     // of each word, of 255
	centre [][]float32 // of each class: the mean direction of its examples by the shipped vectors
}

// add takes the next example, the one that d has read last; classes come in order.
func (x *examples) add(text string, class int32, d *draft) {
	for int32(len(x.first)) <= class {
		x.first = append(x.first, int32(len(x.from)))
		x.centre = append(x.centre, make([]float32, d.space.dims()))
	}
	x.texts = append(x.texts, text)
	x.from = append(x.from, uint32(len(x.words)))
	for _, c := range d.words {
		x.words = append(x.words, uint32(c.feature))
		x.value = append(x.value, uint8(float32(c.value*255)+0.5))
	}
	for k, y := range d.dense {
		x.centre[class][k] += y
	}
}

func (x *examples) end() {
	x.first = append(x.first, int32(len(x.from)))
	x.from = append(x.from, uint32(len(x.words)))
	for _, c := range x.centre {
		unit(c)
	}
}

// likeness is how a message compares with a class's examples.
type likeness struct {
	best, second float64 // how like it is to the most and the second most like, 0 to 1
	which        int32   // the most like; -1 if the class has none
	cover        float64 // how much of the message's words the class has seen
	centre       float64 // how like its direction is to that of the class
}

// compare compares a message with the examples of a class.
func (x *examples) compare(d *scratch, class int32) likeness {
	l := likeness{which: -1}
	if int(class)+1 >= len(x.first) {
		return l
	}
	d.mark()
	mask := uint32(len(d.marks) - 1)
	scale := d.scale(wordBlock)
	for i := x.first[class]; i < x.first[class+1]; i++ {
		sum := float32(0)
		words, value := x.words[x.from[i]:x.from[i+1]], x.value[x.from[i]:x.from[i+1]]
		for j, w := range words {
			if d.sieve[w>>6&3]&(1<<(w&63)) == 0 {
				continue // most words are none of the message's
			}
			for at := w & mask; d.marks[at] != 0; at = (at + 1) & mask {
				if m := d.marks[at] - 1; d.words[m].feature == int32(w) {
					sum += float32(d.words[m].value * float32(value[j]))
					d.seen[m] = true
				}
			}
		}
		if like := min(float64(sum*scale)/255, 1); l.which < 0 || like > l.best {
			l.second, l.best, l.which = l.best, like, i
		} else if like > l.second {
			l.second = like
		}
	}
	for m, c := range d.words {
		if d.seen[m] {
			l.cover += float64(float64(c.value) * float64(c.value))
		}
	}
	if n := d.norm[wordBlock]; n > 0 {
		l.cover /= n
	}
	for i, y := range x.centre[class] {
		l.centre += float64(float64(y) * float64(d.dense[i]))
	}
	return l
}

// mark lays out d.marks so that a message's words are found by their features: by open addressing, each as its place in
// d.words + 1.
func (d *scratch) mark() {
	size := 16
	for size < 4*len(d.words) {
		size *= 2
	}
	if cap(d.marks) < size {
		d.marks = make([]int32, size)
	}
	d.marks = d.marks[:size]
	clear(d.marks)
	d.sieve = [4]uint64{}
	d.seen = slices.Grow(d.seen[:0], len(d.words))[:len(d.words)]
	clear(d.seen)
	for m, c := range d.words {
		d.sieve[c.feature>>6&3] |= 1 << (c.feature & 63)
		at := c.feature & int32(size-1)
		for d.marks[at] != 0 {
			at = (at + 1) & int32(size-1)
		}
		d.marks[at] = int32(m + 1)
	}
}
