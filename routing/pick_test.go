package routing_test

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

type candidate = routing.Candidate

// free is an agent with half of four conversations.
func free(agent string, change ...func(*candidate)) candidate {
	c := candidate{
		Agent: agent, Teams: []string{"support"}, Skills: []string{"billing"}, Languages: []string{"fi", "en"},
		Status: routing.Online, Load: 200, Capacity: 400, IdleSince: minutesAgo(5),
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func idleFor(minutes int) func(*candidate) {
	return func(c *candidate) { c.IdleSince = minutesAgo(minutes) }
}
func is(s routing.Status) func(*candidate) { return func(c *candidate) { c.Status = s } }
func has(load, capacity int) func(*candidate) {
	return func(c *candidate) { c.Load, c.Capacity = load, capacity }
}
func hasIn(team string, capacity int) func(*candidate) {
	return func(c *candidate) { c.CapacityOf = map[string]int{team: capacity} }
}
func strained(by int) func(*candidate)        { return func(c *candidate) { c.Strain = by } }
func in(teams ...string) func(*candidate)     { return func(c *candidate) { c.Teams = teams } }
func can(skills ...string) func(*candidate)   { return func(c *candidate) { c.Skills = skills } }
func speaks(langs ...string) func(*candidate) { return func(c *candidate) { c.Languages = langs } }
func rests(minutes int) func(*candidate) {
	return func(c *candidate) { c.RestUntil = minutesAgo(-minutes) }
}
func supervises(c *candidate)                  { c.Supervisor = true }
func asks(skills ...string) routing.Ticket     { return routing.Ticket{Skills: skills} }
func list(candidates ...candidate) []candidate { return candidates }

func TestPick(t *testing.T) {
	crisis := routing.Ticket{HeadStart: routing.MaxHeadStart, Weight: routing.Crisis}
	for _, c := range []struct {
		name       string
		ticket     routing.Ticket
		candidates []candidate
		want       string
	}{
		{"nobody", routing.Ticket{}, nil, ""},
		{"the one they know", routing.Ticket{Prefer: "c"}, list(free("b", has(0, 400)), free("c", strained(300), has(300, 400))), "c"},
		{"not if away", routing.Ticket{Prefer: "c"}, list(free("b"), free("c", is(routing.Away))), "b"},
		{"not if busy", routing.Ticket{Prefer: "c"}, list(free("b"), free("c", is(routing.Busy))), "b"},
		{"not if full", routing.Ticket{Prefer: "c"}, list(free("b"), free("c", has(400, 400))), "b"},
		{"not if without the skill", routing.Ticket{Prefer: "c", Skills: []string{"billing"}}, list(free("b"), free("c", can())), "b"},
		{"not who declined", routing.Ticket{Prefer: "c", Except: []string{"c"}}, list(free("b"), free("c")), "b"},
		{"the smaller share of the capacity", routing.Ticket{}, list(free("b", has(200, 400)), free("c", has(300, 800), strained(500))), "c"},
		{"the share of what their team lets them have", routing.Ticket{Team: "support"}, list(free("b", has(200, 1200), hasIn("support", 300)), free("c", has(200, 400))), "c"},
		{"not who is full in this team", routing.Ticket{Team: "support"}, list(free("b", has(100, 600), hasIn("support", 100)), free("c", has(100, 200))), "c"},
		{"then who had the easier hours", routing.Ticket{}, list(free("b", strained(120), idleFor(60)), free("c", strained(90))), "c"},
		{"as far as it matters", routing.Ticket{}, list(free("b", strained(149), idleFor(60)), free("c", strained(101))), "b"},
		{"then the longest idle", routing.Ticket{}, list(free("a", idleFor(1)), free("b", idleFor(9)), free("c", idleFor(5))), "b"},
		{"then the lowest id", routing.Ticket{}, list(free("c"), free("b")), "b"},
		{"a clock ahead is idle for no time", routing.Ticket{}, list(free("b", idleFor(-9)), free("c", idleFor(-1))), "b"},
		{"never idle before is idle for longest", routing.Ticket{}, list(free("b", idleFor(99)), free("c", func(c *candidate) { c.IdleSince = time.Time{} })), "c"},

		{"nobody but who declined", routing.Ticket{Except: []string{"c"}}, list(free("c")), ""},
		{"no name is nobody", routing.Ticket{}, list(free("")), ""},
		{"of another team", routing.Ticket{}, list(free("b", in("sales"))), ""},
		{"of another team that it is open to", routing.Ticket{Also: []string{"sales"}}, list(free("b", in("sales"))), "b"},
		{"all the skills", asks("billing", "vip"), list(free("b"), free("c", can("vip", "x", "billing"))), "c"},
		{"the language", routing.Ticket{Language: "sv"}, list(free("b"), free("c", speaks("sv"))), "c"},
		{"who names no language speaks all", routing.Ticket{Language: "sv"}, list(free("b"), free("c", speaks())), "c"},
		{"raised is for supervisors", routing.Ticket{Raised: true}, list(free("b"), free("c", supervises)), "c"},
		{"raised waits for one", routing.Ticket{Raised: true}, list(free("b")), ""},

		{"a hard one wants room", routing.Ticket{Weight: 150}, list(free("b", has(300, 400)), free("c", has(250, 300))), ""},
		{"a usual one fits", routing.Ticket{}, list(free("b", has(300, 400))), "b"},
		{"who has nothing takes any", crisis, list(free("b", has(0, 100))), "b"},
		{"capacity 0 serves nobody", routing.Ticket{}, list(free("b", has(0, 0))), ""},
		{"nor does less", routing.Ticket{}, list(free("b", has(-500, -100))), ""},
		{"a negative load is none", routing.Ticket{}, list(free("b", has(math.MinInt, math.MaxInt)), free("c", has(1, 400))), "b"},

		{"who rests is left alone", routing.Ticket{}, list(free("b", rests(3)), free("c", has(300, 400))), "c"},
		{"also by an angry one", routing.Ticket{Weight: 150, HeadStart: 5 * time.Minute}, list(free("b", rests(3))), ""},
		{"but not in a crisis", crisis, list(free("b", rests(3))), "b"},
		{"in a crisis, too, the rested come first", crisis, list(free("b", rests(3), has(0, 400)), free("c")), "c"},
		{"a breather ends", routing.Ticket{}, list(free("b", rests(0))), "b"},
		{"a breather of a clock gone wrong is none", routing.Ticket{}, list(free("b", rests(31))), "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ticket.Team = "support"
			for range 2 {
				got, ok := routing.Pick(c.ticket, c.candidates, now)
				if got != c.want || ok != (c.want != "") {
					t.Errorf("Pick = %q, %v; want %q", got, ok, c.want)
				}
				slices.Reverse(c.candidates)
			}
		})
	}
}

// Draws, with some that cannot be in them.
func some(r *rapid.T, what string, of ...string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(of), 0, 3).Draw(r, what)
}

