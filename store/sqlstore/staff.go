package sqlstore

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// PutAgent implements store.Staff.
func (s *Store) PutAgent(ctx context.Context, a store.Agent, acts ...store.Act) error {
	var disabled driver.Value
	if a.DisabledAt != nil {
		disabled = millis(*a.DisabledAt)
	}
	return s.write(ctx, func(w *writer) error {
		if other, err := w.row(make([]driver.Value, 1), `SELECT 1 FROM agents WHERE folded_email = $1 AND agent <> $2`, store.FoldEmail(a.Email), a.ID); err != nil {
			return err
		} else if other {
			return refuse(chat.Errorf(chat.Conflict, "the e-mail address is another agent's"))
		}
		if _, err := w.exec(`INSERT INTO agents (agent, email, folded_email, name, role, password_hash, skills, teams, languages,
				capacity, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
			ON CONFLICT (agent) DO UPDATE SET email = excluded.email, folded_email = excluded.folded_email, name = excluded.name,
				role = excluded.role, password_hash = excluded.password_hash, skills = excluded.skills, teams = excluded.teams,
				languages = excluded.languages, capacity = excluded.capacity, created_at = excluded.created_at,
				disabled_at = excluded.disabled_at`,
			a.ID, a.Email, store.FoldEmail(a.Email), a.Name, string(a.Role), a.PasswordHash, listText(a.Skills), listText(a.Teams),
			listText(a.Languages), int64(a.Capacity), millis(a.CreatedAt), disabled); err != nil {
			return err
		}
		return record(w, acts)
	})
}

const selectAgent = `SELECT agent, email, name, role, password_hash, skills, teams, languages, capacity, created_at, disabled_at FROM agents `

func scanAgent(r scanner) (a store.Agent, err error) {
	var skills, teams, languages string
	var created int64
	var disabled *int64
	if err := r.Scan(&a.ID, &a.Email, &a.Name, &a.Role, &a.PasswordHash, &skills, &teams, &languages, &a.Capacity, &created, &disabled); err != nil {
		return a, err
	}
	var errs [3]error
	a.Skills, errs[0] = listOf(skills)
	a.Teams, errs[1] = listOf(teams)
	a.Languages, errs[2] = listOf(languages)
	a.CreatedAt = timeOf(created)
	if disabled != nil {
		at := timeOf(*disabled)
		a.DisabledAt, a.Disabled = &at, true
	}
	return a, errors.Join(errs[:]...)
}

// Agent implements store.Staff.
func (s *Store) Agent(ctx context.Context, id string) (store.Agent, error) {
	return the(ctx, s, "agent", scanAgent, selectAgent+`WHERE agent = $1`, id)
}

// AgentByEmail implements store.Staff.
func (s *Store) AgentByEmail(ctx context.Context, email string) (store.Agent, error) {
	return the(ctx, s, "agent", scanAgent, selectAgent+`WHERE folded_email = $1`, store.FoldEmail(email))
}

// Agents implements store.Staff. They are put in order here, for databases do not agree on what comes first.
func (s *Store) Agents(ctx context.Context) ([]store.Agent, error) {
	all, err := many(ctx, s, scanAgent, selectAgent)
	slices.SortFunc(all, func(a, b store.Agent) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return all, err
}

// PutTeam implements store.Staff.
func (s *Store) PutTeam(ctx context.Context, t staff.Team, acts ...store.Act) error {
	rules, err := teamRulesText(t)
	if err != nil {
		return err
	}
	p := t.Patience
	return s.put(ctx, acts, `INSERT INTO teams (team, name, assignment, capacity, first_answer_ms, next_answer_ms, word_ms, offer_ms, rules)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (team) DO UPDATE SET name = excluded.name, assignment = excluded.assignment, capacity = excluded.capacity,
			first_answer_ms = excluded.first_answer_ms, next_answer_ms = excluded.next_answer_ms, word_ms = excluded.word_ms,
			offer_ms = excluded.offer_ms, rules = excluded.rules`,
		t.Slug, t.Name, string(t.Assignment), int64(t.Capacity), p.FirstAnswer.Milliseconds(), p.NextAnswer.Milliseconds(),
		p.Word.Milliseconds(), p.Offer.Milliseconds(), rules)
}

const selectTeam = `SELECT team, name, assignment, capacity, first_answer_ms, next_answer_ms, word_ms, offer_ms, rules FROM teams `

func scanTeam(r scanner) (t staff.Team, err error) {
	var first, next, word, offer int64
	var rules string
	if err := r.Scan(&t.Slug, &t.Name, &t.Assignment, &t.Capacity, &first, &next, &word, &offer, &rules); err != nil {
		return t, err
	}
	t.Patience = staff.Patience{
		FirstAnswer: ofMillis(first), NextAnswer: ofMillis(next), Word: ofMillis(word), Offer: ofMillis(offer),
	}
	return t, readTeamRules(&t, rules)
}

// Team implements store.Staff.
func (s *Store) Team(ctx context.Context, slug string) (staff.Team, error) {
	return the(ctx, s, "team", scanTeam, selectTeam+`WHERE team = $1`, slug)
}

// Teams implements store.Staff.
func (s *Store) Teams(ctx context.Context) ([]staff.Team, error) {
	all, err := many(ctx, s, scanTeam, selectTeam)
	slices.SortFunc(all, func(a, b staff.Team) int { return strings.Compare(a.Slug, b.Slug) })
	return all, err
}

// PutSite implements store.Staff.
func (s *Store) PutSite(ctx context.Context, site staff.Site, acts ...store.Act) error {
	rules, err := siteRulesText(site)
	if err != nil {
		return err
	}
	return s.put(ctx, acts, `INSERT INTO sites (site, name, origins, team, language, rules) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (site) DO UPDATE SET name = excluded.name, origins = excluded.origins, team = excluded.team, language = excluded.language,
			rules = excluded.rules`,
		site.Slug, site.Name, listText(site.Origins), site.Team, site.Language, rules)
}

const selectSite = `SELECT site, name, origins, team, language, rules FROM sites `

func scanSite(r scanner) (site staff.Site, err error) {
	var origins, rules string
	if err := r.Scan(&site.Slug, &site.Name, &origins, &site.Team, &site.Language, &rules); err != nil {
		return site, err
	}
	if site.Origins, err = listOf(origins); err != nil {
		return site, err
	}
	return site, readSiteRules(&site, rules)
}

// Site implements store.Staff.
func (s *Store) Site(ctx context.Context, slug string) (staff.Site, error) {
	return the(ctx, s, "site", scanSite, selectSite+`WHERE site = $1`, slug)
}

// Sites implements store.Staff.
func (s *Store) Sites(ctx context.Context) ([]staff.Site, error) {
	all, err := many(ctx, s, scanSite, selectSite)
	slices.SortFunc(all, func(a, b staff.Site) int { return strings.Compare(a.Slug, b.Slug) })
	return all, err
}

// put stores one row that nothing can stand in the way of, and the acts that go with it.
func (s *Store) put(ctx context.Context, acts []store.Act, query string, args ...driver.Value) error {
	return s.write(ctx, func(w *writer) error {
		if _, err := w.exec(query, args...); err != nil {
			return err
		}
		return record(w, acts)
	})
}
