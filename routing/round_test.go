package routing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/routing"
)

func drawTickets(r *rapid.T) []routing.Ticket {
	return rapid.SliceOfNDistinct(rapid.Custom(drawTicket), 0, 8, func(t routing.Ticket) string { return t.Conversation }).Draw(r, "tickets")
}

func find(list []candidate, agent string) *candidate {
	return &list[slices.IndexFunc(list, func(c candidate) bool { return c.Agent == agent })]
}

// Every match is one that Pick might make at its turn; nobody gets more than they have room for; nobody who came earlier
// is passed over by who could have served them; and order is nothing.
func TestRoundHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tickets, candidates := drawTickets(r), drawCandidates(r)
		matches := routing.Round(tickets, candidates, now)
		again := routing.Round(shuffled(r, tickets), shuffled(r, candidates), now)
		if !slices.EqualFunc(matches, again, func(a, b routing.Match) bool { return a.Agent == b.Agent && routing.Equal(a.Ticket, b.Ticket) }) {
			r.Fatalf("Round = %+v, and in another order %+v", matches, again)
		}
		left := slices.Clone(candidates)
		for i, m := range matches {
			if i > 0 && routing.Compare(matches[i-1].Ticket, m.Ticket) >= 0 {
				r.Fatalf("%s is not after %s", m.Ticket.Conversation, matches[i-1].Ticket.Conversation)
			}
			c := find(left, m.Agent)
			if !may(m.Ticket, *c) || !hasRoom(m.Ticket, *c) || resting(*c) && !m.Ticket.InCrisis() {
				r.Fatalf("%+v is given to %+v", m.Ticket, *c)
			}
			for _, earlier := range tickets {
				if routing.Compare(earlier, m.Ticket) < 0 && !matched(matches, earlier) && may(earlier, *c) &&
					hasRoom(earlier, *c) && (!resting(*c) || earlier.InCrisis()) {
					r.Fatalf("%s had to wait and %s was given to %s, who could serve both", earlier.Conversation, m.Ticket.Conversation, m.Agent)
				}
			}
			c.Load = max(0, c.Load) + m.Ticket.Weighs()
		}
	})
}

func matched(matches []routing.Match, t routing.Ticket) bool {
	return slices.ContainsFunc(matches, func(m routing.Match) bool { return m.Ticket.Conversation == t.Conversation })
}

// L2: whatever stands before it that nobody can serve, who can be served is.
func TestRoundIsNotHeldUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tickets := []routing.Ticket{{Conversation: "last", Team: "support", Since: now}}
		for i := range rapid.IntRange(0, 50).Draw(r, "before") {
			x := drawTicket(r)
			x.Conversation, x.Since = fmt.Sprint(i), minutesAgo(1000+i)
			x.Skills = []string{"nobody has it"}
			tickets = append(tickets, x)
		}
		matches := routing.Round(tickets, append(drawCandidates(r), free("z")), now)
		if len(matches) != 1 || matches[0].Ticket.Conversation != "last" {
			r.Fatalf("Round = %+v", matches)
		}
	})
}

// A heavy ticket does not wait for ever behind light ones that fill every gap: an agent whose room it nearly fits into
// is kept for it.
func TestRoundKeepsRoomForTheHeavy(t *testing.T) {
	angry := routing.Ticket{Conversation: "angry", Team: "support", Since: minutesAgo(9), Weight: routing.Hard}
	light := func(i int) routing.Ticket {
		return routing.Ticket{Conversation: fmt.Sprint("light", i), Team: "support", Since: minutesAgo(8 - i)}
	}
	aino, ville := free("aino", has(300, 400)), free("ville", has(300, 400), idleFor(1))
	got := routing.Round([]routing.Ticket{light(1), light(2), angry}, list(aino, ville), now)
	if len(got) != 1 || got[0].Agent != "ville" || got[0].Ticket.Conversation != "light1" {
		t.Fatalf("Round = %+v; aino is kept for the angry one, ville takes a light one", got)
	}
	aino.Load -= 100 // she finished one
	got = routing.Round([]routing.Ticket{light(2), light(3), angry}, list(aino, free("ville", has(400, 400))), now)
	if len(got) != 1 || got[0].Agent != "aino" || got[0].Ticket.Conversation != "angry" {
		t.Fatalf("Round = %+v; aino has room for the angry one", got)
	}
}

