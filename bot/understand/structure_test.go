package understand

import (
	"strings"
	"testing"
)

func said(t *testing.T, m *Model, text string) Result {
	t.Helper()
	return m.Understand(Query{Text: text})
}

// What stands around a word changes what it says.
func TestFeelingsInContext(t *testing.T) {
	m := trained(t)
	for _, c := range []struct {
		name, plain, changed string
		by                   func(Result) float64
		more                 bool
	}{
		{"negation fi", "olen vihainen teille", "en ole vihainen teille", anger, false},
		{"negation sv", "jag är arg på er", "jag är inte arg på er", anger, false},
		{"negation en", "I am angry with you", "I am not angry with you", anger, false},
		{"without fi", "tämä tehdään kiireellä, kiire on", "ei ole kiire", urgency, false},
		{"no hurry en", "this is urgent", "this is not urgent", urgency, false},
		{"no hurry sv", "det är bråttom", "det är inte bråttom", urgency, false},
		{"intensifier fi", "tämä ärsyttää", "tämä ärsyttää todella", frustration, true},
		{"intensifier sv", "det är irriterande", "det är väldigt irriterande", frustration, true},
		{"intensifier en", "this is annoying", "this is extremely annoying", frustration, true},
		{"weakened en", "this is annoying", "this is slightly annoying", frustration, false},
		{"capitals", "your service is useless people", "YOUR SERVICE IS USELESS PEOPLE", anger, true},
		{"marks", "this is annoying", "this is annoying!!!!", frustration, true},
		{"emoji", "the parcel came", "the parcel came 😡", anger, true},
		{"praise denied", "this is great", "this is not great", joy, false},
	} {
		a, b := c.by(said(t, m, c.plain)), c.by(said(t, m, c.changed))
		if c.more && b <= a || !c.more && b >= a {
			t.Errorf("%s: %q %.2f, %q %.2f", c.name, c.plain, a, c.changed, b)
		}
	}
}

func anger(r Result) float64       { return r.Feelings.Anger }
func frustration(r Result) float64 { return r.Feelings.Frustration }
func joy(r Result) float64         { return r.Feelings.Joy }
func urgency(r Result) float64     { return r.Urgent }

// The same word in other shapes is the same word.
func TestShapesOfWords(t *testing.T) {
	m := trained(t)
	for _, c := range []struct {
		name, text, label string
	}{
		{"inflection fi", "saisinko asiakaspalvelijan", "human_request"},
		{"gradation fi", "yhdistä työntekijälle", "human_request"},
		{"clitic fi", "saisinkohan asiakaspalvelijankin puhelimeen", "human_request"},
		{"spoken fi", "haluun puhuu ihmiselle", "human_request"},
		{"a letter missing fi", "haluan puhua ihmsen kanssa", "human_request"},
		{"a letter missing en", "I want to talk to an operatr", "human_request"},
		{"changed places en", "talk to a preson please", "human_request"},
		{"another letter sv", "jag vill prata med en hamdläggare", "human_request"},
		{"without dots fi", "haluan asiakaspalvelijan tanne heti", "human_request"},
		{"without rings sv", "jag vill tala med en manniska", "human_request"},
		{"drawn out en", "i want a humaaaaan", "human_request"},
		{"any order fi", "ihmisen kanssa minä tästä haluan puhua", "human_request"},
		{"any order fi danger", "elää en mä jaksa tällä tavalla enää", "crisis"},
		{"capitals", "I WANT TO DIE", "crisis"},
	} {
		r := said(t, m, c.text)
		if got := labelOf(r); got != c.label {
			t.Errorf("%s: %q is %s, want %s: %s", c.name, c.text, got, c.label, evidence(r))
		}
	}
}

