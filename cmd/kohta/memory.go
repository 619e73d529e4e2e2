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
	worthwhile = 16 << 20  // bytes that nobody refers to, or that lie free
)

// giveBack returns what a peak needed to the system once it is over: with nothing to do, the runtime collects every two
// minutes alone, and until then ten thousand visitors who said one thing each hold twice what they need.
func giveBack(ctx context.Context) error {
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	heap := []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/unused:bytes"},
	}
	for before := uint64(0); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		metrics.Read(heap)
		allocated, live, objects := heap[0].Value.Uint64(), heap[1].Value.Uint64(), heap[2].Value.Uint64()
		idle := heap[3].Value.Uint64() + heap[4].Value.Uint64()
		if allocated-before < quietBelow && objects+idle > live+worthwhile {
			debug.FreeOSMemory()
		}
		before = allocated
	}
}
