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

// Migrate brings the database up to this program, and makes it if it is not there. Each migration is one transaction:
// one that is killed is made again by the next start, and of several programs that begin at once one makes it. It
// returns how many were made.
func Migrate(ctx context.Context, o Options) (int, error) {
	from, err := o.source()
	if err != nil {
		return 0, err
	}
	return from.migrate(ctx)
}

func (d source) migrate(ctx context.Context) (int, error) {
	if d.create != nil {
		if err := d.create(); err != nil {
			return 0, fmt.Errorf("the database cannot be made: %w", err)
		}
	}
	db, err := d.maker()
	if err != nil {
		return 0, d.say(err)
	}
	defer db.Close()
	if err := d.foreign(ctx, db); err != nil {
		return 0, err
	}
	provider, err := d.provider(db)
	if err != nil {
		return 0, err
	}
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, d.say(err)
	}
	if have > know {
		return 0, nil // whether it can be worked with is seen when it is opened
	}
	made, err := provider.Up(ctx)
	if err != nil {
		return len(made), d.say(err)
	}
	return len(made), nil
}

// checkVersion is nil when this program can work with the database as it is: it has all that the program knows, and
// nothing that it must not be written to without knowing.
func (d source) checkVersion(ctx context.Context, db *sql.DB) error {
	provider, err := d.provider(db)
	if err != nil {
		return err
	}
	know := int64(0)
	for _, migration := range provider.ListSources() {
		know = max(know, migration.Version)
	}
	versions, err := database.NewStore(d.dialect.goose, goose.DefaultTablename)
	if err != nil {
		return err
	}
	have, err := versions.GetLatestVersion(ctx, db)
	if err != nil {
		return d.say(err)
	}
	if have < know {
		return fmt.Errorf("This database is from an older Kohta (schema %d, this program needs %d). Run “kohta migrate” first.", have, know) //nolint:staticcheck // shown as it is
	}
	var oldest int64
	var copying string
	if err := db.QueryRowContext(ctx, `SELECT oldest, copying FROM compatibility`).Scan(&oldest, &copying); err != nil {
		return d.say(err)
	}
	if copying != "" {
		return fmt.Errorf("A copy into %s was begun and is not complete. Run “kohta migrate --from … --to …” again, or give another database.", d.name) //nolint:staticcheck // shown as it is
	}
	if oldest > know {
		return fmt.Errorf("This database is from a newer Kohta (schema %d, this program knows %d). Start that version, or restore a copy from before the update.", have, know) //nolint:staticcheck // shown as it is
	}
	return nil
}

func (d source) provider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(dialectFS{migrations, d.dialect}, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.locker != nil {
		locker, err := d.locker()
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(d.dialect.goose, db, dir, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// dialectFS gives out SQL files as this database reads them.
type dialectFS struct {
	fs.FS
	*dialect
}

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
	return sqlFile{f, bytes.NewReader([]byte(d.migration(string(text))))}, nil
}

type sqlFile struct {
	fs.File
	text *bytes.Reader
}

func (f sqlFile) Read(p []byte) (int, error) { return f.text.Read(p) }
