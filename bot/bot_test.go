package bot

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kohta/kohta/chat"
)

func TestBuiltInGreetsSaysWhatItIsAndHandsOver(t *testing.T) {
	b := BuiltIn()
	out := b.Reply(Input{Text: "Moi", Language: "fi", First: true})
	if want := "Hei. Olen botti, en ihminen. Mitä asiasi koskee?"; len(out.Say) != 1 || out.Say[0].Text != want || out.Escalate != nil {
		t.Fatalf("got %+v, want %q", out, want)
	}
	out = b.Reply(Input{Text: "mun kahvinkeitin on rikki", Language: "fi", Memory: out.Memory})
	if out.Escalate == nil || out.Escalate.Reason != chat.ReasonComplex || out.Escalate.Quote != "mun kahvinkeitin on rikki" {
		t.Fatalf("got %+v, want a handover", out)
	}
	out = b.Reply(Input{Text: "are you a robot?", Language: "fi"})
	if out.Language != "en" || out.Escalate != nil || out.Say[0].Text != "I'm a bot. I answer what I can and fetch a person whenever you like." {
		t.Fatalf("got %+v", out)
	}
	if out = b.Reply(Input{Asked: true, Language: "sv"}); out.Escalate == nil || out.Escalate.Reason != chat.ReasonAsked {
		t.Fatalf("got %+v, want asked", out)
	}
}

// Somebody in danger hears the help line of the language that they write in, also from a bot that speaks another, unless
// the bot's author has named help lines.
func TestDangerIsAnsweredInItsOwnLanguage(t *testing.T) {
	own := with("answers/en.yml", "hours: 8 to 18.\npay: By card.\nfield: Number\nbot_crisis: Call 988.\n")
	for _, c := range []struct {
		folder fstest.MapFS
		text   string
		want   string
	}{
		{small(), "I want to kill myself", "09 2525 0113"}, {small(), "en jaksa enää elää", "09 2525 0111"}, {small(), "jag vill inte leva längre", "09 2525 0112"}, {small(), "mies lyö minua", "09 2525 0111"},
		{own, "I want to kill myself", "988"}, {own, "en jaksa enää elää", "988"},
	} {
		b, faults := Load(c.folder)
		if b == nil {
			t.Fatal(faults)
		}
		out := b.Reply(Input{Text: c.text, First: true, Language: "en"})
		if len(out.Say) != 1 || !strings.Contains(out.Say[0].Text, c.want) || out.Escalate == nil || out.Escalate.Reason != chat.ReasonCrisis || out.Language != "en" {
			t.Errorf("%s: %+v, want %s", c.text, out, c.want)
		}
	}
	b, _ := Load(small())
	if got := b.Crisis("fi"); !strings.Contains(got, "0111") {
		t.Errorf("while they wait: %s", got)
	}
}
