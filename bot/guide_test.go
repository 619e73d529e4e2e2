package bot

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The guide's ten-intent bot is a real one: it has no fault, and its own tests pass. What the guide shows of it stands
// there word for word, and every built-in answer is named.
func TestGuide(t *testing.T) {
	raw, err := os.ReadFile("../docs/bot-authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	const example = "../docs/examples/pyorapaja"
	shown := regexp.MustCompile("(?s)```yaml\n# ([a-z/]+\\.yml)\n(.*?)```").FindAllStringSubmatch(guide, -1)
	if len(shown) < 9 {
		t.Fatalf("%d pieces in the guide", len(shown))
	}
	for _, m := range shown {
		whole, err := os.ReadFile(example + "/" + m[1])
		if err != nil || !strings.Contains(string(whole), m[2]) {
			t.Errorf("%v: this does not stand in %s:\n%s", err, m[1], m[2])
		}
	}
	article, err := os.ReadFile(example + "/articles/fi/sailytys.md")
	if err != nil || !strings.Contains(guide, "```markdown\n"+string(article)+"```") {
		t.Errorf("the guide's article is another one, %v", err)
	}
	folder := os.DirFS(example)
	b := load(t, example)
	if n := len(b.byIntent); n != 10 {
		t.Errorf("%d intents", n)
	}
	for _, f := range Check(folder) {
		if !strings.Contains(f.Message, "reads like") && !strings.Contains(f.Message, "confused") {
			t.Error(f)
		}
	}
	report, err := Test(b, folder)
	if err != nil || report.Tests < 8 {
		t.Fatal(report, err)
	}
	for _, f := range report.Failed {
		t.Error(f)
	}
	for key := range builtIn["en"] {
		if !strings.Contains(guide, "`"+key+"`") {
			t.Errorf("the guide does not name %s", key)
		}
	}
	for _, name := range builtins {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide does not name the function %s", name)
		}
	}
}

// The words of the house are there in all three languages, without what the voice avoids.
func TestBuiltInWords(t *testing.T) {
	for key := range builtIn["en"] {
		for _, lang := range []string{"fi", "sv", "en"} {
			text := builtIn[lang][key]
			if text == "" || strings.ContainsAny(strings.Replace(text, "{title}", "", 1), "!{}") || strings.Contains(strings.ToLower(text), "valitettavasti") {
				t.Errorf("%s in %s: %q", key, lang, text)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	fsys := os.DirFS("testdata/cafe")
	b.ReportAllocs()
	for b.Loop() {
		if bot, faults := Load(fsys); bot == nil {
			b.Fatal(faults)
		}
	}
}
