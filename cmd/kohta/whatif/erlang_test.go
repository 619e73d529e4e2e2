package whatif

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// lineOf is one class of customers to agents who are all alike, with exponential times.
func lineOf(agents, capacity int, hourly float64, handling, patience time.Duration) Scenario {
	s := NewScenario()
	s.Teams = []Team{NewTeam("support")}
	c := NewCustomers("support")
	c.Steadily(hourly)
	c.Handling, c.Patience = Handling{Mean: handling, Spread: 1, Exponential: true}, patience
	s.Customers = []Customers{c}
	s.Agents = []Agents{{Name: "agents", Count: agents, There: 1, Teams: []string{"support"}, Capacity: capacity}}
	return s
}

func play(t testing.TB, s Scenario) *Result {
	t.Helper()
	r, err := Run(context.Background(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The textbook's values: small lines in closed form, great ones by another way of computing.
func TestErlangIsTheTextbooks(t *testing.T) {
	for _, c := range []struct {
		servers       int
		rate, mu      float64
		delayed, mean float64
	}{
		{1, 0.5, 1, 0.5, 1},                // M/M/1: ρ, ρ/(μ−λ)
		{2, 1, 1, 1.0 / 3, 1.0 / 3},        // C(2, 1) = 1/3
		{3, 2, 1, 4.0 / 9, 4.0 / 9},        // C(3, 2) = 4/9
		{10, 8, 1, 0.409180, 0.409180 / 2}, // C(10, 8), the same
		{100, 90, 1, 0.216940, 0.021694},   // C(100, 90), by the recursion of Erlang B
	} {
		q := queue{rate: c.rate, mu: c.mu, servers: c.servers}
		q.solve()
		if math.Abs(q.delayed-c.delayed) > 2e-5 || math.Abs(q.mean-c.mean) > 2e-5 {
			t.Errorf("M/M/%d, %g offered: delayed %.6f, mean wait %.6f; want %.6f and %.6f", c.servers, c.rate/c.mu, q.delayed, q.mean, c.delayed, c.mean)
		}
		half := q.percentile(1 - q.delayed/2)
		if want := math.Ln2 / (float64(c.servers)*c.mu - c.rate); math.Abs(half-want) > 1e-6*want {
			t.Errorf("M/M/%d: half of those who wait have an agent after %g, want %g", c.servers, half, want)
		}
	}
}

// Erlang A has to agree with itself (what is served in the end, and the limit of patience without end) and with a
// numerical solution of M/M/1+M: with μ = θ nobody's leaving differs from service, so the number there is Poisson.
func TestErlangAIsTheTextbooks(t *testing.T) {
	q := queue{rate: 3, mu: 1, theta: 1, servers: 2}
	q.solve()
	poisson := func(n int) float64 { return math.Exp(-3) * math.Pow(3, float64(n)) / math.Gamma(float64(n)+1) }
	if want := 1 - poisson(0) - poisson(1); math.Abs(q.delayed-want) > 1e-12 {
		t.Errorf("delayed %g, want %g", q.delayed, want)
	}
	waiting := 0.0
	for n := 3; n < 60; n++ {
		waiting += float64(n-2) * poisson(n)
	}
	if want := waiting / 3; math.Abs(q.abandoned-want) > 1e-12 { // θ·E[waiting]/λ
		t.Errorf("%g give up, want %g", q.abandoned, want)
	}
	if all := q.within(1e6); math.Abs(all-(1-q.abandoned)) > 1e-9 {
		t.Errorf("in the end %g are served, and %g gave up", all, q.abandoned)
	}
	mean := 0.0 // of the served, by the tail of within
	const step = 1e-3
	for at := step / 2; at < 40; at += step {
		mean += step * (1 - q.within(at)/(1-q.abandoned))
	}
	if math.Abs(mean-q.mean) > 1e-5 {
		t.Errorf("mean wait %g, by its distribution %g", q.mean, mean)
	}
	patient, never := queue{rate: 8, mu: 1, theta: 1e-7, servers: 10}, queue{rate: 8, mu: 1, servers: 10}
	patient.solve()
	never.solve()
	if math.Abs(patient.delayed-never.delayed) > 1e-5 || math.Abs(patient.mean-never.mean) > 1e-5 || math.Abs(patient.within(0.3)-never.within(0.3)) > 1e-5 {
		t.Errorf("with almost endless patience %+v, and with endless %+v", patient.mean, never.mean)
	}
}

// agree holds the line that the desk's own code gives out to the formula: no figure is farther from it than four standard
// errors of the mean over the runs, and none of these is so great that it would let a mistake pass.
func agree(t *testing.T, s Scenario) {
	t.Helper()
	r := play(t, s)
	f := r.Erlang
	if f.Name == "" {
		t.Fatalf("no formula: %s", f.Why)
	}
	if raced {
		return // so few runs tell of races alone
	}
	shown := fmt.Sprintf("%s, %d customers:", f.Name, r.Played)
	for _, x := range []struct {
		what  string
		i     int // in plainly's order
		want  float64
		scale float64 // of which four standard errors are at most three tenths
	}{
		{"mean wait", 6, f.Mean, f.Mean}, {"p80", 8, f.P80, f.P80 + 2*f.Mean}, {"p95", 9, f.P95, f.P95},
		{"within the target", 4, f.Within, 0.3}, {"give up", 5, f.Abandoned, 0.3},
	} {
		mean, sd := 0.0, 0.0
		for pass := range 2 {
			for _, one := range r.runs {
				y := plainly(one.records, nil, s.Target)[x.i]
				if pass == 0 {
					mean += y / float64(len(r.runs))
				} else {
					sd += (y - mean) * (y - mean) / float64(len(r.runs)-1)
				}
			}
		}
		wide := 4 * math.Sqrt(sd/float64(len(r.runs)))
		if math.Abs(mean-x.want) > wide+1e-3 {
			t.Errorf("%s: %.4g ± %.2g, and %s says %.4g", x.what, mean, wide, f.Name, x.want)
		}
		if wide > 0.3*x.scale {
			t.Errorf("%s: %.4g ± %.2g is too vague", x.what, mean, wide)
		}
		shown += fmt.Sprintf(" %s %.4g ± %.2g (%.4g)", x.what, mean, wide, x.want)
	}
	t.Log(shown)
	if load := r.Staff[0].Load.Value; f.Name == "Erlang C" && math.Abs(load-f.Load/float64(f.Servers)) > 0.01 {
		t.Errorf("load %g, want %g", load, f.Load/float64(f.Servers))
	}
}

// lasting is so long that runs of a line of that load tell: the slower it forgets, the longer.
func lasting(s Scenario, load float64) Scenario {
	mean := s.Customers[0].Handling.Mean
	s.Runs = 30
	s.Length = time.Duration((4000 + 200*float64(s.headcount()*s.Agents[0].Capacity)) / s.Customers[0].Hourly[0] * float64(time.Hour))
	s.WarmUp = time.Duration(float64(mean) * 5 / (1 - min(load, 0.9)) / (1 - min(load, 0.9)) / math.Sqrt(float64(s.headcount())))
	if raced {
		s.Runs = 4
	}
	return s
}

func TestAgreesWithErlangC(t *testing.T) {
	for _, c := range []struct {
		agents, capacity int
		load             float64
	}{{1, 1, 0.5}, {2, 1, 0.6}, {5, 1, 0.75}, {4, 3, 0.75}, {15, 1, 0.8}} {
		t.Run(fmt.Sprintf("%d agents with %d, load %g", c.agents, c.capacity, c.load), func(t *testing.T) {
			t.Parallel()
			handling := time.Minute
			s := lineOf(c.agents, c.capacity, c.load*float64(c.agents*c.capacity)/handling.Hours(), handling, 0)
			s.Target = 20 * time.Second
			agree(t, lasting(s, c.load))
		})
	}
}

func TestAgreesWithErlangA(t *testing.T) {
	for _, c := range []struct {
		agents   int
		load     float64
		patience time.Duration
	}{
		{1, 0.9, 100 * time.Second}, {4, 0.8, 50 * time.Second}, {4, 1.3, 50 * time.Second}, {10, 1, 20 * time.Second}, {20, 1.1, 150 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d agents, load %g, patience %s", c.agents, c.load, c.patience), func(t *testing.T) {
			t.Parallel()
			handling := time.Minute
			s := lineOf(c.agents, 1, c.load*float64(c.agents)/handling.Hours(), handling, c.patience)
			s.Target = 20 * time.Second
			agree(t, lasting(s, 0.7))
		})
	}
}

// Where a formula's assumptions do not hold, none is shown, and it is said why.
func TestWhereNoFormulaHolds(t *testing.T) {
	for why, change := range map[string]func(s *Scenario){
		"":                    func(s *Scenario) {},
		"more customers come": func(s *Scenario) { s.Customers[0].Hourly[9]++ },
		"not all agents are":  func(s *Scenario) { s.Agents[0].There = 0.9 },
		"not every agent can": func(s *Scenario) {
			s.Customers[0].Languages, s.Agents[0].Languages = []Share{{"fi", 0.9}, {"sv", 0.1}}, []string{"fi"}
		},
		"the line grows for ever": func(s *Scenario) { s.Customers[0].Steadily(100) },
		"agents have breathers": func(s *Scenario) {
			s.Customers[0].Feelings, s.Teams[0].Rest.After = []Share{{"angry", 0.1}}, time.Minute
		},
		"conversations are offered": func(s *Scenario) { s.Teams[0].Assignment = "offer" },
	} {
		s := lineOf(5, 1, 20, 6*time.Minute, 0)
		change(&s)
		if f := FormulaOf(&s); !strings.Contains(f.Why, why) || (f.Name == "") != (why != "") {
			t.Errorf("%q: %+v", why, f)
		}
	}
}
