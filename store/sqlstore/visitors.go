package sqlstore

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// PutVisitor implements store.Visitors.
func (s *Store) PutVisitor(ctx context.Context, v store.Visitor) error {
	return s.write(ctx, func(w *writer) error {
		if err := w.lock(v.ID); err != nil {
			return err
		}
		if erased, err := w.row(make([]driver.Value, 1), `SELECT 1 FROM erasures WHERE visitor = $1`, v.ID); err != nil {
			return err
		} else if erased {
			return refuse(chat.Errorf(chat.NotFound, "the visitor was erased"))
		}
		if other, err := w.row(make([]driver.Value, 1), `SELECT 1 FROM visitors WHERE token_hash = $1 AND visitor <> $2`, v.TokenHash, v.ID); err != nil {
			return err
		} else if other {
			return refuse(chat.Errorf(chat.Conflict, "the token is another visitor's"))
		}
		_, err := w.exec(`INSERT INTO visitors (visitor, site, token_hash, name, language, created_at, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (visitor) DO UPDATE SET token_hash = excluded.token_hash, name = excluded.name, language = excluded.language,
				seen_at = CASE WHEN excluded.seen_at > visitors.seen_at THEN excluded.seen_at ELSE visitors.seen_at END`,
			v.ID, v.Site, v.TokenHash, v.Name, v.Language, millis(v.CreatedAt), millis(v.SeenAt))
		return err
	})
}

const selectVisitor = `SELECT visitor, site, token_hash, name, language, created_at, seen_at,
	(SELECT count(*) FROM erasures WHERE erasures.visitor = visitors.visitor) FROM visitors `

func scanVisitor(r scanner) (v store.Visitor, err error) {
	var created, seen, erased int64
	err = r.Scan(&v.ID, &v.Site, &v.TokenHash, &v.Name, &v.Language, &created, &seen, &erased)
	v.CreatedAt, v.SeenAt = timeOf(created), timeOf(seen)
	if erased > 0 {
		v.Erased, v.TokenHash = true, ""
	}
	return v, err
}

// Visitor implements store.Visitors.
func (s *Store) Visitor(ctx context.Context, id string) (store.Visitor, error) {
	return the(ctx, s, "visitor", scanVisitor, selectVisitor+`WHERE visitor = $1`, id)
}

const (
	visitorByToken = foundBy + `$1` + orByLink + `$1` + alive + `$2` + latestTwo

	foundBy = `SELECT v.visitor, v.site, v.token_hash, v.name, v.language, v.created_at, v.seen_at,
		coalesce(c.snapshot, ''), coalesce(c.contents, ''),
		coalesce((SELECT seq FROM read_marks AS m WHERE m.conversation = c.conversation AND m.role = 'visitor'), 0),
		coalesce((SELECT seq FROM read_marks AS m WHERE m.conversation = c.conversation AND m.role = 'agent'), 0),
		coalesce((SELECT (SELECT e.visitor_seq FROM events AS e WHERE e.conversation = m.conversation AND e.agent_seq > 0 AND e.agent_seq <= m.seq
			AND e.visitor_seq > 0 ORDER BY e.pos DESC LIMIT 1) FROM read_marks AS m WHERE m.conversation = c.conversation AND m.role = 'agent'), 0)
	FROM visitors AS v LEFT JOIN conversations AS c ON c.visitor = v.visitor
	WHERE v.visitor = coalesce((SELECT visitor FROM visitors WHERE token_hash = `
	orByLink  = `), (SELECT visitor FROM links WHERE token_hash = `
	alive     = ` AND revoked_at IS NULL AND expires_at > `
	latestTwo = `)) ORDER BY c.opened_at DESC, c.conversation DESC LIMIT 2`
)

// tokenAt is a token, and when somebody came with it.
type tokenAt struct {
	hash string
	at   int64
}

// foundRow is a visitor with one of the latest conversations, which is empty if there is none.
type foundRow struct {
	store.Visitor
	store.Recent
	text foldText
}

func (f *foundRow) scan(r scanner, first ...any) error {
	var created, seen int64
	err := r.Scan(append(first, &f.Visitor.ID, &f.Visitor.Site, &f.TokenHash, &f.Name, &f.Visitor.Language, &created, &seen,
		&f.text.fold, &f.text.contents, &f.Read.Visitor, &f.Read.Agent, &f.Shown)...)
	f.CreatedAt, f.SeenAt = timeOf(created), timeOf(seen)
	return err
}

// VisitorByToken implements store.Visitors. Who was erased has neither token nor links.
func (s *Store) VisitorByToken(ctx context.Context, tokenHash string, now time.Time) (v store.Visitor, recent []store.Recent, err error) {
	var rows []foundRow
	if s.found != nil {
		rows, err = s.found.ask(ctx, s, tokenAt{tokenHash, millis(now)})
	} else {
		rows, err = many(ctx, s, func(r scanner) (f foundRow, err error) { return f, f.scan(r) }, visitorByToken, tokenHash, millis(now))
	}
	if err == nil && len(rows) == 0 {
		err = chat.Errorf(chat.NotFound, "no such visitor")
	}
	if err != nil {
		return store.Visitor{}, nil, err
	}
	for _, f := range rows {
		if f.text.fold == "" { // the row of a visitor without conversations
			break
		}
		if f.Conversation, err = decodeFold(f.text); err != nil {
			return store.Visitor{}, nil, err
		}
		recent = append(recent, f.Recent)
	}
	return rows[0].Visitor, recent, nil
}

// foundTogether reads what visitorByToken reads, for many.
func (s *Store) foundTogether(asked []tokenAt) ([]rowFor[foundRow], error) {
	hashes, ats := make([]string, len(asked)), make([]int64, len(asked))
	for i, a := range asked {
		hashes[i], ats[i] = a.hash, a.at
	}
	return many(context.Background(), s, func(r scanner) (f rowFor[foundRow], err error) { return f, f.row.scan(r, &f.n) },
		s.from.foundTogether, hashes, ats)
}

// TouchVisitor implements store.Visitors.
func (s *Store) TouchVisitor(ctx context.Context, id string, seen time.Time) error {
	return s.write(ctx, func(w *writer) error {
		_, err := w.exec(`UPDATE visitors SET seen_at = $2 WHERE visitor = $1 AND seen_at < $2`, id, millis(seen))
		return err
	})
}
