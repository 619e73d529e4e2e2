package understand

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// line is one message of the intent sets.
type line struct{ text, intent string }

// intentSet reads a set of testdata, "intents" or "wider", split by the hash of the text; nothing where there is none.
func intentSet(t testing.TB, name, language string) (train, test []line) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + "." + language + ".tsv")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(raw)) {
		text, intent, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if !ok {
			t.Fatalf("no tab in %q", l)
		}
		if Held(text) {
			test = append(test, line{text, intent})
		} else {
			train = append(train, line{text, intent})
		}
	}
	return train, test
}

// asSet makes training examples of lines.
func asSet(language string, lines []line) Set {
	s := Set{Language: language}
	at := map[string]int{}
	for _, l := range lines {
		i, ok := at[l.intent]
		if !ok {
			i = len(s.Intents)
			at[l.intent] = i
			s.Intents = append(s.Intents, Intent{Name: l.intent})
		}
		s.Intents[i].Examples = append(s.Intents[i].Examples, l.text)
	}
	return s
}

// judgement is what a model makes of a test half.
type judgement struct {
	closed   float64 // right among what is in scope, whatever the confidence
	inScope  float64 // right and in scope by the thresholds
	recall   float64 // of out of scope, noticed by the thresholds
	atRecall float64 // right and over the confidence that three quarters of out of scope stay under
}

func judge(m *Model, language string, test []line) judgement {
	var j judgement
	type seen struct {
		confidence float64
		right      bool
	}
	var in []seen
	var out []float64
	for _, l := range test {
		r := m.Understand(Query{Text: l.text, Language: language})
		if l.intent == "oos" {
			out = append(out, r.Confidence)
			if !r.InScope {
				j.recall++
			}
			continue
		}
		best := r.Intent
		if best == "" && len(r.Alternatives) > 0 {
			best = r.Alternatives[0].Intent
		}
		if right := best == l.intent; right {
			j.closed++
			in = append(in, seen{r.Confidence, true})
			if r.InScope {
				j.inScope++
			}
		} else {
			in = append(in, seen{r.Confidence, false})
		}
	}
	slices.Sort(out)
	cut := out[(len(out)*3+3)/4-1]
	for _, s := range in {
		if s.right && s.confidence > cut {
			j.atRecall++
		}
	}
	n := float64(len(in))
	j.closed, j.inScope, j.atRecall, j.recall = j.closed/n, j.inScope/n, j.atRecall/n, j.recall/float64(len(out))
	return j
}

var (
	entityMarks = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	noWords     = regexp.MustCompile(`[^\pL\pN]+`)
)

// plainText is a message without marks, capitals and punctuation.
func plainText(s string) string {
	return strings.TrimSpace(noWords.ReplaceAllString(strings.ToLower(entityMarks.ReplaceAllString(s, "$1")), " "))
}

// demoExamples are all lines that begin with a dash in the demo's training data.
func demoExamples(t *testing.T, language string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../demo/nlu/" + language + "/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(raw)) {
			if text, ok := strings.CutPrefix(strings.TrimSpace(l), "- "); ok {
				out[plainText(text)] = true
			}
		}
	}
	return out
}

// The intent sets are whole, natural in number, without repeats, and what they are judged by is at least what it was.
func TestIntentSets(t *testing.T) {
	for language, floors := range map[string][2]judgement{
		"fi": {{closed: 0.90, atRecall: 0.89}, {closed: 0.80, atRecall: 0.77}},
		"sv": {{closed: 0.88, atRecall: 0.84}, {closed: 0.81, atRecall: 0.78}},
		"en": {{closed: 0.80, atRecall: 0.77}},
	} {
		first, held := intentSet(t, "intents", language)
		further, wide := intentSet(t, "wider", language)
		if !wholeSet(t, language, slices.Concat(first, held), slices.Concat(further, wide), slices.Concat(held, wide)) {
			continue
		}
		m, err := Train([]Set{asSet(language, slices.Concat(first, further))}, DefaultThresholds)
		if err != nil {
			t.Fatal(err)
		}
		for i, test := range [][]line{held, wide} {
			if len(test) == 0 {
				continue
			}
			j := judge(m, language, test)
			t.Logf("%s %d: %d to train, %d to test: closed %.3f; by the default thresholds %.3f in scope at %.3f recall; %.3f in scope at 0.75 recall", language, i+1, len(first)+len(further), len(test), j.closed, j.inScope, j.recall, j.atRecall)
			if j.closed < floors[i].closed || j.atRecall < floors[i].atRecall {
				t.Errorf("%s %d: %+v is under %+v", language, i+1, j, floors[i])
			}
		}
	}
}

// wholeSet tells whether a language's sets are in order: enough of each intent, nothing twice, and nothing that is held
// back taught to the demo.
func wholeSet(t *testing.T, language string, first, further, held []line) bool {
	t.Helper()
	count, seen := map[string]int{}, map[string]bool{}
	for _, l := range slices.Concat(first, further) {
		key := strings.ToLower(l.text)
		if seen[key] {
			t.Errorf("%s: %q stands twice", language, l.text)
		}
		seen[key] = true
	}
	for _, l := range first {
		count[l.intent]++
	}
	for intent, n := range count {
		if n < 35 || intent == "oos" && n < 120 {
			t.Errorf("%s: %d of %s", language, n, intent)
		}
	}
	if len(count) < 31 {
		t.Errorf("%s: %d intents", language, len(count))
	}
	taught := demoExamples(t, language)
	if len(taught) < 500 {
		t.Errorf("%s: only %d examples were found in the demo", language, len(taught))
	}
	for _, l := range held {
		if taught[plainText(l.text)] {
			t.Errorf("%s: the demo is taught %q, which is for testing", language, l.text)
		}
	}
	return !t.Failed()
}
