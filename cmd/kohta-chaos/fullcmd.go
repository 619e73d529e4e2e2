package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/nemesis"
	"github.com/kohta/kohta/cmd/kohta-chaos/report"
	"github.com/kohta/kohta/cmd/kohta-chaos/run"
	"github.com/kohta/kohta/cmd/kohta-chaos/scenario"
)

// fullCmd is all of it, one part after the other.
type fullCmd struct {
	Seed      uint64        `default:"1" help:"Of all runs."`
	For       time.Duration `default:"5m" help:"How long nodes are killed, and how long there are other faults."`
	Acks      int           `default:"100000" help:"Kill until there are so many acks, at most three times as long."`
	Customers int           `default:"500" help:"Customers who write."`
	Agents    int           `default:"25" help:"Agents who answer."`
	Deploys   int           `default:"10" help:"How often all nodes are replaced."`
	Storm     int           `default:"10000" help:"Clients that come back at once."`
	Parts     []string      `default:"${parts}" help:"Which parts: ${parts}."`
	Report    string        `help:"Write what was found into the tables of this document." placeholder:"FILE"`
}

// parts are what a full run has, in their order.
const parts = "kill,others,deploy,embedded,negative,scenarios,storm"

// found is all that was found.
type found struct {
	Runs      []run.Result       `json:"runs"`
	Scenarios []scenario.Outcome `json:"scenarios"`
	Storm     *run.StormResult   `json:"storm,omitempty"`
}

// full is a full run under way.
type full struct {
	*fullCmd
	sound, clocked, hasty string // programs
	found                 found
	broken                []error
}

// Run does the parts one after the other, and ends with status 1 if a promise was broken in any.
func (c *fullCmd) Run(ctx context.Context) error {
	f := &full{fullCmd: c}
	for _, p := range []struct {
		clocks bool
		tags   []string
		needed bool
		path   *string
	}{
		{false, nil, true, &f.sound},
		{true, nil, c.has("others") || c.has("scenarios"), &f.clocked},
		{false, []string{negativeTag}, c.has("negative"), &f.hasty},
	} {
		if !p.needed {
			continue
		}
		path, clean, err := program(ctx, "", p.clocks, p.tags...)
		if err != nil {
			return err
		}
		defer clean()
		*p.path = path
	}
	if err := f.all(ctx); err != nil {
		return err
	}
	if err := print(os.Stdout, f.found); err != nil {
		return err
	}
	if c.Report != "" {
		if err := report.Into(c.Report, f.tables()...); err != nil {
			return err
		}
	}
	if len(f.broken) > 0 {
		return errors.Join(append(f.broken, errBroken)...)
	}
	return nil
}

func (c *fullCmd) has(part string) bool { return slices.Contains(c.Parts, part) }

