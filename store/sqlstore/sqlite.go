package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	driverSQLite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// sqlite is SQLite, embedded: a file in the data folder, one connection that writes, some that read.
var sqlite = dialect{
	goose:     goose.DialectSQLite3,
	migration: func(text string) string { return strings.ReplaceAll(text, clusteredMark, `WITHOUT ROWID`) },
	query:     steady,
	statement: unnamed,

	// A write transaction takes its lock at once, so that it cannot fail half-way because somebody else has it.
	begin: `BEGIN IMMEDIATE`,

	// A row's place in the order of commits is its number: there is one writer, and rows of this table only come. A
	// conversation is listed where its last event stands: what is behind the cursor holds that of each that changed.
	changed: `SELECT c.conversation, c.visitor, c.state, c.team, c.agent, c.pos, c.agent_seq, c.visitor_seq, e.rowid
		FROM events AS e CROSS JOIN conversations AS c ON c.conversation = e.conversation
		WHERE e.rowid > $1 AND e.pos = c.pos ORDER BY e.rowid LIMIT $2`,
	lastChange: `SELECT coalesce(max(rowid), 0) FROM events`,
	marksOf:    `SELECT conversation, role, seq FROM read_marks WHERE conversation IN (SELECT value FROM json_each($1))`,
}

// truncateLog moves the log into the database and cuts it off; its row begins with 1 if somebody was in the way.
const truncateLog = `PRAGMA wal_checkpoint(TRUNCATE)`

// fileAt is the database in a file.
func fileAt(path string) source {
	return source{
		dialect: &sqlite, name: path, log: path + "-wal",
		create: func() error { return createFile(path) },
		writer: func() (*writer, error) { return openWriter(path) },
		reader: func() (*sql.DB, error) { return openReaders(path) },
		maker:  func() (*sql.DB, error) { return openForMigration(path) },
		scrub:  func(ctx context.Context) error { return scrubFile(ctx, path) },
		say:    func(err error) error { return sayFile(path, err) },
	}
}

// How a connection is set up. FULL: a commit is on the disk when it returns. The log is moved into the database by the
// committer itself each 8,000 pages (32 MB), which a busy hour does each second or two and a quiet one never: while it is
// moved nobody's message is stored, and the rarer it is, the more of the pages are the same one and written once. What is
// deleted or overwritten is zeroed, so that an erasure leaves nothing behind in pages that are free.
const (
	everywhere = "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)"
	forReading = "&_pragma=query_only(1)&_pragma=cache_size(-500)"
)

var forWriting = fmt.Sprintf("&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(%d)", logPages) +
	"&_pragma=journal_size_limit(67108864)&_pragma=secure_delete(1)&_pragma=cache_size(-4000)&_pragma=temp_store(MEMORY)"

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

func openWriter(path string) (*writer, error) {
	conn, err := (&driverSQLite.Driver{}).Open(dsn(path, everywhere+forWriting))
	if err != nil {
		return nil, err
	}
	return newWriter(conn, &sqlite), nil
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

// coded is an error of SQLite.
type coded interface {
	error
	Code() int
}

func meaningOfCode(code int, committing bool) meaning {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return duplicate
	case lib.SQLITE_IOERR_FSYNC, lib.SQLITE_IOERR_DIR_FSYNC:
		return lost
	}
	return meaningOfPrimary(code&0xff, committing)
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

func sayFile(path string, err error) error {
	var failed coded
	if !errors.As(err, &failed) {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	words := ""
	switch failed.Code() & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		words = "is not a Kohta database, or is damaged: restore a copy, or name another folder"
	case lib.SQLITE_FULL:
		words = "lies on a disk that is full: make room and start again"
	case lib.SQLITE_IOERR:
		words = "cannot be read or written: its disk is full or broken; make room, or restore a copy elsewhere"
	case lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PERM:
		words = "cannot be opened for writing: check its folder and its permissions"
	case lib.SQLITE_BUSY:
		words = "is in use by another program: end it and start again"
	default:
		return fmt.Errorf("open database %s: %w", path, err)
	}
	return fmt.Errorf("%s %s (SQLite says %d)", path, words, failed.Code())
}

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
