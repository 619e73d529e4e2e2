package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

func (o *oracle) offered(n *node, r *record, e *chat.Event) {
	if r.state != chat.Waiting || r.offer != "" {
		o.breach("S9", r.id, "offered in state %s, while it is offered to %q", r.state, r.offer)
	}
	if e.Detail.Sender == "" {
		o.mayBeGiven(n, r, e)
		o.overtakes(r, e)
	}
	r.offer, r.offerUntil, r.tried = e.Detail.Agent, *e.Detail.Until, e.At
}

// declined: an offer ends by its agent's word, when its time is over, or because its agent is gone, which is none that they let
// pass.
func (o *oracle) declined(r *record, e *chat.Event) {
	switch {
	case r.offer == "" || r.offer != e.Detail.Agent:
		o.breach("S9", r.id, "an offer to %q ends for %q", r.offer, e.Detail.Agent)
	case e.From.Role != chat.RoleAgent && e.Detail.Reason != "agent_lost" && e.At.Before(r.offerUntil):
		o.breach("S9", r.id, "an offer until %v ends at %v", r.offerUntil, e.At)
	}
	r.offer, r.tried = "", e.At
	if e.Detail.Until != nil {
		r.missed++
	}
	o.avoids(r, e)
}

func (o *oracle) assign(n *node, r *record, e *chat.Event) {
	automatic := e.From.Role == chat.RoleSystem && !e.Detail.ByHand
	switch {
	case r.state == chat.WithAgent:
		o.breach("S2", r.id, "assigned to %s while it is %s's", e.Detail.Agent, r.agent)
	case r.state == chat.Closed:
		o.breach("S1", r.id, "assigned while it is closed")
	case e.From.Role == chat.RoleAgent && e.From.ID != e.Detail.Agent:
		o.breach("S2", r.id, "%s assigned it to %s", e.From.ID, e.Detail.Agent)
	case e.From.Role == chat.RoleAgent && !e.Detail.ByHand && r.offer != e.Detail.Agent:
		o.breach("S9", r.id, "%s accepted what is offered to %q", e.Detail.Agent, r.offer)
	case automatic && r.offer != "":
		o.breach("S9", r.id, "assigned to %s while it is offered to %s", e.Detail.Agent, r.offer)
	}
	if automatic {
		o.mayBeGiven(n, r, e)
		o.overtakes(r, e)
	}
	r.kept = r.kept || r.promise != nil && !e.At.After(r.promise.Until)
	r.state, r.agent, r.offer, r.raised, r.missed = chat.WithAgent, e.Detail.Agent, "", false, 0
	r.avoid = map[string]time.Time{}
	r.assigned = append(r.assigned, e.AgentSeq)
	r.invited = without(r.invited, e.Detail.Agent)
}

// mayBeGiven checks what the house gives by itself: to who is there, may have it, has room, and has not just refused.
func (o *oracle) mayBeGiven(n *node, r *record, e *chat.Event) {
	agent, d := e.Detail.Agent, e.Detail
	if !n.saw(agent).online {
		o.breach("S8", r.id, "given to %s, who was not online when it was decided", agent)
	}
	if until, avoid := r.avoid[agent]; avoid && e.At.Before(until) {
		o.breach("S8", r.id, "given to %s, who is not to be asked before %v", agent, until)
	}
	a := o.agentOf(agent)
	waited := e.At.Sub(r.since)
	ofTeam := slices.Contains(a.Teams, r.team) || r.team == "support" && waited >= 90*time.Second && slices.Contains(a.Teams, "sales")
	speaks := len(a.Languages) == 0 || slices.Contains(a.Languages, r.language) || waited >= 40*time.Second
	if !ofTeam || !speaks {
		o.breach("S8", r.id, "given to %s of %v who speaks %v; it is %s's in %s after %v", agent, a.Teams, a.Languages, r.team, r.language, waited)
	}
	if r.raised && a.Role == staff.RoleAgent {
		o.pastSupervisors(n, r, agent)
	}
	held := a.held
	if o.holder == agent {
		held-- // this one itself
	}
	switch {
	case d.Weight <= 0 || d.Capacity <= 0:
		o.breach("S3", r.id, "given without a count: %d + %d of %d", d.Load, d.Weight, d.Capacity)
	case held > 0 && d.Load+d.Weight > d.Capacity:
		o.breach("S3", r.id, "%s has %d, gets %d and may have %d", agent, d.Load, d.Weight, d.Capacity)
	case d.Load < 50*held || d.Load > 200*held:
		o.breach("S3", r.id, "%s holds %d conversations, counted as %d", agent, held, d.Load)
	}
}

