package routing_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// row of the example in docs/routing.md.
type row struct {
	conversation chat.Conversation
	countsAs     time.Time
	givenTo      string
}

func clock(t *testing.T, s string) time.Time {
	t.Helper()
	s, long := strings.CutSuffix(s, ", 400 days ago")
	at, err := time.Parse("2006-01-02 15.04", "2026-03-14 "+s)
	if err != nil {
		t.Fatal(err)
	}
	if long {
		at = at.AddDate(0, 0, -400)
	}
	return at
}

// example reads the table of the example.
func example(t *testing.T) (rows []row) {
	t.Helper()
	text, err := os.ReadFile("../docs/routing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "| next | customer |")
	for line := range strings.Lines(after) {
		cell := strings.Split(line, "|")
		if len(cell) != 9 || strings.Contains(line, "---") || strings.Contains(line, "counts as") {
			if len(rows) > 0 {
				break
			}
			continue
		}
		for i := range cell {
			cell[i] = strings.TrimSpace(cell[i])
		}
		c := chat.Conversation{ID: cell[2], Team: "support", State: chat.Waiting, WaitingSince: clock(t, cell[3])}
		switch cell[4] {
		case chat.Angry, chat.InCrisis:
			c.Feeling.Name = cell[4]
		case chat.ReasonStuck:
			c.Reason = cell[4]
		}
		c.Language, _, _ = strings.Cut(cell[5], ", ")
		if _, skill, ok := strings.Cut(cell[5], ", "); ok {
			c.Skills = []string{skill}
		}
		rows = append(rows, row{c, clock(t, cell[6]), strings.Replace(cell[7], "nobody yet", "", 1)})
	}
	return rows
}

// What docs/routing.md says of its example is so.
func TestTheExampleOfTheManual(t *testing.T) {
	at, team, rows := clock(t, "12.30"), staff.NewTeam("support", "Tuki"), example(t)
	if len(rows) != 6 {
		t.Fatalf("the example has %d customers", len(rows))
	}
	agents := list(
		free("Aino", has(250, 400)),
		free("Ville", has(200, 400), can("technical"), speaks("fi", "sv", "en")),
		free("Sari", has(100, 400), can(), speaks("fi"), func(c *candidate) { c.RestUntil = clock(t, "12.33") }),
	)
	given := round(rows, team, agents, at)
	for i, r := range rows {
		ticket := routing.Of(r.conversation, team, at)
		if ticket.Score() != r.countsAs.UnixMilli() {
			t.Errorf("%s counts as %s", r.conversation.ID, time.UnixMilli(ticket.Score()).UTC())
		}
		if i > 0 && !rows[i-1].countsAs.Before(r.countsAs) {
			t.Errorf("%s is not after %s", r.conversation.ID, rows[i-1].conversation.ID)
		}
		if given[r.conversation.ID] != r.givenTo {
			t.Errorf("%s is given to %q, not to %q", r.conversation.ID, given[r.conversation.ID], r.givenTo)
		}
	}

	agents[0].Load, agents[1].Load = 350, 400
	left := slices.DeleteFunc(rows, func(r row) bool { return r.givenTo != "" })
	given = round(left, team, agents, clock(t, "12.33"))
	if len(given) != 2 || given["Kim"] != "Sari" || given["Pekka"] != "Sari" {
		t.Errorf("at 12.33 are given %v", given)
	}
}

func round(rows []row, team staff.Team, agents []candidate, at time.Time) map[string]string {
	var tickets []routing.Ticket
	for _, r := range rows {
		tickets = append(tickets, routing.Of(r.conversation, team, at))
	}
	given := map[string]string{}
	for _, m := range routing.Round(tickets, agents, at) {
		given[m.Ticket.Conversation] = m.Agent
	}
	return given
}
