package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"go.uber.org/zap"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// dataFlags say where the desk keeps what it keeps.
type dataFlags struct {
	Data     string          `default:"./kohta-data" env:"KOHTA_DATA" help:"Folder of the embedded database and of what this node keeps; made if missing (${default})." placeholder:"DIR"`
	Database string          `env:"KOHTA_DATABASE" help:"Postgres in the place of the embedded database: postgres://…" placeholder:"URL"`
	Config   kong.ConfigFlag `env:"KOHTA_CONFIG" help:"YAML file with the names of the flags as keys." placeholder:"FILE"`
}

// open makes the folder if need be and opens the store. Its errors say what is wrong and what to do.
func (f dataFlags) open(ctx context.Context, migrate bool) (store.Store, error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	o, err := f.options()
	if err != nil {
		return nil, err
	}
	o.NoMigrate = !migrate
	return openStore(ctx, o)
}

// make makes the folder if need be.
func (f dataFlags) make() error {
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made (%w); give --data a folder that this user may write to", plain(err))
	}
	return nil
}

// look opens the store that a desk may be serving, without writing to it.
func (f dataFlags) look(ctx context.Context) (store.Store, error) {
	o, err := f.options()
	if err != nil {
		return nil, err
	}
	o.ReadOnly = true
	return openStore(ctx, o)
}

// options say which database is meant.
func (f dataFlags) options() (sqlstore.Options, error) {
	switch {
	case f.Database == "":
		return sqlstore.Options{Path: filepath.Join(f.Data, "kohta.db")}, nil
	case strings.HasPrefix(f.Database, "postgres://"), strings.HasPrefix(f.Database, "postgresql://"):
		return sqlstore.Options{URL: f.Database}, nil
	}
	return sqlstore.Options{}, fmt.Errorf("--database %s: a database is Postgres, as postgres://kohta@db.example:5432/kohta?sslmode=verify-full; without --database it is the embedded SQLite in --data", scheme(f.Database))
}

// there tells whether there is a database in a file, before anything makes one.
func there(path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database at %s: give the --data folder of the desk", path)
	}
	return nil
}

// scheme is the part of an address that holds no secret.
func scheme(url string) string {
	if s, _, ok := strings.Cut(url, "://"); ok {
		return s + "://…"
	}
	return "…"
}

// plain is the reason of a file error without the path, which the sentence around it names.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// unwritable says that the data folder does not take a file, and what to do.
func unwritable(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("the disk of the data folder is full: make room and start again")
	}
	return fmt.Errorf("the data folder cannot be written to (%w); give --data a folder that this user may write to", plain(err))
}

// lock keeps a second desk from serving the same folder: the line in memory would be told half of what happens. The
// file is unlocked when the process ends, however it ends.
func (f dataFlags) lock() (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.Data, "kohta.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritable(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("another desk is serving the data folder %s; stop it, or give this one a --data folder of its own", f.Data)
	}
	return func() { file.Close() }, nil
}

// longLog is a store with a log that can be made as long as it gets beforehand.
type longLog interface {
	LengthenLog(ctx context.Context) error
}

// lengthenLog has that done, once the desk is open.
func (h *house) lengthenLog(ctx context.Context) error {
	s, ok := h.store.(longLog)
	if !ok {
		return nil
	}
	if err := s.LengthenLog(ctx); err != nil {
		h.log.Warn("commits take a little longer at first", zap.Error(err))
	}
	return nil
}
