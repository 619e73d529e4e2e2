package whatif

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// epoch is the midnight from which virtual time counts.
var epoch = time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC)

// kind is what customers have in common for whom the same agents would do.
type kind struct {
	group    int // of Scenario.Customers
	team     int
	language string
	skills   string // joined by +
	feeling  string
	priority string
	part     float64 // of its group
	weight   int
	strain   int
	stages   []stage // stage i: i of the team's rings have opened
	raised   stage
}

// stage is a kind's ticket as routing.Of makes it at some time of the wait, and the class that it stands in.
type stage struct {
	ticket routing.Ticket
	class  int
}

// draws are the attributes of one group of customers, to draw from. Kinds are laid out in the order of the lists, so that
// the index is a sum.
type draws struct {
	first int // index of the group's first kind
	lists [4][]Share
}

// kindsOf lists all kinds of a scenario. classes tells, for each team, how many classes its line has.
func kindsOf(s *Scenario) (all []kind, groups []draws, classes []int) {
	names := make([]map[string]int, len(s.Teams))
	for i := range names {
		names[i] = map[string]int{}
	}
	for g, c := range s.Customers {
		d := draws{first: len(all), lists: [4][]Share{rest(c.Languages), rest(c.Skills), rest(c.Feelings), rest(c.Priorities)}}
		team := slices.IndexFunc(s.Teams, func(t Team) bool { return t.Slug == c.Team })
		for _, l := range d.lists[0] {
			for _, sk := range d.lists[1] {
				for _, f := range d.lists[2] {
					for _, p := range d.lists[3] {
						k := kind{group: g, team: team, language: l.Name, skills: sk.Name, feeling: f.Name, priority: p.Name, part: l.Part * sk.Part * f.Part * p.Part}
						k.tickets(s.Teams[team].Team, names[team])
						all = append(all, k)
					}
				}
			}
		}
		groups = append(groups, d)
	}
	for _, n := range names {
		classes = append(classes, len(n))
	}
	return all, groups, classes
}

// rest adds those who have nothing of the list.
func rest(list []Share) []Share {
	left := 1.0
	for _, s := range list {
		left -= s.Part
	}
	if left < 1e-9 {
		left = 0
	}
	return append(slices.Clone(list), Share{Part: left})
}

// draw says which kind the next customer of the group is.
func (d *draws) draw(r *rand.Rand) int {
	at := 0
	for _, list := range d.lists {
		at = at*len(list) + drawShare(list, r.Float64())
	}
	return d.first + at
}

func drawShare(list []Share, x float64) int {
	last := len(list) - 1
	for i, s := range list {
		if s.Part > 0 {
			last = i
		}
		if x -= s.Part; x < 0 {
			return i
		}
	}
	return last // what rounding left over
}

// openings are the times of a wait at which one more of the team's rings has opened.
func openings(t staff.Team) []time.Duration {
	var at []time.Duration
	for _, r := range t.Rings {
		at = append(at, r.After)
	}
	slices.Sort(at)
	return slices.Compact(at)
}

func (k *kind) tickets(team staff.Team, classes map[string]int) {
	c := chat.Conversation{
		ID: "c", Team: team.Slug, State: chat.Waiting, Language: k.language, Skills: skillsOf(k.skills), Priority: k.priority,
		Feeling: chat.Feeling{Name: k.feeling}, Reason: chat.ReasonAsked, WaitingSince: epoch.AddDate(0, 0, 2), CustomerLast: true,
	}
	if k.feeling == "" {
		c.Feeling.Name = chat.Calm
	}
	after := func(waited time.Duration) stage {
		t := routing.Of(c, team, c.WaitingSince.Add(waited))
		class, ok := classes[t.Class()]
		if !ok {
			class = len(classes)
			classes[t.Class()] = class
		}
		return stage{t, class}
	}
	k.weight = routing.Weight(c, c.WaitingSince)
	k.strain = max(0, k.weight-routing.Usual) // as plan.Strain has it
	k.stages = append(k.stages, after(-1))
	for _, d := range openings(team) {
		k.stages = append(k.stages, after(d))
	}
	c.Raised = true
	k.raised = after(routing.MaxHeadStart)
}

func skillsOf(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, "+")
}

// servable tells whether anybody could be given such a customer at some time of the wait.
func (st *stage0) servable(k *kind) bool {
	for _, g := range st.s.Agents {
		a := routing.Candidate{Agent: "a", Teams: g.Teams, Skills: g.Skills, Languages: g.Languages, Supervisor: g.Supervisor}
		for _, s := range k.stages {
			if g.Count > 0 && g.There > 0 && s.ticket.Serves(&a) {
				return true
			}
		}
	}
	return false
}

// hardFeeling tells whether a conversation with the feeling weighs more than a usual one.
func hardFeeling(name string) bool {
	return routing.Weight(chat.Conversation{State: chat.Waiting, Feeling: chat.Feeling{Name: name}}, epoch) > routing.Usual
}
