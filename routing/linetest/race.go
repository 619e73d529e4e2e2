package linetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/routing"
)

const (
	workers = 32
	depth   = 10_000
)

// race has every worker put a part and then claim until nothing is left. One claim in seven is given back first. At no
// moment do two hold the same ticket, and in the end each was kept exactly once.
func race(t *testing.T, f Fixture) {
	team := newTeam()
	var tickets [depth]struct{ holders, givenBack, kept atomic.Int32 }
	all := func(work func(worker int) error) {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				if err := work(w); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	all(func(w int) error {
		for i := w; i < depth; i += workers {
			if err := f.Line.Put(t.Context(), ticket(team, fmt.Sprintf("%05d", i), i%97)); err != nil {
				return err
			}
		}
		return nil
	})
	var left atomic.Int32
	left.Store(depth)
	all(func(w int) error {
		agent := fmt.Sprint("agent", w)
		for left.Load() > 0 {
			got, ok, err := f.Line.Claim(t.Context(), team, taker(agent, routing.Unlimited))
			if err != nil {
				return err
			}
			if !ok {
				continue // what is left is being given back by others
			}
			var i int
			if _, err := fmt.Sscanf(got.Conversation, "%d", &i); err != nil {
				return err
			}
			if n := tickets[i].holders.Add(1); n != 1 {
				return fmt.Errorf("%s has %d holders", got.Conversation, n)
			}
			if i%7 == 0 && tickets[i].givenBack.Add(1) == 1 {
				tickets[i].holders.Add(-1)
				if err := f.Line.Release(t.Context(), team, got.Conversation, agent); err != nil {
					return err
				}
				continue
			}
			tickets[i].kept.Add(1)
			left.Add(-1)
		}
		return nil
	})
	for i := range tickets {
		if n := tickets[i].kept.Load(); n != 1 {
			t.Fatalf("ticket %d was kept %d times", i, n)
		}
	}
	want(t, "List", waiting(t, f.Line, team), []string{})
}

// plain is a line that nobody could get wrong, and nobody would want to wait for.
type plain struct {
	tickets []routing.Ticket
	holder  map[string]string
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

func (p *plain) holds(agent string) (n int) {
	for _, a := range p.holder {
		if a == agent {
			n++
		}
	}
	return n
}

func (p *plain) claim(conversation string, by routing.Taker) bool {
	if p.index(conversation) < 0 || cmp.Or(p.holder[conversation], by.Agent) != by.Agent {
		return false
	}
	if p.holder[conversation] == "" && p.holds(by.Agent) >= by.Free {
		return false
	}
	p.holder[conversation] = by.Agent
	return true
}

func (p *plain) place(conversation string) (place, total int) {
	waiting := p.waiting()
	i := p.index(conversation)
	if i < 0 {
		return 0, len(waiting)
	}
	before := 0
	for _, t := range waiting {
		if routing.Compare(t, p.tickets[i]) < 0 {
			before++
		}
	}
	if p.holder[conversation] != "" {
		return before + 1, len(waiting) + 1
	}
	return before + 1, len(waiting)
}

// model does the same at random to the line and to plain, and looks for a difference after each step.
func model(t *testing.T, f Fixture) {
	rapid.Check(t, func(r *rapid.T) {
		team, p := newTeam(), &plain{holder: map[string]string{}}
		conversation := rapid.SampledFrom(strings.Split("abcdefgh", ""))
		agent := rapid.SampledFrom([]string{"aino", "ville", "sari"})
		by := func(r *rapid.T) routing.Taker {
			return taker(agent.Draw(r, "agent"), rapid.IntRange(0, 4).Draw(r, "free"))
		}
		ok := func(r *rapid.T, err error) {
			if err != nil {
				r.Fatal(err)
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"put": func(r *rapid.T) {
				x := ticket(team, conversation.Draw(r, "conversation"), rapid.IntRange(0, 5).Draw(r, "since"))
				x.HeadStart = time.Duration(rapid.IntRange(0, 3).Draw(r, "head start")) * time.Second
				x.Skills = rapid.SliceOfN(rapid.SampledFrom([]string{"fi", "billing"}), 0, 2).Draw(r, "skills")
				x.Prefer = agent.Draw(r, "prefer")
				ok(r, f.Line.Put(t.Context(), x))
				p.put(x)
			},
			"claim": func(r *rapid.T) {
				by := by(r)
				got, some, err := f.Line.Claim(t.Context(), team, by)
				ok(r, err)
				waiting := p.waiting()
				if may := len(waiting) > 0 && p.holds(by.Agent) < by.Free; may != some {
					r.Fatalf("Claim = %v, want %v", some, may)
				}
				if some && !routing.Equal(got, waiting[0]) {
					r.Fatalf("Claim = %+v, want %+v", got, waiting[0])
				}
				if some {
					p.holder[got.Conversation] = by.Agent
				}
			},
			"claim one": func(r *rapid.T) {
				c, by := conversation.Draw(r, "conversation"), by(r)
				got, some, err := f.Line.ClaimTicket(t.Context(), team, c, by)
				ok(r, err)
				if p.claim(c, by) != some || some && !routing.Equal(got, p.tickets[p.index(c)]) {
					r.Fatalf("ClaimTicket(%s) = %+v, %v", c, got, some)
				}
			},
			"renew": func(r *rapid.T) {
				c, a := conversation.Draw(r, "conversation"), agent.Draw(r, "agent")
				some, err := f.Line.Renew(t.Context(), team, c, a, time.Minute)
				ok(r, err)
				if some != (p.holder[c] == a) {
					r.Fatalf("Renew(%s, %s) = %v", c, a, some)
				}
			},
			"release": func(r *rapid.T) {
				c, a := conversation.Draw(r, "conversation"), agent.Draw(r, "agent")
				ok(r, f.Line.Release(t.Context(), team, c, a))
				if p.holder[c] == a {
					delete(p.holder, c)
				}
			},
			"drop": func(r *rapid.T) {
				c := conversation.Draw(r, "conversation")
				ok(r, f.Line.Drop(t.Context(), team, c))
				delete(p.holder, c)
				p.tickets = slices.DeleteFunc(p.tickets, func(t routing.Ticket) bool { return t.Conversation == c })
			},
			"place": func(r *rapid.T) {
				c := conversation.Draw(r, "conversation")
				place, total, err := f.Line.Place(t.Context(), team, c)
				ok(r, err)
				if wantPlace, wantTotal := p.place(c); place != wantPlace || total != wantTotal {
					r.Fatalf("Place(%s) = %d of %d, want %d of %d", c, place, total, wantPlace, wantTotal)
				}
			},
			"": func(r *rapid.T) {
				first, total, err := f.Line.List(t.Context(), team, 5)
				ok(r, err)
				waiting := p.waiting()
				if total != len(waiting) || !slices.EqualFunc(first, waiting[:min(5, total)], routing.Equal) {
					r.Fatalf("List = %+v of %d, want %+v", first, total, waiting)
				}
			},
		})
	})
}
