package linetest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/routing"
)

// plain is a line that nobody could get wrong, and nobody would want to wait for.
type plain struct {
	tickets []routing.Ticket
	holder  map[string]string
	weight  map[string]int // of what is held, as it was when it was claimed
}

func (p *plain) index(conversation string) int {
	return slices.IndexFunc(p.tickets, func(t routing.Ticket) bool { return t.Conversation == conversation })
}

func (p *plain) put(t routing.Ticket) {
	if i := p.index(t.Conversation); i >= 0 {
		p.tickets[i] = routing.Merge(p.tickets[i], t)
	} else {
		p.tickets = append(p.tickets, t)
	}
	slices.SortFunc(p.tickets, routing.Compare)
}

func (p *plain) waiting() (waiting []routing.Ticket) {
	for _, t := range p.tickets {
		if p.holder[t.Conversation] == "" {
			waiting = append(waiting, t)
		}
	}
	return waiting
}

func (p *plain) holds(agent string) (weight int) {
	for conversation, a := range p.holder {
		if a == agent {
			weight += p.weight[conversation]
		}
	}
	return weight
}

// next is the first that the taker can be given, however far back.
func (p *plain) next(by routing.Taker) (routing.Ticket, bool) {
	for _, t := range p.waiting() {
		if by.Serves(t) && !slices.Contains(t.Except, by.Agent) {
			return t, true
		}
	}
	return routing.Ticket{}, false
}

func (p *plain) claim(conversation string, by routing.Taker) bool {
	i := p.index(conversation)
	if i < 0 || cmp.Or(p.holder[conversation], by.Agent) != by.Agent {
		return false
	}
	if p.holder[conversation] == "" {
		weight := p.tickets[i].Weighs()
		if p.holds(by.Agent)+weight > by.Free {
			return false
		}
		p.holder[conversation], p.weight[conversation] = by.Agent, weight
	}
	return true
}

func (p *plain) place(conversation string) (place, total int) {
	return p.index(conversation) + 1, len(p.tickets)
}

// pair is the line beside plain; each method does the same to both and looks for a difference.
type pair struct {
	t     *testing.T
	line  routing.Line
	team  string
	plain plain
}

// model does the same at random to the line and to plain, and compares all that waits after each step.
func model(t *testing.T, f Fixture) {
	rapid.Check(t, func(r *rapid.T) {
		p := &pair{t: t, line: f.Line, team: newTeam(), plain: plain{holder: map[string]string{}, weight: map[string]int{}}}
		r.Repeat(map[string]func(*rapid.T){
			"put": p.put, "claim": p.claim, "claim one": p.claimTicket, "renew": p.renew,
			"release": p.release, "drop": p.drop, "place": p.place, "reconcile": p.reconcile, "": p.list,
		})
	})
}

func conversation(r *rapid.T) string {
	return rapid.SampledFrom(strings.Split("abcdefgh", "")).Draw(r, "conversation")
}

func agent(r *rapid.T) string {
	return rapid.SampledFrom([]string{"aino", "ville", "sari"}).Draw(r, "agent")
}

// some draws a few of a list.
func some(r *rapid.T, what string, list ...string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(list), 0, 2).Draw(r, what)
}

func (p *pair) taker(r *rapid.T) routing.Taker {
	return routing.Taker{
		Agent: agent(r), Teams: some(r, "teams", p.team, p.team, "sales"), Skills: some(r, "skills", "billing", "vip"),
		Languages: some(r, "languages", "fi", "sv"), Supervisor: rapid.Bool().Draw(r, "supervisor"),
		Free: rapid.SampledFrom([]int{-1, 0, 100, 250, 400, routing.Unlimited}).Draw(r, "free"),
	}
}

func (p *pair) ticket(r *rapid.T) routing.Ticket {
	x := ticket(p.team, conversation(r), rapid.IntRange(0, 5).Draw(r, "since"))
	x.HeadStart = time.Duration(rapid.IntRange(0, 3).Draw(r, "head start")) * time.Second
	x.Skills, x.Also = some(r, "skills", "billing", "vip"), some(r, "also", "sales", "Odd|team,")
	x.Language = rapid.SampledFrom([]string{"", "fi", "sv", "de|,"}).Draw(r, "language")
	x.Raised, x.Weight = rapid.Bool().Draw(r, "raised"), rapid.SampledFrom([]int{0, 50, 150}).Draw(r, "weight")
	x.Prefer, x.Except = agent(r), some(r, "except", "aino", "ville")
	return x
}

