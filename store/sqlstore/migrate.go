package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database at path up to this program, and makes it if it is not there. Each migration is one
// transaction: one that is killed is made again by the next start. It returns how many were made.
func Migrate(ctx context.Context, path string) (int, error) {
	if err := createFile(path); err != nil {
		return 0, fmt.Errorf("the database cannot be made: %w", err)
	}
	db, err := openForMigration(path)
	if err != nil {
		return 0, say(path, err)
	}
	defer db.Close()
	provider, err := newProvider(db)
	if err != nil {
		return 0, err
	}
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, say(path, err)
	}
	if err := checkVersion(have, know); have > know {
		return 0, err
	}
	made, err := provider.Up(ctx)
	if err != nil {
		return len(made), say(path, err)
	}
	return len(made), nil
}

// version is the schema that the database is at, and the one that this program knows.
func version(ctx context.Context, db *sql.DB) (have, know int64, err error) {
	provider, err := newProvider(db)
	if err != nil {
		return 0, 0, err
	}
	for _, source := range provider.ListSources() {
		know = max(know, source.Version)
	}
	versions, err := database.NewStore(gooseDialect, goose.DefaultTablename)
	if err != nil {
		return 0, 0, err
	}
	have, err = versions.GetLatestVersion(ctx, db)
	return have, know, err
}

// checkVersion is nil when the database is at the schema that this program knows.
func checkVersion(have, know int64) error {
	switch {
	case have > know:
		return fmt.Errorf("This database is from a newer Kohta (schema %d, this program knows %d). Start that version, or restore a copy from before the update.", have, know) //nolint:staticcheck // shown as it is
	case have < know:
		return fmt.Errorf("This database is from an older Kohta (schema %d, this program needs %d). Run “kohta migrate” first.", have, know) //nolint:staticcheck // shown as it is
	}
	return nil
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(dialectFS{migrations}, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(gooseDialect, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// dialectFS gives out SQL files as this database reads them.
type dialectFS struct{ fs.FS }

func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return f, err
	}
	text, err := fs.ReadFile(d.FS, name)
	if err != nil {
		return nil, err
	}
	return sqlFile{f, bytes.NewReader([]byte(dialectSQL(string(text))))}, nil
}

type sqlFile struct {
	fs.File
	text *bytes.Reader
}

func (f sqlFile) Read(p []byte) (int, error) { return f.text.Read(p) }
