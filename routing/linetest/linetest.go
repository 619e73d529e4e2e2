// Package linetest is what every routing.Line and every routing.Roster must pass.
package linetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// Fixture is a line under test. Tests of one fixture use teams of their own.
type Fixture struct {
	Line routing.Line
	Pass func(t testing.TB, d time.Duration)     // lets at least d pass on the line's clock; d is short
	Lose func(t testing.TB) (after routing.Line) // the line loses everything, as by a FLUSHALL
}

// Run holds the line that open gives to all that routing.Line promises. open is called once for each test.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f Fixture)
	}{
		{"goes by score and then by conversation", order},
		{"keeps teams apart", teams},
		{"putting again keeps the place", putAgain},
		{"putting again leaves a held ticket held", putHeld},
		{"nobody holds more than they are free for", limit},
		{"a given ticket is claimed once", claimTicket},
		{"release goes back to the old place", release},
		{"only the holder releases and renews", holderOnly},
		{"a claim comes back when its lease ends", leaseEnds},
		{"a renewed claim stays", renew},
		{"drop takes out for good", drop},
		{"place counts from one", place},
		{"list gives the first", list},
		{"bad input is refused", badInput},
		{"an ended context does nothing", endedContext},
		{"reconcile mends", reconcile},
		{"reconcile brings back a lost line", reconcileLost},
		{"reconcile leaves alone what moved meanwhile", reconcileMeanwhile},
		{"reconcile changes nothing when the read fails", reconcileFails},
		{"32 goroutines claim each of 10,000 once", race},
		{"32 goroutines keep to classes and limits", raceLimit},
		{"32 goroutines go on when all is lost", raceLose},
		{"claims what the taker serves", serves},
		{"claims with ties", ties},
		{"looks a little further for who is excepted", except},
		{"heads are of each class", heads},
		{"behaves as a plain list does", model},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// noon is when the first customer of each test comes.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

var teamCount atomic.Int64

func newTeam() string { return fmt.Sprintf("team-%d", teamCount.Add(1)) }

// ticket came so many seconds after noon.
func ticket(team, conversation string, seconds int) routing.Ticket {
	return routing.Ticket{Conversation: conversation, Team: team, Since: noon.Add(time.Duration(seconds) * time.Second)}
}

// taker is an agent of the team who has room for so many usual conversations.
func taker(team, agent string, free int) routing.Taker {
	if free < routing.Unlimited {
		free *= routing.Usual
	}
	return routing.Taker{Agent: agent, Teams: []string{team}, Free: free}
}

func put(t *testing.T, l routing.Line, tickets ...routing.Ticket) {
	t.Helper()
	for _, ticket := range tickets {
		if err := l.Put(t.Context(), ticket); err != nil {
			t.Fatalf("Put(%s): %v", ticket.Conversation, err)
		}
	}
}

// claims takes what it can for an agent and returns the conversations in the order they came.
func claims(t *testing.T, l routing.Line, team string, by routing.Taker) []string {
	t.Helper()
	got := []string{}
	for {
		ticket, ok, err := l.Claim(t.Context(), team, by)
		if err != nil {
			t.Fatalf("Claim: %v", err)
		}
		if !ok {
			return got
		}
		got = append(got, ticket.Conversation)
	}
}

func claimed(t *testing.T, l routing.Line, team, conversation string, by routing.Taker) bool {
	t.Helper()
	ticket, ok, err := l.ClaimTicket(t.Context(), team, conversation, by)
	if err != nil {
		t.Fatalf("ClaimTicket(%s): %v", conversation, err)
	}
	if ok && ticket.Conversation != conversation {
		t.Fatalf("ClaimTicket(%s) gave %s", conversation, ticket.Conversation)
	}
	return ok
}

// waiting are the conversations that wait, next first.
func waiting(t *testing.T, l routing.Line, team string) []string {
	t.Helper()
	first, total, err := l.List(t.Context(), team, routing.MaxList)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if total != len(first) && len(first) < routing.MaxList {
		t.Fatalf("List gave %d tickets and says that %d wait", len(first), total)
	}
	names := []string{}
	for _, ticket := range first {
		names = append(names, ticket.Conversation)
	}
	return names
}

func wantPlace(t *testing.T, l routing.Line, team, conversation string, place, total int) {
	t.Helper()
	p, n, err := l.Place(t.Context(), team, conversation)
	if err != nil || p != place || n != total {
		t.Errorf("Place(%s) = %d of %d, %v; want %d of %d", conversation, p, n, err, place, total)
	}
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func order(t *testing.T, f Fixture) {
	team := newTeam()
	angry := ticket(team, "angry", 200)
	angry.HeadStart = 3 * time.Minute
	crisis := ticket(team, "crisis", 300)
	crisis.HeadStart = routing.MaxHeadStart
	put(t, f.Line, ticket(team, "late", 100), ticket(team, "b", 50), crisis, ticket(team, "a", 50), angry)
	want(t, "List", waiting(t, f.Line, team), []string{"crisis", "angry", "a", "b", "late"})
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 9)), []string{"crisis", "angry", "a", "b", "late"})
	want(t, "List after all were claimed", waiting(t, f.Line, team), []string{})
}

