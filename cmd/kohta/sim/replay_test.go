package sim

import (
	"os"
	"strconv"
	"testing"
)

// TestReplay tells what happens in the schedule of SEED.
func TestReplay(t *testing.T) {
	number := func(name string, otherwise uint64) uint64 {
		n, err := strconv.ParseUint(os.Getenv(name), 10, 64)
		if err != nil {
			return otherwise
		}
		return n
	}
	if os.Getenv("SEED") != "" {
		t.Log(Schedule(number("SEED", 0), os.Getenv("BUG"), t.Logf))
		return
	}
	for seed := number("FROM", 0); seed < number("TO", 1); seed++ {
		if r := Schedule(seed, os.Getenv("BUG"), nil); len(r.Breaches) > 0 {
			t.Log(r.Seed, r.Breaches[0])
		}
	}
}
