package desk

import (
	"context"
	"slices"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// View gathers what a snapshot of a conversation shows.
func (d *Desk) View(ctx context.Context, c chat.Conversation) (wire.View, error) {
	views, err := d.introduced(ctx, []chat.Conversation{c})
	if err != nil {
		return wire.View{}, err
	}
	return views[0], nil
}

// introduced are views that also tell an agent who the visitors are.
func (d *Desk) introduced(ctx context.Context, list []chat.Conversation) ([]wire.View, error) {
	views, err := d.views(ctx, list)
	for i := range views {
		if visitor, err := d.store.Visitor(ctx, views[i].Conversation.Visitor); err == nil {
			views[i].VisitorName, views[i].FirstSeen = visitor.Name, visitor.CreatedAt
		}
	}
	return views, err
}

func (d *Desk) views(ctx context.Context, list []chat.Conversation) ([]wire.View, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	marks, err := d.store.ReadMarks(ctx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]wire.View, len(list))
	for i, c := range list {
		if views[i], err = d.view(ctx, c, marks[c.ID]); err != nil {
			return nil, err
		}
	}
	return views, nil
}

func (d *Desk) view(ctx context.Context, c chat.Conversation, read store.Marks) (v wire.View, err error) {
	v.Conversation = c
	v.Place, v.Wait = d.Place(ctx, c)
	if c.State == chat.Waiting {
		head := d.ticket(&c, nil).HeadStart
		v.HeadStart = &head
	}
	if v.ReadVisitor, err = d.bothNumbers(ctx, c, store.ForVisitor, read.Visitor); err != nil {
		return v, err
	}
	v.ReadAgent, err = d.bothNumbers(ctx, c, store.ForAgents, read.Agent)
	return v, err
}

// Place is where a waiting conversation stands in its line, and how long that takes; nil where it does not wait, or for a
// colleague who is being asked by the agent who had it, or where that cannot be told.
func (d *Desk) Place(ctx context.Context, c chat.Conversation) (*int, *chat.Wait) {
	if c.State != chat.Waiting || c.Offer != nil && c.Offer.From != "" {
		return nil, nil
	}
	place, _, err := d.line.Place(ctx, c.Team, c.ID)
	if err != nil || place == 0 {
		return nil, nil
	}
	return &place, d.wait(ctx, c, place)
}

// bothNumbers returns, for a read mark in one audience's numbers, the last event that it covers in both audiences'.
func (d *Desk) bothNumbers(ctx context.Context, c chat.Conversation, audience store.Audience, seq int64) (chat.Numbers, error) {
	for ; seq > 0; seq-- {
		events, err := d.store.EventsAfter(ctx, c.ID, audience, seq-1, 1)
		if err != nil {
			return chat.Numbers{}, err
		}
		if len(events) == 0 {
			continue
		}
		n := chat.Numbers{Agent: events[0].AgentSeq, Visitor: events[0].VisitorSeq}
		if n.Agent > 0 && n.Visitor > 0 {
			return n, nil
		}
	}
	return chat.Numbers{}, nil
}

// ReadNumbers is bothNumbers for a mark that somebody just set.
func (d *Desk) ReadNumbers(ctx context.Context, c chat.Conversation, by chat.Role, seq int64) (chat.Numbers, error) {
	if by == chat.RoleVisitor {
		return d.bothNumbers(ctx, c, store.ForVisitor, seq)
	}
	return d.bothNumbers(ctx, c, store.ForAgents, seq)
}

// recentViews are what a visitor is welcomed with: the open conversation and the one closed last.
func (d *Desk) recentViews(ctx context.Context, recent []store.Recent) ([]wire.View, error) {
	if len(recent) == 2 && recent[0].State == chat.Closed && recent[1].State == chat.Closed {
		recent = recent[:1]
	}
	var views []wire.View
	for _, c := range recent {
		// In the visitor's numbers alone, which the read of the visitor has brought along: ten thousand may come at once.
		v, err := d.view(ctx, c.Conversation, store.Marks{})
		if err != nil {
			return nil, err
		}
		v.ReadVisitor.Visitor, v.ReadAgent.Visitor = min(c.Read.Visitor, c.VisitorSeq), c.Shown
		views = append(views, v)
	}
	return views, nil
}

