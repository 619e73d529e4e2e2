package bot

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A folder in which much is wrong that lets itself be loaded. What is told of it stands in testdata/bad.golden, without
// the figures that go with how well the bot learns; KOHTA_UPDATE=1 writes it anew.
func TestCheckTellsWhatIsWrongAndWhatToDo(t *testing.T) {
	var lines []string
	for _, f := range Check(os.DirFS("testdata/bad")) {
		if f.File == "" || f.Line == 0 || f.Advice == "" || f.Severity != Warning {
			t.Errorf("%q lacks a place or what to do, or is no warning", f)
		}
		lines = append(lines, f.String())
	}
	got := regexp.MustCompile(`in fi: .* examples .*\)\. Let`).ReplaceAllString(strings.Join(lines, "\n"), "in fi: … Let") + "\n"
	const golden = "testdata/bad.golden"
	if os.Getenv("KOHTA_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestCheckIsQuietWhereNothingIsWrong(t *testing.T) {
	for _, f := range Check(os.DirFS("testdata/cafe")) {
		if !strings.Contains(f.Message, "only") && !strings.Contains(f.Message, "reads like") && !strings.Contains(f.Message, "confused") {
			t.Error(f)
		}
	}
}

func TestImplies(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"x > 1 && y", "x > 1", true}, {"x > 1", "x > 1 && y", false}, {"x>1", "x > 1", false}, {"x  > 1", "x > 1", true},
		{"a || b", "a", false}, {"a && b || c", "a", false}, {"a || b", "a  || b", true}, {"a and b", "b", true},
	} {
		if got := implies(c.a, c.b); got != c.want {
			t.Errorf("%q implies %q: %v", c.a, c.b, got)
		}
	}
}