// all does the parts that were chosen.
func (f *full) all(ctx context.Context) error {
	others, err := chosen([]string{"all"}, []string{nemesis.Kill})
	if err != nil {
		return err
	}
	for _, p := range []struct {
		name string
		o    run.Options
	}{
		{"kill", run.Options{Binary: f.sound, Nodes: 3, For: f.For, Acks: f.Acks, Faults: []string{nemesis.Kill}, Every: 2 * time.Second}},
		{"others", run.Options{Binary: f.clocked, Clocks: true, Nodes: 3, For: f.For, Faults: others, Every: time.Second}},
		{"deploy", run.Options{Binary: f.sound, Nodes: 3, For: 30 * time.Minute, Times: f.Deploys, Faults: []string{"deploy"}, Every: time.Second}},
		{"embedded", run.Options{Binary: f.sound, Nodes: 1, SQLite: true, For: f.For / 5, Faults: []string{nemesis.Kill, "stop", "redis-flush", "redis-kill"}, Every: 2 * time.Second}},
		{"negative", run.Options{Binary: f.hasty, Nodes: 3, For: min(f.For, 20*time.Second), Faults: []string{nemesis.Kill}, Every: 2 * time.Second}},
	} {
		if !f.has(p.name) {
			continue
		}
		if err := f.one(ctx, p.name, p.o); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return f.rest(ctx)
}

// one does one run.
func (f *full) one(ctx context.Context, name string, o run.Options) error {
	o.Seed, o.Customers, o.Agents, o.Rest, o.Notes = f.Seed, f.Customers, f.Agents, 500*time.Millisecond, os.Stderr
	if name == "negative" || name == "embedded" {
		o.Customers, o.Agents = max(1, o.Customers/10), max(2, o.Agents/5)
	}
	r, err := run.Do(ctx, o)
	if err != nil {
		return err
	}
	r.Name, r.Command = name, commandLine()
	f.found.Runs = append(f.found.Runs, r)
	fmt.Fprint(os.Stderr, r.Summary())
	switch {
	case name == "negative" && r.Lost == 0:
		f.broken = append(f.broken, errors.New("negative: the desk acks before it commits, and no loss was found"))
	case name != "negative" && !r.Sound():
		f.broken = append(f.broken, errors.New(name))
	}
	return nil
}

// rest does the scenarios and the storm.
func (f *full) rest(ctx context.Context) (err error) {
	if f.has("scenarios") {
		if f.found.Scenarios, err = scenario.Play(ctx, f.clocked, true, os.Stderr); err != nil {
			return fmt.Errorf("scenarios: %w", err)
		}
		f.found.Scenarios = append(f.found.Scenarios, scenario.FullDisk(ctx, f.sound, os.Stderr), scenario.FullPostgres(ctx, f.sound, os.Stderr))
		for _, o := range f.found.Scenarios {
			if o.Failed != "" {
				f.broken = append(f.broken, fmt.Errorf("scenario %d, %s: %s", o.Number, o.Name, o.Failed))
			}
		}
	}
	if f.has("storm") {
		r, err := run.Storm(ctx, run.StormOptions{Binary: f.sound, Clients: f.Storm, Nodes: 3, Notes: os.Stderr})
		if err != nil {
			return fmt.Errorf("storm: %w", err)
		}
		r.Command = commandLine()
		f.found.Storm = &r
	}
	return nil
}

// tables are what was found, for the document.
func (f *full) tables() []report.Table {
	runs := report.Table{Name: "runs", Head: []string{
		"run", "seed", "nodes", "customers, agents", "s", "faults", "acknowledged", "answers lost on the way", "lost", "doubled", "reordered", "misdelivered", "double-owned", "starved", "back after, p50, p99",
	}}
	for _, r := range f.found.Runs {
		runs.Rows = append(runs.Rows, []string{
			r.Name, fmt.Sprint(r.Seed), fmt.Sprintf("%d (%s)", r.Nodes, r.Database), fmt.Sprintf("%d, %d", r.Customers, r.Agents), fmt.Sprintf("%.0f", r.Seconds), run.Counted(r.Faults),
			fmt.Sprint(r.Acks), fmt.Sprint(r.Unknown), fmt.Sprint(r.Lost), fmt.Sprint(r.Doubled), fmt.Sprint(r.Reordered), fmt.Sprint(r.Misdelivered), fmt.Sprint(r.DoubleOwned),
			fmt.Sprint(r.Starved), fmt.Sprintf("%.0f, %.0f ms", r.BackP50, r.BackP99),
		})
	}
	scenes := report.Table{Name: "scenarios", Head: []string{"scenario", "number", "found"}}
	for _, o := range f.found.Scenarios {
		words := o.Figures
		if o.Failed != "" {
			words = "failed: " + o.Failed
		}
		scenes.Rows = append(scenes.Rows, []string{o.Name, fmt.Sprint(o.Number), words})
	}
	storms := report.Table{Name: "storm", Head: []string{"clients", "nodes", "all back after", "p50", "p99", "tries that failed", "round trips to Postgres a client"}}
	if s := f.found.Storm; s != nil {
		storms.Rows = append(storms.Rows, []string{
			fmt.Sprint(s.Clients), fmt.Sprint(s.Nodes), fmt.Sprintf("%.0f ms", s.AllMS), fmt.Sprintf("%.0f ms", s.P50), fmt.Sprintf("%.0f ms", s.P99), fmt.Sprint(s.Retries), fmt.Sprintf("%.2f", s.RoundTrips),
		})
	}
	return []report.Table{runs, scenes, storms}
}
