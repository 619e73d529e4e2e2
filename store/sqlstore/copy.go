package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"

	"github.com/jackc/pgx/v5"
)

// copyAtOnce is how many rows are read, and stored in one transaction.
const copyAtOnce = 1000

// Copied is how far a copy has come.
type Copied struct {
	Table string
	Rows  int64 // there are
	Done  int64 // of them
	Check bool  // compared, and not copied
}

// Copy copies all that is kept in the database at from, an SQLite file, into the Postgres database at to, which has to be
// empty, or to hold a part of the same copy: one that was cut off goes on where it was. Nobody may write to either
// meanwhile; a desk does not start on a database whose copy is not complete. At the end both are read whole and compared.
// It tells progress once a second, and at the end of each table.
func Copy(ctx context.Context, from, to Options, progress func(Copied)) error {
	if from.URL != "" || to.URL == "" {
		return errors.New("a copy goes from SQLite to Postgres")
	}
	source, err := Open(ctx, from) // brought up to this program, as the other is
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := serverAt(to.URL, false)
	if err != nil {
		return err
	}
	if err := target.check(ctx); err != nil {
		return err
	}
	if _, err := target.migrate(ctx); err != nil {
		return err
	}
	config, err := pgx.ParseConfig(to.URL)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return target.say(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	c := &copier{source: source.db, target: conn, tell: progress, told: time.Now()}
	if err := c.run(ctx); err != nil {
		return fmt.Errorf("copy into %s: %w", target.name, err)
	}
	return nil
}

type copier struct {
	source *sql.DB
	target *pgx.Conn
	tell   func(Copied)
	told   time.Time
}

func (c *copier) run(ctx context.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	for _, t := range tables {
		if err := c.copy(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	for _, t := range tables {
		if err := c.compare(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	_, err := c.target.Exec(ctx, `UPDATE compatibility SET copying = ''`)
	return err
}

// begin makes sure that the target is empty, or holds a part of this copy.
func (c *copier) begin(ctx context.Context) error {
	from, err := c.fingerprint(ctx)
	if err != nil {
		return err
	}
	var copying string
	var filled bool
	if err := c.target.QueryRow(ctx, `SELECT copying, EXISTS (SELECT 1 FROM settings) OR EXISTS (SELECT 1 FROM agents) OR EXISTS (SELECT 1 FROM conversations)
		FROM compatibility`).Scan(&copying, &filled); err != nil {
		return err
	}
	switch {
	case copying == from:
		return nil
	case copying != "":
		return errors.New("it holds a part of a copy of another database: give one that is empty")
	case filled:
		return errors.New("it is not empty: give one that is")
	}
	_, err = c.target.Exec(ctx, `UPDATE compatibility SET copying = $1`, from)
	return err
}

// fingerprint tells one installation from another: its secrets and the beginning of its audit are its own.
func (c *copier) fingerprint(ctx context.Context) (string, error) {
	sum := sha256.New()
	if _, err := c.page(ctx, tables[0], tables[0].first(), sum); err != nil {
		return "", err
	}
	var first string
	if err := c.source.QueryRowContext(ctx, `SELECT hash FROM audit ORDER BY n LIMIT 1`).Scan(&first); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	sum.Write([]byte(first))
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// copy copies what the target does not have yet of a table: rows go in by their key, so what it has is the beginning.
func (c *copier) copy(ctx context.Context, t table) error {
	p, err := c.progress(ctx, t)
	if err != nil {
		return err
	}
	after, err := c.last(ctx, t)
	if err != nil {
		return err
	}
	for {
		rows, err := c.page(ctx, t, after, nil)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			if err := c.put(ctx, t, rows); err != nil {
				return err
			}
			after = rows[len(rows)-1][:t.key]
		}
		p.Done += int64(len(rows))
		c.report(p, len(rows) < copyAtOnce)
		if len(rows) < copyAtOnce {
			return nil
		}
	}
}

func (c *copier) report(p Copied, now bool) {
	if now || time.Since(c.told) >= time.Second {
		c.told = time.Now()
		c.tell(p)
	}
}

// progress counts what there is of a table, and what the target has of it.
func (c *copier) progress(ctx context.Context, t table) (p Copied, err error) {
	p.Table = t.name
	if err := c.source.QueryRowContext(ctx, t.all).Scan(&p.Rows); err != nil {
		return p, err
	}
	return p, c.target.QueryRow(ctx, t.all).Scan(&p.Done)
}

// last is the key that the target has come to.
func (c *copier) last(ctx context.Context, t table) ([]any, error) {
	rows, err := c.target.Query(ctx, t.last)
	if err != nil {
		return nil, err
	}
	last, err := pgx.CollectOneRow(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if errors.Is(err, pgx.ErrNoRows) {
		return t.first(), nil
	}
	return last, err
}

// page reads the source's rows after a key, and adds them to a sum if there is one.
func (c *copier) page(ctx context.Context, t table, after []any, sum hash.Hash) (page [][]any, err error) {
	rows, err := c.source.QueryContext(ctx, sqlite.query(t.page), append(after[:t.key:t.key], copyAtOnce)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, len(t.columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range row {
			if text, ok := v.(string); ok {
				row[i] = sound(text)
			}
		}
		if err := add(sum, row); err != nil {
			return nil, err
		}
		page = append(page, row)
	}
	return page, rows.Err()
}

// put stores rows in one transaction.
func (c *copier) put(ctx context.Context, t table, rows [][]any) error {
	return pgx.BeginFunc(ctx, c.target, func(tx pgx.Tx) error {
		columns := t.columns
		if t.name == "events" {
			var base int64
			if err := tx.QueryRow(ctx, `SELECT pg_current_xact_id()::text::bigint << 20`).Scan(&base); err != nil {
				return err
			}
			columns = append(columns[:len(columns):len(columns)], "place")
			for i := range rows {
				rows[i] = append(rows[i], base+int64(i))
			}
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, columns, pgx.CopyFromRows(rows))
		return err
	})
}

// compare reads a table on both sides, whole, and fails unless they are the same.
func (c *copier) compare(ctx context.Context, t table) error {
	p, err := c.progress(ctx, t)
	if err != nil {
		return err
	}
	if p.Rows != p.Done {
		return fmt.Errorf("there are %d rows, and %d of them arrived: begin again with an empty database", p.Rows, p.Done)
	}
	p.Check, p.Done = true, 0
	here, there := sha256.New(), sha256.New()
	for after := t.first(); ; {
		rows, err := c.page(ctx, t, after, here)
		if err != nil {
			return err
		}
		arrived, err := c.arrived(ctx, t, after, there)
		if err != nil {
			return err
		}
		if arrived != len(rows) || hex.EncodeToString(here.Sum(nil)) != hex.EncodeToString(there.Sum(nil)) {
			return fmt.Errorf("what arrived is not what is there now, after row %d: begin again with an empty database", p.Done)
		}
		p.Done += int64(len(rows))
		c.report(p, len(rows) < copyAtOnce)
		if len(rows) < copyAtOnce {
			return nil
		}
		after = rows[len(rows)-1][:t.key]
	}
}

// arrived adds the target's rows after a key to a sum, and counts them.
func (c *copier) arrived(ctx context.Context, t table, after []any, sum hash.Hash) (n int, err error) {
	rows, err := c.target.Query(ctx, t.page, append(after[:t.key:t.key], copyAtOnce)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		row, err := rows.Values()
		if err != nil {
			return n, err
		}
		if err := add(sum, row); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// add adds a row to a sum: whole numbers and texts, or nothing.
func add(sum hash.Hash, row []any) error {
	if sum == nil {
		return nil
	}
	text, err := json.Marshal(row)
	if err == nil {
		_, err = sum.Write(text)
	}
	return err
}
