package main

import (
	"strings"
	"testing"
)

// TestTalk speaks with the guide's bot as an author would.
func TestTalk(t *testing.T) {
	in := "moi\npaljonko perushuolto maksaa\n1\nantaa olla\njoko pyöräni on valmis\n4711\n200 {\"valmis\": true, \"hinta\": 80}\nhaluan puhua ihmisen kanssa\nmoi\n"
	out, stderr, status := runKohta(t, in, "bot", "talk", "../../docs/examples/pyorapaja")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	at := 0
	for _, want := range []string{
		"Olen pyöräpajan botti, en ihminen", "69 euroa", "1. Varaa huolto", "2. Puhu ihmiselle", "(huollon_hinta: ", "Mikä pyörässä on vialla: ", "Selvä, jätetään se.",
		"Työnumero: ", "(looks up GET {base}/tyot/4711", "Maksettavaa: 80 €.", "(to a person: asked)", "Olen pyöräpajan botti, en ihminen",
	} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q does not come, or not in its turn, in\n%s", want, out)
		}
		at += i
	}
}
