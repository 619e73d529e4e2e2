package memline

import (
	"cmp"
	"strings"
)

// key is a place in an order: by number, then by name.
type key struct {
	n    int64
	name string
	of   *entry // that stands there, if one does; it has no part in the order
}

func (k key) compare(other key) int {
	if k.n != other.n {
		return cmp.Compare(k.n, other.n)
	}
	return strings.Compare(k.name, other.name)
}

// tree is an ordered set of keys that also knows how many stand before one: a treap, whose shape goes by the names'
// hash, so that it is balanced whatever the order of arrival and needs no chance. Its zero value is empty.
type tree struct{ root *node }

type node struct {
	key
	heap        uint64
	size        int
	left, right *node
}

func (n *node) len() int {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *node) count() *node {
	n.size = 1 + n.left.len() + n.right.len()
	return n
}

func (t *tree) len() int { return t.root.len() }

// add puts k in; it must not be in.
func (t *tree) add(k key) {
	t.root = add(t.root, &node{key: k, heap: hash(k.name), size: 1})
}

func add(at, n *node) *node {
	if at == nil {
		return n
	}
	if n.heap > at.heap {
		n.left, n.right = split(at, n.key)
		return n.count()
	}
	if n.compare(at.key) < 0 {
		at.left = add(at.left, n)
	} else {
		at.right = add(at.right, n)
	}
	return at.count()
}

// split parts what is before k from the rest.
func split(at *node, k key) (before, rest *node) {
	if at == nil {
		return nil, nil
	}
	if at.compare(k) < 0 {
		at.right, rest = split(at.right, k)
		return at.count(), rest
	}
	before, at.left = split(at.left, k)
	return before, at.count()
}

// remove takes k out, if it is in.
func (t *tree) remove(k key) { t.root = remove(t.root, k) }

func remove(at *node, k key) *node {
	if at == nil {
		return nil
	}
	switch c := k.compare(at.key); {
	case c < 0:
		at.left = remove(at.left, k)
	case c > 0:
		at.right = remove(at.right, k)
	default:
		return join(at.left, at.right)
	}
	return at.count()
}

// join makes one tree of two, all of a before all of b.
func join(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.heap > b.heap:
		a.right = join(a.right, b)
		return a.count()
	}
	b.left = join(a, b.left)
	return b.count()
}

// first returns the first key.
func (t *tree) first() (key, bool) {
	if t.root == nil {
		return key{}, false
	}
	at := t.root
	for at.left != nil {
		at = at.left
	}
	return at.key, true
}

// before is how many keys stand before k, whether k is in or not.
func (t *tree) before(k key) int {
	n := 0
	for at := t.root; at != nil; {
		if at.compare(k) < 0 {
			n += at.left.len() + 1
			at = at.right
		} else {
			at = at.left
		}
	}
	return n
}

// from calls yield for k and the keys after it, in order, until it returns false.
func (t *tree) from(k key, yield func(key) bool) { t.root.from(k, yield) }

func (n *node) from(k key, yield func(key) bool) bool {
	if n == nil {
		return true
	}
	if n.compare(k) < 0 {
		return n.right.from(k, yield)
	}
	return n.left.from(k, yield) && yield(n.key) && n.right.from(k, yield)
}

// hash spreads names evenly: FNV-1a, whose high bits are poor for short names, through the finisher of MurmurHash3.
func hash(name string) uint64 {
	x := uint64(14695981039346656037)
	for i := range len(name) {
		x = (x ^ uint64(name[i])) * 1099511628211
	}
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
