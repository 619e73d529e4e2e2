package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/kohta/kohta/store/sqlstore"
)

// backupCmd copies the embedded database, whether a desk serves it or not.
type backupCmd struct {
	dataFlags
	File string `arg:"" help:"New file for the copy; it may not be there yet." placeholder:"FILE"`
}

// Help is what --help says beside the flags.
func (c *backupCmd) Help() string {
	return "The copy is one file, whole and checked, which its owner alone may read. The desk may go on meanwhile. To put it back: " +
		"stop the desk, move its data folder aside, put the copy into a new folder as kohta.db, with the newest erasures.txt beside it, " +
		"and start the desk. Postgres has pg_dump for this."
}

// Run copies, and says how much.
func (c *backupCmd) Run(ctx context.Context, p program) error {
	if c.Database != "" {
		return errors.New(`Postgres makes its own copies, of a desk that runs too: pg_dump --format=custom --file=FILE "$KOHTA_DATABASE"; kohta backup is for the embedded SQLite`)
	}
	size, err := sqlstore.Backup(ctx, filepath.Join(c.Data, "kohta.db"), c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is whole, %d kB\n", c.File, (size+999)/1000)
	return nil
}
