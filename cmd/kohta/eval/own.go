package eval

import (
	"context"
	"fmt"
	"slices"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/bot/understand"
)

// ownPart measures over the project's own sets, which lie in OwnFolder of a checkout.
var ownPart = Part{
	Name:    "Finnish, Swedish and English: the intents of a shop",
	Needs:   []string{"intents.fi.tsv", "intents.sv.tsv", "intents.en.tsv", "wider.fi.tsv", "wider.sv.tsv"},
	Measure: measureOwn,
}

// OwnFolder is where a checkout keeps the project's own sets.
const OwnFolder = "bot/understand/testdata"

const ownText = "38 intents that lie close together (`order_status`, `track_order`, `delivery_time`; `payment_failed`, `payment_methods`, `double_charge`), in\n" +
	"`bot/understand/testdata`; one message of four, by its hash, is for testing and has taught nothing. The first hand's Finnish and Swedish sets have\n" +
	"some 45 messages an intent, two fifths of them what most customers write. Further ones are of other hands, who had not seen the first, and are as\n" +
	"far apart as people write; the English set is of that kind. Taught is all of a language that is for learning. The cut is set so that three of four\n" +
	"messages out of scope stay under it.\n"

const ownWhy = "Messages worded as far apart as people write have their telling words in no example. What helps is more examples of more hands: with the\n" +
	"first hand's 33 an intent alone, its own Finnish test came to 73.1, and the further hands' to 59.6.\n"

// ownSets are the languages of the project's own sets, with what the first hand's test is to reach.
var ownSets = []struct {
	language, name string
	target         float64
}{{"fi", "Finnish", 0.90}, {"sv", "Swedish", None}, {"en", "English", None}}

func measureOwn(_ context.Context, d *Data) (Section, error) {
	shop, faults := bot.Load(demo.Folder())
	if shop == nil {
		return Section{}, fmt.Errorf("load the demo: %v", faults)
	}
	s := Section{Text: ownText, Why: ownWhy}
	for _, c := range ownSets {
		first, err := d.Lines("intents." + c.language + ".tsv")
		if err != nil {
			return Section{}, err
		}
		var further []Line
		if c.language != "en" {
			if further, err = d.Lines("wider." + c.language + ".tsv"); err != nil {
				return Section{}, err
			}
		}
		train, _ := halves(slices.Concat(first, further))
		m, err := understand.Train([]understand.Set{{Language: c.language, Intents: intents(train)}}, understand.DefaultThresholds)
		if err != nil {
			return Section{}, err
		}
		by := func(text string) understand.Result {
			return m.Understand(understand.Query{Text: text, Language: c.language})
		}
		demos := func(text string) understand.Result { return shop.Understand(text, c.language) }
		s.Figures = append(s.Figures, ownFigures(c.name, c.target, by, demos, first)...)
		if len(further) > 0 {
			s.Figures = append(s.Figures, ownFigures(c.name+", further hands", None, by, demos, further)...)
		}
	}
	return s, nil
}

// ownFigures are those of one set's test part, by a model of the sets and by the demo.
func ownFigures(name string, target float64, by, demos func(string) understand.Result, lines []Line) []Figure {
	_, test := halves(lines)
	taught, shipped := answers(by, test), answers(demos, test)
	return []Figure{
		{Name: name + ": in scope at 75 % out-of-scope recall", Value: atRecall(taught), Unit: "%", Digits: 1, Target: target, Stretch: None},
		{Name: name + ": the best candidate is right", Value: named(taught), Unit: "%", Digits: 1, Target: None, Stretch: None},
		{Name: name + ", the demo as it is: in scope at 75 % out-of-scope recall", Value: atRecall(shipped), Unit: "%", Digits: 1, Target: None, Stretch: None},
	}
}

// halves parts lines once and for all, by their hash: three of four to learn from, one to test.
func halves(lines []Line) (train, test []Line) {
	for _, l := range lines {
		if understand.Held(l.Text) {
			test = append(test, l)
		} else {
			train = append(train, l)
		}
	}
	return train, test
}

// atRecall is the share of the lines in scope that are rightly named and surer than three of four out of scope are.
func atRecall(all []answer) float64 {
	var out []float64
	for _, a := range all {
		if a.nobodys {
			out = append(out, a.confidence)
		}
	}
	if len(out) == 0 {
		return 0
	}
	slices.Sort(out)
	cut := out[(len(out)*3+3)/4-1]
	right, in := 0, 0
	for _, a := range all {
		if !a.nobodys {
			in++
			if a.right && a.confidence > cut {
				right++
			}
		}
	}
	return ratio(right, in)
}

// named is the share of the lines in scope whose best candidate is right, rejected or not.
func named(all []answer) float64 {
	right, in := 0, 0
	for _, a := range all {
		if !a.nobodys {
			in++
			if a.right {
				right++
			}
		}
	}
	return ratio(right, in)
}
