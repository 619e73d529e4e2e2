package gateway

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// teamSettings are all that is set of a team. Durations are whole seconds.
type teamSettings struct {
	teamItem
	Patience   patienceItem     `json:"patience"`
	Hours      *hoursItem       `json:"hours"`
	Rings      []ringItem       `json:"rings"`
	HeadStarts map[string]int64 `json:"head_starts_s"`
	Rest       int64            `json:"rest_s"`
	Advice     []string         `json:"advice"`
}

type patienceItem struct {
	FirstAnswer int64 `json:"first_answer_s"`
	NextAnswer  int64 `json:"next_answer_s"`
	Word        int64 `json:"word_s"`
	Offer       int64 `json:"offer_s"`
	Silence     int64 `json:"silence_s"`
	Close       int64 `json:"close_s"`
	Cooldown    int64 `json:"cooldown_s"`
}

type ringItem struct {
	After       int64  `json:"after_s"`
	AnyLanguage bool   `json:"any_language"`
	AnySkills   bool   `json:"any_skills"`
	Team        string `json:"team"`
}

type hoursItem struct {
	Zone       string             `json:"zone"`
	Week       [][]staff.Interval `json:"week"` // Monday first
	Holidays   string             `json:"holidays"`
	Exceptions []staff.Exception  `json:"exceptions"`
}

func teamSettingsOf(t staff.Team) teamSettings {
	p := t.Patience
	s := teamSettings{
		teamItem: teamItemOf(t), Hours: hoursItemOf(t.Hours), Rings: []ringItem{}, HeadStarts: map[string]int64{},
		Rest: seconds(t.Rest.After), Advice: []string{},
		Patience: patienceItem{
			seconds(p.FirstAnswer), seconds(p.NextAnswer), seconds(p.Word), seconds(p.Offer), seconds(p.Silence), seconds(p.Close),
			seconds(p.Cooldown),
		},
	}
	for _, r := range t.Rings {
		s.Rings = append(s.Rings, ringItem{seconds(r.After), r.AnyLanguage, r.AnySkills, r.Team})
	}
	for key, d := range t.HeadStarts {
		s.HeadStarts[key] = seconds(d)
	}
	return s
}

func hoursItemOf(h *staff.Hours) *hoursItem {
	if h == nil {
		return nil
	}
	item := &hoursItem{Zone: h.Zone, Week: make([][]staff.Interval, len(h.Week)), Holidays: h.Holidays, Exceptions: []staff.Exception{}}
	for day := range h.Week {
		item.Week[day] = append([]staff.Interval{}, h.Week[day]...)
	}
	for _, e := range h.Exceptions {
		e.Intervals = append([]staff.Interval{}, e.Intervals...)
		item.Exceptions = append(item.Exceptions, e)
	}
	return item
}

func (h *hoursItem) hours() (*staff.Hours, error) {
	if h == nil {
		return nil, nil
	}
	hours := &staff.Hours{Zone: h.Zone, Holidays: h.Holidays, Exceptions: h.Exceptions}
	if len(h.Week) != len(hours.Week) {
		return nil, invalid(fmt.Sprintf("The field hours.week has seven days, Monday first, and not %d.", len(h.Week)))
	}
	copy(hours.Week[:], h.Week)
	return hours, nil
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// ofSeconds keeps what is out of every bound out of bounds.
func ofSeconds(n int64) time.Duration {
	const more = 1_000_000_000
	return time.Duration(min(max(n, -more), more)) * time.Second
}

// change changes what a body names, and returns what is wrong with the first of it that cannot be, by name.
func (s *teamSettings) change(t *staff.Team, members map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if err := s.member(t, name, members[name]); err != nil {
			return err
		}
	}
	return nil
}

// teamNames are the fields of a team that can be changed.
var teamNames = [...]string{"name", "assignment", "capacity", "patience", "hours", "rings", "head_starts_s", "rest_s"}

func (s *teamSettings) member(t *staff.Team, name string, value []byte) error {
	switch name {
	case "name":
		return unmarshal(name, value, &t.Name)
	case "assignment":
		return unmarshal(name, value, &t.Assignment)
	case "capacity":
		return unmarshal(name, value, &t.Capacity)
	case "patience":
		return s.patience(t, value)
	case "hours":
		return hoursMember(value, &t.Hours)
	case "rings":
		if err := unmarshal(name, value, &s.Rings); err != nil {
			return err
		}
		t.Rings = nil
		for _, r := range s.Rings {
			t.Rings = append(t.Rings, staff.Ring{After: ofSeconds(r.After), AnyLanguage: r.AnyLanguage, AnySkills: r.AnySkills, Team: r.Team})
		}
	case "head_starts_s":
		if err := unmarshal(name, value, &s.HeadStarts); err != nil {
			return err
		}
		t.HeadStarts = map[string]time.Duration{}
		for key, n := range s.HeadStarts {
			t.HeadStarts[key] = ofSeconds(n)
		}
	case "rest_s":
		if err := unmarshal(name, value, &s.Rest); err != nil {
			return err
		}
		t.Rest.After = ofSeconds(s.Rest)
	default:
		return unknownField("A field", teamNames[:])
	}
	return nil
}

// patience leaves alone what the body does not name: also what it holds beside whole seconds.
func (s *teamSettings) patience(t *staff.Team, value []byte) error {
	before := s.Patience
	if err := merge("patience", value, &s.Patience); err != nil {
		return err
	}
	p, now := &t.Patience, s.Patience
	for _, f := range []struct {
		of       *time.Duration
		old, new int64
	}{
		{&p.FirstAnswer, before.FirstAnswer, now.FirstAnswer}, {&p.NextAnswer, before.NextAnswer, now.NextAnswer},
		{&p.Word, before.Word, now.Word}, {&p.Offer, before.Offer, now.Offer}, {&p.Silence, before.Silence, now.Silence},
		{&p.Close, before.Close, now.Close}, {&p.Cooldown, before.Cooldown, now.Cooldown},
	} {
		if f.new != f.old {
			*f.of = ofSeconds(f.new)
		}
	}
	return nil
}

