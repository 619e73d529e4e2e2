package desk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// Figures are how things stand in the house, as of some seconds ago.
type Figures struct {
	Waiting  map[string]int           // how many wait, by team
	Longest  map[string]time.Duration // how long who has waited longest has, by team
	Silence  time.Duration            // since the last word of the customer who has been left without an answer by a person for longest
	Present  map[routing.Status]int   // agents, by how it stands with them; without those who are offline
	Unserved int                      // who wait in the supervisors' lane
}

// figures keeps the last of them.
type figures struct {
	mu   sync.Mutex
	last Figures
}

// Figures returns how things stand.
func (d *Desk) Figures() Figures {
	d.figures.mu.Lock()
	defer d.figures.mu.Unlock()
	return d.figures.last
}

// count looks how things stand.
func (d *Desk) count(ctx context.Context) error {
	now := d.now()
	f := Figures{Waiting: map[string]int{}, Longest: map[string]time.Duration{}, Present: map[routing.Status]int{}}
	for slug := range d.people().teams {
		f.Waiting[slug], f.Longest[slug] = 0, 0
	}
	silent := func(c chat.Conversation) {
		if c.CustomerLast && !c.CustomerAt.IsZero() {
			f.Silence = max(f.Silence, now.Sub(c.CustomerAt))
		}
	}
	err := d.waiting(ctx, func(list []chat.Conversation) error {
		for _, c := range list {
			f.Waiting[c.Team]++
			f.Longest[c.Team] = max(f.Longest[c.Team], now.Sub(c.WaitingSince))
			if c.Raised {
				f.Unserved++
			}
			silent(c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	there, err := d.roster.List(ctx)
	if err != nil {
		return fmt.Errorf("read who is present: %w", err)
	}
	for _, p := range there {
		if p.Status != routing.Offline {
			f.Present[p.Status]++
		}
	}
	for id := range d.people().agents { // also those who are gone: theirs are the silences that matter
		held, err := d.store.HeldBy(ctx, id)
		if err != nil {
			return fmt.Errorf("read what an agent holds: %w", err)
		}
		for _, c := range held {
			silent(c)
		}
	}
	d.figures.mu.Lock()
	defer d.figures.mu.Unlock()
	d.figures.last = f
	return nil
}
