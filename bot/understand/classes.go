package understand

// leastClass is how many words an entry names side by side before they are a class.
const leastClass = 8

// wordClasses are the lists of words that stand for each other in the entries of the lexicons: means, places, kin, what
// hurts. What one of them says in a line, the others say in a message.
type wordClasses struct {
	slots []uint32   // of each class, its place among the features of lines
	of    [][]uint16 // by lexeme: the classes that it is of
}

// maxClasses bounds the classes of all languages.
const maxClasses = 4096

// classSet is a set of classes.
type classSet [maxClasses / 64]uint64

// add makes the words that an entry names side by side a class. The caller adds a list once.
func (c *wordClasses) add(lang, written string, words []lexeme) {
	if len(words) < leastClass || len(c.slots) == maxClasses {
		return
	}
	class := uint16(len(c.slots))
	c.slots = append(c.slots, lineSlot('g', []byte(lang+" "+written)))
	for _, w := range words {
		for int(w) >= len(c.of) {
			c.of = append(c.of, nil)
		}
		c.of[w] = append(c.of[w], class)
	}
}

// What the lexicons found is a feature of a line from these levels on.
const (
	found  = 0.3
	surely = 0.6
)

// readFeatures appends what the lexicons say of a message to its features: the classes of its words, each once, and
// the tags that were found or taken back.
func (l *lexicon) readFeatures(rd *reader, buf []uint32) []uint32 {
	var seen classSet
	for i := range min(len(rd.sight.places), maxLineWords) {
		for _, id := range rd.sight.lexemes(i) {
			if int(id) >= len(l.classes.of) {
				continue
			}
			for _, c := range l.classes.of[id] {
				if bit := uint64(1) << (c % 64); seen[c/64]&bit == 0 {
					seen[c/64] |= bit
					buf = append(buf, l.classes.slots[c])
				}
			}
		}
	}
	for t := range tags {
		if v := rd.reading.level[t]; v >= found {
			buf = append(buf, lineSlot('t', []byte{byte(t)}))
			if v >= surely {
				buf = append(buf, lineSlot('u', []byte{byte(t)}))
			}
		}
		if rd.reading.not[t] {
			buf = append(buf, lineSlot('n', []byte{byte(t)}))
		}
	}
	return buf
}
