package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestReady(t *testing.T) {
	status, words := http.StatusOK, ""
	desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
		io.WriteString(w, words)
	}))
	address := strings.TrimPrefix(desk.URL, "http://")
	everywhere := "0.0.0.0" + address[strings.LastIndex(address, ":"):]
	run := func(args ...string) (code int, said string) {
		var stdout, stderr bytes.Buffer
		p := program{strings.NewReader(""), &stdout, &stderr, func(string) string { return "" }}
		code = p.run(t.Context(), args)
		return code, stdout.String() + stderr.String()
	}
	ask := func(address string) (code int, said string) { return run("ready", "--listen", address) }
	for _, at := range []string{address, everywhere} {
		if code, said := ask(at); code != 0 || said != "ready\n" {
			t.Errorf("%s: status %d, %q", at, code, said)
		}
	}
	file := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, file, "data: /var/lib/kohta\nlisten: "+address+"\nproxies: 10.0.0.1\n")
	if code, said := run("ready", "--config", file); code != 0 || said != "ready\n" {
		t.Errorf("with the desk's file: status %d, %q", code, said)
	}
	status, words = http.StatusServiceUnavailable, `{"down":["database"]}`
	if code, said := ask(address); code != 1 || !strings.Contains(said, "database") {
		t.Errorf("not ready: status %d, %q", code, said)
	}
	desk.Close()
	if code, said := ask(address); code != 1 || !strings.Contains(said, "does not answer") {
		t.Errorf("gone: status %d, %q", code, said)
	}
	if code, said := ask("nowhere"); code != 1 || !strings.Contains(said, "not an address") {
		t.Errorf("no address: status %d, %q", code, said)
	}
}
