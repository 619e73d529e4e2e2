package whatif

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

// chronicle fills a store with conversations by the commands that make them in the house.
type chronicle struct {
	t *testing.T
	s *memstore.Store
	n int
}

type told struct {
	c   chat.Conversation
	at  time.Time
	log []chat.Event
}

var (
	house = chat.From{Role: chat.RoleSystem}
	aino  = chat.From{Role: chat.RoleAgent, ID: "00000000-0000-7000-8000-000000000001"}
	ville = chat.From{Role: chat.RoleAgent, ID: "00000000-0000-7000-8000-000000000002"}
)

func newChronicle(t *testing.T, teams ...staff.Team) *chronicle {
	c := &chronicle{t: t, s: memstore.New()}
	t.Cleanup(func() { c.s.Close() })
	for _, team := range teams {
		if err := c.s.PutTeam(t.Context(), team); err != nil {
			t.Fatal(err)
		}
	}
	for i, from := range []chat.From{aino, ville} {
		name := []string{"Aino", "Ville"}[i]
		a := store.Agent{Agent: staff.Agent{ID: from.ID, Name: name, Email: strings.ToLower(name) + "@shop.example", Role: staff.RoleAgent, Teams: []string{"support"}, Languages: []string{"fi"}}}
		if err := c.s.PutAgent(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// tell makes one conversation.
func (c *chronicle) tell(at time.Time, language string, fn func(s *told, do func(after time.Duration, by chat.From, cmd chat.Command))) {
	c.t.Helper()
	c.n++
	visitor := fmt.Sprintf("00000000-0000-7000-8001-%012d", c.n)
	if err := c.s.PutVisitor(c.t.Context(), store.Visitor{ID: visitor, Site: "shop", TokenHash: visitor, Language: language, CreatedAt: at, SeenAt: at}); err != nil {
		c.t.Fatal(err)
	}
	s := &told{c: chat.Conversation{ID: fmt.Sprintf("00000000-0000-7000-8002-%012d", c.n)}, at: at}
	do := func(after time.Duration, by chat.From, cmd chat.Command) {
		c.t.Helper()
		s.at = s.at.Add(after)
		if by.Role == chat.RoleVisitor {
			by.ID = visitor
		}
		next, events, err := chat.Decide(s.c, chat.Envelope{At: s.at, By: by, Patience: chat.Usual}, cmd)
		if err != nil {
			c.t.Fatalf("%T: %v", cmd, err)
		}
		s.c, s.log = next, append(s.log, events...)
	}
	do(0, house, chat.Open{Site: "shop", Visitor: visitor, Language: language, Team: "support"})
	fn(s, do)
	if err := c.s.Append(c.t.Context(), store.Append{Next: s.c, Events: s.log, At: s.at}); err != nil {
		c.t.Fatal(err)
	}
}

// What really happened is found again: how many came and when, how long they were patient, how long it took, and who
// was there. Truth: 20 an hour from 9 to 15, 30 % write Swedish, patience 6 min, handling 9 min with a spread of 0.8.
func TestPastIsWhatHappened(t *testing.T) {
	team := staff.NewTeam("support", "Support")
	team.Hours = &staff.Hours{Zone: "UTC"}
	for day := range 5 {
		team.Hours.Week[day] = []staff.Interval{{From: 9 * 60, To: 15 * 60}}
	}
	c := newChronicle(t, team)
	r := rand.New(rand.NewPCG(1, 2))
	exp := func(mean time.Duration) time.Duration {
		return time.Duration(r.ExpFloat64() * float64(mean)).Truncate(time.Millisecond)
	}
	first := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // a Monday
	for day := range 14 {
		if day%7 > 4 {
			continue
		}
		begin := first.AddDate(0, 0, day).Add(9 * time.Hour)
		for at := begin.Add(exp(3 * time.Minute)); at.Before(begin.Add(6 * time.Hour)); at = at.Add(exp(3 * time.Minute)) {
			language := "fi"
			if r.Float64() < 0.3 {
				language = "sv"
			}
			wait, patience := exp(2*time.Minute), exp(6*time.Minute)
			sigma := math.Sqrt(math.Log1p(0.64))
			takes := time.Duration(float64(9*time.Minute) * math.Exp(sigma*r.NormFloat64()-sigma*sigma/2)).Truncate(time.Millisecond)
			c.tell(at, language, func(_ *told, do func(time.Duration, chat.From, chat.Command)) {
				do(0, house, chat.Escalate{Reason: chat.ReasonAsked, Team: "support"})
				if patience < wait && at.Add(patience).Before(begin.Add(6*time.Hour)) {
					do(patience, chat.From{Role: chat.RoleVisitor}, chat.End{})
					return
				}
				by := aino
				if day%2 == 1 && r.Float64() < 0.5 {
					by = ville
				}
				do(wait, by, chat.Take{})
				do(takes, by, chat.Resolve{})
			})
		}
	}
	c.tell(first.Add(20*time.Hour), "fi", func(_ *told, do func(time.Duration, chat.From, chat.Command)) { // at night
		do(0, house, chat.Escalate{Reason: chat.ReasonAsked, Team: "support"})
		do(10*time.Hour, chat.From{Role: chat.RoleVisitor}, chat.End{})
	})
	s, notes, err := Past(context.Background(), c.s, first, first.AddDate(0, 0, 14), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want, by float64) {
		t.Helper()
		if math.Abs(got-want) > by*want {
			t.Errorf("%s: %.3g, and was %.3g", what, got, want)
		}
	}
	g := s.Customers[0]
	sum := 0.0
	for h, n := range g.Hourly {
		if (n > 0) != (h >= 9 && h < 15) {
			t.Errorf("at %d come %g an hour", h, n)
		}
		sum += n / 6
	}
	near("arrivals", sum, 20, 0.06)
	near("patience", g.Patience.Minutes(), 6, 0.15)
	near("handling", g.Handling.Mean.Minutes(), 9, 0.06)
	near("spread", g.Handling.Spread, 0.8, 0.1)
	if len(g.Languages) != 2 || g.Languages[1].Name != "sv" {
		t.Fatalf("languages: %v", g.Languages)
	}
	near("Swedish", g.Languages[1].Part, 0.3, 0.1)
	if len(s.Agents) != 2 || s.Agents[0].There != 1 || s.Agents[1].There != 0.5 || s.Agents[0].Shift[0].From != 9*60 {
		t.Errorf("agents: %+v", s.Agents)
	}
	if s.Start != 9*60 || s.Length != 6*time.Hour {
		t.Errorf("from %s for %s", s.Start, s.Length)
	}
	if all := strings.Join(notes, "\n"); !strings.Contains(all, "1 customers who came out of opening hours") {
		t.Errorf("notes:\n%s", all)
	}
}

// A silent customer takes half of a place, a returned conversation is one customer, offers are counted by how they ended.
func TestPastByTheCase(t *testing.T) {
	team := staff.NewTeam("support", "Support")
	team.Assignment = staff.Offered
	c := newChronicle(t, team)
	noon := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	visitor := chat.From{Role: chat.RoleVisitor}
	for range 20 {
		c.tell(noon, "fi", func(_ *told, do func(time.Duration, chat.From, chat.Command)) {
			do(0, visitor, chat.Post{Text: "Moi"})
			do(0, house, chat.Escalate{Reason: chat.ReasonAsked, Team: "support"})
			do(0, house, chat.Hold{Agent: aino.ID, Until: noon.Add(30 * time.Second)})
			do(10*time.Second, aino, chat.Decline{})
			do(0, house, chat.Hold{Agent: ville.ID, Until: noon.Add(40 * time.Second)})
			do(20*time.Second, ville, chat.Accept{})
			do(0, ville, chat.Post{Text: "Hei"})
			do(time.Minute, visitor, chat.Post{Text: "Kiitos"})
			do(time.Minute, ville, chat.Post{Text: "Eipä mitään"})
			do(19*time.Minute, ville, chat.Resolve{}) // of these, ten minutes after the customer's last word are half
		})
	}
	s, _, err := Past(context.Background(), c.s, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Customers[0].Handling; got.Mean != 16*time.Minute || got.Spread != 0 { // 1 + 10 + 10/2
		t.Errorf("handling: %+v", got)
	}
	if x := s.Teams[0]; x.Declines != 0.5 || x.Misses != 0 || x.Accept != 20*time.Second || x.Assignment != staff.Offered {
		t.Errorf("offers: %+v", x)
	}
	if s.Customers[0].Patience != 0 {
		t.Errorf("nobody gave up, and patience is %s", s.Customers[0].Patience)
	}
}

func TestPastOfNothing(t *testing.T) {
	c := newChronicle(t, staff.NewTeam("support", "Support"))
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	_, _, err := Past(context.Background(), c.s, now.AddDate(0, 0, -28), now, time.UTC)
	if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "nothing to go by") {
		t.Errorf("of nothing: %v", err)
	}
}