func oneOf[T any](r *rapid.T, what string, of ...T) T { return rapid.SampledFrom(of).Draw(r, what) }

func drawCandidate(r *rapid.T) candidate {
	return candidate{
		Agent: oneOf(r, "agent", "", "a", "b", "c", "d", "e", "f"),
		Teams: some(r, "teams", "support", "support", "sales"), Skills: some(r, "skills", "billing", "vip"),
		Languages:  some(r, "languages", "fi", "sv"),
		Status:     oneOf(r, "status", routing.Online, routing.Online, routing.Online, routing.Away, routing.Busy, routing.Offline, ""),
		Supervisor: rapid.Bool().Draw(r, "supervisor"),
		Load:       oneOf(r, "load", 0, 50, 100, 150, 250, 350, 400, -7, math.MinInt, math.MaxInt),
		Capacity:   oneOf(r, "capacity", 400, 400, 300, 100, 0, -1, math.MinInt, math.MaxInt),
		Strain:     oneOf(r, "strain", 0, 30, 70, 400, -5, math.MaxInt),
		RestUntil:  oneOf(r, "rest", time.Time{}, time.Time{}, now.Add(time.Minute), now.Add(1000*time.Hour), time.Unix(math.MaxInt32, 0)),
		IdleSince:  oneOf(r, "idle", time.Time{}, now, minutesAgo(1), minutesAgo(9), now.Add(time.Hour)),
	}
}

// drawMore is drawCandidate, of whom some may have less in the team of the tickets than in another.
func drawMore(r *rapid.T) candidate {
	c := drawCandidate(r)
	if n := oneOf(r, "capacity in support", -1, -1, 0, 100, 200); n >= 0 && n <= c.Capacity {
		c.CapacityOf = map[string]int{"support": n}
	}
	return c
}

func drawCandidates(r *rapid.T) []candidate {
	return rapid.SliceOfNDistinct(rapid.Custom(drawMore), 0, 7, func(c candidate) string { return c.Agent }).Draw(r, "candidates")
}

func drawTicket(r *rapid.T) routing.Ticket {
	t := routing.Ticket{
		Conversation: oneOf(r, "conversation", "k", "l", "m", "n", "o", "p", "q", "r"), Team: "support",
		Skills:   oneOf(r, "skills", nil, nil, []string{"billing"}, []string{"vip", "billing"}, []string{"unknown"}),
		Language: oneOf(r, "language", "", "fi", "sv", "de"), Raised: oneOf(r, "raised", false, false, true),
		Weight: oneOf(r, "weight", 100, 100, 0, 150, 150, 1000, -5), Since: minutesAgo(oneOf(r, "since", 0, 1, 2, 7, 30, -5)),
		HeadStart: oneOf(r, "head start", 0, 0, 2*time.Minute, 10*time.Minute), Prefer: oneOf(r, "prefer", "", "a", "b"),
		Except: some(r, "except", "a", "b"), Also: oneOf(r, "also", nil, []string{"sales"}),
	}
	if rapid.IntRange(0, 5).Draw(r, "crisis") == 0 {
		t.HeadStart, t.Weight, t.Feeling = routing.MaxHeadStart, routing.Crisis, chat.InCrisis
	}
	return t
}

