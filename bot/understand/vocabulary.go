package understand

// vocabulary is the examples of a language cut into features, each distinct word once, however often it is used: the
// features are counted, and the examples are told as rows of them. It lives while a bot is taught.
type vocabulary struct {
	*cutter
	words, pairs, grams census // in the order of first occurrence

	at    growingTable // of distinct words, by wordID
	ids   []uint64
	cuts  []cutWord
	parts []int32  // the n-grams of all distinct words in a row: places in grams
	kin   []uint16 // the groups of all distinct words in a row

	texts  []cutText
	spoken []int32 // the word block of all texts: places in words, and ^places in pairs
	heard  []int32 // the distinct words of all texts, each as often as it stands there
}

// cutWord is a distinct word: the places of its features.
type cutWord struct {
	folded       []byte
	letter       bool
	said         bool   // by an example, not only by what is held against one
	used         uint32 // how often
	word, stem   int32  // stem: -1 if it has none
	parts, upTo  int32  // of its n-grams in parts
	kin, kinUpTo int32  // of its groups in kin
}

// cutText is where a text's rows end.
type cutText struct{ spoken, heard int32 }

// census counts in how many examples features occur.
type census struct {
	at   growingTable
	ids  []uint64
	in   []int32 // examples
	last []int32 // the latest of them
}

func newCensus(room int) census {
	return census{at: growingTable{table: newTable(room)}, ids: make([]uint64, 0, room), in: make([]int32, 0, room), last: make([]int32, 0, room)}
}

// place is where a feature stands; a new one comes last.
func (c *census) place(id uint64) int32 {
	k := c.at.find(id)
	if k < 0 {
		k = int32(len(c.ids))
		c.ids, c.in, c.last = append(c.ids, id), append(c.in, 0), append(c.last, -1)
		c.at.put(c.ids)
	}
	return k
}

func (c *census) count(example, place int32) {
	if c.last[place] != example {
		c.last[place] = example
		c.in[place]++
	}
}

// cutExamples cuts the examples, which stay as they are as long as the vocabulary lives. against tells which of them are
// held against an intent.
func cutExamples(st style, texts []analysis, against []bool) *vocabulary {
	size := 0
	for i := range texts {
		size += len(texts[i].folded)
	}
	v := &vocabulary{
		cutter: newCutter(st), words: newCensus(size / 8), pairs: newCensus(size / 4), grams: newCensus(size / 2),
		at: growingTable{table: newTable(size / 16)}, texts: make([]cutText, 0, len(texts)+1), spoken: make([]int32, 0, size/2), heard: make([]int32, 0, size/4),
	}
	v.texts = append(v.texts, cutText{})
	for i := range texts {
		v.take(&texts[i], int32(i), !against[i])
	}
	return v
}

// take cuts one text.
func (v *vocabulary) take(a *analysis, text int32, said bool) {
	last := uint64(0)
	var room [maxMeets]uint16
	meets := room[:0]
	for j := range a.toks {
		if !a.isFeature(j) {
			continue
		}
		w := a.fold(j)
		id := wordID(w)
		if a.toks[j].kind == word {
			c := v.wordOf(w, id, a.toks[j].letter)
			c.said = c.said || said
			v.say(&v.words, text, c.word)
			if c.stem >= 0 {
				v.say(&v.words, text, c.stem)
			}
			for _, g := range v.parts[c.parts:c.upTo] {
				v.grams.count(text, g)
			}
			meets = meet(meets, v.kin[c.kin:c.kinUpTo])
		} else {
			v.say(&v.words, text, v.words.place(id))
		}
		if last != 0 {
			v.sayPair(text, pairID(last, id))
		}
		last = id
	}
	eachMeeting(meets, func(id uint64) { v.sayPair(text, id) })
	v.texts = append(v.texts, cutText{int32(len(v.spoken)), int32(len(v.heard))})
}

func (v *vocabulary) say(c *census, text, place int32) {
	c.count(text, place)
	v.spoken = append(v.spoken, place)
}

func (v *vocabulary) sayPair(text int32, id uint64) {
	k := v.pairs.place(id)
	v.pairs.count(text, k)
	v.spoken = append(v.spoken, ^k)
}

// wordOf notes that a word is used once more, and cuts it if it is new.
func (v *vocabulary) wordOf(w []byte, id uint64, letter bool) *cutWord {
	k := v.at.find(id)
	if k < 0 {
		k = int32(len(v.ids))
		v.ids = append(v.ids, id)
		v.at.put(v.ids)
		v.cuts = append(v.cuts, v.cut(w, id, letter))
	}
	v.heard = append(v.heard, k)
	v.cuts[k].used++
	return &v.cuts[k]
}

func (v *vocabulary) cut(w []byte, id uint64, letter bool) cutWord {
	c := cutWord{folded: w, letter: letter, stem: -1, parts: int32(len(v.parts)), kin: int32(len(v.kin))}
	c.word = v.words.place(id)
	stem := v.stemOf(w)
	if id, ok := v.stemID(w, stem); ok {
		c.stem = v.words.place(id)
	}
	for _, g := range v.cutGrams(w) {
		v.parts = append(v.parts, v.grams.place(g))
	}
	v.kin = append(v.kin, v.groupsBy(w, stem)...)
	c.upTo, c.kinUpTo = int32(len(v.parts)), int32(len(v.kin))
	return c
}
