package bench

import "encoding/json"

// routine are questions that the demo's bot answers by itself, in its three languages. No two that follow one another
// ask for the same, which would bring a person.
var routine = []struct {
	language string
	lines    []string
}{
	{"fi", []string{
		"Mitkä ovat aukioloajat?", "Paljonko toimitus maksaa?", "Kuinka kauan kahvi säilyy?", "Onko teillä lahjakortteja?",
		"Millä voin maksaa?", "Mikä on tummin paahto?",
	}},
	{"sv", []string{
		"Vad har ni för öppettider?", "Vad kostar frakten?", "Hur länge håller kaffet?", "Säljer ni presentkort?",
		"Hur kan jag betala?",
	}},
	{"en", []string{
		"What are your opening hours?", "How much is shipping?", "How long does the coffee keep?", "Do you sell gift cards?",
		"How can I pay?",
	}},
}

// script is what visitors say.
type script struct{ parts []part }

// part is what one visitor says, over and over.
type part struct {
	language string
	lines    [][]byte // as JSON strings
}

func newScript(lines []string) script {
	if len(lines) > 0 {
		return script{[]part{{"", encoded(lines)}}}
	}
	var s script
	for _, r := range routine {
		s.parts = append(s.parts, part{r.language, encoded(r.lines)})
	}
	return s
}

func encoded(lines []string) [][]byte {
	out := make([][]byte, len(lines))
	for i, l := range lines {
		b, err := json.Marshal(l)
		if err != nil { // a string always has a JSON form
			panic(err)
		}
		out[i] = b
	}
	return out
}

func (s script) of(visitor int) part { return s.parts[visitor%len(s.parts)] }

// line is the n-th message of a visitor. Visitors begin at different lines.
func (p part) line(visitor, n int) []byte { return p.lines[(visitor+n)%len(p.lines)] }
