// Package whatif plays what a desk's customers and agents would meet: a discrete-event simulation in virtual time on the
// code that gives out the real line (routing.Of and routing.Round). It answers a supervisor's "what if". The model has no
// clock, no goroutine and no chance but its seed's: the same scenario gives the same figures.
package whatif

import (
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Bounds of a scenario.
const (
	MaxCustomers = 3_000_000 // expected, over all runs of a scenario
	MaxRuns      = 1000
	MaxLength    = 14 * 24 * time.Hour
	MaxAgents    = 1000
	maxHourly    = 100_000 // arrivals an hour of one group
	maxGroups    = 200
	maxKinds     = 4096
	maxTime      = 24 * time.Hour // of handling and patience, on average
	maxSpread    = 5
	maxHarder    = 10
	maxSlower    = 10
	maxCapacity  = staff.MaxCapacity
)

// What a scenario has that says nothing.
const (
	DefaultLength = 8 * time.Hour
	DefaultTarget = 2 * time.Minute
	DefaultRuns   = 20
	DefaultSpread = 1
	DefaultAccept = 5 * time.Second
	DefaultBack   = 5 * time.Minute
)

// Scenario is what is played. Check says whether it can be; Of a scenario that was read, the lines are known.
type Scenario struct {
	Name      string
	Start     staff.Clock   // time of day at which counting begins
	Length    time.Duration // of what is counted
	WarmUp    time.Duration // played before, and not counted
	Target    time.Duration // a wait within it is good service
	Runs      int           // each by a seed of its own
	Seed      uint64
	Teams     []Team
	Customers []Customers
	Agents    []Agents
}

// Team is a team as the desk has it, and how its agents treat what they are offered.
type Team struct {
	staff.Team
	Accept   time.Duration // mean time to accept or decline an offer, exponential
	Declines float64       // share of the offers that are declined
	Misses   float64       // share that nobody looks at until they end
	Back     time.Duration // how long an agent stays away whom the desk set away after two missed offers
	line     int
}

// Customers are people who come to one team's line.
type Customers struct {
	Team       string
	Hourly     [24]float64 // arrivals an hour, by hour of the day; a Poisson process
	Languages  []Share     // empty: any agent will do
	Skills     []Share     // each a skill, or several joined by +; who is left asks for none
	Feelings   []Share     // who is left is calm
	Priorities []Share     // who is left has none
	Handling   Handling
	Harder     float64       // how many times longer a hard conversation takes
	Patience   time.Duration // mean time in the line until one gives up, exponential; 0: nobody does
	line       int
}

// Handling is how long a conversation has a place with its agent: lognormal, or exponential.
type Handling struct {
	Mean        time.Duration
	Spread      float64 // standard deviation / mean; 0: all take the same time
	Exponential bool    // then Spread is 1
}

// Share is a part of customers, 0 to 1.
type Share struct {
	Name string
	Part float64
}

// Agents are people who answer and are alike.
type Agents struct {
	Name       string
	Count      int
	There      float64 // share of the days on which each of them comes to work, 0 to 1
	Teams      []string
	Languages  []string // none: all
	Skills     []string
	Capacity   int     // 0: the team's
	Slower     float64 // how much longer each conversation takes for every other one that the agent has: 0.2 is a fifth
	Supervisor bool
	Shift      []staff.Interval // none: always
	Breaks     []staff.Interval // in which they are given nothing new
	line       int
}

// NewScenario has what is usual and nobody in it.
func NewScenario() Scenario {
	return Scenario{Start: 8 * 60, Length: DefaultLength, WarmUp: -1, Target: DefaultTarget, Runs: DefaultRuns, Seed: 1}
}

// NewTeam is a team with the house's defaults.
func NewTeam(slug string) Team {
	return Team{Team: staff.NewTeam(slug, slug), Accept: DefaultAccept, Back: DefaultBack}
}

// NewCustomers are those of a team who ask for nothing in particular, and do not give up.
func NewCustomers(team string) Customers {
	return Customers{Team: team, Handling: Handling{Spread: DefaultSpread}, Harder: 1}
}

// Steadily makes the same number of customers come each hour.
func (c *Customers) Steadily(hourly float64) {
	for h := range c.Hourly {
		c.Hourly[h] = hourly
	}
}

// steady tells whether as many come at each hour.
func (c Customers) steady() bool {
	for _, n := range c.Hourly {
		if n != c.Hourly[0] {
			return false
		}
	}
	return true
}

// warmUp is the time before counting: as it is set, else one in which a line that never closes settles, and none for a day
// that begins with a shift.
func (s *Scenario) warmUp() time.Duration {
	if s.WarmUp >= 0 {
		return s.WarmUp
	}
	longest := time.Duration(0)
	for _, c := range s.Customers {
		longest = max(longest, c.Handling.Mean)
		if !c.steady() {
			return 0
		}
	}
	for _, a := range s.Agents {
		if len(a.Shift) > 0 {
			return 0
		}
	}
	return max(time.Hour, 10*longest).Round(time.Minute)
}

// Expected is how many customers come in all runs, on average, those of the warm-up and of the time after among them.
func (s *Scenario) Expected() float64 {
	hours := (s.warmUp() + s.Length + After).Hours()
	sum := 0.0
	for _, c := range s.Customers {
		day := 0.0
		for _, n := range c.Hourly {
			day += n
		}
		most := 0.0
		for _, n := range c.Hourly {
			most = max(most, n)
		}
		sum += min(day/24*(hours+24), most*hours)
	}
	return sum * float64(s.Runs)
}

// headcount is how many agents there are.
func (s *Scenario) headcount() (n int) {
	for _, a := range s.Agents {
		n += a.Count
	}
	return n
}

// Clone returns a copy that shares nothing with s that a change could reach.
func (s Scenario) Clone() Scenario {
	teams := make([]Team, len(s.Teams))
	for i, t := range s.Teams {
		t.Team = t.Team.Clone()
		teams[i] = t
	}
	s.Teams = teams
	s.Customers = append([]Customers(nil), s.Customers...)
	s.Agents = append([]Agents(nil), s.Agents...)
	return s
}

// feelings are those that a customer can be said to have.
func feelings() []string {
	return []string{chat.Calm, chat.Pleased, chat.Frustrated, chat.Angry, chat.Distressed, chat.Urgent, chat.InCrisis}
}

// scaled is a duration times a factor, in whole milliseconds and within what can be checked.
func scaled(d time.Duration, by float64) time.Duration {
	return time.Duration(min(float64(d)*by, float64(MaxLength))).Round(time.Millisecond)
}
