package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/store/storetest"
)

// nodes are two programs on one database: what is written and read goes to one and the other in turn.
type nodes struct {
	store.Store
	other store.Store
	turn  atomic.Int64
}

func (n *nodes) next() store.Store {
	if n.turn.Add(1)%2 == 0 {
		return n.Store
	}
	return n.other
}

func (n *nodes) Append(ctx context.Context, a store.Append) error { return n.next().Append(ctx, a) }
func (n *nodes) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	return n.next().Conversation(ctx, id)
}
func (n *nodes) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return n.next().HeldBy(ctx, agent)
}
func (n *nodes) PutVisitor(ctx context.Context, v store.Visitor) error {
	return n.next().PutVisitor(ctx, v)
}
func (n *nodes) PutAgent(ctx context.Context, a store.Agent, acts ...store.Act) error {
	return n.next().PutAgent(ctx, a, acts...)
}
func (n *nodes) Attempt(ctx context.Context, name string, now time.Time, window time.Duration) (int, time.Time, error) {
	return n.next().Attempt(ctx, name, now, window)
}
func (n *nodes) RecordActs(ctx context.Context, acts ...store.Act) error {
	return n.next().RecordActs(ctx, acts...)
}
func (n *nodes) SettingOrPut(ctx context.Context, name string, value []byte) ([]byte, error) {
	return n.next().SettingOrPut(ctx, name, value)
}
func (n *nodes) Close() error { return errors.Join(n.Store.Close(), n.other.Close()) }

func at(t *testing.T, url string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(context.Background(), sqlstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func database(t *testing.T, p *servers.Postgres) string {
	t.Helper()
	name, err := p.NewDatabase(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	return p.URL(name)
}

func TestTwoNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("the suite runs once more")
	}
	t.Parallel()
	p := server(t)
	template := database(t, p)
	if _, err := sqlstore.Migrate(t.Context(), sqlstore.Options{URL: template}); err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(template)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(t *testing.T) store.Store {
		name, err := p.NewDatabase(context.Background(), config.Database)
		if err != nil {
			t.Fatal(err)
		}
		return &nodes{Store: at(t, p.URL(name)), other: at(t, p.URL(name))}
	})
}

