package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/kohta/kohta/staff"
)

// What a team's line goes by, beyond the columns of its row, is JSON in the column rules; durations are milliseconds.
// A member that is not there has the house's default: so rows that were there before the column are read.

type teamRules struct {
	Hours      *staff.Hours     `json:"hours"`
	Rings      *[]ringRule      `json:"rings"`
	HeadStarts map[string]int64 `json:"head_starts_ms"`
	Rest       int64            `json:"rest_ms"`
	Silence    int64            `json:"silence_ms"`
	Close      int64            `json:"close_ms"`
	Cooldown   int64            `json:"cooldown_ms"`
}

type ringRule struct {
	After       int64  `json:"after_ms"`
	AnyLanguage bool   `json:"any_language,omitempty"`
	AnySkills   bool   `json:"any_skills,omitempty"`
	Team        string `json:"team,omitempty"`
}

type siteRules struct {
	Hours *staff.Hours `json:"hours"`
}

func teamRulesText(t staff.Team) (string, error) {
	rules := teamRules{
		Hours: t.Hours, Rings: &[]ringRule{}, Rest: t.Rest.After.Milliseconds(), Silence: t.Patience.Silence.Milliseconds(),
		Close: t.Patience.Close.Milliseconds(), Cooldown: t.Patience.Cooldown.Milliseconds(),
	}
	for _, r := range t.Rings {
		*rules.Rings = append(*rules.Rings, ringRule{r.After.Milliseconds(), r.AnyLanguage, r.AnySkills, r.Team})
	}
	for key, d := range t.HeadStarts {
		if rules.HeadStarts == nil {
			rules.HeadStarts = map[string]int64{}
		}
		rules.HeadStarts[key] = d.Milliseconds()
	}
	return rulesText("team "+t.Slug, rules)
}

// readTeamRules puts what the column says into a team.
func readTeamRules(t *staff.Team, text string) error {
	usual := staff.DefaultPatience()
	rules := teamRules{Silence: usual.Silence.Milliseconds(), Close: usual.Close.Milliseconds(), Cooldown: usual.Cooldown.Milliseconds()}
	if err := json.Unmarshal([]byte(text), &rules); err != nil {
		return fmt.Errorf("read the rules of team %s: %w", t.Slug, err)
	}
	t.Hours, t.Rest.After = rules.Hours, ofMillis(rules.Rest)
	t.Patience.Silence, t.Patience.Close, t.Patience.Cooldown = ofMillis(rules.Silence), ofMillis(rules.Close), ofMillis(rules.Cooldown)
	if rules.Rings == nil {
		t.Rings = staff.DefaultRings()
	} else {
		for _, r := range *rules.Rings {
			t.Rings = append(t.Rings, staff.Ring{After: ofMillis(r.After), AnyLanguage: r.AnyLanguage, AnySkills: r.AnySkills, Team: r.Team})
		}
	}
	for key, ms := range rules.HeadStarts {
		if t.HeadStarts == nil {
			t.HeadStarts = map[string]time.Duration{}
		}
		t.HeadStarts[key] = ofMillis(ms)
	}
	return nil
}

func siteRulesText(s staff.Site) (string, error) {
	return rulesText("site "+s.Slug, siteRules{Hours: s.Hours})
}

func readSiteRules(s *staff.Site, text string) error {
	var rules siteRules
	if err := json.Unmarshal([]byte(text), &rules); err != nil {
		return fmt.Errorf("read the rules of site %s: %w", s.Slug, err)
	}
	s.Hours = rules.Hours
	return nil
}

func rulesText(whose string, rules any) (string, error) {
	text, err := json.Marshal(rules)
	if err != nil {
		return "", fmt.Errorf("write the rules of %s: %w", whose, err)
	}
	return string(text), nil
}

func ofMillis(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
