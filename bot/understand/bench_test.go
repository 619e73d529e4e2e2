package understand

import (
	"fmt"
	"testing"
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
}

func hostile() string {
	s := ""
	for len(s) < MaxText {
		s += "en halua ihmistä haluan ihmisen ei ei ei tapan itseni "
	}
	return s
}
