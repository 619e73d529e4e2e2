package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// code is an error as the driver makes them.
type code int

func (c code) Error() string { return fmt.Sprintf("code %d", int(c)) }
func (c code) Code() int     { return int(c) }

func openTest(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "kohta.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// message is the n-th message of one conversation.
func message(n int64, text string) store.Append {
	at := time.UnixMilli(1_774_746_000_000).UTC()
	c := chat.Conversation{ID: "c", Site: "shop", Visitor: "v", State: chat.WithBot, Pos: n, AgentSeq: n, VisitorSeq: n, OpenedAt: at}
	e := chat.Event{Pos: n, AgentSeq: n, VisitorSeq: n, At: at, Kind: chat.KindMessage, Contents: chat.Contents{Text: text}}
	key := store.Key{Sender: "v", Key: fmt.Sprint(n), Ack: store.Ack{Conversation: "c", Seq: n}}
	return store.Append{Pos: n - 1, Next: c, Events: []chat.Event{e}, Keys: []store.Key{key}, At: at}
}

// count is how many events are stored, and their highest position: the same, if there is no hole.
func count(t *testing.T, s *Store) int64 {
	t.Helper()
	row, _, err := one(t.Context(), s, func(r scanner) (n [2]int64, err error) { return n, r.Scan(&n[0], &n[1]) },
		`SELECT count(*), coalesce(max(pos), 0) FROM events`)
	if err != nil || row[0] != row[1] {
		t.Fatalf("%d events up to %d: %v", row[0], row[1], err)
	}
	return row[0]
}

// hold keeps the committer busy until it is let go, so that what is written meanwhile shares a batch.
func hold(t *testing.T, s *Store) (letGo func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	held := make(chan error)
	go func() {
		held <- s.write(context.Background(), func(*writer) error { close(begun); <-end; return nil })
	}()
	<-begun
	return func() {
		t.Helper()
		close(end)
		if err := <-held; err != nil {
			t.Fatal(err)
		}
	}
}

// queued waits until n jobs wait behind a held committer.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(s.committer.in) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d jobs wait", len(s.committer.in), n)
		}
	}
}

// onCommit puts something in the place of all commits from now on.
func onCommit(t *testing.T, s *Store, instead func(*writer) error) {
	t.Helper()
	if err := s.write(t.Context(), func(*writer) error {
		s.committer.commit = func(w *writer) error { // the commit of this very transaction
			s.committer.commit = instead
			return commit(w)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("%v, of kind %q, want unavailable", err, chat.KindOf(err))
	}
}

// What fails inside takes the whole transaction back; all others are then stored on their own.
func TestOneFailsOthersDoNot(t *testing.T) {
	s := openTest(t)
	letGo := hold(t, s)
	const others = 20
	errs := make([]error, others)
	var wg sync.WaitGroup
	for i := range others {
		wg.Go(func() {
			errs[i] = s.write(context.Background(), func(w *writer) error {
				if _, err := w.exec(`INSERT INTO settings (name, value) VALUES ($1, '')`, fmt.Sprint(i)); err != nil || i != 7 {
					return err
				}
				return errors.New("seven fails after it has written")
			})
		})
	}
	queued(t, s, others)
	letGo()
	wg.Wait()
	for i, err := range errs {
		if _, found, _ := one(t.Context(), s, scanText, selectSetting, fmt.Sprint(i)); found != (i != 7) || (err == nil) != (i != 7) {
			t.Errorf("%d: stored %v, answered %v", i, found, err)
		}
	}
}

// Many that wait are few commits.
func TestWaitingSharesACommit(t *testing.T) {
	s := openTest(t)
	commits := 0
	onCommit(t, s, func(w *writer) error { commits++; return commit(w) })
	letGo := hold(t, s)
	var wg sync.WaitGroup
	for i := range 3 * batchMax {
		wg.Go(func() {
			if err := s.PutSetting(context.Background(), fmt.Sprint(i), nil); err != nil {
				t.Error(err)
			}
		})
	}
	queued(t, s, 3*batchMax)
	letGo()
	wg.Wait()
	if commits != 1+3 { // the one that was held, and three full ones
		t.Errorf("%d commits", commits)
	}
}

func TestNobodyWaits(t *testing.T) {
	s := openTest(t)
	letGo := hold(t, s)
	ctx, leave := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() { answer <- s.Append(ctx, message(1, "left before it was taken")) }()
	queued(t, s, 1)
	leave()
	wantUnavailable(t, <-answer)
	letGo()
	if n := count(t, s); n != 0 {
		t.Fatalf("what nobody waited for was stored: %d events", n)
	}

	ctx, leave = context.WithCancel(t.Context())
	if err := s.write(ctx, func(w *writer) error {
		leave() // it is taken by now
		_, err := w.exec(`INSERT INTO settings (name, value) VALUES ('x', '')`)
		return err
	}); err != nil {
		t.Fatalf("a write that was taken and stored: %v", err)
	}
}

// A full disk: no false answer, nothing half, and all is well when there is room again.
func TestFull(t *testing.T) {
	s := openTest(t)
	pages := func(most int) { // of this connection, and of those that follow it
		t.Helper()
		if err := s.write(t.Context(), func(w *writer) error {
			s.committer.open = func() (*writer, error) {
				w, err := openWriter(s.from.name)
				if err == nil {
					_, err = w.exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, most))
				}
				return w, err
			}
			_, err := w.exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, most))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	pages(100)
	stored := int64(0)
	var err error
	for err == nil {
		if stored == 1000 {
			t.Fatal("the disk does not get full")
		}
		if err = s.Append(t.Context(), message(stored+1, strings.Repeat("x", 3000))); err == nil {
			stored++
		}
	}
	for range 3 {
		wantUnavailable(t, err)
		err = s.Append(t.Context(), message(stored+1, strings.Repeat("x", 3000)))
	}
	if n := count(t, s); n != stored {
		t.Fatalf("%d events, %d were acknowledged", n, stored)
	}
	if c, err := s.Conversation(t.Context(), "c"); err != nil || c.Pos != stored {
		t.Fatalf("reading from a full disk: %d, %v", c.Pos, err)
	}
	pages(100_000)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatalf("ping when there is room: %v", err)
	}
	if err := s.Append(t.Context(), message(stored+1, "room again")); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.Broken():
		t.Fatalf("a full disk is not a broken store: %v", err)
	default:
	}
}

