package staff

import (
	"slices"

	"github.com/kohta/kohta/chat"
)

// Principal is who acts: a visitor or an agent, never both. The zero value is nobody, and may do nothing.
type Principal struct {
	visitor string
	agent   *Agent
}

// AsVisitor is the visitor with this id.
func AsVisitor(id string) Principal { return Principal{visitor: id} }

// AsAgent is the agent, with the role and teams that they have at this moment.
func AsAgent(a Agent) Principal { return Principal{agent: &a} }

// Verb is what somebody wants to do.
type Verb string

// What may be done to a conversation by its visitor.
const (
	AskHuman Verb = "ask_human"
	Answer   Verb = "answer" // choose and submit
	Rate     Verb = "rate"
	End      Verb = "end"
)

// What may be done to a conversation by both.
const (
	See  Verb = "see" // read it, watch it, and say how far it was read
	Post Verb = "post"
	Type Verb = "type" // show that one is writing
)

// What may be done to a conversation by agents.
const (
	Take     Verb = "take"
	Accept   Verb = "accept"
	Decline  Verb = "decline"
	Note     Verb = "note"
	Transfer Verb = "transfer"
	Release  Verb = "release"
	Resolve  Verb = "resolve"
	Snooze   Verb = "snooze"
	ToBot    Verb = "to_bot"
	Invite   Verb = "invite" // ask a colleague in
	Leave    Verb = "leave"  // go, as who was asked in
)

// What may be done in the house. Object is the zero value.
const (
	SeePeople   Verb = "see_people" // agents and teams by name, and who is present
	ManageTeams Verb = "manage_teams"
	ManageSites Verb = "manage_sites"
	ManageData  Verb = "manage_data" // export and erase what is kept of a visitor
)

// Verbs lists every verb, in the order above.
func Verbs() []Verb {
	return []Verb{
		AskHuman, Answer, Rate, End, See, Post, Type,
		Take, Accept, Decline, Note, Transfer, Release, Resolve, Snooze, ToBot, Invite, Leave,
		SeePeople, ManageTeams, ManageSites, ManageData,
	}
}

// Object is what a verb is done to, as far as the answer depends on it.
type Object struct {
	Visitor string // whose conversation it is
	Team    string
	Agent   string   // who has it, or had it last
	Offered string   // the agent to whom it is held out
	Invited []string // agents whom the owner asked in: they see it and leave notes, and the customer hears one voice
	Open    []string // while it waits: other teams to whose agents it has been opened
	State   chat.State
}

// Of is the object that a conversation is. Before a team was asked for, it belongs to the team of its site.
func Of(c chat.Conversation, siteTeam string) Object {
	o := Object{Visitor: c.Visitor, Team: c.Team, Agent: c.Agent, Invited: c.Invited, State: c.State}
	if o.Team == "" {
		o.Team = siteTeam
	}
	if c.State == chat.Waiting && c.Offer != nil {
		o.Offered = c.Offer.Agent
	}
	return o
}

// owner is the agent who has it now.
func (o Object) owner() string {
	if o.State == chat.WithAgent || o.State == chat.Snoozed {
		return o.Agent
	}
	return ""
}

// Can is the one place that says who may do what. Its answer is "" for yes; NotFound for what one may not know of;
// Forbidden for what one may see and not do; Conflict and IsClosed where one could have done it, had things not moved
// on. Yes means that the role and the relation allow it; whether the conversation is in a state for it is Decide's.
func Can(p Principal, v Verb, o Object) chat.ErrorKind {
	switch {
	case p.visitor != "":
		return visitorCan(p.visitor, v, o)
	case p.agent != nil && p.agent.ID != "":
		return agentCan(*p.agent, v, o)
	}
	return chat.Forbidden
}

