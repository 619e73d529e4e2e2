package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// postgres is a server that any number of nodes share.
var postgres = dialect{
	goose:     goose.DialectPostgres,
	migration: migrationForServer,
	query:     queryForServer,
	statement: func(text string) (string, []int) { return queryForServer(text), nil },
	begin:     `BEGIN`,
	strict:    true,
	lock:      `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`,
	patience:  8 * time.Second,

	// An event's place begins with the number of its transaction. What is below the oldest transaction that is still under
	// way is complete: nothing comes in there any more. Each conversation is looked up once, by its key (OFFSET 0 keeps the
	// server from reading all of them instead).
	changed: `SELECT c.conversation, c.visitor, c.state, c.team, c.agent, c.pos, c.agent_seq, c.visitor_seq, e.place
		FROM (SELECT conversation, max(place) AS place FROM (SELECT conversation, place FROM events
			WHERE place > $1 AND place < pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20 ORDER BY place LIMIT $2) AS part
			GROUP BY conversation) AS e
		JOIN LATERAL (SELECT * FROM conversations AS c WHERE c.conversation = e.conversation OFFSET 0) AS c ON true ORDER BY e.place`,
	// The latest alone: one transaction that stays open, in any database of the server, leaves all out that comes after it.
	ahead: `SELECT c.conversation, c.visitor, c.state, c.team, c.agent, c.pos, c.agent_seq, c.visitor_seq, e.place
		FROM (SELECT conversation, max(place) AS place FROM (SELECT conversation, place FROM events
			WHERE place >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20 ORDER BY place DESC LIMIT $1) AS part
			GROUP BY conversation) AS e
		JOIN LATERAL (SELECT * FROM conversations AS c WHERE c.conversation = e.conversation OFFSET 0) AS c ON true ORDER BY e.place`,
	lastChange: `SELECT greatest(max(place), 0) FROM events WHERE place < pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20`,
	clock:      `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
	place:      `SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || oid::text FROM pg_database WHERE datname = current_database()`,
	marksOf:    `SELECT conversation, role, seq FROM read_marks WHERE conversation = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))`,

	foundTogether: `SELECT asked.n, found.* FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS asked (token_hash, at, n) CROSS JOIN LATERAL (` +
		foundBy + `asked.token_hash` + orByLink + `asked.token_hash` + alive + `asked.at` + latestTwo + `) AS found`,
	logTogether: `SELECT asked.n, part.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
			AS asked (conversation, audience, after, most, n) CROSS JOIN LATERAL (` + selectEvent + `WHERE conversation = asked.conversation AND pos > asked.after
			AND CASE asked.audience WHEN 'visitor' THEN visitor_seq WHEN 'agents' THEN agent_seq ELSE pos END > asked.after ORDER BY pos LIMIT asked.most) AS part`,
}

// oldestServer is the oldest version of Postgres that is tried out.
const oldestServer = 14

// connectWithin is how long a server may take to answer at all.
const connectWithin = 4 * time.Second

// serverReaders is how many reads one node has under way at once. With the connections that write it is all that a node
// takes of the server's max_connections.
const serverReaders = 16

// appenders is how many connections write appends: while the disk has one's commit, the other's is put together.
const appenders = 2

// migrationForServer gives the lines that only Postgres gets, and has texts compared byte by byte, as everywhere else.
func migrationForServer(text string) string {
	text = strings.ReplaceAll(text, clusteredMark, "")
	text = strings.ReplaceAll(text, "-- postgres: ", "")
	return words.ReplaceAllString(text, `TEXT COLLATE "C"`)
}

var words = regexp.MustCompile(`\bTEXT\b`)

// queryForServer lets the server choose in which order it joins.
func queryForServer(text string) string {
	return strings.ReplaceAll(text, "CROSS JOIN conversations", "JOIN conversations")
}

// serverAt is the database on a server. Its error names no part of the address, which may hold a password.
func serverAt(url string, readOnly bool) (source, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return source{}, noAddress(err)
	}
	config.ConnectTimeout = connectWithin
	name := fmt.Sprintf("the Postgres database %s on %s", config.Database, net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))))
	d := source{dialect: &postgres, name: name, appenders: appenders, say: func(err error) error { return sayServer(name, err) }}
	with := func(settings map[string]string) *pgx.ConnConfig {
		c := config.Copy()
		for k, v := range settings {
			c.RuntimeParams[k] = v
		}
		return c
	}
	// What a node that is gone has locked is free again soon, whatever it was in the middle of.
	writing := with(map[string]string{"application_name": "kohta", "jit": "off", "statement_timeout": "7s", "lock_timeout": "5s",
		"idle_in_transaction_session_timeout": "20s", "default_transaction_isolation": "read committed",
		"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3", "client_connection_check_interval": "2s"})
	// Each query has one plan for all of its arguments: to plan one that reads for many callers takes longer than to carry it out.
	reading := with(map[string]string{"application_name": "kohta", "jit": "off", "statement_timeout": "8s", "default_transaction_read_only": "on",
		"plan_cache_mode": "force_generic_plan"})
	if config.ValidateConnect == nil && !readOnly { // of several hosts the one that is the primary now
		writing.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
		reading.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	d.check = func(ctx context.Context) error { return checkServer(ctx, config, readOnly, d.say) }
	d.writer = func() (*writer, error) {
		conn, err := connect(writing)
		if err != nil {
			return nil, err
		}
		return newWriter(conn, &postgres), nil
	}
	d.reader = func() (*sql.DB, error) { return pool(reading, serverReaders), nil }
	d.maker = func() (*sql.DB, error) {
		return pool(with(map[string]string{"application_name": "kohta migrate"}), 2), nil
	}
	d.locker = func() (lock.SessionLocker, error) { return lock.NewPostgresSessionLocker() }
	d.appender = func() *appender { return newAppender(appending(writing)) }
	d.settle = func(ctx context.Context) error {
		return settleServer(ctx, with(map[string]string{"application_name": "kohta settle"}))
	}
	d.scrub = func(ctx context.Context) error {
		return scrubServer(ctx, with(map[string]string{"application_name": "kohta scrub"}))
	}
	return d, nil
}

// noAddress says why an address cannot be read. Of the driver's words it has only the name of a file: all else may be a password.
func noAddress(err error) error {
	var file *fs.PathError
	switch {
	case errors.As(err, &file):
		return fmt.Errorf("the address of the Postgres database names the file %s, which cannot be read (%w): see sslrootcert, sslcert and sslkey", file.Path, file.Err)
	case strings.Contains(err.Error(), "(unable to add CA to cert pool)"):
		return errors.New("the file that sslrootcert in the address of the Postgres database names has no certificate in it: it takes PEM")
	}
	return errors.New("this is no address of a Postgres database; it looks like postgres://kohta@db.example:5432/kohta?sslmode=verify-full")
}

func connect(config *pgx.ConnConfig) (driver.Conn, error) {
	ctx, done := context.WithTimeout(context.Background(), connectWithin)
	defer done()
	return stdlib.GetConnector(*config).Connect(ctx)
}

func pool(config *pgx.ConnConfig, most int) *sql.DB {
	db := sql.OpenDB(stdlib.GetConnector(*config))
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db
}

// checkServer refuses a server that does not keep what it acknowledges, or cannot be written to.
func checkServer(ctx context.Context, config *pgx.ConnConfig, readOnly bool, say func(error) error) error {
	ctx, done := context.WithTimeout(ctx, connectWithin)
	defer done()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return say(err)
	}
	defer conn.Close(ctx)
	var version int
	var fsync, whole, commit, encoding, refusesWrites string
	if err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('full_page_writes'),
			current_setting('synchronous_commit'), current_setting('server_encoding'), current_setting('transaction_read_only')`).
		Scan(&version, &fsync, &whole, &commit, &encoding, &refusesWrites); err != nil {
		return say(err)
	}
	switch {
	case version/10000 < oldestServer:
		return say(fmt.Errorf("it is Postgres %d, and Kohta needs %d or newer: update the server", version/10000, oldestServer))
	case encoding != "UTF8":
		return say(fmt.Errorf("its encoding is %s: make a database with ENCODING 'UTF8'", encoding))
	case readOnly:
		return nil
	case fsync != "on":
		return say(errors.New("fsync is off there, so a power cut loses what was acknowledged: set fsync = on in postgresql.conf and restart the server"))
	case whole != "on":
		return say(errors.New("full_page_writes is off there, so a power cut may leave torn pages: set full_page_writes = on in postgresql.conf and reload the server"))
	case commit == "off":
		return say(errors.New("synchronous_commit is off there, so a crash loses what was acknowledged: set synchronous_commit = on for the server, the database or the user"))
	case refusesWrites == "on":
		return say(errors.New("it refuses writes (a standby, or default_transaction_read_only): name the primary"))
	}
	return nil
}

