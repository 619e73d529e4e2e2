package routing

import (
	"slices"
	"time"
)

// Match is a ticket and who is given it.
type Match struct {
	Ticket Ticket
	Agent  string
}

// Round gives as many tickets as it can: next first, to each its Pick, with what was given before counted in. A ticket
// that nobody can serve holds up nobody. One that is too heavy for the room that any who serve it have left keeps one
// of them for itself, the one with the most room: lighter ones that came later do not take what it waits for, or it
// could wait for ever. Round is pure and total; the order of tickets and candidates does not matter, and each
// conversation and each agent should stand in them once.
func Round(tickets []Ticket, candidates []Candidate, now time.Time) []Match {
	list := make([]Candidate, 0, len(candidates))
	for i := range candidates {
		if c := &candidates[i]; c.Status == Online && c.hasRoom() {
			list = append(list, *c)
		}
	}
	if len(list) == 0 {
		return nil
	}
	var matches []Match
	given := map[string]bool{}
	for _, t := range inOrder(tickets) {
		if len(list) == 0 {
			break // nobody has room for anything
		}
		if given[t.Conversation] {
			continue
		}
		if i := pick(t, list, now); i >= 0 {
			given[t.Conversation] = true
			matches = append(matches, Match{*t, list[i].Agent})
			charge(list, list[i].Agent, t.Weighs(), now)
			list = slices.DeleteFunc(list, func(c Candidate) bool { return !c.hasRoom() })
		} else if i := nearest(t, list, now); i >= 0 {
			list = slices.Delete(list, i, i+1) // kept for t
		}
	}
	return matches
}

// inOrder are the tickets, next first.
func inOrder(tickets []Ticket) []*Ticket {
	list := make([]*Ticket, len(tickets))
	for i := range tickets {
		list[i] = &tickets[i]
	}
	slices.SortFunc(list, (*Ticket).compare)
	return list
}

// charge counts in what an agent was given.
func charge(list []Candidate, agent string, weight int, now time.Time) {
	for i := range list {
		if c := &list[i]; c.Agent == agent {
			c.Load, c.IdleSince = max(0, c.Load)+weight, now
		}
	}
}

// nearest is the agent who could take t if there was a little more room: of those with any, the one with the most.
func nearest(t *Ticket, list []Candidate, now time.Time) int {
	best := -1
	room := func(c *Candidate) int { return c.capacity(t.Team) - max(0, c.Load) }
	for i := range list {
		c := &list[i]
		if !t.may(c) || c.rests(now) && !t.InCrisis() {
			continue
		}
		if n := c.capacity(t.Team); fits(n, c.Load, t.Weighs()) || !fits(n, c.Load, 1) {
			continue
		}
		if best < 0 || room(c) > room(&list[best]) ||
			room(c) == room(&list[best]) && t.prefers(c, &list[best], now) {
			best = i
		}
	}
	return best
}