// Who is kept for a heavy one of a team in which there is little room is kept from the others as a whole.
func TestRoundKeepsRoomByTeam(t *testing.T) {
	angry := routing.Ticket{Conversation: "angry", Team: "support", Since: minutesAgo(9), Weight: routing.Hard}
	light := routing.Ticket{Conversation: "light", Team: "sales", Since: minutesAgo(8)}
	same := routing.Ticket{Conversation: "same", Team: "support", Since: minutesAgo(7)}
	aino := free("aino", in("support", "sales"), has(100, 600), hasIn("support", 200))
	if got := routing.Round([]routing.Ticket{light, same, angry}, list(aino), now); len(got) != 0 {
		t.Errorf("Round = %+v; she is kept for the angry one", got)
	}
	aino.CapacityOf["support"] = 100
	got := routing.Round([]routing.Ticket{light, angry}, list(aino), now)
	if len(got) != 1 || got[0].Ticket.Conversation != "light" {
		t.Errorf("Round = %+v; in support she has no room that could be kept", got)
	}
}

// L1 and L2 over time: customers of every class keep coming to agents who always have just too much to do; each is
// served while later ones with less head start still wait.
func TestNobodyIsOvertakenForEver(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		agents := list(free("a", has(0, 300)), free("b", has(0, 400), can("billing", "vip")), free("c", has(0, 200), speaks("sv"), supervises))
		var waiting []routing.Ticket
		var busy []routing.Match
		for minute := range 120 {
			at := now.Add(time.Duration(minute) * time.Minute)
			for range oneOf(r, "arrivals", 0, 1, 1, 2) {
				x := drawTicket(r)
				x.Conversation, x.Since, x.Except, x.Weight = fmt.Sprint(minute, len(waiting)), at, nil, oneOf(r, "weight", 100, 150)
				waiting = append(waiting, x)
			}
			if len(busy) > 0 && oneOf(r, "one ends", true, true, true, false) {
				i := rapid.IntRange(0, len(busy)-1).Draw(r, "which")
				find(agents, busy[i].Agent).Load -= busy[i].Ticket.Weighs()
				busy = slices.Delete(busy, i, i+1)
			}
			for _, m := range routing.Round(waiting, agents, at) {
				find(agents, m.Agent).Load += m.Ticket.Weighs()
				busy = append(busy, m)
				waiting = slices.DeleteFunc(waiting, func(t routing.Ticket) bool { return t.Conversation == m.Ticket.Conversation })
				bounded(r, waiting, m, find(agents, m.Agent))
			}
		}
	})
}

// bounded: of those that the agent could serve, none still waits that came earlier by more than the other's head start,
// but for one that is too heavy for the room there was.
func bounded(r *rapid.T, waiting []routing.Ticket, m routing.Match, c *candidate) {
	before := *c
	before.Load -= m.Ticket.Weighs()
	for _, t := range waiting {
		if may(t, before) && hasRoom(t, before) && m.Ticket.Since.Sub(t.Since) > m.Ticket.HeadStart {
			r.Fatalf("%s waits since %s, and %s overtook it", t.Conversation, t.Since, m.Ticket.Conversation)
		}
	}
}

func TestRoundIsTotal(t *testing.T) {
	if got := routing.Round(nil, nil, now); len(got) != 0 {
		t.Errorf("Round of nothing = %+v", got)
	}
	twice := []routing.Ticket{{Conversation: "x", Team: "support"}, {Conversation: "x", Team: "support", Since: now}}
	if got := routing.Round(twice, list(free("a"), free("a"), free("b")), time.Time{}); len(got) != 1 {
		t.Errorf("a conversation that stands there twice is given %d times", len(got))
	}
}
