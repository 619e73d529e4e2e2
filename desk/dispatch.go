package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
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
		d.Assign(ctx)
	}
}

// Assign gives waiting conversations to free agents, until nobody free can serve anybody: in the lines of all teams that
// do not leave it to hand, as if they were one, for an agent may serve several. Run does it.
func (d *Desk) Assign(ctx context.Context) {
	if err := d.assign(ctx, d.people().given); err != nil && ctx.Err() == nil {
		d.log.Warn("assignment will be tried again", zap.Error(err))
	}
}

// headsOfEach is how many of each class are looked at in one go. Those behind them come at the next.
const headsOfEach = 8

// gaveUp is how many tries to give a conversation are made in one go.
const gaveUp = 2

// assign gives out the lines of teams. When one cannot be given after all, all is looked at anew, so that nobody behind
// takes what was meant for them; after a second try they are left for the next time.
func (d *Desk) assign(ctx context.Context, teams map[string]staff.Team) error {
	failed := map[string]int{}
	for {
		matches, heads, err := d.matches(ctx, teams, func(t routing.Ticket) bool { return failed[t.Conversation] >= gaveUp })
		if err != nil {
			return err
		}
		if len(matches) == 0 {
			return d.alarm(ctx, heads)
		}
		for _, m := range matches {
			given, err := d.give(ctx, teams[m.Ticket.Team], m)
			switch {
			case err != nil && (ctx.Err() != nil || chat.KindOf(err) == chat.Unavailable):
				return err
			case err != nil: // its own fault: nobody else waits for that
				d.log.Warn("a conversation cannot be given", zap.String("conversation", m.Ticket.Conversation), zap.Error(err))
				failed[m.Ticket.Conversation] = gaveUp
			case !given:
				failed[m.Ticket.Conversation]++
			}
			if !given {
				break
			}
		}
	}
}

// matches says who is to be given what as things stand, but for the tickets that are left out, and who stands in front. It looks
// only as deep into the lines as it must, and no deeper than that while nobody who is online has room.
func (d *Desk) matches(ctx context.Context, teams map[string]staff.Team, leftOut func(routing.Ticket) bool) (matches []routing.Match, heads []routing.Ticket, err error) {
	var free []routing.Candidate
	for n := headsOfEach; ; n *= 4 {
		if heads, err = d.heads(ctx, teams, n); err != nil || len(heads) == 0 {
			return nil, nil, err
		}
		if free == nil { // whoever serves a ticket of a class serves all of it, so that those behind need nobody else
			if free, err = d.candidates(ctx, teams, heads); err != nil || len(free) == 0 {
				return nil, heads, err
			}
		}
		tickets := heads
		if slices.ContainsFunc(heads, leftOut) {
			tickets = slices.DeleteFunc(slices.Clone(heads), leftOut)
		}
		matches = routing.Round(tickets, free, d.now())
		if len(matches) > 0 || n >= routing.MaxList || !more(heads, n, free, leftOut) {
			return matches, heads, nil
		}
	}
}

// heads are the first n of each class in all of the lines.
func (d *Desk) heads(ctx context.Context, teams map[string]staff.Team, n int) (all []routing.Ticket, err error) {
	for _, slug := range d.people().slugs {
		if _, ok := teams[slug]; !ok {
			continue
		}
		list, err := d.line.Heads(ctx, slug, n)
		if err != nil {
			return nil, fmt.Errorf("read the line of %s: %w", slug, err)
		}
		if all == nil {
			all = list
		} else {
			all = append(all, list...)
		}
	}
	return all, nil
}

// more tells whether behind the n of each class that were looked at there may be a ticket for somebody free: all those in
// front are left out or kept from one of them.
func more(tickets []routing.Ticket, n int, free []routing.Candidate, leftOut func(routing.Ticket) bool) bool {
	kept := func(t routing.Ticket) bool {
		return len(t.Except) > 0 && slices.ContainsFunc(free, func(c routing.Candidate) bool { return slices.Contains(t.Except, c.Agent) && t.Serves(&c) })
	}
	of := map[string]int{}
	for _, t := range tickets {
		if !leftOut(t) && !kept(t) {
			continue
		}
		class := t.Team + " " + t.Class()
		if of[class]++; of[class] >= n {
			return true
		}
	}
	return false
}