// sayServer is the one sentence for a database that cannot be opened. The driver's words about an address may hold its
// user, never its password.
func sayServer(name string, err error) error {
	var server *pgconn.PgError
	var failed *pgconn.ConnectError
	switch {
	case errors.As(err, &server):
		return fmt.Errorf("%s: %s", name, ofState(server))
	case errors.As(err, &failed):
		return fmt.Errorf("%s cannot be reached: see that the server runs there and that the address is right; if it says certificate, see sslmode and sslrootcert: %w", name, failed.Unwrap())
	}
	return fmt.Errorf("%s cannot be used: %w", name, err)
}

func ofState(e *pgconn.PgError) string {
	switch e.Code {
	case "28P01", "28000":
		return "the server does not let this user in: see user, password and pg_hba.conf (" + e.Message + ")"
	case "3D000":
		return "there is no such database: make it with createdb, with encoding UTF8"
	case "42501":
		return "this user lacks a right there: it has to own the database, or have CREATE on its schema public (" + e.Message + ")"
	case "42P01":
		return "there is no Kohta in it yet: run “kohta migrate” first (" + e.Message + ")"
	case "08P01":
		return "it did not take the connection's settings; Kohta speaks with the server itself, not through a pooler (" + e.Message + ")"
	case "53300":
		return "the server has no connection left: raise max_connections"
	}
	return e.Message + " (SQLSTATE " + e.Code + ")"
}

