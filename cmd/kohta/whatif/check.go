package whatif

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Check refuses, with an error of kind Invalid, what cannot be played, and says what to mend.
func (s *Scenario) Check() error {
	switch {
	case s.Length < time.Minute || s.Length > MaxLength:
		return wrong(0, "the length is from 1m to %s, not %s", staff.Brief(MaxLength), staff.Brief(s.Length))
	case s.WarmUp > MaxLength:
		return wrong(0, "the warm-up is at most %s, not %s", staff.Brief(MaxLength), staff.Brief(s.WarmUp))
	case s.Target < 0 || s.Target > maxTime:
		return wrong(0, "the target is from 0s to %s, not %s", staff.Brief(maxTime), staff.Brief(s.Target))
	case s.Runs < 1 || s.Runs > MaxRuns:
		return wrong(0, "runs are from 1 to %d, not %d", MaxRuns, s.Runs)
	case s.Start < 0 || s.Start >= staff.EndOfDay:
		return wrong(0, "the start is a time of day, such as 8 or 8:30")
	case len(s.Teams) == 0 || len(s.Teams) > maxGroups || len(s.Customers) > maxGroups || len(s.Agents) > MaxAgents:
		return wrong(0, "a scenario has 1 to %d teams, at most %d groups of customers and %d of agents", maxGroups, maxGroups, MaxAgents)
	}
	for i := range s.Teams {
		if err := s.checkTeam(i); err != nil {
			return err
		}
	}
	for i := range s.Customers {
		if err := s.checkCustomers(&s.Customers[i]); err != nil {
			return err
		}
	}
	for i := range s.Agents {
		if err := s.checkAgents(&s.Agents[i]); err != nil {
			return err
		}
	}
	return s.checkSums()
}

// checkSums looks at what the groups make together.
func (s *Scenario) checkSums() error {
	switch n := s.headcount(); {
	case n == 0:
		return wrong(0, "there are no agents: everybody would wait for ever; say how many there are")
	case n > MaxAgents:
		return wrong(0, "%d agents are more than can be played, which is %d", n, MaxAgents)
	}
	switch n := s.Expected(); {
	case n == 0:
		return wrong(0, "no customers come; say how many arrive an hour")
	case n > MaxCustomers:
		return wrong(0, "about %.0f customers would come in %d runs, and at most %d are played; take fewer runs, a shorter length or fewer arrivals",
			n, s.Runs, MaxCustomers)
	}
	if n := s.kinds(); n > maxKinds {
		return wrong(0, "languages, skills, feelings and priorities make %d kinds of customers, and at most %d are told apart", n, maxKinds)
	}
	return nil
}

func (s *Scenario) kinds() (n int) {
	for _, c := range s.Customers {
		n += max(1, len(c.Languages)) * (len(c.Skills) + 1) * (len(c.Feelings) + 1) * (len(c.Priorities) + 1)
	}
	return n
}

func (s *Scenario) checkTeam(i int) error {
	t := &s.Teams[i]
	all := make([]staff.Team, len(s.Teams))
	for j := range s.Teams {
		all[j] = s.Teams[j].Team
		if j < i && all[j].Slug == t.Slug {
			return wrong(t.line, "there are two teams %s", t.Slug)
		}
	}
	if err := t.Team.Check(); err != nil {
		return wrong(t.line, "%s", err)
	}
	if err := t.CheckAmong(all); err != nil {
		return wrong(t.line, "%s", err)
	}
	switch {
	case t.Assignment == staff.ByHand:
		return wrong(t.line, "team %s: whom agents pick by hand cannot be foretold; say auto or offer", t.Slug)
	case !isShare(t.Declines) || !isShare(t.Misses) || t.Declines+t.Misses > 1:
		return wrong(t.line, "team %s: the shares of offers that are declined and missed are from 0 to 100, and at most 100 together", t.Slug)
	case t.Accept < 0 || t.Accept > time.Hour || t.Back < 0 || t.Back > maxTime:
		return wrong(t.line, "team %s: the time to accept an offer is from 0s to 1h, and the time until one is back from 0s to 24h", t.Slug)
	}
	return nil
}

func (s *Scenario) hasTeam(slug string) bool {
	return slices.ContainsFunc(s.Teams, func(t Team) bool { return t.Slug == slug })
}

func (s *Scenario) teamNames() string {
	var all []string
	for _, t := range s.Teams {
		all = append(all, t.Slug)
	}
	return strings.Join(all, ", ")
}

