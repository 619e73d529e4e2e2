package understand

import (
	"bytes"
	"slices"
	"testing"
)

// Known words are scored by rows made beforehand; by their features, whose smallest weights are left out, the same
// message gets nearly the same scores, and the same is known of it.
func TestRowsSayWhatFeaturesSay(t *testing.T) {
	train, test := intentSet(t, "intents", "fi")
	s, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	e, _ := trainEngine("fi", asSet("fi", train).Intents, s)
	slow, bare := engine{space: e.space, linear: e.linear, names: e.names, hasNone: e.hasNone, hingeUnit: e.hingeUnit, softUnit: e.softUnit}, *e.space
	bare.spell = buildSpeller(nil)
	slow.space, slow.known = &bare, &dictionary{at: growingTable{table: newTable(1)}}
	fast, plain := e.scratch(), slow.scratch()
	var a analysis
	var one, other scored
	same, all := 0, 0
	for _, l := range test {
		a.read(l.text)
		e.score(fast, &a)
		slow.score(plain, &a)
		if !slices.EqualFunc(fast.meant, plain.meant, bytes.Equal) {
			continue // a word was read as it was meant
		}
		if fast.known != plain.known || fast.unknown != plain.unknown || len(fast.words) != len(plain.words) {
			t.Fatalf("%q: %v/%v known by rows, %v/%v by features", l.text, fast.known, fast.unknown, plain.known, plain.unknown)
		}
		e.rank(fast, &one)
		slow.rank(plain, &other)
		all++
		if one.order[0] == other.order[0] {
			same++
		}
	}
	if all < 100 || same*100 < all*88 {
		t.Errorf("of %d messages %d mean the same", all, same)
	}
	t.Logf("of %d messages %d mean the same", all, same)
}
