package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/store"
)

// doctorCmd checks an installation, whether it runs or not.
type doctorCmd struct {
	dataFlags
}

// Run prints each breach on a line of its own, then a summary.
func (c *doctorCmd) Run(ctx context.Context, p program) error {
	s, err := c.look(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	var line []desk.Breach
	err = askDesk(ctx, c.Data, "GET", "/doctor", func(d *json.Decoder) error { return d.Decode(&line) })
	live := !errors.Is(err, errNoDesk)
	if live && err != nil {
		return fmt.Errorf("ask the running desk: %w", err)
	}
	breaches, seen, err := desk.Diagnose(ctx, s, time.Now(), live)
	if err != nil {
		return err
	}
	breaches = append(breaches, line...)
	for _, b := range breaches {
		fmt.Fprintln(p.stdout, b)
	}
	rows, _, err := store.VerifyAudit(ctx, s)
	if err != nil {
		fmt.Fprintln(p.stdout, "audit:", err)
	}
	running := "no desk is running"
	if live {
		running = "the desk is running"
	}
	fmt.Fprintf(p.stdout, "%d conversations, %d breaches, %d audit rows; %s\n", seen, len(breaches), rows, running)
	if len(breaches) > 0 || err != nil {
		return errFound
	}
	return nil
}
