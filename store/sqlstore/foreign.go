package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
)

// foreigner is a table of another program in the place where Kohta is to make its own; empty if there is none, or if Kohta's are
// there. What belongs to an extension of the server is no program's, and the list of migrations may be all that was made when a
// first start was killed.
const foreigner = `SELECT coalesce(min(c.relname), '') FROM pg_class AS c
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'goose_db_version'
	AND to_regclass('read_marks') IS NULL AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

// foreign refuses a database on a server that another program keeps its tables in: one of the two would take a table of the
// other's for its own, or the other's list of migrations.
func (d source) foreign(ctx context.Context, db *sql.DB) error {
	if d.goose != goose.DialectPostgres {
		return nil
	}
	var table string
	if err := db.QueryRowContext(ctx, foreigner).Scan(&table); err != nil {
		return d.say(err)
	}
	if table != "" {
		return d.say(fmt.Errorf("another program keeps its tables there (%s): give Kohta a database of its own, made with createdb", table))
	}
	return nil
}
