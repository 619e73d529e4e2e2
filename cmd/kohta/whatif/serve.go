package whatif

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kohta/kohta/routing"
)

// begin: an agent has the conversation.
func (w *world) begin(who, with int32) {
	c, a := &w.customers[who], &w.agents[with]
	w.record(c, answered)
	w.leaveLine(who)
	a.touch(w.now)
	a.load += w.kinds[c.kind].weight
	a.base.IdleSince = w.time()
	a.count(&a.taken)
	c.state, c.agent, c.avoid = served, with, nil
	w.work(who, with)
}

// end: the conversation is over, and a hard one leaves its strain and a breather behind.
func (w *world) end(who int32) {
	c := &w.customers[who]
	k, a := &w.kinds[c.kind], &w.agents[c.agent]
	w.stopWork(who, c.agent)
	a.touch(w.now)
	a.load -= k.weight
	a.base.IdleSince = w.time()
	if k.strain > 0 {
		a.strain, a.strainAt = min(a.tired(w.now)+float64(k.strain), routing.MaxStrain), w.now
		w.breathe(a, w.s.Teams[k.team].Rest.After)
	}
	c.state = gone
	w.free = append(w.free, who)
	w.dispatch()
}

func (w *world) breathe(a *agent, rest time.Duration) {
	if rest <= 0 {
		return
	}
	a.count(&a.rests)
	if until := w.time().Add(rest); until.After(a.base.RestUntil) {
		a.base.RestUntil = until
		w.plan(w.now+int64(rest), looks, 0, 0)
	}
}

// reply is what an agent does with an offer.
type reply uint8

const (
	accepts reply = iota
	declines
	misses // nobody looks at it until it ends
)

func (t *Team) reply(r *rand.Rand) (reply, time.Duration) {
	x, after := r.Float64(), time.Duration(min(r.ExpFloat64()*float64(t.Accept), float64(24*time.Hour)))
	switch {
	case x < t.Misses || after >= t.Patience.Offer:
		return misses, t.Patience.Offer
	case x < t.Misses+t.Declines:
		return declines, after
	}
	return accepts, after
}

// answer ends an offer.
func (w *world) answer(who int32) {
	c := &w.customers[who]
	to := c.offered
	a := &w.agents[to]
	w.takeBack(c)
	switch c.reply {
	case accepts:
		a.missed = false
		w.begin(who, to)
	case declines:
		a.count(&a.declined)
		w.avoid(who, to)
	case misses:
		a.count(&a.let)
		w.avoid(who, to)
		w.overlook(to)
	}
	w.dispatch()
}

func (a *agent) count(n *int) {
	if a.counting {
		*n++
	}
}

// avoid keeps a conversation from an agent for a while. After some such it is the supervisors' to see to.
func (w *world) avoid(who, agent int32) {
	c := &w.customers[who]
	t := &w.s.Teams[w.kinds[c.kind].team]
	c.avoid = append(c.avoid, w.agents[agent].id)
	c.until = w.now + int64(t.Patience.Cooldown)
	w.plan(c.until, looks, 0, 0)
	c.missed++
	w.settleLane(who)
}

// settleLane puts somebody of whom so many offers came to nothing into the supervisors' lane while one is on duty who may be
// given them, and else among the others, as the desk does at each sweep.
func (w *world) settleLane(who int32) {
	c := &w.customers[who]
	if c.missed < maxMissed {
		return
	}
	k := &w.kinds[c.kind]
	stage := int16(raised)
	if !slices.ContainsFunc(w.agents, func(a agent) bool { return a.onDuty() && k.raised.ticket.Serves(&a.base) }) {
		stage = w.ringsOpen(c)
	}
	if stage != c.stage {
		w.leaveLine(who)
		c.stage = stage
		w.stand(who)
	}
}

// ringsOpen is how many rings have opened for a customer by now.
func (w *world) ringsOpen(c *customer) (n int16) {
	for _, after := range w.openings[w.kinds[c.kind].team] {
		if c.came+int64(after) <= w.now {
			n++
		}
	}
	return n
}

// settleLanes follows a change of who is on duty.
func (w *world) settleLanes() {
	for i := range w.customers {
		if c := &w.customers[i]; c.state == waiting && c.offered < 0 {
			w.settleLane(int32(i))
		}
	}
}

// overlook sets an agent away who missed two offers in a row, as the desk does.
func (w *world) overlook(i int32) {
	a := &w.agents[i]
	if a.base.Status != routing.Online {
		return
	}
	if !a.missed {
		a.missed = true
		return
	}
	a.touch(w.now)
	a.awayTill = w.now + int64(max(w.backAfter(a), time.Second))
	a.base.Status = a.status()
	w.plan(a.awayTill, returns, i, 0)
}

// backAfter is the time after which one who was set away is back: that of their first team.
func (w *world) backAfter(a *agent) time.Duration {
	for _, t := range w.s.Teams {
		if slices.Contains(w.s.Agents[a.group].Teams, t.Slug) {
			return t.Back
		}
	}
	return DefaultBack
}
