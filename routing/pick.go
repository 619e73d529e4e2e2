package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Candidate is an agent who might be given a ticket.
type Candidate struct {
	Agent     string
	Teams     []string
	Online    bool // really present, and not away
	Load      int  // conversations that are theirs, and offers and claims under way
	Capacity  int
	IdleSince time.Time // when they last were given or finished a conversation, or came online; zero counts as longest
}

// Free tells whether c may be given one more conversation of a team without being asked.
func (c Candidate) Free(team string) bool {
	return c.Agent != "" && c.Online && c.Load < c.Capacity && slices.Contains(c.Teams, team)
}

// Pick says who is given the ticket: the agent whom the customer knows if free, else the one who has been idle for the
// longest time, else the lowest id. It gives it to nobody who is not free or whom the ticket excepts; ok is false when
// there is nobody. It is pure and total, and the order of candidates does not matter.
func Pick(t Ticket, candidates []Candidate, now time.Time) (agent string, ok bool) {
	var best *Candidate
	for i := range candidates {
		c := &candidates[i]
		if !c.Free(t.Team) || slices.Contains(t.Except, c.Agent) {
			continue
		}
		if best == nil || better(t, c, best, now) {
			best = c
		}
	}
	if best == nil {
		return "", false
	}
	return best.Agent, true
}

func better(t Ticket, a, b *Candidate, now time.Time) bool {
	knownFirst := cmp.Compare(known(t, b), known(t, a))
	idleFirst := cmp.Compare(idle(b, now), idle(a, now))
	return cmp.Or(knownFirst, idleFirst, strings.Compare(a.Agent, b.Agent)) < 0
}

func known(t Ticket, c *Candidate) int {
	if t.Prefer != "" && t.Prefer == c.Agent {
		return 1
	}
	return 0
}

// idle never is negative: a clock that runs ahead must not make an agent the last one for ever.
func idle(c *Candidate, now time.Time) time.Duration {
	return max(0, now.Sub(c.IdleSince))
}