func (s *Scenario) checkCustomers(c *Customers) error {
	if !s.hasTeam(c.Team) {
		return wrong(c.line, "customers come to team %q, and there is none; there are: %s", c.Team, s.teamNames())
	}
	for h, n := range c.Hourly {
		if !(n >= 0 && n <= maxHourly) {
			return wrong(c.line, "arrivals are from 0 to %d an hour, not %g at %d", maxHourly, n, h)
		}
	}
	switch {
	case c.Handling.Mean < time.Second || c.Handling.Mean > maxTime:
		return wrong(c.line, "handling takes from 1s to %s on average, not %s", staff.Brief(maxTime), staff.Brief(c.Handling.Mean))
	case !(c.Handling.Spread >= 0 && c.Handling.Spread <= maxSpread):
		return wrong(c.line, "the spread of handling is from 0 to %d, not %g: 1 means that the standard deviation is the mean", maxSpread, c.Handling.Spread)
	case !(c.Harder >= 0.1 && c.Harder <= maxHarder):
		return wrong(c.line, "hard conversations take from 0.1 to %d times as long as others, not %g", maxHarder, c.Harder)
	case c.Patience != 0 && (c.Patience < time.Second || c.Patience > maxTime):
		return wrong(c.line, "patience is from 1s to %s on average, or never, not %s", staff.Brief(maxTime), staff.Brief(c.Patience))
	}
	for _, f := range c.Feelings {
		if !slices.Contains(feelings(), f.Name) {
			return wrong(c.line, "there is no feeling %q; there are: %s", f.Name, strings.Join(feelings(), ", "))
		}
	}
	return c.checkShares()
}

func (c *Customers) checkShares() error {
	if sum, err := sumOf(c.line, "languages", c.Languages); err != nil {
		return err
	} else if len(c.Languages) > 0 && math.Abs(sum-1) > 0.005 {
		return wrong(c.line, "the shares of languages make %.4g, not 100", 100*sum)
	}
	for what, list := range map[string][]Share{"skills": c.Skills, "feelings": c.Feelings, "priorities": c.Priorities} {
		if sum, err := sumOf(c.line, what, list); err != nil {
			return err
		} else if sum > 1.005 {
			return wrong(c.line, "the shares of %s make %.4g, which is more than 100", what, 100*sum)
		}
	}
	return nil
}

func sumOf(line int, what string, list []Share) (sum float64, err error) {
	for _, s := range list {
		if s.Name == "" || len(s.Name) > 200 {
			return 0, wrong(line, "one of the %s has no name that can be used", what)
		}
		if !isShare(s.Part) {
			return 0, wrong(line, "the share of %s among the %s is from 0 to 100, not %.4g", s.Name, what, 100*s.Part)
		}
		sum += s.Part
	}
	return sum, nil
}

func isShare(x float64) bool { return x >= 0 && x <= 1 }

func (s *Scenario) checkAgents(a *Agents) error {
	switch {
	case a.Count < 0 || a.Count > MaxAgents:
		return wrong(a.line, "of the agents %s there are 0 to %d, not %d", a.Name, MaxAgents, a.Count)
	case a.Capacity < 0 || a.Capacity > maxCapacity:
		return wrong(a.line, "the agents %s have a capacity of 1 to %d, not %d", a.Name, maxCapacity, a.Capacity)
	case !(a.Slower >= 0 && a.Slower <= maxSlower):
		return wrong(a.line, "the agents %s are slower by 0 to %d %% for each other conversation, not %.4g", a.Name, 100*maxSlower, 100*a.Slower)
	case !isShare(a.There):
		return wrong(a.line, "the agents %s are there on 0 to 100 of a hundred days, not %.4g", a.Name, 100*a.There)
	case len(a.Teams) == 0:
		return wrong(a.line, "the agents %s are in no team", a.Name)
	}
	for _, team := range a.Teams {
		if !s.hasTeam(team) {
			return wrong(a.line, "the agents %s are in team %q, and there is none; there are: %s", a.Name, team, s.teamNames())
		}
	}
	return nil
}

// wrong is an error of kind Invalid, with the line of the file where one is known.
func wrong(line int, format string, args ...any) error {
	words := fmt.Sprintf(format, args...)
	if line > 0 {
		words = fmt.Sprintf("line %d: %s", line, words)
	}
	return chat.Errorf(chat.Invalid, "%s", words)
}
