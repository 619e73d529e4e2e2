package sqlstore_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// visitors puts in five visitors, with as many conversations as their number, of which an agent sees more than they do and
// has read a part, and links to some of them that live, have ended, and were revoked.
func visitors(t *testing.T, s store.Store) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for v := range 5 {
		visitor := fmt.Sprint("v", v)
		must(s.PutVisitor(t.Context(), store.Visitor{ID: visitor, Site: "shop", TokenHash: "token of " + visitor, Language: "en", CreatedAt: start, SeenAt: start}))
		for n, which := range []string{"live", "ended", "revoked"} {
			link := store.Link{TokenHash: which + " link of " + visitor, Visitor: visitor, Conversation: "c", CreatedAt: start, ExpiresAt: start.Add(time.Hour)}
			if n == 1 {
				link.ExpiresAt = start
			}
			if n == 2 {
				link.RevokedAt = start
			}
			must(s.PutLink(t.Context(), link))
		}
		for n := range v {
			at := start.Add(time.Duration(n) * time.Minute)
			c := chat.Conversation{ID: fmt.Sprint(visitor, "c", n), Site: "shop", Visitor: visitor, State: chat.Closed, Team: "support", Language: "en", OpenedAt: at}
			var events []chat.Event
			for c.Pos < 8 {
				c.Pos++
				e := chat.Event{Pos: c.Pos, At: at, Kind: chat.KindMessage, From: chat.From{Role: chat.RoleVisitor, ID: visitor}, Contents: chat.Contents{Text: fmt.Sprint(c.ID, " ", c.Pos)}}
				if c.Pos != 2 {
					c.AgentSeq++
					e.AgentSeq = c.AgentSeq
				}
				if c.Pos%3 != 0 {
					c.VisitorSeq++
					e.VisitorSeq = c.VisitorSeq
				}
				events = append(events, e)
			}
			must(s.Append(t.Context(), store.Append{Next: c, Events: events, At: at}))
			must(s.MarkRead(t.Context(), c.ID, chat.RoleAgent, int64(n)*2))
			must(s.MarkRead(t.Context(), c.ID, chat.RoleVisitor, int64(n)))
		}
	}
}

// question is what VisitorByToken or EventsAfter is asked.
type question struct {
	token, conversation string
	audience            store.Audience
	after               int64
	limit               int
}

func (q question) ask(t *testing.T, s store.Store) []any {
	if q.token != "" {
		v, recent, err := s.VisitorByToken(t.Context(), q.token, start.Add(time.Second))
		return []any{v, recent, chat.KindOf(err)}
	}
	events, err := s.EventsAfter(t.Context(), q.conversation, q.audience, q.after, q.limit)
	return []any{events, chat.KindOf(err)}
}

// What many ask at the same moment is read by two queries in all, and everybody gets what the other database tells them
// alone.
func TestReadTogether(t *testing.T) {
	file := open(t, filepath.Join(t.TempDir(), "kohta.db"))
	defer file.Close()
	s := at(t, database(t, server(t)))
	defer s.Close()
	visitors(t, file)
	visitors(t, s)
	all := []question{{token: "nobody's"}, {token: "\xff"}, {conversation: "\xff", limit: 1}, {conversation: "nowhere", limit: 10}}
	for v := range 5 {
		for _, of := range []string{"token", "live link", "ended link", "revoked link"} {
			all = append(all, question{token: fmt.Sprint(of, " of v", v)})
		}
		for n := range v {
			for audience := store.ForLog; audience <= store.ForVisitor; audience++ {
				all = append(all, question{"", fmt.Sprintf("v%dc%d", v, n), audience, int64(n) - 1, 1 + v*3})
			}
		}
	}
	letGo := sqlstore.ReadTogether(t, s, len(all))
	got := make([][]any, len(all))
	var asking sync.WaitGroup
	for i, q := range all {
		asking.Go(func() { got[i] = q.ask(t, s) })
	}
	letGo()
	asking.Wait()
	for i, q := range all {
		if want := q.ask(t, file); !reflect.DeepEqual(got[i], want) {
			t.Errorf("%+v:\n%+v, want\n%+v", q, got[i], want)
		}
	}
}
