package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// Under load memory is cheaper than time; when the load is over giveBack gives it back.
const (
	garbage = 200       // how much may lie about before it is collected, in per cent of what is in use,
	little  = 128 << 20 // or until the heap has so many bytes, where that is more: a small desk would collect all the time
	steps   = 50        // per cent; a new figure stops everybody for a moment, so there is none for every small change
)

// collectLess has the runtime collect by these until ctx ends, unless GOGC says otherwise. What is in use is known anew after
// each collection.
func (h *house) collectLess(ctx context.Context) error {
	if h.env("GOGC") != "" {
		return nil
	}
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for set := 0; ; {
		metrics.Read(live)
		if percent := garbageFor(live[0].Value.Uint64()); percent != set {
			set = percent
			debug.SetGCPercent(percent)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// garbageFor is how much may lie about beside what is in use, in per cent of it.
func garbageFor(live uint64) (percent int) {
	live = max(live, 4<<20) // the runtime collects nothing below that times the figure
	return max(garbage, int(little*100/live)/steps*steps-100)
}

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
	return giveBackAt(ctx, tick.C)
}

// giveBackAt looks at each tick whether less than quietBelow was allocated since the one before.
func giveBackAt(ctx context.Context, tick <-chan time.Time) error {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for before, done := uint64(0), uint64(0); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
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

// bindMemory lets the runtime keep below what the control group allows, where nobody has set GOMEMLIMIT: membership is
// /proc/self/cgroup, root where the groups are mounted. What is left over is for what the runtime does not see: the page
// cache of the database's files, and SQLite's own.
func bindMemory(membership, root string) {
	if allowed := groupMemory(membership, root); debug.SetMemoryLimit(-1) == math.MaxInt64 && allowed < math.MaxInt64 {
		debug.SetMemoryLimit(allowed / 10 * 9)
	}
}

// groupMemory is the least that one of the process' control groups (version 2) allows, in bytes; MaxInt64 where none does.
func groupMemory(membership, root string) int64 {
	allowed := int64(math.MaxInt64)
	groups, err := os.ReadFile(membership)
	if err != nil {
		return allowed
	}
	_, group, _ := strings.Cut(string(groups), "0::")
	group, _, _ = strings.Cut(group, "\n")
	for dir := path.Clean("/" + group); ; dir = path.Dir(dir) {
		most, err := os.ReadFile(filepath.Join(root, dir, "memory.max"))
		if n, bad := strconv.ParseInt(string(bytes.TrimSpace(most)), 10, 64); err == nil && bad == nil { // else "max"
			allowed = min(allowed, n)
		}
		if dir == "/" {
			return allowed
		}
	}
}

// shortOfMemory tells whether what is in use comes near the limit, garbage left out: three quarters of it. Who comes then
// is asked to come back later; who is there stays.
func shortOfMemory() bool {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return false
	}
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(inUse)
	return inUse[0].Value.Uint64()+inUse[1].Value.Uint64() > uint64(limit)/4*3
}
