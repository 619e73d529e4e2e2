package main

import (
	"bytes"
	"context"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/nemesis"
	"github.com/kohta/kohta/cmd/kohta-chaos/run"
)

// notes writes what happens into the test's log.
type notes struct{ t *testing.T }

func (n notes) Write(p []byte) (int, error) {
	n.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func shortRun(t *testing.T, of time.Duration, tags ...string) run.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	binary, err := run.Build(ctx, t.TempDir(), false, tags...)
	if err != nil {
		t.Fatal(err)
	}
	o := run.Options{
		Binary: binary, Seed: 20, For: of, Nodes: 3, Customers: 50, Agents: 5, Faults: []string{nemesis.Kill},
		Every: 2 * time.Second, Rest: 500 * time.Millisecond, Notes: notes{t},
	}
	if testing.Short() {
		o.For, o.Customers = 5*time.Second, 20
	}
	r, err := run.Do(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.Summary())
	return r
}

// TestShortRun kills one of three nodes every two seconds while fifty customers and five agents talk.
func TestShortRun(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	r := shortRun(t, 20*time.Second)
	if !r.Sound() {
		t.Error("a promise was broken, see above")
	}
	if r.Acks == 0 || r.Faults[nemesis.Kill] == 0 || r.Reconnects == 0 || r.Messages == 0 {
		t.Error("nothing was tried")
	}
}

// TestNegativeControl runs a desk that acks before it commits: a run that finds nothing there would find nothing anywhere.
func TestNegativeControl(t *testing.T) {
	if testing.Short() {
		t.Skip("a second build and a second run")
	}
	t.Parallel()
	if r := shortRun(t, 8*time.Second, negativeTag); r.Lost == 0 {
		t.Error("nothing is found lost")
	}
}

// TestTheDeskHasNoMistakeBuiltIn: the mistake of the negative control is in one file, which no build without its tag has.
func TestTheDeskHasNoMistakeBuiltIn(t *testing.T) {
	const mistake = "open_hasty.go"
	usual, err := build.Default.ImportDir("../kohta", 0)
	if err != nil {
		t.Fatal(err)
	}
	tagged := build.Default
	tagged.BuildTags = []string{negativeTag}
	negative, err := tagged.ImportDir("../kohta", 0)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(usual.GoFiles, mistake) || !slices.Contains(negative.GoFiles, mistake) {
		t.Errorf("%s in the usual build: %v; in that of the negative control: %v", mistake, slices.Contains(usual.GoFiles, mistake), slices.Contains(negative.GoFiles, mistake))
	}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "kohta-chaos" || d.Name() == ".git"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "/"+mistake) || strings.HasSuffix(path, "/open.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("chaos_")) {
			t.Errorf("%s speaks of the chaos run", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFaultsAreChosen(t *testing.T) {
	all, _ := nemesis.All()
	for _, c := range []struct {
		list, but []string
		want      int // -1: refused
	}{
		{[]string{"kill"}, nil, 1},
		{[]string{"kill", "stop"}, []string{"stop"}, 1},
		{[]string{"all"}, nil, len(all)},
		{[]string{"all"}, []string{"kill", "stop"}, len(all) - 2},
		{[]string{"earthquake"}, nil, -1},
		{[]string{"all"}, []string{"earthquake"}, -1},
	} {
		got, err := chosen(c.list, c.but)
		if (err != nil) != (c.want < 0) || err == nil && len(got) != c.want {
			t.Errorf("%v but %v: %v, %v", c.list, c.but, got, err)
		}
	}
}

// TestTwoVersions has every second node be of a later version, whose migration, events and words between nodes this one does not
// know; all are replaced again and again, each by the other version, and one is killed now and then.
func TestTwoVersions(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	dir := t.TempDir()
	binary, err := run.Build(ctx, dir, false)
	if err != nil {
		t.Fatal(err)
	}
	later, err := run.BuildLater(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := run.Do(ctx, run.Options{
		Binary: binary, Beside: later, Seed: 5, For: 12 * time.Second, Nodes: 3, Customers: 30, Agents: 4, Faults: []string{"deploy", nemesis.Kill},
		Every: 2 * time.Second, Rest: 300 * time.Millisecond, Notes: notes{t},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.Summary())
	if !r.Sound() {
		t.Error("a promise was broken, see above")
	}
	if r.Acks == 0 || r.Faults["deploy"] == 0 {
		t.Error("nothing was tried")
	}
}
