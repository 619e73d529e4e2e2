package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// dialect is what differs between databases in what they are told. How they are opened stands beside it: sqlite.go,
// postgres.go.
type dialect struct {
	goose     goose.Dialect
	migration func(text string) string          // a migration as this database reads it
	query     func(text string) string          // a query for the pool that reads
	statement func(text string) (string, []int) // a statement for the writer, and which argument stands in each of its places; no places: each in its own
	begin     string                            // begins a write transaction
	lock      string                            // locks a name until the transaction ends; empty where there is one writer
	patience  time.Duration                     // how long a statement may take; 0: as long as it takes

	changed, lastChange, marksOf string
	ahead                        string // reads what changed leaves out because others are under way; empty: it leaves nothing out
	foundTogether, logTogether   string // what several callers ask at the same time is read by one query each; empty: by one for each
	strict                       bool   // texts are UTF-8 without NUL
	clock                        string // reads the time that nodes share, in microseconds; empty: there is one node
	place                        string // reads what tells this database from its copies; empty: nothing does
}

// within bounds how long a statement may take.
func (d *dialect) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.patience == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d.patience)
}

// clusteredMark stands in the migrations where a table is laid out by its primary key, if the database can: narrow rows
// that are read by key, or in its order, are found without a second look-up so.
const clusteredMark = `/* clustered */`

// source is a database that can be opened.
type source struct {
	*dialect
	name      string                      // in sentences for people
	log       string                      // the file of its log; "" where it is not for us to see to
	create    func() error                // makes the database where it may; nil: it is there
	check     func(context.Context) error // refuses a database that does not keep what it acknowledges; nil: it does
	writer    func() (*writer, error)
	reader    func() (*sql.DB, error)
	maker     func() (*sql.DB, error)            // may change the tables
	locker    func() (lock.SessionLocker, error) // keeps two programs from migrating at once; nil: the database does
	appender  func() *appender                   // writes appends
	appenders int                                // how many of them; 0: the committer writes appends
	scrub     func(context.Context) error        // sees to it that what was erased is gone from the files
	settle    func(context.Context) error        // puts a database right that was restored from a copy; nil: there is nothing to
	say       func(error) error                  // the one sentence for a database that cannot be opened
}

// meaning is what a driver's error means for whoever asked.
type meaning int

const (
	internal  meaning = iota
	duplicate         // a unique key is there already
	clashed           // others on the same database were in the way: nothing was stored, and it can be done again at once
	blocked           // others held a lock for longer than is waited for: nothing was stored
	away              // full, busy, or not to be had: nothing was stored, and it may go better later
	gone              // the connection ended; a commit that was under way may be there or not
	lost              // the disk failed: what was acknowledged may not be there
)

// meaningOf reads an error's code, never its words. Committing says that the error came from a commit: then a disk
// that failed leaves open whether the commit is there.
func meaningOf(err error, committing bool) meaning {
	if err == nil { // as nearly always: before there is anything to look with
		return internal
	}
	var file coded
	var server *pgconn.PgError
	var connecting *pgconn.ConnectError
	switch {
	case errors.As(err, &connecting):
		return away
	case errors.As(err, &server):
		return meaningOfState(server.Code)
	case errors.As(err, &file):
		return meaningOfCode(file.Code(), committing)
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), connectionEnded(err):
		return gone
	}
	return internal
}
