package demo

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/kohta/kohta/bot/knowledge"
)

var languages = []string{"fi", "sv", "en"}

// example is one training line: its intent, the line as written, and its words without marks.
type example struct {
	intent string
	text   string
	words  []string
}

var annotation = regexp.MustCompile(`\[([^\]]*)\](\([^)]*\)|\{[^}]*\})`)

func examplesOf(t *testing.T, language string) []example {
	t.Helper()
	var out []example
	for _, name := range glob(t, "nlu/"+language+"/*.yml") {
		var file struct {
			NLU []struct {
				Intent   string `yaml:"intent"`
				Examples string `yaml:"examples"`
			} `yaml:"nlu"`
		}
		decode(t, name, &file)
		for _, group := range file.NLU {
			if group.Intent == "" {
				continue
			}
			for line := range strings.Lines(group.Examples) {
				text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- "))
				text = annotation.ReplaceAllString(text, "$1")
				out = append(out, example{group.Intent, text, plainWords(text)})
			}
		}
	}
	return out
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(Folder(), pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	return names
}

func decode(t *testing.T, name string, into any) {
	t.Helper()
	text, err := fs.ReadFile(Folder(), name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// plainWords is the text in lower case without punctuation.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// oneWordApart tells whether one word added, left out or changed makes a of b, or nothing at all has to be done.
func oneWordApart(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	if len(a) == len(b) {
		return same == len(a) || slices.Equal(a[same+1:], b[same+1:])
	}
	return slices.Equal(a[same:], b[same+1:])
}

func TestOneWordApart(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"missä paketti on", "missä tilaus on", true},
		{"missä paketti on", "missä mun paketti on", true},
		{"missä paketti on", "Missä paketti on?", true},
		{"moi", "hei", true},
		{"missä paketti on", "missä mun tilaus on", false},
		{"missä paketti on", "koska paketti tulee", false},
	} {
		if got := oneWordApart(plainWords(c.a), plainWords(c.b)); got != c.want {
			t.Errorf("%q and %q: got %v, want %v", c.a, c.b, got, c.want)
		}
		if got := oneWordApart(plainWords(c.b), plainWords(c.a)); got != c.want {
			t.Errorf("%q and %q: got %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

func TestEveryLanguageHasTheSameIntentsWithEnoughExamples(t *testing.T) {
	var first []string
	for _, language := range languages {
		count := map[string]int{}
		for _, e := range examplesOf(t, language) {
			count[e.intent]++
		}
		var intents []string
		for intent, n := range count {
			intents = append(intents, intent)
			if n < 12 {
				t.Errorf("%s: %s has %d examples, want 12 or more", language, intent, n)
			}
		}
		slices.Sort(intents)
		if len(intents) < 30 {
			t.Errorf("%s: %d intents, want 30 or more", language, len(intents))
		}
		if first == nil {
			first = intents
		}
		if !slices.Equal(first, intents) {
			t.Errorf("%s has other intents than %s:\n%v\n%v", language, languages[0], intents, first)
		}
	}
}

func TestNoExampleStandsTwiceOrNearlyTwice(t *testing.T) {
	owner := map[string]string{}
	for _, language := range languages {
		all := examplesOf(t, language)
		for _, e := range all {
			if len(e.words) == 0 {
				t.Errorf("%s: %s has an empty example", language, e.intent)
			}
			key := strings.Join(e.words, " ")
			if other, ok := owner[key]; ok && other != e.intent {
				t.Errorf("%q stands in %s and in %s", e.text, other, e.intent)
			}
			owner[key] = e.intent
		}
		for i, a := range all {
			for _, b := range all[i+1:] {
				if a.intent == b.intent && oneWordApart(a.words, b.words) {
					t.Errorf("%s: %s: %q and %q differ by one word at most", language, a.intent, a.text, b.text)
				}
			}
		}
	}
}

var variable = regexp.MustCompile(`\{([a-z_]+)\}`)

// answersOf gives each key's variants.
func answersOf(t *testing.T, language string) map[string][]string {
	t.Helper()
	var file map[string]any
	decode(t, "answers/"+language+".yml", &file)
	out := map[string][]string{}
	for key, value := range file {
		switch v := value.(type) {
		case string:
			out[key] = []string{v}
		case []any:
			for _, one := range v {
				out[key] = append(out[key], one.(string))
			}
		default:
			t.Fatalf("%s: %s is a %T", language, key, value)
		}
	}
	return out
}

func TestAnswersAgreeOverLanguages(t *testing.T) {
	first := answersOf(t, languages[0])
	for _, language := range languages {
		answers := answersOf(t, language)
		for key := range first {
			if answers[key] == nil {
				t.Errorf("%s lacks the answer %s", language, key)
			}
		}
		for key, variants := range answers {
			if first[key] == nil {
				t.Errorf("%s has the answer %s, which %s lacks", language, key, languages[0])
				continue
			}
			want := variablesOf(first[key][0], languages[0])
			for _, text := range variants {
				if got := variablesOf(text, language); !slices.Equal(got, want) {
					t.Errorf("%s: %s uses %v, %s uses %v", language, key, got, languages[0], want)
				}
				if strings.ContainsAny(text, "!") || strings.Contains(text, "valitettavasti") {
					t.Errorf("%s: %s is not in the house's voice: %q", language, key, text)
				}
			}
		}
	}
}

// variablesOf gives a text's variables. Those that end in its language, such as arrives_fi, are the same in others.
func variablesOf(text, language string) []string {
	var names []string
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.TrimSuffix(m[1], "_"+language))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestFiguresAgreeOverLanguages(t *testing.T) {
	figures := func(texts []string) []string {
		found := regexp.MustCompile(`\d+([.,]\d+)?`).FindAllString(strings.Join(texts, " "), -1)
		for i := range found {
			found[i] = strings.ReplaceAll(found[i], ",", ".")
		}
		slices.Sort(found)
		return found
	}
	first := answersOf(t, languages[0])
	for _, language := range languages[1:] {
		for key, texts := range answersOf(t, language) {
			if got, want := figures(texts), figures(first[key]); !slices.Equal(got, want) {
				t.Errorf("%s: %s has the figures %v, %s has %v", language, key, got, languages[0], want)
			}
		}
	}
}

func TestArticlesAreThereInEveryLanguage(t *testing.T) {
	first := 0
	for _, language := range languages {
		names := glob(t, "articles/"+language+"/*.md")
		if first = max(first, len(names)); len(names) != first || first < 12 {
			t.Errorf("%s has %d articles, want 12 or more, as many as the others", language, len(names))
		}
		for _, name := range names {
			text, err := fs.ReadFile(Folder(), name)
			if err != nil {
				t.Fatal(err)
			}
			a, problems := knowledge.Parse(name, language, string(text))
			if want := "{base}/demo/articles/" + language + "/" + a.ID; len(problems) > 0 || a.URL != want || len(a.Keywords) == 0 || strings.Contains(string(text), "!") {
				t.Errorf("%s: %v, at %s, want %s", name, problems, a.URL, want)
			}
		}
	}
}

func TestEnoughConversations(t *testing.T) {
	total := 0
	for _, name := range glob(t, "tests/*.yml") {
		var file struct {
			Tests []struct {
				Name     string           `yaml:"name"`
				Language string           `yaml:"language"`
				Steps    []map[string]any `yaml:"steps"`
			} `yaml:"tests"`
		}
		decode(t, name, &file)
		for _, test := range file.Tests {
			total++
			if test.Name == "" || len(test.Steps) == 0 || !slices.Contains(languages, test.Language) {
				t.Errorf("%s: %q is not whole", name, test.Name)
			}
		}
	}
	if total < 12 {
		t.Errorf("%d conversations, want 12 or more", total)
	}
}
