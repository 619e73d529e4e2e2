package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// All that differs between databases stands in this file: how they are opened, how a write transaction begins, how
// tables are laid out, and what their error codes mean.

const (
	gooseDialect = goose.DialectSQLite3

	// A write transaction takes its lock at once, so that it cannot fail half-way because somebody else has it.
	beginWrite = `BEGIN IMMEDIATE`

	// clusteredMark stands in the migrations where a table is laid out by its primary key; clusteredSQL takes its
	// place. Narrow rows that are read by key, or in its order, are found without a second look-up so.
	clusteredMark = `/* clustered */`
	clusteredSQL  = `WITHOUT ROWID`

	// truncateLog moves the log into the database and cuts it off; its row begins with 1 if somebody was in the way.
	truncateLog = `PRAGMA wal_checkpoint(TRUNCATE)`

	// commitOrder is a row's place in the order of commits: there is one writer, and rows of this table only come.
	commitOrder = `rowid`

	// inList1 is the condition that a value is among the list that is the first argument, as JSON.
	inList1 = `IN (SELECT value FROM json_each($1))`
)

// How a connection is set up. FULL: a commit is on the disk when it returns. The log is moved into the database by the
// committer itself each 4,000 pages (16 MB), which a busy hour does a few times a second and a quiet one never. What is
// deleted or overwritten is zeroed, so that an erasure leaves nothing behind in pages that are free.
const (
	everywhere = "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)"
	forWriting = "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)" +
		"&_pragma=journal_size_limit(67108864)&_pragma=secure_delete(1)&_pragma=cache_size(-4000)&_pragma=temp_store(MEMORY)"
	forReading = "&_pragma=query_only(1)&_pragma=cache_size(-500)"
)

// readers is how many reads are under way at once.
const readers = 8

func dsn(path, settings string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + settings[1:]
}

// createFile makes the database's file readable by its owner alone; the files beside it take after it.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openWriter(path string) (driver.Conn, error) {
	return (&sqlite.Driver{}).Open(dsn(path, everywhere+forWriting))
}

func openReaders(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, everywhere+forReading))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return db, nil
}

// openForMigration opens a connection that may change the tables.
func openForMigration(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, everywhere+forWriting))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// meaning is what a driver's error means for whoever asked.
type meaning int

const (
	internal  meaning = iota
	duplicate         // a unique key is there already
	away              // full, busy, or not to be had: nothing was stored, and it may go better later
	lost              // the disk failed: what was acknowledged may not be there
)

// coded is an error of the driver.
type coded interface {
	error
	Code() int
}

// meaningOf reads an error's code, never its words. Committing says that the error came from a commit: then a disk
// that failed leaves open whether the commit is there.
func meaningOf(err error, committing bool) meaning {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return away
	}
	var failed coded
	if !errors.As(err, &failed) {
		return internal
	}
	switch code := failed.Code(); code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return duplicate
	case lib.SQLITE_IOERR_FSYNC, lib.SQLITE_IOERR_DIR_FSYNC:
		return lost
	default:
		return meaningOfPrimary(code&0xff, committing)
	}
}

func meaningOfPrimary(code int, committing bool) meaning {
	switch code {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return lost
	case lib.SQLITE_IOERR:
		if committing {
			return lost
		}
		return away
	case lib.SQLITE_FULL, lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_CANTOPEN, lib.SQLITE_NOMEM, lib.SQLITE_READONLY,
		lib.SQLITE_PROTOCOL, lib.SQLITE_INTERRUPT, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return away
	}
	return internal
}

// say is the one sentence for a database that cannot be opened.
func say(path string, err error) error {
	var failed coded
	if errors.As(err, &failed) {
		switch failed.Code() & 0xff {
		case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
			return fmt.Errorf("%s is not a Kohta database, or is damaged: restore a copy, or name another folder: %w", path, err)
		case lib.SQLITE_FULL:
			return fmt.Errorf("the disk that %s lies on is full: make room and start again: %w", path, err)
		case lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PERM:
			return fmt.Errorf("%s cannot be opened for writing: check its folder and its permissions: %w", path, err)
		case lib.SQLITE_BUSY:
			return fmt.Errorf("%s is in use by another program: end it and start again: %w", path, err)
		}
	}
	return fmt.Errorf("open database %s: %w", path, err)
}

func dialectSQL(text string) string { return strings.ReplaceAll(text, clusteredMark, clusteredSQL) }

var limited = regexp.MustCompile(`LIMIT (\$[0-9]+)`)

// steady writes a query so that it is planned once. SQLite looks at the value that a limit is bound to, and when that
// changes it plans the statement anew, as it does when the driver has cleared the bindings, which is after each use. It
// does not look at sums.
func steady(query string) string { return limited.ReplaceAllString(query, "LIMIT $1 + 0") }

var numbered = regexp.MustCompile(`\$[0-9]+`)

// unnamed writes a query for the driver, whose places have no names: it looks names up one by one, for each row.
// places says which argument, from 0, stands in each.
func unnamed(query string) (text string, places []int) {
	text = numbered.ReplaceAllStringFunc(query, func(name string) string {
		n, err := strconv.Atoi(name[1:])
		if err != nil {
			panic(fmt.Sprintf("sqlstore: %s in %q", name, query))
		}
		places = append(places, n-1)
		return "?"
	})
	return text, places
}
