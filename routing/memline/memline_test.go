package memline_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/linetest"
	"github.com/kohta/kohta/routing/memline"
)

// clock stands still until it is told to go on.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(_ testing.TB, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestLine(t *testing.T) {
	linetest.Run(t, func(*testing.T) linetest.Fixture {
		c := newClock()
		return linetest.Fixture{
			Line: memline.New(c.now),
			Pass: c.pass,
			Lose: func(testing.TB) routing.Line { return memline.New(c.now) },
		}
	})
}

func TestRoster(t *testing.T) {
	linetest.RunRoster(t, func(*testing.T) linetest.RosterFixture {
		c := newClock()
		return linetest.RosterFixture{
			Roster: memline.NewRoster(c.now), Now: c.now, Pass: c.pass,
			Lose: func(testing.TB) routing.Roster { return memline.NewRoster(c.now) },
		}
	})
}

// A caller may do what it likes with what it put and what it was given.
func TestLineKeepsItsOwnCopy(t *testing.T) {
	l := memline.New(newClock().now)
	skills := []string{"billing"}
	put := routing.Ticket{Conversation: "a", Team: "support", Skills: skills, Since: time.UnixMilli(1e12)}
	if err := l.Put(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	skills[0] = "changed"
	for range 2 {
		first, _, err := l.List(t.Context(), "support", 1)
		if err != nil || len(first) != 1 || first[0].Skills[0] != "billing" {
			t.Fatalf("List = %+v, %v", first, err)
		}
		first[0].Skills[0] = "changed"
	}
}

// A million claims a day leave nothing behind.
func TestDropsAreForgotten(t *testing.T) {
	c := newClock()
	l := memline.New(c.now)
	for i := range 1000 {
		name := fmt.Sprint("c", i)
		put := routing.Ticket{Conversation: name, Team: "support", Since: c.now()}
		if err := l.Put(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		if err := l.Drop(t.Context(), "support", name); err != nil {
			t.Fatal(err)
		}
	}
	c.pass(t, 4*time.Minute)
	if _, _, err := l.Place(t.Context(), "support", "c0"); err != nil {
		t.Fatal(err)
	}
	if n := memline.Remembered(l); n != 0 {
		t.Errorf("%d teams, tickets and drops are remembered after all have gone", n)
	}
}

func BenchmarkClaim(b *testing.B) {
	for _, depth := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprint(depth), func(b *testing.B) {
			l := filled(b, depth)
			by := routing.Taker{Agent: "aino", Teams: []string{"support"}, Free: 100}
			for b.Loop() {
				t, ok, err := l.Claim(b.Context(), "support", by)
				if !ok || err != nil {
					b.Fatal(ok, err)
				}
				if err := l.Release(b.Context(), "support", t.Conversation, "aino"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPlace(b *testing.B) {
	for _, depth := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprint(depth), func(b *testing.B) {
			l := filled(b, depth)
			for i := 0; b.Loop(); i++ {
				if p, _, err := l.Place(b.Context(), "support", name(i*7919%depth)); p == 0 || err != nil {
					b.Fatal(p, err)
				}
			}
		})
	}
}

func BenchmarkReconcileEmpty(b *testing.B) {
	const depth = 1_000_000
	tickets := make([]routing.Ticket, depth)
	for i := range tickets {
		tickets[i] = ticketAt(i)
	}
	for b.Loop() {
		l := memline.New(time.Now)
		r, err := l.Reconcile(b.Context(), "support", read(tickets))
		if err != nil || r.Added != depth {
			b.Fatal(r, err)
		}
	}
}

func name(i int) string { return fmt.Sprintf("0192f1c2-77aa-7bbb-8ccc-%012d", i) }

// ticketAt came in no order.
func ticketAt(i int) routing.Ticket {
	return routing.Ticket{Conversation: name(i), Team: "support", Since: time.UnixMilli(1e12 + int64(i)*7919%1_000_003)}
}

func read(tickets []routing.Ticket) func(context.Context, func([]routing.Ticket) error) error {
	return func(_ context.Context, add func([]routing.Ticket) error) error { return add(tickets) }
}

func filled(b *testing.B, depth int) *memline.Line {
	l := memline.New(time.Now)
	for i := range depth {
		if err := l.Put(b.Context(), ticketAt(i)); err != nil {
			b.Fatal(err)
		}
	}
	return l
}
