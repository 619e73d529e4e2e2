package memline

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kohta/kohta/routing"
)

var _ routing.Roster = (*Roster)(nil)

// Roster implements routing.Roster.
type Roster struct {
	now func() time.Time

	mu   sync.Mutex
	seen map[string]*present
	all  []*present // the same, in the order of their ids

	given []routing.Presence // what List gave away last; nil when something has changed since
}

// present is an agent as they were last seen.
type present struct {
	routing.Presence
	until    time.Time // end of the lease, unless Offline
	strain   float64   // at strainAt
	strainAt time.Time
	steady   time.Time // until then Strain stays what it is
}

// NewRoster returns a roster in which nobody is present. Its leases go by now.
func NewRoster(now func() time.Time) *Roster {
	return &Roster{now: now, seen: map[string]*present{}}
}

// with runs do, which may change somebody, while nobody else looks.
func (r *Roster) with(do func(now time.Time)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.given = nil
	do(r.now())
}

// get returns an agent whose lease, if it has ended, counts as ended at that time.
func (r *Roster) get(agent string, now time.Time) *present {
	p := r.seen[agent]
	if p != nil {
		p.settle(now)
	}
	return p
}

// settle brings an agent to how they are by now, and tells whether that is otherwise than it was.
func (p *present) settle(now time.Time) (changed bool) {
	if p.Status != routing.Offline && !now.Before(p.until) {
		p.Status, p.Since, p.Lost, changed = routing.Offline, p.until, true, true
	}
	if p.strain > 0 && !now.Before(p.steady) {
		was := p.Strain
		p.Strain = int(math.Round(p.left(now)))
		p.steady = p.nextStep()
		changed = changed || p.Strain != was
	}
	return changed
}

// nextStep is shortly before what is left of the strain, in whole hundredths, is one less.
func (p *present) nextStep() time.Time {
	if p.Strain == 0 {
		return p.strainAt.Add(math.MaxInt64)
	}
	halves := math.Log2(p.strain / (float64(p.Strain) - .5))
	return p.strainAt.Add(time.Duration(halves*float64(routing.StrainHalves)) - time.Second)
}

// forgotten tells whether an agent has been gone for so long that nobody asks for them any more.
func (p *present) forgotten(now time.Time) bool {
	return p.Status == routing.Offline && now.Sub(p.Since) > routing.PresenceMemory
}

// left is what is left of the strain.
func (p *present) left(now time.Time) float64 {
	return p.strain * math.Exp2(-max(0, now.Sub(p.strainAt).Hours()/routing.StrainHalves.Hours()))
}

// Set implements routing.Roster.
func (r *Roster) Set(ctx context.Context, agent string, status routing.Status, reason string) (was routing.Presence, err error) {
	if err := checked(ctx, routing.CheckPresence(agent, status, reason)); err != nil {
		return was, err
	}
	r.with(func(now time.Time) {
		p := r.get(agent, now)
		if p == nil {
			p = &present{Presence: routing.Presence{Agent: agent}}
			r.seen[agent] = p
			i, _ := slices.BinarySearchFunc(r.all, agent, func(p *present, id string) int { return strings.Compare(p.Agent, id) })
			r.all = slices.Insert(r.all, i, p)
		}
		if p.Status != status {
			p.Status, p.Since = status, now
			if status == routing.Online {
				p.IdleSince = now
			}
		}
		if status == routing.Online && reason == routing.Ready {
			p.RestUntil, reason = time.Time{}, ""
		}
		p.Reason, p.Lost, p.until = reason, false, now.Add(routing.PresenceLease)
		was = p.Presence
	})
	return was, nil
}

// Note implements routing.Roster.
func (r *Roster) Note(ctx context.Context, agent string, was, status routing.Status, reason string) (noted routing.Presence, ok bool, err error) {
	if err := checked(ctx, routing.CheckNote(agent, was, status, reason)); err != nil {
		return noted, false, err
	}
	r.with(func(now time.Time) {
		p := r.get(agent, now)
		if p == nil || p.Status != was {
			return
		}
		if status != was {
			p.Status, p.Since = status, now
			if status == routing.Online {
				p.IdleSince = now
			}
		}
		p.Reason = reason
		noted, ok = p.Presence, true
	})
	return noted, ok, nil
}

// Lose implements routing.Roster.
func (r *Roster) Lose(ctx context.Context, agent string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.with(func(now time.Time) {
		if p := r.get(agent, now); p != nil && p.Status != routing.Offline {
			p.Status, p.Since, p.until, p.Lost = routing.Offline, now, now, true
		}
	})
	return nil
}

// Renew implements routing.Roster.
func (r *Roster) Renew(ctx context.Context, agents []string) (unknown []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for _, agent := range agents {
		p := r.seen[agent]
		if p != nil && p.settle(now) {
			r.given = nil
		}
		if p == nil || p.Lost {
			unknown = append(unknown, agent)
			continue
		}
		p.until = now.Add(routing.PresenceLease) // which nobody is told of
	}
	return unknown, nil
}

// Idle implements routing.Roster.
func (r *Roster) Idle(ctx context.Context, agent string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.with(func(now time.Time) {
		if p := r.get(agent, now); p != nil && p.Status != routing.Offline {
			p.IdleSince = now
		}
	})
	return nil
}

// Finished implements routing.Roster.
func (r *Roster) Finished(ctx context.Context, agent string, strain int, rest time.Duration) error {
	if err := checked(ctx, routing.CheckFinished(strain, rest)); err != nil {
		return err
	}
	r.with(func(now time.Time) {
		p := r.get(agent, now)
		if p == nil {
			return
		}
		p.strain, p.strainAt, p.steady = min(p.left(now)+float64(strain), routing.MaxStrain), now, now
		if until := now.Add(rest); rest > 0 && until.After(p.RestUntil) {
			p.RestUntil = until
		}
		if p.Status != routing.Offline {
			p.IdleSince = now
		}
	})
	return nil
}

// Get implements routing.Roster.
func (r *Roster) Get(ctx context.Context, agent string) (p routing.Presence, err error) {
	if err := ctx.Err(); err != nil {
		return p, err
	}
	p = routing.Presence{Agent: agent, Status: routing.Offline}
	r.mu.Lock()
	defer r.mu.Unlock()
	if seen := r.seen[agent]; seen != nil {
		if seen.settle(r.now()) {
			r.given = nil
		}
		p = seen.Presence
	}
	return p, nil
}

// List implements routing.Roster. Who asks twice while nothing changes shares what is returned, and changes nothing in it.
func (r *Roster) List(ctx context.Context) (all []routing.Presence, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for _, p := range r.all {
		if p.settle(now) || p.forgotten(now) {
			r.given = nil
		}
	}
	if r.given != nil {
		return r.given, nil
	}
	r.given = make([]routing.Presence, 0, len(r.all))
	r.all = slices.DeleteFunc(r.all, func(p *present) bool {
		if p.forgotten(now) {
			delete(r.seen, p.Agent)
			return true
		}
		r.given = append(r.given, p.Presence)
		return false
	})
	return r.given, nil
}

// Ping implements routing.Roster.
func (r *Roster) Ping(ctx context.Context) error { return ctx.Err() }
