package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Candidate is an agent who might be given a ticket. Load, Capacity and Strain are in hundredths of a usual conversation.
type Candidate struct {
	Agent      string
	Teams      []string
	Skills     []string
	Languages  []string // none: all
	Status     Status
	Supervisor bool
	Load       int // of the conversations that are theirs, and of offers and claims under way
	Capacity   int // 0 or less: is given nothing
	// CapacityOf is the capacity for the tickets of a team, where it is another than Capacity, which is the largest of them
	// then. It is only read.
	CapacityOf map[string]int
	Strain     int // of the hard conversations of the last hours
	RestUntil  time.Time
	IdleSince  time.Time // when they last were given or finished a conversation, or came online; zero counts as longest
}

// capacity is how much c may have where a ticket of a team is given.
func (c *Candidate) capacity(team string) int {
	if n, ok := c.CapacityOf[team]; ok {
		return n
	}
	return c.Capacity
}

// fits tells whether c has room for so much more of a team. Who has nothing has room for any one ticket.
func (c *Candidate) fits(team string, weight int) bool { return fits(c.capacity(team), c.Load, weight) }

func fits(capacity, load, weight int) bool {
	return capacity > 0 && (load <= 0 || weight <= capacity-load)
}

// HasRoom tells whether c may be given anything at all beside what they have.
func (c Candidate) HasRoom() bool { return c.hasRoom() }

func (c *Candidate) hasRoom() bool { return fits(c.Capacity, c.Load, 1) }

// rests tells whether c is to be left alone for a while. What ends later than any breather can is a clock's mistake, and
// must not keep an agent from work for ever.
func (c *Candidate) rests(now time.Time) bool {
	return c.RestUntil.After(now) && !c.RestUntil.After(now.Add(staff.MaxRest))
}

// may tells whether c could be given t if there was room, now or when the breather is over.
func (t *Ticket) may(c *Candidate) bool {
	return c.Agent != "" && c.Status == Online && !slices.Contains(t.Except, c.Agent) && t.Serves(c)
}

// InCrisis tells whether the customer is in danger: such a ticket goes before all, and wakes who rests.
func (t Ticket) InCrisis() bool { return t.HeadStart >= MaxHeadStart || t.Feeling == chat.InCrisis }

// Weighs is Weight, or Usual where none is set.
func (t Ticket) Weighs() int {
	if t.Weight <= 0 {
		return Usual
	}
	return t.Weight
}

// Pick says who is given the ticket, of those who serve it, are online, not excepted, not resting and have room for its
// weight. In this order, until one is left:
//
//   - the agent whom the customer knows;
//   - who has the language and the skills that were asked for before a ring opened;
//   - the smaller share of capacity in use;
//   - less strain, in steps of 50;
//   - the longest idle;
//   - the lowest id.
//
// A ticket in crisis goes to who rests if nobody else can take it. ok is false when there is nobody. Pick is pure and
// total, and the order of candidates does not matter.
func Pick(t Ticket, candidates []Candidate, now time.Time) (agent string, ok bool) {
	i := pick(&t, candidates, now)
	if i < 0 {
		return "", false
	}
	return candidates[i].Agent, true
}

// pick returns the index of who is given t, -1 if there is nobody.
func pick(t *Ticket, candidates []Candidate, now time.Time) int {
	best, bestRests := -1, true
	for i := range candidates {
		c := &candidates[i]
		if !t.may(c) || !c.fits(t.Team, t.Weighs()) {
			continue
		}
		rests := c.rests(now)
		if rests && (!bestRests || !t.InCrisis()) {
			continue
		}
		if best < 0 || bestRests && !rests || t.prefers(c, &candidates[best], now) {
			best, bestRests = i, rests
		}
	}
	return best
}

// strainStep is the difference in strain that matters: below it, idle time is the fairer measure.
const strainStep = 50

// prefers tells whether a goes before b.
func (t *Ticket) prefers(a, b *Candidate, now time.Time) bool {
	known := func(c *Candidate) bool { return t.Prefer != "" && t.Prefer == c.Agent }
	if known(a) != known(b) {
		return known(a)
	}
	if fits := t.AskedFor.by(a); fits != t.AskedFor.by(b) {
		return fits
	}
	return cmp.Or(
		cmp.Compare(sane(a.Load)*sane(b.capacity(t.Team)), sane(b.Load)*sane(a.capacity(t.Team))),
		cmp.Compare(sane(a.Strain)/strainStep, sane(b.Strain)/strainStep),
		cmp.Compare(idle(b, now), idle(a, now)),
		strings.Compare(a.Agent, b.Agent),
	) < 0
}

// sane is n where it can be a load: two of them can be multiplied.
func sane(n int) int64 { return int64(min(max(n, 0), 1_000_000_000)) }

// idle never is negative: a clock that runs ahead must not make an agent the last one for ever.
func idle(c *Candidate, now time.Time) time.Duration {
	return max(0, now.Sub(c.IdleSince))
}
