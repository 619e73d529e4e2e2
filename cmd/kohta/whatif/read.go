package whatif

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// MaxFile is how long a scenario may be, in bytes.
const MaxFile = 1 << 20

// Read reads a scenario as docs/simulate.md describes it. The error, of kind Invalid, names the line and what to mend. What is
// read must be checked by Check still.
func Read(text []byte) (s Scenario, err error) {
	s = NewScenario()
	if len(text) > MaxFile {
		return s, wrong(0, "a scenario is at most %d bytes long", MaxFile)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return s, wrong(0, "this is not YAML: %s", yaml.FormatError(err, false, false))
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return s, wrong(0, "the file is empty, or has several documents; a scenario is one")
	}
	err = fields(file.Docs[0].Body, "a scenario", table{
		"name":      text1(&s.Name),
		"start":     clock(&s.Start),
		"length":    duration(&s.Length),
		"warm_up":   duration(&s.WarmUp),
		"target":    duration(&s.Target),
		"runs":      whole(&s.Runs),
		"seed":      seed(&s.Seed),
		"teams":     func(n ast.Node) error { return s.readTeams(n) },
		"customers": func(n ast.Node) error { return each(n, s.readCustomers) },
		"agents":    func(n ast.Node) error { return each(n, s.readAgents) },
	})
	s.complete()
	return s, err
}

// complete gives everybody a team, and every group a name.
func (s *Scenario) complete() {
	if len(s.Teams) == 0 {
		s.Teams = []Team{NewTeam("support")}
	}
	for i := range s.Customers {
		if c := &s.Customers[i]; c.Team == "" {
			c.Team = s.Teams[0].Slug
		}
	}
	for i := range s.Agents {
		a := &s.Agents[i]
		if a.Name = cmp.Or(a.Name, fmt.Sprintf("group %d", i+1)); len(a.Teams) == 0 {
			a.Teams = []string{s.Teams[0].Slug}
		}
	}
}

func (s *Scenario) readTeams(n ast.Node) error {
	return entries(n, "teams", func(slug string, key, value ast.Node) error {
		t := NewTeam(slug)
		t.line = lineOfNode(key)
		t.Rings = staff.DefaultRings()
		err := fields(value, "a team", table{
			"assignment":  text1((*string)(&t.Assignment)),
			"capacity":    whole(&t.Capacity),
			"rings":       rings(&t.Rings),
			"head_starts": headStarts(&t.HeadStarts),
			"rest":        duration(&t.Rest.After),
			"offer":       duration(&t.Patience.Offer),
			"cooldown":    duration(&t.Patience.Cooldown),
			"accept":      duration(&t.Accept),
			"declines":    percent(&t.Declines),
			"misses":      percent(&t.Misses),
			"back":        duration(&t.Back),
		})
		s.Teams = append(s.Teams, t)
		return err
	})
}

func (s *Scenario) readCustomers(n ast.Node) error {
	c := NewCustomers("")
	c.line = lineOfNode(n)
	err := fields(n, "customers", table{
		"team":       text1(&c.Team),
		"arrivals":   arrivals(&c),
		"languages":  shares(&c.Languages),
		"skills":     shares(&c.Skills),
		"feelings":   shares(&c.Feelings),
		"priorities": shares(&c.Priorities),
		"handling":   handling(&c.Handling),
		"harder":     number1(&c.Harder),
		"patience":   patience(&c.Patience),
	})
	s.Customers = append(s.Customers, c)
	if err == nil && c.Handling.Mean == 0 {
		err = wrong(c.line, "say how long the customers' conversations take: handling: 8m")
	}
	return err
}

func (s *Scenario) readAgents(n ast.Node) error {
	a := Agents{Count: 1, There: 1, line: lineOfNode(n)}
	err := fields(n, "agents", table{
		"name":       text1(&a.Name),
		"count":      whole(&a.Count),
		"there":      percent(&a.There),
		"teams":      list(&a.Teams),
		"languages":  list(&a.Languages),
		"skills":     list(&a.Skills),
		"capacity":   capacity(&a.Capacity),
		"slower":     slower(&a.Slower),
		"supervisor": boolean(&a.Supervisor),
		"shift":      intervals(&a.Shift),
		"breaks":     intervals(&a.Breaks),
	})
	s.Agents = append(s.Agents, a)
	return err
}

// table says what reads which key.
type table map[string]func(ast.Node) error

