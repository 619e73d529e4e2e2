package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// garbage is how much may lie about before it is collected, in per cent of what is in use. Under load memory is cheaper
// than time; when the load is over giveBack gives it back.
const garbage = 200

// What giveBack goes by.
const (
	quietEvery = 100 * time.Millisecond
	quietBelow = 512 << 10 // bytes allocated in that time
	worthwhile = 16 << 20  // bytes allocated since it was last done
)

// giveBack returns what a peak needed to the system once it is over: with nothing to do, the runtime collects every two
// minutes alone, and until then ten thousand visitors who said one thing each hold twice what they need.
func giveBack(ctx context.Context) error {
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for before, done := uint64(0), uint64(0); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		metrics.Read(allocated)
		now := allocated[0].Value.Uint64()
		if now-before < quietBelow && now-done >= worthwhile {
			debug.FreeOSMemory()
			done = now
		}
		before = now
	}
}
