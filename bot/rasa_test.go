package bot

import (
	"os"
	"strings"
	"testing"
)

// Files of Rasa 3 are read as they are: what is training data is learned, with its marks taken out, and all else is
// left out with a word.
func TestRasaFilesAreReadAsTheyAre(t *testing.T) {
	b, faults := Load(os.DirFS("testdata/rasa"))
	if b == nil {
		t.Fatal(faults)
	}
	left := map[string]bool{}
	for _, f := range faults {
		if f.Severity == Error {
			t.Error(f)
		}
		left[f.File+": "+f.Message] = true
	}
	for _, want := range []string{
		`nlu/en/nlu.yml: "stories" of Rasa is left out`, `nlu/en/nlu.yml: "rules" of Rasa is left out`, `nlu/en/nlu.yml: "responses" of Rasa is left out`,
		`nlu/en/domain.yml: "intents" of Rasa is left out`, `nlu/en/domain.yml: "session_config" of Rasa is left out`,
		`nlu/en/nlu.yml: a pattern of "account_number" is left out: invalid or unsupported Perl syntax: ` + "`(?=`",
		`nlu/en/nlu.yml: the words of the lookup "city" stand in a file, which is not read`,
	} {
		if !left[want] {
			t.Errorf("nothing says %q: %v", want, faults)
		}
	}
	l := newLoader(os.DirFS("testdata/rasa"))
	if !l.readFiles() {
		t.Fatal(l.faults)
	}
	l.readBot()
	l.readNLU()
	for name, want := range map[string]string{
		"greet":              "hey|hello there Sara|good morning",
		"book_flight":        "fly from Berlin to San Francisco|book a flight for two people|flights to SF|go to NYC",
		"inform/ask_weather": "what is the weather in Paris|how is the weather",
	} {
		in := l.sets["en"].intents[name]
		if in == nil || strings.Join(in.Examples, "|") != want {
			t.Errorf("%s: %+v, want %q", name, in, want)
		}
	}
	if got := l.nlu.synonyms; got["San Francisco"] != "SF" || got["credit account"] != "credit" || got["SF"] != "San Francisco" {
		t.Errorf("synonyms: %v", got)
	}
}
