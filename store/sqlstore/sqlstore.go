// Package sqlstore is the store in SQL: SQLite, embedded, one file in the data folder; or Postgres, which any number of
// nodes share. Each has one connection that writes what waits together, and some that read; on Postgres the appends have a
// connection of their own. See docs/store.md for the schema and the promises.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Options say how to open a store.
type Options struct {
	Path      string // of the file of an SQLite database; its folder has to be there
	URL       string // of a Postgres database, in the place of Path: postgres://…
	NoMigrate bool   // an older database is refused instead of being brought up
	ReadOnly  bool   // nothing is written, nor made: writes fail with the kind unavailable. For looking into a store that another process has open
}

func (o Options) source() (source, error) {
	if o.URL != "" {
		return serverAt(o.URL, o.ReadOnly)
	}
	return fileAt(o.Path), nil
}

// Store implements store.Store.
type Store struct {
	from       source
	db         *sql.DB // reads
	statements sync.Map
	committer  *committer                   // writes; nil with Options.ReadOnly
	appenders  []*appender                  // write the appends; none where the committer does
	appends    *batcher[*step]              // has them do it
	found      *gatherer[tokenAt, foundRow] // read for who comes back; nil: each is read for alone
	logs       *gatherer[logPart, readEvent]
	closed     atomic.Bool
}

var _ store.Store = (*Store)(nil)

// Open opens the database, makes it if it is not there, and brings its schema up to this program. Its errors are
// sentences that say what is wrong and what to do.
func Open(ctx context.Context, o Options) (*Store, error) {
	from, err := o.source()
	if err != nil {
		return nil, err
	}
	if from.check != nil {
		if err := from.check(ctx); err != nil {
			return nil, err
		}
	}
	if o.ReadOnly && o.Path != "" {
		if _, err := os.Stat(o.Path); err != nil {
			return nil, fmt.Errorf("there is no database at %s: %w", o.Path, err)
		}
	} else if !o.NoMigrate && !o.ReadOnly {
		if _, err := from.migrate(ctx); err != nil {
			return nil, err
		}
	}
	s := &Store{from: from}
	if err := s.open(ctx, !o.ReadOnly); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, forWriting bool) (err error) {
	if forWriting {
		if s.committer, err = newCommitter(s.from.writer); err != nil {
			return s.from.say(err)
		}
		var hands []*hand[*step]
		for range s.from.appenders {
			a := s.from.appender()
			s.appenders, hands = append(s.appenders, a), append(hands, newHand(a.settle, a.giveUp))
		}
		if len(hands) > 0 {
			s.appends = newBatcher(hands...)
		}
	}
	if s.db, err = s.from.reader(); err != nil {
		return s.from.say(err)
	}
	if s.from.foundTogether != "" {
		s.found, s.logs = newGatherer(s.foundTogether), newGatherer(s.logTogether)
	}
	if err := s.from.checkVersion(ctx, s.db); err != nil || !forWriting || s.from.settle == nil {
		return err
	}
	if err := s.from.settle(ctx); err != nil {
		return s.from.say(err)
	}
	return nil
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
	if s.appends != nil {
		s.appends.close()
	}
	for _, a := range s.appenders {
		errs = append(errs, a.close())
	}
	if s.committer != nil {
		errs = append(errs, s.committer.close())
	}
	if s.found != nil {
		s.found.close()
		s.logs.close()
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
		if !s.ailing() {
			return nil
		}
		if err := w.room(); err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM settings WHERE name = 'store.ping'`); err != nil {
			return err
		}
		_, err := w.exec(`INSERT INTO settings (name, value) VALUES ('store.ping', $1)`, pingText)
		return err
	})
}

// Clock is the time of a database that nodes share, to the microsecond; false if there is none.
func (s *Store) Clock(ctx context.Context) (time.Time, bool, error) {
	if s.from.clock == "" {
		return time.Time{}, false, nil
	}
	us, _, err := one(ctx, s, scanInt, s.from.clock)
	return time.UnixMicro(us).UTC(), err == nil, err
}

// Place is the server and the database there by their own numbers, which no dump holds: a database that was restored from a
// copy has another one, a standby that became the primary has the same. Empty where nothing tells a database from its copies,
// or where this user may not ask.
func (s *Store) Place(ctx context.Context) (string, error) {
	if s.from.place == "" {
		return "", nil
	}
	place, _, err := one(ctx, s, scanText, s.from.place)
	var server *pgconn.PgError
	if errors.As(err, &server) && server.Code == "42501" {
		return "", nil
	}
	return place, err
}

// ailing tells whether the last write did not get through.
func (s *Store) ailing() bool {
	return s.committer.ailing.Load() || slices.ContainsFunc(s.appenders, func(a *appender) bool { return a.ailing.Load() })
}

// write has a work done by the committer.
func (s *Store) write(ctx context.Context, do work) error {
	if s.committer == nil {
		return chat.Errorf(chat.Unavailable, "the store was opened for reading")
	}
	return s.committer.write(ctx, do)
}
