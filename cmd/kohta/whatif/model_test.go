package whatif

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

func ringTo(team string, after time.Duration) staff.Ring { return staff.Ring{After: after, Team: team} }

// The same scenario gives the same figures, in whatever order its runs are played; another seed gives others.
func TestTheSameSeedGivesTheSame(t *testing.T) {
	s := town(6)
	s.Runs = 6
	a, b := play(t, s), play(t, s)
	for _, r := range []*Result{a, b} {
		r.runs = nil
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("the same seed gives\n%+v\nand\n%+v", a.All, b.All)
	}
	s.Seed++
	if c := play(t, s); c.All == a.All {
		t.Error("another seed gives the same figures")
	}
}

// More agents are never worse, on average over the runs: not for who waits, not for who gives up, not for the agents.
func TestMoreAgentsAreNeverWorse(t *testing.T) {
	for name, s := range map[string]Scenario{"one class": lineOf(1, 2, 30, 8*time.Minute, 6*time.Minute), "all there is": town(3)} {
		t.Run(name, func(t *testing.T) {
			s.Runs = 30
			var before *Result
			for more := range 6 {
				for i := range s.Agents {
					s.Agents[i].Count = 1 + more
				}
				r := play(t, s)
				if before != nil {
					a, b := before.All, r.All
					if b.Mean.Value > a.Mean.Value*1.001 || b.Abandoned.Value > a.Abandoned.Value+1e-9 || b.Within.Value < a.Within.Value-1e-9 {
						t.Errorf("with %d agents: mean wait %.1f s, %.3f give up, %.3f in time; with %d: %.1f s, %.3f, %.3f", before.Scenario.headcount(),
							a.Mean.Value, a.Abandoned.Value, a.Within.Value, s.headcount(), b.Mean.Value, b.Abandoned.Value, b.Within.Value)
					}
				}
				before = r
			}
		})
	}
}

// Everybody who came is accounted for once, whatever the scenario; nobody has more than they have room for; the parts add up.
func TestNobodyIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	rapid.Check(t, func(r *rapid.T) {
		s := town(rapid.IntRange(1, 9).Draw(r, "agents"))
		s.Runs, s.Length, s.Seed = 2, 3*time.Hour, rapid.Uint64().Draw(r, "seed")
		s.Start = staff.Clock(rapid.IntRange(0, 1439).Draw(r, "start"))
		s.Customers[0].Patience = time.Duration(rapid.IntRange(0, 1).Draw(r, "patient")) * 10 * time.Minute
		for i := range s.Agents {
			if rapid.Bool().Draw(r, "shift") {
				s.Agents[i].Shift, s.Agents[i].Breaks = []staff.Interval{{From: 480, To: 960}}, []staff.Interval{{From: 660, To: 690}}
			}
		}
		if err := s.Check(); err != nil {
			r.Fatal(err)
		}
		st := newStage(&s)
		for i := range s.Runs {
			w := newWorld(st, i)
			w.play(func() bool { checkWorld(r, w); return false })
			counted := 0
			for _, c := range w.customers {
				if c.counted && c.state == served {
					counted++
				}
			}
			if len(w.records) < counted {
				r.Fatalf("%d are with agents and %d were counted", counted, len(w.records))
			}
		}
		result, err := Run(context.Background(), s, nil)
		if err != nil {
			r.Fatal(err)
		}
		f := result.All
		if sum := f.Answered.Value + f.GaveUp.Value + f.Waiting.Value; math.Abs(sum-f.Customers.Value) > 1e-6 {
			r.Fatalf("of %g customers %g are accounted for", f.Customers.Value, sum)
		}
		for name, parts := range map[string][]Part{"teams": result.Teams, "hours": result.Hours} {
			sum := 0.0
			for _, p := range parts {
				sum += p.Customers.Value
			}
			if math.Abs(sum-f.Customers.Value) > 1e-6 {
				r.Fatalf("the %s have %g of %g customers", name, sum, f.Customers.Value)
			}
		}
	})
}

