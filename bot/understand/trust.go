package understand

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// signals are what the confidence is made of.
type signals [22]float64

// noneShare is where a signal stands that bounds the confidence.
const noneShare = 9

// signalNames name them, in their order, as in the shipped file.
var signalNames = [len(signals{})]string{
	"hinge",        // score of the best class, one against the rest
	"margin",       // and its lead over the second
	"soft",         // score of the best class by softmax regression
	"softMargin",   // and its lead over the second
	"energy",       // log of the sum of all classes' exponents
	"share",        // of the best class
	"shareOdds",    // the same as log odds
	"noneHinge",    // score of what is nobody's
	"noneHinge2",   // squared
	"noneShare",    // what is nobody's against the best class
	"noneOdds",     // the same as log odds
	"near",         // likeness to the nearest example of the best class
	"second",       // and to the second nearest
	"cover",        // share of the words that the best class has seen
	"centre",       // likeness to the best class by the shipped vectors
	"unknownWords", // share of words and stems that no example has
	"unknownGrams", // and of n-grams
	"length",       // log of the words
	"classes",      // log of the intents
	"none",         // there are examples of what is nobody's
	"hingeNone",    // hinge, if there are
	"shareNone",    // share, if there are
}

func (e *engine) signals(d *scratch, out *scored, like *likeness) signals {
	top := out.order[0]
	words := d.known[wordBlock] + d.unknown[wordBlock]
	unknown := share(d.unknown[wordBlock], d.known[wordBlock])
	s := signals{
		float64(d.hinge(top)), float64(d.hinge(top)) + 1, float64(d.soft(top)), 4, e.energy(d),
		out.prob[0], logOdds(out.prob[0]), 0, 0, 0, 0,
		like.best, like.second, like.cover * (1 - unknown), like.centre,
		unknown, share(d.unknown[charBlock], d.known[charBlock]),
		math.Log(float64(1 + words)), math.Log(float64(len(e.names))), 0, 0, 0,
	}
	if out.count > 1 {
		s[1], s[3] = float64(d.hinge(top)-d.hinge(out.order[1])), float64(d.soft(top)-d.soft(out.order[1]))
	}
	if e.hasNone {
		none := int32(len(e.names))
		s[7] = float64(d.hinge(none)) + 1
		s[8] = s[7] * s[7]
		s[9] = sigmoid(float64(e.mixed(d, none) - e.mixed(d, top)))
		s[10] = logOdds(s[9])
		s[19], s[20], s[21] = 1, s[0], s[5]
	}
	return s
}

func (e *engine) energy(d *scratch) float64 {
	sum := 0.0
	for c := range int32(len(e.names)) {
		sum += exp(float64(d.soft(c)))
	}
	return math.Log(sum)
}

func share(part, rest int) float64 {
	if part+rest == 0 {
		return 1
	}
	return float64(part) / float64(part+rest)
}

// logOdds is bounded to what shares can tell.
func logOdds(p float64) float64 {
	p = min(max(p, 1e-4), 1-1e-4)
	return math.Log(p / (1 - p))
}

// trust turns signals into a confidence: a logistic regression, and never surer than that the message is not nobody's.
type trust struct {
	bias   float64
	weight signals
}

func (t *trust) confidence(s *signals) float64 {
	z := t.bias
	for i, x := range s {
		z += float64(t.weight[i] * x)
	}
	return min(sigmoid(z), 1-s[noneShare])
}

// readTrust reads the shipped weights: a line for each signal and for "bias", with the weight where the language has
// vectors and where it has none. # begins a comment.
func readTrust(text string) (withVectors, without *trust, err error) {
	withVectors, without = &trust{}, &trust{}
	found := 0
	for n, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) != 3 {
			return nil, nil, fmt.Errorf("line %d: a name and two figures are wanted", n+1)
		}
		a, errA := strconv.ParseFloat(f[1], 64)
		b, errB := strconv.ParseFloat(f[2], 64)
		if errA != nil || errB != nil {
			return nil, nil, fmt.Errorf("line %d: %q is no pair of figures", n+1, line)
		}
		if f[0] == "bias" {
			withVectors.bias, without.bias = a, b
			found++
		}
		for i, name := range signalNames {
			if f[0] == name {
				withVectors.weight[i], without.weight[i] = a, b
				found++
			}
		}
	}
	if found != len(signalNames)+1 {
		return nil, nil, fmt.Errorf("%d of %d signals have a weight", found, len(signalNames)+1)
	}
	return withVectors, without, nil
}
