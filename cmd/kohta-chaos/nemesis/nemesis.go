// Package nemesis does harm: to nodes, to Postgres and Redis, and to the ways between them. What it does, and when, goes by a
// seed.
package nemesis

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
)

// Crowd is what the nemesis does to the clients.
type Crowd interface {
	CutAll()                         // all connections end at once, and everybody sends their outbox again
	Slow(r *rand.Rand) (heal func()) // some read nothing until heal
}

// Nemesis does harm to a fleet.
type Nemesis struct {
	Fleet *fleet.Fleet
	Crowd Crowd
	Rand  *rand.Rand
	Notes io.Writer

	Done     map[string]int  // how often each fault was done
	Troubles []string        // nodes that did not end as they should
	Stops    []time.Duration // how long nodes took that were asked to end
	Faults   []string        // names of those that may be done
	Times    int             // end after so many; 0: when ctx does
	Every    time.Duration   // from the beginning of one to the beginning of the next, at least
}

// fault is one kind of harm. do returns when it has ended and what was stopped runs again.
type fault struct {
	name  string
	words string
	can   func(f *fleet.Fleet) bool
	do    func(ctx context.Context, n *Nemesis) error
}

// All are the kinds of harm, each with a few words.
func All() (names, words []string) {
	for _, f := range faults() {
		names, words = append(names, f.name), append(words, f.words)
	}
	return names, words
}

// Check returns an error for a name that is no fault.
func Check(names []string) error {
	all, _ := All()
	for _, n := range names {
		if !slices.Contains(all, n) {
			return fmt.Errorf("there is no fault %q; there are %s", n, strings.Join(all, ", "))
		}
	}
	return nil
}

// Run does harm until ctx ends, each kind in its turn and the turns in a new order each time, then heals everything. Its error
// means that something did not come back.
func (n *Nemesis) Run(ctx context.Context) error {
	var able []fault
	for _, f := range faults() {
		if slices.Contains(n.Faults, f.name) && f.can(n.Fleet) {
			able = append(able, f)
			n.Done[f.name] += 0
		}
	}
	if len(able) == 0 {
		<-ctx.Done()
		return nil
	}
	for done := 0; ; {
		n.Rand.Shuffle(len(able), func(i, j int) { able[i], able[j] = able[j], able[i] })
		for _, f := range able {
			next := time.After(n.Every)
			fmt.Fprintf(n.Notes, "  %s\n", f.name)
			n.Done[f.name]++
			// A fault that has begun is healed also when the time is over.
			if err := f.do(ctx, n); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			n.Fleet.Heal()
			if done++; done == n.Times {
				return nil
			}
			select {
			case <-next:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// rest lets a fault last for a time between the two; it is over at once when ctx ends.
func (n *Nemesis) rest(ctx context.Context, least, most time.Duration) {
	select {
	case <-time.After(least + time.Duration(n.Rand.Int64N(int64(most-least)+1))):
	case <-ctx.Done():
	}
}

// node is one of the nodes.
func (n *Nemesis) node() *fleet.Node { return n.Fleet.Nodes[n.Rand.IntN(len(n.Fleet.Nodes))] }

// back is the context in which things are put right: also when the time is over.
func back(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
