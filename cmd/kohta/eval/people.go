package eval

import (
	"context"
	_ "embed" // hand.md
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// byHand is what was measured over lines of another hand, which lie in closed halves and are looked at rarely.
//
//go:embed hand.md
var byHand string

var peoplePart = Part{
	Name:    "People: feelings, danger, wishes, the moment to hand over",
	Needs:   []string{"support-emotion.en.tsv", "support-emotion.fi.tsv", "support-handoff.en.jsonl", "support-handoff.fi.jsonl"},
	Measure: measurePeople,
}

func measurePeople(_ context.Context, d *Data) (Section, error) {
	m, err := understand.Train(nil, understand.DefaultThresholds)
	if err != nil {
		return Section{}, err
	}
	s := Section{Text: "The entries of the lexicons were written after reading the support lines and dialogues of this table, so unseen ones are understood\nless well: `go test ./bot/understand -run Blind -v` prints the figures over lines that their authors have not read.\n\n" + byHand}
	for _, lang := range []string{"en", "fi"} {
		lines, err := d.Lines("support-emotion." + lang + ".tsv")
		if err != nil {
			return s, err
		}
		s.Figures = append(s.Figures, peopleFigures(lang, m, lines)...)
		turns, gti, all, err := handovers(d, m, "support-handoff."+lang+".jsonl")
		if err != nil {
			return s, err
		}
		s.Figures = append(s.Figures,
			Figure{Name: lang + ": handed over at the right turn", Known: "two fallbacks or a keyword 7–9 of 16", Value: float64(turns) / float64(all), Unit: "%", Digits: 1, Target: 13.0 / 16, Stretch: 1},
			Figure{Name: lang + ": GT-I of the dialogues", Known: ".44–.56", Value: gti, Digits: 3, Target: 0.85, Stretch: None})
	}
	return s, nil
}

// Label reads the nine labels of support messages out of a result, first that fits.
func Label(r understand.Result) string {
	switch {
	case r.Crisis:
		return "crisis"
	case r.AsksHuman:
		return "human_request"
	case r.RefusesHuman:
		return "human_refuse"
	case r.Feeling == "urgent", r.Feeling == "angry":
		return r.Feeling
	case r.Feeling == "distressed":
		return "sad"
	case r.Sarcastic:
		return "sarcastic"
	case r.Feeling == "frustrated":
		return r.Feeling
	}
	return "calm"
}

func peopleFigures(lang string, m *understand.Model, lines []Line) []Figure {
	hit, given, real := map[string]int{}, map[string]int{}, map[string]int{}
	overruled := 0
	for _, l := range lines {
		r := m.Understand(understand.Query{Text: l.Text})
		got := Label(r)
		given[got]++
		real[l.Label]++
		if got == l.Label {
			hit[got]++
		}
		if l.Label == "human_refuse" && r.Handoff {
			overruled++
		}
	}
	labels := make([]string, 0, len(real))
	for l := range real {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	f1 := 0.0
	for _, l := range labels {
		f1 += 2 * float64(hit[l]) / float64(given[l]+real[l]) / float64(len(labels))
	}
	return []Figure{
		{Name: lang + ": support messages, nine labels, macro-F1", Known: "linear on 100 lines .54; .58", Value: f1, Digits: 3, Target: 0.78, Stretch: 0.88},
		{Name: fmt.Sprintf("%s: crisis found, of %d", lang, real["crisis"]), Value: ratio(hit["crisis"], real["crisis"]), Unit: "%", Digits: 1, Target: 15.0 / 16, Stretch: 1},
		{Name: fmt.Sprintf("%s: false alarms, of %d", lang, len(lines)-real["crisis"]), Value: ratio(given["crisis"]-hit["crisis"], len(lines)-real["crisis"]), Unit: "%", Digits: 1, Target: 2.0 / 134, Stretch: 0, Less: true},
		{Name: fmt.Sprintf("%s: wishes for a person found, of %d", lang, real["human_request"]), Known: "12 of 16", Value: ratio(hit["human_request"], real["human_request"]), Unit: "%", Digits: 1, Target: 15.0 / 16, Stretch: 1},
		{Name: fmt.Sprintf("%s: handed over against a refusal, of %d", lang, real["human_refuse"]), Value: ratio(overruled, real["human_refuse"]), Unit: "%", Digits: 1, Target: 1.0 / 12, Stretch: 0, Less: true},
	}
}

// handovers plays dialogues turn by turn. GT-I is 1 for a dialogue that neither hands over, 0 where one does and the
// other not, else exp(−d²/2) for d turns between the two (Liu et al., AAAI 2021).
func handovers(d *Data, m *understand.Model, name string) (right int, gti float64, all int, err error) {
	raw, err := d.Raw(name)
	if err != nil {
		return 0, 0, 0, err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var talk struct {
			Turns []understand.Turn
			At    *int `json:"handoff_at"`
		}
		if err := json.Unmarshal([]byte(line), &talk); err != nil {
			return 0, 0, 0, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		want, got := -1, firstHandover(m, talk.Turns)
		if talk.At != nil {
			want = visitorTurn(talk.Turns, *talk.At)
		}
		all++
		switch {
		case want == got:
			right++
			gti++
		case want >= 0 && got >= 0:
			gti += math.Exp(-float64((want-got)*(want-got)) / 2)
		}
	}
	return right, gti / float64(max(all, 1)), all, nil
}

// firstHandover is the number, from 0, of the visitor's turn that brings a person in; -1 if none does.
func firstHandover(m *understand.Model, turns []understand.Turn) int {
	for i, t := range turns {
		if (t.Role == "user" || t.Role == "visitor") && m.Understand(understand.Query{Text: t.Text, Before: turns[:i]}).Handoff {
			return visitorTurn(turns, i)
		}
	}
	return -1
}

func visitorTurn(turns []understand.Turn, at int) int {
	n := 0
	for _, t := range turns[:min(at, len(turns))] {
		if t.Role == "user" || t.Role == "visitor" {
			n++
		}
	}
	return n
}
