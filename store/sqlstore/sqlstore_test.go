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

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "kohta.db")) })
}

func TestAlike(t *testing.T) {
	storetest.Alike(t, func(*testing.T) store.Store { return memstore.New() }, func(t *testing.T) store.Store {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		return open(t, filepath.Join(dir, "kohta.db"))
	})
}
