package staff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// CheckAmong refuses, with an error of kind Invalid, a team whose rings lead to a team that is not among those there
// are. It is what Check cannot know.
func (t Team) CheckAmong(teams []Team) error {
	for _, r := range t.Rings {
		if r.Team != "" && r.Team != t.Slug && !hasTeam(teams, r.Team) {
			return chat.Errorf(chat.Invalid, "team %s: the ring after %s leads to team %s, and there is none; there are: %s",
				t.Slug, Brief(r.After), r.Team, strings.Join(slugs(teams), ", "))
		}
	}
	return nil
}

func hasTeam(teams []Team, slug string) bool {
	return slices.ContainsFunc(teams, func(t Team) bool { return t.Slug == slug })
}

func slugs(teams []Team) []string {
	all := make([]string, len(teams))
	for i, t := range teams {
		all[i] = t.Slug
	}
	slices.Sort(all)
	return all
}

// House is all who are there and how they are organised. Disabled agents do not count.
type House struct {
	Teams  []Team
	Sites  []Site
	Agents []Agent
}

// Advice lists what can be kept and is likely to be a mistake, each in a sentence: people in the line would wait longer
// than anybody meant. The same house gets the same advice in the same order.
func (h House) Advice(now time.Time) []string {
	var all []string
	for _, t := range h.Teams {
		all = append(all, h.ofTeam(t, now)...)
	}
	for _, s := range h.Sites {
		if !hasTeam(h.Teams, s.Team) {
			all = append(all, fmt.Sprintf("site %s sends people to team %s, and there is no such team", s.Slug, s.Team))
		} else if members := h.members(s.Team); len(members) > 0 && !anyWrites(members, s.Language) {
			all = append(all, fmt.Sprintf("site %s speaks %s, and nobody in team %s does", s.Slug, s.Language, s.Team))
		}
		if _, ok := s.Hours.Next(now); !ok {
			all = append(all, fmt.Sprintf("site %s does not open again: its dates have passed", s.Slug))
		}
	}
	for _, a := range h.Agents {
		for _, team := range a.Teams {
			if !a.Disabled && !hasTeam(h.Teams, team) {
				all = append(all, fmt.Sprintf("%s is in team %s, and there is no such team: make it (kohta team set %s), or name another (kohta agent set %s --teams …)", a.Email, team, team, a.Email))
			}
		}
	}
	return all
}

func (h House) ofTeam(t Team, now time.Time) (all []string) {
	if err := t.CheckAmong(h.Teams); err != nil {
		all = append(all, err.Error())
	}
	if len(h.members(t.Slug)) == 0 {
		all = append(all, h.empty(t))
	}
	for _, r := range t.Rings {
		if r.Team != "" && hasTeam(h.Teams, r.Team) && len(h.members(r.Team)) == 0 {
			all = append(all, fmt.Sprintf("team %s: after %s people may wait for team %s, and it has no agents", t.Slug, Brief(r.After), r.Team))
		}
	}
	if _, ok := t.Hours.Next(now); !ok {
		all = append(all, fmt.Sprintf("team %s does not open again: its dates have passed", t.Slug))
	}
	return all
}

// empty says what becomes of the people of a team that has no agents.
func (h House) empty(t Team) string {
	for _, r := range t.Rings {
		if len(h.members(r.Team)) > 0 {
			return fmt.Sprintf("team %s has no agents: who comes to it waits for %s until team %s may help", t.Slug, Brief(r.After), r.Team)
		}
	}
	return fmt.Sprintf("team %s has no agents: who comes to it waits until a supervisor takes the conversation", t.Slug)
}

func (h House) members(team string) []Agent {
	return slices.DeleteFunc(slices.Clone(h.Agents), func(a Agent) bool { return a.Disabled || !slices.Contains(a.Teams, team) })
}

// anyWrites tells whether one of the agents writes a language; who names none writes all.
func anyWrites(agents []Agent, language string) bool {
	return slices.ContainsFunc(agents, func(a Agent) bool { return len(a.Languages) == 0 || slices.Contains(a.Languages, language) })
}

// MissingSkills says of the skills that a team's conversations ask for which of them nobody in the team has, in a
// sentence with the skills that there are; empty when none is missing. Such a conversation waits until a ring lets
// others in, or somebody takes it by hand.
func (h House) MissingSkills(team string, asked []string) string {
	there := map[string][]string{}
	for _, a := range h.members(team) {
		for _, skill := range a.Skills {
			there[skill] = append(there[skill], a.Name)
		}
	}
	var missing []string
	for _, skill := range asked {
		if there[skill] == nil && !slices.Contains(missing, skill) {
			missing = append(missing, skill)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	var have []string
	for _, skill := range slices.Sorted(maps.Keys(there)) {
		slices.Sort(there[skill])
		have = append(have, fmt.Sprintf("%s (%s)", skill, strings.Join(there[skill], ", ")))
	}
	if len(have) == 0 {
		have = []string{"none"}
	}
	return fmt.Sprintf("nobody in team %s has the skill %s; skills there are: %s", team, strings.Join(missing, ", "), strings.Join(have, ", "))
}