// checkWorld holds the agents' loads to the conversations and offers that they are the sum of.
func checkWorld(t rapid.TB, w *world) {
	loads := make([]int, len(w.agents))
	held := make([]int, len(w.agents))
	for i := range w.customers {
		c := &w.customers[i]
		who := c.agent
		if c.state == waiting {
			who = c.offered
		}
		if c.state != gone && who >= 0 {
			loads[who] += w.kinds[c.kind].weight
			held[who]++
		}
	}
	for i, a := range w.agents {
		most := 0
		for _, n := range a.capacity {
			most = max(most, n)
		}
		if a.load != loads[i] || a.load > most && held[i] > 1 {
			t.Fatalf("agent %s has a load of %d, by their %d conversations %d, of %d", a.id, a.load, held[i], loads[i], most)
		}
	}
}

func TestWhomNobodyServesIsReported(t *testing.T) {
	s := lineOf(3, 2, 40, 5*time.Minute, 5*time.Minute)
	s.Teams[0].Rings = nil
	s.Customers[0].Languages = []Share{{"fi", 0.9}, {"sv", 0.1}}
	s.Agents[0].Languages = []string{"fi"}
	r := play(t, s)
	if len(r.Unserved) != 1 || r.Unserved[0].Language != "sv" || !r.Unserved[0].Never || r.Unserved[0].Customers < 100 {
		t.Fatalf("unserved: %+v", r.Unserved)
	}
	if sv := r.Langs[1]; sv.Name != "sv" || sv.Answered.Value != 0 || sv.Abandoned.Value < 0.9 {
		t.Errorf("sv: %+v", sv)
	}
	s.Teams[0].Rings = staff.DefaultRings()
	if r := play(t, s); len(r.Unserved) != 0 || r.Langs[1].P50.Value < 300 {
		t.Errorf("with a ring after five minutes: %+v, half of those who write sv wait %g s", r.Unserved, r.Langs[1].P50.Value)
	}
	s.Agents[0].Shift = []staff.Interval{{From: 0, To: 60}} // and everybody comes from 8 on
	r = play(t, s)
	if len(r.Unserved) != 2 || r.Unserved[0].Never {
		t.Errorf("with agents at night alone: %+v", r.Unserved)
	}
}

