package main

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// mooded is a line that carries something bad, or not.
type mooded struct {
	features []understand.MoodFeature
	negative bool
}

// bad are the feelings of XED that are meant by negative.
var bad = map[string]bool{"anger": true, "disgust": true, "fear": true, "sadness": true}

func isBad(labels string) bool {
	for _, l := range strings.Split(labels, ",") {
		if bad[l] {
			return true
		}
	}
	return false
}

func (d *data) mooded(language, name string) ([]mooded, error) {
	lines, err := d.read(name)
	if err != nil {
		return nil, err
	}
	out := make([]mooded, len(lines))
	for i, l := range lines {
		out[i] = mooded{understand.MoodFeatures(language, l.text), isBad(l.label)}
	}
	return out, nil
}

// How the moods are learned.
const (
	moodPasses = 6
	moodRate   = 0.2
	moodDecay  = 1e-4
)

// makeMoods returns the file of a language: logistic regression by stochastic gradient descent with a rate for each
// weight (Duchi, Hazan and Singer, JMLR 2011).
func makeMoods(lines []mooded) []byte {
	w, seen := make([]float64, understand.MoodSlots), make([]float64, understand.MoodSlots)
	bias := 0.0
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	seed := uint64(3)
	for pass := range moodPasses {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int((seed >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			l := &lines[i]
			z := bias
			for _, f := range l.features {
				z += float64(w[f.Slot] * float64(f.Value))
			}
			g := 1 / (1 + math.Exp(-z))
			if l.negative {
				g--
			}
			bias -= float64(0.05 * g / float64(pass+1))
			for _, f := range l.features {
				d := float64(g*float64(f.Value)) + float64(moodDecay*w[f.Slot])
				seen[f.Slot] += float64(d * d)
				w[f.Slot] -= float64(moodRate * d / (math.Sqrt(seen[f.Slot]) + 0.3))
			}
		}
	}
	return packMoods(w, bias)
}

func packMoods(w []float64, bias float64) []byte {
	most := 0.0
	for _, x := range w {
		most = max(most, math.Abs(x))
	}
	unit := most / 127
	out := binary.LittleEndian.AppendUint32([]byte("KM1\n"), math.Float32bits(float32(unit)))
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(bias)))
	for _, x := range w {
		out = append(out, byte(int8(math.Round(x/unit))))
	}
	return out
}