func TestInflection(t *testing.T) {
	for _, c := range []struct{ word, forms string }{
		{"ihminen", "ihmisen ihmistä ihmiselle ihmisiä ihmiseenkin ihmisenikö"},
		{"työntekijä", "työntekijän työntekijää työntekijöille työntekijältä"},
		{"lakki", "lakin lakkia lakissa lakit"},
		{"tilaus", "tilauksen tilausta tilauksia tilauksessani"},
		{"kauppa", "kaupan kaupassa kauppoja"},
		{"hinta", "hinnan hintaan hinnat"},
		{"uskoton", "uskottoman uskotonta"},
	} {
		b := &builder{lexicon: &lexicon{}, ids: map[string]lexeme{}, seen: map[string][]lexeme{}, seeds: seedbed{other: map[string][]ending{}}, lang: "fi"}
		id, err := b.lexeme(c.word + "+")
		if err != nil {
			t.Fatal(err)
		}
		words := b.seeds.grow()
		var a analysis
		for _, f := range strings.Fields(c.forms) {
			a.read(f)
			if ids := words.find(a.fold(0), nil); len(ids) != 1 || ids[0] != id {
				t.Errorf("%s is not found as a form of %s", f, c.word)
			}
		}
		for _, other := range []string{"kissa", c.word[:3], c.word + "xyz"} {
			a.read(other)
			if ids := words.find(a.fold(0), nil); len(ids) > 0 {
				t.Errorf("%s is taken for a form of %s", other, c.word)
			}
		}
	}
}

func TestTypos(t *testing.T) {
	b := &builder{lexicon: &lexicon{}, ids: map[string]lexeme{}, seen: map[string][]lexeme{}, seeds: seedbed{other: map[string][]ending{}}, lang: "en"}
	if _, err := b.lexeme("operator~"); err != nil {
		t.Fatal(err)
	}
	words := b.seeds.grow()
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"operatr", true}, {"opperator", true}, {"oparator", true}, {"opreator", true}, {"operatorr", true}, {"operato", true},
		{"opratr", false}, {"perator", false}, {"opera", false}, {"cooperator", false}, {"oooperator", false},
	} {
		var a analysis
		a.read(c.text)
		if got := len(words.findMisspelt(a.fold(0), nil)) > 0; got != c.ok {
			t.Errorf("%s is taken for operator: %v", c.text, got)
		}
	}
}

// Where entries break, the file and the line are named.
func TestBrokenEntries(t *testing.T) {
	for _, line := range []string{"angry", "angry x word", "angry 3 word", "rage 0.5 word", "angry 0.5 .. word", "angry 0.5 word & ..", "angry 0.5 @nobody", "harmless 1 word", "angry 0.5 two-words", "angry 0.5 a & b & c & d & e & f & g"} {
		b := &builder{lexicon: &lexicon{counts: map[string]int{}}, ids: map[string]lexeme{}, seen: map[string][]lexeme{}, seeds: seedbed{other: map[string][]ending{}}, lets: map[string][]string{}}
		err := b.readFile("lexicon/en/feelings.txt", "# a comment\n"+line+"\n")
		if err == nil || !strings.Contains(err.Error(), "lexicon/en/feelings.txt:2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// However hostile a message, what is found in it is bounded.
func TestHostileMessages(t *testing.T) {
	m := trained(t)
	for name, text := range map[string]string{
		"everything at once": hostile(), "emoji": strings.Repeat("😡", 4096), "one word": strings.Repeat("a", MaxText), "marks": strings.Repeat("!?", MaxText/2),
		"negations": strings.Repeat("ei en inte not ", MaxText/16), "wishes": strings.Repeat("human ihminen människa ", MaxText/24), "binary": strings.Repeat("\xff\xfe", MaxText/2),
		"combining": "a" + strings.Repeat("\u0301", MaxText/2), "empty": "", "spaces": strings.Repeat(" ", MaxText),
	} {
		rd := new(reader)
		rd.analysis.read(text)
		m.lexicon.read(rd, "")
		if len(rd.hits) > maxHits || len(rd.sight.ids) > 16*(len(rd.sight.places)+1) {
			t.Errorf("%s: %d patterns, %d lexemes in %d places", name, len(rd.hits), len(rd.sight.ids), len(rd.sight.places))
		}
		said(t, m, text)
	}
}
