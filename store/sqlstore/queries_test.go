package sqlstore

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Each query that is asked often has its index; none of them looks at everything, or sorts.
func TestPlans(t *testing.T) {
	s := openTest(t)
	for _, c := range []struct{ query, plan string }{
		{byID, "SEARCH conversations USING INDEX sqlite_autoindex_conversations_1 (conversation=?)"},
		{openOf, "SEARCH conversations USING INDEX conversations_open (site=? AND visitor=?)"},
		{waitingOnes, "SEARCH conversations USING INDEX conversations_waiting (conversation>?)"},
		{ownedBy, "SEARCH conversations USING INDEX conversations_owned (agent=?)"},
		{heldBy, "SEARCH conversations USING INDEX conversations_owned (agent=?)"},
		{heldBy, "SEARCH conversations USING INDEX conversations_offered (offered=?)"},
		{countHeld, "SEARCH conversations USING INDEX conversations_owned (agent=?)"},
		{countHeld, "SEARCH conversations USING COVERING INDEX conversations_offered (offered=?)"},
		{invitedTo, "SEARCH g USING PRIMARY KEY (agent=?)"},
		{invitedTo, "SEARCH c USING INDEX sqlite_autoindex_conversations_1 (conversation=?)"},
		{dueBy, "SEARCH conversations USING COVERING INDEX conversations_due (due_at>? AND due_at<?)"},
		{latestOf, "SEARCH conversations USING INDEX conversations_visitor (visitor=? AND (opened_at,conversation)<(?,?))"},
		{sqlite.changed, "SEARCH e USING INTEGER PRIMARY KEY (rowid>?)"},
		{sqlite.lastChange, "SEARCH events"},
		{linesOf, "SEARCH events USING INDEX sqlite_autoindex_events_1 (conversation=? AND pos>? AND pos<?)"},
		{eventsAfter[store.ForLog], "SEARCH events USING INDEX sqlite_autoindex_events_1 (conversation=? AND pos>?)"},
		{eventsAfter[store.ForAgents], "SEARCH events USING INDEX sqlite_autoindex_events_1 (conversation=? AND pos>?)"},
		{eventsAfter[store.ForVisitor], "SEARCH events USING INDEX sqlite_autoindex_events_1 (conversation=? AND pos>?)"},
		{ackOf, "SEARCH keys USING PRIMARY KEY (sender=? AND key=?)"},
		{visitorByToken, "SEARCH v USING PRIMARY KEY (visitor=?)"},
		{visitorByToken, "SEARCH visitors USING INDEX sqlite_autoindex_visitors_2 (token_hash=?)"},
		{visitorByToken, "SEARCH links USING PRIMARY KEY (token_hash=?)"},
		{linkByToken, "SEARCH links USING PRIMARY KEY (token_hash=?)"},
		{visitorByToken, "SEARCH c USING INDEX conversations_visitor (visitor=?)"},
		{selectSession + `WHERE token_hash = $1`, "SEARCH sessions USING PRIMARY KEY (token_hash=?)"},
		{forgetKeys, "SEARCH keys USING PRIMARY KEY ((sender,key)>(?,?) AND (sender,key)<(?,?))"},
	} {
		query := c.query
		plan, err := many(t.Context(), s, func(r scanner) (detail string, err error) {
			var id, parent, unused int
			return detail, r.Scan(&id, &parent, &unused, &detail)
		}, "EXPLAIN QUERY PLAN "+query, make([]any, placeholders(query))...)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		whole := strings.Join(plan, "\n")
		if !strings.Contains(whole, c.plan) || strings.Contains(whole, "TEMP B-TREE") {
			t.Errorf("%s\nis\n%s\nwant\n%s", query, whole, c.plan)
		}
	}
}

