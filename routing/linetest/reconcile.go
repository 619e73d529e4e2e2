package linetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

type add = func([]routing.Ticket) error

// reading gives what the store has, in two parts.
func reading(tickets ...routing.Ticket) func(context.Context, add) error {
	return func(_ context.Context, more add) error {
		half := len(tickets) / 2
		if err := more(tickets[:half]); err != nil {
			return err
		}
		return more(tickets[half:])
	}
}

func wantRepairs(t *testing.T, l routing.Line, team string, want routing.Repairs, store ...routing.Ticket) {
	t.Helper()
	got, err := l.Reconcile(t.Context(), team, reading(store...))
	if err != nil || got != want {
		t.Errorf("Reconcile = %+v, %v; want %+v", got, err, want)
	}
}

func reconcile(t *testing.T, f Fixture) {
	team := newTeam()
	a, b, c, d := ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2), ticket(team, "d", 3)
	put(t, f.Line, a, b, ticket(team, "x", 4), ticket(team, "y", 5), c)
	if !claimed(t, f.Line, team, "a", taker(team, "aino", 9)) || !claimed(t, f.Line, team, "x", taker(team, "aino", 9)) {
		t.Fatal("not free")
	}
	later := c
	later.Since = noon.Add(-1) // to the millisecond earlier
	later.Prefer = "aino"
	wantRepairs(t, f.Line, team, routing.Repairs{Added: 1, Dropped: 2, Changed: 1}, a, b, later, d)
	want(t, "List", waiting(t, f.Line, team), []string{"c", "b", "d"}) // a is held still, x and y are gone
	wantRepairs(t, f.Line, team, routing.Repairs{}, d, a, later, b)
	must(t, f.Line.Release(t.Context(), team, "a", "aino"))
	want(t, "List after release", waiting(t, f.Line, team), []string{"c", "a", "b", "d"})

	later.Since = noon.Add(1e12) // the store is the truth, also when it is later
	wantRepairs(t, f.Line, team, routing.Repairs{Changed: 1}, a, b, later, d)
	want(t, "List", waiting(t, f.Line, team), []string{"a", "b", "d", "c"})
	want(t, "an agent whose held ticket was dropped", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"a"})
	wantRepairs(t, f.Line, team, routing.Repairs{Dropped: 4})
	want(t, "List of none", waiting(t, f.Line, team), []string{})
}

func reconcileLost(t *testing.T, f Fixture) {
	team := newTeam()
	var all []routing.Ticket
	for i := range 1700 {
		all = append(all, ticket(team, fmt.Sprintf("c%04d", i), i))
	}
	put(t, f.Line, all[:20]...)
	want(t, "Claim", claims(t, f.Line, team, taker(team, "aino", 1)), []string{"c0000"})
	f.Line = f.Lose(t)
	want(t, "a line that lost all", waiting(t, f.Line, team), []string{})
	put(t, f.Line, all[1690])
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	wantRepairs(t, f.Line, team, routing.Repairs{Added: 1699}, backwards...)
	wantPlace(t, f.Line, team, "c1690", 1691, 1700)
	want(t, "the claims of before are gone", claims(t, f.Line, team, taker(team, "aino", 2)), []string{"c0000", "c0001"})
	wantRepairs(t, f.Line, team, routing.Repairs{Dropped: 1699}, all[0])
	want(t, "List", waiting(t, f.Line, team), []string{})
}

// Whatever happens while the store is read is newer than what was read, and the next Reconcile sees it.
func reconcileMeanwhile(t *testing.T, f Fixture) {
	team := newTeam()
	a, b, c := ticket(team, "a", 0), ticket(team, "b", 1), ticket(team, "c", 2)
	changed := c
	changed.Feeling = chat.Angry
	put(t, f.Line, a, c)
	r, err := f.Line.Reconcile(t.Context(), team, func(ctx context.Context, more add) error {
		put(t, f.Line, b, changed)
		if err := f.Line.Drop(ctx, team, "a"); err != nil {
			return err
		}
		return more([]routing.Ticket{a, c})
	})
	if err != nil || r.Sum() != 0 {
		t.Errorf("Reconcile = %+v, %v; want no repair", r, err)
	}
	want(t, "List", waiting(t, f.Line, team), []string{"b", "c"})
	wantRepairs(t, f.Line, team, routing.Repairs{Added: 1, Dropped: 1, Changed: 1}, a, c)
	want(t, "List", waiting(t, f.Line, team), []string{"a", "c"})
}

func reconcileFails(t *testing.T, f Fixture) {
	team := newTeam()
	put(t, f.Line, ticket(team, "a", 0))
	boom := errors.New("the store is away")
	_, err := f.Line.Reconcile(t.Context(), team, func(context.Context, add) error { return boom })
	if !errors.Is(err, boom) {
		t.Errorf("Reconcile: %v, want the read's own error", err)
	}
	for _, bad := range []routing.Ticket{ticket("another", "b", 0), ticket(team, "", 0)} {
		if _, err := f.Line.Reconcile(t.Context(), team, reading(bad)); chat.KindOf(err) != chat.Invalid {
			t.Errorf("Reconcile with %+v: %v, want an invalid error", bad, err)
		}
	}
	if _, err := f.Line.Reconcile(t.Context(), "No Team", reading()); chat.KindOf(err) != chat.Invalid {
		t.Errorf("Reconcile of no team: %v, want an invalid error", err)
	}
	want(t, "List", waiting(t, f.Line, team), []string{"a"})
}
