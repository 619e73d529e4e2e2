package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// settleServer has the events of a database that was restored from another server's copy stand before all that is still
// to come. Their places begin with the numbers of that server's transactions, which this one has not reached yet: until
// then they would be no past, and then new events would want the same places. A database that was not restored is left
// as it is: none of its transactions is later than now.
func settleServer(ctx context.Context, config *pgx.ConnConfig) (err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	ahead, err := aheadOfServer(ctx, conn)
	if err != nil || !ahead {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // after a commit there is nothing to take back
	// Several nodes may start at once: the first one does it, and those that waited find it done.
	if _, err := tx.Exec(ctx, `LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return err
	}
	if ahead, err := aheadOfServer(ctx, tx); err != nil || !ahead {
		return err
	}
	// All by as much, so that their order stays and no two meet on the way; to below zero, where no transaction comes.
	if _, err := tx.Exec(ctx, `UPDATE events SET place = place - far FROM (SELECT max(place) - least(min(place), 0) + 1 AS far FROM events) AS span`); err != nil {
		return fmt.Errorf("put the order of a restored database right: %w", err)
	}
	return tx.Commit(ctx)
}

// aheadOfServer tells whether there is an event of a transaction that has not begun yet.
func aheadOfServer(ctx context.Context, q interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}) (ahead bool, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce(max(place) >> 20 >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint, false) FROM events`).Scan(&ahead)
	return ahead, err
}
