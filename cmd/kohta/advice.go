package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kohta/kohta/staff"
)

// warn logs at start what can be kept and is likely to be a mistake: people in the line would wait for nobody. The demo is
// as it should be.
func (h *house) warn(ctx context.Context) error {
	if h.Demo {
		return nil
	}
	people, err := houseOf(ctx, h.store)
	if err != nil {
		return fmt.Errorf("read teams, sites and agents: %w", err)
	}
	for _, words := range slices.Concat(people.Advice(time.Now()), missingSkills(people, h.folder.bot.Load().Skills())) {
		h.log.Warn(words)
	}
	return nil
}

// missingSkills says which skills the bot's handovers ask for that nobody has. What names no team goes to each site's.
func missingSkills(h staff.House, asked map[string][]string) (all []string) {
	byTeam := map[string][]string{}
	for team, skills := range asked {
		teams := []string{team}
		if team == "" {
			teams = nil
			for _, s := range h.Sites {
				teams = append(teams, s.Team)
			}
		}
		for _, t := range teams {
			byTeam[t] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(byTeam[t], skills))))
		}
	}
	for _, team := range slices.Sorted(maps.Keys(byTeam)) {
		if words := h.MissingSkills(team, byTeam[team]); words != "" {
			all = append(all, "the bot asks for a skill: "+words)
		}
	}
	return all
}
