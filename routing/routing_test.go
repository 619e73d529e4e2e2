package routing_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func minutesAgo(m int) time.Time { return now.Add(-time.Duration(m) * time.Minute) }

func TestPick(t *testing.T) {
	free := func(agent string, idleMinutes int) routing.Candidate {
		return routing.Candidate{Agent: agent, Teams: []string{"support"}, Online: true, Capacity: 4, IdleSince: minutesAgo(idleMinutes)}
	}
	with := func(c routing.Candidate, change func(*routing.Candidate)) routing.Candidate {
		change(&c)
		return c
	}
	away := func(c *routing.Candidate) { c.Online = false }
	full := func(c *routing.Candidate) { c.Load = 4 }
	for _, c := range []struct {
		name       string
		ticket     routing.Ticket
		candidates []routing.Candidate
		want       string
	}{
		{"nobody", routing.Ticket{}, nil, ""},
		{"longest idle", routing.Ticket{}, []routing.Candidate{free("a", 1), free("b", 9), free("c", 5)}, "b"},
		{"then the lowest id", routing.Ticket{}, []routing.Candidate{free("c", 5), free("b", 5)}, "b"},
		{"a clock ahead is idle for no time", routing.Ticket{}, []routing.Candidate{free("b", -9), free("c", -1)}, "b"},
		{"the one they know", routing.Ticket{Prefer: "c"}, []routing.Candidate{free("b", 9), free("c", 1)}, "c"},
		{"not if away", routing.Ticket{Prefer: "c"}, []routing.Candidate{free("b", 9), with(free("c", 1), away)}, "b"},
		{"not if full", routing.Ticket{Prefer: "c"}, []routing.Candidate{free("b", 9), with(free("c", 1), full)}, "b"},
		{"not who declined", routing.Ticket{Prefer: "c", Except: []string{"c"}}, []routing.Candidate{free("b", 1), free("c", 9)}, "b"},
		{"nobody but who declined", routing.Ticket{Except: []string{"c"}}, []routing.Candidate{free("c", 9)}, ""},
		{"not of another team", routing.Ticket{}, []routing.Candidate{with(free("b", 9), func(c *routing.Candidate) { c.Teams = []string{"sales"} })}, ""},
		{"capacity 0 serves nobody", routing.Ticket{}, []routing.Candidate{with(free("b", 9), func(c *routing.Candidate) { c.Capacity = 0 })}, ""},
		{"no name is nobody", routing.Ticket{}, []routing.Candidate{free("", 9)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ticket.Team = "support"
			got, ok := routing.Pick(c.ticket, c.candidates, now)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("Pick = %q, %v; want %q", got, ok, c.want)
			}
		})
	}
}

func drawCandidate(r *rapid.T) routing.Candidate {
	return routing.Candidate{
		Agent:     rapid.SampledFrom(strings.Split("abcdef", "")).Draw(r, "agent"),
		Teams:     rapid.SliceOfN(rapid.SampledFrom([]string{"support", "sales"}), 0, 2).Draw(r, "teams"),
		Online:    rapid.Bool().Draw(r, "online"),
		Load:      rapid.IntRange(0, 4).Draw(r, "load"),
		Capacity:  rapid.IntRange(0, 3).Draw(r, "capacity"),
		IdleSince: minutesAgo(rapid.IntRange(-2, 3).Draw(r, "idle")),
	}
}

