package sqlstore

import "context"

// gatherer reads for several callers by one query. Who asks while nothing is being read is answered at once and alone; what
// is asked meanwhile is read together next (see batcher). When a node dies its clients come to the others together and all
// ask the same: a server reads for thirty by one query in the time that it takes for three by one each.
type gatherer[K, R any] struct{ *batcher[*asked[K, R]] }

// asked is what one caller wants to read, and what there was.
type asked[K, R any] struct {
	key  K
	rows []R
}

// rowFor is a row with the number of the key, from one on, that it was read for.
type rowFor[R any] struct {
	n   int
	row R
}

// newGatherer makes one that reads rows by their keys. The caller closes it.
func newGatherer[K, R any](read func([]K) ([]rowFor[R], error)) *gatherer[K, R] {
	settle := func(batch []*job[*asked[K, R]]) {
		keys := make([]K, len(batch))
		for i, j := range batch {
			keys[i] = j.what.key
		}
		rows, err := read(keys)
		for _, j := range batch {
			j.err = err
		}
		for _, r := range rows {
			what := batch[r.n-1].what
			what.rows = append(what.rows, r.row)
		}
	}
	return &gatherer[K, R]{newBatcher(newHand(settle, func() {}))}
}

// ask reads the rows of a key, in the order of its own part of the query. The context bounds the wait until the query begins; the query has its own bound.
func (g *gatherer[K, R]) ask(ctx context.Context, s *Store, key K) ([]R, error) {
	a := &asked[K, R]{key: key}
	err := g.write(ctx, a)
	if err != nil && ctx.Err() != nil {
		err = s.readFailed(ctx, err)
	}
	return a.rows, err
}