// fields reads a mapping. A key that is not in the table is refused, with those that are.
func fields(n ast.Node, what string, t table) error {
	return entries(n, what, func(name string, key, value ast.Node) error {
		read, ok := t[name]
		if !ok {
			return wrong(lineOfNode(key), "%s has no key %q; there are: %s", what, name, strings.Join(slices.Sorted(maps.Keys(t)), ", "))
		}
		if err := read(value); err != nil {
			if strings.HasPrefix(err.Error(), "line ") {
				return err
			}
			return wrong(lineOfNode(key), "%s: %s", name, err)
		}
		return nil
	})
}

// entries reads a mapping, each key once.
func entries(n ast.Node, what string, fn func(name string, key, value ast.Node) error) error {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case nil, *ast.NullNode:
		return nil
	default:
		return wrong(lineOfNode(n), "%s: here keys and values are needed", what)
	}
	seen := map[string]bool{}
	for _, v := range values {
		name := v.Key.GetToken().Value
		if seen[name] {
			return wrong(lineOfNode(v.Key), "%s is there twice", name)
		}
		seen[name] = true
		if err := fn(name, v.Key, v.Value); err != nil {
			return err
		}
	}
	return nil
}

// each reads the items of a list, or the one that stands in its place.
func each(n ast.Node, fn func(ast.Node) error) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return fn(n)
	}
	for _, item := range list.Values {
		if err := fn(item); err != nil {
			return err
		}
	}
	return nil
}

func lineOfNode(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// scalar is a value that is one word or several, but no list.
func scalar(n ast.Node) (string, error) {
	switch n := n.(type) {
	case ast.ScalarNode:
		return strings.TrimSpace(n.GetToken().Value), nil
	case nil:
		return "", chat.Errorf(chat.Invalid, "there is nothing")
	}
	return "", wrong(lineOfNode(n), "one value is needed here, not a list or keys")
}

func reads(fn func(string) error) func(ast.Node) error {
	return func(n ast.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		return fn(s)
	}
}

func text1(to *string) func(ast.Node) error {
	return reads(func(s string) error { *to = s; return nil })
}

func boolean(to *bool) func(ast.Node) error {
	return reads(func(s string) error {
		if s != "true" && s != "false" {
			return chat.Errorf(chat.Invalid, "true or false, not %q", s)
		}
		*to = s == "true"
		return nil
	})
}

func duration(to *time.Duration) func(ast.Node) error {
	return reads(func(s string) (err error) { *to, err = parseDuration(s); return err })
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if s == "0" {
		d, err = 0, nil
	}
	switch {
	case err != nil:
		return 0, chat.Errorf(chat.Invalid, "a time is written like 90s, 8m or 1h30m, not %q", s)
	case d < 0:
		return 0, chat.Errorf(chat.Invalid, "a time cannot be negative: %s", s)
	}
	return d, nil
}

func patience(to *time.Duration) func(ast.Node) error {
	return reads(func(s string) (err error) { *to, err = parsePatience(s); return err })
}

func parsePatience(s string) (time.Duration, error) {
	if s == "never" {
		return 0, nil
	}
	d, err := parseDuration(s)
	if err == nil && d == 0 {
		err = chat.Errorf(chat.Invalid, "patience is the mean time until one gives up, or never if nobody does")
	}
	return d, err
}

func whole(to *int) func(ast.Node) error {
	return reads(func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > 1_000_000_000 {
			return chat.Errorf(chat.Invalid, "a whole number, not %q", s)
		}
		*to = n
		return nil
	})
}

func capacity(to *int) func(ast.Node) error {
	return reads(func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxCapacity {
			return chat.Errorf(chat.Invalid, "a number from 1 to %d, not %q; leave it out for the team's", maxCapacity, s)
		}
		*to = n
		return nil
	})
}

func seed(to *uint64) func(ast.Node) error {
	return reads(func(s string) (err error) {
		if *to, err = strconv.ParseUint(s, 10, 64); err != nil {
			err = chat.Errorf(chat.Invalid, "a whole number from 0, not %q", s)
		}
		return err
	})
}

func parseNumber(s string) (float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, chat.Errorf(chat.Invalid, "a number, not %q", s)
	}
	if x < 0 {
		return 0, chat.Errorf(chat.Invalid, "it cannot be negative: %s", s)
	}
	return x, nil
}

func number1(to *float64) func(ast.Node) error {
	return reads(func(s string) (err error) { *to, err = parseNumber(s); return err })
}

// percent reads a share of a hundred: 20 or 20%.
func percent(to *float64) func(ast.Node) error {
	return reads(func(s string) error {
		x, err := parseNumber(strings.TrimSpace(strings.TrimSuffix(s, "%")))
		if err == nil && x > 100 {
			err = chat.Errorf(chat.Invalid, "a share is at most 100, not %s", s)
		}
		*to = x / 100
		return err
	})
}

