package whatif

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/staff"
)

var update = flag.Bool("update", false, "write the golden files anew")

func scenarioOf(t testing.TB, file string) Scenario {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is another (-update writes it anew):\n%s", file, got)
	}
}

// The tables and the JSON of a day are as they were: of one scenario, and of two side by side.
func TestGolden(t *testing.T) {
	s := scenarioOf(t, "day.yml")
	a := play(t, s)
	other, err := s.Change("only=sv:0")
	if err != nil {
		t.Fatal(err)
	}
	other.Name = "nobody writes Swedish"
	b := play(t, other)
	for file, results := range map[string][]*Result{"day.txt": {a}, "two.txt": {a, b}} {
		var out bytes.Buffer
		if err := Write(&out, results...); err != nil {
			t.Fatal(err)
		}
		golden(t, file, out.Bytes())
	}
	var out bytes.Buffer
	if err := WriteJSON(&out, a, b); err != nil {
		t.Fatal(err)
	}
	golden(t, "two.json", out.Bytes())
}

// What cannot be played is refused with the line and what to mend.
func TestWhatIsRefused(t *testing.T) {
	const customers = "customers: {arrivals: 30, handling: 8m}\n"
	const agents = "agents: {count: 3}\n"
	for _, c := range []struct{ text, want string }{
		{"", "empty"},
		{"a: [", "not YAML"},
		{"- 1\n", "line 1: a scenario: here keys and values are needed"},
		{customers + "agent: {count: 3}\n", `line 2: a scenario has no key "agent"; there are: agents,`},
		{customers + "agents:\n  - count: 3\n    capasity: 4\n", `line 4: agents has no key "capasity"; there are: breaks, capacity,`},
		{customers + agents + agents, "already defined"},
		{customers, "there are no agents"},
		{customers + "agents: {count: 0}\n", "there are no agents"},
		{customers + "agents: {count: -1}\n", `line 2: count: a whole number, not "-1"`},
		{customers + "agents: {count: 2000}\n", "line 2: of the agents group 1 there are 0 to 1000, not 2000"},
		{customers + "agents: {count: 3, capacity: 0}\n", `line 2: capacity: a number from 1 to 100, not "0"`},
		{customers + "agents: {count: 3, shift: 16-8}\n", "line 2: shift: "},
		{customers + "agents: {count: 3, teams: sales}\n", `line 2: the agents group 1 are in team "sales", and there is none; there are: support`},
		{customers + "agents: {count: 3, there: 120}\n", "line 2: there: a share is at most 100, not 120"},
		{customers + "agents: {count: 3, slower: 2000}\n", "line 2: the agents group 1 are slower by 0 to 1000 %"},
		{agents, "no customers come"},
		{agents + "customers: {arrivals: 30}\n", "line 2: say how long the customers' conversations take"},
		{agents + "customers: {arrivals: -3, handling: 8m}\n", "line 2: arrivals: it cannot be negative: -3"},
		{agents + "customers: {arrivals: .nan, handling: 8m}\n", "line 2: arrivals: a number, not"},
		{agents + "customers: {arrivals: 1e9, handling: 8m}\n", "line 2: arrivals are from 0 to 100000 an hour, not 1e+09"},
		{agents + "customers: {arrivals: 90000, handling: 8m}\n", "at most 3000000 are played"},
		{agents + "customers:\n  arrivals:\n    8-10: 20\n    10-26: 3\n  handling: 8m\n", "line 5: arrivals: hours are written like 8-10, not \"10-26\""},
		{agents + "customers: {arrivals: 30, handling: -8m}\n", "line 2: handling: a time cannot be negative: -8m"},
		{agents + "customers: {arrivals: 30, handling: 8}\n", `line 2: handling: a time is written like 90s, 8m or 1h30m, not "8"`},
		{agents + "customers: {arrivals: 30, handling: {mean: 8m, spread: 9}}\n", "line 2: the spread of handling is from 0 to 5, not 9"},
		{agents + "customers: {arrivals: 30, handling: {mean: 8m, shape: normal}}\n", "the shape is lognormal or exponential, not \"normal\""},
		{agents + "customers: {arrivals: 30, handling: 8m, patience: 0}\n", "line 2: patience: patience is the mean time"},
		{agents + "customers: {arrivals: 30, handling: 8m, languages: {fi: 80, sv: 10}}\n", "line 2: the shares of languages make 90, not 100"},
		{agents + "customers: {arrivals: 30, handling: 8m, skills: {billing: 80, vip: 30}}\n", "line 2: the shares of skills make 110, which is more than 100"},
		{agents + "customers: {arrivals: 30, handling: 8m, feelings: {cross: 10}}\n", `line 2: there is no feeling "cross"; there are: calm,`},
		{agents + "customers: {arrivals: 30, handling: 8m, team: sales}\n", `line 2: customers come to team "sales", and there is none; there are: support`},
		{agents + customers + "teams:\n  support: {assignment: hand}\n", "line 4: team support: whom agents pick by hand cannot be foretold"},
		{agents + customers + "teams:\n  support: {rest: 2h}\n", "line 4: team support: a breather"},
		{agents + customers + "teams:\n  support:\n    rings: [{after: 5m, team: sales}]\n", "line 4: team support: the ring after 5m leads to team sales"},
		{agents + customers + "teams:\n  support: {declines: 60, misses: 60}\n", "line 4: team support: the shares of offers"},
		{agents + customers + "length: 400h\n", "the length is from 1m to 336h"},
		{agents + customers + "runs: 0\n", "runs are from 1 to 1000, not 0"},
		{agents + customers + "start: 26\n", "line 3: start: a time of day is written like 8 or 8:30"},
		{agents + customers + "runs: [1]\n", "line 3: one value is needed here"},
	} {
		s, err := Read([]byte(c.text))
		if err == nil {
			err = s.Check()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n   %v\nwant %s", c.text, err, c.want)
		}
	}
}

