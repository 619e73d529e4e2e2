package desk

import (
	"context"
	"slices"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// Next gives an agent the next conversation in the line that they can serve, by hand. A key that is known gets its
// first ack again. Not found: nobody waits whom they can serve.
func (d *Desk) Next(ctx context.Context, by staff.Principal, key string) (store.Ack, error) {
	agent, ok := by.Agent()
	if !ok {
		return store.Ack{}, chat.Errorf(chat.Forbidden, "only agents take from the line")
	}
	if ack, known, err := d.store.Known(ctx, agent.ID, key); err != nil || known {
		return ack, err
	}
	for range maxTries {
		c, err := d.first(ctx, agent)
		if err != nil {
			return store.Ack{}, err
		}
		ack, err := d.Do(ctx, by, c.ID, key, 0, chat.Take{Waiting: true})
		if chat.KindOf(err) != chat.Conflict { // else somebody was quicker, or the line is old
			return ack, err
		}
		d.conversations.forget(c.ID)
		if k, err := d.load(ctx, c.ID); err == nil && k.State != chat.Waiting {
			d.soft("drop an old ticket", d.line.Drop(ctx, c.Team, c.ID))
		}
	}
	return store.Ack{}, chat.Errorf(chat.Unavailable, "the line did not stand still")
}

// first is the conversation that an agent is to take next: the first of those that each line they may take from would
// give them. The others go back to their places.
func (d *Desk) first(ctx context.Context, agent staff.Agent) (best chat.Conversation, err error) {
	by := routing.Taker{Agent: agent.ID, Teams: agent.Teams, Skills: agent.Skills, Languages: agent.Languages,
		Supervisor: agent.Role != staff.RoleAgent, Free: routing.Unlimited}
	if by.Supervisor { // who may take from any line, also from one that nobody set up
		by.Teams = d.lines()
	}
	var found []routing.Ticket
	for _, team := range d.lines() {
		t, ok, err := d.line.Claim(ctx, team, by)
		if err != nil {
			return best, err
		}
		if ok {
			found = append(found, t)
		}
	}
	for _, t := range found {
		d.soft("release a claim", d.line.Release(ctx, t.Team, t.Conversation, agent.ID))
	}
	if len(found) == 0 {
		return best, chat.Errorf(chat.NotFound, "nobody waits for agent %s", agent.ID)
	}
	k, err := d.load(ctx, slices.MinFunc(found, routing.Compare).Conversation)
	return k.Conversation, err
}

// Attendance is an agent's presence on all nodes, offline where it is not known.
func (d *Desk) Attendance(ctx context.Context, agent string) wire.Attendance {
	p, err := d.roster.Get(ctx, agent)
	if err != nil {
		return wire.Attendance{Status: "offline"}
	}
	return wire.Attendance{Status: string(p.Status), Reason: p.Reason, RestUntil: p.RestUntil}
}
