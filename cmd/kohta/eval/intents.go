package eval

import (
	"context"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

var scopePart = Part{
	Name:    "In scope and out of it: CLINC150",
	Needs:   []string{"clinc150.train.tsv", "clinc150.val.tsv", "clinc150.oosplus-extra.tsv", "clinc150.small-lines.txt"},
	Measure: measureScope,
}

// clinc are the training sets of the paper and the validation lines.
func (d *Data) clinc() (full, small, plus, val []Line, err error) {
	if full, err = d.Lines("clinc150.train.tsv"); err != nil {
		return
	}
	if val, err = d.Lines("clinc150.val.tsv"); err != nil {
		return
	}
	further, err := d.Lines("clinc150.oosplus-extra.tsv")
	if err != nil {
		return
	}
	small, err = d.picked("clinc150.small-lines.txt", full)
	return full, small, slices.Concat(full, further), val, err
}

func measureScope(_ context.Context, d *Data) (Section, error) {
	full, small, plus, val, err := d.clinc()
	if err != nil {
		return Section{}, err
	}
	var s Section
	for _, c := range []struct {
		name, known     string
		train           []Line
		target, stretch [3]float64
	}{
		{"Full", "Rasa 91.5 / 45.3, BERT 96.9 / 40.3", full, [3]float64{0.925, 0.68, 0.973}, [3]float64{0.94, 0.80, 0.985}},
		{"Small", "Rasa 88.9 / 55.0", small, [3]float64{0.909, 0.60, None}, [3]float64{0.92, 0.70, None}},
		{"OOS+", "Rasa 90.9 / 66.0", plus, [3]float64{0.925, 0.74, None}, [3]float64{0.94, 0.85, None}},
	} {
		t, err := d.english("clinc "+c.name, intents(c.train))
		if err != nil {
			return Section{}, err
		}
		got := ask(t.model, val)
		s.Figures = append(s.Figures,
			Figure{Name: c.name + ": intents in scope", Known: c.known, Value: accuracy(got), Unit: "%", Digits: 1, Target: c.target[0], Stretch: c.stretch[0]},
			Figure{Name: c.name + ": out of scope noticed", Value: recall(got), Unit: "%", Digits: 1, Target: c.target[1], Stretch: c.stretch[1]},
			Figure{Name: c.name + ": AUROC of the confidence", Value: scopeArea(got), Digits: 3, Target: c.target[2], Stretch: c.stretch[2]})
	}
	return s, nil
}

var intentPart = Part{
	Name: "Intents: Banking77 and HWU64",
	Needs: []string{"banking77.train.tsv", "banking77.train10.tsv", "banking77.train5.tsv", "banking77.val.tsv",
		"hwu64.train.tsv", "hwu64.train10.tsv", "hwu64.val.tsv"},
	Measure: measureIntents,
}

func measureIntents(_ context.Context, d *Data) (Section, error) {
	var s Section
	for _, c := range []struct {
		name, known, train, val string
		target, stretch         float64
	}{
		{"Banking77, all examples", "word SVM 89.5", "banking77.train.tsv", "banking77.val.tsv", 0.915, 0.93},
		{"Banking77, 10 an intent", "sentence encoder 84.2, word SVM 70.0", "banking77.train10.tsv", "banking77.val.tsv", 0.765, 0.82},
		{"Banking77, 5 an intent", "word SVM 56.8", "banking77.train5.tsv", "banking77.val.tsv", 0.65, 0.73},
		{"HWU64, all examples", "", "hwu64.train.tsv", "hwu64.val.tsv", 0.885, 0.90},
		{"HWU64, 10 an intent", "sentence encoder 83.8", "hwu64.train10.tsv", "hwu64.val.tsv", 0.745, 0.80},
	} {
		train, err := d.Lines(c.train)
		if err != nil {
			return Section{}, err
		}
		val, err := d.Lines(c.val)
		if err != nil {
			return Section{}, err
		}
		t, err := d.english(c.train, intents(train))
		if err != nil {
			return Section{}, err
		}
		s.Figures = append(s.Figures, Figure{Name: c.name, Known: c.known, Value: accuracy(ask(t.model, val)), Unit: "%", Digits: 1, Target: c.target, Stretch: c.stretch})
	}
	return s, nil
}

var nearMissPart = Part{
	Name:    "Near misses listed by the author: Banking77-OOS",
	Needs:   []string{"banking77oos.train.tsv", "banking77oos.train-idoos.tsv", "banking77oos.val.tsv", "clinc150.train.tsv"},
	Measure: measureNearMisses,
}

func measureNearMisses(_ context.Context, d *Data) (Section, error) {
	train, err := d.Lines("banking77oos.train.tsv")
	if err != nil {
		return Section{}, err
	}
	misses, err := d.Lines("banking77oos.train-idoos.tsv")
	if err != nil {
		return Section{}, err
	}
	val, err := d.Lines("banking77oos.val.tsv")
	if err != nil {
		return Section{}, err
	}
	in := intents(train)
	for i, l := range misses { // as an author would list them, some beside each intent
		in[i%len(in)].Not = append(in[i%len(in)].Not, l.Text)
	}
	t, err := d.english("banking77oos", in)
	if err != nil {
		return Section{}, err
	}
	part := func(keep func(string) bool) []answer { return ask(t.model, only(val, keep)) }
	const known = "greatest probability 84 / 75 / 99"
	full, err := d.Lines("clinc150.train.tsv")
	if err != nil {
		return Section{}, err
	}
	far := understand.Intent{Name: nobody}
	for _, l := range only(full, func(l string) bool { return l == nobody }) {
		far.Examples = append(far.Examples, l.Text)
	}
	both, err := d.english("banking77oos and far", append(slices.Clone(in), far))
	if err != nil {
		return Section{}, err
	}
	const text = "The author lists near misses alone in the first three rows, and one cut serves near and far. The last row is the lever for far ones.\n"
	const why = "With near misses alone under `not:`, what is nobody's looks like the bank's own: a cut low enough for 88.5 in scope lets the far ones by,\n" +
		"and one that stops them takes more from the scope. A hundred far examples under `oos` part them.\n"
	return Section{Text: text, Why: why, Figures: []Figure{
		{Name: "in scope", Known: known, Value: accuracy(part(func(l string) bool { return !strings.HasPrefix(l, nobody) })), Unit: "%", Digits: 1, Target: 0.885, Stretch: 0.91},
		{Name: "near miss noticed", Value: recall(part(func(l string) bool { return l == "oos-id" })), Unit: "%", Digits: 1, Target: 0.96, Stretch: 0.98},
		{Name: "far miss noticed", Value: recall(part(func(l string) bool { return l == "oos-ood" })), Unit: "%", Digits: 1, Target: 0.96, Stretch: 0.98},
		{Name: "far miss noticed, with CLINC150's 100 under `oos`", Value: recall(ask(both.model, only(val, func(l string) bool { return l == "oos-ood" }))), Unit: "%", Digits: 1, Target: None, Stretch: None},
	}}, nil
}

var typoPart = Part{
	Name:    "A slip of the keys in every twenty characters: CLINC150",
	Needs:   scopePart.Needs,
	Measure: measureTypos,
}

func measureTypos(_ context.Context, d *Data) (Section, error) {
	full, _, _, val, err := d.clinc()
	if err != nil {
		return Section{}, err
	}
	t, err := d.english("clinc Full", intents(full))
	if err != nil {
		return Section{}, err
	}
	val = only(val, func(l string) bool { return l != nobody })
	for i := range val {
		val[i].Text = slip(val[i].Text, uint64(i))
	}
	closed := 0
	got := ask(t.model, val)
	for _, a := range got {
		if a.right {
			closed++
		}
	}
	return Section{Figures: []Figure{
		{Name: "the right intent is the best", Known: "87–88", Value: ratio(closed, len(got)), Unit: "%", Digits: 1, Target: 0.89, Stretch: 0.92},
		{Name: "and is not rejected", Value: accuracy(got), Unit: "%", Digits: 1, Target: None, Stretch: None},
	}}, nil
}

// slip leaves out, adds, changes or swaps a letter in every twenty, one at least, by dice that seed throws.
func slip(text string, seed uint64) string {
	b := []byte(text)
	roll := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int((seed >> 33) % uint64(n))
	}
	for range max(1, len(b)/20) {
		if len(b) == 0 {
			break
		}
		i, letter := roll(len(b)), byte('a'+roll(26))
		switch roll(4) {
		case 0:
			b = slices.Delete(b, i, i+1)
		case 1:
			b = slices.Insert(b, i, letter)
		case 2:
			b[i] = letter
		default:
			if i+1 < len(b) {
				b[i], b[i+1] = b[i+1], b[i]
			}
		}
	}
	return string(b)
}
