package sqlstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, path string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// opener opens a store of its own for each test. The tables are made once, and copied.
func opener(t *testing.T) storetest.Open {
	t.Helper()
	path := filepath.Join(t.TempDir(), "template.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) store.Store {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "kohta.db")
		if err := os.WriteFile(path, template, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path, NoMigrate: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestStore(t *testing.T) { storetest.Run(t, opener(t)) }

func TestAlike(t *testing.T) {
	storetest.Alike(t, func(*testing.T) store.Store { return memstore.New() }, opener(t))
}
