package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// Copies that are made while four writers go on, each opened: it holds at least what was acknowledged before it was
// begun, of each conversation a beginning without a hole, and lies in one file that only its owner may read.
func TestBackupWhileAppendsRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	s := open(t, path)
	defer s.Close()
	const writers, copies = 4, 3
	var mu sync.Mutex
	acked := map[string]int64{}
	moved := make(chan struct{}, 1)
	done := make(chan struct{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			name := fmt.Sprintf("conversation-%02d", w)
			for c := (chat.Conversation{ID: name, Site: "shop", Visitor: name, State: chat.WithBot, OpenedAt: start}); ; {
				select {
				case <-done:
					return
				default:
				}
				pos := c.Pos
				c.Pos, c.AgentSeq, c.VisitorSeq = pos+1, pos+1, pos+1
				e := chat.Event{Pos: pos + 1, AgentSeq: pos + 1, VisitorSeq: pos + 1, At: start, Kind: chat.KindMessage, Key: fmt.Sprint(pos + 1)}
				key := store.Key{Sender: name, Key: e.Key, Ack: store.Ack{Conversation: name, Seq: pos + 1}}
				if err := s.Append(t.Context(), store.Append{Pos: pos, Next: c, Events: []chat.Event{e}, Keys: []store.Key{key}, At: start}); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acked[name] = c.Pos
				ready := len(acked) == writers
				mu.Unlock()
				if ready {
					select {
					case moved <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	for n := range copies {
		<-moved
		<-moved // after the last copy something was written, or this one says nothing
		mu.Lock()
		before := map[string]int64{}
		for name, pos := range acked {
			before[name] = pos
		}
		mu.Unlock()
		dir := t.TempDir()
		to := filepath.Join(dir, fmt.Sprintf("copy %d.db", n))
		size, err := sqlstore.Backup(t.Context(), path, to)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 || info.Size() != size || size == 0 {
			t.Fatalf("%v, %v; %d bytes were told", info, err, size)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Fatalf("beside the copy: %v, %v", left, err)
		}
		restored := open(t, to)
		for name, pos := range before {
			checkWhole(t, restored, name, pos)
		}
		if err := restored.Close(); err != nil {
			t.Fatal(err)
		}
	}
	close(done)
	all.Wait()
}

// What is refused leaves nothing behind, and nothing changed.
func TestBackupRefused(t *testing.T) {
	dir := t.TempDir()
	path, taken := filepath.Join(dir, "kohta.db"), filepath.Join(dir, "taken.db")
	k, s := talk{}, open(t, path)
	defer s.Close()
	if err := s.Append(t.Context(), k.step()); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.db")
	if _, err := sqlstore.Backup(t.Context(), path, broken); err != nil {
		t.Fatal(err)
	}
	spoil(t, broken)
	if err := os.WriteFile(taken, []byte("an older copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, says string }{
		{"a file that is there", path, taken, "is there already"},
		{"the database itself", path, path, "is there already"},
		{"no folder", path, filepath.Join(dir, "missing", "copy.db"), "cannot be made: no such file or directory"},
		{"no database", filepath.Join(dir, "none.db"), filepath.Join(dir, "copy.db"), "there is no database at "},
		{"a database that is damaged", broken, filepath.Join(dir, "copy.db"), "malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := names(t, dir)
			if _, err := sqlstore.Backup(t.Context(), c.from, c.to); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if after := names(t, dir); after != before {
				t.Errorf("there was %s, now there is %s", before, after)
			}
		})
	}
	ended, end := context.WithCancel(t.Context())
	end()
	before := names(t, dir)
	if _, err := sqlstore.Backup(ended, path, filepath.Join(dir, "copy.db")); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "\n") {
		t.Errorf("called off: %v", err)
	}
	if after := names(t, dir); after != before {
		t.Errorf("called off: there was %s, now there is %s", before, after)
	}
	if text, err := os.ReadFile(taken); err != nil || string(text) != "an older copy" {
		t.Errorf("the older copy is %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a database was made where there was none")
	}
}

// spoil overwrites the inside of a database's pages, and leaves its head.
func spoil(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(text); i++ {
		text[i] = 0x5a
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// names are the files of a folder but for SQLite's own beside a database, which come and go.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
			list = append(list, e.Name())
		}
	}
	return strings.Join(list, " ")
}
