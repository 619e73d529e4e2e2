package linetest

import (
	"fmt"
	"testing"

	"github.com/kohta/kohta/routing"
)

// serves: what the taker cannot serve holds up nobody behind it.
func serves(t *testing.T, f Fixture) {
	team := newTeam()
	for i := range 40 {
		x := ticket(team, fmt.Sprintf("unservable%02d", i), i-100)
		x.Skills = []string{fmt.Sprint("skill", i%20)}
		put(t, f.Line, x)
	}
	swedish, vip, raised, open := ticket(team, "swedish", 1), ticket(team, "vip", 2), ticket(team, "raised", 3), ticket(team, "open", 4)
	swedish.Language, vip.Skills, raised.Raised = "sv", []string{"billing", "vip"}, true
	open.Also = []string{"sales"}
	put(t, f.Line, swedish, vip, raised, open, ticket(team, "plain", 5))

	sales := routing.Taker{Agent: "sales", Teams: []string{"sales"}, Free: routing.Unlimited}
	want(t, "of another team", claims(t, f.Line, team, sales), []string{"open"})
	finn := taker(team, "finn", 9)
	finn.Languages, finn.Skills = []string{"fi"}, []string{"vip"}
	want(t, "of another language, without a skill", claims(t, f.Line, team, finn), []string{"plain"})
	nobody := taker(team, "nobody", 9)
	nobody.Teams = nil
	want(t, "of no team", claims(t, f.Line, team, nobody), []string{})
	boss := taker(team, "boss", 9)
	boss.Supervisor, boss.Skills = true, []string{"vip", "billing"}
	want(t, "who can all of it", claims(t, f.Line, team, boss), []string{"swedish", "vip", "raised"})
}

// ties: those who came in the same millisecond go by conversation, whatever their class.
func ties(t *testing.T, f Fixture) {
	team := newTeam()
	want0 := []string{}
	for i := range 12 {
		x := ticket(team, fmt.Sprintf("%02d", i), 0)
		x.Language = []string{"fi", "sv", "en"}[i*7%3]
		put(t, f.Line, x)
		want0 = append(want0, x.Conversation)
	}
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 99)), want0)
}

// except: tickets that except the taker are passed over, LookAhead of each class.
func except(t *testing.T, f Fixture) {
	team := newTeam()
	one, other := ticket(team, "one", 1000), ticket(team, "other", 2000)
	other.Language = "sv"
	put(t, f.Line, one, other)
	for i := range routing.LookAhead - 1 {
		x := ticket(team, fmt.Sprintf("declined%02d", i), i)
		x.Except = []string{"ville", "aino"}
		put(t, f.Line, x)
	}
	want(t, "behind those declined", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"one"})
	must(t, f.Line.Release(t.Context(), team, "one", "aino"))
	last := ticket(team, "last", 500)
	last.Except = []string{"aino"}
	put(t, f.Line, last)
	want(t, "too far behind in its class, but not in the other", claims(t, f.Line, team, taker(team, "aino", 9)), []string{"other"})
	want(t, "who is like one of them by name", claims(t, f.Line, team, taker(team, "ain", 1)), []string{"declined00"})
}

func heads(t *testing.T, f Fixture) {
	team := newTeam()
	for i := range 30 {
		x := ticket(team, fmt.Sprintf("%02d", i), i)
		x.Skills = []string{fmt.Sprint("skill", min(i, 27)/10)} // 10, 10, 10
		put(t, f.Line, x)
	}
	if !claimed(t, f.Line, team, "10", taker(team, "aino", 1)) {
		t.Fatal("not free")
	}
	for n, names := range map[int][]string{-1: {}, 0: {}, 1: {"00", "11", "20"}, 2: {"00", "01", "11", "12", "20", "21"}} {
		got, err := f.Line.Heads(t.Context(), team, n)
		must(t, err)
		conversations := []string{}
		for _, x := range got {
			conversations = append(conversations, x.Conversation)
		}
		want(t, fmt.Sprintf("Heads(%d)", n), conversations, names)
	}
	if all, err := f.Line.Heads(t.Context(), team, routing.MaxList+1); err != nil || len(all) != 29 {
		t.Errorf("Heads of all = %d, %v", len(all), err)
	}
}
