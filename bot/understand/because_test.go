package understand

import (
	"strings"
	"testing"
)

// Whatever is decided about a message, something in it is named that carried the decision, in words of a bearable length.
func TestEveryDecisionNamesWhatCarriedIt(t *testing.T) {
	with := []Intent{
		{Name: "hours", Examples: []string{"milloin olette auki", "aukioloajat", "ootteko lauantaina auki", "monelta suljette"}, Not: []string{"milloin uimahalli on auki"}},
		{Name: "pay", Examples: []string{"miten voin maksaa", "käykö kortti", "saako laskun", "hyväksyttekö seteleitä"}},
		{Name: "oos", Examples: []string{"mikä sää huomenna on", "kerro vitsi", "kuka voitti ottelun"}},
	}
	taught, err := Train([]Set{{"fi", with}}, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Train([]Set{{"fi", with[:2]}}, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		m                    *Model
		text, rule, evidence string
	}{
		{taught, "milloin olette auki", "intent hours", "milloin olette auki"},
		{taught, "mikä sää tänään on", "no intent: like an example of what is not meant", "mikä sää huomenna on"},
		{taught, "milloin uimahalli on auki", "no intent: like an example of what is not meant", "milloin uimahalli on auki"},
		{plain, "lehmä lentää kuuhun", "no intent: ", ""},
		{taught, "oletko robotti", "asks whether it is a bot", "oletko robotti"},
		{taught, "kiitos paljon", "small talk", "kiitos paljon"},
		{taught, "haluan puhua ihmiselle", "wishes fi: ", "puhua ihmiselle"},
		{taught, "en halua ihmistä", "refusals fi: ", "en halua ihmistä"},
		{taught, "vittu mitä paskaa", "handoff: feeling over its limit", "vittu"},
		{taught, "haluan kuolla", "crisis fi: ", "haluan kuolla"},
	} {
		found := false
		for _, b := range c.m.Understand(Query{Text: c.text, Language: "fi"}).Because {
			found = found || strings.HasPrefix(b.Rule, c.rule) && strings.Contains(b.Evidence, c.evidence)
			if len([]rune(b.Rule)) > 100 {
				t.Errorf("%s: a rule of %d characters: %s", c.text, len([]rune(b.Rule)), b.Rule)
			}
		}
		if !found {
			t.Errorf("%s: %v names no %q with %q", c.text, c.m.Understand(Query{Text: c.text, Language: "fi"}).Because, c.rule, c.evidence)
		}
	}
}
