package whatif

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// agent is one person who answers, in a run.
type agent struct {
	id       string
	group    int
	here     bool // came to work today
	onShift  bool
	awayTill int64 // set away after missed offers; 0: not
	missed   bool  // the last offer
	capacity []int // by team, hundredths
	load     int
	held     int // conversations
	strain   float64
	strainAt int64
	days     *rand.Rand
	pace     pace
	base     routing.Candidate

	counting bool
	since    int64
	busy     float64 // hundredths × hours on duty, counted
	room     float64 // the same of the capacity
	duty     float64 // hours on duty
	over     float64 // hours with conversations after the shift
	taken    int
	rests    int
	declined int
	let      int // offers that were missed
}

// hire makes the agents of a run as they are when it begins.
func (w *world) hire(run int) {
	for g, group := range w.s.Agents {
		for i := range group.Count {
			a := agent{id: fmt.Sprintf("%03d.%04d", g, i), group: g, since: w.now, days: w.rand(run, ofPresence+uint64(g)<<12+uint64(i))}
			for _, t := range w.s.Teams {
				n := group.Capacity
				if n == 0 {
					n = t.Capacity
				}
				a.capacity = append(a.capacity, n*routing.Usual)
			}
			a.base = routing.Candidate{
				Agent: a.id, Teams: group.Teams, Skills: group.Skills, Languages: group.Languages, Supervisor: group.Supervisor,
				IdleSince: epoch.Add(time.Duration(w.now)),
			}
			a.here = a.days.Float64() < group.There
			a.onShift = group.works(clockOf(w.now))
			a.base.Status = a.status()
			w.agents = append(w.agents, a)
			if at, ok := group.changes(w.now); ok {
				w.plan(at, turns, int32(len(w.agents)-1), 0)
			}
		}
	}
}

// works tells whether the group takes conversations at a time of day.
func (a *Agents) works(at staff.Clock) bool {
	within := func(i staff.Interval) bool { return i.From <= at && at < i.To }
	return (len(a.Shift) == 0 || slices.ContainsFunc(a.Shift, within)) && !slices.ContainsFunc(a.Breaks, within)
}

// changes is when a shift or a break next begins or ends.
func (a *Agents) changes(now int64) (at int64, ok bool) {
	for _, i := range slices.Concat(a.Shift, a.Breaks) {
		for _, c := range [2]staff.Clock{i.From, i.To} {
			t := midnight(now) + int64(c)*int64(time.Minute)
			if t <= now {
				t += int64(24 * time.Hour)
			}
			if !ok || t < at {
				at, ok = t, true
			}
		}
	}
	return at, ok
}

func (a *agent) status() routing.Status {
	if a.here && a.onShift && a.awayTill == 0 {
		return routing.Online
	}
	return routing.Away
}

func (a *agent) onDuty() bool { return a.here && a.onShift }

// touch counts the time since the last change. It goes before each change.
func (a *agent) touch(now int64) {
	hours := float64(now-a.since) / float64(time.Hour)
	a.since = now
	if !a.counting {
		return
	}
	switch {
	case a.onDuty():
		a.duty += hours
		a.busy += hours * float64(a.load)
		a.room += hours * float64(slices.Max(a.capacity))
	case a.load > 0:
		a.over += hours
	}
}

// turn: a shift or a break begins or ends.
func (w *world) turn(i int) {
	a := &w.agents[i]
	group := &w.s.Agents[a.group]
	a.touch(w.now)
	a.onShift = group.works(clockOf(w.now))
	if group.Supervisor {
		w.settleLanes()
	}
	w.mayTake(a)
	if at, ok := group.changes(w.now); ok {
		w.plan(at, turns, int32(i), 0)
	}
}

// dawn says who comes to work on the new day.
func (w *world) dawn() {
	for i := range w.agents {
		a := &w.agents[i]
		a.touch(w.now)
		a.here = a.days.Float64() < w.s.Agents[a.group].There
	}
	w.settleLanes()
	for i := range w.agents {
		w.mayTake(&w.agents[i])
	}
	w.plan(w.now+int64(24*time.Hour), dawns, 0, 0)
}

func (w *world) comeBack(i int) {
	a := &w.agents[i]
	if a.awayTill == w.now {
		a.awayTill = 0
		w.mayTake(a)
	}
}

// mayTake sets an agent's status; who comes online has no breather to end, as the roster has it.
func (w *world) mayTake(a *agent) {
	status := a.status()
	if status == a.base.Status {
		return
	}
	a.base.Status = status
	if status == routing.Online {
		a.base.IdleSince, a.base.RestUntil, a.missed = w.time(), time.Time{}, false
		w.dispatch()
	}
}

// tired is what is left of the strain at a time.
func (a *agent) tired(now int64) float64 {
	if a.strain == 0 {
		return 0
	}
	return a.strain * math.Exp2(-float64(now-a.strainAt)/float64(routing.StrainHalves))
}

// candidates are those who could be given something, as the line of a team sees them.
func (w *world) candidates(team int) []routing.Candidate {
	list := w.open[:0]
	for i := range w.agents {
		a := &w.agents[i]
		if a.base.Status != routing.Online || a.load > 0 && a.load >= a.capacity[team] {
			continue
		}
		c := a.base
		c.Load, c.Capacity, c.Strain = a.load, a.capacity[team], int(math.Round(a.tired(w.now)))
		list = append(list, c)
	}
	w.open = list
	return list
}

// dispatch gives out the lines of all teams until nobody free can serve anybody, as the desk does.
func (w *world) dispatch() {
	for _, team := range w.order {
		for w.dispatchTeam(team) {
		}
	}
}

// dispatchTeam tells whether it is worth another look: something was given, and there are some who were not looked at.
func (w *world) dispatchTeam(team int) (again bool) {
	list := w.next[:0]
	for i := range w.lines[team] {
		var more bool
		list, more = w.heads(&w.lines[team][i], list)
		again = again || more
	}
	w.next = list
	if len(list) == 0 {
		return false
	}
	candidates := w.candidates(team)
	if len(candidates) == 0 {
		return false
	}
	w.tickets = w.tickets[:0]
	for _, h := range list {
		w.tickets = append(w.tickets, h.ticket)
	}
	matches := routing.Round(w.tickets, candidates, w.time())
	for _, m := range matches {
		i := slices.IndexFunc(list, func(h head) bool { return h.ticket.Conversation == m.Ticket.Conversation })
		w.give(list[i].who, w.agentOf(m.Agent))
	}
	return again && len(matches) > 0
}

func (w *world) agentOf(id string) int32 {
	i, _ := slices.BinarySearchFunc(w.agents, id, func(a agent, id string) int {
		switch {
		case a.id < id:
			return -1
		case a.id > id:
			return 1
		}
		return 0
	})
	return int32(i)
}

// give assigns a conversation, or holds it out.
func (w *world) give(who, to int32) {
	c, a := &w.customers[who], &w.agents[to]
	team := &w.s.Teams[w.kinds[c.kind].team]
	if team.Assignment != staff.Offered {
		w.begin(who, to)
		return
	}
	a.touch(w.now)
	a.load += w.kinds[c.kind].weight
	w.offers++
	c.offered, c.offer = to, w.offers
	var after time.Duration
	c.reply, after = team.reply(w.chance)
	w.plan(w.now+int64(after), answers, who, c.offer)
}

// takeBack ends an offer.
func (w *world) takeBack(c *customer) {
	a := &w.agents[c.offered]
	a.touch(w.now)
	a.load -= w.kinds[c.kind].weight
	c.offered = -1
}