func teams(t *testing.T, f Fixture) {
	one, two := newTeam(), newTeam()
	put(t, f.Line, ticket(one, "x", 0), ticket(two, "x", 0), ticket(two, "y", 1))
	must(t, f.Line.Drop(t.Context(), two, "x"))
	want(t, "the one team", claims(t, f.Line, one, taker(one, "aino", 9)), []string{"x"})
	want(t, "the other team, with claims in the one", claims(t, f.Line, two, taker(two, "aino", 1)), []string{"y"})
}

func putAgain(t *testing.T, f Fixture) {
	team := newTeam()
	full := ticket(team, "b", 60)
	full.Skills, full.Language, full.Feeling = []string{"billing", "fi"}, "fi", chat.Angry
	full.HeadStart, full.Prefer, full.Except = time.Minute, "aino", []string{"ville"}
	put(t, f.Line, ticket(team, "a", 30), full, full, ticket(team, "c", 90))
	want(t, "put twice", waiting(t, f.Line, team), []string{"b", "a", "c"})

	later := ticket(team, "b", 600)
	later.Language = "sv"
	put(t, f.Line, later)
	want(t, "put later and calmer", waiting(t, f.Line, team), []string{"b", "a", "c"})
	got, ok, err := f.Line.Claim(t.Context(), team, taker(team, "sari", 1))
	merged := later
	merged.Since, merged.HeadStart = full.Since, full.HeadStart
	if err != nil || !ok || !routing.Equal(got, merged) {
		t.Errorf("Claim = %+v, %v, %v; want %+v", got, ok, err, merged)
	}

	put(t, f.Line, ticket(team, "c", 0))
	want(t, "put earlier", waiting(t, f.Line, team), []string{"c", "a"})
}

func putHeld(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1))
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"a"})
	earlier := ticket(team, "a", -60)
	earlier.Feeling = chat.Angry
	put(t, f.Line, earlier)
	want(t, "List", waiting(t, f.Line, team), []string{"b"})
	must(t, f.Line.Release(t.Context(), team, "a", "aino"))
	first, _, err := f.Line.List(t.Context(), team, 1)
	if err != nil || len(first) != 1 || !routing.Equal(first[0], earlier) {
		t.Errorf("after release %+v, %v; want what was put while it was held", first, err)
	}
}

func limit(t *testing.T, f Fixture) {
	team := newTeam()
	for i := range 6 {
		put(t, f.Line, ticket(team, fmt.Sprint("c", i), i))
	}
	want(t, "no place free", claims(t, f.Line, team, taker(team, "aino", 0)), []string{})
	want(t, "less than none", claims(t, f.Line, team, taker(team, "aino", -1)), []string{})
	want(t, "two", claims(t, f.Line, team, taker(team, "aino", 2)), []string{"c0", "c1"})
	if claimed(t, f.Line, team, "c3", taker(team, "aino", 2)) {
		t.Error("a given ticket was claimed beyond the limit")
	}
	if !claimed(t, f.Line, team, "c1", taker(team, "aino", 2)) {
		t.Error("what the agent holds must not count twice")
	}
	must(t, f.Line.Drop(t.Context(), team, "c0"))
	want(t, "after one was assigned", claims(t, f.Line, team, taker(team, "aino", 2)), []string{"c2"})
	must(t, f.Line.Release(t.Context(), team, "c1", "aino"))
	want(t, "after one was released", claims(t, f.Line, team, taker(team, "aino", 2)), []string{"c1"})
	if !claimed(t, f.Line, team, "c5", taker(team, "aino", routing.Unlimited)) {
		t.Error("taking by hand knows no limit")
	}
	want(t, "somebody else", claims(t, f.Line, team, taker(team, "ville", 9)), []string{"c3", "c4"})
}

