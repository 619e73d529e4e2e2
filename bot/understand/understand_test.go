package understand

import "testing"

func TestLexiconsRead(t *testing.T) {
	l, err := readLexicons()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range spoken {
		for _, file := range []string{"feelings", "wishes", "refusals", "crisis"} {
			if n := l.counts[lang+"/"+file]; n < 40 {
				t.Errorf("%s/%s has %d entries, fewer than 40", lang, file, n)
			}
		}
	}
}
