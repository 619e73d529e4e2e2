package sqlstore

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// scanner is a row that is read.
type scanner interface{ Scan(dest ...any) error }

// many reads all rows of a query.
func many[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	return reading(ctx, s, func(ctx context.Context, statement *sql.Stmt) ([]T, error) {
		rows, err := statement.QueryContext(ctx, s.from.texts(args)...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []T
		for rows.Next() {
			row, err := scan(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, row)
		}
		return all, rows.Err()
	}, query)
}

// one reads the first row of a query; false if there is none.
func one[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) (row T, found bool, err error) {
	row, err = reading(ctx, s, func(ctx context.Context, statement *sql.Stmt) (T, error) {
		found = true
		row, err := scan(statement.QueryRowContext(ctx, s.from.texts(args)...))
		if errors.Is(err, sql.ErrNoRows) {
			var none T
			found = false
			return none, nil
		}
		return row, err
	}, query)
	return row, found && err == nil, err
}

// reading reads, once more after a connection that ended: a server that was restarted has ended all of them, and each says
// so when it is used the next time.
func reading[T any](ctx context.Context, s *Store, read func(context.Context, *sql.Stmt) (T, error), query string) (result T, err error) {
	ctx, done := s.from.within(ctx)
	defer done()
	for n := 0; n <= serverReaders; n++ {
		var statement *sql.Stmt
		if statement, err = s.prepared(ctx, query); err == nil {
			result, err = read(ctx, statement)
		}
		if err == nil {
			return result, nil
		}
		if !s.from.strict || s.closed.Load() || ctx.Err() != nil || meaningOf(err, false) != gone {
			break
		}
	}
	var none T
	return none, s.readFailed(ctx, err)
}

// the is one, with the kind not found when there is none.
func the[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	row, found, err := one(ctx, s, scan, query, args...)
	if err == nil && !found {
		err = chat.Errorf(chat.NotFound, "no such %s", what)
	}
	return row, err
}

// prepared gives the statement of a query, which is prepared once. Queries are constants: there are as many of them as
// stand in this package.
func (s *Store) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if ctx.Err() != nil || s.closed.Load() {
		return nil, sql.ErrConnDone
	}
	if statement, ok := s.statements.Load(query); ok {
		return statement.(*sql.Stmt), nil
	}
	statement, err := s.db.PrepareContext(ctx, s.from.query(query))
	if err != nil {
		return nil, err
	}
	if first, there := s.statements.LoadOrStore(query, statement); there {
		return first.(*sql.Stmt), statement.Close()
	}
	return statement, nil
}

func (s *Store) readFailed(ctx context.Context, err error) error {
	switch {
	case s.closed.Load():
		return errClosed
	case ctx.Err() != nil:
		return chat.Errorf(chat.Unavailable, "the store was not waited for: %v", context.Cause(ctx))
	}
	switch meaningOf(err, false) {
	case clashed, blocked, away, gone, lost:
		return fmt.Errorf("%w (%w)", &chat.Error{Kind: chat.Unavailable, Words: "the database cannot be read"}, err)
	}
	return fmt.Errorf("read database: %w", err)
}

// askedAtOnce is how many keys stand in one statement of among: a round number, so that there is one statement for all.
const askedAtOnce = 50

var askedList = "($" + strings.Join(numbersTo(askedAtOnce), ", $") + ")"

func numbersTo(n int) (list []string) {
	for i := range n {
		list = append(list, strconv.Itoa(i+1))
	}
	return list
}

// among reads the rows of some keys, in no order. The query ends where their list begins.
func among[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, keys []string) (all []T, err error) {
	for some := range slices.Chunk(keys, askedAtOnce) {
		args := make([]any, askedAtOnce)
		for i := range args {
			args[i] = some[min(i, len(some)-1)]
		}
		rows, err := many(ctx, s, scan, query+askedList, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func scanInt(r scanner) (n int64, err error) { return n, r.Scan(&n) }

func scanText(r scanner) (text string, err error) { return text, r.Scan(&text) }

// millis is a time as it is stored.
func millis(t time.Time) int64 { return t.UnixMilli() }

// millisOrNull is a time that may not be there.
func millisOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// listText is a list of words as it is stored.
func listText(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("sqlstore: a list of words: %v", err))
	}
	return string(text)
}

func listOf(text string) (list []string, err error) {
	if text == "[]" {
		return nil, nil
	}
	return list, json.Unmarshal([]byte(text), &list)
}

func bytesText(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func scanBytes(r scanner) ([]byte, error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
