package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/wire"
)

// TestMoveToPostgres moves a desk from the embedded database to Postgres: whoever chatted is known there, with all that
// was said, and goes on.
func TestMoveToPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	server, err := servers.StartPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	name, err := server.NewDatabase(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	dir, url := t.TempDir(), server.URL(name)
	move := []string{"migrate", "--from", "sqlite", "--to", "postgres", "--data", dir, "--database", url}

	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	c := p.guest(wire.Greeting{Language: "fi"})
	c.do(wire.Post, "", chat.Post{Text: "Haluan puhua ihmiselle, paketti on hukassa"})
	if _, errs, status := runKohta(t, "", move...); status != 1 || !strings.Contains(errs, "another desk is serving") {
		t.Fatalf("while the desk runs: status %d, %s", status, errs)
	}
	if status := p.stop(); status != 0 {
		t.Fatalf("status %d", status)
	}
	out, errs, status := runKohta(t, "", move...)
	if status != 0 || !strings.Contains(out, "events") || !strings.Contains(out, "all of it is there") {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	if _, errs, status := runKohta(t, "", move...); status != 1 || !strings.Contains(errs, "not empty") {
		t.Errorf("once more: status %d, %s", status, errs)
	}

	p = startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo", "--database", url)
	again := p.guest(wire.Greeting{Token: c.welcome().Token})
	if w := again.welcome(); w.Visitor != c.welcome().Visitor || len(w.Snapshots) != 1 || w.Snapshots[0].State != chat.Waiting {
		t.Errorf("who comes back is %+v", w)
	}
	again.do(wire.Post, "", chat.Post{Text: "Onko siellä ketään?"})
	if out, _, status := runKohta(t, "", "doctor", "--data", t.TempDir(), "--database", url); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
}

func TestMoveSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, c := range []struct {
		flags []string
		says  string
	}{
		{[]string{"--from", "sqlite"}, "--to postgres"},
		{[]string{"--from", "sqlite", "--to", "postgres"}, "--database postgres://"},
		{[]string{"--from", "sqlite", "--to", "postgres", "--data", empty, "--database", "postgres://u:secret@127.0.0.1:1/k?sslmode=disable"}, filepath.Join(empty, "kohta.db")},
	} {
		_, errs, status := runKohta(t, "", append([]string{"migrate"}, c.flags...)...)
		if status != 1 || !strings.Contains(errs, c.says) || strings.Contains(errs, "secret") {
			t.Errorf("%v: status %d, %s", c.flags, status, errs)
		}
	}
}
