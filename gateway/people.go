package gateway

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

type teamItem struct {
	Team       string           `json:"team"`
	Name       string           `json:"name"`
	Assignment staff.Assignment `json:"assignment"`
	Capacity   int              `json:"capacity"`
}

func teamItemOf(t staff.Team) teamItem {
	return teamItem{t.Slug, t.Name, t.Assignment, t.Capacity}
}

func (g *Gateway) getTeams(w http.ResponseWriter, r *http.Request, a store.Agent) {
	teams, err := listed(r, a, g.store.Teams, teamItemOf, func(t teamItem) string { return t.Team })
	g.answer(w, r, teams, err)
}

type agentItem struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Role   staff.Role `json:"role"`
	Status string     `json:"status"`
	Skills []string   `json:"skills"`
	Teams  []string   `json:"teams"`
}

func (g *Gateway) getAgents(w http.ResponseWriter, r *http.Request, a store.Agent) {
	agents := func(ctx context.Context) ([]store.Agent, error) {
		all, err := g.store.Agents(ctx)
		all = slices.DeleteFunc(all, store.Agent.IsDisabled)
		slices.SortFunc(all, func(a, b store.Agent) int { return strings.Compare(a.ID, b.ID) })
		return all, err
	}
	item := func(a store.Agent) agentItem {
		return agentItem{a.ID, a.Name, a.Role, "", append([]string{}, a.Skills...), append([]string{}, a.Teams...)}
	}
	people, err := listed(r, a, agents, item, func(a agentItem) string { return a.ID })
	for i := range people.Items {
		people.Items[i].Status = g.desk.Attendance(r.Context(), people.Items[i].ID).Status
	}
	g.answer(w, r, people, err)
}

// listed answers a list that everybody in the house may see.
func listed[S, T any](r *http.Request, a store.Agent, read func(context.Context) ([]S, error), item func(S) T, key func(T) string) (list[T], error) {
	if err := may(a, staff.SeePeople); err != nil {
		return list[T]{}, err
	}
	page, err := pageOf(r)
	if err != nil {
		return list[T]{}, err
	}
	all, err := read(r.Context())
	if err != nil {
		return list[T]{}, err
	}
	items := make([]T, len(all))
	for i, s := range all {
		items[i] = item(s)
	}
	return part(items, page, key), nil
}

// act is what the audit keeps of a change.
func (g *Gateway) act(r *http.Request, a store.Agent, verb, object string) store.Act {
	return store.Act{At: g.clock().UTC(), Actor: a.ID, Address: counted(g.proxies.client(r)), Verb: verb, Object: object}
}

type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type visitItem struct {
	Conversation string       `json:"conversation"`
	State        chat.State   `json:"state"`
	OpenedAt     string       `json:"opened_at"`
	ClosedAt     *string      `json:"closed_at"`
	About        string       `json:"about"`
	Outcome      string       `json:"outcome"`
	Feeling      string       `json:"feeling"`
	Quote        string       `json:"quote"`
	Agent        *person      `json:"agent"`
	Rating       *chat.Rating `json:"rating"`
}

func visitItemOf(v wire.Visited) visitItem {
	c := &v.Conversation
	item := visitItem{
		Conversation: c.ID, State: c.State, OpenedAt: stamp(c.OpenedAt), About: v.Visit.About, Outcome: v.Visit.Outcome,
		Feeling: v.Visit.Feeling, Quote: c.Quote, Rating: c.Rating,
	}
	if !c.ClosedAt.IsZero() {
		at := stamp(c.ClosedAt)
		item.ClosedAt = &at
	}
	if c.Agent != "" {
		item.Agent = &person{c.Agent, c.Names[c.Agent]}
	}
	return item
}

func stamp(t time.Time) string { return t.UTC().Format(wire.TimeFormat) }

// getVisits lists a visitor's conversations as far as the agent may see them.
func (g *Gateway) getVisits(w http.ResponseWriter, r *http.Request, a store.Agent) {
	page, err := pageOf(r)
	visitor, noVisitor := visitorOf(r)
	if err == nil {
		err = noVisitor
	}
	if err != nil {
		g.answer(w, r, nil, err)
		return
	}
	visits, next, err := g.desk.Visits(r.Context(), staff.AsAgent(a.Agent), visitor, page)
	if err != nil {
		g.answer(w, r, nil, err)
		return
	}
	items := make([]visitItem, len(visits))
	for i, v := range visits {
		items[i] = visitItemOf(v)
	}
	g.answer(w, r, list[visitItem]{Items: items, Next: cursor(next)}, nil)
}
