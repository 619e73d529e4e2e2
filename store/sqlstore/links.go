package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// PutLink implements store.Links.
func (s *Store) PutLink(ctx context.Context, l store.Link) error {
	return s.write(ctx, func(w *writer) error {
		if err := w.lock(l.Visitor); err != nil {
			return err
		}
		if there, err := w.row(make([]driver.Value, 1), `SELECT 1 FROM visitors WHERE visitor = $1
			AND NOT EXISTS (SELECT 1 FROM erasures WHERE visitor = $1)`, l.Visitor); err != nil {
			return err
		} else if !there {
			return refuse(chat.Errorf(chat.NotFound, "no such visitor"))
		}
		n, err := w.exec(`INSERT INTO links (token_hash, visitor, conversation, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			l.TokenHash, l.Visitor, l.Conversation, millis(l.CreatedAt), millis(l.ExpiresAt))
		if err == nil && n == 0 {
			return refuse(chat.Errorf(chat.Conflict, "there is a link with this token"))
		}
		return err
	})
}

const selectLink = `SELECT token_hash, visitor, conversation, created_at, expires_at, revoked_at FROM links `

const (
	linkByToken = selectLink + `WHERE token_hash = $1`
	linksOf     = selectLink + `WHERE visitor = $1 ORDER BY created_at DESC, token_hash`
)

func scanLink(r scanner) (l store.Link, err error) {
	var created, expires int64
	var revoked sql.NullInt64
	err = r.Scan(&l.TokenHash, &l.Visitor, &l.Conversation, &created, &expires, &revoked)
	l.CreatedAt, l.ExpiresAt = timeOf(created), timeOf(expires)
	if revoked.Valid {
		l.RevokedAt = timeOf(revoked.Int64)
	}
	return l, err
}

// Link implements store.Links.
func (s *Store) Link(ctx context.Context, tokenHash string) (store.Link, error) {
	return the(ctx, s, "link", scanLink, linkByToken, tokenHash)
}

// LinksOf implements store.Links.
func (s *Store) LinksOf(ctx context.Context, visitor string) ([]store.Link, error) {
	return many(ctx, s, scanLink, linksOf, visitor)
}

// DropLink implements store.Links.
func (s *Store) DropLink(ctx context.Context, tokenHash string) error {
	return s.put(ctx, nil, `DELETE FROM links WHERE token_hash = $1`, tokenHash)
}

// RevokeLinks implements store.Links.
func (s *Store) RevokeLinks(ctx context.Context, visitor string, at time.Time, acts ...store.Act) (revoked int, err error) {
	err = s.write(ctx, func(w *writer) error {
		n, err := w.exec(`UPDATE links SET revoked_at = $2 WHERE visitor = $1 AND revoked_at IS NULL`, visitor, millis(at))
		if err != nil {
			return err
		}
		revoked = int(n)
		return record(w, acts)
	})
	return revoked, err
}

// ForgetLinks implements store.Links.
func (s *Store) ForgetLinks(ctx context.Context, before time.Time) (forgotten int, err error) {
	err = s.write(ctx, func(w *writer) error {
		n, err := w.exec(`DELETE FROM links WHERE expires_at < $1`, millis(before))
		forgotten = int(n)
		return err
	})
	return forgotten, err
}
