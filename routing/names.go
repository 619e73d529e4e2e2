package routing

import (
	"hash/maphash"
	"slices"
)

// Names is a set of conversations in eight bytes each, so that a node can reconcile a line of a million in some
// megabytes. Two names in 10¹⁹ are taken for one; the next set takes other two.
type Names struct {
	seed   maphash.Seed
	hashes []uint64
	sorted bool
}

// NewNames returns an empty set.
func NewNames() *Names { return &Names{seed: maphash.MakeSeed()} }

// Add puts a name in. No goroutine may call anything else meanwhile.
func (n *Names) Add(name string) {
	n.hashes, n.sorted = append(n.hashes, maphash.String(n.seed, name)), false
}

// Len is how many different names were put in. No goroutine may call anything else meanwhile.
func (n *Names) Len() int {
	n.sort()
	return len(n.hashes)
}

func (n *Names) sort() {
	if !n.sorted {
		slices.Sort(n.hashes)
		n.hashes, n.sorted = slices.Compact(n.hashes), true
	}
}

// Has tells whether a name was put in. No goroutine may call anything else meanwhile.
func (n *Names) Has(name string) bool {
	n.sort()
	_, found := slices.BinarySearch(n.hashes, maphash.String(n.seed, name))
	return found
}
