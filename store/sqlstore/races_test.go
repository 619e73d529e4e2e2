package sqlstore_test

import (
	"context"
	"errors"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// hand is a connection of somebody else's.
type hand struct {
	*testing.T
	c *pgx.Conn
}

func byHand(t *testing.T, url string) hand {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return hand{t, c}
}

func (h hand) do(statement string, args ...any) {
	h.Helper()
	if _, err := h.c.Exec(h.Context(), statement, args...); err != nil {
		h.Fatalf("%s: %v", statement, err)
	}
}

// waiting returns when so many wait for a lock.
func (h hand) waiting(n int) {
	h.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		var have int
		if err := h.c.QueryRow(h.Context(), `SELECT count(*) FROM pg_locks WHERE NOT granted`).Scan(&have); err != nil {
			h.Fatal(err)
		}
		if have >= n {
			return
		}
		if time.Now().After(deadline) {
			h.Fatalf("%d wait for a lock, want %d", have, n)
		}
	}
}

// A first append that is under way when its visitor is erased: either the erasure sees the conversation, or the append is
// refused.
func TestErasureBesideAnAppend(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	one, two := at(t, url), at(t, url)
	defer one.Close()
	defer two.Close()
	a := (&talk{}).step()
	v := store.Visitor{ID: a.Next.Visitor, Site: "shop", TokenHash: "x", CreatedAt: start, SeenAt: start}
	if err := one.PutVisitor(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	in, look := byHand(t, url), byHand(t, url)
	in.do(`BEGIN`)
	in.do(`INSERT INTO keys VALUES ($1, $2, 'x', 1, 1)`, a.Keys[0].Sender, a.Keys[0].Key)
	appended, erased := make(chan error, 1), make(chan error, 1)
	go func() { appended <- one.Append(context.Background(), a) }()
	look.waiting(1)
	go func() { erased <- two.EraseVisitor(context.Background(), v.ID, start) }()
	look.waiting(2)
	in.do(`ROLLBACK`)
	stored := <-appended
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	if list, _, err := two.LatestOf(t.Context(), v.ID, store.Page{Limit: 10}); err != nil || (len(list) == 1) != (stored == nil) || stored != nil && !errors.Is(stored, store.ErrMoved) {
		t.Errorf("the append says %v, and whoever erases finds %d conversations: %v", stored, len(list), err)
	}
}

// A server that crashed gives numbers of transactions out again that nobody had stored anything under.
func TestChangedAfterACrash(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p := server(t, "wal_writer_delay=10s", "bgwriter_delay=10s")
	url := database(t, p)
	s := at(t, url)
	defer s.Close()
	k := talk{}
	insists(t, s, k.step())
	idle := byHand(t, url)
	for range 50 {
		idle.do(`BEGIN`)
		idle.do(`SELECT pg_current_xact_id()`)
		idle.do(`ROLLBACK`)
	}
	_, cursor, err := s.Changed(t.Context(), -1, 10)
	if err != nil {
		t.Fatal(err)
	}
	p.Kill()
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	insists(t, s, k.step())
	if heads, _, err := s.Changed(t.Context(), cursor, 10); err != nil || len(heads) != 1 {
		t.Errorf("what was committed after the crash is passed over: %v, %v", heads, err)
	}
}

// Whatever the server's default isolation, the capacity holds on two nodes.
func TestCapacityUnderAnyIsolation(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	byHand(t, url).do(`ALTER DATABASE ` + nameIn(t, url) + ` SET default_transaction_isolation = 'repeatable read'`)
	in, look := byHand(t, url), byHand(t, url)
	in.do(`BEGIN ISOLATION LEVEL READ COMMITTED`)
	in.do(`SELECT pg_advisory_xact_lock(hashtextextended('aino', 1))`)
	got := make(chan error, 2)
	for i := range 2 {
		s := at(t, url)
		defer s.Close()
		a := (&talk{writer: i}).step()
		a.Next.State, a.Next.Agent, a.Holds = chat.WithAgent, "aino", &store.Holds{Agent: "aino"}
		go func() { got <- s.Append(context.Background(), a) }()
	}
	look.waiting(2)
	in.do(`ROLLBACK`)
	if one, other := <-got, <-got; (one == nil) == (other == nil) {
		t.Errorf("of two that were decided on the agent having none: %v, %v", one, other)
	}
}

// A row that somebody holds on to holds up who writes to it, and nobody else for good.
func TestARowIsHeld(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	s := at(t, url)
	defer s.Close()
	var same []*talk // who share a connection
	for i := 0; len(same) < 2; i++ {
		k := &talk{writer: i}
		if a := k.step(); crc32.ChecksumIEEE([]byte(a.Next.Visitor))%2 == 0 {
			insists(t, s, a)
			same = append(same, k)
		}
	}
	in, look := byHand(t, url), byHand(t, url)
	in.do(`BEGIN`)
	in.do(`SELECT 1 FROM conversations WHERE conversation = $1 FOR UPDATE`, same[0].fold.ID)
	held := make(chan error, 1)
	go func() { held <- s.Append(context.Background(), same[0].step()) }()
	look.waiting(1)
	if err := s.Append(t.Context(), same[1].step()); err != nil {
		t.Errorf("another visitor's message: %v", err)
	}
	if err := <-held; chat.KindOf(err) != chat.Unavailable || strings.Contains(err.Error(), "not known") {
		t.Errorf("the one whose row is held: %v", err)
	}
}

// What no Postgres takes in a text is shown as such, and bars nobody.
func TestTextsThatPostgresRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	path := t.TempDir() + "/kohta.db"
	session := store.Session{TokenHash: "a", Agent: "aino", UserAgent: "caf\xe9\x00", CreatedAt: start, SeenAt: start, ExpiresAt: start}
	file := open(t, path)
	if err := errors.Join(file.PutSession(t.Context(), session), file.Close()); err != nil {
		t.Fatal(err)
	}
	if err := sqlstore.Copy(t.Context(), sqlstore.Options{Path: path}, sqlstore.Options{URL: url}, func(sqlstore.Copied) {}); err != nil {
		t.Fatalf("what SQLite took cannot be moved: %v", err)
	}
	s := at(t, url)
	defer s.Close()
	moved, err := s.Session(t.Context(), "a")
	if err != nil || moved.UserAgent != "caf\uFFFD\uFFFD" {
		t.Errorf("moved as %q: %v", moved.UserAgent, err)
	}
	session.TokenHash = "b"
	if err := s.PutSession(t.Context(), session); err != nil {
		t.Error(err)
	}
	if _, err := s.AgentByEmail(t.Context(), "aino\x00@shop.example"); chat.KindOf(err) != chat.NotFound {
		t.Errorf("an address that nobody has: %v", err)
	}
}

// Who owns nothing cannot have the server clean up, and is told so.
func TestScrubWithoutRights(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	url := database(t, server(t))
	at(t, url).Close()
	byHand(t, url).do(`CREATE ROLE app LOGIN`)
	byHand(t, url).do(`GRANT ALL ON ALL TABLES IN SCHEMA public TO app`)
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: strings.Replace(url, "//postgres@", "//app@", 1), NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Scrub(t.Context()); err == nil {
		t.Error("it says that it is done, and the server has passed over the tables")
	}
}

func nameIn(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return config.Database
}
