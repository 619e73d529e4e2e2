package understand

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// line is one message of the intent sets.
type line struct{ text, intent string }

// intentSet reads testdata/intents.<language>.tsv, split by the hash of the text.
func intentSet(t testing.TB, language string) (train, test []line) {
	t.Helper()
	raw, err := os.ReadFile("testdata/intents." + language + ".tsv")
	if err != nil {
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
	for language, floor := range map[string]judgement{"fi": {closed: 0.77, atRecall: 0.70}, "sv": {closed: 0.77, atRecall: 0.71}} {
		train, test := intentSet(t, language)
		count := map[string]int{}
		seen := map[string]bool{}
		for _, l := range slices.Concat(train, test) {
			count[l.intent]++
			if key := strings.ToLower(l.text); seen[key] {
				t.Errorf("%s: %q stands twice", language, l.text)
			} else {
				seen[key] = true
			}
		}
		if taught := demoExamples(t, language); len(taught) < 500 {
			t.Errorf("%s: only %d examples were found in the demo", language, len(taught))
		} else {
			for _, l := range test {
				if taught[plainText(l.text)] {
					t.Errorf("%s: the demo is taught %q, which is for testing", language, l.text)
				}
			}
		}
		for intent, n := range count {
			if n < 35 || intent == "oos" && n < 120 {
				t.Errorf("%s: %d of %s", language, n, intent)
			}
		}
		if len(count) < 31 {
			t.Errorf("%s: %d intents", language, len(count))
		}
		m, err := Train([]Set{asSet(language, train)}, DefaultThresholds)
		if err != nil {
			t.Fatal(err)
		}
		j := judge(m, language, test)
		t.Logf("%s: %d to train, %d to test: closed %.3f; by the default thresholds %.3f in scope at %.3f recall; %.3f in scope at 0.75 recall", language, len(train), len(test), j.closed, j.inScope, j.recall, j.atRecall)
		if j.closed < floor.closed || j.atRecall < floor.atRecall {
			t.Errorf("%s: %+v is under %+v", language, j, floor)
		}
	}
}
