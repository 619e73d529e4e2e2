package sqlstore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, v store.Session, acts ...store.Act) error {
	return s.write(ctx, func(w *writer) error {
		n, err := w.exec(`INSERT INTO sessions (token_hash, agent, created_at, seen_at, expires_at, address, user_agent)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			v.TokenHash, v.Agent, millis(v.CreatedAt), millis(v.SeenAt), millis(v.ExpiresAt), v.Address, v.UserAgent)
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse(chat.Errorf(chat.Conflict, "there is a session with this token"))
		}
		return record(w, acts)
	})
}

const selectSession = `SELECT token_hash, agent, created_at, seen_at, expires_at, address, user_agent FROM sessions `

func scanSession(r scanner) (v store.Session, err error) {
	var created, seen, expires int64
	err = r.Scan(&v.TokenHash, &v.Agent, &created, &seen, &expires, &v.Address, &v.UserAgent)
	v.CreatedAt, v.SeenAt, v.ExpiresAt = timeOf(created), timeOf(seen), timeOf(expires)
	return v, err
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, tokenHash string) (store.Session, error) {
	return the(ctx, s, "session", scanSession, selectSession+`WHERE token_hash = $1`, tokenHash)
}

// SessionsOf implements store.Sessions.
func (s *Store) SessionsOf(ctx context.Context, agent string) ([]store.Session, error) {
	return many(ctx, s, scanSession, selectSession+`WHERE agent = $1 ORDER BY created_at DESC, token_hash`, agent)
}

// SignedIn implements store.Sessions.
func (s *Store) SignedIn(ctx context.Context, tokenHashes []string) ([]store.SignedIn, error) {
	sessions, err := among(ctx, s, scanSession, selectSession+`WHERE token_hash IN `, tokenHashes)
	if err != nil || len(sessions) == 0 {
		return nil, err
	}
	byID := map[string]store.Agent{}
	for _, v := range sessions {
		byID[v.Agent] = store.Agent{}
	}
	agents, err := among(ctx, s, scanAgent, selectAgent+`WHERE agent IN `, slices.Collect(maps.Keys(byID)))
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		byID[a.ID] = a
	}
	all := make([]store.SignedIn, len(sessions))
	for i, v := range sessions {
		all[i] = store.SignedIn{Session: v, Agent: byID[v.Agent]}
	}
	return all, nil
}

// AnySessionUsed implements store.Sessions.
func (s *Store) AnySessionUsed(ctx context.Context, from, before time.Time) (bool, error) {
	_, used, err := one(ctx, s, func(r scanner) (n int64, err error) { return n, r.Scan(&n) },
		`SELECT 1 FROM sessions WHERE seen_at >= $1 AND seen_at < $2 LIMIT 1`, millis(from), millis(before))
	return used, err
}

// TouchSession implements store.Sessions.
func (s *Store) TouchSession(ctx context.Context, tokenHash string, seen, expires time.Time) error {
	return s.write(ctx, func(w *writer) error {
		n, err := w.exec(`UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1`, tokenHash, millis(seen), millis(expires))
		if err == nil && n == 0 {
			return refuse(chat.Errorf(chat.NotFound, "no such session"))
		}
		return err
	})
}

// EndSession implements store.Sessions.
func (s *Store) EndSession(ctx context.Context, tokenHash string, acts ...store.Act) error {
	return s.put(ctx, acts, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
}

// EndSessionsOf implements store.Sessions.
func (s *Store) EndSessionsOf(ctx context.Context, agent, except string, acts ...store.Act) (ended int, err error) {
	err = s.write(ctx, func(w *writer) error {
		n, err := w.exec(`DELETE FROM sessions WHERE agent = $1 AND token_hash <> $2`, agent, except)
		if err != nil {
			return err
		}
		ended = int(n)
		return record(w, acts)
	})
	return ended, err
}

// ForgetSessions implements store.Sessions.
func (s *Store) ForgetSessions(ctx context.Context, before time.Time) (forgotten int, err error) {
	err = s.write(ctx, func(w *writer) error {
		n, err := w.exec(`DELETE FROM sessions WHERE expires_at < $1`, millis(before))
		if err != nil {
			return err
		}
		forgotten = int(n)
		_, err = w.exec(`DELETE FROM attempts WHERE until_at < $1`, millis(before))
		return err
	})
	return forgotten, err
}

// Attempt implements store.Sessions.
func (s *Store) Attempt(ctx context.Context, name string, now time.Time, window time.Duration) (count int, until time.Time, err error) {
	err = s.write(ctx, func(w *writer) error {
		row := make([]driver.Value, 2)
		if _, err := w.row(row, `INSERT INTO attempts (name, count, until_at) VALUES ($1, 1, $3)
			ON CONFLICT (name) DO UPDATE SET
				count = CASE WHEN attempts.until_at <= $2 THEN 1 ELSE attempts.count + 1 END,
				until_at = CASE WHEN attempts.until_at <= $2 THEN excluded.until_at ELSE attempts.until_at END
			RETURNING count, until_at`, name, millis(now), millis(now.Add(window))); err != nil {
			return err
		}
		n, ok := row[0].(int64)
		end, okay := row[1].(int64)
		if !ok || !okay {
			return fmt.Errorf("count attempt: got %T and %T", row[0], row[1])
		}
		count, until = int(n), timeOf(end)
		return nil
	})
	return count, until, err
}

// ForgetAttempts implements store.Sessions.
func (s *Store) ForgetAttempts(ctx context.Context, name string) error {
	return s.put(ctx, nil, `DELETE FROM attempts WHERE name = $1`, name)
}
