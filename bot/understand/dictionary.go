package understand

// dictionary holds, of each word of the examples, what it adds to every class's scores, side by side: a message of
// known words is understood by reading a few hundred bytes in a row for each. Immutable once built.
type dictionary struct {
	at      growingTable // by wordID
	entries []entry
	groups  [][]uint16
	rows    []int16 // of each entry: word's and n-grams' hinge and soft of each class, in units of sumUnit/rowStep
	classes int
}

// entry is a known word.
type entry struct {
	word, stem         int32 // features; -1: none
	gramNorm           float32
	grams, strangeGram uint16 // that have a coordinate, and that have none
}

// rowStep is what one step of a row is worth in the classes' scores.
const rowStep = 1 << 4

func buildDictionary(s *space, hinge, soft *matrix, texts []analysis) *dictionary {
	d := &dictionary{at: growingTable{table: newTable(256)}, classes: hinge.classes}
	v := newVectorizer(s)
	var ids []uint64
	sum := make([]float32, 4*d.classes)
	for i := range texts {
		a := &texts[i]
		for j := range a.toks {
			w := a.fold(j)
			id := wordID(w)
			if a.toks[j].kind != word || d.at.find(id) >= 0 {
				continue
			}
			ids = append(ids, id)
			d.at.put(ids)
			v.begin()
			v.addWord(w, id, true)
			d.entries = append(d.entries, v.entry())
			d.groups = append(d.groups, append([]uint16(nil), v.groupsOf(w)...))
			clear(sum)
			weighUp(v.words, hinge, soft, sum)
			weighUp(v.chars, hinge, soft, sum[2:])
			for _, x := range sum {
				d.rows = append(d.rows, int16(max(-32767, min(32767, x*sumUnit/rowStep))))
			}
		}
	}
	d.rows = append([]int16(nil), d.rows...)
	return d
}

// entry is what v says of the one word in it.
func (v *vectorizer) entry() entry {
	e := entry{word: v.words[0].feature, stem: -1, gramNorm: float32(v.norm[charBlock]), grams: uint16(v.known[charBlock]), strangeGram: uint16(v.unknown[charBlock])}
	if len(v.words) > 1 {
		e.stem = v.words[1].feature
	}
	return e
}

// weighUp adds the cells' scores to every fourth place of sum, and to the place after it.
func weighUp(cells []cell, hinge, soft *matrix, sum []float32) {
	for _, c := range cells {
		h, s := hinge.row(c.feature), soft.row(c.feature)
		for k := range h {
			sum[4*k] += float32(c.value * h[k])
			sum[4*k+1] += float32(c.value * s[k])
		}
	}
}

// add adds a known word to the classes' scores.
func (d *dictionary) add(k int32, word, gram []rawScore) {
	row := d.rows[int(k)*4*d.classes:][:4*d.classes]
	gram = gram[:len(word)]
	for c := range word {
		w, g, r := &word[c], &gram[c], row[4*c:4*c+4:4*c+4]
		w.hinge += int32(r[0]) * rowStep
		w.soft += int32(r[1]) * rowStep
		g.hinge += int32(r[2]) * rowStep
		g.soft += int32(r[3]) * rowStep
	}
}

// score fills d.points with the classes' scores of a message, and d with what the signals need.
func (e *engine) score(d *scratch, a *analysis) {
	d.begin()
	d.strange[wordBlock], d.strange[charBlock] = d.strange[wordBlock][:0], d.strange[charBlock][:0]
	clear(d.word)
	clear(d.gram)
	clear(d.whole)
	last := uint64(0)
	for i := 0; i < len(a.toks); i = a.after(i) {
		if a.isFeature(i) {
			last = e.scoreToken(d, a, i, last)
		}
	}
	from := len(d.words)
	eachMeeting(d.meets, d.silently)
	d.strange[wordBlock] = append(d.strange[wordBlock], d.words[from:]...)
	e.linear.add(d.strange[wordBlock], sumUnit, d.word)
	e.linear.add(d.strange[charBlock], sumUnit, d.gram)
	d.cells = d.appendDense(d.cells[:0])
	e.linear.add(d.cells, denseUnit, d.whole)
	w, g := d.scale(wordBlock)/sumUnit, d.scale(charBlock)/sumUnit
	for c, b := range e.linear.bias {
		word, gram, whole := d.word[c], d.gram[c], d.whole[c]
		d.points[c] = points{
			b.hinge + float32(w*float32(word.hinge)) + float32(g*float32(gram.hinge)) + float32(whole.hinge)/denseUnit,
			b.soft + float32(w*float32(word.soft)) + float32(g*float32(gram.soft)) + float32(whole.soft)/denseUnit,
		}
	}
}

// scoreToken adds a token and its pair with the one before, and returns its name.
func (e *engine) scoreToken(d *scratch, a *analysis, i int, last uint64) uint64 {
	w := a.fold(i)
	id := wordID(w)
	k := int32(-1)
	if a.toks[i].kind == word {
		if k = e.known.at.find(id); k < 0 && a.toks[i].letter && spellable(w) && (e.space.vectors == nil || e.space.vectors.find(w) < 0) {
			if m := e.space.spell.meant(w); m != nil {
				w, id = m, wordID(m)
				k = e.known.at.find(id)
			}
		}
		d.meant = append(d.meant, w)
	}
	if k >= 0 {
		e.known.add(k, d.word, d.gram)
		d.addEntry(&e.known.entries[k])
		d.meets = meet(d.meets, e.known.groups[k])
	} else {
		if a.toks[i].kind == word {
			d.meets = meet(d.meets, d.groupsOf(w))
		}
		from, chars := len(d.words), len(d.chars)
		d.addWord(w, id, a.toks[i].kind == word)
		d.strange[wordBlock] = append(d.strange[wordBlock], d.words[from:]...)
		d.strange[charBlock] = append(d.strange[charBlock], d.chars[chars:]...)
	}
	from := len(d.words)
	d.addPair(last, id)
	d.strange[wordBlock] = append(d.strange[wordBlock], d.words[from:]...)
	return id
}

// addEntry takes a known word into the counts.
func (d *scratch) addEntry(e *entry) {
	d.words = append(d.words, cell{e.word, d.count(wordBlock, e.word)})
	d.known[wordBlock]++
	if e.stem >= 0 {
		d.words = append(d.words, cell{e.stem, d.count(wordBlock, e.stem)})
		d.known[wordBlock]++
	}
	d.norm[charBlock] += float64(e.gramNorm)
	d.known[charBlock] += int(e.grams)
	d.unknown[charBlock] += int(e.strangeGram)
}
