package sqlstore

import (
	"database/sql/driver"
	"fmt"
)

// A server keeps a row that says nothing in a few bytes, in a page that it has: that it takes one does not tell that there is room.
// What does not fit in the little memory that a sort is given goes to its disk, and is gone with the sort.
const (
	littleMemory = `SELECT set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)`
	someRoom     = `SELECT count(*) FROM (SELECT n FROM generate_series(1, 40000) AS n ORDER BY -n OFFSET 0) AS sorted`
)

// room fails if the database's disk has none. Where writing itself tells, there is nothing to do.
func (w *writer) room() error {
	if w.dialect != &postgres {
		return nil
	}
	if _, err := w.row(make([]driver.Value, 2), littleMemory); err != nil {
		return fmt.Errorf("look for room: %w", err)
	}
	if _, err := w.row(make([]driver.Value, 1), someRoom); err != nil {
		return fmt.Errorf("look for room: %w", err)
	}
	return nil
}
