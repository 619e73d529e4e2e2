package sim

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Result is what became of one schedule.
type Result struct {
	Seed     uint64
	Steps    int
	Breaches []Breach
}

// Schedule plays the schedule of a seed, with a mistake made on purpose if bug is not empty. trace, if it is not nil, is
// told what happens. The same seed is the same schedule, to the last event.
func Schedule(seed uint64, bug string, trace func(format string, args ...any)) Result {
	w := newWorld(seed, bug)
	w.trace = trace
	w.live()
	return Result{seed, w.oracle.steps, w.oracle.breaches}
}

func (r Result) String() string {
	return fmt.Sprintf("seed %d: %d steps, %v", r.Seed, r.Steps, r.Breaches)
}

// Sum is what became of many.
type Sum struct {
	Schedules, Steps int
	Broken           []Result // the schedules with a breach, by seed; no more than the first hundred
}

// Run plays the schedules of n seeds from first on, jobs at a time, until ctx ends. told, if it is not nil, hears now and
// then how many are done, one call at a time.
func Run(ctx context.Context, first, n uint64, jobs int, told func(done int)) Sum {
	var sum Sum
	var next atomic.Uint64
	var mu sync.Mutex
	var all sync.WaitGroup
	for range max(jobs, 1) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < n && ctx.Err() == nil; i = next.Add(1) - 1 {
				r := Schedule(first+i, "", nil)
				mu.Lock()
				sum.add(r)
				if told != nil && sum.Schedules%100 == 0 {
					told(sum.Schedules)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.SortFunc(sum.Broken, func(a, b Result) int { return int(a.Seed) - int(b.Seed) })
	return sum
}

func (s *Sum) add(r Result) {
	s.Schedules++
	s.Steps += r.Steps
	if len(r.Breaches) > 0 && len(s.Broken) < 100 {
		s.Broken = append(s.Broken, r)
	}
}

// Enough is in how many schedules each of Bugs must be found.
const Enough = 2000

// Catch plays schedules with a mistake made on purpose until one of them breaks a promise that holds without, Enough at most. It returns how
// many it took and the first breach, or 0 if the mistake was not found, or ctx ended.
func Catch(ctx context.Context, bug string) (schedules int, found Breach) {
	for seed := range uint64(Enough) {
		if ctx.Err() != nil {
			break
		}
		r := Schedule(seed, bug, nil)
		if len(r.Breaches) > 0 && len(Schedule(seed, "", nil).Breaches) == 0 {
			return int(seed) + 1, r.Breaches[0]
		}
	}
	return 0, Breach{}
}
