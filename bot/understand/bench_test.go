package understand

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// manyIntents makes a bot of a usual size: 31 intents of 18 examples, from words that are put together anew each time.
func manyIntents(language string, intents, examples int) Set {
	words := map[string][]string{
		"fi": {"missä", "tilaus", "viipyy", "haluan", "vaihtaa", "osoitteen", "paljonko", "toimitus", "maksaa", "kahvi", "pannu", "rikki", "palautus", "lasku", "kortti", "lahja", "koodi", "toimii", "sunnuntaina", "auki", "jäsenyys", "peruuttaa", "seuranta", "numero", "hukassa", "paahto", "vaalea", "tumma", "jauhatus", "suodatin"},
		"sv": {"var", "beställning", "dröjer", "vill", "byta", "adress", "kostar", "leverans", "betala", "kaffe", "kanna", "trasig", "retur", "faktura", "kort", "present", "kod", "fungerar", "söndag", "öppet", "medlem", "avsluta", "spåra", "nummer", "borta", "rost", "ljus", "mörk", "malning", "filter"},
		"en": {"where", "order", "late", "want", "change", "address", "cost", "delivery", "pay", "coffee", "pot", "broken", "return", "invoice", "card", "gift", "code", "works", "sunday", "open", "member", "cancel", "track", "number", "lost", "roast", "light", "dark", "grind", "filter"},
	}[language]
	s := Set{Language: language}
	seed := uint64(7)
	next := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int((seed >> 33) % uint64(n))
	}
	for i := range intents {
		in := Intent{Name: fmt.Sprintf("intent_%d", i)}
		for range examples {
			text := words[i%len(words)]
			for range 3 + next(5) {
				text += " " + words[next(len(words))]
			}
			in.Examples = append(in.Examples, text)
		}
		s.Intents = append(s.Intents, in)
	}
	return s
}

func BenchmarkTrain(b *testing.B) {
	sets := []Set{manyIntents("fi", 31, 18), manyIntents("sv", 31, 18), manyIntents("en", 31, 18)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Train(sets, DefaultThresholds); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnderstand(b *testing.B) {
	m, err := Train([]Set{manyIntents("fi", 31, 18), manyIntents("sv", 31, 18), manyIntents("en", 31, 18)}, DefaultThresholds)
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"short": "koska tilaus 10234 tulee",
		"30words": "moi tilasin teiltä kahvia viime viikolla ja maksoin kortilla mutta paketti ei ole vieläkään tullut perille vaikka seurannassa lukee että " +
			"se lähti maanantaina enkä saa mistään kiinni joka tietäisi missä se on",
		"hostile16KB": hostile(),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Understand(Query{Text: text, Language: "fi"})
			}
		})
	}
	b.Run("cold", func(b *testing.B) {
		cold(b, func() { m.Understand(Query{Text: "koska tilaus 10234 oikein tulee", Language: "fi"}) })
	})
}

// BenchmarkMany is the same with a bot of 150 intents and 15,000 examples, with the public sets.
func BenchmarkMany(b *testing.B) {
	in := asIntents(readLines(b, "clinc150.train.tsv"), 0, everything)
	val := readLines(b, "clinc150.val.tsv")
	var m *Model
	b.Run("train", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if m, err = Train([]Set{{"en", in}}, DefaultThresholds); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(m.Bytes("en"))/1e6, "MB")
	})
	b.Run("understand", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			m.Understand(Query{Text: val[i%len(val)].text, Language: "en"})
			i++
		}
	})
}

func hostile() string {
	s := ""
	for len(s) < MaxText {
		s += "en halua ihmistä haluan ihmisen ei ei ei tapan itseni "
	}
	return s
}

// cold measures do after the processor's caches have been used for something else, as they are in a desk, and reports
// the median of what it took.
func cold(b *testing.B, do func()) {
	other := make([]byte, 8<<20)
	var took []time.Duration
	sum := byte(0)
	for b.Loop() {
		for i := 0; i < len(other); i += 64 {
			other[i]++
			sum += other[i]
		}
		began := time.Now()
		do()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "cold-ns/op")
	b.ReportMetric(0, "ns/op")
	_ = sum
}
