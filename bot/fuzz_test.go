package bot

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// FuzzUnderstand takes a message the whole way: what is understood of it is whole and the same each time, classify
// prints one line of JSON for it, and it is answered.
func FuzzUnderstand(f *testing.F) {
	b, faults := Load(os.DirFS("testdata/cafe"))
	if b == nil {
		f.Fatal(faults)
	}
	for _, text := range hostile() {
		f.Add(text[:min(len(text), 2000)], "", "fi")
	}
	for _, text := range []string{"Moi! Koska mun tilaus 10234 tulee?", "can I get a refund of 80 €", "jag vill prata med en människa", "en jaksa enää elää", "{\"text\":\"moi\"}", "{", "a\x00b"} {
		f.Add(text, "ei auttanut", "")
	}
	f.Fuzz(func(t *testing.T, text, before, language string) {
		turns := []understand.Turn{{Role: "visitor", Text: before}, {Role: "bot", Text: text, Outcome: "clarify"}}
		r := b.UnderstandAfter(text, language, turns)
		for name, v := range map[string]float64{"confidence": r.Confidence, "negative": r.Negative, "intensity": r.Intensity, "anger": r.Feelings.Anger} {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%s is %v", name, v)
			}
		}
		if r.InScope != (r.Intent != "") || r.Handoff != (r.Reason != "") {
			t.Fatalf("%+v is not whole", r)
		}
		one, err := json.Marshal(r)
		again, _ := json.Marshal(b.UnderstandAfter(text, language, turns))
		if err != nil || !bytes.Equal(one, again) {
			t.Fatalf("%s and %s, %v", one, again, err)
		}
		var out bytes.Buffer
		line := strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
		if err := Classify(b, strings.NewReader(line+"\n"), &out); err != nil || bytes.Count(out.Bytes(), []byte("\n")) != 1 || !json.Valid(out.Bytes()) {
			t.Fatalf("classify: %v %q", err, out.String())
		}
		reply := b.Reply(Input{Text: text, Language: language, First: true})
		if len(reply.Say) == 0 && reply.Action == nil {
			t.Fatalf("no answer to %q", text)
		}
		if reply.Escalate != nil && reply.Escalate.Reason == chat.ReasonBotFailed && len(reply.Escalate.Because) == 0 {
			t.Fatalf("panicked at %q", text)
		}
		for _, s := range reply.Say {
			if !utf8.ValidString(s.Text) && utf8.ValidString(text) {
				t.Fatalf("says %q", s.Text)
			}
		}
	})
}
