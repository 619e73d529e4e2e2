package desk

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Gauges are how things stand in the line, for those who watch over the house.
type Gauges struct {
	Waiting     map[string]int           // by team, each team there
	Longest     map[string]time.Duration // how long who waits longest has waited, by team
	Raised      int                      // how many wait in the supervisors' lane
	LongestOwed time.Duration            // how long the customer who is owed an answer for longest is owed it
	Danger      time.Duration            // the same of those who may be in danger
}

// maxGauged bounds how many conversations of a state are looked at; beyond it the figures are a lower bound.
const maxGauged = 20_000

// Gauges reads how things stand now. It goes through all who wait or are with an agent, so it is for the pace of
// metrics, not of customers.
func (d *Desk) Gauges(ctx context.Context) (Gauges, error) {
	now := d.now()
	g := Gauges{Waiting: map[string]int{}, Longest: map[string]time.Duration{}}
	for slug := range d.people().teams {
		g.Waiting[slug], g.Longest[slug] = 0, 0
	}
	for _, state := range []chat.State{chat.Waiting, chat.WithAgent} {
		err := d.each(ctx, state, func(c *chat.Conversation) {
			if c.State == chat.Waiting {
				g.Waiting[c.Team]++
				if c.Raised {
					g.Raised++
				}
				g.Longest[c.Team] = max(g.Longest[c.Team], now.Sub(c.WaitingSince))
			}
			if c.CustomerLast {
				owed := now.Sub(owedSince(c))
				g.LongestOwed = max(g.LongestOwed, owed)
				if c.InDanger() {
					g.Danger = max(g.Danger, owed)
				}
			}
		})
		if err != nil {
			return Gauges{}, err
		}
	}
	return g, nil
}

// owedSince is since when the customer is owed an answer of a person: their last word, or when a person was asked for
// after it.
func owedSince(c *chat.Conversation) time.Time {
	if c.CustomerAt.IsZero() || c.State == chat.Waiting && c.WaitingSince.After(c.CustomerAt) {
		return c.WaitingSince
	}
	return c.CustomerAt
}

// each goes through the conversations of a state, at most maxGauged.
func (d *Desk) each(ctx context.Context, state chat.State, do func(*chat.Conversation)) error {
	page := store.Page{Limit: store.MaxPage}
	for seen := 0; seen < maxGauged; {
		list, next, err := d.store.InState(ctx, state, page)
		if err != nil {
			return err
		}
		for i := range list {
			do(&list[i])
		}
		if next == "" {
			return nil
		}
		seen, page.After = seen+len(list), next
	}
	return nil
}

// keep counts what became of a promise: kept when it was met by its end, broken when it was met only later, or when it is
// closed after its end.
func (d *Desk) keep(before, now chat.Conversation) {
	promise := before.Promise
	if promise == nil || !promise.Met.IsZero() {
		return // none, or what became of it was counted
	}
	met := now.Promise != nil && !now.Promise.Met.IsZero()
	if now.Promise == nil { // over: who had it in its time has kept it
		met = before.State == chat.WithAgent && !d.now().Before(promise.At)
	}
	late := d.now().After(promise.Until)
	switch {
	case met && !late:
		d.stats.PromisesKept.Add(1)
	case met, now.State == chat.Closed && late:
		d.stats.PromisesBroken.Add(1)
	}
}
