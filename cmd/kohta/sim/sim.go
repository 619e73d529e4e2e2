package sim

import "fmt"

// Result is what became of one schedule.
type Result struct {
	Seed     uint64
	Steps    int
	Breaches []Breach
}

// Schedule plays the schedule of a seed, with a mistake made on purpose if bug is not empty. trace, if it is not nil, is
// told what happens.
func Schedule(seed uint64, bug string, trace func(format string, args ...any)) Result {
	w := newWorld(seed, bug)
	w.trace = trace
	w.live()
	return Result{seed, w.oracle.steps, w.oracle.breaches}
}

func (r Result) String() string {
	return fmt.Sprintf("seed %d: %d steps, %v", r.Seed, r.Steps, r.Breaches)
}