// Where nobody is answered there is no wait, and none of 0 s.
func TestWaitsOfNobody(t *testing.T) {
	s := lineOf(3, 2, 40, 5*time.Minute, 5*time.Minute)
	s.Customers[0].Languages, s.Agents[0].Languages = []Share{{"fi", 1}}, []string{"sv"}
	s.Teams[0].Rings = nil
	r := play(t, s)
	var text, object bytes.Buffer
	if err := errors.Join(Write(&text, r, r), WriteJSON(&object, r, r)); err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^ *wait, (mean|p50|p80|p95).*`).FindAllString(text.String(), -1)
	for _, row := range rows {
		if strings.Contains(row, " s") || strings.Count(row, "–") != 3 {
			t.Errorf("%q", row)
		}
	}
	if len(rows) != 4 || !strings.Contains(text.String(), "longest wait") {
		t.Errorf("printed\n%s", &text)
	}
	var read struct {
		Scenarios  []struct{ All map[string]any }
		Difference map[string]any
	}
	if err := json.Unmarshal(object.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	for _, all := range []map[string]any{read.Scenarios[0].All, read.Difference} {
		for _, name := range []string{"wait_mean_s", "wait_p50_s", "wait_p80_s", "wait_p95_s"} {
			if wait, ok := all[name]; !ok || wait != nil {
				t.Errorf("%s is %v", name, wait)
			}
		}
		if all["answered"] == nil || all["wait_longest_s"] == nil {
			t.Errorf("what is known is not there: %v", all)
		}
	}
}

// Each part of a scenario does what it says.
func TestWhatPartsDo(t *testing.T) {
	base := lineOf(4, 1, 27, 8*time.Minute, 10*time.Minute)
	base.Runs, base.Length = 30, 10*time.Hour
	was := play(t, base)
	more := func(what string, got, than float64) {
		t.Helper()
		if !(got > than) {
			t.Errorf("%s: %g is not more than %g", what, got, than)
		}
	}
	for _, c := range []struct {
		name   string
		change func(s *Scenario)
		check  func(r *Result)
	}{
		{"hard conversations take longer", func(s *Scenario) {
			s.Customers[0].Feelings, s.Customers[0].Harder = []Share{{"distressed", 0.2}}, 2
		}, func(r *Result) { more("wait", r.All.Mean.Value, was.All.Mean.Value) }},
		{"breathers cost waits and are counted", func(s *Scenario) {
			s.Customers[0].Feelings, s.Teams[0].Rest.After = []Share{{"angry", 0.3}}, 10*time.Minute
		}, func(r *Result) {
			more("wait", r.All.Mean.Value, was.All.Mean.Value)
			more("breathers", r.Staff[0].Rests.Value, 10)
		}},
		{"offers take time, and are declined and missed", func(s *Scenario) {
			t := &s.Teams[0]
			t.Assignment, t.Accept, t.Declines, t.Misses = staff.Offered, 10*time.Second, 0.2, 0.05
		}, func(r *Result) {
			more("wait", r.All.P50.Value, 2)
			more("declined", r.Staff[0].Declined.Value, 1.5*r.Staff[0].Missed.Value)
			more("missed", r.Staff[0].Missed.Value, 0.5)
		}},
		{"who is there on half of the days", func(s *Scenario) { s.Agents[0].There = 0.5 }, func(r *Result) {
			more("duty", 6, r.Staff[0].Duty.Value)
			more("give up", r.All.Abandoned.Value, 2*was.All.Abandoned.Value)
		}},
		{"a break", func(s *Scenario) { s.Agents[0].Breaks = []staff.Interval{{From: 12 * 60, To: 13 * 60}} }, func(r *Result) {
			more("wait at 12", r.Hours[4].Mean.Value, 4*r.Hours[2].Mean.Value)
			more("after hours", r.Staff[0].Over.Value, 1)
			if d := r.Staff[0].Duty.Value; math.Abs(d-9) > 1e-6 {
				t.Errorf("on duty for %g h of 10 with a break of one", d)
			}
		}},
		{"slower with several", func(s *Scenario) { s.Agents[0].Capacity, s.Agents[0].Count, s.Agents[0].Slower = 2, 2, 0.8 }, func(r *Result) {
			more("wait", r.All.Mean.Value, 1.3*was.All.Mean.Value)
		}},
		{"a crisis goes before all", func(s *Scenario) {
			s.Customers = append(s.Customers, NewCustomers("support"))
			s.Customers[0].Languages, s.Customers[0].Patience = []Share{{"fi", 1}}, 0
			c := &s.Customers[1]
			c.Steadily(1)
			c.Handling, c.Languages, c.Feelings = s.Customers[0].Handling, []Share{{"sv", 1}}, []Share{{"crisis", 1}}
		}, func(r *Result) { more("wait", r.Langs[0].Mean.Value, 2*r.Langs[1].Mean.Value) }},
		{"what nobody takes is the supervisors'", func(s *Scenario) {
			s.Teams[0].Assignment, s.Teams[0].Declines, s.Customers[0].Patience = staff.Offered, 1, 4*time.Hour
			s.Runs, s.Agents = 5, append(s.Agents, s.Agents[0])
			s.Agents[1].Name, s.Agents[1].Count, s.Agents[1].Supervisor = "lead", 1, true
		}, func(r *Result) {
			if r.All.Answered.Value != 0 || len(r.Unserved) != 1 {
				t.Errorf("those who decline everything answered %g", r.All.Answered.Value)
			}
			most := r.All.Customers.Value * (maxMissed + 0.1) * 1.4
			more("offers", most, 4*r.Staff[0].Declined.Value)
		}},
		{"without supervisors agents go on being asked", func(s *Scenario) {
			s.Teams[0].Assignment, s.Teams[0].Declines, s.Customers[0].Patience = staff.Offered, 1, 4*time.Hour
			s.Runs = 5
		}, func(r *Result) {
			more("offers", 4*r.Staff[0].Declined.Value, r.All.Customers.Value*(maxMissed+0.1)*1.4)
		}},
	} {
		t.Run(c.name, func(*testing.T) {
			s := base.Clone()
			c.change(&s)
			c.check(play(t, s))
		})
	}
}

// The classes of a line are routing's, and the ticket of each stage of the wait is that which routing.Of makes.
func TestTicketsAreRoutings(t *testing.T) {
	s := town(3)
	st := newStage(&s)
	for _, k := range st.kinds {
		for i, stage := range k.stages {
			if stage.ticket.Team != s.Teams[k.team].Slug || stage.ticket.Weighs() != k.weight || (k.feeling == "crisis") != stage.ticket.InCrisis() {
				t.Errorf("%+v: %+v", k, stage.ticket)
			}
			if i > 0 && stage.ticket.Language != "" {
				t.Errorf("after five minutes any language will do, not %q", stage.ticket.Language)
			}
			for _, other := range st.kinds {
				if other.team == k.team && (other.stages[0].class == stage.class) != (other.stages[0].ticket.Class() == stage.ticket.Class()) {
					t.Errorf("class %d is %s and %s", stage.class, stage.ticket.Class(), other.stages[0].ticket.Class())
				}
			}
		}
		if !k.raised.ticket.Raised || k.raised.ticket.Serves(&routing.Candidate{Agent: "a", Teams: []string{k.raised.ticket.Team}}) {
			t.Errorf("raised: %+v", k.raised.ticket)
		}
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := lineOf(4, 1, 3000, 8*time.Minute, time.Minute)
	s.Runs = 50
	_, err := Run(ctx, s, func(float64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it says %v", err)
	}
}

func TestProgressGoesToTheEnd(t *testing.T) {
	s := lineOf(2, 1, 5, 8*time.Minute, 0)
	var seen []string
	if _, err := Run(context.Background(), s, func(done float64) { seen = append(seen, fmt.Sprintf("%.2f", done)) }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != s.Runs || seen[0] != "0.05" || seen[len(seen)-1] != "1.00" {
		t.Errorf("progress: %v", seen)
	}
}

// One agent who has many conversations and is slower by a whole one for each is a server that shares itself out: so many
// does it have on average as a line with one server has customers, load / (1 − load) (L. Kleinrock, Queueing Systems II,
// 1976, §4.4), whatever the spread of the handling times.
func TestSlowerIsSharedOut(t *testing.T) {
	for _, spread := range []float64{0, 1, 2} {
		const load = 0.5
		s := lineOf(1, 100, 60*load, time.Minute, 0)
		s.Customers[0].Handling = Handling{Mean: time.Minute, Spread: spread}
		s.Agents[0].Slower, s.Length, s.Runs = 1, 300*time.Hour, 12
		r := play(t, s)
		if has := 100 * r.Staff[0].Load.Value; math.Abs(has-load/(1-load)) > 0.06 {
			t.Errorf("with a spread of %g the agent has %.3f conversations on average, want %g", spread, has, load/(1-load))
		}
		if r.All.Mean.Value > 1 {
			t.Errorf("with a spread of %g they wait for %.1f s", spread, r.All.Mean.Value)
		}
	}
}

// As many come as are said to, at each hour; nobody at an hour that has none.
func TestArrivalsAreThoseOfTheHour(t *testing.T) {
	s := lineOf(9, 3, 60, 5*time.Minute, 0)
	for h, n := range map[int]float64{8: 60, 9: 90, 10: 0, 11: 5, 12: 30, 13: 30, 14: 120, 15: 0} {
		s.Customers[0].Hourly[h] = n
	}
	s.Runs, s.WarmUp = 40, 0
	for _, h := range play(t, s).Hours {
		var hour int
		fmt.Sscanf(h.Name, "%d", &hour)
		want := s.Customers[0].Hourly[hour]
		if math.Abs(h.Customers.Value-want) > 4*math.Sqrt(want/40) || want == 0 {
			t.Errorf("at %s come %g, want %g", h.Name, h.Customers.Value, want)
		}
	}
}

// Who declined is not asked again before the cool-down has passed, and who missed two offers in a row is away for a while.
func TestOffersAsTheDeskHasThem(t *testing.T) {
	s := lineOf(1, 1, 4, time.Minute, 0)
	team := &s.Teams[0]
	team.Assignment, team.Accept, team.Declines = staff.Offered, time.Second, 0.5
	s.Agents[0].Supervisor, s.Length, s.Runs = true, 100*time.Hour, 5
	// Each is declined once on average, and asked again two minutes later.
	if got := play(t, s).All.Mean.Value; got < 115 || got > 145 {
		t.Errorf("with a cool-down of 2 min they wait for %.0f s", got)
	}
	team.Declines, team.Misses, team.Patience.Cooldown, team.Back = 0, 0.5, time.Second, 20*time.Minute
	back := play(t, s).All
	if back.Answered.Value < 0.95*back.Customers.Value {
		t.Errorf("who was set away came back, and %g of %g were answered", back.Answered.Value, back.Customers.Value)
	}
	team.Back = time.Second
	if soon := play(t, s).All; back.Mean.Value < soon.Mean.Value+120 {
		t.Errorf("away for 20 min after two missed offers they wait for %.0f s, away for a second %.0f s", back.Mean.Value, soon.Mean.Value)
	}
}