func well(r *rapid.T, err error) {
	if err != nil {
		r.Fatal(err)
	}
}

func (p *pair) put(r *rapid.T) {
	x := p.ticket(r)
	well(r, p.line.Put(p.t.Context(), x))
	p.plain.put(x)
}

func (p *pair) claim(r *rapid.T) {
	by := p.taker(r)
	got, some, err := p.line.Claim(p.t.Context(), p.team, by)
	well(r, err)
	next, may := p.plain.next(by)
	if may = may && p.plain.claim(next.Conversation, by); may != some {
		r.Fatalf("Claim = %v, want %v", some, may)
	}
	if some && !routing.Equal(got, next) {
		r.Fatalf("Claim = %+v, want %+v", got, next)
	}
}

// reconcile takes some out and puts some in that differ.
func (p *pair) reconcile(r *rapid.T) {
	stored := map[string]routing.Ticket{}
	for _, x := range p.plain.tickets {
		if rapid.IntRange(0, 4).Draw(r, "lost") > 0 {
			stored[x.Conversation] = x
		}
	}
	for range rapid.IntRange(0, 2).Draw(r, "changed") {
		x := p.ticket(r)
		stored[x.Conversation] = x
	}
	tickets := slices.SortedFunc(maps.Values(stored), routing.Compare)
	_, err := p.line.Reconcile(p.t.Context(), p.team, reading(tickets...))
	well(r, err)
	for _, x := range p.plain.tickets {
		if _, ok := stored[x.Conversation]; !ok {
			delete(p.plain.holder, x.Conversation)
		}
	}
	p.plain.tickets = tickets
}

func (p *pair) claimTicket(r *rapid.T) {
	c, by := conversation(r), p.taker(r)
	got, some, err := p.line.ClaimTicket(p.t.Context(), p.team, c, by)
	well(r, err)
	if p.plain.claim(c, by) != some || some && !routing.Equal(got, p.plain.tickets[p.plain.index(c)]) {
		r.Fatalf("ClaimTicket(%s) = %+v, %v", c, got, some)
	}
}

func (p *pair) renew(r *rapid.T) {
	c, a := conversation(r), agent(r)
	some, err := p.line.Renew(p.t.Context(), p.team, c, a, time.Minute)
	well(r, err)
	if some != (p.plain.holder[c] == a) {
		r.Fatalf("Renew(%s, %s) = %v", c, a, some)
	}
}

func (p *pair) release(r *rapid.T) {
	c, a := conversation(r), agent(r)
	well(r, p.line.Release(p.t.Context(), p.team, c, a))
	if p.plain.holder[c] == a {
		delete(p.plain.holder, c)
	}
}

func (p *pair) drop(r *rapid.T) {
	c := conversation(r)
	well(r, p.line.Drop(p.t.Context(), p.team, c))
	delete(p.plain.holder, c)
	p.plain.tickets = slices.DeleteFunc(p.plain.tickets, func(t routing.Ticket) bool { return t.Conversation == c })
}

func (p *pair) place(r *rapid.T) {
	c := conversation(r)
	place, total, err := p.line.Place(p.t.Context(), p.team, c)
	well(r, err)
	if wantPlace, wantTotal := p.plain.place(c); place != wantPlace || total != wantTotal {
		r.Fatalf("Place(%s) = %d of %d, want %d of %d", c, place, total, wantPlace, wantTotal)
	}
}

func (p *pair) list(r *rapid.T) {
	first, total, err := p.line.List(p.t.Context(), p.team, 5)
	well(r, err)
	waiting := p.plain.waiting()
	if total != len(waiting) || !slices.EqualFunc(first, waiting[:min(5, total)], routing.Equal) {
		r.Fatalf("List = %+v of %d, want %+v", first, total, waiting)
	}
	heads, err := p.line.Heads(p.t.Context(), p.team, 2)
	well(r, err)
	if want := headsOf(waiting, 2); !slices.EqualFunc(heads, want, routing.Equal) {
		r.Fatalf("Heads = %+v, want %+v", heads, want)
	}
}

// headsOf are the first n of each class.
func headsOf(waiting []routing.Ticket, n int) (heads []routing.Ticket) {
	of := map[string]int{}
	for _, t := range waiting {
		if of[t.Class()]++; of[t.Class()] <= n {
			heads = append(heads, t)
		}
	}
	return heads
}
