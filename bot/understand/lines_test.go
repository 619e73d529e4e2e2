package understand

import (
	"os"
	"testing"
)

// The shipped weights are those that the lines teach: go run ./bot/understand/fit --lines makes them.
func TestShippedLines(t *testing.T) {
	for i, shipped := range [...]string{linesFI, linesSV, linesEN} {
		text, err := os.ReadFile("lines/" + spoken[i] + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		sets := map[string][]string{}
		for _, name := range []string{"intents", "wider", "everyday"} {
			train, _ := intentSet(t, name, spoken[i])
			for _, l := range train {
				sets[name] = append(sets[name], l.text)
			}
		}
		taught, err := TeachLines(spoken[i], string(text), append(sets["intents"], sets["wider"]...), sets["everyday"])
		if err != nil {
			t.Fatal(err)
		}
		if string(taught) != shipped {
			t.Errorf("shipped/lines.%s.bin is older than lines/%s.txt", spoken[i], spoken[i])
		}
	}
	if _, err := TeachLines("en", "# grumpy\nhello\n", nil, nil); err == nil {
		t.Error("an unknown label is taken")
	}
	if readLineModel(linesFI[:100]) != nil {
		t.Error("half a file is taken")
	}
}

func BenchmarkLexiconsRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseLexicons(lexiconFiles); err != nil {
			b.Fatal(err)
		}
	}
}
