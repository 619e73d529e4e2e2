package eval

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// answer is what a model said about a line.
type answer struct {
	confidence float64
	inScope    bool // by the model's default thresholds
	right      bool // the best candidate, in scope or not, is the line's intent
	nobodys    bool // the line is out of scope
}

func ask(m *understand.Model, lines []Line) []answer {
	return answers(func(text string) understand.Result { return m.Understand(understand.Query{Text: text, Language: "en"}) }, lines)
}

// answers are what by says about lines.
func answers(by func(text string) understand.Result, lines []Line) []answer {
	out := make([]answer, len(lines))
	for i, l := range lines {
		r := by(l.Text)
		best := r.Intent
		if !r.InScope && len(r.Alternatives) > 0 {
			best = r.Alternatives[0].Intent
		}
		out[i] = answer{confidence: r.Confidence, inScope: r.InScope, right: best == l.Label, nobodys: strings.HasPrefix(l.Label, nobody)}
	}
	return out
}

// accuracy is the share of the lines in scope whose intent is named; one that is rejected counts as wrong.
func accuracy(answers []answer) float64 {
	right, all := 0, 0
	for _, a := range answers {
		if a.nobodys {
			continue
		}
		all++
		if a.right && a.inScope {
			right++
		}
	}
	return ratio(right, all)
}

// recall is the share of the lines out of scope that are noticed.
func recall(answers []answer) float64 {
	noticed, all := 0, 0
	for _, a := range answers {
		if a.nobodys {
			all++
			if !a.inScope {
				noticed++
			}
		}
	}
	return ratio(noticed, all)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// area is the area under the receiver's curve: how likely a positive scores higher than a negative, a tie being half.
func area(positive, negative []float64) float64 {
	if len(positive) == 0 || len(negative) == 0 {
		return 0
	}
	slices.Sort(negative)
	sum := 0.0
	for _, p := range positive {
		below, _ := slices.BinarySearch(negative, p)
		upTo := below
		for upTo < len(negative) && negative[upTo] == p {
			upTo++
		}
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(positive)) / float64(len(negative))
}

func scopeArea(answers []answer) float64 {
	var in, out []float64
	for _, a := range answers {
		if a.nobodys {
			out = append(out, a.confidence)
		} else {
			in = append(in, a.confidence)
		}
	}
	return area(in, out)
}

// only keeps the lines with a label that keep says yes to.
func only(lines []Line, keep func(label string) bool) []Line {
	var out []Line
	for _, l := range lines {
		if keep(l.Label) {
			out = append(out, l)
		}
	}
	return out
}
