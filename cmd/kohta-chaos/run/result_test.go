package run

import (
	"strings"
	"testing"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

// TestSound: each thing that goes wrong makes a run unsound, and is told.
func TestSound(t *testing.T) {
	sound := Result{Before: []fleet.Usage{{Goroutines: 60, Files: 30}}, After: []fleet.Usage{{Goroutines: 80, Files: 40}}}
	if !sound.Sound() {
		t.Fatalf("%s", sound.Summary())
	}
	for name, c := range map[string]struct {
		do   func(*Result)
		told string
	}{
		"a loss":       {func(r *Result) { r.Lost, r.Breaches = 1, []check.Breach{{Kind: check.Lost, Words: "gone"}} }, "lost: gone"},
		"a starved":    {func(r *Result) { r.Starved = 1 }, "starved 1"},
		"the doctor":   {func(r *Result) { r.Doctor = "S4 is broken" }, "S4 is broken"},
		"a stop":       {func(r *Result) { r.Troubles = []string{"node1 does not end"} }, "node1 does not end"},
		"goroutines":   {func(r *Result) { r.After = []fleet.Usage{{Goroutines: 600, Files: 40}} }, "holds on to"},
		"files":        {func(r *Result) { r.After = []fleet.Usage{{Goroutines: 80, Files: 400}} }, "holds on to"},
		"double-owned": {func(r *Result) { r.DoubleOwned = 2 }, "double-owned 2"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sound
			c.do(&r)
			if r.Sound() || !strings.Contains(r.Summary(), c.told) {
				t.Errorf("%v\n%s", r.Sound(), r.Summary())
			}
		})
	}
}

func TestCapacity(t *testing.T) {
	for _, c := range []struct{ customers, agents, want int }{{500, 25, 24}, {50, 5, 12}, {1, 10, 2}, {5000, 2, 100}, {10, 1, 12}} {
		if got := capacity(c.customers, c.agents); got != c.want {
			t.Errorf("%d customers, %d agents: %d, want %d", c.customers, c.agents, got, c.want)
		}
	}
}
