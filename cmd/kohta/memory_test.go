package main

import (
	"context"
	"errors"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// TestGiveBack fills memory, forgets it, and sees that the system has it again after a quiet tick.
func TestGiveBack(t *testing.T) {
	tick, ended := make(chan time.Time), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- giveBackAt(ctx, tick) }()
	released := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapReleased
	}
	looks := func() { // the second is taken when what the first began has ended
		tick <- time.Time{}
		tick <- time.Time{}
	}
	looks()
	const size = 64 << 20
	peak := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		peak[i] = 1
	}
	tick <- time.Time{} // a busy one: all of it was allocated since
	before := released()
	runtime.KeepAlive(peak)
	for tries := 1; released() < before+size/2; tries++ { // more than one, should something else allocate just then
		if tries > 100 {
			t.Fatalf("%d bytes were given back of %d", released()-before, size)
		}
		looks()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Little in use may have much garbage beside it, and much in use as much as ever.
func TestGarbageFor(t *testing.T) {
	for _, of := range []struct{ live, collectedAt uint64 }{
		{0, 128}, {2, 128}, {4, 128}, {17, 128}, {30, 128}, {42, 128}, {43, 3 * 43}, {200, 600}, {5000, 15000}, // megabytes
	} {
		percent := garbageFor(of.live << 20)
		at := max(of.live, 4) * uint64(100+percent) / 100
		if percent < garbage || at > of.collectedAt || at < of.collectedAt*4/5 {
			t.Errorf("with %d MB in use: %d %%, collected at %d MB, not about %d", of.live, percent, at, of.collectedAt)
		}
	}
}

func TestGroupMemory(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	write("memory.max", "800\n")
	write("desk.slice/memory.max", "500\n")
	write("desk.slice/kohta.service/memory.max", "max\n")
	write("other/memory.max", "1000\n")
	write("broken/memory.max", "much\n")
	for membership, want := range map[string]int64{
		"0::/\n":                         800, // as in a container
		"0::/desk.slice/kohta.service\n": 500,
		"0::/other\n":                    800,
		"1:memory:/old\n0::/other\n":     800,
		"0::/broken\n":                   800,
		"1:memory:/old\n":                800, // version 1: the root alone
	} {
		if got := groupMemory(write("membership", membership), root); got != want {
			t.Errorf("%q: %d, want %d", membership, got, want)
		}
	}
	if got := groupMemory(filepath.Join(root, "nothing"), root); got != math.MaxInt64 {
		t.Errorf("without groups: %d", got)
	}
}

// A desk that has no memory or no files left turns away who comes, and says when to come back; it lives, and answers
// who asks how it is.
func TestServeIsFull(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shell string // before serve
		fits  int
	}{
		"memory": {"GOMEMLIMIT=1MiB", 0},
		"files":  {"ulimit -n 110;", 110 - keptFiles},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startProcess(t, exec.Command("sh", "-c", c.shell+` exec "$@"`, "sh", builtBinary(t), "serve", "--demo", "--limits", "off",
				"--listen", "127.0.0.1:0", "--data", t.TempDir(), "--log-level", "error"))
			var there []*guest
			for range c.fits {
				there = append(there, p.guest(wire.Greeting{}))
			}
			_, err := wireclient.Dial(t.Context(), wireclient.Options{URL: p.socket("/ws/visitor"), Role: chat.RoleVisitor, Hello: wire.Greeting{Site: "demo"}}, nil)
			var refused *wireclient.Refused
			if !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable {
				t.Errorf("one more: %v, want 503", err)
			}
			for _, g := range there {
				g.do(wire.Post, "", chat.Post{Text: "moi"})
			}
			if status, _ := p.call("GET", "/healthz", "", nil); status != http.StatusOK {
				t.Errorf("healthz says %d", status)
			}
		})
	}
}