func hoursMember(value []byte, h **staff.Hours) (err error) {
	var item *hoursItem
	if err := unmarshal("hours", value, &item); err != nil {
		return err
	}
	*h, err = item.hours()
	return err
}

func (g *Gateway) getTeam(w http.ResponseWriter, r *http.Request, a store.Agent) {
	t, err := g.team(r, a)
	g.answerTeam(w, r, t, err)
}

// team is the team that a request names, for those who manage teams.
func (g *Gateway) team(r *http.Request, a store.Agent) (staff.Team, error) {
	if err := may(a, staff.ManageTeams); err != nil {
		return staff.Team{}, err
	}
	return g.store.Team(r.Context(), r.PathValue("slug"))
}

func (g *Gateway) patchTeam(w http.ResponseWriter, r *http.Request, a store.Agent) {
	t, err := g.team(r, a)
	if err == nil {
		err = g.changeTeam(w, r, a, &t)
	}
	g.answerTeam(w, r, t, mend(err))
}

func (g *Gateway) changeTeam(w http.ResponseWriter, r *http.Request, a store.Agent, t *staff.Team) error {
	_, members, err := readObject(w, r)
	if err != nil {
		return err
	}
	s := teamSettingsOf(*t)
	if err := s.change(t, members); err != nil {
		return err
	}
	if err := t.Check(); err != nil {
		return err
	}
	teams, err := g.store.Teams(r.Context())
	if err != nil {
		return err
	}
	if err := t.CheckAmong(teams); err != nil {
		return err
	}
	return g.store.PutTeam(r.Context(), *t, g.act(r, a, "set_team", t.Slug))
}

func (g *Gateway) answerTeam(w http.ResponseWriter, r *http.Request, t staff.Team, err error) {
	s := teamSettingsOf(t)
	if err == nil {
		s.Advice, err = g.advice(r.Context())
	}
	g.answer(w, r, s, err)
}

// advice is what can be kept and is likely to be a mistake, all over the house.
func (g *Gateway) advice(ctx context.Context) ([]string, error) {
	var h staff.House
	var err error
	if h.Teams, err = g.store.Teams(ctx); err != nil {
		return nil, err
	}
	if h.Sites, err = g.store.Sites(ctx); err != nil {
		return nil, err
	}
	agents, err := g.store.Agents(ctx)
	for _, a := range agents {
		a.Agent.Disabled = a.IsDisabled()
		h.Agents = append(h.Agents, a.Agent)
	}
	return append([]string{}, h.Advice(g.clock())...), err
}

// siteSettings are all that is set of a site.
type siteSettings struct {
	Site     string     `json:"site"`
	Name     string     `json:"name"`
	Origins  []string   `json:"origins"`
	Team     string     `json:"team"`
	Language string     `json:"language"`
	Hours    *hoursItem `json:"hours"`
	Advice   []string   `json:"advice"`
}

// siteNames are the fields of a site that can be changed.
var siteNames = [...]string{"name", "origins", "team", "language", "hours"}

func siteMember(s *staff.Site, name string, value []byte) error {
	switch name {
	case "name":
		return unmarshal(name, value, &s.Name)
	case "origins":
		return unmarshal(name, value, &s.Origins)
	case "team":
		return unmarshal(name, value, &s.Team)
	case "language":
		return unmarshal(name, value, &s.Language)
	case "hours":
		return hoursMember(value, &s.Hours)
	}
	return unknownField("A field", siteNames[:])
}

func (g *Gateway) getSite(w http.ResponseWriter, r *http.Request, a store.Agent) {
	s, err := g.site(r, a)
	g.answerSite(w, r, s, err)
}

// site is the site that a request names, for those who manage sites.
func (g *Gateway) site(r *http.Request, a store.Agent) (staff.Site, error) {
	if err := may(a, staff.ManageSites); err != nil {
		return staff.Site{}, err
	}
	return g.store.Site(r.Context(), r.PathValue("slug"))
}

func (g *Gateway) patchSite(w http.ResponseWriter, r *http.Request, a store.Agent) {
	s, err := g.site(r, a)
	if err == nil {
		err = g.changeSite(w, r, a, &s)
	}
	g.answerSite(w, r, s, mend(err))
}

func (g *Gateway) changeSite(w http.ResponseWriter, r *http.Request, a store.Agent, s *staff.Site) error {
	_, members, err := readObject(w, r)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if err := siteMember(s, name, members[name]); err != nil {
			return err
		}
	}
	if err := s.Check(); err != nil {
		return err
	}
	if _, err = g.store.Team(r.Context(), s.Team); chat.KindOf(err) == chat.NotFound {
		return invalid("There is no team of this name.")
	} else if err != nil {
		return err
	}
	return g.store.PutSite(r.Context(), *s, g.act(r, a, "set_site", s.Slug))
}

func (g *Gateway) answerSite(w http.ResponseWriter, r *http.Request, s staff.Site, err error) {
	item := siteSettings{s.Slug, s.Name, append([]string{}, s.Origins...), s.Team, s.Language, hoursItemOf(s.Hours), []string{}}
	if err == nil {
		item.Advice, err = g.advice(r.Context())
	}
	g.answer(w, r, item, err)
}

// mend lets the words of a refused setting reach who wrote it: they say what to mend, and nothing of the house.
func mend(err error) error {
	if chat.KindOf(err) == chat.Invalid {
		return invalid(err.Error())
	}
	return err
}