// do runs statements by hand.
func do(t *testing.T, url string, statements ...string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for _, s := range statements {
		if _, err := c.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Two nodes that write to the same conversations at once wait for one another and not in a circle: each append is stored
// or has moved.
func TestNodesInOneAnothersWay(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t, "deadlock_timeout=20ms") // a circle is ended by the server, and counted
	url := database(t, p)
	two := []*sqlstore.Store{at(t, url), at(t, url)}
	defer func() { two[1].Close() }()
	const conversations, rounds = 20, 10
	var stored [conversations]atomic.Int64
	var group sync.WaitGroup
	for i := range conversations {
		k := talk{writer: i}
		if err := two[0].Append(t.Context(), k.step()); err != nil {
			t.Fatal(err)
		}
		id := k.fold.ID
		for n, s := range two {
			group.Go(func() {
				for r := range rounds {
					c, err := s.Conversation(t.Context(), id)
					if err != nil {
						t.Error(err)
						return
					}
					mine := talk{writer: i, keys: 1 + answers*(1+2*r+n), fold: c}
					switch err := s.Append(t.Context(), mine.step()); {
					case err == nil:
						stored[i].Add(2)
					case !errors.Is(err, store.ErrMoved):
						t.Errorf("node %d: %v", n, err)
					}
				}
			})
		}
	}
	group.Wait()
	two[0].Close() // a process tells what it counted when it ends
	two[1].Close()
	two[1] = at(t, url)
	var circles int
	if err := byHand(t, url).c.QueryRow(t.Context(), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&circles); err != nil || circles > 0 {
		t.Errorf("the server ended %d circles: %v", circles, err)
	}
	for i := range conversations {
		c, err := two[1].Conversation(t.Context(), fmt.Sprintf("0195e3a0-0000-7000-8000-%012d", 1000+i))
		if err != nil || c.Pos != 2+stored[i].Load() {
			t.Errorf("conversation %d is at %d, %d events were acknowledged: %v", i, c.Pos, 2+stored[i].Load(), err)
		}
	}
}

func TestServerRefusals(t *testing.T) {
	t.Parallel()
	sound, careless := server(t), server(t, "fsync=off", "full_page_writes=off")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	with := func(statements ...string) string {
		url := database(t, sound)
		do(t, url, statements...)
		return url
	}
	migrated := func(statements ...string) string {
		url := database(t, sound)
		at(t, url).Close()
		do(t, url, statements...)
		return url
	}
	named := func(url string) string { return url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")] }
	answersLate := with()
	do(t, answersLate, `ALTER DATABASE `+named(answersLate)+` SET synchronous_commit = off`)
	standby := with()
	do(t, standby, `ALTER DATABASE `+named(standby)+` SET default_transaction_read_only = on`)
	do(t, sound.URL("postgres"), `CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'`, `CREATE ROLE guest LOGIN`)
	for _, c := range []struct {
		name, url string
		options   sqlstore.Options
		says      string
	}{
		{"fsync", database(t, careless), sqlstore.Options{}, "set fsync = on"},
		{"synchronous_commit", answersLate, sqlstore.Options{}, "set synchronous_commit = on"},
		{"a standby", standby, sqlstore.Options{}, "name the primary"},
		{"another encoding", sound.URL("ascii"), sqlstore.Options{}, "ENCODING 'UTF8'"},
		{"no server", "postgres://user:secret@" + nobody + "/kohta?sslmode=disable", sqlstore.Options{}, "cannot be reached"},
		{"no TLS there", strings.Replace(strings.Replace(database(t, sound), "disable", "verify-full", 1), "//postgres@", "//postgres:secret@", 1), sqlstore.Options{}, "TLS"},
		{"no database", sound.URL("nothing"), sqlstore.Options{}, "createdb"},
		{"no rights", strings.Replace(database(t, sound), "//postgres@", "//guest:secret@", 1), sqlstore.Options{}, "CREATE on its schema public"},
		{"an empty database, not to be migrated", database(t, sound), sqlstore.Options{NoMigrate: true}, "kohta migrate"},
		{"an older database, not to be migrated", migrated(`DELETE FROM goose_db_version WHERE version_id > 1`), sqlstore.Options{NoMigrate: true}, "Run “kohta migrate” first."},
		{"a newer database", migrated(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`, `UPDATE compatibility SET oldest = 99`),
			sqlstore.Options{}, "is from a newer Kohta (schema 99"},
		{"another program's", with(`CREATE TABLE conversations (id int)`), sqlstore.Options{}, "tables there (conversations): give Kohta a database of its own"},
		{"another program's, with migrations of its own", with(`CREATE TABLE stock (id int)`, `CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL,
			is_applied boolean NOT NULL, tstamp timestamp DEFAULT now())`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (99, true)`),
			sqlstore.Options{}, "tables there (stock): give Kohta a database of its own"},
		{"no address", "postgres://user:secret@db:port/", sqlstore.Options{}, "postgres://kohta@"},
		{"no certificate", "postgres://user:secret@" + nobody + "/kohta?sslmode=verify-full&sslrootcert=/nowhere/ca.pem", sqlstore.Options{}, "sslrootcert"},
		{"what is no certificate", "postgres://user:secret@" + nobody + "/kohta?sslmode=verify-full&sslrootcert=postgres_test.go", sqlstore.Options{}, "sslrootcert"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.URL = c.url
			s, err := sqlstore.Open(t.Context(), c.options)
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
				t.Fatalf("%v\nwant one sentence with %q, and no secret", err, c.says)
			}
		})
	}
	if s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: database(t, careless), ReadOnly: true}); err == nil {
		s.Close()
		t.Error("looking into a database that is not there went through")
	}
	beside := migrated(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`, `ALTER TABLE conversations ADD COLUMN mood TEXT NOT NULL DEFAULT ''`)
	s := at(t, beside) // a newer program has only added to it
	defer s.Close()
	if err := s.Append(t.Context(), (&talk{}).step()); err != nil {
		t.Fatal(err)
	}
}

func TestClock(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	s := at(t, database(t, server(t)))
	defer s.Close()
	before := time.Now().Truncate(time.Microsecond)
	now, shared, err := s.Clock(t.Context())
	if err != nil || !shared || now.Before(before) || now.After(time.Now()) {
		t.Fatalf("%v, %v, %v: it is the clock of this machine", now, shared, err)
	}
	alone := open(t, filepath.Join(t.TempDir(), "kohta.db"))
	defer alone.Close()
	if _, shared, err := alone.Clock(t.Context()); shared || err != nil {
		t.Fatalf("a file has no clock: %v, %v", shared, err)
	}
}

// A copy of a database is told from it by where it is, by whoever may use it; who may not ask is told nothing.
func TestPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p := server(t)
	first := database(t, p)
	config, err := pgx.ParseConfig(first)
	if err != nil {
		t.Fatal(err)
	}
	do(t, p.URL("postgres"), `CREATE ROLE guest LOGIN`, `ALTER DATABASE `+config.Database+` OWNER TO guest`)
	first = strings.Replace(first, "//postgres@", "//guest@", 1) // an ordinary user
	at(t, first).Close()
	copied, err := p.NewDatabase(t.Context(), config.Database)
	if err != nil {
		t.Fatal(err)
	}
	where := func(url string) string {
		t.Helper()
		s := at(t, url)
		defer s.Close()
		place, err := s.Place(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return place
	}
	before, elsewhere := where(first), where(p.URL(copied))
	if before == "" || before == elsewhere || where(first) != before {
		t.Errorf("it is at %q and then at %q, its copy at %q", before, where(first), elsewhere)
	}
	do(t, strings.Replace(first, "//guest@", "//postgres@", 1), `REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC`)
	if place := where(first); place != "" {
		t.Errorf("for who may not ask it is at %q", place)
	}
	alone := open(t, filepath.Join(t.TempDir(), "kohta.db"))
	defer alone.Close()
	if place, err := alone.Place(t.Context()); place != "" || err != nil {
		t.Errorf("a file is at %q: %v", place, err)
	}
}

// A transaction that stays open in another database of the server holds Changed back. What was stored meanwhile is listed by
// Ahead, the latest of it, and by Changed again when it has ended.
func TestAheadOfALongTransaction(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p := server(t)
	s := at(t, database(t, p))
	defer s.Close()
	ahead := func() []store.Head {
		t.Helper()
		heads, err := s.Ahead(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return heads
	}
	_, cursor, err := s.Changed(t.Context(), -1, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := pgx.Connect(t.Context(), p.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background())
	for _, statement := range []string{`BEGIN`, `SELECT pg_current_xact_id()`} {
		if _, err := other.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var k talk
	for range 2 {
		if err := s.Append(t.Context(), k.step()); err != nil {
			t.Fatal(err)
		}
		if heads, _, err := s.Changed(t.Context(), cursor, store.MaxPage); err != nil || len(heads) > 0 {
			t.Fatalf("Changed passes over what may still come: %v, %v", heads, err)
		}
		if heads := ahead(); len(heads) != 1 || heads[0] != store.HeadOf(k.fold) {
			t.Errorf("ahead are %v, want %v", heads, store.HeadOf(k.fold))
		}
	}
	if _, err := other.Exec(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if heads, _, err := s.Changed(t.Context(), cursor, store.MaxPage); err != nil || len(heads) != 1 || heads[0] != store.HeadOf(k.fold) {
		t.Errorf("then Changed lists %v, %v", heads, err)
	}
	if heads := ahead(); len(heads) > 0 {
		t.Errorf("and ahead are %v", heads)
	}
}

// insists does an append until it is stored, and returns how often it was refused for the time being.
func insists(t *testing.T, s *sqlstore.Store, a store.Append) (refused int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; refused++ {
		err := s.Append(t.Context(), a)
		var known *store.Known
		if err == nil || errors.As(err, &known) {
			return refused
		}
		if chat.KindOf(err) != chat.Unavailable || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// A server that goes and comes back: what was acknowledged is there, nothing twice, and nobody has to open the store anew.
func TestServerGoesAndComes(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	s := at(t, database(t, p))
	defer s.Close()
	k := talk{}
	for _, end := range []func(){p.Kill, func() { p.Stop(true) }, func() { p.Stop(false) }} {
		insists(t, s, k.step())
		end()
		next := k.step()
		for err := s.Append(t.Context(), next); chat.KindOf(err) != chat.Unavailable; err = s.Append(t.Context(), next) {
			if next = k.step(); err != nil { // a process of a killed server answers for a moment
				t.Fatalf("with no server: %v", err)
			}
		}
		if err := s.Ping(t.Context()); chat.KindOf(err) != chat.Unavailable {
			t.Fatalf("ping with no server: %v", err)
		}
		if _, err := s.Conversation(t.Context(), next.Next.ID); chat.KindOf(err) != chat.Unavailable {
			t.Fatalf("reading with no server: %v", err)
		}
		if err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		insists(t, s, next)
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.PutSetting(t.Context(), "colour", []byte("blue")); err != nil {
			t.Fatal(err)
		}
		// A connection that ends while nobody uses it is nobody's trouble.
		p.Stop(false)
		if err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), k.step()); err != nil {
			t.Fatalf("after a restart that nobody saw: %v", err)
		}
	}
	events, err := s.EventsAfter(t.Context(), k.fold.ID, store.ForLog, 0, 100)
	if err != nil || int64(len(events)) != k.fold.Pos {
		t.Fatalf("%d events, the fold is at %d: %v", len(events), k.fold.Pos, err)
	}
}

// A server that refuses writes for a while: the store says so, reads on, and heals by itself.
func TestServerRefusesWrites(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	url := database(t, p)
	s := at(t, url)
	defer s.Close()
	k := talk{}
	insists(t, s, k.step())
	set := func(value string) {
		do(t, url, `ALTER SYSTEM SET default_transaction_read_only = `+value, `SELECT pg_reload_conf()`)
	}
	set("on")
	next := k.step()
	for deadline := time.Now().Add(time.Minute); ; { // the server tells its processes in its own time
		err := s.Append(t.Context(), next)
		if chat.KindOf(err) == chat.Unavailable {
			break
		}
		if next = k.step(); err != nil || time.Now().After(deadline) {
			t.Fatalf("writing to a server that refuses: %v", err)
		}
	}
	if err := s.Ping(t.Context()); chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("ping: %v", err)
	}
	if _, err := s.Conversation(t.Context(), next.Next.ID); err != nil && chat.KindOf(err) != chat.NotFound {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(), `SET default_transaction_read_only = off`); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`ALTER SYSTEM SET default_transaction_read_only = off`, `SELECT pg_reload_conf()`} {
		if _, err := c.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	insists(t, s, next)
	for deadline := time.Now().Add(time.Minute); s.Ping(t.Context()) != nil; {
		if time.Now().After(deadline) {
			t.Fatal("the store ails on")
		}
	}
}

// The answer to a commit is lost on the way: nobody is told yes, the same step sent again gets its ack, and there is one row.
func TestAnswerIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p := server(t)
	url := database(t, p)
	line := newWire(t, fmt.Sprintf("127.0.0.1:%d", p.Port()))
	s := at(t, strings.Replace(url, fmt.Sprintf(":%d/", p.Port()), fmt.Sprintf(":%d/", line.port()), 1))
	defer s.Close()
	k := talk{}
	for range 2 {
		insists(t, s, k.step())
	}
	a := k.step()
	line.swallow.Store(true)
	err := s.Append(t.Context(), a)
	if chat.KindOf(err) != chat.Unavailable || !strings.Contains(err.Error(), "not known") {
		t.Fatalf("an answer that was lost: %v", err)
	}
	line.swallow.Store(false)
	var known *store.Known
	if err := s.Append(t.Context(), a); !errors.As(err, &known) || known.Key.Ack != a.Keys[0].Ack {
		t.Fatalf("sent again: %v", err)
	}
	events, err := s.EventsAfter(t.Context(), k.fold.ID, store.ForLog, 0, 100)
	if err != nil || len(events) != 6 {
		t.Fatalf("%d events, want 6: %v", len(events), err)
	}
}

// A migration that is cut off anywhere is completed by the next start; several that begin at once make it once.
func TestMigrationOnServerCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	line := newWire(t, fmt.Sprintf("127.0.0.1:%d", p.Port()))
	for cut, done := int64(5), false; !done; cut += 23 {
		url := database(t, p)
		line.after.Store(cut)
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: strings.Replace(url, fmt.Sprintf(":%d/", p.Port()), fmt.Sprintf(":%d/", line.port()), 1)})
		if done = err == nil; done {
			s.Close()
		}
		line.after.Store(0)
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url})
				if err != nil {
					t.Errorf("after a migration that was cut off at packet %d: %v", cut, err)
					return
				}
				defer s.Close()
				if err := s.PutSetting(t.Context(), "colour", []byte("blue")); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		db, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		var versions, tables int
		err = db.QueryRow(`SELECT (SELECT count(DISTINCT version_id) FROM goose_db_version), (SELECT count(*) FROM pg_tables WHERE schemaname = 'public')`).Scan(&versions, &tables)
		if db.Close(); err != nil || versions != 1+migrations(t) || tables != 17 {
			t.Fatalf("%d versions, %d tables: %v", versions, tables, err)
		}
	}
}