// meaningOfState reads the code of a server's error: an error that the server told is one of a transaction that it took
// back.
func meaningOfState(code string) meaning {
	if code == "23505" {
		return duplicate
	}
	switch code[:min(2, len(code))] {
	case "40":
		return clashed // deadlock, or not serializable
	case "08", "57":
		if code == "57014" {
			return away // it took too long
		}
		return gone // the server ends, or ended the connection
	case "53", "58", "25":
		return away // no room, a failing disk, or it refuses writes
	case "55":
		if code == "55P03" {
			return blocked
		}
		return away
	}
	return internal
}

// refusesWrites tells whether the server is one that takes none: a primary that has become a standby, for one.
func refusesWrites(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == "25006"
}

// texts are the arguments of a query as this database takes them.
func (d *dialect) texts(args []any) []any {
	if !d.strict {
		return args
	}
	for i, v := range args {
		switch v := v.(type) {
		case string:
			if sound(v) != v {
				args = slices.Clone(args)
				args[i] = sound(v)
			}
		case []string:
			for n := range v { // a list is made for its query alone
				v[n] = sound(v[n])
			}
		}
	}
	return args
}

// sound is a text as Postgres takes it: what is no UTF-8, and NUL, is the sign for what cannot be shown.
func sound(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// connectionEnded tells whether an error is one of the connection and not of the database.
func connectionEnded(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err) || pgconn.SafeToRetry(err)
}

// scrubServer has the server take out of its tables what no row holds any more. It fails if the server passes over a table,
// as it does, with a warning alone, for whoever does not own it. Its write-ahead log, the room that is free in its files and
// the copies that were made are the operator's.
func scrubServer(ctx context.Context, config *pgx.ConnConfig) error {
	var skipped error
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			skipped = errors.New(n.Message)
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, `VACUUM conversations, events, visitors, links`)
	return errors.Join(err, skipped)
}
