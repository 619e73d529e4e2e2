package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/wire"
)

func TestNobodyHasAnAccountByDefault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startDesk(t, dir, "127.0.0.1:0")
	if status, _ := p.call("POST", "/api/v1/session", `{"email":"sari@demo.example","password":"kohta-demo"}`, nil); status != http.StatusUnauthorized {
		t.Errorf("the demo's account without the demo: status %d", status)
	}
	if out, _, status := runKohta(t, "", "agent", "list", "--data", dir); status != 0 || out != "" {
		t.Errorf("status %d, accounts:\n%s", status, out)
	}
	// What is of everybody on a machine is of nobody else: the data, and the way to ask a desk that runs.
	for name, mode := range map[string]string{"kohta.db": "-rw-------", "kohta.sock": "Srw-------", "kohta.lock": "-rw-------"} {
		if got := fileMode(t, filepath.Join(dir, name)); got != mode {
			t.Errorf("%s is %s, want %s", name, got, mode)
		}
	}
}

// TestAnAgentWhoIsDisabledIsOut disables an agent of a running desk from the shell.
func TestAnAgentWhoIsDisabledIsOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	ville, aino := p.colleague(t, "ville@demo.example"), p.colleague(t, "aino@demo.example")
	cookie := signIn(t, p.base, "ville@demo.example")
	ville.welcome()
	if out, _, status := runKohta(t, "", "agent", "sessions", "ville@demo.example", "--data", dir); status != 0 || strings.Count(out, "127.0.0.1") != 2 {
		t.Errorf("status %d, sessions:\n%s", status, out)
	}
	if out, errs, status := runKohta(t, "", "agent", "disable", "ville@demo.example", "--data", dir); status != 0 {
		t.Fatalf("status %d, %s%s", status, out, errs)
	}
	select {
	case <-ville.Ended():
	case <-time.After(patience): // two seconds are the promise
		t.Fatal("the socket of a disabled agent stays open")
	}
	if ville.CloseCode() != wire.CloseRevoked {
		t.Errorf("closed with %d", ville.CloseCode())
	}
	if status, _ := p.call("GET", "/api/v1/session", "", func(r *http.Request) { r.AddCookie(cookie) }); status != http.StatusUnauthorized {
		t.Errorf("another session of theirs: status %d", status)
	}
	aino.settled()
	if out, _, status := runKohta(t, "", "agent", "sessions", "aino@demo.example", "--end", "--data", dir); status != 0 || !strings.Contains(out, "1 sessions ended") {
		t.Errorf("status %d:\n%s", status, out)
	}
	select {
	case <-aino.Ended():
	case <-time.After(patience):
		t.Fatal("the socket of a session that was ended stays open")
	}
	if out, _, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the audit does not hold:\n%s", out)
	}
}

// TestManyTriesAtOnceAreNoMoreThanMany tries many passwords of one account at once.
func TestManyTriesAtOnceAreNoMoreThanMany(t *testing.T) {
	t.Parallel()
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo")
	var all sync.WaitGroup
	var tried, told atomic.Int64
	for range 60 {
		all.Go(func() {
			switch status, _ := p.call("POST", "/api/v1/session", `{"email":"aino@demo.example","password":"wrong"}`, nil); status {
			case http.StatusUnauthorized, http.StatusServiceUnavailable: // 503: counted, and then too many at once
				tried.Add(1)
			case http.StatusTooManyRequests:
				told.Add(1)
			default:
				t.Errorf("status %d", status)
			}
		})
	}
	all.Wait()
	if tried.Load() != 10 || told.Load() != 50 {
		t.Errorf("%d were tried and %d told to come later, of 60", tried.Load(), told.Load())
	}
	if status, _ := p.call("POST", "/api/v1/session", `{"email":"aino@demo.example","password":"kohta-demo"}`, nil); status != http.StatusTooManyRequests {
		t.Errorf("the right password after too many wrong ones: status %d", status)
	}
}

func fileMode(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().String()
}
