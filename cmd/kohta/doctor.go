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
	pastFlags
	Wait bool   `help:"Instead: hold what customers were told of the wait, and promised, against what came."`
	Zone string `default:"Local" help:"With --wait: time zone of the hours of the day." placeholder:"Europe/Helsinki"`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// diagnosis is what the doctor found, as --json prints it.
type diagnosis struct {
	Conversations int           `json:"conversations"`
	Running       bool          `json:"running"` // a desk serves the folder; its line was looked at too
	Breaches      []desk.Breach `json:"breaches"`
	AuditRows     int64         `json:"audit_rows"`
	Audit         string        `json:"audit,omitempty"` // what is wrong with the audit
}

// Run looks at everything, or at what was told of the wait.
func (c *doctorCmd) Run(ctx context.Context, p program) error {
	if c.Since != "" && !c.Wait {
		return errors.New("--since goes with --wait: what must hold is checked in everything that is kept")
	}
	s, err := c.look(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if c.Wait {
		return c.waits(ctx, s, p)
	}
	d, err := c.diagnose(ctx, s)
	if err != nil {
		return err
	}
	if err := c.print(p, d); err != nil {
		return err
	}
	if len(d.Breaches) > 0 || d.Audit != "" {
		return errFound
	}
	return nil
}

func (c *doctorCmd) diagnose(ctx context.Context, s store.Store) (d diagnosis, err error) {
	var line []desk.Breach
	err = askDesk(ctx, c.Data, "GET", "/doctor", func(d *json.Decoder) error { return d.Decode(&line) })
	d.Running = !errors.Is(err, errNoDesk)
	if d.Running && err != nil {
		return d, fmt.Errorf("ask the running desk: %w", err)
	}
	found, seen, err := desk.Diagnose(ctx, s, time.Now(), d.Running)
	if err != nil {
		return d, err
	}
	d.Conversations, d.Breaches = seen, append(append([]desk.Breach{}, found...), line...)
	rows, _, err := store.VerifyAudit(ctx, s)
	if d.AuditRows = rows; err != nil {
		d.Audit = err.Error()
	}
	return d, nil
}

// print prints each breach on a line of its own, then a summary.
func (c *doctorCmd) print(p program, d diagnosis) error {
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(d)
	}
	for _, b := range d.Breaches {
		fmt.Fprintln(p.stdout, b)
	}
	if d.Audit != "" {
		fmt.Fprintln(p.stdout, "audit:", d.Audit)
	}
	running := "no desk is running"
	if d.Running {
		running = "the desk is running"
	}
	_, err := fmt.Fprintf(p.stdout, "%d conversations, %d breaches, %d audit rows; %s\n", d.Conversations, len(d.Breaches), d.AuditRows, running)
	return err
}
