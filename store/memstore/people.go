package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// PutVisitor implements store.Visitors.
func (s *Store) PutVisitor(ctx context.Context, v store.Visitor) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	if s.erased[v.ID] {
		return errErased
	}
	if other, ok := s.tokens[v.TokenHash]; ok && other != v.ID {
		return chat.Errorf(chat.Conflict, "the token is another visitor's")
	}
	v.CreatedAt, v.SeenAt = millis(v.CreatedAt), millis(v.SeenAt)
	if old, ok := s.visitors[v.ID]; ok {
		delete(s.tokens, old.TokenHash)
		v.Site, v.CreatedAt = old.Site, old.CreatedAt
		if old.SeenAt.After(v.SeenAt) {
			v.SeenAt = old.SeenAt
		}
	}
	s.visitors[v.ID], s.tokens[v.TokenHash] = v, v.ID
	return nil
}

// Visitor implements store.Visitors.
func (s *Store) Visitor(ctx context.Context, id string) (store.Visitor, error) {
	return s.visitor(ctx, func() string { return id })
}

// VisitorByToken implements store.Visitors.
func (s *Store) VisitorByToken(ctx context.Context, tokenHash string, now time.Time) (store.Visitor, []store.Recent, error) {
	v, err := s.visitor(ctx, func() string {
		id, ok := s.tokens[tokenHash]
		if l, linked := s.links[tokenHash]; !ok && linked && l.Live(millis(now)) {
			id = l.Visitor
		}
		return id
	})
	if err != nil {
		return v, nil, err
	}
	latest, _, err := s.LatestOf(ctx, v.ID, store.Page{Limit: 2})
	if err != nil || len(latest) == 0 {
		return v, nil, err
	}
	recent := make([]store.Recent, len(latest))
	for i, c := range latest {
		marks, err := s.ReadMarks(ctx, []string{c.ID})
		if err != nil {
			return v, nil, err
		}
		recent[i] = store.Recent{Conversation: c, Read: marks[c.ID]}
		if read := recent[i].Read.Agent; read > 0 {
			events, err := s.EventsAfter(ctx, c.ID, store.ForVisitor, 0, store.MaxPage)
			if err != nil {
				return v, nil, err
			}
			for _, e := range events {
				if e.AgentSeq <= read {
					recent[i].Shown = e.VisitorSeq
				}
			}
		}
	}
	return v, recent, nil
}

// TouchVisitor implements store.Visitors.
func (s *Store) TouchVisitor(ctx context.Context, id string, seen time.Time) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	if v, ok := s.visitors[id]; ok && millis(seen).After(v.SeenAt) {
		v.SeenAt = millis(seen)
		s.visitors[id] = v
	}
	return nil
}

var errErased error = &chat.Error{Kind: chat.NotFound, Words: "the visitor was erased"}

// EraseVisitor implements store.Visitors.
func (s *Store) EraseVisitor(ctx context.Context, id string, _ time.Time, acts ...store.Act) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	v, ok := s.visitors[id]
	if !ok {
		return chat.Errorf(chat.NotFound, "no such visitor")
	}
	delete(s.tokens, v.TokenHash)
	v.Name, v.TokenHash, v.Erased = "", "", true
	s.visitors[id], s.erased[id] = v, true
	maps.DeleteFunc(s.links, func(_ string, l store.Link) bool { return l.Visitor == id })
	s.record(acts)
	return nil
}

// Erasures implements store.Visitors.
func (s *Store) Erasures(ctx context.Context, page store.Page) ([]string, string, error) {
	if err := page.Check(); err != nil {
		return nil, "", err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, "", err
	}
	defer done()
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(s.erased)) {
		if id > page.After {
			ids = append(ids, id)
		}
	}
	if len(ids) <= page.Limit {
		return ids, "", nil
	}
	return ids[:page.Limit], ids[page.Limit-1], nil
}

// Leftovers implements store.Visitors.
func (s *Store) Leftovers(ctx context.Context, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	left := map[string]bool{}
	for _, l := range s.logs {
		if s.erased[l.fold.Visitor] && l.fold.Erased == 0 {
			left[l.fold.Visitor] = true
		}
	}
	all := slices.Sorted(maps.Keys(left))
	return all[:min(limit, len(all))], nil
}

