package understand

import (
	"strings"
	"testing"
)

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

func TestLanguage(t *testing.T) {
	m := trained(t)
	for _, c := range []struct{ text, prior, want string }{
		{"missä mun tilaus on", "", "fi"},
		{"var är min beställning", "", "sv"},
		{"where is my order", "", "en"},
		{"moi", "", "fi"},
		{"hej", "", "sv"},
		{"hi", "", "en"},
		{"10234", "sv", "sv"},
		{"10234", "", ""},
		{"ok", "fi", "fi"},
		{"paypal", "sv", "sv"},
		{"could you please answer in English", "fi", "en"},
		{"voisitko vastata suomeksi", "en", "fi"},
		{"kan du svara på svenska", "fi", "sv"},
		{"😀", "fi", "fi"},
		{"أين طلبي", "", ""},
	} {
		if r := m.Understand(Query{Text: c.text, Language: c.prior}); r.Language != c.want {
			t.Errorf("%q after %q: %q, want %q", c.text, c.prior, r.Language, c.want)
		}
	}
}

func TestEntities(t *testing.T) {
	f := NewFinder(nil, map[string][]string{"product": {"tumma paahto", "Filtterit"}}, map[string]string{"tumma paahto": "dark-roast"})
	for _, c := range []struct{ text, name, value string }{
		{"tilaus 10234 ja marja@posti.example", EntityOrder, "10234"},
		{"tilaus 10234 ja Marja@Posti.example.", EntityEmail, "marja@posti.example"},
		{"maksoin 1 299,50 € siitä", EntityMoney, "1299.50"},
		{"450 euroa takaisin", EntityMoney, "450"},
		{"it was €20.50", EntityMoney, "20.50"},
		{"200 kr tillbaka", EntityMoney, "200"},
		{"tilasin 3.2.2026 illalla", EntityDate, "2026-02-03"},
		{"on 2026-02-03", EntityDate, "2026-02-03"},
		{"soita 040 123 4567", EntityPhone, "040 123 4567"},
		{"call +358 40 1234567", EntityPhone, "+358 40 1234567"},
		{"onko Tumma  Paahto loppu", "product", "dark-roast"},
		{"filtterit, kiitos", "product", "filtterit"},
	} {
		found := ""
		for _, e := range f.Find(c.text) {
			if e.Name == c.name {
				found = e.Value
				if got := c.text[e.From:e.To]; got == "" {
					t.Errorf("%q: empty place", c.text)
				}
			}
		}
		if found != c.value {
			t.Errorf("%q: %s is %q, want %q: %v", c.text, c.name, found, c.value, f.Find(c.text))
		}
	}
	for _, e := range f.Find("soita 0401234567, maksoin 45000 euroa") {
		if e.Name == EntityOrder {
			t.Errorf("%q is taken as an order number", e.Value)
		}
	}
	if m := Money(f.Find("maksoin 20 e ja 450 euroa")); m != 450 {
		t.Errorf("the largest amount is %v", m)
	}
}

// The same examples give the same figures, however often and beside whatever they are learned.
func TestTrainingIsDeterministic(t *testing.T) {
	sets := []Set{{Language: "en", Intents: []Intent{
		{Name: "hours", Examples: []string{"when are you open", "opening hours", "what time do you close", "are you open on Sunday"}},
		{Name: "pay", Examples: []string{"how can I pay", "do you take cards", "can I get an invoice"}, Not: []string{"pay my salary"}},
		{Name: "oos", Examples: []string{"what is the meaning of life", "tell me a joke"}},
	}}}
	first := ""
	for range 3 {
		m, err := Train(sets, DefaultThresholds)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, text := range []string{"open on sunday?", "can i pay by card", "tell me a joke", "xyzzy"} {
			raw, err := m.Understand(Query{Text: text}).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			got += string(raw) + "\n"
		}
		if first == "" {
			first = got
		}
		if got != first {
			t.Fatalf("differs:\n%s\n%s", first, got)
		}
	}
}

// A near miss listed under not: is out of scope, and does not take its neighbours with it.
func TestNearMisses(t *testing.T) {
	intents := []Intent{
		{Name: "hours", Examples: []string{"when are you open", "opening hours please", "what are your opening hours", "are you open on Sunday", "what time do you open"}},
		{Name: "pay", Examples: []string{"how can I pay", "do you take cards", "can I get an invoice", "pay by phone", "which ways of paying are there"}},
	}
	without, _ := Train([]Set{{"en", intents}}, DefaultThresholds)
	intents[0].Not = []string{"opening hours of the bank", "when does the bank open", "is the post office open"}
	with, _ := Train([]Set{{"en", intents}}, DefaultThresholds)
	miss := Query{Text: "opening hours of the post office", Language: "en"}
	if a, b := without.Understand(miss), with.Understand(miss); a.Confidence <= b.Confidence || b.InScope {
		t.Errorf("a near miss: %.2f without, %.2f with its like listed", a.Confidence, b.Confidence)
	}
	hit := Query{Text: "what are your opening hours on Sunday", Language: "en"}
	if r := with.Understand(hit); r.Intent != "hours" || !r.InScope {
		t.Errorf("a hit became %q at %.2f", r.Intent, r.Confidence)
	}
}

func FuzzUnderstand(f *testing.F) {
	m, err := Train([]Set{{"fi", []Intent{{Name: "a", Examples: []string{"missä tilaus on", "koska se tulee"}}}}}, DefaultThresholds)
	if err != nil {
		f.Fatal(err)
	}
	finder := NewFinder(nil, nil, nil)
	for _, s := range []string{"", "moi", "\xff\xfe", strings.Repeat("haluan ihmisen ", 400), "a\u0301\u200d", ":(:-)", "…–—", "İŁ", "'''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := m.Understand(Query{Text: text})
		for _, x := range []float64{r.Confidence, r.Intensity, r.Negative, r.Feelings.Anger, r.Feelings.Joy} {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("%v is no share: %+v", x, r)
			}
		}
		for _, e := range finder.Find(text) {
			if e.From < 0 || e.To > len(text) || e.From >= e.To {
				t.Fatalf("%+v stands nowhere", e)
			}
		}
	})
}