// However much was said in a conversation, it is listed once, and takes no other's place.
func TestChangedListsEachOnce(t *testing.T) {
	s := openTest(t)
	for n := range int64(20) {
		if err := s.Append(t.Context(), message(n+1, "moi")); err != nil {
			t.Fatal(err)
		}
		if n == 9 {
			other := message(1, "hej")
			other.Next.ID, other.Next.Visitor, other.Keys = "d", "w", nil
			if err := s.Append(t.Context(), other); err != nil {
				t.Fatal(err)
			}
		}
	}
	var listed []string
	for cursor := int64(0); ; {
		heads, next, err := s.Changed(t.Context(), cursor, 1)
		if err != nil {
			t.Fatal(err)
		}
		if cursor = next; len(heads) == 0 {
			break
		}
		listed = append(listed, fmt.Sprint(heads[0].Conversation, heads[0].Pos))
	}
	if want := []string{"d1", "c20"}; !reflect.DeepEqual(listed, want) {
		t.Errorf("listed %v, want %v", listed, want)
	}
}

func placeholders(query string) int {
	most := 0
	for _, m := range regexp.MustCompile(`\$(\d)`).FindAllStringSubmatch(query, -1) {
		most = max(most, int(m[1][0]-'0'))
	}
	return most
}

// What erasing leaves still reads, with what happened and without what was said.
func TestErased(t *testing.T) {
	s := openTest(t)
	a := message(1, "my number is 12345")
	a.Next.Feelings = []chat.FeelingMark{{Feeling: chat.Feeling{Name: chat.Angry, Intensity: 0.5, Quote: "surkeeta"}, Seq: 1}}
	a.Next.Action = &chat.Pending{Action: chat.Action{ID: "lookup", Method: "GET", URL: "https://shop.example/orders/12345", Timeout: time.Second}, Pos: 1}
	a.Next.Names, a.Next.Quote, a.Next.About = map[string]string{"a": "Aino"}, "surkeeta", "order 12345"
	a.Events[0].Detail.Because = []chat.Because{{Rule: "negative", Evidence: "surkeeta"}}
	a.Events[0].Detail.Feeling = &chat.Feeling{Name: chat.Angry, Intensity: 0.5, Quote: "surkeeta"}
	if err := s.Append(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	rows, err := many(t.Context(), s, func(r scanner) (row [2]string, err error) { return row, r.Scan(&row[0], &row[1]) },
		`SELECT snapshot, contents FROM conversations UNION ALL SELECT detail, contents FROM events`)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	for _, row := range rows {
		for _, said := range []string{"12345", "surkeeta", "Aino"} {
			if strings.Contains(row[0], said) {
				t.Errorf("%q stands among what stays: %s", said, row[0])
			}
		}
		if !strings.Contains(row[1], "12345") {
			t.Errorf("what was said is not among contents: %s", row[1])
		}
	}
	if err := s.write(t.Context(), func(w *writer) error {
		if _, err := w.exec(`UPDATE conversations SET contents = ''`); err != nil {
			return err
		}
		_, err := w.exec(`UPDATE events SET contents = ''`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c, err := s.Conversation(t.Context(), "c")
	if err != nil || len(c.Feelings) != 1 || c.Feelings[0].Name != chat.Angry || c.Feelings[0].Quote != "" || c.Action.ID != "lookup" ||
		c.Action.URL != "" || c.Lines[0].Text != "" || c.Pos != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	events, err := s.EventsAfter(t.Context(), "c", store.ForLog, 0, 10)
	if err != nil || len(events) != 1 || events[0].Detail.Because[0] != (chat.Because{Rule: "negative"}) ||
		events[0].Detail.Feeling.Name != chat.Angry || !reflect.ValueOf(events[0].Contents).IsZero() {
		t.Fatalf("%+v, %v", events, err)
	}
}

// The same SQL has to serve another database: what only this one knows stays in sqlite.go.
func TestSQLIsPortable(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	migrations, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	ours := regexp.MustCompile(`(?i)\b(AUTOINCREMENT|rowid|PRAGMA|json_each|json_extract|INSERT OR|strftime|datetime\(|GLOB|ifnull)\b|= \?`)
	for _, name := range append(files, migrations...) {
		if name == "sqlite.go" || name == "backup.go" || name == "postgres.go" || name == "appendsql.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := ours.Find(text); found != nil {
			t.Errorf("%s: %s", name, found)
		}
	}
}
