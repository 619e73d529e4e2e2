package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// The log is made longer while messages are stored. Whatever stood in the files at any moment holds what was acknowledged by
// then: they are copied as they are, as a machine that stops would leave them.
func TestLengthenLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // the copies are looked into
	const writers, steps, copies = 8, 150, 4
	talks := make([]talk, writers)
	said := func() (all int64) {
		for i := range talks {
			all += talks[i].fold.Pos
		}
		return all
	}
	write := func(between func()) {
		var writing sync.WaitGroup
		for w := range talks {
			talks[w].writer = w
			writing.Go(func() {
				for range steps / copies {
					if err := s.Append(context.Background(), talks[w].step()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		between()
		writing.Wait()
	}
	for n := range copies {
		write(func() {
			if n > 0 {
				return
			}
			if err := s.LengthenLog(t.Context()); err != nil {
				t.Error(err)
			}
		})
		dir := t.TempDir()
		for _, name := range []string{"kohta.db", "kohta.db-wal"} {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(path), name))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := stored(t, filepath.Join(dir, "kohta.db"), talks); got != said() {
			t.Errorf("copy %d holds %d of %d events", n, got, said())
		}
	}
	log, err := os.Stat(path + "-wal")
	if err != nil || log.Size() < 30<<20 {
		t.Errorf("the log has %d bytes (%v)", log.Size(), err)
	}
	if err := s.LengthenLog(t.Context()); err != nil {
		t.Error(err)
	}
	if again, err := os.Stat(path + "-wal"); err != nil || again.Size() != log.Size() {
		t.Errorf("it has grown from %d to %d (%v)", log.Size(), again.Size(), err)
	}
}

// stored is how many events of some conversations a database holds.
func stored(t *testing.T, path string, talks []talk) (all int64) {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // it is a copy
	for i := range talks {
		for after, more := int64(0), true; more; {
			events, err := s.EventsAfter(t.Context(), talks[i].fold.ID, store.ForVisitor, after, 500)
			if err != nil {
				t.Fatal(err)
			}
			more, all = len(events) > 0, all+int64(len(events))
			if more {
				after = events[len(events)-1].VisitorSeq
			}
		}
	}
	return all
}
