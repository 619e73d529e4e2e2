package sqlstore_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// raw runs statements on a database behind the store's back.
func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with ? & % ä", "kohta #1.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	k := talk{}
	for round := range 5 {
		s := open(t, path)
		if round > 0 {
			if c, err := s.Conversation(t.Context(), k.fold.ID); err != nil || c.Pos != k.fold.Pos || len(c.Lines) != min(int(c.Pos), chat.MaxLines) {
				t.Fatalf("round %d: at %d, want %d: %v", round, c.Pos, k.fold.Pos, err)
			}
		}
		_, before, err := s.Changed(t.Context(), -1, 1)
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			if err := s.Append(t.Context(), k.step()); err != nil {
				t.Fatal(err)
			}
		}
		if heads, _, err := s.Changed(t.Context(), before, 10); err != nil || len(heads) != 1 || heads[0].Pos != k.fold.Pos {
			t.Fatalf("round %d: changed: %v, %v", round, heads, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]os.FileMode{"kohta #1.db": 0o600} {
		if info, err := os.Stat(filepath.Join(filepath.Dir(path), name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside the database: %v, %v", left, err)
	}
}

func TestRefusals(t *testing.T) {
	fresh := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "kohta.db")
		if err := open(t, path).Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name    string
		path    func(t *testing.T) string
		options sqlstore.Options
		says    string
	}{
		{"a newer database", func(t *testing.T) string {
			path := fresh(t)
			raw(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
			raw(t, path, `UPDATE compatibility SET oldest = 99`)
			return path
		}, sqlstore.Options{}, "This database is from a newer Kohta (schema 99, this program knows "},
		{"a newer database, not to be migrated", func(t *testing.T) string {
			path := fresh(t)
			raw(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
			raw(t, path, `UPDATE compatibility SET oldest = 99`)
			return path
		}, sqlstore.Options{NoMigrate: true}, "This database is from a newer Kohta (schema 99, this program knows "},
		{"an older database, not to be migrated", func(t *testing.T) string {
			path := fresh(t)
			raw(t, path, `DELETE FROM goose_db_version WHERE version_id > 0`)
			return path
		}, sqlstore.Options{NoMigrate: true}, "Run “kohta migrate” first."},
		{"no database, not to be made", func(t *testing.T) string { return filepath.Join(t.TempDir(), "kohta.db") },
			sqlstore.Options{ReadOnly: true}, "there is no database at "},
		{"no folder", func(t *testing.T) string { return filepath.Join(t.TempDir(), "missing", "kohta.db") },
			sqlstore.Options{}, "the database cannot be made"},
		{"something else", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "kohta.db")
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, sqlstore.Options{}, "is not a Kohta database, or is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Path = c.path(t)
			s, err := sqlstore.Open(t.Context(), c.options)
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v\nwant one sentence with %q", err, c.says)
			}
		})
	}
}

