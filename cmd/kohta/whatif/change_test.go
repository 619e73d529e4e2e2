package whatif

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// crew writes a scenario's agents in short.
func crew(s Scenario) string {
	var words []string
	for _, a := range s.Agents {
		words = append(words, fmt.Sprintf("%d %s (%s; %s)", a.Count, a.Name, strings.Join(a.Languages, ","), strings.Join(a.Skills, ",")))
	}
	return strings.Join(words, " | ")
}

func TestChange(t *testing.T) {
	day := scenarioOf(t, "day.yml")
	was := crew(day)
	for words, want := range map[string]string{
		"agents=+2":         "3 day (fi,en; billing) | 1 late (fi,sv,en; ) | 2 2 more, like day (fi,en; billing)",
		"agents=-1":         "2 day (fi,en; billing) | 1 late (fi,sv,en; )",
		"support/agents=-3": "0 day (fi,en; billing) | 1 late (fi,sv,en; )",
		"only=sv:1":         "3 day (fi,en; billing) | 1 late (fi,sv,en; )",
		"only=sv:0":         "3 day (fi,en; billing) | 1 late, no sv (fi,en; )",
		"only=fi:2":         "2 day (fi,en; billing) | 1 day, no fi (en; billing) | 1 late, no fi (sv,en; )",
		"only=billing:1":    "1 day (fi,en; billing) | 2 day, no billing (fi,en; ) | 1 late (fi,sv,en; )",
	} {
		s, err := day.Change(words)
		if got := crew(s); err != nil || got != want {
			t.Errorf("%s: %v\n%s, want\n%s", words, err, got, want)
		}
	}
	anyLanguage := day.Clone()
	anyLanguage.Agents[0].Languages = nil
	if s, err := anyLanguage.Change("only=sv:0"); err != nil || crew(s) != "3 day, no sv (en,fi; billing) | 1 late, no sv (fi,en; )" {
		t.Errorf("those who write all: %v, %s", err, crew(s))
	}
	if crew(day) != was {
		t.Errorf("a change changed the scenario that it began with: %s", crew(day))
	}
}

func TestChangeOfOthers(t *testing.T) {
	day := scenarioOf(t, "day.yml")
	for words, holds := range map[string]func(s Scenario) bool{
		"arrivals=+20%":    func(s Scenario) bool { return s.Customers[0].Hourly[8] == 30 && day.Customers[0].Hourly[8] == 25 },
		"arrivals=x2":      func(s Scenario) bool { return s.Customers[0].Hourly[15] == 60 },
		"handling=-50%":    func(s Scenario) bool { return s.Customers[0].Handling.Mean == 6*time.Minute },
		"patience=never":   func(s Scenario) bool { return s.Customers[0].Patience == 0 },
		"capacity=5":       func(s Scenario) bool { return s.Agents[0].Capacity == 5 && s.Agents[1].Capacity == 5 },
		"slower=20%":       func(s Scenario) bool { return s.Agents[0].Slower == 0.2 },
		"assignment=offer": func(s Scenario) bool { return s.Teams[0].Assignment == "offer" },
		"support/rest=0s":  func(s Scenario) bool { return s.Teams[0].Rest.After == 0 },
	} {
		s, err := day.Change(words)
		if err == nil {
			err = s.Check()
		}
		if err != nil || !holds(s) {
			t.Errorf("%s: %v, %+v", words, err, s)
		}
	}
	for words, want := range map[string]string{
		"more agents": "Write it like agents=+2", "agents=5": "write how many more or fewer", "agents=": "write how many", "agents=-9": "there are not so many",
		"only=de:1": "no customer writes de", "only=sv": "like only=sv:1", "arrivals=20": "like +20%", "arrivals=-100%": "like +20%", "arrivals=": "like +20%",
		"wages=+20%": "cannot be changed so", "sales/agents=+1": "there is no team \"sales\"", "capacity=0": "1 to 100", "capacity=2.5": "1 to 100", "slower=-1": "like slower=20", "patience=0": "never",
	} {
		if _, err := day.Change(words); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", words, err, want)
		}
	}
}