func visitorCan(id string, v Verb, o Object) chat.ErrorKind {
	if ofHouse(v) {
		return chat.Forbidden
	}
	if o.Visitor != id {
		return chat.NotFound
	}
	switch v {
	case See, Post, Type, AskHuman, Rate, End: // a post to a closed one reopens it, and end finds its work done
		return ""
	case Answer:
		if o.State == chat.Closed {
			return chat.IsClosed
		}
		return ""
	}
	return chat.Forbidden
}

func agentCan(a Agent, v Verb, o Object) chat.ErrorKind {
	if a.Disabled {
		return chat.Forbidden
	}
	if ofHouse(v) {
		return only(rank(a.Role) >= least(v))
	}
	if !sees(a, o) {
		return chat.NotFound
	}
	switch v {
	case See:
		return ""
	case Take:
		return unlessClosed(o)
	case Accept, Decline:
		return offered(a, v, o)
	case Note:
		return unlessServing(a, o)
	case Leave:
		return unlessIn(a, o)
	case Post, Type, Transfer, Release, Snooze, ToBot, Invite:
		return ownersVerb(a, v, o)
	case Resolve:
		return unlessColleagues(a, o) // a closed one is resolved already
	}
	return chat.Forbidden
}

// sees: one's own, what is held out to one, where one was asked in, all of one's teams' and what waits that is open to one
// of them; a supervisor everything.
func sees(a Agent, o Object) bool {
	if o.State == "" {
		return false
	}
	return rank(a.Role) >= rank(RoleSupervisor) || o.Agent == a.ID || o.Offered == a.ID || slices.Contains(o.Invited, a.ID) ||
		o.Team != "" && slices.Contains(a.Teams, o.Team) ||
		o.State == chat.Waiting && slices.ContainsFunc(o.Open, func(team string) bool { return slices.Contains(a.Teams, team) })
}

// ownersVerb is what only the owner does. Where nobody is the owner there is nobody to protect, and Decide knows whether
// the work is done already; but nobody speaks to the customer without having taken the conversation.
func ownersVerb(a Agent, v Verb, o Object) chat.ErrorKind {
	if o.State == chat.Closed {
		return chat.IsClosed
	}
	if (v == Post || v == Type) && o.owner() != a.ID {
		return chat.Conflict
	}
	return unlessColleagues(a, o)
}

// offered leaves an accept that finds its work done to Decide.
func offered(a Agent, v Verb, o Object) chat.ErrorKind {
	if o.Offered == a.ID || v == Accept && o.owner() == a.ID {
		return ""
	}
	return chat.Conflict
}

// unlessColleagues holds for every role: a supervisor takes the conversation first, so that it has one voice.
func unlessColleagues(a Agent, o Object) chat.ErrorKind {
	if owner := o.owner(); owner != "" && owner != a.ID {
		return chat.Conflict
	}
	return ""
}

// unlessServing lets a colleague leave a note on what is put aside, though not in the middle of a talk to which nobody
// asked them.
func unlessServing(a Agent, o Object) chat.ErrorKind {
	if o.State == chat.Snoozed || slices.Contains(o.Invited, a.ID) {
		return ""
	}
	return unlessColleagues(a, o)
}

func unlessIn(a Agent, o Object) chat.ErrorKind {
	if slices.Contains(o.Invited, a.ID) {
		return ""
	}
	return chat.Conflict
}

func unlessClosed(o Object) chat.ErrorKind {
	if o.State == chat.Closed {
		return chat.Conflict
	}
	return ""
}

func only(ok bool) chat.ErrorKind {
	if ok {
		return ""
	}
	return chat.Forbidden
}

func rank(r Role) int {
	return 1 + slices.Index([]Role{RoleAgent, RoleSupervisor, RoleAdministrator}, r)
}

func ofHouse(v Verb) bool { return least(v) > 0 }

// least is the rank that a verb of the house needs; 0 for a verb that is none.
func least(v Verb) int {
	switch v {
	case SeePeople:
		return rank(RoleAgent)
	case ManageTeams, ManageSites, ManageData:
		return rank(RoleAdministrator)
	}
	return 0
}
