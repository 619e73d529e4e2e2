package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// The teams of this world. What support cannot serve for a while, sales may.
var teams = []string{"support", "sales"}

// headStart is what who is angry, or was failed by the bot, has before others.
const headStart = 30 * time.Second

// furnish sets the house up: teams, a site, agents, nodes.
func (w *world) furnish() {
	w.unwilling = w.IntN(8) == 0
	for _, slug := range teams {
		t := staff.NewTeam(slug, slug)
		t.Assignment = []staff.Assignment{staff.Auto, staff.Offered, staff.Auto}[w.IntN(3)]
		if slug == "sales" && w.IntN(4) == 0 {
			t.Assignment = staff.ByHand
		}
		t.Capacity = 1 + w.IntN(4)
		t.Rings = []staff.Ring{{After: 40 * time.Second, AnyLanguage: true}}
		if slug == "support" {
			t.Rings = append(t.Rings, staff.Ring{After: 90 * time.Second, Team: "sales"})
		}
		t.Patience = staff.Patience{
			FirstAnswer: 20 * time.Second, NextAnswer: 20 * time.Second, Word: 30 * time.Second, Offer: 10 * time.Second,
			Silence: 40 * time.Second, Close: 40 * time.Second, Cooldown: 15 * time.Second,
		}
		t.HeadStarts = map[string]time.Duration{
			"feeling:" + chat.Angry: headStart, "reason:" + chat.ReasonFeeling: headStart, "reason:" + chat.ReasonBotFailed: headStart,
		}
		if w.IntN(2) == 0 {
			t.Rest.After = 20 * time.Second
		}
		if w.unwilling {
			t.Assignment, t.Patience.Offer, t.Patience.Cooldown = staff.Offered, 5*time.Second, 4*time.Second
		}
		if w.IntN(3) == 0 { // who answers, and who is waited for, is given time
			t.Patience.FirstAnswer, t.Patience.NextAnswer, t.Patience.Silence, t.Patience.Close = time.Minute, time.Minute, 3*time.Minute, 3*time.Minute
		}
		w.teams[slug] = t
		w.must(w.store.PutTeam(w.ctx, t))
		w.say("team %s: %s, %d at once, %v after a hard one", slug, t.Assignment, t.Capacity, t.Rest.After)
	}
	w.must(w.store.PutSite(w.ctx, staff.Site{Slug: "shop", Name: "Shop", Team: "support", Language: "fi"}))
	for i := range 2 + w.IntN(11) {
		a := staff.Agent{ID: w.newID(), Name: fmt.Sprint("agent ", i), Email: fmt.Sprintf("a%d@kohta.example", i), Role: staff.RoleAgent, Teams: []string{teams[w.IntN(2)]}}
		if i == 0 || w.IntN(4) == 0 {
			a.Role, a.Teams = staff.RoleSupervisor, teams
		}
		if w.IntN(2) == 0 {
			a.Languages = []string{[]string{"fi", "sv", "en"}[w.IntN(3)]}
		}
		w.must(w.store.PutAgent(w.ctx, store.Agent{Agent: a, CreatedAt: w.clock}))
		w.say("%s %s: %s of %v, writes %v", a.Name, short(a.ID), a.Role, a.Teams, a.Languages)
		w.agents = append(w.agents, newAgent(w, a))
	}
	for i := range 2 + w.IntN(3) {
		w.nodes = append(w.nodes, &node{w: w, name: fmt.Sprint("node ", i), lag: w.between(-time.Hour, time.Hour)})
	}
}

func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

// populate lets customers come, most at the beginning, and agents begin to work.
func (w *world) populate() {
	n := 20 + int(180*math.Pow(w.Float64(), 20)) // most houses are small, and some are not
	for i := range n {
		c := newCustomer(w, i)
		w.customers = append(w.customers, c)
		w.after(w.between(0, faultsFor/2), c.live)
	}
	for _, a := range w.agents {
		least, most := time.Duration(0), 20*time.Second
		if w.unwilling && a.Role != staff.RoleAgent {
			least, most = faultsFor-40*time.Second, faultsFor
		}
		w.after(w.between(least, most), a.live)
	}
}