// After a write that failed, ping tries whether writing works: a disk does not say by itself that it has room again.
func TestPing(t *testing.T) {
	s := openTest(t)
	var full atomic.Bool
	full.Store(true)
	onCommit(t, s, func(w *writer) error {
		if n, err := w.row(make([]driver.Value, 1), `SELECT 1 FROM settings WHERE name = 'store.ping'`); full.Load() && (n || err != nil) {
			return code(lib.SQLITE_FULL) // on a full disk a commit that has nothing to write succeeds
		}
		return commit(w)
	})
	if err := s.Ping(t.Context()); err != nil {
		t.Fatalf("ping with nothing to write: %v", err)
	}
	s.committer.ailing.Store(true)
	wantUnavailable(t, s.Ping(t.Context()))
	wantUnavailable(t, s.Ping(t.Context()))
	full.Store(false)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatalf("ping when there is room: %v", err)
	}
	if s.committer.ailing.Load() {
		t.Fatal("the store ails on")
	}
}

// Somebody else has the database for longer than we wait.
func TestBusy(t *testing.T) {
	s := openTest(t)
	if err := s.write(t.Context(), func(w *writer) error {
		_, err := w.exec(`PRAGMA busy_timeout = 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	other, err := openWriter(s.from.name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, s.Append(t.Context(), message(1, "Moi")))
	if err := other.close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), message(1, "Moi")); err != nil {
		t.Fatal(err)
	}
}

// When the disk fails in a commit, nobody is told yes, the store says that it is broken, and opening it anew shows what
// became of the commit: either all of it or nothing.
func TestDiskFailsInCommit(t *testing.T) {
	for name, stored := range map[string]bool{"and the commit is there": true, "and the commit is not there": false} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t)
			if err := s.Append(t.Context(), message(1, "Moi")); err != nil {
				t.Fatal(err)
			}
			onCommit(t, s, func(w *writer) error {
				if !stored {
					return code(lib.SQLITE_IOERR_WRITE)
				}
				if err := commit(w); err != nil {
					t.Error(err)
				}
				return code(lib.SQLITE_IOERR_FSYNC)
			})
			wantUnavailable(t, s.Append(t.Context(), message(2, "perhaps")))
			if err := <-s.Broken(); err == nil {
				t.Fatal("broken, but no error")
			}
			wantUnavailable(t, s.Append(t.Context(), message(2, "later")))
			wantUnavailable(t, s.Ping(t.Context()))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := Open(t.Context(), Options{Path: s.from.name})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			_, known, err := again.Known(t.Context(), "v", "2")
			if n := count(t, again); err != nil || known != stored || n != map[bool]int64{true: 2, false: 1}[stored] {
				t.Fatalf("%d events, key known: %v, %v", n, known, err)
			}
		})
	}
}

// A connection that does not answer is given up, and the next write opens another.
func TestConnectionIsLost(t *testing.T) {
	s := openTest(t)
	opened := 0
	if err := s.write(t.Context(), func(w *writer) error {
		open := s.committer.open
		s.committer.open = func() (*writer, error) {
			if opened++; opened == 1 {
				return nil, code(lib.SQLITE_CANTOPEN)
			}
			return open()
		}
		_, err := w.exec(`ROLLBACK`) // so that the committer's own commit fails, and its rollback too
		return err
	}); err == nil {
		t.Fatal("the transaction was ended under the committer, which did not notice")
	}
	wantUnavailable(t, s.Append(t.Context(), message(1, "Moi")))
	if err := s.Append(t.Context(), message(1, "Moi")); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s); n != 1 || opened != 2 {
		t.Fatalf("%d events, %d times opened", n, opened)
	}
}

func TestMeanings(t *testing.T) {
	for _, c := range []struct {
		err        error
		committing bool
		want       meaning
	}{
		{code(lib.SQLITE_FULL), true, away},
		{code(lib.SQLITE_BUSY), true, away},
		{code(lib.SQLITE_IOERR_READ), false, away},
		{code(lib.SQLITE_IOERR_WRITE), true, lost},
		{code(lib.SQLITE_IOERR_FSYNC), false, lost},
		{code(lib.SQLITE_CORRUPT), false, lost},
		{code(lib.SQLITE_CONSTRAINT_UNIQUE), false, duplicate},
		{code(lib.SQLITE_CONSTRAINT_NOTNULL), false, internal},
		{fmt.Errorf("wrapped: %w", code(lib.SQLITE_FULL)), false, away},
		{driver.ErrBadConn, false, gone},
		{errors.New("SQLITE_FULL in words"), false, internal},
	} {
		if got := meaningOf(c.err, c.committing); got != c.want {
			t.Errorf("%v (committing: %v) means %d, want %d", c.err, c.committing, got, c.want)
		}
	}
}
