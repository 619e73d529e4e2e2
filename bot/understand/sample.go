package understand

import "crypto/sha256"

// Held tells whether a message of the project's own intent sets is held back for testing, once and for all: one of four
// is, by its hash. Nothing may be learned from it, and nothing be fitted on it.
func Held(text string) bool { return sha256.Sum256([]byte(text))[0] >= 192 }

// Sample is what a model makes of a message before it says how sure it is. The programs that fit the confidence and
// measure it read it.
type Sample struct {
	Intent     string    // the best, whether it fits well or not; "" where the language has no examples
	Confidence float64   //
	Signals    []float64 // in the order of SignalNames
}

// SignalNames name the signals of a Sample.
func SignalNames() []string { return append([]string(nil), signalNames[:]...) }

// Sample looks at a message by the examples of one language.
func (m *Model) Sample(language, text string) Sample {
	e := m.engines[language]
	if e == nil {
		return Sample{}
	}
	var a analysis
	var s scored
	a.read(text)
	e.classify(&a, &s)
	return Sample{Intent: e.names[s.order[0]], Confidence: s.confidence, Signals: append([]float64(nil), s.signals[:]...)}
}

// Bytes is how much memory the model of a language takes, without its examples' own text.
func (m *Model) Bytes(language string) int {
	e := m.engines[language]
	if e == nil {
		return 0
	}
	n := 4*len(e.linear.weights) + 16*len(e.linear.features) + 8*len(e.linear.bias)
	n += 2*len(e.known.rows) + 32*len(e.known.entries) + 2*len(e.known.kin) + 8*len(e.known.at.slots)
	n += 8*len(e.space.index.slots) + 4*len(e.space.idf)
	sp := e.space.spell
	n += len(sp.text) + 8*len(sp.ends) + 8*len(sp.known.slots) + 8*len(sp.parts.slots) + 8*len(sp.chain)
	n += 5*len(e.examples.words) + 4*len(e.examples.from) + 16*len(e.examples.texts)
	for _, c := range e.examples.centre {
		n += 24 + 4*len(c)
	}
	return n
}

// Words returns a message's words as they are compared: folded, without marks.
func Words(text string) []string {
	var a analysis
	a.read(text)
	var out []string
	for i := range a.toks {
		if a.toks[i].kind == word {
			out = append(out, string(a.fold(i)))
		}
	}
	return out
}

// VectorKey is the name of a folded word in a file of vectors.
func VectorKey(word string) uint32 { return vectorKey([]byte(word)) }
