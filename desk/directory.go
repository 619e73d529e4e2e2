package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// directory is the staff as they were a second ago at most: read often, changed rarely.
type directory struct{ atomic.Pointer[people] }

type people struct {
	agents map[string]store.Agent
	ids    []string // of all agents, in order
	teams  map[string]staff.Team
	given  map[string]staff.Team // those whose line is given out by the house
	slugs  []string              // of all teams, in order

	capacityOf map[string]int // of the teams, where they differ
	sites      map[string]staff.Site

	supervisors []string // their ids
}

// Learn reads who works here, on which teams and sites. Until then, or until Run has done so, the desk knows nobody.
func (d *Desk) Learn(ctx context.Context) error { return d.refresh(ctx) }

// refresh reads agents, teams and sites anew.
func (d *Desk) refresh(ctx context.Context) error {
	agents, err := d.store.Agents(ctx)
	if err != nil {
		return fmt.Errorf("read agents: %w", err)
	}
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("read teams: %w", err)
	}
	sites, err := d.store.Sites(ctx)
	if err != nil {
		return fmt.Errorf("read sites: %w", err)
	}
	p := &people{agents: map[string]store.Agent{}, teams: map[string]staff.Team{}, given: map[string]staff.Team{}, sites: map[string]staff.Site{}}
	for _, a := range agents {
		p.agents[a.ID] = a
		if a.Role != staff.RoleAgent && a.DisabledAt == nil {
			p.supervisors = append(p.supervisors, a.ID)
		}
	}
	for _, t := range teams {
		p.teams[t.Slug] = t
		if t.Assignment != staff.ByHand {
			p.given[t.Slug] = t
		}
	}
	p.ids = slices.Sorted(maps.Keys(p.agents))
	p.slugs = slices.Sorted(maps.Keys(p.teams))
	p.capacityOf = capacities(p.teams)
	for _, s := range sites {
		p.sites[s.Slug] = s
	}
	d.directory.Store(p)
	return nil
}

func (d *Desk) people() *people {
	if p := d.directory.Load(); p != nil {
		return p
	}
	return &people{}
}

// site returns a site by slug, also one that was made a moment ago.
func (d *Desk) site(ctx context.Context, slug string) (staff.Site, error) {
	if s, ok := d.people().sites[slug]; ok {
		return s, nil
	}
	return d.store.Site(ctx, slug)
}
