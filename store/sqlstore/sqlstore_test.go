package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a Postgres for one test.
func server(t *testing.T, settings ...string) *servers.Postgres {
	t.Helper()
	p, err := servers.StartPostgres(t.Context(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// onServer opens a store in a database of its own for each test. The tables are made once, and copied.
func onServer(t *testing.T) storetest.Open {
	t.Helper()
	p := server(t)
	template, err := p.NewDatabase(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlstore.Migrate(t.Context(), sqlstore.Options{URL: p.URL(template)}); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) store.Store {
		name, err := p.NewDatabase(context.Background(), template)
		if err != nil {
			t.Fatal(err)
		}
		s, err := sqlstore.Open(context.Background(), sqlstore.Options{URL: p.URL(name), NoMigrate: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestStoreOnPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, onServer(t))
}

func TestAlikeOnPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	storetest.Alike(t, opener(t), onServer(t))
}

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

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, opener(t))
}

func TestAlike(t *testing.T) {
	t.Parallel()
	storetest.Alike(t, func(*testing.T) store.Store { return memstore.New() }, opener(t))
}
