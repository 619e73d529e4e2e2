package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
)

// nobody tells whether none of those who may take a conversation is at work, by now or before the customer hears the next
// word. What cannot be read, or was lost a moment ago, is not said: whoever was there shows life again within plan.Grace.
func (d *Desk) nobody(ctx context.Context, c *chat.Conversation) bool {
	if !d.settled() && d.comesBack(ctx) {
		return false
	}
	there, err := d.atWork(ctx)
	return err == nil && !anyOf(d.helpers(c), there)
}

// awayFor is how long before the roster was lost, or this node began, an agent was last at work who comes back.
const awayFor = 5 * time.Minute

// comesBack tells whether anybody was at work just before the roster was lost or this node began. What cannot be read counts
// as yes.
func (d *Desk) comesBack(ctx context.Context) bool {
	d.presence.mu.Lock()
	since := d.presence.readableSince
	d.presence.mu.Unlock()
	if since.Sub(d.started) < plan.Grace { // the node has just begun
		since = d.started
	}
	used, err := d.store.AnySessionUsed(ctx, since.Add(-awayFor), since)
	return used || err != nil
}

// atWork are the teams of which an agent is at work, and be it that they want nothing new. Who went away may be gone for the
// day. Of whom the roster knows nothing, what they said on this node counts: it has forgotten them.
func (d *Desk) atWork(ctx context.Context) (map[string]bool, error) {
	list, err := d.roster.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	agents, there := d.people().agents, map[string]bool{}
	add := func(agent string, s routing.Status) {
		if s == routing.Online || s == routing.Busy {
			for _, team := range agents[agent].Teams {
				there[team] = true
			}
		}
	}
	for i := range list {
		add(list[i].Agent, list[i].Status)
	}
	for _, agent := range d.forgotten(list) {
		s, _ := d.stands(agent)
		add(agent, s.status)
	}
	return there, nil
}

// helpers are the teams whose agents may take a conversation that waits, or would begin to now: its own, and those that its
// rings let in before the customer hears the next word.
func (d *Desk) helpers(c *chat.Conversation) []string {
	team, now, waits := d.people().teams[c.Team], d.now(), *c
	if waits.WaitingSince.IsZero() {
		waits.WaitingSince = now
	}
	return append([]string{c.Team}, routing.OfThis(&waits, &team, now.Add(d.patience(c.Team).Word)).Also...)
}

func anyOf(teams []string, there map[string]bool) bool {
	return slices.ContainsFunc(teams, func(team string) bool { return there[team] })
}

// goesAtOnce tells whether a conversation that comes to wait now is given or offered to somebody in this moment, with those
// who wait before it counted in. What cannot be read counts as no.
func (d *Desk) goesAtOnce(ctx context.Context, c chat.Conversation) bool {
	teams := d.people().given
	if _, ok := teams[c.Team]; !ok {
		return false
	}
	if c.WaitingSince.IsZero() {
		c.WaitingSince = d.now()
	}
	heads, err := d.heads(ctx, teams, headsOfEach)
	if err != nil {
		return false
	}
	tickets := append(slices.Clip(heads), d.ticketNow(ctx, &c))
	free, err := d.candidates(ctx, teams, tickets)
	return err == nil && slices.ContainsFunc(routing.Round(tickets, free, d.now()), func(m routing.Match) bool {
		return m.Ticket.Conversation == c.ID
	})
}

// settled tells whether the roster has answered for so long that whoever is there has shown life since.
func (d *Desk) settled() bool {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	since := d.presence.readableSince
	return !since.IsZero() && d.now().Sub(since) >= plan.Grace
}
