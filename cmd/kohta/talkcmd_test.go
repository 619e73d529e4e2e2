package main

import (
	"strings"
	"testing"
)

// TestTalk speaks with the guide's bot as an author would.
func TestTalk(t *testing.T) {
	t.Parallel()
	in := "\n \nmoi\npaljonko perushuolto maksaa\n1\nantaa olla\njoko pyöräni on valmis\n4711\n200 {\"valmis\": true, \"hinta\": 80}\nhaluan puhua ihmisen kanssa\nmoi\n"
	out, stderr, status := runKohta(t, in, "bot", "talk", "../../docs/examples/pyorapaja")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	at := 0
	for _, want := range []string{
		"Olen pyöräpajan botti, en ihminen", "69 euroa", "1. Varaa huolto", "2. Puhu ihmiselle", "(huollon_hinta: ", "Mikä pyörässä on vialla: ", "Selvä, jätetään se.",
		"Työnumero: ", "(looks up GET {base}/tyot/4711", "Maksettavaa: 80 €.", "(to a person: asked)", "from here on a person answers", "Olen pyöräpajan botti, en ihminen",
	} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q does not come, or not in its turn, in\n%s", want, out)
		}
		at += i
	}
}

// TestTalkTakesNoEmptyLine neither speaks to one nor counts it, and says in words why a person comes no sooner.
func TestTalkTakesNoEmptyLine(t *testing.T) {
	t.Parallel()
	out, _, status := runKohta(t, "\n\n   \n", "bot", "talk", "../../docs/examples/pyorapaja")
	if status != 0 || out != "" {
		t.Errorf("status %d, answers an empty line with %q", status, out)
	}
	out, _, _ = runKohta(t, "moi\nmiten työ 4711 etenee\n\n", "bot", "talk", "../../docs/examples/pyorapaja")
	if !strings.Contains(out, "(to a person: bot_failed)") {
		t.Errorf("an empty line is an answer that does not come: %q", out)
	}
	out, _, _ = runKohta(t, "paljonko perushuolto maksaa\nolette varkaita ja idiootteja\n", "bot", "talk", "../../docs/examples/pyorapaja")
	if !strings.Contains(out, "(why no person came sooner: message 1: calm)") {
		t.Errorf("%q", out)
	}
}

// TestBotFolderThatIsNotThere is told in the words of the command that was called.
func TestBotFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"check", "talk", "test", "classify"} {
		_, stderr, status := runKohta(t, "", "bot", command, "/nowhere")
		if status != 1 || strings.Contains(stderr, "--bot") || !strings.Contains(stderr, "/nowhere cannot be read (no such file or directory); name the folder") {
			t.Errorf("%s: status %d, %q", command, status, stderr)
		}
	}
	if _, stderr, _ := runKohta(t, "", "bot", "check", "talkcmd.go"); !strings.Contains(stderr, "talkcmd.go is not a folder; name the folder") {
		t.Errorf("%q", stderr)
	}
}