// What is written is what was read, but for the lines.
func TestWrittenAndReadAgain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := town(rapid.IntRange(3, 30).Draw(r, "agents"))
		s.Name = rapid.StringMatching(`([a-z]([a-zäö:#"' -]{0,12}[a-zäö:#"'-])?)?`).Draw(r, "name")
		s.Start = staff.Clock(rapid.IntRange(0, 1439).Draw(r, "start"))
		s.Teams[0].HeadStarts = map[string]time.Duration{"feeling:angry": 8 * time.Minute}
		s.Customers[0].Hourly[rapid.IntRange(0, 23).Draw(r, "hour")] = float64(rapid.IntRange(0, 999).Draw(r, "n")) / 10
		s.Agents[0].Name = rapid.StringMatching(`[A-ZÅÄÖ][A-Za-zåäö' ]{0,12}[a-z]`).Draw(r, "agent")
		s.Agents[1].Shift, s.Agents[1].Breaks = []staff.Interval{{From: 480, To: 990}}, []staff.Interval{{From: 660, To: 675}}
		s.Agents[0].Slower = 0.25
		s.Agents[2].Supervisor = rapid.Bool().Draw(r, "supervisor")
		for i := range s.Teams {
			s.Teams[i].Name = s.Teams[i].Slug
		}
		text := s.YAML("a note")
		back, err := Read(text)
		if err != nil {
			r.Fatalf("%v\n%s", err, text)
		}
		for i := range back.Teams {
			back.Teams[i].line = 0
		}
		for i := range back.Customers {
			back.Customers[i].line = 0
		}
		for i := range back.Agents {
			back.Agents[i].line = 0
		}
		if again := back.YAML("a note"); !bytes.Equal(text, again) {
			r.Fatalf("written\n%s\nand again\n%s", text, again)
		}
		if !reflect.DeepEqual(sharpened(s), sharpened(back)) {
			r.Fatalf("read again, it is\n%+v\nand was\n%+v", back, s)
		}
	})
}

// sharpened takes what is not written down out of a scenario.
func sharpened(s Scenario) Scenario {
	s = s.Clone()
	for i := range s.Teams {
		if len(s.Teams[i].HeadStarts) == 0 {
			s.Teams[i].HeadStarts = nil
		}
		if s.Teams[i].Assignment != staff.Offered {
			s.Teams[i].Accept, s.Teams[i].Back = 0, 0
		}
	}
	for i := range s.Customers {
		c := &s.Customers[i]
		for _, list := range [][]Share{c.Languages, c.Skills, c.Feelings} {
			for j := range list {
				list[j].Part = hundredths(list[j].Part)
			}
		}
		for h := range c.Hourly {
			c.Hourly[h] = rounded(c.Hourly[h])
		}
	}
	return s
}

func FuzzRead(f *testing.F) {
	day, _ := os.ReadFile("testdata/day.yml")
	f.Add(string(day))
	f.Add("customers: {arrivals: {8-9: 1}, handling: 8m}\nagents: [{count: 1}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read([]byte(text))
		if err == nil && s.Check() == nil {
			if _, err := Read(s.YAML()); err != nil {
				t.Errorf("what it writes cannot be read: %v\n%s", err, s.YAML())
			}
		}
	})
}
