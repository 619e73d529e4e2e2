package plan

import (
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Candidate is an agent as the line of a team sees them: who they are, how it stands with them, and what they hold.
func Candidate(a store.Agent, team staff.Team, p routing.Presence, held []chat.Conversation, now time.Time) routing.Candidate {
	c := routing.Candidate{
		Agent: a.ID, Teams: a.Teams, Skills: a.Skills, Languages: a.Languages, Supervisor: a.Role != staff.RoleAgent,
		Status: p.Status, Capacity: Capacity(a, team) * routing.Usual, Strain: p.Strain, RestUntil: p.RestUntil, IdleSince: p.IdleSince,
	}
	if a.DisabledAt != nil {
		c.Status = routing.Offline
	}
	c.Load = Load(held, now)
	return c
}

// Load is what conversations are to the agent who holds them, in hundredths of a usual one.
func Load(held []chat.Conversation, now time.Time) (load int) {
	for i := range held {
		load += routing.WeightOf(&held[i], now)
	}
	return load
}

// Capacity is how many usual conversations an agent is given at once by a team.
func Capacity(a store.Agent, t staff.Team) int {
	switch {
	case a.Capacity > 0:
		return a.Capacity
	case t.Capacity > 0:
		return t.Capacity
	}
	return staff.DefaultCapacity
}

// Give is the command that brings a waiting conversation to an agent: assigned, or held out until a time where the team
// offers. nil when it does not wait there any more, is held out already, or the agent cannot take it as things stand.
func Give(c chat.Conversation, team staff.Team, to routing.Candidate, name string, now, until time.Time) chat.Command {
	if c.State != chat.Waiting || c.Offer != nil || c.Team != team.Slug {
		return nil
	}
	t := routing.Of(c, team, now)
	if _, ok := routing.Pick(t, []routing.Candidate{to}, now); !ok {
		return nil
	}
	share := chat.Share{Load: to.Load, Weight: t.Weighs(), Capacity: to.Capacity}
	if team.Assignment == staff.Offered {
		return chat.Hold{Agent: to.Agent, Name: name, Until: until, Share: share}
	}
	return chat.Assign{Agent: to.Agent, Name: name, Share: share}
}

// Strain is what a conversation leaves in the agent who had it, in hundredths of a usual one: 0 for most.
func Strain(c chat.Conversation, now time.Time) int {
	c.CustomerLast = true // silence does not make it lighter
	return max(0, routing.Weight(c, now)-routing.Usual)
}
