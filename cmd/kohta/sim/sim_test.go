package sim

import "testing"

func TestSchedules(t *testing.T) {
	n := uint64(200)
	if testing.Short() {
		n = 50
	}
	for seed := range n {
		if r := Schedule(seed, "", nil); len(r.Breaches) > 0 {
			t.Errorf("%v", r)
		}
	}
}
