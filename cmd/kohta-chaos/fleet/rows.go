package fleet

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

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
