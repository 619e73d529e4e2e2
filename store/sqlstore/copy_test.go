package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// furnished is an installation with something of everything.
func furnished(t *testing.T, path string, messages int) *talk {
	t.Helper()
	s := open(t, path)
	defer s.Close()
	act := store.Act{At: start, Actor: "aino", Verb: "sign_in", Object: "aino"}
	visitor := store.Visitor{ID: "0195e3a0-0001-7000-8000-000000001000", Site: "shop", TokenHash: "abc", Name: "Päivi \u202eñ 😀\n\"quoted\"", CreatedAt: start, SeenAt: start}
	gone := store.Visitor{ID: "0195e3a0-0001-7000-8000-00000000dead", Site: "shop", TokenHash: "def", CreatedAt: start, SeenAt: start}
	disabled := start.Add(time.Hour)
	_, secret := s.SettingOrPut(t.Context(), "secret", []byte("its own "+path))
	_, _, attempt := s.Attempt(t.Context(), "aino", start, time.Minute)
	if err := errors.Join(secret, attempt,
		s.PutTeam(t.Context(), staff.NewTeam("support", "Support"), act),
		s.PutSite(t.Context(), staff.Site{Slug: "shop", Name: "Shop", Team: "support", Language: "fi"}),
		s.PutAgent(t.Context(), store.Agent{Agent: staff.Agent{ID: "aino", Email: "Aino@Shop.example", Name: "Aino", Role: staff.RoleAgent}, CreatedAt: start, DisabledAt: &disabled}),
		s.PutSession(t.Context(), store.Session{TokenHash: "s", Agent: "aino", CreatedAt: start, SeenAt: start, ExpiresAt: start}),
		s.PutVisitor(t.Context(), visitor), s.PutVisitor(t.Context(), gone), s.EraseVisitor(t.Context(), gone.ID, start, act),
		s.PutLink(t.Context(), store.Link{TokenHash: "l", Visitor: visitor.ID, Conversation: "c", CreatedAt: start, ExpiresAt: start}),
	); err != nil {
		t.Fatal(err)
	}
	k := &talk{}
	for range messages {
		if err := s.Append(t.Context(), k.step()); err != nil {
			t.Fatal(err)
		}
	}
	a := k.step()
	a.Events[1].Kind, a.Events[1].Detail.Agent = chat.KindInvited, "ville"
	if err := errors.Join(s.Append(t.Context(), a), s.MarkRead(t.Context(), k.fold.ID, chat.RoleVisitor, 1)); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCopy(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	path := filepath.Join(t.TempDir(), "kohta.db")
	k := furnished(t, path, 1700) // more than one part
	url := database(t, p)
	to := sqlstore.Options{URL: url}

	// It is cut off once and again, goes on each time, and nobody works on what is there of it.
	for _, after := range []int{3, 30} {
		ctx, cut := context.WithCancel(t.Context())
		parts := 0
		if err := sqlstore.Copy(ctx, sqlstore.Options{Path: path}, to, func(sqlstore.Copied) {
			if parts++; parts == after {
				cut()
			}
		}); err == nil {
			t.Fatal("it was cut off and says that it is complete")
		}
		if s, err := sqlstore.Open(t.Context(), to); err == nil || !strings.Contains(err.Error(), "not complete") {
			s.Close()
			t.Fatalf("a desk begins on a part of a copy: %v", err)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "kohta.db")
	furnished(t, elsewhere, 1)
	if err := sqlstore.Copy(t.Context(), sqlstore.Options{Path: elsewhere}, to, func(sqlstore.Copied) {}); err == nil || !strings.Contains(err.Error(), "another database") {
		t.Fatalf("two installations in one: %v", err)
	}
	var told []sqlstore.Copied
	if err := sqlstore.Copy(t.Context(), sqlstore.Options{Path: path}, to, func(c sqlstore.Copied) { told = append(told, c) }); err != nil {
		t.Fatal(err)
	}
	if last := told[len(told)-1]; !last.Check || slices.ContainsFunc(told, func(c sqlstore.Copied) bool { return c.Table == "events" && c.Done > c.Rows }) {
		t.Errorf("what it told: %v", told)
	}
	if err := sqlstore.Copy(t.Context(), sqlstore.Options{Path: path}, to, func(sqlstore.Copied) {}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Fatalf("over one that is complete: %v", err)
	}

	s := at(t, url)
	defer s.Close()
	events, err := s.EventsAfter(t.Context(), k.fold.ID, store.ForLog, 0, 1000)
	if err != nil || int64(len(events)) != k.fold.Pos {
		t.Fatalf("%d events of %d: %v", len(events), k.fold.Pos, err)
	}
	if rows, _, err := store.VerifyAudit(t.Context(), s); rows != 2 || err != nil {
		t.Fatalf("audit: %d rows, %v", rows, err)
	}
	a := k.step()
	a.Keys[0].Key = events[0].Key
	var known *store.Known
	if err := s.Append(t.Context(), a); !errors.As(err, &known) {
		t.Fatalf("a key of before: %v", err)
	}
	a.Keys[0].Key = "new"
	if err := s.Append(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}

// Whatever changed on the way is found, and nothing is said to be complete.
func TestCopyChecksItself(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	p := server(t)
	path := filepath.Join(t.TempDir(), "kohta.db")
	furnished(t, path, 3)
	for _, change := range []string{
		`UPDATE events SET contents = replace(contents, 'order', 'ordre') WHERE pos = 2`,
		`DELETE FROM keys WHERE key = (SELECT min(key) FROM keys)`,
		`UPDATE agents SET disabled_at = NULL`,
	} {
		url := database(t, p)
		changed := false
		err := sqlstore.Copy(t.Context(), sqlstore.Options{Path: path}, sqlstore.Options{URL: url}, func(c sqlstore.Copied) {
			if c.Table == "guests" && !c.Check && !changed { // the last of the tables
				changed = true
				do(t, url, change)
			}
		})
		if err == nil || !changed {
			t.Errorf("%s: it was not noticed", change)
		}
		if s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url}); err == nil {
			s.Close()
			t.Errorf("%s: and a desk begins on it", change)
		}
	}
}

// No table and no column is left out.
func TestCopyKnowsAllTables(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p := server(t)
	url := database(t, p)
	at(t, url).Close()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT IN ('goose_db_version', 'compatibility') AND column_name <> 'place' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var there []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there = append(there, name)
	}
	copied := sqlstore.CopiedColumns()
	slices.Sort(there)
	slices.Sort(copied)
	if fmt.Sprint(there) != fmt.Sprint(copied) {
		t.Errorf("there are\n%v\ncopied are\n%v", there, copied)
	}
}
