package whatif

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/staff"
)

// YAML writes a scenario as Read reads it, with notes in front.
func (s *Scenario) YAML(notes ...string) []byte {
	var y yamlWriter
	for _, n := range notes {
		y.line(0, "# %s", n)
	}
	if s.Name != "" {
		y.line(0, "name: %s", quoted(s.Name))
	}
	y.line(0, "start: %q", s.Start.String())
	y.line(0, "length: %s", staff.Brief(s.Length))
	if s.WarmUp >= 0 {
		y.line(0, "warm_up: %s", staff.Brief(s.WarmUp))
	}
	y.line(0, "target: %s", staff.Brief(s.Target))
	y.line(0, "runs: %d", s.Runs)
	y.line(0, "seed: %d", s.Seed)
	y.line(0, "teams:")
	for _, t := range s.Teams {
		y.team(t)
	}
	y.line(0, "customers:")
	for _, c := range s.Customers {
		y.customers(c)
	}
	y.line(0, "agents:")
	for _, a := range s.Agents {
		y.agents(a)
	}
	return []byte(y.String())
}

type yamlWriter struct{ strings.Builder }

func (y *yamlWriter) line(depth int, format string, args ...any) {
	fmt.Fprintf(y, strings.Repeat("  ", depth)+format+"\n", args...)
}

func (y *yamlWriter) team(t Team) {
	y.line(1, "%s:", quoted(t.Slug))
	y.line(2, "assignment: %s", t.Assignment)
	y.line(2, "capacity: %d", t.Capacity)
	if len(t.Rings) == 0 {
		y.line(2, "rings: none")
	} else {
		y.line(2, "rings:")
	}
	for _, r := range t.Rings {
		parts := []string{"after: " + staff.Brief(r.After)}
		if r.AnyLanguage {
			parts = append(parts, "any_language: true")
		}
		if r.AnySkills {
			parts = append(parts, "any_skills: true")
		}
		if r.Team != "" {
			parts = append(parts, "team: "+quoted(r.Team))
		}
		y.line(3, "- {%s}", strings.Join(parts, ", "))
	}
	if len(t.HeadStarts) > 0 {
		y.line(2, "head_starts:")
	}
	for _, key := range slices.Sorted(maps.Keys(t.HeadStarts)) {
		y.line(3, "%s: %s", quoted(key), staff.Brief(t.HeadStarts[key]))
	}
	if t.Rest.After > 0 {
		y.line(2, "rest: %s", staff.Brief(t.Rest.After))
	}
	y.line(2, "cooldown: %s", staff.Brief(t.Patience.Cooldown))
	y.line(2, "offer: %s", staff.Brief(t.Patience.Offer))
	if t.Assignment == staff.Offered {
		y.line(2, "accept: %s", staff.Brief(t.Accept))
		y.line(2, "declines: %s", hundredth(t.Declines))
		y.line(2, "misses: %s", hundredth(t.Misses))
		y.line(2, "back: %s", staff.Brief(t.Back))
	}
}

func (y *yamlWriter) customers(c Customers) {
	y.line(1, "- team: %s", quoted(c.Team))
	if c.steady() {
		y.line(2, "arrivals: %s", figure(c.Hourly[0]))
	} else {
		y.line(2, "arrivals:")
		for from := 0; from < 24; {
			to := from + 1
			for to < 24 && c.Hourly[to] == c.Hourly[from] {
				to++
			}
			if c.Hourly[from] > 0 {
				y.line(3, "%q: %s", fmt.Sprintf("%d-%d", from, to), figure(c.Hourly[from]))
			}
			from = to
		}
	}
	y.shares("languages", c.Languages)
	y.shares("skills", c.Skills)
	y.shares("feelings", c.Feelings)
	y.shares("priorities", c.Priorities)
	if c.Handling.Exponential {
		y.line(2, "handling: {mean: %s, shape: exponential}", staff.Brief(c.Handling.Mean))
	} else {
		y.line(2, "handling: {mean: %s, spread: %s}", staff.Brief(c.Handling.Mean), figure(c.Handling.Spread))
	}
	if c.Harder != 1 {
		y.line(2, "harder: %s", figure(c.Harder))
	}
	y.line(2, "patience: %s", patienceWords(c))
}

func patienceWords(c Customers) string {
	if c.Patience == 0 {
		return "never"
	}
	return staff.Brief(c.Patience)
}

func (y *yamlWriter) shares(name string, list []Share) {
	if len(list) == 0 {
		return
	}
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = quoted(s.Name) + ": " + hundredth(s.Part)
	}
	y.line(2, "%s: {%s}", name, strings.Join(parts, ", "))
}

func (y *yamlWriter) agents(a Agents) {
	y.line(1, "- name: %s", quoted(a.Name))
	y.line(2, "count: %d", a.Count)
	y.line(2, "teams: [%s]", joined(a.Teams))
	if a.There < 1 {
		y.line(2, "there: %s", hundredth(a.There))
	}
	if len(a.Languages) > 0 {
		y.line(2, "languages: [%s]", joined(a.Languages))
	}
	if len(a.Skills) > 0 {
		y.line(2, "skills: [%s]", joined(a.Skills))
	}
	if a.Capacity > 0 {
		y.line(2, "capacity: %d", a.Capacity)
	}
	if a.Slower > 0 {
		y.line(2, "slower: %s", hundredth(a.Slower))
	}
	if a.Supervisor {
		y.line(2, "supervisor: true")
	}
	if len(a.Shift) > 0 {
		y.line(2, "shift: %q", staff.IntervalsText(a.Shift))
	}
	if len(a.Breaks) > 0 {
		y.line(2, "breaks: %q", staff.IntervalsText(a.Breaks))
	}
}

func joined(words []string) string {
	quotes := make([]string, len(words))
	for i, w := range words {
		quotes[i] = quoted(w)
	}
	return strings.Join(quotes, ", ")
}

// quoted leaves plain words as they are.
func quoted(s string) string {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (i == 0 || r != '_' && r != '-' && (r < '0' || r > '9')) {
			return strconv.Quote(s)
		}
	}
	switch s {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return strconv.Quote(s)
	}
	return s
}

func hundredth(part float64) string { return figure(100 * part) }

// figure writes a number in at most four digits, and no more than it needs.
func figure(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
