package understand

import "testing"

func TestMisspeltWordsAreReadAsTheyWereMeant(t *testing.T) {
	texts := make([]analysis, 3)
	texts[0].read("missä tilaus viipyy")
	texts[1].read("haluan palauttaa tilauksen")
	texts[2].read("tilaus tilaus palautus")
	s := buildSpeller(cutExamples(styleOf("fi"), texts, make([]bool, len(texts))).cuts)
	for said, meant := range map[string]string{
		"tilas": "tilaus", "tilauss": "tilaus", "tilaks": "tilaus", "tialus": "tilaus", "tilauskesn": "", "palautuss": "palautus",
		"kahvi": "", "xilaus": "tilaus", "ilaus": "tilaus", "haluanx": "haluan",
	} {
		if got := string(s.meant([]byte(said))); got != meant {
			t.Errorf("%q is read as %q, want %q", said, got, meant)
		}
	}
}

func TestOneApart(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"abcd", "abc", true}, {"abc", "abcd", true}, {"abcd", "abxd", true}, {"abcd", "acbd", true}, {"abcd", "abdc", true},
		{"abcd", "abcd", true}, {"abcd", "badc", false}, {"abcd", "ab", false}, {"abcd", "axyd", false}, {"abcd", "dbca", false},
	} {
		if got := oneApart([]byte(c.a), []byte(c.b)); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

func TestATableFindsWhatWasPut(t *testing.T) {
	t1 := newTable(3000)
	for i := range uint64(3000) {
		t1.put(i*i*0x9E3779B97F4A7C15+7, int32(i))
	}
	for i := range uint64(3000) {
		if got := t1.find(i*i*0x9E3779B97F4A7C15 + 7); got != int32(i) {
			t.Fatalf("%d is found at %d", i, got)
		}
	}
	if got := t1.find(1); got != -1 {
		t.Errorf("what was not put is found at %d", got)
	}
}