// A database that a newer program has only added to is worked with: nodes of two versions stand side by side for a while.
func TestNewerThatOnlyAdds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	raw(t, path, `ALTER TABLE conversations ADD COLUMN mood TEXT NOT NULL DEFAULT ''`)
	s := open(t, path)
	defer s.Close()
	if err := s.Append(t.Context(), (&talk{}).step()); err != nil {
		t.Fatal(err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	s := open(t, path)
	defer s.Close()
	k := talk{}
	if err := s.Append(t.Context(), k.step()); err != nil {
		t.Fatal(err)
	}
	beside, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	for range 2 { // it sees what is appended while it looks
		if c, err := beside.Conversation(t.Context(), k.fold.ID); err != nil || c.Pos != k.fold.Pos {
			t.Fatalf("at %d, want %d: %v", c.Pos, k.fold.Pos, err)
		}
		if err := s.Append(t.Context(), k.step()); err != nil {
			t.Fatal(err)
		}
	}
	if err := beside.Append(t.Context(), k.step()); chat.KindOf(err) != chat.Unavailable {
		t.Fatalf("writing: %v", err)
	}
	if err := beside.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A migration that was cut off at any statement is made by the next start: nothing of it is there before.
func TestMigrationCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	raw(t, path, `CREATE TABLE audit (in_the_way TEXT)`) // its last statement fails
	if s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path}); err == nil {
		s.Close()
		t.Fatal("the migration went through")
	}
	raw(t, path, `DROP TABLE audit`)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAuditShowsWhatWasChanged(t *testing.T) {
	for name, change := range map[string]string{
		"audit row 2 is not what was written": `UPDATE audit SET actor = 'somebody else' WHERE n = 2`,
		"audit row 3 is not what was written": `UPDATE audit SET hash = (SELECT hash FROM audit WHERE n = 2) WHERE n = 3`,
		"audit row 1 is missing":              `DELETE FROM audit WHERE n = 1`,
		"audit row 2 is missing":              `DELETE FROM audit WHERE n = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kohta.db")
			s := open(t, path)
			defer s.Close()
			for n := range 4 {
				if err := s.RecordActs(t.Context(), store.Act{At: start, Actor: "aino", Verb: "sign_in", Object: fmt.Sprint(n)}); err != nil {
					t.Fatal(err)
				}
			}
			if n, _, err := store.VerifyAudit(t.Context(), s); n != 4 || err != nil {
				t.Fatalf("before: %d, %v", n, err)
			}
			raw(t, path, change)
			if _, _, err := store.VerifyAudit(t.Context(), s); err == nil || err.Error() != name {
				t.Fatalf("%v, want %q", err, name)
			}
		})
	}
}

// A store that is killed at any moment, again and again, has all that it acknowledged, once, in order.
func TestKill(t *testing.T) {
	if path := os.Getenv("KOHTA_TEST_STORE_TO_BE_KILLED"); path != "" {
		appendUntilKilled(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "kohta.db")
	acked := map[int]int64{} // writer → position
	for round := range 4 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill$")
		child.Env = append(os.Environ(), "KOHTA_TEST_STORE_TO_BE_KILLED="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		acks := 0
		for in := bufio.NewScanner(out); in.Scan(); {
			var writer int
			var pos int64
			if _, err := fmt.Sscanf(in.Text(), "acked %d %d", &writer, &pos); err != nil {
				continue
			}
			acked[writer] = max(acked[writer], pos)
			if acks++; acks == 300+100*round {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		var exit *exec.ExitError
		if err := child.Wait(); !errors.As(err, &exit) || acks < 300+100*round {
			t.Fatalf("the child ended by itself after %d acks: %v", acks, err)
		}
		s := open(t, path)
		for writer, pos := range acked {
			checkWhole(t, s, fmt.Sprintf("conversation-%02d", writer), pos)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// checkWhole checks that a conversation's log reaches at least as far as was acknowledged, without a hole, that its
// fold stands at its end, and that each key has its ack.
func checkWhole(t *testing.T, s *sqlstore.Store, id string, acked int64) {
	t.Helper()
	c, err := s.Conversation(t.Context(), id)
	if err != nil || c.Pos < acked {
		t.Fatalf("%s stands at %d, %d was acknowledged: %v", id, c.Pos, acked, err)
	}
	var n int64
	for {
		events, err := s.EventsAfter(t.Context(), id, store.ForLog, n, store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			n++
			ack, known, err := s.Known(t.Context(), id, e.Key)
			if e.Pos != n || e.Key != fmt.Sprint(n) || err != nil || !known || ack.Seq != n {
				t.Fatalf("%s: event %d has position %d, key %q, ack %v, %v", id, n, e.Pos, e.Key, ack, err)
			}
		}
		if len(events) < store.MaxPage {
			break
		}
	}
	if n != c.Pos {
		t.Fatalf("%s: the fold stands at %d, the log at %d", id, c.Pos, n)
	}
}

// appendUntilKilled is the child of TestKill: it tells each ack on standard output.
func appendUntilKilled(t *testing.T, path string) {
	s := open(t, path)
	for writer := range 20 {
		go func() {
			id := fmt.Sprintf("conversation-%02d", writer)
			c, err := s.Conversation(context.Background(), id)
			if err != nil {
				c = chat.Conversation{ID: id, Site: "shop", Visitor: id, State: chat.WithBot, OpenedAt: start}
			}
			for {
				pos := c.Pos
				c.Pos, c.AgentSeq, c.VisitorSeq = pos+1, pos+1, pos+1
				e := chat.Event{Pos: pos + 1, AgentSeq: pos + 1, VisitorSeq: pos + 1, At: start, Kind: chat.KindMessage, Key: fmt.Sprint(pos + 1)}
				key := store.Key{Sender: id, Key: e.Key, Ack: store.Ack{Conversation: id, Seq: pos + 1}}
				if err := s.Append(context.Background(), store.Append{Pos: pos, Next: c, Events: []chat.Event{e}, Keys: []store.Key{key}, At: start}); err != nil {
					panic(err)
				}
				fmt.Printf("acked %d %d\n", writer, pos+1)
			}
		}()
	}
	<-t.Context().Done()
}
