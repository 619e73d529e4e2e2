package understand

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkPeople measures what feelings, wishes and danger cost a message, apart from the intent: with the caches
// warm, and with 8 MB of other memory walked over between two messages, as it is in a desk.
func BenchmarkPeople(b *testing.B) {
	m, err := Train(nil, DefaultThresholds)
	if err != nil {
		b.Fatal(err)
	}
	rd := new(reader)
	people := func(text, language string) {
		rd.analysis.read(text)
		r := Result{Language: language}
		m.lexicon.read(rd, language)
		m.feel(rd, &r)
	}
	texts := map[string]string{
		"calm5":   "koska tilaus 10234 tulee perille",
		"upset12": "tää on jo kolmas kerta kun kysyn samaa, ihan surkeeta palvelua teiltä",
		"hostile": hostile(),
		"emoji":   strings.Repeat("😡", 4096),
	}
	for _, name := range []string{"calm5", "upset12", "hostile", "emoji"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				people(texts[name], "fi")
			}
		})
	}
	other := make([]byte, 8<<20)
	for _, name := range []string{"calm5", "upset12"} {
		b.Run(name+"cold", func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				for i := 0; i < len(other); i += 64 {
					other[i]++
				}
				start := time.Now()
				people(texts[name], "fi")
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "cold-ns") // the median: other work disturbs a mean
		})
	}
}
