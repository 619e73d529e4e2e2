package whatif

import (
	"testing"
	"time"
)

// BenchmarkCustomers tells how many customers are played in a second on one core.
func BenchmarkCustomers(b *testing.B) {
	for _, c := range []struct {
		name     string
		scenario Scenario
	}{
		{"1 class, 5 agents", lineOf(5, 3, 100, 6*time.Minute, 5*time.Minute)},
		{"1 class, 50 agents", lineOf(50, 3, 1000, 6*time.Minute, 5*time.Minute)},
		{"a day of classes, 20 agents", town(20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.scenario.Length = 48 * time.Hour
			st, n := newStage(&c.scenario), 0
			for i := 0; b.Loop(); i++ {
				w := newWorld(st, i)
				w.play(func() bool { return false })
				n += len(w.records)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "customers/s")
		})
	}
}

// town is a scenario with all that there is.
func town(agents int) Scenario {
	s := NewScenario()
	support, sales := NewTeam("support"), NewTeam("sales")
	support.Rest.After, support.Capacity = 5*time.Minute, 3
	support.Rings = append(support.Rings, ringTo("sales", 8*time.Minute))
	sales.Assignment, sales.Declines, sales.Misses = "offer", 0.1, 0.05
	s.Teams = []Team{support, sales}
	a, b := NewCustomers("support"), NewCustomers("sales")
	a.Steadily(6 * float64(agents))
	b.Steadily(float64(agents))
	for h := 9; h < 15; h++ {
		a.Hourly[h] *= 1.5
	}
	a.Languages = []Share{{"fi", 0.7}, {"sv", 0.2}, {"en", 0.1}}
	a.Skills = []Share{{"billing", 0.2}}
	a.Feelings = []Share{{"angry", 0.08}, {"crisis", 0.01}}
	a.Harder, b.Harder = 1.5, 1.5
	for _, c := range []*Customers{&a, &b} {
		c.Handling.Mean, c.Patience = 14*time.Minute, 10*time.Minute
	}
	s.Customers = []Customers{a, b}
	third := agents / 3
	s.Agents = []Agents{
		{Name: "first", Count: third, There: 0.9, Teams: []string{"support"}, Languages: []string{"fi", "en"}, Skills: []string{"billing"}},
		{Name: "second", Count: third, There: 1, Teams: []string{"support", "sales"}, Languages: []string{"fi", "sv"}},
		{Name: "third", Count: agents - 2*third, There: 1, Teams: []string{"support"}, Supervisor: true},
	}
	return s
}