// slower reads percents that may be more than a hundred.
func slower(to *float64) func(ast.Node) error {
	return reads(func(s string) error {
		x, err := parseNumber(strings.TrimSpace(strings.TrimSuffix(s, "%")))
		*to = x / 100
		return err
	})
}

func shares(to *[]Share) func(ast.Node) error {
	return func(n ast.Node) error {
		return entries(n, "shares", func(name string, key, value ast.Node) error {
			s := Share{Name: name}
			if err := percent(&s.Part)(value); err != nil {
				return wrong(lineOfNode(key), "%s: %s", name, err)
			}
			*to = append(*to, s)
			return nil
		})
	}
}

func clock(to *staff.Clock) func(ast.Node) error {
	return reads(func(s string) (err error) { *to, err = ParseClock(s); return err })
}

// ParseClock reads a time of day: 8, 8.30 or 8:30.
func ParseClock(s string) (staff.Clock, error) {
	all, err := staff.ParseIntervals(s + "-24")
	if err != nil || len(all) != 1 {
		return 0, chat.Errorf(chat.Invalid, "a time of day is written like 8 or 8:30, not %q", s)
	}
	return all[0].From, nil
}

func intervals(to *[]staff.Interval) func(ast.Node) error {
	return reads(func(s string) (err error) {
		if s == staff.Always {
			*to = nil
			return nil
		}
		*to, err = staff.ParseIntervals(s)
		return err
	})
}

// list reads words with commas between them, or a list.
func list(to *[]string) func(ast.Node) error {
	return func(n ast.Node) error {
		*to = nil
		return each(n, func(item ast.Node) error {
			words, err := scalar(item)
			for w := range strings.SplitSeq(words, ",") {
				if w = strings.TrimSpace(w); w != "" {
					*to = append(*to, w)
				}
			}
			return err
		})
	}
}

// arrivals reads a number an hour, or numbers by hours: {8-10: 20, 10-16: 35}.
func arrivals(c *Customers) func(ast.Node) error {
	return func(n ast.Node) error {
		if s, err := scalar(n); err == nil {
			x, err := parseNumber(s)
			c.Steadily(x)
			return err
		}
		return entries(n, "arrivals", func(name string, key, value ast.Node) error {
			hours, err := staff.ParseIntervals(name)
			if err != nil || len(hours) != 1 || hours[0].From%60 != 0 || hours[0].To%60 != 0 {
				return wrong(lineOfNode(key), "arrivals: hours are written like 8-10, not %q", name)
			}
			var x float64
			if err := number1(&x)(value); err != nil {
				return wrong(lineOfNode(key), "arrivals at %s: %s", name, err)
			}
			for h := hours[0].From / 60; h < hours[0].To/60; h++ {
				c.Hourly[h] = x
			}
			return nil
		})
	}
}

// handling reads a mean alone, or mean, spread and shape.
func handling(to *Handling) func(ast.Node) error {
	return func(n ast.Node) error {
		if s, err := scalar(n); err == nil {
			to.Mean, err = parseDuration(s)
			return err
		}
		shape := "lognormal"
		err := fields(n, "handling", table{"mean": duration(&to.Mean), "spread": number1(&to.Spread), "shape": text1(&shape)})
		if err == nil && shape != "lognormal" && shape != "exponential" {
			err = chat.Errorf(chat.Invalid, "the shape is lognormal or exponential, not %q", shape)
		}
		if to.Exponential = shape == "exponential"; to.Exponential {
			to.Spread = 1
		}
		return err
	}
}

func rings(to *[]staff.Ring) func(ast.Node) error {
	return func(n ast.Node) error {
		*to = nil
		if s, err := scalar(n); err == nil && s == "none" {
			return nil
		}
		return each(n, func(item ast.Node) error {
			var r staff.Ring
			err := fields(item, "a ring", table{
				"after": duration(&r.After), "any_language": boolean(&r.AnyLanguage), "any_skills": boolean(&r.AnySkills), "team": text1(&r.Team),
			})
			*to = append(*to, r)
			return err
		})
	}
}

func headStarts(to *map[string]time.Duration) func(ast.Node) error {
	return func(n ast.Node) error {
		*to = map[string]time.Duration{}
		return entries(n, "head_starts", func(name string, key, value ast.Node) error {
			var d time.Duration
			if err := duration(&d)(value); err != nil {
				return wrong(lineOfNode(key), "%s: %s", name, err)
			}
			(*to)[name] = d
			return nil
		})
	}
}
