package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// writer is the one connection that writes. It speaks to the driver without the pool between, keeps every statement
// prepared, and belongs to one goroutine, the committer.
type writer struct {
	*dialect
	conn       driver.Conn
	statements map[string]statement
	args       []driver.NamedValue
}

func newWriter(conn driver.Conn, d *dialect) *writer {
	return &writer{dialect: d, conn: conn, statements: map[string]statement{}}
}

// exec runs a statement and returns how many rows it touched.
func (w *writer) exec(query string, args ...driver.Value) (int64, error) {
	ctx, done := w.within(context.Background())
	defer done()
	s, err := w.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := s.stmt.(driver.StmtExecContext).ExecContext(ctx, w.placed(s, args))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs a statement and gives its first row to dest; false if it has none.
func (w *writer) row(dest []driver.Value, query string, args ...driver.Value) (found bool, err error) {
	ctx, done := w.within(context.Background())
	defer done()
	s, err := w.prepared(ctx, query)
	if err != nil {
		return false, err
	}
	rows, err := s.stmt.(driver.StmtQueryContext).QueryContext(ctx, w.placed(s, args))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := rows.Next(dest); errors.Is(err, io.EOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	// What a statement does beside returning a row may be done only when it has been read to its end.
	if err := rows.Next(make([]driver.Value, len(dest))); !errors.Is(err, io.EOF) {
		return true, errors.Join(err, fmt.Errorf("a second row where one is wanted"))
	}
	return true, nil
}

// begin begins a write transaction.
func (w *writer) begin() error {
	_, err := w.exec(w.dialect.begin)
	return err
}

// lock keeps other writers who lock the same name out until the transaction ends. Where there is only one writer there is
// nothing to do.
func (w *writer) lock(name string) error {
	if w.dialect.lock == "" {
		return nil
	}
	if _, err := w.exec(w.dialect.lock, name); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// statement is a prepared statement, and which argument stands in each of its places.
type statement struct {
	stmt   driver.Stmt
	places []int // nil: each in its own
}

func (w *writer) prepared(ctx context.Context, query string) (statement, error) {
	if s, ok := w.statements[query]; ok {
		return s, nil
	}
	text, places := w.dialect.statement(query)
	stmt, err := w.conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
	if err != nil {
		return statement{}, err
	}
	s := statement{stmt, places}
	w.statements[query] = s
	return s, nil
}

// placed puts the arguments in their places. The driver is done with the slice before the next statement runs.
func (w *writer) placed(s statement, args []driver.Value) []driver.NamedValue {
	w.args = w.args[:0]
	if s.places == nil {
		for i, v := range args {
			if text, ok := v.(string); ok && w.strict {
				v = sound(text)
			}
			w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: v})
		}
		return w.args
	}
	for i, n := range s.places {
		w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: args[n]})
	}
	return w.args
}

func (w *writer) close() error {
	var errs []error
	for _, s := range w.statements {
		errs = append(errs, s.stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}
