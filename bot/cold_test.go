package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/chat"
)

// asked are routine questions of customers, in the words of several.
var asked = []string{
	"Paljonko toimitus maksaa?", "mitkä on aukioloajat", "Missä tilaukseni viipyy?", "haluaisin palauttaa kahvin", "voiko maksaa laskulla",
	"mikä kahvi sopisi espressoon", "onko teillä kofeiinitonta", "miten vaihdan toimitusosoitteen", "Hei, kauanko toimitus kestää?", "sain väärän tuotteen",
	"miten perun kestotilauksen", "onko lahjakorttia", "kuinka säilytän kahvia", "saako näytteitä", "Kiitos paljon avusta!", "missä teidän kahvila on",
	"Vad kostar frakten?", "När har ni öppet?", "Var är min beställning?", "jag vill returnera kaffet", "kan man betala med faktura", "vilket kaffe passar till espresso",
	"har ni koffeinfritt", "hur ändrar jag leveransadressen", "hur lång är leveranstiden", "jag fick fel produkt", "hur avslutar jag prenumerationen", "finns det presentkort",
	"How much is delivery?", "When are you open?", "Where is my order?", "I want to return the coffee", "can I pay by invoice", "which coffee is good for espresso",
	"do you have decaf", "how do I change the delivery address", "how long does shipping take", "I got the wrong product", "cancel my subscription please", "do you sell gift cards",
}

// BenchmarkReplyCold is a reply after the processor's caches were used for something else, as they are in a desk: what
// nine of ten take longer than, because the machine is shared.
func BenchmarkReplyCold(b *testing.B) {
	theirs, faults := bot.Load(demo.Folder())
	if theirs == nil {
		b.Fatal(faults)
	}
	memory := theirs.Reply(bot.Input{Text: "mitkä on aukioloajat", Language: "fi"}).Memory
	in := bot.Input{
		Conversation: "0190b5a0-0000-7000-8000-000000000001", Page: "/demo/", Memory: memory,
		Lines: []chat.Line{{Seq: 1, Role: chat.RoleVisitor, Text: asked[0]}}, Now: time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC),
	}
	other := make([]byte, 8<<20)
	cold := func(b *testing.B, do func(text string)) {
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			for k := 0; k < len(other); k += 64 {
				other[k]++
			}
			began := time.Now()
			do(asked[i*7%len(asked)])
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/10].Nanoseconds()), "cold-ns/op")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("reply", func(b *testing.B) {
		cold(b, func(text string) { in.Text, in.Pos = text, in.Pos+2; theirs.Reply(in) })
	})
	b.Run("understand", func(b *testing.B) { cold(b, func(text string) { theirs.Understand(text, "") }) })
}
