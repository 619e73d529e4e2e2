// Package routing says who takes which conversation: the order of the line and Pick are pure, Line and Roster are
// contracts. Both are indexes over the store: they may be emptied at any time and are rebuilt from it, and when the
// line and the store disagree, the store's conditional append decides.
package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Bounds of a ticket.
const (
	MaxHeadStart = 400 * 24 * time.Hour // only a crisis has as much: more than who was put off for a year has waited
	MaxSkills    = 16
	MaxExcept    = 16
	MaxAlso      = 8
	MaxWeight    = 1000
	maxID        = 64 // bytes
)

// Ticket is a conversation's place in the line of one team. It carries ids and slugs alone, nothing that anybody said.
// Of makes it.
type Ticket struct {
	Conversation string
	Team         string
	Also         []string // other teams whose agents may take it too
	Skills       []string // that an agent must have, all of them
	Language     string   // that an agent must write; empty: any
	AskedFor     Asked    // what was asked for before any ring opened: who has it goes first
	Feeling      string
	Priority     string        // given by a rule of the bot
	Weight       int           // hundredths of a usual conversation, what it will be to an agent; 0 is Usual
	Raised       bool          // stands in the supervisors' lane: nobody else is given it
	Since        time.Time     // since when a person is owed; whole milliseconds count
	HeadStart    time.Duration // 0 to MaxHeadStart; whole milliseconds count
	Prefer       string        // the agent whom the customer knows; asked first if free
	Except       []string      // agents who are not given it: they had it and did not answer, or declined
}

// Asked is what a ticket's customer is served best by.
type Asked struct {
	Language string   `json:"language,omitempty"`
	Skills   []string `json:"skills,omitempty"`
}

// by tells whether an agent has all of it.
func (a Asked) by(c *Candidate) bool {
	return (a.Language == "" || len(c.Languages) == 0 || slices.Contains(c.Languages, a.Language)) &&
		!slices.ContainsFunc(a.Skills, func(skill string) bool { return !slices.Contains(c.Skills, skill) })
}

// Score is where the ticket stands in the order: milliseconds of (since − head start). The lower goes first.
func (t Ticket) Score() int64 { return t.score() }

func (t *Ticket) score() int64 {
	return t.Since.UnixMilli() - t.HeadStart.Milliseconds()
}

// Compare orders two tickets: negative if a goes before b. It is by score, then by conversation, so that no two tickets
// stand at the same place. A ticket that came later goes first by at most its head start.
func Compare(a, b Ticket) int { return a.compare(&b) }

func (t *Ticket) compare(other *Ticket) int {
	if c := cmp.Compare(t.score(), other.score()); c != 0 {
		return c
	}
	return strings.Compare(t.Conversation, other.Conversation)
}

// Check refuses, with an error of kind Invalid, a ticket that no line can take.
func (t Ticket) Check() error {
	switch {
	case t.Conversation == "" || len(t.Conversation) > maxID:
		return chat.Errorf(chat.Invalid, "a ticket needs a conversation of 1 to %d bytes, not %q", maxID, t.Conversation)
	case t.Since.UnixMilli() <= MaxHeadStart.Milliseconds():
		return chat.Errorf(chat.Invalid, "the ticket of %s does not say since when the customer waits", t.Conversation)
	case t.HeadStart < 0 || t.HeadStart > MaxHeadStart:
		return chat.Errorf(chat.Invalid, "a head start is from 0 to %s, not %s", MaxHeadStart, t.HeadStart)
	case len(t.Skills) > MaxSkills:
		return chat.Errorf(chat.Invalid, "a ticket asks for at most %d skills, not %d", MaxSkills, len(t.Skills))
	case len(t.Except) > MaxExcept:
		return chat.Errorf(chat.Invalid, "a ticket excepts at most %d agents, not %d", MaxExcept, len(t.Except))
	case len(t.Also) > MaxAlso:
		return chat.Errorf(chat.Invalid, "a ticket is for at most %d other teams, not %d", MaxAlso, len(t.Also))
	case t.Weight < 0 || t.Weight > MaxWeight:
		return chat.Errorf(chat.Invalid, "a weight is from 0 to %d hundredths, not %d", MaxWeight, t.Weight)
	}
	return CheckTeam(t.Team)
}

// CheckTeam refuses, with an error of kind Invalid, what cannot be a team.
func CheckTeam(team string) error { return staff.CheckSlug("a team", team) }

// CheckAll refuses tickets of which one cannot stand in the team's line.
func CheckAll(team string, tickets []Ticket) error {
	for _, t := range tickets {
		if t.Team != team {
			return chat.Errorf(chat.Invalid, "the ticket of %s is in the line of %s, not of %s", t.Conversation, t.Team, team)
		}
		if err := t.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Merge is what stands in the line after t was put where old stood already: the newer ticket at a place that is no
// worse than either's, so nobody loses a place by being put again.
func Merge(old, t Ticket) Ticket {
	if old.Since.Before(t.Since) {
		t.Since = old.Since
	}
	t.HeadStart = max(t.HeadStart, old.HeadStart)
	return t
}

// Equal tells whether two tickets are the same, to the millisecond.
func Equal(a, b Ticket) bool {
	return a.Conversation == b.Conversation && a.Team == b.Team && a.Language == b.Language && a.Feeling == b.Feeling &&
		a.Priority == b.Priority && a.Weight == b.Weight && a.Raised == b.Raised && a.Prefer == b.Prefer &&
		a.Since.UnixMilli() == b.Since.UnixMilli() && a.HeadStart.Milliseconds() == b.HeadStart.Milliseconds() &&
		a.AskedFor.Language == b.AskedFor.Language && slices.Equal(a.AskedFor.Skills, b.AskedFor.Skills) &&
		slices.Equal(a.Also, b.Also) && slices.Equal(a.Skills, b.Skills) && slices.Equal(a.Except, b.Except)
}
