package bot

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// The guide's ten-intent bot is a real one: it has no fault, and its own tests pass. Every built-in answer is named there.
func TestGuide(t *testing.T) {
	raw, err := os.ReadFile("../docs/bot-authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	folder := fstest.MapFS{}
	for _, m := range regexp.MustCompile("(?s)```yaml\n# ([a-z/]+\\.yml)\n(.*?)```").FindAllStringSubmatch(guide, -1) {
		folder[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	if len(folder) != 5 {
		t.Fatalf("%d files in the guide, want 5", len(folder))
	}
	b, faults := Load(folder)
	for _, f := range faults {
		t.Error(f)
	}
	if b == nil {
		t.FailNow()
	}
	report, err := Test(b, folder)
	if err != nil || report.Tests == 0 {
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