// Scrub implements store.Visitors. What is in memory alone is gone when it is forgotten.
func (s *Store) Scrub(ctx context.Context) error { return s.Ping(ctx) }

// PutAgent implements store.Staff.
func (s *Store) PutAgent(ctx context.Context, a store.Agent, acts ...store.Act) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	for _, other := range s.agents {
		if store.FoldEmail(other.Email) == store.FoldEmail(a.Email) && other.ID != a.ID {
			return chat.Errorf(chat.Conflict, "the e-mail address is another agent's")
		}
	}
	a.CreatedAt, a.Disabled = millis(a.CreatedAt), a.DisabledAt != nil
	if a.DisabledAt != nil {
		at := millis(*a.DisabledAt)
		a.DisabledAt = &at
	}
	s.agents[a.ID] = a
	s.record(acts)
	return nil
}

// Agent implements store.Staff.
func (s *Store) Agent(ctx context.Context, id string) (store.Agent, error) {
	return find(ctx, s, s.agents, "agent", func(a store.Agent) bool { return a.ID == id })
}

// AgentByEmail implements store.Staff.
func (s *Store) AgentByEmail(ctx context.Context, email string) (store.Agent, error) {
	return find(ctx, s, s.agents, "agent", func(a store.Agent) bool { return store.FoldEmail(a.Email) == store.FoldEmail(email) })
}

// Agents implements store.Staff.
func (s *Store) Agents(ctx context.Context) ([]store.Agent, error) {
	return all(ctx, s, s.agents, func(a, b store.Agent) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
}

// PutTeam implements store.Staff.
func (s *Store) PutTeam(ctx context.Context, t staff.Team, acts ...store.Act) error {
	return put(ctx, s, s.teams, t.Slug, t.Clone(), acts)
}

// Team implements store.Staff.
func (s *Store) Team(ctx context.Context, slug string) (staff.Team, error) {
	t, err := find(ctx, s, s.teams, "team", func(t staff.Team) bool { return t.Slug == slug })
	return t.Clone(), err
}

// Teams implements store.Staff.
func (s *Store) Teams(ctx context.Context) ([]staff.Team, error) {
	teams, err := all(ctx, s, s.teams, func(a, b staff.Team) int { return strings.Compare(a.Slug, b.Slug) })
	for i := range teams {
		teams[i] = teams[i].Clone()
	}
	return teams, err
}

// PutSite implements store.Staff.
func (s *Store) PutSite(ctx context.Context, site staff.Site, acts ...store.Act) error {
	return put(ctx, s, s.sites, site.Slug, site.Clone(), acts)
}

// Site implements store.Staff.
func (s *Store) Site(ctx context.Context, slug string) (staff.Site, error) {
	site, err := find(ctx, s, s.sites, "site", func(site staff.Site) bool { return site.Slug == slug })
	return site.Clone(), err
}

// Sites implements store.Staff.
func (s *Store) Sites(ctx context.Context) ([]staff.Site, error) {
	sites, err := all(ctx, s, s.sites, func(a, b staff.Site) int { return strings.Compare(a.Slug, b.Slug) })
	for i := range sites {
		sites[i] = sites[i].Clone()
	}
	return sites, err
}

// visitor returns the one with the id that which finds.
func (s *Store) visitor(ctx context.Context, which func() string) (store.Visitor, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return store.Visitor{}, err
	}
	defer done()
	v, ok := s.visitors[which()]
	if !ok {
		return v, chat.Errorf(chat.NotFound, "no such visitor")
	}
	return v, nil
}

// find returns the one row that is wanted.
func find[T any](ctx context.Context, s *Store, rows map[string]T, what string, wanted func(T) bool) (T, error) {
	var none T
	done, err := s.enter(ctx)
	if err != nil {
		return none, err
	}
	defer done()
	for _, row := range rows {
		if wanted(row) {
			return row, nil
		}
	}
	return none, chat.Errorf(chat.NotFound, "no such %s", what)
}

func all[T any](ctx context.Context, s *Store, rows map[string]T, order func(a, b T) int) ([]T, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return slices.SortedFunc(maps.Values(rows), order), nil
}

func put[T any](ctx context.Context, s *Store, rows map[string]T, name string, row T, acts []store.Act) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	rows[name] = row
	s.record(acts)
	return nil
}
