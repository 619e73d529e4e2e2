package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/kohta/kohta/store/sqlstore"
)

// migrateCmd brings a database up to this version, or moves an installation from the embedded one to Postgres.
type migrateCmd struct {
	dataFlags
	From string `enum:",sqlite" default:"" help:"With --to: the database in --data, which stays as it is."`
	To   string `enum:",postgres" default:"" help:"With --from: the database that --database names. It has to be empty, or hold a part of the same move."`
}

// Help is what --help says beside the flags.
func (c *migrateCmd) Help() string {
	return "With --from sqlite --to postgres everything that is kept in --data moves into --database: stop the desk, move, start it with " +
		"--database and --redis. A move that is cut off goes on where it was when it is begun again; at the end all of it is read on both " +
		"sides and compared. No desk starts on a database whose move is not complete."
}

// Run migrates or moves, and says so.
func (c *migrateCmd) Run(ctx context.Context, p program) error {
	if c.From == "" && c.To == "" {
		s, err := c.open(ctx, true)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "the database is up to date")
		return s.Close()
	}
	if c.From == "" || c.To == "" || c.Database == "" {
		return errors.New("a move is kohta migrate --from sqlite --to postgres --data FOLDER --database postgres://…")
	}
	to, err := c.options()
	if err != nil {
		return err
	}
	here := dataFlags{Data: c.Data}
	from, err := here.options()
	if err != nil {
		return err
	}
	unlock, err := here.lock() // nobody writes to it meanwhile
	if err != nil {
		return err
	}
	defer unlock()
	if err := there(from.Path); err != nil {
		return err
	}
	err = sqlstore.Copy(ctx, from, to, func(done sqlstore.Copied) {
		what := "moved"
		if done.Check {
			what = "compared"
		}
		fmt.Fprintf(p.stdout, "%-14s %d of %d rows %s\n", done.Table, done.Done, done.Rows, what)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "all of it is there, and the same; start the desk with --database, and --redis for more than one node")
	return err
}
