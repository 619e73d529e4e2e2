package desk

import "sync"

// lru keeps the values that were used last. It may be used by many at once.
type lru[K comparable, V any] struct {
	mu    sync.Mutex
	max   int
	ring  pair[K, V] // latest first behind it, the oldest before
	byKey map[K]*pair[K, V]
}

type pair[K comparable, V any] struct {
	key           K
	value         V
	before, after *pair[K, V]
}

func newLRU[K comparable, V any](most int) *lru[K, V] {
	l := &lru[K, V]{max: most, byKey: map[K]*pair[K, V]{}}
	l.ring.before, l.ring.after = &l.ring, &l.ring
	return l
}

func (l *lru[K, V]) get(k K) (v V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.byKey[k]
	if !ok {
		return v, false
	}
	l.use(p)
	return p.value, true
}

// has tells whether there is a value, and does not count as a use of it.
func (l *lru[K, V]) has(k K) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.byKey[k]
	return ok
}

func (l *lru[K, V]) put(k K, v V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set(k, v)
}

// merge puts a value or, where there is one, what with makes of both. Nobody else uses the lru meanwhile.
func (l *lru[K, V]) merge(k K, v V, with func(was, v V) V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.byKey[k]; ok {
		p.value = with(p.value, v)
		l.use(p)
		return
	}
	l.set(k, v)
}

// change lets do change a value where it stands, and takes it out unless do keeps it; where there is none nothing is done.
// Nobody else uses the lru meanwhile.
func (l *lru[K, V]) change(k K, do func(*V) (keep bool)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.byKey[k]
	if !ok {
		return
	}
	if do(&p.value) {
		l.use(p)
	} else {
		l.drop(p)
	}
}

func (l *lru[K, V]) forget(k K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.byKey[k]; ok {
		l.drop(p)
	}
}

// set is put. The caller holds mu, as in all that follow.
func (l *lru[K, V]) set(k K, v V) {
	if p, ok := l.byKey[k]; ok {
		p.value = v
		l.use(p)
		return
	}
	p := &pair[K, V]{key: k, value: v}
	l.byKey[k] = p
	l.link(p)
	if len(l.byKey) > l.max {
		l.drop(l.ring.before)
	}
}

// use makes p the latest.
func (l *lru[K, V]) use(p *pair[K, V]) {
	if l.ring.after != p {
		p.unlink()
		l.link(p)
	}
}

func (l *lru[K, V]) link(p *pair[K, V]) {
	p.before, p.after = &l.ring, l.ring.after
	p.before.after, p.after.before = p, p
}

func (p *pair[K, V]) unlink() {
	p.before.after, p.after.before = p.after, p.before
}

func (l *lru[K, V]) drop(p *pair[K, V]) {
	delete(l.byKey, p.key)
	p.unlink()
}
