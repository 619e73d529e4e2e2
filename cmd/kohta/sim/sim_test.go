package sim

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Nothing that can happen in a house breaks a promise. `make full` plays twenty thousand schedules, by `kohta sim`.
func TestSchedules(t *testing.T) {
	n := uint64(500)
	if testing.Short() || raced {
		n = 40
	}
	sum := Run(t.Context(), 0, n, 2, nil)
	for _, r := range sum.Broken {
		t.Error(r)
	}
	if sum.Schedules != int(n) || sum.Steps < 50*sum.Schedules {
		t.Errorf("%d schedules of %d steps: that tells nothing", sum.Schedules, sum.Steps)
	}
}

// What was found once is looked for again.
func TestKeptSeeds(t *testing.T) {
	kept, err := os.ReadFile("testdata/seeds")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(kept)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		number, _, _ := strings.Cut(line, "\t")
		seed, err := strconv.ParseUint(strings.TrimSpace(number), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if r := Schedule(seed, "", nil); len(r.Breaches) > 0 {
			t.Error(r)
		}
	}
}

// The same seed is the same schedule, to the last event: else no fault could be looked at again.
func TestASeedIsOneSchedule(t *testing.T) {
	for seed := range uint64(5) {
		var told [2]strings.Builder
		for i := range told {
			Schedule(seed, "", func(format string, args ...any) { fmt.Fprintf(&told[i], format+"\n", args...) })
		}
		if told[0].String() != told[1].String() {
			t.Errorf("seed %d was told in two ways", seed)
		}
	}
}