// Whatever comes in, the agent is free and not excepted; somebody is found if anybody is; order is nothing; and nobody
// who is free and was idle for longer is passed over but for the agent whom the customer knows.
func TestPickHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		candidates := rapid.SliceOfNDistinct(rapid.Custom(drawCandidate), 0, 6, func(c routing.Candidate) string { return c.Agent }).Draw(r, "candidates")
		ticket := routing.Ticket{
			Team:   "support",
			Prefer: rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, "prefer"),
			Except: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "c"}), 0, 2).Draw(r, "except"),
		}
		agent, ok := routing.Pick(ticket, candidates, now)

		shuffled := slices.Clone(candidates)
		rand.New(rand.NewSource(rapid.Int64().Draw(r, "seed"))).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		if again, _ := routing.Pick(ticket, shuffled, now); again != agent {
			r.Fatalf("Pick = %q, and in another order %q", agent, again)
		}

		var may []routing.Candidate
		for _, c := range candidates {
			if c.Online && c.Load < c.Capacity && slices.Contains(c.Teams, "support") && !slices.Contains(ticket.Except, c.Agent) {
				may = append(may, c)
			}
		}
		i := slices.IndexFunc(may, func(c routing.Candidate) bool { return c.Agent == agent })
		if ok != (len(may) > 0) || ok != (i >= 0) {
			r.Fatalf("Pick = %q, %v; free are %+v", agent, ok, may)
		}
		for _, c := range may {
			if c.Agent == ticket.Prefer && agent != c.Agent {
				r.Fatalf("Pick = %q, but %q is known and free", agent, c.Agent)
			}
			if agent != ticket.Prefer && c.IdleSince.Before(may[i].IdleSince) && may[i].IdleSince.Before(now) {
				r.Fatalf("Pick = %q, but %q was idle for longer", agent, c.Agent)
			}
		}
	})
}

// Bounded overtaking: who comes later goes first by its head start at most.
func TestCompareBoundsOvertaking(t *testing.T) {
	draw := rapid.Custom(func(r *rapid.T) routing.Ticket {
		return routing.Ticket{
			Conversation: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "conversation"),
			Since:        now.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "since")) * time.Minute),
			HeadStart: routing.HeadStart(
				rapid.SampledFrom([]string{"", chat.Angry, chat.Distressed, chat.InCrisis, "unheard of"}).Draw(r, "feeling"),
				rapid.SampledFrom([]string{"", chat.ReasonStuck, chat.ReasonAsked}).Draw(r, "reason")),
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		a, b := draw.Draw(r, "a"), draw.Draw(r, "b")
		if routing.Compare(a, b) != -routing.Compare(b, a) {
			r.Fatal("the order depends on who asks")
		}
		if later := b.Since.Sub(a.Since); routing.Compare(b, a) < 0 && later > b.HeadStart {
			r.Fatalf("b came %s later and overtook with a head start of %s", later, b.HeadStart)
		}
	})
}

func TestHeadStart(t *testing.T) {
	for _, c := range []struct {
		feeling, reason string
		want            time.Duration
	}{
		{"", "", 0},
		{chat.Calm, chat.ReasonAsked, 0},
		{chat.Pleased, chat.ReasonComplex, 0},
		{chat.Calm, chat.ReasonStuck, 2 * time.Minute},
		{chat.Frustrated, chat.ReasonFeeling, 2 * time.Minute},
		{chat.Angry, chat.ReasonFeeling, 5 * time.Minute},
		{chat.Urgent, chat.ReasonAsked, 5 * time.Minute},
		{chat.Distressed, chat.ReasonFeeling, 10 * time.Minute},
		{chat.InCrisis, chat.ReasonAsked, 24 * time.Hour},
		{chat.Calm, chat.ReasonCrisis, 24 * time.Hour},
		{"unheard of", "unheard of", 0},
	} {
		if got := routing.HeadStart(c.feeling, c.reason); got != c.want {
			t.Errorf("HeadStart(%q, %q) = %s, want %s", c.feeling, c.reason, got, c.want)
		}
	}
}

func TestTicketCheck(t *testing.T) {
	good := routing.Ticket{Conversation: "a", Team: "support", Since: now, HeadStart: routing.MaxHeadStart}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*routing.Ticket){
		"conversation": func(t *routing.Ticket) { t.Conversation = strings.Repeat("a", 65) },
		"skills":       func(t *routing.Ticket) { t.Skills = make([]string, 17) },
		"except":       func(t *routing.Ticket) { t.Except = make([]string, 17) },
		"head start":   func(t *routing.Ticket) { t.HeadStart = -1 },
		"since":        func(t *routing.Ticket) { t.Since = time.Time{} },
		"team":         func(t *routing.Ticket) { t.Team = "Support" },
	} {
		bad := good
		spoil(&bad)
		if chat.KindOf(bad.Check()) != chat.Invalid {
			t.Errorf("a bad %s passes: %v", name, bad.Check())
		}
	}
}
