package whatif

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/kohta/kohta/chat"
)

// run is what one run came to.
type run struct {
	records []record
	agents  []agent
}

// Result is what a scenario came to.
type Result struct {
	Scenario Scenario
	All      Figures
	Teams    []Part // in the scenario's order
	Langs    []Part // by name; none if no customer asks for one
	Feelings []Part // by name, the rest as calm; none if no customer has one
	Hours    []Part // of the day, in the order in which they come
	Staff    []Crew // in the scenario's order
	Unserved []Unserved
	Erlang   Formula
	Played   int // customers, in all runs
	runs     []run
}

// Part are the figures of some of the customers.
type Part struct {
	Name string
	Figures
}

// Crew are the figures of a group of agents.
type Crew struct {
	Name      string
	Count     int
	Load      Range // share of the capacity in use while on duty
	Hourly    Range // conversations that each begins in an hour on duty
	Rests     Range // breathers, each
	Over      Range // minutes with conversations after the shift and in breaks, each
	Declined  Range // offers, each
	Missed    Range // offers, each
	Duty      Range // hours on duty, each
	neverHere bool
}

// Unserved are customers whom nobody could ever have been given to, or to whom it came not once.
type Unserved struct {
	Team, Language, Skills string
	Customers              int  // in all runs
	Never                  bool // nobody in the scenario could serve them, however long they wait
}

// Run plays a scenario that Check accepts. It is the same each time for the same scenario, whatever the machine. progress is
// called now and then with the share that is done, never by two at once; nil is no progress. It ends early with the
// context's error.
func Run(ctx context.Context, s Scenario, progress func(done float64)) (*Result, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	st := newStage(&s)
	runs := make([]run, s.Runs)
	next, done := make(chan int), 0
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), s.Runs) {
		workers.Go(func() {
			for i := range next {
				w := newWorld(st, i)
				if !w.play(func() bool { return ctx.Err() != nil }) {
					continue
				}
				runs[i] = run{w.records, w.agents}
				mu.Lock()
				if done++; progress != nil {
					progress(float64(done) / float64(s.Runs))
				}
				mu.Unlock()
			}
		})
	}
	for i := range s.Runs {
		next <- i
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("the simulation was stopped: %w", err)
	}
	return st.sum(runs), nil
}

// sum makes the figures.
func (st *stage0) sum(runs []run) *Result {
	s := st.s
	r := &Result{Scenario: *s, runs: runs, All: figuresOf(runs, nil, s.Target)}
	for _, one := range runs {
		r.Played += len(one.records)
	}
	for i, t := range s.Teams {
		if f := figuresOf(runs, func(x record) bool { return st.kinds[x.kind].team == i }, s.Target); f.Customers.Value > 0 {
			r.Teams = append(r.Teams, Part{t.Slug, f})
		}
	}
	r.Langs = st.partsBy(runs, func(k *kind) string { return k.language })
	if r.Feelings = st.partsBy(runs, func(k *kind) string { return cmp.Or(k.feeling, chat.Calm) }); len(r.Feelings) == 1 {
		r.Feelings = nil
	}
	for h := range 24 {
		hour := (int(s.Start)/60 + h) % 24
		if f := figuresOf(runs, func(x record) bool { return int(x.hour) == hour }, s.Target); f.Customers.Value > 0 {
			r.Hours = append(r.Hours, Part{fmt.Sprintf("%02d–%02d", hour, hour+1), f})
		}
	}
	for g := range s.Agents {
		r.Staff = append(r.Staff, crewOf(s.Agents[g], g, runs))
	}
	r.Unserved = st.unserved(runs)
	r.Erlang = FormulaOf(s)
	return r
}

// partsBy are the figures by what customers have, in the order of names; who has nothing of it is in none.
func (st *stage0) partsBy(runs []run, of func(k *kind) string) (parts []Part) {
	var names []string
	for i := range st.kinds {
		if n := of(&st.kinds[i]); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		f := figuresOf(runs, func(x record) bool { return of(&st.kinds[x.kind]) == n }, st.s.Target)
		parts = append(parts, Part{n, f})
	}
	return parts
}

func crewOf(a Agents, group int, runs []run) Crew {
	c := Crew{Name: a.Name, Count: a.Count}
	each := func(of func(a *agent) float64) Range {
		return rangeOf(runs, func(r run) float64 {
			sum := 0.0
			for i := range r.agents {
				if r.agents[i].group == group {
					sum += of(&r.agents[i])
				}
			}
			return sum / float64(a.Count)
		})
	}
	share := func(of, by func(a *agent) float64) Range {
		return rangeOf(runs, func(r run) float64 {
			x, y := 0.0, 0.0
			for i := range r.agents {
				if r.agents[i].group == group {
					x, y = x+of(&r.agents[i]), y+by(&r.agents[i])
				}
			}
			return x / y
		})
	}
	if a.Count == 0 {
		return c
	}
	c.Load = share(func(a *agent) float64 { return a.busy }, func(a *agent) float64 { return a.room })
	c.Hourly = share(func(a *agent) float64 { return float64(a.taken) }, func(a *agent) float64 { return a.duty })
	c.Rests = each(func(a *agent) float64 { return float64(a.rests) })
	c.Over = each(func(a *agent) float64 { return 60 * a.over })
	c.Declined = each(func(a *agent) float64 { return float64(a.declined) })
	c.Missed = each(func(a *agent) float64 { return float64(a.let) })
	c.Duty = each(func(a *agent) float64 { return a.duty })
	return c
}

// unserved lists kinds of customers whom nobody can serve, and those of whom not one was answered in any run.
func (st *stage0) unserved(runs []run) (list []Unserved) {
	came, helped := make([]int, len(st.kinds)), make([]int, len(st.kinds))
	for _, r := range runs {
		for _, x := range r.records {
			came[x.kind]++
			if x.outcome == answered {
				helped[x.kind]++
			}
		}
	}
	type name struct{ team, language, skills string }
	of := map[name]*Unserved{}
	answers := map[name]int{}
	var names []name
	for i := range st.kinds {
		k := &st.kinds[i]
		if k.part == 0 || came[i] == 0 {
			continue
		}
		n := name{st.s.Teams[k.team].Slug, k.language, k.skills}
		if of[n] == nil {
			of[n] = &Unserved{Team: n.team, Language: n.language, Skills: n.skills, Never: true}
			names = append(names, n)
		}
		of[n].Customers += came[i]
		answers[n] += helped[i]
		of[n].Never = of[n].Never && !st.servable(k)
	}
	for _, n := range names {
		if u := of[n]; u.Never || answers[n] == 0 {
			list = append(list, *u)
		}
	}
	return list
}
