package desk

import (
	"container/list"
	"sync"
)

// lru keeps the values that were used last. It may be used by many at once.
type lru[K comparable, V any] struct {
	mu    sync.Mutex
	max   int
	order *list.List // of *pair, latest first
	byKey map[K]*list.Element
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](most int) *lru[K, V] {
	return &lru[K, V]{max: most, order: list.New(), byKey: map[K]*list.Element{}}
}

func (l *lru[K, V]) get(k K) (v V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[k]
	if !ok {
		return v, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*pair[K, V]).value, true
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
	if e, ok := l.byKey[k]; ok {
		v = with(e.Value.(*pair[K, V]).value, v)
	}
	l.set(k, v)
}

// change lets do change a value where it stands, and takes it out unless do keeps it; where there is none nothing is done.
// Nobody else uses the lru meanwhile.
func (l *lru[K, V]) change(k K, do func(*V) (keep bool)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[k]
	if !ok {
		return
	}
	if do(&e.Value.(*pair[K, V]).value) {
		l.order.MoveToFront(e)
	} else {
		l.drop(e)
	}
}

// set is put. The caller holds mu.
func (l *lru[K, V]) set(k K, v V) {
	if e, ok := l.byKey[k]; ok {
		e.Value.(*pair[K, V]).value = v
		l.order.MoveToFront(e)
		return
	}
	l.byKey[k] = l.order.PushFront(&pair[K, V]{k, v})
	if l.order.Len() > l.max {
		l.drop(l.order.Back())
	}
}

func (l *lru[K, V]) forget(k K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.byKey[k]; ok {
		l.drop(e)
	}
}

func (l *lru[K, V]) drop(e *list.Element) {
	delete(l.byKey, e.Value.(*pair[K, V]).key)
	l.order.Remove(e)
}
