package whatif

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Changes are what Change understands, for help.
const Changes = "agents=+2, agents=-1, only=sv:1, arrivals=+20%, handling=-10%, patience=5m, capacity=3, slower=20, assignment=offer, rest=5m; each for one team with its slug in front: support/agents=+1"

// Change returns the scenario with one thing changed, as a supervisor would say it:
//
//	agents=+2      two more, like the largest group; agents=-1 takes one away from it
//	only=sv:1      of those who write the language, or have the skill, only the first so many do
//	arrivals=+20%  more customers; or a factor: arrivals=x1.5. handling= in the same way
//	patience=5m    never: nobody gives up
//	capacity=3     of all agents; slower=20: each other conversation makes them a fifth slower; assignment=auto|offer, rest=5m of teams
func (s Scenario) Change(words string) (Scenario, error) {
	key, value, ok := strings.Cut(words, "=")
	if !ok {
		return s, chat.Errorf(chat.Invalid, "what if %q? Write it like %s", words, Changes)
	}
	team, what, one := strings.Cut(key, "/")
	if !one {
		team, what = "", key
	}
	s = s.Clone()
	if team != "" && !s.hasTeam(team) {
		return s, chat.Errorf(chat.Invalid, "what if %s: there is no team %q; there are: %s", words, team, s.teamNames())
	}
	if err := s.change(what, strings.TrimSpace(value), team); err != nil {
		return s, chat.Errorf(chat.Invalid, "what if %s: %s", words, err)
	}
	return s, nil
}

func (s *Scenario) change(what, value, team string) error {
	switch what {
	case "agents":
		return s.changeAgents(value, team)
	case "only":
		return s.changeOnly(value, team)
	case "arrivals", "handling":
		by, err := factor(value)
		for i := range s.Customers {
			if c := &s.Customers[i]; (team == "" || c.Team == team) && err == nil {
				c.scale(what, by)
			}
		}
		return err
	case "patience":
		d, err := parsePatience(value)
		for i := range s.Customers {
			if team == "" || s.Customers[i].Team == team {
				s.Customers[i].Patience = d
			}
		}
		return err
	case "capacity", "slower":
		return s.changeEach(what, value, team)
	case "assignment", "rest":
		return s.changeTeams(what, value, team)
	}
	return chat.Errorf(chat.Invalid, "%q cannot be changed so; there are: %s", what, Changes)
}

func (c *Customers) scale(what string, by float64) {
	if what == "handling" {
		c.Handling.Mean = scaled(c.Handling.Mean, by)
		return
	}
	for h := range c.Hourly {
		c.Hourly[h] *= by
	}
}

// changeAgents adds to the largest group, or takes away from the largest groups.
func (s *Scenario) changeAgents(value, team string) error {
	n, err := strconv.Atoi(value)
	if err != nil || value[0] != '+' && value[0] != '-' || n < -MaxAgents || n > MaxAgents {
		return chat.Errorf(chat.Invalid, "write how many more or fewer, like agents=+2 or agents=-1")
	}
	largest := func() *Agents {
		var most *Agents
		for i := range s.Agents {
			a := &s.Agents[i]
			if (team == "" || slices.Contains(a.Teams, team)) && (most == nil || a.Count > most.Count) {
				most = a
			}
		}
		return most
	}
	if largest() == nil {
		return chat.Errorf(chat.Invalid, "there are no agents whom the new ones could be like")
	}
	for ; n < 0; n++ {
		a := largest()
		if a.Count == 0 {
			return chat.Errorf(chat.Invalid, "there are not so many agents")
		}
		a.Count--
	}
	if n > 0 {
		like := *largest()
		like.Count, like.Name = n, fmt.Sprintf("%d more, like %s", n, like.Name)
		s.Agents = append(s.Agents, like)
	}
	return nil
}

// changeOnly leaves a language or a skill to the first so many of those who have it.
func (s *Scenario) changeOnly(value, team string) error {
	name, count, _ := strings.Cut(value, ":")
	keep, err := strconv.Atoi(count)
	if err != nil || keep < 0 || name == "" {
		return chat.Errorf(chat.Invalid, "write a language or skill and how many are to have it, like only=sv:1")
	}
	var languages []string
	for _, c := range s.Customers {
		for _, l := range c.Languages {
			languages = append(languages, l.Name)
		}
	}
	isLanguage := slices.Contains(languages, name)
	var all []Agents
	known := isLanguage
	for _, a := range s.Agents {
		has := slices.Contains(a.Skills, name)
		if isLanguage {
			has = len(a.Languages) == 0 || slices.Contains(a.Languages, name)
		}
		known = known || has
		if !has || team != "" && !slices.Contains(a.Teams, team) || a.Count <= keep {
			if has && (team == "" || slices.Contains(a.Teams, team)) {
				keep -= a.Count
			}
			all = append(all, a)
			continue
		}
		with, without := a, a
		with.Count, without.Count = keep, a.Count-keep
		without.Skills = remove(a.Skills, name)
		if isLanguage {
			if len(a.Languages) == 0 {
				without.Languages = slices.Compact(slices.Sorted(slices.Values(languages)))
			}
			without.Languages = remove(without.Languages, name)
			if len(without.Languages) == 0 {
				without.Languages = []string{"none"} // for no language at all would be all of them
			}
			without.Skills = a.Skills
		}
		without.Name = a.Name + ", no " + name
		if with.Count > 0 {
			all = append(all, with)
		}
		all = append(all, without)
		keep -= with.Count
	}
	if !known {
		return chat.Errorf(chat.Invalid, "no customer writes %s and no agent has it as a skill", name)
	}
	s.Agents = all
	return nil
}

func remove(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

func (s *Scenario) changeEach(what, value, team string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64)
	switch {
	case what == "capacity" && (err != nil || n != math.Trunc(n) || n < 1 || n > maxCapacity):
		return chat.Errorf(chat.Invalid, "a capacity is 1 to %d, not %q", maxCapacity, value)
	case err != nil || !(n >= 0):
		return chat.Errorf(chat.Invalid, "write by how many percent for each other conversation, like slower=20, not %q", value)
	}
	for i := range s.Agents {
		if a := &s.Agents[i]; team != "" && !slices.Contains(a.Teams, team) {
			continue
		} else if what == "capacity" {
			a.Capacity = int(n)
		} else {
			a.Slower = n / 100
		}
	}
	return nil
}

func (s *Scenario) changeTeams(what, value, team string) error {
	for i := range s.Teams {
		t := &s.Teams[i]
		if team != "" && t.Slug != team {
			continue
		}
		if what == "assignment" {
			t.Assignment = staff.Assignment(value)
			continue
		}
		d, err := parseDuration(value)
		if err != nil {
			return err
		}
		t.Rest.After = d
	}
	return nil
}

// factor reads +20%, -10% or x1.5.
func factor(value string) (float64, error) {
	if x, ok := strings.CutPrefix(value, "x"); ok {
		return parseNumber(x)
	}
	percent, ok := strings.CutSuffix(value, "%")
	if x, err := strconv.ParseFloat(percent, 64); ok && err == nil && x > -100 && x < 1e6 && (value[0] == '+' || value[0] == '-') {
		return 1 + x/100, nil
	}
	return 0, chat.Errorf(chat.Invalid, "write it like +20%%, -10%% or x1.5, not %q", value)
}
