package understand

// columns put features together that the examples do not tell apart, those of one block that stand in the same
// examples, in each equally often: most n-grams of a word that has no relatives, for instance. Whatever is learned,
// their weights come out the same, so they are learned once. The dimensions of the shipped vectors have one each.
type columns struct {
	of   []int32   // of each feature
	size []float32 // of each column: its features
	told int       // how often the examples have any of the features
}

func (d *draft) columns() *columns {
	n := len(d.space.idf)
	c := &columns{of: make([]int32, n, d.space.size())}
	where := make([]uint64, n) // the examples of each feature, in a figure
	note := func(f int32, text uint64) {
		if f >= 0 {
			where[f] = (where[f] ^ text) * hashPrime
			where[f] ^= where[f] >> 29
			c.told++
		}
	}
	for i := range len(d.texts) - 1 {
		spoken, heard := d.text(i)
		for _, p := range spoken {
			note(d.spokenAt(p), uint64(i+1))
		}
		for _, k := range heard {
			for _, g := range d.gramsOf(k) {
				note(d.gramsAt[g], uint64(i+1))
			}
		}
	}
	at, ids := growingTable{table: newTable(n / 2)}, make([]uint64, 0, n)
	for f, id := range where {
		if int32(f) >= d.space.words {
			id = ^id
		}
		k := at.find(id)
		if k < 0 {
			k = int32(len(ids))
			ids = append(ids, id)
			at.put(ids)
			c.size = append(c.size, 0)
		}
		c.of[f] = k
		c.size[k]++
	}
	for range d.space.dims() {
		c.of = append(c.of, int32(len(c.size)))
		c.size = append(c.size, 1)
	}
	return c
}
