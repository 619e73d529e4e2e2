package sqlstore

import (
	"errors"
	"testing"

	"github.com/kohta/kohta/store"
)

// CopiedColumns are the columns that Copy knows of.
func CopiedColumns() (names []string) {
	for _, t := range tables {
		for _, c := range t.columns {
			names = append(names, t.name+"."+c)
		}
	}
	return names
}

// AppendTogether has steps stored as if they had waited for one another, by the first of the connections that append.
func AppendTogether(s *Store, appends []store.Append) error {
	batch := make([]*job[*step], len(appends))
	for i, a := range appends {
		st, err := prepare(a)
		if err != nil {
			return err
		}
		batch[i] = &job[*step]{what: st}
	}
	s.appenders[0].settle(batch)
	var errs []error
	for _, j := range batch {
		errs = append(errs, j.err)
	}
	return errors.Join(errs...)
}

// ReadTogether has what several callers of VisitorByToken and EventsAfter ask read by one query for each of the two: from
// when it is called until so many have asked and letGo was called.
func ReadTogether(t *testing.T, s *Store, callers int) (letGo func()) {
	found, logs := s.found.free(1), s.logs.free(1)
	return func() {
		waitsFor(t, func() int { return len(s.found.in) + len(s.logs.in) }, callers)
		s.found.release(found)
		s.logs.release(logs)
	}
}
