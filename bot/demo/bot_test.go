package demo

import (
	"sync"
	"testing"

	"github.com/kohta/kohta/bot"
)

// loadOnce loads the bot once for all tests: it learns anew each time, and never changes.
var loadOnce = sync.OnceValues(func() (*bot.Bot, []bot.Fault) { return bot.Load(Folder()) })

func TestFolderLoadsWithoutFaultsAndPassesItsOwnTests(t *testing.T) {
	b, faults := loadOnce()
	for _, f := range faults {
		t.Errorf("%v", f)
	}
	if b == nil {
		t.FailNow()
	}
	report, err := bot.Test(b, Folder())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failed {
		t.Error(f)
	}
	if report.Tests < 12 {
		t.Errorf("%d conversations, want 12 or more", report.Tests)
	}
}

// Messages that stand in no example, as customers write them.
func TestUnderstandsWhatItWasNotTaught(t *testing.T) {
	b, _ := loadOnce()
	if b == nil {
		t.Fatal("the folder does not load")
	}
	for _, c := range []struct{ language, text, intent string }{
		{"fi", "Moi! Koska mun tilaus 10234 tulee?", "track_order"},
		{"fi", "tilaus 10251, koska se tulee?", "track_order"},
		{"fi", "montako arkipäivää toimitus kestää", "delivery_time"},
		{"fi", "haluisin palauttaa kahvimyllyn", "return_item"},
		{"fi", "miks multa veloitettiin kaks kertaa", "double_charge"},
		{"fi", "pistäkää kestotilaus tauolle heinäkuuksi", "subscription_pause"},
		{"fi", "ootteks auki sunnuntaina", "opening_hours"},
		{"sv", "när är min beställning framme", "track_order"},
		{"sv", "kortet debiterades två gånger", "double_charge"},
		{"sv", "har ni öppet på lördag", "opening_hours"},
		{"en", "my delivery hasn't shown up", "track_order"},
		{"en", "can I cancel an order", "cancel_order"},
		{"en", "which grind for a moka pot", "grind_size"},
	} {
		if got := b.Understand(c.text, c.language); got.Intent != c.intent {
			t.Errorf("%s: %q is %q (%.2f), want %s", c.language, c.text, got.Intent, got.Confidence, c.intent)
		}
	}
}
