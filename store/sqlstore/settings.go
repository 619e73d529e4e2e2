package sqlstore

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/kohta/kohta/store"
)

const selectSetting = `SELECT value FROM settings WHERE name = $1`

// Setting implements store.Settings.
func (s *Store) Setting(ctx context.Context, name string) ([]byte, error) {
	return the(ctx, s, "setting", scanBytes, selectSetting, name)
}

// PutSetting implements store.Settings.
func (s *Store) PutSetting(ctx context.Context, name string, value []byte, acts ...store.Act) error {
	return s.put(ctx, acts, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		name, bytesText(value))
}

// DropSetting implements store.Settings.
func (s *Store) DropSetting(ctx context.Context, name string) error {
	return s.put(ctx, nil, `DELETE FROM settings WHERE name = $1`, name)
}

// SettingOrPut implements store.Settings.
func (s *Store) SettingOrPut(ctx context.Context, name string, value []byte) ([]byte, error) {
	if err := s.put(ctx, nil, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, bytesText(value)); err != nil {
		return nil, err
	}
	return s.Setting(ctx, name)
}

// RecordActs implements store.Audit.
func (s *Store) RecordActs(ctx context.Context, acts ...store.Act) error {
	return s.write(ctx, func(w *writer) error { return record(w, acts) })
}

// record adds acts to the audit, in the transaction of what they tell of.
func record(w *writer, acts []store.Act) error {
	if len(acts) == 0 {
		return nil
	}
	if err := w.lock("audit"); err != nil {
		return err
	}
	last := []driver.Value{int64(0), ""}
	if _, err := w.row(last, `SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1`); err != nil {
		return fmt.Errorf("read the end of the audit: %w", err)
	}
	n, _ := last[0].(int64)
	hash, _ := last[1].(string)
	for _, a := range acts {
		a.At = timeOf(millis(a.At))
		n, hash = n+1, store.Chain(hash, a)
		if _, err := w.exec(`INSERT INTO audit (n, at, actor, address, verb, object, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			n, millis(a.At), a.Actor, a.Address, a.Verb, a.Object, a.Detail, hash); err != nil {
			return fmt.Errorf("record act: %w", err)
		}
	}
	return nil
}

// Acts implements store.Audit.
func (s *Store) Acts(ctx context.Context, after int64, limit int) ([]store.AuditRow, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	return many(ctx, s, func(r scanner) (row store.AuditRow, err error) {
		var at int64
		err = r.Scan(&row.N, &at, &row.Act.Actor, &row.Act.Address, &row.Act.Verb, &row.Act.Object, &row.Act.Detail, &row.Hash)
		row.Act.At = timeOf(at)
		return row, err
	}, `SELECT n, at, actor, address, verb, object, detail, hash FROM audit WHERE n > $1 ORDER BY n LIMIT $2`, after, limit)
}
