package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// nobody is the token that no hello has: it is no hash.
const nobody = "erased "

// EraseVisitor implements store.Visitors.
func (s *Store) EraseVisitor(ctx context.Context, id string, at time.Time, acts ...store.Act) error {
	return s.write(ctx, func(w *writer) error {
		if err := w.lock(id); err != nil {
			return err
		}
		n, err := w.exec(`UPDATE visitors SET name = '', token_hash = $2 WHERE visitor = $1`, id, nobody+id)
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse(chat.Errorf(chat.NotFound, "no such visitor"))
		}
		if _, err := w.exec(`DELETE FROM links WHERE visitor = $1`, id); err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO erasures (visitor, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, millis(at)); err != nil {
			return err
		}
		return record(w, acts)
	})
}

// Erasures implements store.Visitors.
func (s *Store) Erasures(ctx context.Context, page store.Page) ([]string, string, error) {
	if err := page.Check(); err != nil {
		return nil, "", err
	}
	ids, err := many(ctx, s, scanText, `SELECT visitor FROM erasures WHERE visitor > $1 ORDER BY visitor LIMIT $2`, page.After, page.Limit+1)
	if err != nil || len(ids) <= page.Limit {
		return ids, "", err
	}
	return ids[:page.Limit], ids[page.Limit-1], nil
}

// Leftovers implements store.Visitors.
func (s *Store) Leftovers(ctx context.Context, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	return many(ctx, s, scanText, leftovers, limit)
}

// A conversation that was erased has no contents, and no event fills it again: whoever has some was not erased, or came
// back.
const leftovers = `SELECT visitor FROM erasures
	WHERE EXISTS (SELECT 1 FROM conversations AS c WHERE c.visitor = erasures.visitor AND (c.state <> 'closed' OR c.contents <> ''
			OR EXISTS (SELECT 1 FROM events AS e WHERE e.conversation = c.conversation AND e.contents <> '')))
		OR EXISTS (SELECT 1 FROM visitors AS v WHERE v.visitor = erasures.visitor AND v.token_hash <> 'erased ' || v.visitor)
	ORDER BY visitor LIMIT $1`

// scrubAgain is how long Scrub waits for those who read.
const scrubAgain = 100 * time.Millisecond

// Scrub implements store.Visitors.
func (s *Store) Scrub(ctx context.Context) error {
	if s.committer == nil {
		return chat.Errorf(chat.Unavailable, "the store was opened for reading")
	}
	if err := s.from.scrub(ctx); err != nil {
		return s.readFailed(ctx, err)
	}
	return nil
}

// scrubFile is Scrub on SQLite. The writer zeroes what it deletes in the database itself; what was written to the log
// before is there until the log is moved into the database and cut off, which is done here.
func scrubFile(ctx context.Context, path string) (err error) {
	w, err := openWriter(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	for ctx.Err() == nil {
		emptied, err := emptyLog(w)
		if err != nil && meaningOf(err, false) != away {
			return err
		}
		if emptied {
			return nil
		}
		wait := time.NewTimer(scrubAgain)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
		}
	}
	return chat.Errorf(chat.Unavailable, "somebody reads the database, so its log could not be emptied: %v", context.Cause(ctx))
}

// emptyLog moves the log into the database and cuts it off, unless somebody reads from it.
func emptyLog(w *writer) (emptied bool, err error) {
	row := make([]driver.Value, 3)
	if _, err := w.row(row, truncateLog); err != nil {
		return false, err
	}
	busy, ok := row[0].(int64)
	return ok && busy == 0, nil
}
