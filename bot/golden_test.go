package bot

import (
	"os"
	"testing"
)

func load(t testing.TB, dir string) *Bot {
	t.Helper()
	b, faults := Load(os.DirFS(dir))
	for _, f := range faults {
		t.Error(f)
	}
	if b == nil {
		t.Fatal("the folder cannot be used")
	}
	return b
}

// The folder's own conversations are the golden ones: tests/ways.yml goes every way through the bot.
func TestGoldenConversations(t *testing.T) {
	b := load(t, "testdata/cafe")
	report, err := Test(b, os.DirFS("testdata/cafe"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failed {
		t.Error(f)
	}
	if report.Tests < 20 {
		t.Errorf("only %d tests ran", report.Tests)
	}
}
