package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/kohta/kohta/bot/understand"
)

var costPart = Part{
	Name:    "Time and memory",
	Needs:   scopePart.Needs,
	Measure: measureCost,
}

// measureCost is of one thread and of processor time, so that what else runs on the machine counts little.
func measureCost(_ context.Context, d *Data) (Section, error) {
	full, _, _, val, err := d.clinc()
	if err != nil {
		return Section{}, err
	}
	big, err := d.english("clinc Full", intents(full))
	if err != nil {
		return Section{}, err
	}
	small, err := understandSmall(full)
	if err != nil {
		return Section{}, err
	}
	long := join(val, 30)
	return Section{Text: "Processor time of one thread, the least of several rounds, on the machine that ran this, and beside whatever else ran there.\n", Figures: []Figure{
		{Name: "a message of 30 words, 150 intents", Value: microseconds(big.model, []string{long}), Unit: "µs", Digits: 0, Target: 200, Stretch: 80, Less: true},
		{Name: "a validation line of CLINC150, 150 intents", Value: microseconds(big.model, texts(val[:500])), Unit: "µs", Digits: 0, Target: None, Stretch: None, Less: true},
		{Name: "memory allocated a message", Value: allocations(big.model, long), Digits: 0, Unit: "times", Target: None, Stretch: None, Less: true},
		{Name: "training at load: 15,000 examples, 150 intents", Value: big.seconds, Unit: "CPU s", Digits: 1, Target: 6, Stretch: 2, Less: true},
		{Name: "training at load: 50 intents of 20 examples", Value: 1000 * small, Unit: "CPU ms", Digits: 0, Target: 100, Stretch: 50, Less: true},
		{Name: "memory of the model of 150 intents", Value: float64(big.bytes) / 1e6, Unit: "MB", Digits: 1, Target: 20, Stretch: 2, Less: true},
	}}, nil
}

// understandSmall is the processor time that a bot of an ordinary size takes to learn, the least of three times.
func understandSmall(full []Line) (float64, error) {
	in := intents(full)[:50]
	for i := range in {
		in[i].Examples = in[i].Examples[:20]
	}
	best := 0.0
	for i := range 3 {
		before := processorSeconds()
		if _, err := understand.Train([]understand.Set{{Language: "en", Intents: in}}, understand.DefaultThresholds); err != nil {
			return 0, err
		}
		if took := processorSeconds() - before; i == 0 || took < best {
			best = took
		}
	}
	return best, nil
}

// microseconds is the processor time of one message, the least of several rounds.
func microseconds(m *understand.Model, texts []string) float64 {
	rounds := max(1, 1000/len(texts))
	best := 0.0
	for i := range 5 {
		before := processorSeconds()
		for range rounds {
			for _, t := range texts {
				m.Understand(understand.Query{Text: t, Language: "en"})
			}
		}
		if took := processorSeconds() - before; i == 0 || took < best {
			best = took
		}
	}
	return 1e6 * best / float64(rounds*len(texts))
}

func allocations(m *understand.Model, text string) float64 {
	return testing.AllocsPerRun(100, func() { m.Understand(understand.Query{Text: text, Language: "en"}) })
}

// join makes one message of so many words of several.
func join(lines []Line, words int) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.Fields(l.Text)...)
		if len(out) >= words {
			break
		}
	}
	return strings.Join(out[:words], " ")
}

func texts(lines []Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}
