package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/store"
)

// visitorCmd is for the rights of customers over what is kept of them.
type visitorCmd struct {
	Export visitorExportCmd `cmd:"" help:"Write all that is kept of a visitor to standard output, as JSON."`
	Erase  visitorEraseCmd  `cmd:"" help:"Erase what a visitor said and is called, for good. Positions stay as tombstones; an open conversation is closed."`
}

func isID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

func noVisitor(id string) error {
	return fmt.Errorf("there is no visitor %s; the console and the exports name visitors by their ids", id)
}

type visitorExportCmd struct {
	dataFlags
	ID string `arg:"" help:"The visitor's id."`
}

// Run exports, whether a desk serves the folder or not.
func (c *visitorExportCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	out := bufio.NewWriter(p.stdout)
	act := store.Act{At: time.Now(), Actor: "kohta visitor export", Verb: "export_visitor", Object: c.ID}
	err = desk.Export(ctx, s, c.ID, act, out)
	if chat.KindOf(err) == chat.NotFound {
		return noVisitor(c.ID)
	}
	return errors.Join(err, out.Flush())
}

type visitorEraseCmd struct {
	dataFlags
	ID string `arg:"" help:"The visitor's id."`
}

// Run has the desk that serves the folder erase, for it remembers what it read; where none does, it erases by itself.
func (c *visitorEraseCmd) Run(ctx context.Context, p program) error {
	if !isID(c.ID) {
		return noVisitor(c.ID)
	}
	err := askDesk(ctx, c.Data, "POST", "/erase/"+c.ID, nil)
	if errors.Is(err, errNoDesk) {
		err = c.eraseAlone(ctx)
	}
	switch {
	case errors.Is(err, errNotThere), chat.KindOf(err) == chat.NotFound:
		return noVisitor(c.ID)
	case err != nil:
		return fmt.Errorf("the erasure is not finished (%w); give the command again, or start the desk, which finishes it", err)
	}
	fmt.Fprintf(p.stdout, "%s is erased\n", c.ID)
	return nil
}

func (c *visitorEraseCmd) eraseAlone(ctx context.Context) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := s.Visitor(ctx, c.ID); err != nil {
		return err
	}
	act := eraseFromShell(c.ID)
	if err := erasuresIn(c.Data).add(c.ID, act.At); err != nil {
		return err
	}
	return desk.Erase(ctx, s, c.ID, act)
}

func eraseFromShell(visitor string) store.Act {
	return store.Act{At: time.Now(), Actor: "kohta visitor erase", Verb: "erase_visitor", Object: visitor}
}
