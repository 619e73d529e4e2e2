package understand

import (
	"encoding/binary"
	"math"
)

// moods say how likely a message carries anger, disgust, fear or sadness, learned from lines of films and of forums: a
// logistic regression over hashed features, read in place from a shipped file. It hears what the lexicons have no words
// for, and is no judge of customers: nothing is decided by it. Immutable.
//
// The file: "KM1\n", what one step of the weights is worth and the constant (float32 each), and a weight (int8) for each
// of MoodSlots.
type moods struct {
	language   string
	unit, bias float32
	weights    []byte
}

const (
	moodMagic = "KM1\n"
	moodBits  = 17
)

// MoodSlots is how many weights there are.
const MoodSlots = 1 << moodBits

func readMoods(language string, data []byte) *moods {
	if len(data) != 12+MoodSlots || string(data[:4]) != moodMagic {
		return nil
	}
	return &moods{
		language: language,
		unit:     math.Float32frombits(binary.LittleEndian.Uint32(data[4:])),
		bias:     math.Float32frombits(binary.LittleEndian.Uint32(data[8:])),
		weights:  data[12:],
	}
}

// MoodFeature is one feature of a message: its slot, and how much of it there is.
type MoodFeature struct {
	Slot  uint32
	Value float32
}

// MoodFeatures are a message's features: words and marks, stems and pairs, and n-grams of characters, each kind of
// length 1, and how long the message is.
func MoodFeatures(language, text string) []MoodFeature {
	var a analysis
	a.read(text)
	return moodFeatures(newCutter(styleOf(language)), &a)
}

func moodFeatures(c *cutter, a *analysis) []MoodFeature {
	var words, grams []MoodFeature
	slot := func(id uint64) uint32 { return uint32(id * 0x9E3779B97F4A7C15 >> (64 - moodBits)) }
	last := uint64(0)
	for i := 0; i < len(a.toks); i = a.after(i) {
		w := a.fold(i)
		id := wordID(w)
		words = append(words, MoodFeature{slot(id), 1})
		if last != 0 {
			words = append(words, MoodFeature{slot(pairID(last, id)), 1})
		}
		last = id
		if a.toks[i].kind != word {
			continue
		}
		if stem, ok := c.stemID(w, c.stemOf(w)); ok {
			words = append(words, MoodFeature{slot(stem), 1})
		}
		for _, g := range c.cutGrams(w) {
			grams = append(grams, MoodFeature{slot(g), 1})
		}
	}
	for _, block := range [][]MoodFeature{words, grams} {
		for i := range block {
			block[i].Value = float32(1 / math.Sqrt(float64(len(block))))
		}
	}
	length := uint64(math.Log2(float64(len(words)+1)) * 2)
	words = append(words, MoodFeature{slot(length*7919 + 5), 0.5})
	return append(words, grams...)
}

// negative is the chance that a message carries anger, disgust, fear or sadness.
func (m *moods) negative(a *analysis) float64 {
	sum := float32(0)
	for _, f := range moodFeatures(newCutter(styleOf(m.language)), a) {
		sum += float32(f.Value * float32(int8(m.weights[f.Slot])))
	}
	return sigmoid(float64(m.bias + float32(sum*m.unit)))
}

// negative asks the moods of a language, or of all where it is not clear; ok is false where there are none.
func (s *Shipped) negative(a *analysis, language string) (p float64, ok bool) {
	if m := s.moods[language]; m != nil {
		return m.negative(a), true
	}
	if language != "" {
		return 0, false
	}
	n := 0.0
	for _, l := range spoken {
		if m := s.moods[l]; m != nil {
			p += m.negative(a)
			n++
		}
	}
	return p / max(n, 1), n > 0
}
