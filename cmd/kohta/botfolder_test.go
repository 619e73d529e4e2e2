package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// TestABadFolderNeverReplacesAGoodOne changes a bot folder under a running bot: what has a fault leaves the bot as it
// was and is told with file and line, what is mended is taken.
func TestABadFolderNeverReplacesAGoodOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
	}
	answer := func(text string) {
		t.Helper()
		file("answers/fi.yml", "hours: "+text+"\n")
		later(t, filepath.Join(dir, "answers/fi.yml"))
	}
	file("bot.yml", "name: Testi\nlanguages: [fi]\n")
	file("nlu/fi/hours.yml", "version: \"3.1\"\nnlu:\n- intent: hours\n  examples: |\n    - milloin olette auki\n    - aukioloajat\n    - monelta avaatte\n")
	file("rules/hours.yml", "rules:\n- intent: hours\n  say: hours\n")
	answer("Arkisin 8–17.")

	core, logged := observer.New(zap.ErrorLevel)
	f, err := openFolder(dir, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.load(); err != nil {
		t.Fatal(err)
	}
	good := f.bot.Load()
	for name, bad := range map[string]string{
		"syntax":              "hours: [\n",
		"half-written":        "hours: \"Arkis",
		"NUL":                 "hours: a\x00b\n",
		"no UTF-8":            "hours: \xff\xfe\n",
		"a cycle":             "hours: &a [*a]\n",
		"an unknown variable": "hours: Olemme auki {nowhere}.\n",
	} {
		file("answers/fi.yml", bad)
		later(t, filepath.Join(dir, "answers/fi.yml"))
		f.poll()
		fault := f.fault.Load()
		if f.bot.Load() != good || fault == nil || !strings.Contains(*fault, "answers/fi.yml:1") {
			t.Errorf("%s: the fault told is %v", name, told(fault))
		}
	}
	answer("Arkisin 9–18.")
	f.poll()
	if f.bot.Load() == good || f.fault.Load() != nil {
		t.Errorf("what was mended is not taken: %v", told(f.fault.Load()))
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	now := f.bot.Load()
	logged.TakeAll()
	f.poll()
	f.poll()
	if f.bot.Load() != now || f.fault.Load() == nil {
		t.Error("a folder that is gone took the bot with it, or nobody is told")
	}
	if lines := logged.All(); len(lines) != 1 {
		t.Errorf("it is logged %d times: %v", len(lines), lines)
	}
}

func told(fault *string) string {
	if fault == nil {
		return "nothing"
	}
	return *fault
}

// later makes sure that a change of the same size within the clock's grain is seen.
func later(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	at := info.ModTime().Add(time.Duration(info.Size()) * time.Second)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}
