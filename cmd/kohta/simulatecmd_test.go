package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheManualOfSimulate runs what docs/simulate.md shows, in a folder with its files and the demo's past, and holds
// the output that it shows to the real one.
func TestTheManualOfSimulate(t *testing.T) {
	page, err := os.ReadFile("../../docs/simulate.md")
	if err != nil {
		t.Fatal(err)
	}
	s := shell{t, t.TempDir()}
	seedPastOf(t, s)
	t.Chdir(t.TempDir())
	for _, block := range regexp.MustCompile("(?s)```yaml\n# (\\S+)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if err := os.WriteFile(block[1], []byte(block[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ran, shown := 0, 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?").FindAllStringSubmatch(string(page), -1) {
		var out string
		for line := range strings.Lines(block[1]) {
			args := words(strings.TrimPrefix(strings.TrimSpace(line), "kohta "))
			if i := strings.Index(line, "--from"); i >= 0 {
				args = append(args, "--since", "400d", "--runs", "2") // the demo's past is small, and older than a month
			}
			out, _ = s.good(args...)
			ran++
		}
		if block[2] != "" {
			shown++
			if strings.TrimSpace(block[2]) != strings.TrimSpace(out) {
				t.Errorf("the manual shows\n%s\nand it prints\n%s", block[2], out)
			}
		}
	}
	if ran < 7 || shown < 1 {
		t.Errorf("%d commands ran, %d outputs are shown", ran, shown)
	}
}

// What the help shows can be typed as it stands.
func TestTheHelpOfSimulate(t *testing.T) {
	out, _ := shell{t, t.TempDir()}.good("simulate", "--help")
	if help := strings.Join(strings.Fields(out), " "); !strings.Contains(help, "arrivals=+20%, handling=-10%, patience=5m") {
		t.Error(help)
	}
}

// seedPastOf gives a shell's folder the demo and its past.
func seedPastOf(t *testing.T, s shell) {
	t.Helper()
	db, err := dataFlags{Data: s.dir}.open(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := setUp(t.Context(), db, true); err != nil {
		t.Fatal(err)
	}
}

// What --from reads and --print writes is a scenario that can be played, also while a desk has the database open; nothing
// in the folder changes but what the desk itself writes.
func TestSimulateFromTheDatabase(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	seedPastOf(t, s)
	db, err := dataFlags{Data: s.dir}.open(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	yaml, _ := s.good("simulate", "--from", "--since", "400d", "--print")
	for _, want := range []string{"# team kahvila picks by hand", "Ville Koskinen", "languages: {", "patience: never"} {
		if !strings.Contains(yaml, want) {
			t.Errorf("%q is not in\n%s", want, yaml)
		}
	}
	file := filepath.Join(t.TempDir(), "past.yml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := s.good("simulate", file, "--json", "--what-if", "only=sv:0")
	var got struct {
		Scenarios []struct {
			Name   string
			Agents int
			Staff  []struct{ Name string }
		}
		Difference *struct{}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Scenarios) != 2 || got.Scenarios[1].Name != "what if only=sv:0" || got.Scenarios[0].Agents != 3 || got.Difference == nil {
		t.Errorf("%+v", got)
	}
	_, notes := s.good("simulate", "--from", "--since", "400d", "--runs", "1")
	if !strings.Contains(notes, "note: shifts are guessed") {
		t.Errorf("notes: %s", notes)
	}
}

// What makes no sense is refused in a sentence, with status 1.
func TestSimulateRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yml")
	if err := os.WriteFile(bad, []byte("customers: {arrivals: 30, handling: 8m}\nagent: {count: 3}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	few := []string{"--arrivals=30", "--handling=8m", "--agents=3"}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"what is to be played?", nil},
		{"at least --arrivals 30 --handling 8m --agents 5", []string{"--arrivals=30"}},
		{"bad.yml: line 2: a scenario has no key \"agent\"", []string{bad}},
		{"nothing.yml cannot be read", []string{"nothing.yml"}},
		{"nothing.yml cannot be read", append(few, "--compare", "nothing.yml")},
		{"are two scenarios", []string{bad, "--from"}},
		{"there is no database", []string{"--from"}},
		{"is no time zone", []string{"--from", "--zone", "Mars"}},
		{"give one of them", append(few, "--compare", bad, "--what-if", "agents=+1")},
		{"there are no agents", []string{"--arrivals=30", "--handling=8m", "--agents=0"}},
		{"arrivals are from 0 to 100000", []string{"--arrivals=-30", "--handling=8m", "--agents=3"}},
		{"no customers come", []string{"--arrivals=0", "--handling=8m", "--agents=3"}},
		{"handling takes from 1s", []string{"--arrivals=30", "--handling=-8m", "--agents=3"}},
		{"at most 3000000 are played", []string{"--arrivals=90000", "--handling=8m", "--agents=3"}},
		{"--capacity 0 nobody", append(few, "--capacity=0")},
		{"--warm-up cannot be negative", append(few, "--warm-up=-1h")},
		{"--start: a time of day", append(few, "--start=25")},
		{"what if agents=2:", append(few, "--what-if", "agents=2")},
		{"runs are from 1 to 1000", append(few, "--runs=0")},
	} {
		out, stderr, status := shell{t, dir}.run(append([]string{"simulate"}, c.args...)...)
		if status != 1 || out != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: status %d, %s\nwant %s", c.args, status, stderr, c.want)
		}
	}
}

// Progress is shown when it is asked for, and goes to standard error alone.
func TestSimulateShowsProgress(t *testing.T) {
	t.Parallel()
	s := shell{t, t.TempDir()}
	quiet, none := s.good("simulate", "--arrivals=30", "--handling=8m", "--agents=5")
	out, progress := s.good("simulate", "--arrivals=30", "--handling=8m", "--agents=5", "--progress")
	if none != "" || out != quiet || !strings.Contains(progress, " % ") {
		t.Errorf("asked for %q, not asked for %q", progress, none)
	}
}
