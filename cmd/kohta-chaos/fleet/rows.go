package fleet

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
)

// Rows reads every message of customers and agents from the database itself.
func (f *Fleet) Rows(ctx context.Context) (rows []check.Row, err error) {
	driver, source := "sqlite", "file:"+filepath.Join(f.data(0), "kohta.db")+"?mode=ro&_pragma=busy_timeout(10000)"
	if f.Postgres != nil {
		driver, source = "pgx", f.Postgres.URL(f.database)
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	found, err := db.QueryContext(ctx, `SELECT conversation, role, actor, key FROM events WHERE kind = 'message' AND role IN ('visitor', 'agent')`)
	if err != nil {
		return nil, fmt.Errorf("read the messages of the database: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var r check.Row
		if err := found.Scan(&r.Conversation, &r.Role, &r.From, &r.Key); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, found.Err()
}

// OpenTransactions is how many transactions of the nodes on Postgres are left open, when they have had some seconds to end.
func (f *Fleet) OpenTransactions(ctx context.Context) (n int, err error) {
	db, err := sql.Open("pgx", f.Postgres.URL(f.database))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	for range 50 {
		err = db.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'`).Scan(&n)
		if err != nil || n == 0 {
			return n, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return n, nil
}