// AgentConversations returns what an agent has, has put aside, or is invited to.
func (d *Desk) AgentConversations(ctx context.Context, agent string) ([]wire.View, error) {
	list, err := d.store.OwnedBy(ctx, agent)
	if err != nil {
		return nil, err
	}
	invited, err := d.store.InvitedTo(ctx, agent)
	if err != nil {
		return nil, err
	}
	for _, c := range invited {
		if c.Agent != agent { // else they have it now
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	for i, c := range list {
		whole, err := d.store.Conversation(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		list[i].Lines = whole.Lines
	}
	return d.introduced(ctx, list)
}

// Line returns who waits for an agent's teams or has been opened to them by a ring (a supervisor: everybody), at most
// limit of them, next first, with how many wait in all.
func (d *Desk) Line(ctx context.Context, agent staff.Agent, limit int) (views []wire.View, total int, err error) {
	var tickets []routing.Ticket
	for _, slug := range d.lines() {
		if !d.SeesLine(agent, slug) {
			continue
		}
		list, n, err := d.listed(ctx, agent, slug, limit)
		if err != nil {
			return nil, 0, err
		}
		tickets, total = append(tickets, list...), total+n
	}
	slices.SortFunc(tickets, routing.Compare)
	var list []chat.Conversation
	for _, t := range tickets[:min(limit, len(tickets))] {
		if k, err := d.load(ctx, t.Conversation); err == nil && k.State == chat.Waiting {
			list = append(list, k.Conversation)
		}
	}
	if len(list) == 0 {
		return nil, total, nil
	}
	views, err = d.introduced(ctx, list)
	return views, total, err
}

// SeesLine tells whether an agent is shown a team's line, or what rings open of it.
func (d *Desk) SeesLine(agent staff.Agent, team string) bool {
	return wholeLine(agent, team) || slices.ContainsFunc(d.people().teams[team].Rings, func(r staff.Ring) bool {
		return slices.Contains(agent.Teams, r.Team)
	})
}

// wholeLine tells whether an agent is shown all who wait for a team.
func wholeLine(agent staff.Agent, team string) bool {
	return agent.Role != staff.RoleAgent || slices.Contains(agent.Teams, team)
}

// listed returns who waits for a team as an agent is shown it. Of another team's line only the first MaxList are looked at:
// those whom a ring has let out have waited longest.
func (d *Desk) listed(ctx context.Context, agent staff.Agent, team string, limit int) ([]routing.Ticket, int, error) {
	if wholeLine(agent, team) {
		return d.line.List(ctx, team, limit)
	}
	list, _, err := d.line.List(ctx, team, routing.MaxList)
	list = slices.DeleteFunc(list, func(t routing.Ticket) bool {
		return !slices.ContainsFunc(t.Also, func(also string) bool { return slices.Contains(agent.Teams, also) })
	})
	return list, len(list), err
}

// Visits lists a visitor's conversations as far as somebody may see them, latest first, with the cursor of the next
// part. Not found: there is none that they may see.
func (d *Desk) Visits(ctx context.Context, by staff.Principal, visitor string, page store.Page) ([]wire.Visited, string, error) {
	list, next, err := d.store.LatestOf(ctx, visitor, page)
	if err != nil {
		return nil, "", err
	}
	visited := []wire.Visited{}
	for _, c := range list {
		if staff.Can(by, staff.See, d.object(c, d.teamOf(ctx, c.Site))) == "" {
			visited = append(visited, wire.Visited{Conversation: c, Visit: plan.Visit(c)})
		}
	}
	if len(visited) == 0 && page.After == "" {
		return nil, "", chat.Errorf(chat.NotFound, "no conversation of visitor %s", visitor)
	}
	return visited, next, nil
}
