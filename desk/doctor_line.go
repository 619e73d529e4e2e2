package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// LineBreaches compares the line with the store: whoever waits stands in the line of their team; among the first
// routing.MaxList of each line there is nobody else, nobody twice, and nobody whom the house holds out to an agent, for
// then the place is held. (What a colleague passes on, the line comes to hold when it is next given out.) The line is
// mended within 15 s; what is told here may be about to be.
func (d *Desk) LineBreaches(ctx context.Context) (found []Breach, err error) {
	teams := map[string]bool{}
	for team := range d.people().teams {
		teams[team] = true
	}
	err = d.waiting(ctx, func(list []chat.Conversation) error {
		for _, c := range list {
			teams[c.Team] = true
			place, _, err := d.line.Place(ctx, c.Team, c.ID)
			if err != nil {
				return fmt.Errorf("read the line: %w", err)
			}
			if place == 0 {
				if found, err = d.confirm(ctx, found, c.Team, c.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, team := range slices.Sorted(maps.Keys(teams)) {
		if err != nil {
			return nil, err
		}
		found, err = d.strangersIn(ctx, found, team)
	}
	return found, err
}

// strangersIn adds those who stand in a line and are not free to be taken from it.
func (d *Desk) strangersIn(ctx context.Context, found []Breach, team string) ([]Breach, error) {
	tickets, _, err := d.line.List(ctx, team, routing.MaxList)
	if err != nil {
		return found, fmt.Errorf("read the line: %w", err)
	}
	for _, t := range tickets {
		c, err := d.store.Conversation(ctx, t.Conversation)
		if err != nil && chat.KindOf(err) != chat.NotFound {
			return found, err
		}
		if c.State == chat.Waiting && c.Team == team && c.Offer == nil {
			continue
		}
		if found, err = d.confirm(ctx, found, team, t.Conversation); err != nil {
			return found, err
		}
	}
	return found, nil
}

// confirm looks at a conversation and a line again, while no step of this node comes between the two, and adds what is
// wrong then.
func (d *Desk) confirm(ctx context.Context, found []Breach, team, id string) ([]Breach, error) {
	defer d.conversations.lock(id).Unlock()
	c, err := d.store.Conversation(ctx, id)
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return found, err
	}
	place, _, err := d.line.Place(ctx, team, id)
	if err != nil {
		return found, fmt.Errorf("read the line: %w", err)
	}
	waits := c.State == chat.Waiting && c.Team == team
	switch {
	case waits && place == 0:
		found = append(found, Breach{"S1", id, "waits and does not stand in the line of " + team})
	case !waits && place > 0 && c.State == chat.Waiting:
		found = append(found, Breach{"S1", id, fmt.Sprintf("stands in the line of %s and waits in that of %s", team, c.Team)})
	case !waits && place > 0:
		found = append(found, Breach{"S1", id, fmt.Sprintf("stands in the line of %s and does not wait, but is %q", team, c.State)})
	case waits && c.Offer != nil && c.Offer.From == "" && c.Offer.Until.After(d.now()):
		tickets, _, err := d.line.List(ctx, team, routing.MaxList)
		if err != nil {
			return found, fmt.Errorf("read the line: %w", err)
		}
		if slices.ContainsFunc(tickets, func(t routing.Ticket) bool { return t.Conversation == id }) {
			found = append(found, Breach{"S1", id, fmt.Sprintf("is offered to %s and free for others in the line of %s", c.Offer.Agent, team)})
		}
	}
	return found, nil
}