// pastSupervisors checks that what was raised is given to who is no supervisor only when none was at work, when that was
// decided, who could have been given it.
func (o *oracle) pastSupervisors(n *node, r *record, agent string) {
	if n.listed.IsZero() {
		o.breach("S8", r.id, "raised, and given to %s without a look at who is there", agent)
		return
	}
	waited := n.listed.Truncate(time.Millisecond).Sub(r.since)
	for _, s := range o.w.agents {
		if s.Role == staff.RoleAgent || len(s.Languages) > 0 && !slices.Contains(s.Languages, r.language) && waited < 40*time.Second {
			continue
		}
		if n.saw(s.ID).atWork {
			o.breach("S8", r.id, "raised, and given to %s when %s was at work", agent, short(s.ID))
		}
	}
}

// overtakes: of those whom the same agent could serve, nobody is passed over by who came later by more than a head start
// explains (L1), and nobody in danger by who is not (L2). Once may be because another node was about to give it to somebody,
// and while its claim stands, or until the line has been told what it missed, which is promised within 15 s; it is not so
// later.
func (o *oracle) overtakes(r *record, e *chat.Event) {
	now := o.w.clock
	if now.Sub(o.w.flushed) < 30*time.Second {
		return // the line may not know of everybody yet
	}
	a := o.agentOf(e.Detail.Agent)
	for _, other := range o.waits {
		switch {
		case other == r || r.crisis && !other.crisis:
		case other.crisis && !r.crisis:
			if o.couldHave(a, other, &e.Detail) {
				o.passes("L2", &other.outranked, 20*time.Second, r, other, a)
			}
		case r.since.Sub(other.since) > headStart+20*time.Second: // an angry customer's, and what a node may take to decide
			if o.couldHave(a, other, &e.Detail) {
				o.passes("L1", &other.passed, 20*time.Second, r, other, a)
			}
		}
	}
}

// couldHave tells whether the line could have given other to an agent in place of what was given with d.
func (o *oracle) couldHave(a *agent, other *record, d *chat.Detail) bool {
	now := o.w.clock
	switch {
	case other.raised && a.Role == staff.RoleAgent && !o.leftAlone(30*time.Second):
	case other.offer != "" || now.Sub(other.waitsFrom) < 20*time.Second:
	case !slices.Contains(a.Teams, other.team) || o.w.teams[other.team].Assignment == staff.ByHand:
	case len(a.Languages) > 0 && !slices.Contains(a.Languages, other.language): // a ring may have let them in, but not every node may have seen to it
	case len(other.avoid) > 0 && now.Sub(other.avoidUntil()) < 20*time.Second:
	case d.Load > 0 && d.Load+other.weight() > 100*o.w.teams[other.team].Capacity: // who is given this one has no room for that one
	default:
		return true
	}
	return false
}

// avoidUntil is when the last of those who are not to be asked may be asked again: they are kept away together until then.
func (r *record) avoidUntil() (last time.Time) {
	for _, until := range r.avoid {
		if until.After(last) {
			last = until
		}
	}
	return last
}

func (o *oracle) passes(check string, first *time.Time, again time.Duration, r, other *record, a *agent) {
	now := o.w.clock
	if first.Before(other.waitsFrom) || now.Sub(*first) > time.Minute {
		*first = now
	}
	if now.Sub(*first) > again {
		o.breach(check, r.id, "given to %s while %s waits since %v in %s, and this one since %v", short(a.ID), short(other.id), other.since.Sub(begin), other.team, r.since.Sub(begin))
	}
}

func (o *oracle) agentOf(id string) *agent {
	if id == "" {
		return nil
	}
	if o.agents == nil {
		o.agents = map[string]*agent{}
		for _, a := range o.w.agents {
			o.agents[a.ID] = a
		}
	}
	return o.agents[id]
}
