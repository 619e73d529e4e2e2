package understand

import "testing"

// What stands in the folder word for word is what its author says, and what two intents have is left open.
func TestExact(t *testing.T) {
	m, err := Train([]Set{{Language: "fi", Intents: []Intent{
		{Name: "greet", Examples: []string{"Hei", "hyvää päivää teille", "moi taas", "päivää, minulla olisi asiaa"}},
		{Name: "goodbye", Examples: []string{"hei hei", "heippa hei vaan", "hei sitten", "no hei", "moi taas"}, Not: []string{"hei kuka siellä"}},
	}}}, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []struct{ text, intent string }{
		{"hei", "greet"}, {"HEI!", "greet"}, {"Hei hei.", "goodbye"}, {"hyvaa paivaa teille", "greet"}, {"hei kuka siellä?", ""},
	} {
		r := m.Understand(Query{Text: of.text, Language: "fi"})
		if r.Intent != of.intent || of.intent != "" && r.Confidence < sureOfExact {
			t.Errorf("%q is %q (%.2f), want %q", of.text, r.Intent, r.Confidence, of.intent)
		}
	}
	if r := m.Understand(Query{Text: "moi taas", Language: "fi"}); r.Confidence >= sureOfExact {
		t.Errorf("what two intents have is %q (%.2f)", r.Intent, r.Confidence)
	}
}