func claimTicket(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2))
	if claimed(t, f.Line, team, "nobody", taker(team, "aino", 9)) {
		t.Error("claimed what is not in the line")
	}
	if !claimed(t, f.Line, team, "b", taker(team, "aino", 9)) || !claimed(t, f.Line, team, "b", taker(team, "aino", 9)) {
		t.Error("the holder may claim again")
	}
	if claimed(t, f.Line, team, "b", taker(team, "ville", 9)) {
		t.Error("two hold one ticket")
	}
	want(t, "the rest", claims(t, f.Line, team, taker(team, "ville", 9)), []string{"a", "c"})
}

func release(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2))
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 2)), []string{"a", "b"})
	must(t, f.Line.Release(t.Context(), team, "b", "aino"))
	want(t, "one back", waiting(t, f.Line, team), []string{"b", "c"})
	must(t, f.Line.Release(t.Context(), team, "a", "aino"))
	must(t, f.Line.Release(t.Context(), team, "a", "aino"))
	want(t, "both back", waiting(t, f.Line, team), []string{"a", "b", "c"})
}

func holderOnly(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1))
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"a"})
	must(t, f.Line.Release(t.Context(), team, "a", "ville"))
	must(t, f.Line.Release(t.Context(), team, "b", "ville"))
	must(t, f.Line.Release(t.Context(), team, "nobody", "ville"))
	want(t, "List", waiting(t, f.Line, team), []string{"b"})
	for _, c := range []struct {
		conversation, agent string
		ok                  bool
	}{{"a", "aino", true}, {"a", "ville", false}, {"b", "aino", false}, {"nobody", "aino", false}} {
		ok, err := f.Line.Renew(t.Context(), team, c.conversation, c.agent, time.Minute)
		if err != nil || ok != c.ok {
			t.Errorf("Renew(%s by %s) = %v, %v; want %v", c.conversation, c.agent, ok, err, c.ok)
		}
	}
}

// within is a taker whose claim stands for so long.
func within(by routing.Taker, lease time.Duration) routing.Taker {
	by.Lease = lease
	return by
}

// short is a lease that the line's clock outlives soon.
const short = 40 * time.Millisecond

func leaseEnds(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2))
	brief := within(taker(team, "aino", 1), short)
	want(t, "Claim", claims(t, f.Line, team, brief), []string{"a"})
	if !claimed(t, f.Line, team, "b", taker(team, "ville", 1)) {
		t.Fatal("b was not free")
	}
	f.Pass(t, short+time.Millisecond)
	want(t, "after the lease", waiting(t, f.Line, team), []string{"a", "c"})
	wantPlace(t, f.Line, team, "a", 1, 3)
	if ok, err := f.Line.Renew(t.Context(), team, "a", "aino", time.Minute); ok || err != nil {
		t.Errorf("a claim that had ended was renewed: %v, %v", ok, err)
	}
	want(t, "the next claim", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"a"})
}

func renew(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1))
	brief := within(taker(team, "aino", 2), short)
	want(t, "Claim", claims(t, f.Line, team, brief), []string{"a", "b"})
	if ok, err := f.Line.Renew(t.Context(), team, "a", "aino", time.Hour); !ok || err != nil {
		t.Fatalf("Renew = %v, %v", ok, err)
	}
	f.Pass(t, short+time.Millisecond)
	want(t, "after the first lease", waiting(t, f.Line, team), []string{"b"})
}

