package linetest

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/routing"
)

// attending is an agent in a roster that nobody could get wrong: what was said of them, and when.
type attending struct {
	status                    routing.Status
	reason                    string
	since, idle, heard, rests time.Time // heard: the latest sign of life
	lost                      bool
	strain                    float64 // at strained
	strained                  time.Time
}

// plainRoster are all who were ever seen.
type plainRoster map[string]*attending

// at is an agent as they are by now, nil if they were never seen.
func (p plainRoster) at(agent string, now time.Time) *attending {
	a := p[agent]
	if a != nil && a.status != routing.Offline && now.Sub(a.heard) >= routing.PresenceLease {
		a.status, a.since, a.lost = routing.Offline, a.heard.Add(routing.PresenceLease), true
	}
	return a
}

func (p plainRoster) set(agent string, status routing.Status, reason string, now time.Time) {
	a := p.at(agent, now)
	if a == nil {
		a = &attending{}
		p[agent] = a
	}
	a.turn(status, now)
	if status == routing.Online && reason == routing.Ready {
		a.rests, reason = time.Time{}, ""
	}
	a.reason, a.heard, a.lost = reason, now, false
}

func (a *attending) turn(status routing.Status, now time.Time) {
	if a.status == status {
		return
	}
	a.status, a.since = status, now
	if status == routing.Online {
		a.idle = now
	}
}

func (p plainRoster) finished(agent string, strain int, rest time.Duration, now time.Time) {
	a := p.at(agent, now)
	if a == nil {
		return
	}
	a.strain, a.strained = min(a.left(now)+float64(strain), routing.MaxStrain), now
	if until := now.Add(rest); rest > 0 && until.After(a.rests) {
		a.rests = until
	}
	if a.status != routing.Offline {
		a.idle = now
	}
}

func (a *attending) left(now time.Time) float64 {
	return a.strain * math.Exp2(-now.Sub(a.strained).Hours()/routing.StrainHalves.Hours())
}

// listed are the agents whom List names, by id.
func (p plainRoster) listed(now time.Time) (ids []string) {
	for id := range p {
		if a := p.at(id, now); a.status != routing.Offline || now.Sub(a.since) <= routing.PresenceMemory {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// rosterAlike does at random what nodes do, and holds the roster to what a plain one says. Time goes on by tens of seconds, or
// by an hour and five, so that the moments which a test takes decide nothing.
func rosterAlike(t *testing.T, open func(t *testing.T) RosterFixture) {
	rapid.Check(t, func(r *rapid.T) {
		f, p := open(t), plainRoster{}
		agent := func() string { return rapid.SampledFrom([]string{"aino", "sari", "ville"}).Draw(r, "agent") }
		status := func(of ...routing.Status) routing.Status { return rapid.SampledFrom(of).Draw(r, "status") }
		reason := func() string { return rapid.SampledFrom([]string{"", "lounas", "missed_offer"}).Draw(r, "reason") }
		r.Repeat(map[string]func(*rapid.T){
			"set": func(*rapid.T) {
				a, s, why := agent(), status(routing.Online, routing.Online, routing.Busy, routing.Away, routing.Offline), reason()
				if s == routing.Online && rapid.Bool().Draw(r, "ready") {
					why = routing.Ready
				}
				_, err := f.Roster.Set(t.Context(), a, s, why)
				well(r, err)
				p.set(a, s, why, f.Now())
			},
			"note": func(*rapid.T) {
				a, why := agent(), reason()
				was, s := status(routing.Online, routing.Busy, routing.Away), status(routing.Online, routing.Away)
				_, ok, err := f.Roster.Note(t.Context(), a, was, s, why)
				well(r, err)
				k := p.at(a, f.Now())
				if want := k != nil && k.status == was; ok != want {
					r.Fatalf("Note(%s, %s, %s) = %v, want %v", a, was, s, ok, want)
				}
				if ok {
					k.turn(s, f.Now())
					k.reason = why
				}
			},
			"renew": func(*rapid.T) { p.renew(t, r, f, []string{agent(), agent()}) },
			"lose": func(*rapid.T) {
				a := agent()
				well(r, f.Roster.Lose(t.Context(), a))
				if k := p.at(a, f.Now()); k != nil && k.status != routing.Offline {
					k.status, k.since, k.lost = routing.Offline, f.Now(), true
				}
			},
			"idle": func(*rapid.T) {
				a := agent()
				well(r, f.Roster.Idle(t.Context(), a))
				if k := p.at(a, f.Now()); k != nil && k.status != routing.Offline {
					k.idle = f.Now()
				}
			},
			"finished": func(*rapid.T) {
				a, strain, rest := agent(), 50*rapid.IntRange(0, 8).Draw(r, "strain"), time.Duration(rapid.IntRange(0, 3).Draw(r, "rest"))*time.Minute
				well(r, f.Roster.Finished(t.Context(), a, strain, rest))
				p.finished(a, strain, rest, f.Now())
			},
			"time": func(*rapid.T) { f.Pass(t, 10*time.Second*time.Duration(rapid.IntRange(1, 5).Draw(r, "tens"))) },
			"hour": func(*rapid.T) { f.Pass(t, time.Hour+5*time.Second) },
			"":     func(*rapid.T) { p.same(t, r, f) },
		})
	})
}

func (p plainRoster) renew(t *testing.T, r *rapid.T, f RosterFixture, agents []string) {
	unknown, err := f.Roster.Renew(t.Context(), agents)
	well(r, err)
	var want []string
	for _, a := range agents {
		if k := p.at(a, f.Now()); k == nil || k.lost {
			want = append(want, a)
		} else {
			k.heard = f.Now()
		}
	}
	if !slices.Equal(unknown, want) {
		r.Fatalf("Renew(%v) = %v, want %v", agents, unknown, want)
	}
}

// same compares all that is told.
func (p plainRoster) same(t *testing.T, r *rapid.T, f RosterFixture) {
	all, err := f.Roster.List(t.Context())
	well(r, err)
	var ids []string
	for _, got := range all {
		ids = append(ids, got.Agent)
		k := p.at(got.Agent, f.Now())
		if k == nil {
			r.Fatalf("%s was never seen, and is %+v", got.Agent, got)
		}
		if got.Status != k.status || got.Lost != k.lost || got.Reason != k.reason || !about(got.Since, k.since) || !about(got.IdleSince, k.idle) ||
			!about(got.RestUntil, k.rests) || !near(got.Strain, int(math.Round(k.left(f.Now())))) {
			r.Fatalf("%s is %+v, and should be %+v", got.Agent, got, *k)
		}
	}
	if want := p.listed(f.Now()); !slices.Equal(ids, want) {
		r.Fatalf("List names %v, want %v", ids, want)
	}
	for id := range p { // who is not named any more is forgotten, with what they bore
		if !slices.Contains(ids, id) {
			delete(p, id)
		}
	}
}
