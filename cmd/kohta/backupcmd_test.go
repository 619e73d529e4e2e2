package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// TestBackupIsPutBack copies the database of a desk that runs, erases a customer there, and puts the copy into a new
// folder with the list of erasures, as docs/operating.md says: the others are there, and the erased one is not.
func TestBackupIsPutBack(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	dir, restored := t.TempDir(), filepath.Join(t.TempDir(), "restored")
	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	stays, goes := p.guest(wire.Greeting{Language: "fi"}), p.guest(wire.Greeting{Language: "fi"})
	stays.do(wire.Post, "", chat.Post{Text: "Minä olen Salamanteri"})
	goes.do(wire.Post, "", chat.Post{Text: "Minä olen Manaatti"})
	file := filepath.Join(t.TempDir(), "kohta-copy.db")
	if out, errs, status := runKohta(t, "", "backup", file, "--data", dir); status != 0 || !strings.Contains(out, "is whole") {
		t.Fatalf("backup: status %d\n%s%s", status, out, errs)
	}
	if out, errs, status := runKohta(t, "", "visitor", "erase", goes.welcome().Visitor, "--data", dir); status != 0 {
		t.Fatalf("erase: status %d\n%s%s", status, out, errs)
	}
	token := stays.welcome().Token
	if status := p.stop(); status != 0 {
		t.Fatalf("status %d", status)
	}

	if err := os.Mkdir(restored, 0o700); err != nil {
		t.Fatal(err)
	}
	for to, from := range map[string]string{"kohta.db": file, "erasures.txt": filepath.Join(dir, "erasures.txt")} {
		if err := os.Rename(from, filepath.Join(restored, to)); err != nil {
			t.Fatal(err)
		}
	}
	p = startDesk(t, restored, "127.0.0.1:0", "--demo")
	if again := p.guest(wire.Greeting{Token: token}); again.welcome().Visitor != stays.welcome().Visitor {
		t.Error("the customer of the copy is not known")
	}
	if where := inFolder(t, restored, "Salamanteri"); len(where) == 0 {
		t.Error("what was said before the copy is gone")
	}
	if where := inFolder(t, restored, "Manaatti"); len(where) > 0 {
		t.Errorf("who was erased is in %v", where)
	}
	if out, _, status := runKohta(t, "", "doctor", "--data", restored); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
}

// A database that is not in the folder is left to its own tools, and its password is not told.
func TestBackupLeavesPostgresToItsTools(t *testing.T) {
	_, errs, status := shell{t, t.TempDir()}.run("backup", "copy.db", "--database", "postgres://kohta:hunter22@db/kohta")
	if status != 1 || !strings.Contains(errs, "pg_dump") || strings.Contains(errs, "hunter22") {
		t.Errorf("status %d: %s", status, errs)
	}
}
