package desk

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// nudgeDispatch says that somebody came to wait, or became free.
func (d *Desk) nudgeDispatch() {
	select {
	case d.kick <- struct{}{}:
	default: // there is one under way that will see it
	}
}

// dispatch gives waiting conversations to free agents, at once when something changed and each second in any case.
func (d *Desk) dispatch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.kick:
		}
		for _, team := range d.people().teams {
			if team.Assignment == staff.ByHand {
				continue
			}
			if err := d.dispatchTeam(ctx, team); err != nil && ctx.Err() == nil {
				d.log.Warn("assignment will be tried again", zap.String("team", team.Slug), zap.Error(err))
			}
		}
	}
}

// maxLook is how many of a line are looked at in one go. Who is not among them comes at the next, when those before
// have been given or have nobody.
const maxLook = 200

func (d *Desk) dispatchTeam(ctx context.Context, team staff.Team) error {
	tickets, _, err := d.line.List(ctx, team.Slug, maxLook)
	if err != nil || len(tickets) == 0 {
		return err
	}
	candidates, err := d.candidates(ctx, team)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		agent, ok := routing.Pick(t, candidates, d.now())
		if !ok && len(t.Except) > 0 {
			t.Except = nil // better the same agent again than nobody
			agent, ok = routing.Pick(t, candidates, d.now())
		}
		if !ok {
			continue
		}
		c := candidate(candidates, agent)
		given, err := d.give(ctx, team, t, *c)
		if err != nil {
			return err
		}
		if given {
			c.Load += t.Weighs()
			c.IdleSince = d.now()
		}
	}
	return nil
}

func candidate(list []routing.Candidate, agent string) *routing.Candidate {
	for i := range list {
		if list[i].Agent == agent {
			return &list[i]
		}
	}
	return nil
}

// candidates are the agents of a team who are there, with what they have.
func (d *Desk) candidates(ctx context.Context, team staff.Team) ([]routing.Candidate, error) {
	there, err := d.roster.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	var list []routing.Candidate
	for _, p := range there {
		a, ok := d.people().agents[p.Agent]
		if !ok || a.DisabledAt != nil || p.Status != routing.Online {
			continue
		}
		c := routing.Candidate{
			Agent: a.ID, Teams: a.Teams, Skills: a.Skills, Languages: a.Languages, Status: p.Status,
			Supervisor: a.Role != staff.RoleAgent, Capacity: capacity(a, team) * routing.Usual,
			Strain: p.Strain, RestUntil: p.RestUntil, IdleSince: p.IdleSince,
		}
		if c.Load, err = d.load1(ctx, a.ID); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// load1 is what an agent has now. What is put aside does not count.
func (d *Desk) load1(ctx context.Context, agent string) (int, error) {
	owned, err := d.store.OwnedBy(ctx, agent)
	if err != nil {
		return 0, fmt.Errorf("read an agent's conversations: %w", err)
	}
	n := 0
	for _, c := range owned {
		if c.State == chat.WithAgent {
			n++
		}
	}
	return n * routing.Usual, nil
}

func capacity(a store.Agent, t staff.Team) int {
	switch {
	case a.Capacity > 0:
		return a.Capacity
	case t.Capacity > 0:
		return t.Capacity
	}
	return staff.DefaultCapacity
}

// give assigns or offers a ticket. given is false when somebody else was quicker.
func (d *Desk) give(ctx context.Context, team staff.Team, t routing.Ticket, to routing.Candidate) (given bool, err error) {
	_, ok, err := d.line.ClaimTicket(ctx, team.Slug, t.Conversation, routing.Taker{Agent: to.Agent, Free: to.Capacity - to.Load})
	if err != nil || !ok {
		return false, err
	}
	until := d.now().Add(d.patience(team.Slug).Offer)
	offer := team.Assignment == staff.Offered
	err = d.step(ctx, t.Conversation, func(c chat.Conversation) chat.Command {
		switch {
		case c.State != chat.Waiting || c.Offer != nil || c.Team != team.Slug:
			return nil
		case offer:
			given = true
			return chat.Hold{Agent: to.Agent, Name: d.people().agents[to.Agent].Name, Until: until}
		}
		given = true
		return chat.Assign{Agent: to.Agent, Name: d.people().agents[to.Agent].Name}
	})
	switch {
	case err != nil || !given:
		d.soft("release a claim", d.line.Release(context.WithoutCancel(ctx), team.Slug, t.Conversation, to.Agent))
	case offer:
		_, err = d.line.Renew(ctx, team.Slug, t.Conversation, to.Agent, until.Sub(d.now())+5*time.Second)
	}
	return given && err == nil, err
}

// patience is a team's, or the usual one.
func (d *Desk) patience(team string) chat.Patience {
	p := chat.Usual
	t := d.people().teams[team].Patience
	set := func(of *time.Duration, to time.Duration) {
		if to > 0 {
			*of = to
		}
	}
	set(&p.FirstAnswer, t.FirstAnswer)
	set(&p.NextAnswer, t.NextAnswer)
	set(&p.Word, t.Word)
	set(&p.Offer, t.Offer)
	return p
}
