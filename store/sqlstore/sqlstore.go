// Package sqlstore is the store in SQL. Today that is SQLite, embedded: one file in the data folder, one goroutine
// that writes, some connections that read. See docs/store.md for the schema and the promises.
package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Options say how to open a store.
type Options struct {
	Path      string // of the database's file; its folder has to be there
	NoMigrate bool   // an older database is refused instead of being brought up
	ReadOnly  bool   // nothing is written, nor made: writes fail with the kind unavailable. For looking into a store that another process has open
}

// Store implements store.Store.
type Store struct {
	path       string
	db         *sql.DB // reads
	statements sync.Map
	committer  *committer // writes; nil with Options.ReadOnly
	closed     atomic.Bool
}

var _ store.Store = (*Store)(nil)

// Open opens the database, makes it if it is not there, and brings its schema up to this program. Its errors are
// sentences that say what is wrong and what to do.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.ReadOnly {
		if _, err := os.Stat(o.Path); err != nil {
			return nil, fmt.Errorf("there is no database at %s: %w", o.Path, err)
		}
	} else if !o.NoMigrate {
		if _, err := Migrate(ctx, o.Path); err != nil {
			return nil, err
		}
	}
	s := &Store{path: o.Path}
	if err := s.open(ctx, !o.ReadOnly); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, forWriting bool) (err error) {
	if forWriting {
		if s.committer, err = newCommitter(func() (driver.Conn, error) { return openWriter(s.path) }); err != nil {
			return say(s.path, err)
		}
	}
	if s.db, err = openReaders(s.path); err != nil {
		return say(s.path, err)
	}
	have, know, err := version(ctx, s.db)
	if err != nil {
		return say(s.path, err)
	}
	return checkVersion(have, know)
}

// Broken implements store.Store.
func (s *Store) Broken() <-chan error {
	if s.committer == nil {
		return nil
	}
	return s.committer.broken
}

// Close implements store.Store.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		if s.committer != nil {
			<-s.committer.ended
		}
		return nil
	}
	var errs []error
	if s.committer != nil {
		errs = append(errs, s.committer.close())
	}
	s.statements.Range(func(_, statement any) bool {
		errs = append(errs, statement.(*sql.Stmt).Close())
		return true
	})
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

// pingText is what Ping writes to see whether there is room: some of it, for a disk that is full has a last corner.
var pingText = strings.Repeat("room", 16<<10)

// Ping implements store.Store. After a write that failed it makes sure, by a row that nobody reads, that writing works
// again: a disk that was full does not say by itself that there is room.
func (s *Store) Ping(ctx context.Context) error {
	if _, _, err := one(ctx, s, scanInt, `SELECT 1`); err != nil {
		return err
	}
	if s.committer == nil {
		return nil
	}
	return s.write(ctx, func(w *writer) error {
		if !s.committer.ailing.Load() {
			return nil
		}
		if _, err := w.exec(`DELETE FROM settings WHERE name = 'store.ping'`); err != nil {
			return err
		}
		_, err := w.exec(`INSERT INTO settings (name, value) VALUES ('store.ping', $1)`, pingText)
		return err
	})
}

// write has a work done by the committer.
func (s *Store) write(ctx context.Context, do work) error {
	if s.committer == nil {
		return chat.Errorf(chat.Unavailable, "the store was opened for reading")
	}
	return s.committer.write(ctx, do)
}