// candidates are the agents who are online, have room, and may serve one of the tickets, with what they hold. Who has no
// capacity of their own has that of each ticket's team.
func (d *Desk) candidates(ctx context.Context, teams map[string]staff.Team, tickets []routing.Ticket) ([]routing.Candidate, error) {
	there, err := d.roster.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	people, parts := d.people(), byTeam(teams, tickets)
	var list []routing.Candidate
	for i := range there {
		p := &there[i]
		if p.Status != routing.Online {
			continue
		}
		a, ok := people.agents[p.Agent]
		if !ok {
			continue
		}
		c := plan.Candidate(a, staff.Team{}, *p, nil, time.Time{})
		most := largest(&a, &c, parts)
		if most == 0 {
			continue
		}
		held, err := d.held(ctx, p.Agent)
		if err != nil {
			return nil, err
		}
		c.Capacity, c.Load = most*routing.Usual, plan.Load(held, d.now())
		if a.Capacity <= 0 {
			c.CapacityOf = people.capacityOf
		}
		if c.HasRoom() {
			if list == nil {
				list = make([]routing.Candidate, 0, len(there)-i)
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// capacities are those of the teams, in hundredths; nil where all have the same.
func capacities(teams map[string]staff.Team) (of map[string]int) {
	one := 0
	for _, t := range teams {
		n := plan.Capacity(store.Agent{}, t) * routing.Usual
		if one == 0 {
			one = n
		}
		if n == one {
			continue
		}
		of = make(map[string]int, len(teams))
		for slug, t := range teams {
			of[slug] = plan.Capacity(store.Agent{}, t) * routing.Usual
		}
		return of
	}
	return nil
}

// part are the tickets of one team, and its capacity.
type part struct {
	capacity int
	tickets  []routing.Ticket
}

// byTeam takes tickets, which come team by team, apart.
func byTeam(teams map[string]staff.Team, tickets []routing.Ticket) (parts []part) {
	for len(tickets) > 0 {
		n := 1
		for n < len(tickets) && tickets[n].Team == tickets[0].Team {
			n++
		}
		parts = append(parts, part{plan.Capacity(store.Agent{}, teams[tickets[0].Team]), tickets[:n]})
		tickets = tickets[n:]
	}
	return parts
}

func (p *part) serves(c *routing.Candidate) bool {
	for i := range p.tickets {
		if p.tickets[i].Serves(c) {
			return true
		}
	}
	return false
}

// largest is the most that an agent may have in the teams whose tickets they serve; 0 where they serve none.
func largest(a *store.Agent, c *routing.Candidate, parts []part) (most int) {
	for i := range parts {
		p := &parts[i]
		capacity := p.capacity
		if a.Capacity > 0 {
			capacity = a.Capacity
		}
		if capacity > most && p.serves(c) {
			most = capacity
		}
	}
	return most
}

// candidate is an agent with what they hold, and how many conversations that is.
func (d *Desk) candidate(ctx context.Context, team staff.Team, p routing.Presence) (routing.Candidate, int, error) {
	held, err := d.held(ctx, p.Agent)
	if err != nil {
		return routing.Candidate{}, 0, err
	}
	return plan.Candidate(d.people().agents[p.Agent], team, p, held, d.now()), len(held), nil
}

func (d *Desk) held(ctx context.Context, agent string) ([]chat.Conversation, error) {
	held, err := d.store.HeldBy(ctx, agent)
	if err != nil {
		return nil, fmt.Errorf("read what an agent holds: %w", err)
	}
	return held, nil
}

// give assigns or offers a ticket. given is false when somebody else was quicker, or the agent has no room any more.
// That the agent is not brought over their capacity is a condition of the append, on any number of nodes.
func (d *Desk) give(ctx context.Context, team staff.Team, m routing.Match) (given bool, err error) {
	t := m.Ticket
	_, ok, err := d.line.ClaimTicket(ctx, team.Slug, t.Conversation, routing.Taker{Agent: m.Agent, Free: routing.Unlimited})
	if err != nil || !ok {
		return false, err
	}
	var until time.Time
	var offer chat.Offer // that stands already: the line had forgotten it
	err = d.stepOn(ctx, t.Conversation, func(c chat.Conversation) (chat.Command, *store.Holds, error) {
		given = false
		if c.Offer != nil {
			offer = *c.Offer
			return nil, nil, nil
		}
		raised, err := d.theirs(ctx, &c)
		if err != nil {
			return nil, nil, err
		}
		c.Raised = raised
		p, err := d.roster.Get(ctx, m.Agent)
		if err != nil {
			return nil, nil, err
		}
		to, holds, err := d.candidate(ctx, team, p)
		if err != nil {
			return nil, nil, err
		}
		until = d.now().Add(d.patience(team.Slug).Offer)
		cmd := plan.Give(c, team, to, d.people().agents[m.Agent].Name, d.now(), until)
		given = cmd != nil
		return cmd, &store.Holds{Agent: m.Agent, Count: holds}, nil
	})
	if err != nil || !given {
		d.soft("release a claim", d.line.Release(context.WithoutCancel(ctx), team.Slug, t.Conversation, m.Agent))
		if offer.Agent != "" && offer.Until.After(d.now()) {
			_, _, err := d.line.ClaimTicket(ctx, team.Slug, t.Conversation, heldFor(&offer, d.now()))
			d.soft("hold an offer again", err)
		}
		return false, err
	}
	if team.Assignment == staff.Offered {
		_, err = d.line.Renew(ctx, team.Slug, t.Conversation, m.Agent, until.Sub(d.now())+afterOffer)
	}
	return err == nil, err
}

// heldFor is who holds a ticket while it is offered to them, and for how long.
func heldFor(o *chat.Offer, now time.Time) routing.Taker {
	return routing.Taker{Agent: o.Agent, Free: routing.Unlimited, Lease: max(0, o.Until.Sub(now)) + afterOffer}
}

// afterOffer is how much longer than the offer its ticket stays held, so that the deadline ends it and not the lease.
const afterOffer = 5 * time.Second

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
	set(&p.Offer, min(t.Offer, staff.MaxOffer)) // a team of an earlier version may have more
	set(&p.Silence, t.Silence)
	set(&p.Close, t.Close)
	set(&p.Cooldown, t.Cooldown)
	return p
}
