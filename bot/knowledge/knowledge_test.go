package knowledge_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/bot/knowledge"
)

func demoShelf(t testing.TB) *knowledge.Index {
	t.Helper()
	names, err := fs.Glob(demo.Folder(), "articles/*/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d articles, %v", len(names), err)
	}
	var all []knowledge.Article
	for _, name := range names {
		text, err := fs.ReadFile(demo.Folder(), name)
		if err != nil {
			t.Fatal(err)
		}
		a, problems := knowledge.Parse(name, path.Base(path.Dir(name)), string(text))
		for _, p := range problems {
			t.Errorf("%s:%d: %s", name, p.Line, p.Message)
		}
		all = append(all, a)
	}
	return knowledge.Build(all)
}

// Questions as customers ask them, of what the demo's articles answer and of what they do not. The right section must
// come for nearly all of the first, and nothing for nearly all of the second; the table says what is short of that.
func TestQuestions(t *testing.T) {
	shelf := demoShelf(t)
	raw, err := os.ReadFile("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	type count struct{ in, found, section, out, quiet int }
	counts := map[string]*count{"fi": {}, "sv": {}, "en": {}}
	for line := range strings.Lines(string(raw)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		language, question, want := f[0], f[1], f[2]
		c := counts[language]
		best, _ := shelf.Best(language, question)
		_, ok := shelf.Find(language, question)
		name := ""
		if best.Article != nil {
			name = best.Name()
		}
		article, _, _ := strings.Cut(want, "#")
		switch {
		case want == "-":
			c.out++
			if !ok {
				c.quiet++
			}
			if best.Score > 0.2 {
				t.Logf("%s: OUT %q gets %s (%.2f %v)", language, question, name, best.Score, best.Words)
			}
			continue
		case ok && best.Article.ID == article:
			c.found++
			if name == want {
				c.section++
			} else {
				t.Logf("%s: %q gets %s (%.2f %v), want %s", language, question, name, best.Score, best.Words, want)
			}
		default:
			t.Logf("%s: %q gets %s (%.2f %v), want %s", language, question, name, best.Score, best.Words, want)
		}
		c.in++
	}
	for language, c := range counts {
		t.Logf("%s: article %d of %d, its very section %d; silent at %d of %d", language, c.found, c.in, c.section, c.quiet, c.out)
		if c.found*100 < c.in*90 || c.section*100 < c.in*80 || c.quiet*100 < c.out*93 {
			t.Errorf("%s: that is too little", language)
		}
	}
}

const sample = `---
url: https://kauppa.example/ohjeet/kahvi
keywords: [mylly, "karkeus"]
---
# Kahvin **jauhaminen**

Ensimmäinen kappale, joka
jatkuu. Katso [palautukset](palautukset.md#aika) ja [kauppa](https://kauppa.example/).

## Taulukko

| Tapa | Napsut | Muuta |
|---|---|---|
| Espresso | 8 | hieno |
| Suodatin | 20 | karkea |

## Taulukko

- yksi
- kaksi on
  pidempi
1. eka
`

func TestParse(t *testing.T) {
	a, problems := knowledge.Parse("articles/fi/kahvi.md", "fi", sample)
	want := knowledge.Article{
		ID: "kahvi", File: "articles/fi/kahvi.md", Language: "fi", Title: "Kahvin jauhaminen", URL: "https://kauppa.example/ohjeet/kahvi", Keywords: []string{"mylly", "karkeus"},
		Sections: []knowledge.Section{
			{Line: 7, Blocks: []string{"Ensimmäinen kappale, joka jatkuu. Katso palautukset ja kauppa https://kauppa.example/."}},
			{Heading: "Taulukko", Anchor: "taulukko", Line: 10, Blocks: []string{"Espresso: 8, hieno", "Suodatin: 20, karkea"}},
			{Heading: "Taulukko", Anchor: "taulukko-1", Line: 17, Blocks: []string{"• yksi", "• kaksi on pidempi", "1. eka"}},
		},
		Links: []knowledge.Link{{Target: "palautukset.md#aika", Line: 8}},
	}
	if d := cmp.Diff(want, a); d != "" || len(problems) > 0 {
		t.Errorf("%s\n%v", d, problems)
	}
	for text, words := range map[string]string{
		"---\nurl: x\n---\n# A\n\nb": "leads nowhere", "---\nnope: x\n---\n# A\n\nb": "unknown key", "---\nurl: https://a.example/": "does not end", "text alone": "no title", "# A\n": "is empty", "": "is empty",
	} {
		_, problems := knowledge.Parse("articles/fi/a.md", "fi", text)
		if len(problems) == 0 || !strings.Contains(problems[0].Message+problems[len(problems)-1].Message, words) {
			t.Errorf("%q: %v, want %q", text, problems, words)
		}
	}
}

func TestPassageEndsAtASentence(t *testing.T) {
	long := strings.Repeat("Kahvi pysyy tuoreena suljetussa pussissa. ", 30)
	a, _ := knowledge.Parse("articles/fi/a.md", "fi", "---\nurl: '{base}/a'\n---\n# Tuoreus\n\n"+long+"\n\n## Pakastaminen\n\nPavut voi pakastaa.\n")
	shelf := knowledge.Build([]knowledge.Article{a})
	h, ok := shelf.Find("fi", "kahvin tuoreus")
	if p := h.Passage(400); !ok || len(p) > 420 || !strings.HasSuffix(p, "pussissa.") {
		t.Errorf("%v %q", ok, p)
	}
	h, ok = shelf.Find("fi", "pakastetaanko papuja")
	if p := h.Passage(400); !ok || p != "Pavut voi pakastaa." || h.Link("https://k.example") != "https://k.example/a#pakastaminen" || h.Link("") != "" || h.Name() != "a#pakastaminen" {
		t.Errorf("%v %q %s", ok, p, h.Link("https://k.example"))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{sample, "---\n", "# \n", "|||\n|-|\n", "[](", "![a](b)", "```\n# x\n```", "# a\n\n\xff\xfe[b](c)"} {
		f.Add(s, "miten kahvi jauhetaan")
	}
	f.Fuzz(func(t *testing.T, text, question string) {
		a, _ := knowledge.Parse("articles/fi/a.md", "fi", text)
		shelf := knowledge.Build([]knowledge.Article{a})
		if h, ok := shelf.Best("fi", question); ok {
			if p := h.Passage(400); len([]rune(p)) > 402 {
				t.Errorf("%d characters", len([]rune(p)))
			}
			h.Link("https://k.example")
		}
	})
}

func BenchmarkFind(b *testing.B) {
	shelf := demoShelf(b)
	for name, question := range map[string]string{"plain": "miten puhdistan kahvinkeittimen", "16KB": strings.Repeat("kahvinkeittimenpuhdistusaine jota etsin ", 400)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				shelf.Best("fi", question)
			}
		})
	}
}

