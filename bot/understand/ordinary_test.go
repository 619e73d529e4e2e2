package understand

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxOrdinary is how many lines of a public set are read.
const maxOrdinary = 3000

// BenchmarkOrdinary counts in how many ordinary lines danger, a wish for a person or a refusal of one is heard, where
// hardly anybody means it: what is held back of the own intent sets, and the training lines of the public sets in the folder of -data.
func BenchmarkOrdinary(b *testing.B) {
	if *dataDir == "" {
		b.Skip("needs -data DIR")
	}
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		b.Fatal(err)
	}
	for _, set := range []struct{ lang, dir, name string }{
		{"fi", "testdata", "intents.fi.tsv"}, {"fi", "testdata", "wider.fi.tsv"},
		{"sv", "testdata", "intents.sv.tsv"}, {"sv", "testdata", "wider.sv.tsv"}, {"en", "testdata", "intents.en.tsv"},
		{"fi", "testdata", "everyday.fi.tsv"}, {"sv", "testdata", "everyday.sv.tsv"}, {"en", "testdata", "everyday.en.tsv"},
		{"en", *dataDir, "clinc150.train.tsv"}, {"en", *dataDir, "hwu64.train.tsv"}, {"en", *dataDir, "banking77.train.tsv"},
	} {
		b.Run(set.name, func(b *testing.B) {
			raw, err := os.ReadFile(filepath.Join(set.dir, set.name))
			if err != nil {
				b.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
			if set.dir == "testdata" { // what is not held back has taught what is ordinary
				lines = slices.DeleteFunc(lines, func(l string) bool {
					text, _, _ := strings.Cut(l, "\t")
					return !Held(text)
				})
			}
			lines = lines[:min(len(lines), maxOrdinary)]
			heard := map[string]float64{}
			for b.Loop() {
				clear(heard)
				for _, l := range lines {
					text, _, _ := strings.Cut(l, "\t")
					heard[labelOf(m.Understand(Query{Text: text, Language: set.lang}))]++
				}
			}
			b.ReportMetric(float64(len(lines)), "lines")
			for _, label := range []string{"crisis", "human_request", "human_refuse"} {
				b.ReportMetric(heard[label], label)
			}
		})
	}
}