// may is what Pick must keep to, written down once more: has the skill, is there, is not excepted, has a capacity.
func may(t routing.Ticket, c candidate) bool {
	serves := slices.Contains(c.Teams, t.Team) || len(t.Also) > 0 && slices.Contains(c.Teams, t.Also[0])
	for _, s := range t.Skills {
		serves = serves && slices.Contains(c.Skills, s)
	}
	speaks := t.Language == "" || len(c.Languages) == 0 || slices.Contains(c.Languages, t.Language)
	return serves && speaks && c.Agent != "" && c.Status == "online" && capacity(t, c) > 0 &&
		(c.Supervisor || !t.Raised) && !slices.Contains(t.Except, c.Agent)
}

func hasRoom(t routing.Ticket, c candidate) bool {
	n := capacity(t, c)
	return c.Load <= 0 || c.Load < n && n-c.Load >= t.Weighs()
}

func capacity(t routing.Ticket, c candidate) int {
	if n, other := c.CapacityOf[t.Team]; other {
		return n
	}
	return c.Capacity
}

func resting(c candidate) bool {
	return c.RestUntil.After(now) && c.RestUntil.Sub(now) <= staff.MaxRest
}

// Whatever comes in: who is picked may be, and has room; somebody is picked if anybody may be; nobody is woken but by a
// crisis that nobody else can take; the known go first; and order is nothing.
func TestPickHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		candidates, ticket := drawCandidates(r), drawTicket(r)
		agent, ok := routing.Pick(ticket, candidates, now)
		if again, _ := routing.Pick(ticket, shuffled(r, candidates), now); again != agent {
			r.Fatalf("Pick = %q, and in another order %q", agent, again)
		}
		could := slices.DeleteFunc(slices.Clone(candidates), func(c candidate) bool { return !may(ticket, c) || !hasRoom(ticket, c) })
		rested := slices.DeleteFunc(slices.Clone(could), resting)
		if len(rested) > 0 || !ticket.InCrisis() {
			could = rested
		}
		i := slices.IndexFunc(could, func(c candidate) bool { return c.Agent == agent })
		if ok != (len(could) > 0) || ok != (i >= 0) {
			r.Fatalf("Pick = %q, %v; could be %+v", agent, ok, could)
		}
		for _, c := range could {
			if c.Agent == ticket.Prefer && agent != c.Agent {
				r.Fatalf("Pick = %q, but %q is known and free", agent, c.Agent)
			}
			if agent != ticket.Prefer && could[i].Load > 0 && c.Load <= 0 {
				r.Fatalf("Pick = %q, but %q has nothing at all", agent, c.Agent)
			}
		}
	})
}

func shuffled[T any](r *rapid.T, list []T) []T {
	list = slices.Clone(list)
	rand.New(rand.NewSource(rapid.Int64().Draw(r, "seed"))).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

func TestClass(t *testing.T) {
	for _, c := range []struct {
		ticket routing.Ticket
		want   string
	}{
		{routing.Ticket{}, "0|||"},
		{routing.Ticket{Language: "fi", Skills: []string{"vip", "billing", "vip"}, Also: []string{"sales"}, Raised: true}, "1|fi|billing,vip,|sales,"},
		{routing.Ticket{Skills: []string{"a,b", "|"}}, "0||~612c62,~7c,|"},
		{routing.Ticket{Language: "Fi FI"}, "0|~4669204649||"},
	} {
		if got := c.ticket.Class(); got != c.want || strings.ContainsAny(got, " \n") {
			t.Errorf("Class of %+v = %q, want %q", c.ticket, got, c.want)
		}
		if back, ok := routing.ParseClass(c.want); !ok || back.Class() != c.want {
			t.Errorf("ParseClass(%q) = %+v, %v", c.want, back, ok)
		}
	}
	for _, bad := range []string{"", "0", "2|||", "0|||x|", "0|~zz||", "0||~1,|"} {
		if got, ok := routing.ParseClass(bad); ok {
			t.Errorf("ParseClass(%q) = %+v", bad, got)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := drawTicket(r), drawTicket(r), drawCandidate(r)
		if a.Class() == b.Class() && a.Serves(&c) != b.Serves(&c) {
			r.Fatalf("%+v and %+v are of one class and %+v serves one of them", a, b, c)
		}
	})
}