func drop(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2))
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"a"})
	for _, c := range []string{"a", "b", "b", "nobody"} {
		must(t, f.Line.Drop(t.Context(), team, c))
	}
	must(t, f.Line.Release(t.Context(), team, "a", "aino"))
	want(t, "List", waiting(t, f.Line, team), []string{"c"})
	put(t, f.Line, ticket(team, "b", 500))
	want(t, "a new ticket of the same conversation", waiting(t, f.Line, team), []string{"c", "b"})
}

func place(t *testing.T, f Fixture) {
	team := newTeam()
	wantPlace(t, f.Line, team, "a", 0, 0)
	put(t, f.Line, ticket(team, "b", 5), ticket(team, "a", 5), ticket(team, "c", 5), ticket(team, "d", 6))
	for i, c := range []string{"a", "b", "c", "d"} {
		wantPlace(t, f.Line, team, c, i+1, 4)
	}
	wantPlace(t, f.Line, team, "nobody", 0, 4)
	if !claimed(t, f.Line, team, "b", taker(team, "aino", 1)) {
		t.Fatal("b was not free")
	}
	wantPlace(t, f.Line, team, "c", 3, 4) // an offer to the one before moves nobody
	wantPlace(t, f.Line, team, "b", 2, 4)
	must(t, f.Line.Drop(t.Context(), team, "b"))
	wantPlace(t, f.Line, team, "c", 2, 3)
}

func list(t *testing.T, f Fixture) {
	team := newTeam()
	if first, total, err := f.Line.List(t.Context(), team, 10); err != nil || len(first) != 0 || total != 0 {
		t.Errorf("an empty line lists %v, %d, %v", first, total, err)
	}
	put(t, f.Line, ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2))
	for _, c := range []struct{ limit, want int }{{-1, 0}, {0, 0}, {1, 1}, {2, 2}, {3, 3}, {99, 3}} {
		first, total, err := f.Line.List(t.Context(), team, c.limit)
		if err != nil || len(first) != c.want || total != 3 {
			t.Errorf("List(%d) = %d tickets of %d, %v; want %d of 3", c.limit, len(first), total, err, c.want)
		}
		for i, ticket := range first {
			if w := []string{"a", "b", "c"}[i]; ticket.Conversation != w || ticket.Team != team {
				t.Errorf("List(%d)[%d] = %+v, want %s", c.limit, i, ticket, w)
			}
		}
	}
}

func badInput(t *testing.T, f Fixture) {
	ctx, l, team := t.Context(), f.Line, newTeam()
	early := ticket(team, "a", 0)
	early.HeadStart = -time.Second
	far := ticket(team, "a", 0)
	far.HeadStart = routing.MaxHeadStart + time.Millisecond
	claim := func(team string, by routing.Taker) error { _, _, err := l.Claim(ctx, team, by); return err }
	for name, err := range map[string]error{
		"no conversation":       l.Put(ctx, ticket(team, "", 0)),
		"a team with a brace":   l.Put(ctx, ticket("sup{port}", "a", 0)),
		"no team":               l.Put(ctx, ticket("", "a", 0)),
		"no time":               l.Put(ctx, routing.Ticket{Conversation: "a", Team: team}),
		"a negative head start": l.Put(ctx, early),
		"too much head start":   l.Put(ctx, far),
		"nobody claims":         claim(team, taker(team, "", 1)),
		"claim from no team":    claim("No Team", taker(team, "aino", 1)),
		"a lease of a day":      claim(team, routing.Taker{Agent: "aino", Free: 1, Lease: 24 * time.Hour}),
		"a negative lease":      claim(team, routing.Taker{Agent: "aino", Free: 1, Lease: -1}),
		"nobody releases":       l.Release(ctx, team, "a", ""),
		"drop from no team":     l.Drop(ctx, "*", "a"),
	} {
		if chat.KindOf(err) != chat.Invalid {
			t.Errorf("%s: %v, want an invalid error", name, err)
		}
	}
	want(t, "List", waiting(t, l, team), []string{})
}

func endedContext(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Line.Put(ctx, ticket(team, "b", 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if _, ok, err := f.Line.Claim(ctx, team, taker(team, "aino", 1)); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("Claim: %v, %v", ok, err)
	}
	if err := f.Line.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Ping: %v", err)
	}
	want(t, "List", waiting(t, f.Line, team), []string{"a"})
	must(t, f.Line.Ping(t.Context()))
}
