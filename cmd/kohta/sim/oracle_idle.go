package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// idleFor is for how long nobody waits whom somebody idle could serve: a claim of a node that has ended stands for ten
// seconds, the line is told within fifteen what it missed, and in this world a node gives it out each eight.
const idleFor = 45 * time.Second

// ignored looks for who waits while somebody who could be given them has been there for a while, and has nothing to do.
func (o *oracle) ignored() {
	if len(o.waits) == 0 || o.recent(o.w.flushed) {
		return
	}
	there, err := o.w.roster.List(o.w.ctx)
	o.w.must(err)
	for _, p := range there {
		a := o.agentOf(p.Agent)
		if p.Status != routing.Online || o.recent(p.Since) || o.recent(p.RestUntil) || a.held > 0 || o.recent(a.had) {
			continue
		}
		for _, r := range o.waits {
			if o.isFor(r, a) {
				o.breach("L1", r.id, "waits since %v, raised: %v, and %s, who could be given it, has nothing to do", r.waitsFrom.Sub(begin), r.raised, short(a.ID))
			}
		}
	}
}

// isFor tells whether the house has had for a while to give a conversation to an agent, before any ring opens.
func (o *oracle) isFor(r *record, a *agent) bool {
	_, avoided := r.avoid[a.ID]
	switch {
	case r.state != chat.Waiting || r.offer != "" || avoided && o.recent(r.avoidUntil()) || o.recent(r.waitsFrom) || o.recent(r.tried):
		return false
	case !slices.Contains(a.Teams, r.team) || o.w.teams[r.team].Assignment == staff.ByHand:
		return false
	case len(a.Languages) > 0 && !slices.Contains(a.Languages, r.language):
		return false
	}
	return !r.raised || a.Role != staff.RoleAgent || o.leftAlone(idleFor)
}

func (o *oracle) recent(at time.Time) bool { return o.w.clock.Sub(at) < idleFor }

// found takes in what a node has found the roster to be. As long as nothing changes it is the same list.
func (o *oracle) found(list []routing.Presence) {
	if len(list) == 0 || len(o.there) == 0 || &list[0] != &o.there[0] {
		o.settle()
		o.there = list
	}
	o.foundAt = o.w.clock
}

// settle notes who was at work when it was found out last.
func (o *oracle) settle() {
	for i := range o.there {
		if s := stands(&o.there[i]); s.atWork {
			o.agentOf(s.agent).atWork = o.foundAt
		}
	}
}

// leftAlone tells whether no supervisor has been found at work for a while.
func (o *oracle) leftAlone(while time.Duration) bool {
	o.settle()
	for _, s := range o.w.agents {
		if s.Role != staff.RoleAgent && o.w.clock.Sub(s.atWork) < while {
			return false
		}
	}
	return true
}
