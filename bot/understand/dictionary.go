package understand

// dictionary holds, of each word of the examples, what it adds to every class's scores, side by side: a message of
// known words is understood by reading a few hundred bytes in a row for each. Immutable once built.
type dictionary struct {
	at      growingTable // by wordID
	entries []entry
	kin     []uint16 // the groups of all words in a row
	rows    []int16  // of each entry: word's and n-grams' hinge and soft of each class, in units of sumUnit/rowStep
	classes int
}

// entry is a known word.
type entry struct {
	word, stem         cell // stem: feature -1 if it has none
	gramNorm           float32
	grams, strangeGram uint16 // that have a coordinate, and that have none
	kin, kinUpTo       uint32 // its groups in kin
}

// rowStep is what one step of a row is worth in the classes' scores.
const rowStep = 1 << 4

func buildDictionary(d *draft, hinge, soft *matrix, cols *columns) *dictionary {
	k := &dictionary{at: d.at, entries: make([]entry, len(d.cuts)), kin: d.kin, classes: hinge.classes, rows: make([]int16, 4*hinge.classes*len(d.cuts))}
	w := &scales{hinge: hinge, soft: soft, columns: cols, last: make([]int32, len(cols.size)), hingeScore: make([]float32, k.classes), softScore: make([]float32, k.classes)}
	for i := range d.cuts {
		e, row := &k.entries[i], k.rows[4*k.classes*i:]
		d.entry(&d.cuts[i], e)
		w.lay(e.word)
		if e.stem.feature >= 0 {
			w.lay(e.stem)
		}
		w.weigh(row)
		for _, g := range d.gramsOf(int32(i)) {
			if f := d.gramsAt[g]; f >= 0 {
				w.lay(cell{f, d.space.idf[f]})
			}
		}
		w.weigh(row[2:])
	}
	return k
}

// entry fills e with what is known of a word.
func (d *draft) entry(c *cutWord, e *entry) {
	*e = entry{word: cell{c.word, d.space.idf[c.word]}, stem: cell{feature: -1}, kin: uint32(c.kin), kinUpTo: uint32(c.kinUpTo)}
	if c.stem >= 0 {
		e.stem = cell{c.stem, d.space.idf[c.stem]}
	}
	norm := 0.0
	for _, g := range d.parts[c.parts:c.upTo] {
		f := d.gramsAt[g]
		if f < 0 {
			e.strangeGram++
			continue
		}
		e.grams++
		norm += float64(float64(d.space.idf[f]) * float64(d.space.idf[f]))
	}
	e.gramNorm = float32(norm)
}

// scales add up what cells say of the classes, column by column.
type scales struct {
	hinge, soft           *matrix
	columns               *columns
	last                  []int32 // of each column: its latest place in laid, + 1
	laid                  []lessonCell
	hingeScore, softScore []float32
}

func (s *scales) lay(c cell) {
	k := s.columns.of[c.feature]
	if at := s.last[k] - 1; at >= 0 && int(at) < len(s.laid) && s.laid[at].column == k {
		s.laid[at].all += c.value
		return
	}
	s.laid = append(s.laid, lessonCell{column: k, all: c.value})
	s.last[k] = int32(len(s.laid))
}

// weigh writes the scores of all that was laid on into every fourth place of row, and the place after it.
func (s *scales) weigh(row []int16) {
	clear(s.hingeScore)
	clear(s.softScore)
	s.hinge.add(s.laid, s.hingeScore)
	s.soft.add(s.laid, s.softScore)
	s.laid = s.laid[:0]
	for k, x := range s.hingeScore {
		row[4*k], row[4*k+1] = inRowSteps(x), inRowSteps(s.softScore[k])
	}
}

func inRowSteps(x float32) int16 { return int16(max(-32767, min(32767, x*sumUnit/rowStep))) }

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
		d.meets = meet(d.meets, e.known.kin[e.known.entries[k].kin:e.known.entries[k].kinUpTo])
	} else {
		from, chars := len(d.words), len(d.chars)
		if a.toks[i].kind == word {
			stem := d.stemOf(w)
			d.meets = meet(d.meets, d.groupsBy(w, stem))
			d.addWord(w, id, stem)
		} else {
			d.words = d.addTo(wordBlock, d.words, id)
		}
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
	d.addKnown(e.word)
	if e.stem.feature >= 0 {
		d.addKnown(e.stem)
	}
	d.norm[charBlock] += float64(e.gramNorm)
	d.known[charBlock] += int(e.grams)
	d.unknown[charBlock] += int(e.strangeGram)
}

func (d *scratch) addKnown(c cell) {
	d.words = append(d.words, c)
	d.norm[wordBlock] += float64(float64(c.value) * float64(c.value))
	d.known[wordBlock]++
}
