package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

const program = "github.com/kohta/kohta/cmd/kohta"

// Build builds the program kohta of the module that this is run in into a folder, and returns its path. With clocks its wall
// clock can be set while it runs, see fleet.Node.Step: nothing in the desk knows of that, for it is Go's own time.Now that is
// built differently.
func Build(ctx context.Context, dir string, clocks bool, tags ...string) (string, error) {
	if !clocks {
		return build(ctx, filepath.Join(dir, "kohta"), "", tags...)
	}
	overlay, err := clockOverlay(ctx, dir)
	if err != nil {
		return "", err
	}
	return build(ctx, filepath.Join(dir, "kohta"), overlay, tags...)
}

func build(ctx context.Context, path, overlay string, tags ...string) (string, error) {
	args := []string{"build", "-buildvcs=false", "-trimpath", "-tags", strings.Join(tags, ","), "-o", path}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, program)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kohta: %w: %s", err, out)
	}
	return path, nil
}

// What time.Now is, and what it is in a program whose clock can be set.
const (
	soundNow = "sec, nsec, mono := runtimeNow()\n"
	setNow   = soundNow + "\tsec += Step.Load()\n"

	stepFile = `package time

import "sync/atomic"

// Step is by how many seconds the wall clock is off.
var Step atomic.Int64
`
	followFile = `package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// init follows the clock that the chaos run sets.
func init() {
	follow := func() {
		if b, err := os.ReadFile(os.Getenv("` + fleet.ClockFile + `")); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil {
				time.Step.Store(n)
			}
		}
	}
	follow()
	go func() {
		for range time.Tick(20 * time.Millisecond) {
			follow()
		}
	}()
}
`
)

// clockOverlay writes the files that are built in the place of others, and the list of them.
func clockOverlay(ctx context.Context, dir string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "time", program).Output()
	folders := strings.Fields(string(out))
	if err != nil || len(folders) != 2 {
		return "", fmt.Errorf("find Go's own package time: %w", err)
	}
	now := filepath.Join(folders[0], "time.go")
	text, err := os.ReadFile(now)
	if err != nil {
		return "", err
	}
	if bytes.Count(text, []byte(soundNow)) != 1 {
		return "", errors.New("this version of Go has another time.Now: see what is put in its place here")
	}
	return overlay(dir, "clock", map[string]string{
		now: strings.Replace(string(text), soundNow, setNow, 1),
		filepath.Join(folders[0], "chaos_step.go"):   stepFile,
		filepath.Join(folders[1], "chaos_follow.go"): followFile,
	})
}

// overlay writes texts that are built in the place of files, or beside them, into a folder, with the list of them, whose path it
// returns.
func overlay(dir, name string, texts map[string]string) (string, error) {
	replace := map[string]string{}
	for place, text := range texts {
		path := filepath.Join(dir, name+"_"+filepath.Base(place))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return "", err
		}
		replace[place] = path
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name+".json")
	return path, os.WriteFile(path, list, 0o644)
}
