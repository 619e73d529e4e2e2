package eval

import (
	"context"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

var filmPart = Part{
	Name:    "Negative feeling: lines of films (XED)",
	Needs:   []string{"xed-en.val.tsv", "xed-fi.val.tsv", "xed-sv-projected.val.tsv"},
	Measure: measureFilms,
}

// measureFilms ranks lines by `negative`: those with anger, disgust, fear or sadness against all others.
func measureFilms(_ context.Context, d *Data) (Section, error) {
	m, err := understand.Train(nil, understand.DefaultThresholds)
	if err != nil {
		return Section{}, err
	}
	s := Section{Text: "Lines of films are not messages to a desk: the lexicons, made for a desk, hear little in them, and the shipped weights carry nearly all of it.\n",
		Why: "What a line of a film feels like hangs on its scene as often as on its words, and the weights know words and their pieces alone.\n"}
	for _, c := range []struct {
		name, language, file, known string
		target, stretch             float64
	}{
		{"English: AUROC of `negative`", "en", "xed-en.val.tsv", "VADER .675", 0.81, 0.84},
		{"Finnish: AUROC of `negative`", "fi", "xed-fi.val.tsv", "Finnish lexicon .593", 0.78, 0.82},
		{"Swedish, labels projected, lexicons alone", "sv", "xed-sv-projected.val.tsv", "", None, None},
	} {
		lines, err := d.Lines(c.file)
		if err != nil {
			return Section{}, err
		}
		var bad, other []float64
		for _, l := range lines {
			n := m.Classify(understand.Query{Text: l.Text}).Negative
			if isBad(l.Label) {
				bad = append(bad, n)
			} else {
				other = append(other, n)
			}
		}
		s.Figures = append(s.Figures, Figure{Name: c.name, Known: c.known, Value: area(bad, other), Digits: 3, Target: c.target, Stretch: c.stretch})
	}
	return s, nil
}

func isBad(labels string) bool {
	for _, l := range strings.Split(labels, ",") {
		if l == "anger" || l == "disgust" || l == "fear" || l == "sadness" {
			return true
		}
	}
	return false
}
