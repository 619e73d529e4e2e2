package bot

import (
	"testing"

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
