package understand

import (
	"strings"
	"testing"
)

// A word said again and again makes the bot no surer than when it is said twice.
func TestRepeatsMakeNoSurer(t *testing.T) {
	train, _ := intentSet(t, "intents", "fi")
	m, err := Train([]Set{asSet("fi", train)}, DefaultThresholds)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"ei", "hei", "kahvi", "ei ole", "привет 你好 سلام tilaus", "no niin joo"} {
		twice := m.Understand(Query{Text: words + " " + words, Language: "fi"})
		for _, n := range []int{3, 10, 100, 2000} {
			text := strings.Repeat(words+" ", n)
			r := m.Understand(Query{Text: text, Language: "fi"})
			if r.Confidence > twice.Confidence+0.1 {
				t.Errorf("%q: %.2f twice, %.2f when said %d times", words, twice.Confidence, r.Confidence, n)
			}
		}
	}
}

func TestWithoutRepeats(t *testing.T) {
	var r repeats
	var a analysis
	for text, want := range map[string]string{
		"one two three": "one two three", "one one": "one one", "no no no no!": "no no !", "a b a b a c": "a b a b c", "🙂🙂🙂🙂": "🙂 🙂", "": "", "!!!!": "! ! ! !",
	} {
		a.read(text)
		got := r.without(&a)
		var words []string
		for i := range got.toks {
			words = append(words, string(got.fold(i)))
		}
		if have := strings.Join(words, " "); have != want {
			t.Errorf("%q becomes %q, want %q", text, have, want)
		}
	}
}
