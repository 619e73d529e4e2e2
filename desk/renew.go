package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kohta/kohta/routing"
)

// lookAround says who has left and who is still here, and reads who is there.
func (d *Desk) lookAround(ctx context.Context) ([]routing.Presence, error) {
	if err := d.lose(ctx); err != nil {
		return nil, err
	}
	if err := d.renew(ctx); err != nil {
		return nil, err
	}
	there, err := d.roster.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	if len(d.forgotten(there)) == 0 {
		return there, nil
	}
	d.presence.mu.Lock()
	d.presence.renewed = time.Time{} // they do not wait for the next sign of life
	d.presence.mu.Unlock()
	if err := d.renew(ctx); err != nil {
		return nil, err
	}
	if there, err = d.roster.List(ctx); err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	return there, nil
}

// forgotten are the agents with a socket here of whom the roster knows nothing, or who count as lost: it was emptied, or the
// node they came from noticed their end after this one noticed their beginning. Who has said nothing on this node, or that
// they are offline, is none of them.
func (d *Desk) forgotten(there []routing.Presence) (agents []string) {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	for agent := range d.presence.sockets {
		i := slices.IndexFunc(there, func(p routing.Presence) bool { return p.Agent == agent })
		s, said := d.presence.status[agent]
		if i >= 0 && there[i].Lost || i < 0 && said && s.status != routing.Offline {
			agents = append(agents, agent)
		}
	}
	return agents
}

// lose says of agents whose last connection on this node has ended that they are gone, if they have not come back.
func (d *Desk) lose(ctx context.Context) error {
	d.presence.mu.Lock()
	left := d.presence.left
	d.presence.left = nil
	left = slices.DeleteFunc(left, func(a string) bool { return d.presence.sockets[a] > 0 })
	d.presence.mu.Unlock()
	for i, agent := range left {
		if err := d.roster.Lose(ctx, agent); err != nil {
			d.presence.mu.Lock()
			d.presence.left = append(d.presence.left, left[i:]...)
			d.presence.mu.Unlock()
			return fmt.Errorf("note who is gone: %w", err)
		}
	}
	return nil
}

func (d *Desk) renew(ctx context.Context) error {
	d.presence.mu.Lock()
	now := d.now()
	if now.Sub(d.presence.renewed) < renewEvery {
		d.presence.mu.Unlock()
		return nil
	}
	agents := slices.Sorted(maps.Keys(d.presence.sockets))
	d.presence.mu.Unlock()
	unknown, err := d.roster.Renew(ctx, agents)
	if err != nil { // and tried again in a second
		return fmt.Errorf("renew presence: %w", err)
	}
	d.presence.mu.Lock()
	d.presence.renewed = now
	for _, a := range agents {
		if d.presence.status[a].unsaid {
			unknown = append(unknown, a)
		}
	}
	d.presence.mu.Unlock()
	for _, a := range unknown {
		if err := d.bringBack(ctx, a); err != nil {
			return fmt.Errorf("renew presence: %w", err)
		}
	}
	return nil
}

// bringBack tells the roster how an agent with a socket here stands. What they say meanwhile may reach it first, so that it
// is told again until they stand as they were told of.
func (d *Desk) bringBack(ctx context.Context, agent string) error {
	for s, here := d.stands(agent); here && (s.unsaid || s.status != routing.Offline); {
		p, err := d.roster.Set(ctx, agent, s.status, s.reason)
		if err != nil {
			d.presence.mu.Lock()
			d.presence.renewed = time.Time{}
			d.presence.mu.Unlock()
			return err
		}
		told := s
		if s, here = d.stands(agent); s == told {
			if told.unsaid {
				d.said(ctx, d.people().agents[agent], told, p)
			}
			return nil
		}
	}
	return nil
}

// stands tells how it stands with an agent by what they said on this node, and whether they have a socket here. A console that
// has not said how it stands is open all the same, and keeps what it takes by hand.
func (d *Desk) stands(agent string) (s attendance, here bool) {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	s, ok := d.presence.status[agent]
	if !ok {
		s.status = routing.Away
	}
	return s, d.presence.sockets[agent] > 0
}