// An article is found by its word in any form, whatever the consonants and the ends of its stem do.
func TestForms(t *testing.T) {
	for _, c := range []struct{ language, title, questions string }{
		{"fi", "Tilauksen nouto", "tilaus tilaukset tilauksia"}, {"fi", "Kengän huolto", "kenkä kengät kenkiä"}, {"fi", "Reiän paikkaus", "reikä reiät reikiä"},
		{"fi", "Ajan varaus", "aika aikoja"}, {"fi", "Puvun pesu", "puku pukuja puvut"}, {"fi", "Avaimen teko", "avain avaimet avaimia"}, {"fi", "Rengas vaihtoon", "renkaat renkaita renkaan"},
		{"fi", "Salasana unohtui", "salasanan salasanat"}, {"fi", "Asiakkaan tiedot", "asiakas asiakkaita"},
		{"sv", "Leveransen dröjer", "leverans leveranser"}, {"sv", "Beställningar", "beställning beställningen"},
		{"en", "Returning orders", "return order returned ordering"}, {"en", "Deliveries", "delivery"},
	} {
		a, _ := knowledge.Parse("a.md", c.language, "# "+c.title+"\n\nTeksti.\n")
		other, _ := knowledge.Parse("b.md", c.language, "# Muu\n\nAsia.\n")
		shelf := knowledge.Build([]knowledge.Article{a, other})
		for _, q := range strings.Fields(c.questions) {
			if h, ok := shelf.Find(c.language, q); !ok || h.Article.Title != c.title {
				t.Errorf("%q does not find %q (%v)", q, c.title, h.Score)
			}
		}
	}
}
