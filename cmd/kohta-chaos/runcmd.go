package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/nemesis"
	"github.com/kohta/kohta/cmd/kohta-chaos/run"
)

// runFlags are what every run has.
type runFlags struct {
	Binary    string        `help:"The program kohta; built from this repository if empty." placeholder:"FILE"`
	Beside    string        `help:"A later version of it: every second node runs it, and a deploy has the nodes change places. next: as the next may be, built from this repository." placeholder:"FILE|next"`
	Seed      uint64        `default:"1" help:"What the nemesis does, and what everybody says."`
	For       time.Duration `default:"1m" help:"How long there are faults."`
	Acks      int           `help:"Go on until there are so many acks, at most three times as long."`
	Customers int           `default:"100" help:"Customers who write."`
	Agents    int           `default:"10" help:"Agents who answer."`
	Nodes     int           `default:"3" help:"Nodes of the desk."`
	Sqlite    bool          `name:"sqlite" help:"One node over its embedded database, in place of nodes over Postgres."`
	Every     time.Duration `default:"2s" help:"From one fault to the next."`
	Rest      time.Duration `default:"500ms" help:"Mean rest of a customer between two messages."`
	Times     int           `help:"End after so many faults."`
	Clocks    bool          `help:"With a desk that is built so that its clock can be set: for the fault clock."`
	Keep      string        `help:"Keep logs and databases of the nodes in this folder." placeholder:"DIR"`
}

// runCmd is one run.
type runCmd struct {
	runFlags
	Faults   []string `default:"kill" help:"Kinds of faults, separated by commas, or all; --list-faults tells them."`
	But      []string `help:"Kinds of faults to leave out."`
	Negative bool     `help:"With a desk that is built to ack before it commits: exit status 1 unless losses are found."`
	List     bool     `name:"list-faults" help:"List the kinds of faults."`
}

// negativeTag is the build tag of a desk that acks before it commits.
const negativeTag = "chaos_ack_before_commit"

// Run does one run.
func (c *runCmd) Run(ctx context.Context) error {
	if c.List {
		names, words := nemesis.All()
		for i := range names {
			fmt.Printf("%-20s %s\n", names[i], words[i])
		}
		return nil
	}
	o, clean, err := c.options(ctx, c.Faults, c.But, c.Negative)
	if err != nil {
		return err
	}
	defer clean()
	r, err := run.Do(ctx, o)
	if err != nil {
		return err
	}
	r.Name, r.Command = "run", commandLine()
	fmt.Fprint(os.Stderr, r.Summary())
	if err := print(os.Stdout, r); err != nil {
		return err
	}
	if c.Negative && r.Lost == 0 {
		return fmt.Errorf("the desk acks before it commits, and no loss was found")
	}
	if !c.Negative && !r.Sound() {
		return errBroken
	}
	return nil
}

// options are those of a run, with a program that is built if none is given; clean removes it.
func (f *runFlags) options(ctx context.Context, faults, but []string, negative bool) (o run.Options, clean func(), err error) {
	names, err := chosen(faults, but)
	if err != nil {
		return o, nil, err
	}
	if f.Sqlite {
		f.Nodes = 1
	}
	o = run.Options{
		Beside: f.Beside, Seed: f.Seed, For: f.For, Acks: f.Acks, Nodes: f.Nodes, SQLite: f.Sqlite, Customers: f.Customers,
		Agents: f.Agents, Faults: names, Every: f.Every, Rest: f.Rest, Clocks: f.Clocks, Times: f.Times, Keep: f.Keep, Notes: os.Stderr,
	}
	var tags []string
	if negative {
		tags = append(tags, negativeTag)
	}
	if o.Binary, clean, err = program(ctx, f.Binary, f.Clocks, tags...); err != nil || f.Beside != "next" {
		return o, clean, err
	}
	dir, err := os.MkdirTemp("", "kohta-chaos-build")
	if err != nil {
		clean()
		return o, nil, err
	}
	first := clean
	clean = func() {
		first()
		os.RemoveAll(dir)
	}
	if o.Beside, err = run.BuildLater(ctx, dir); err != nil {
		clean()
	}
	return o, clean, err
}

// chosen are the faults that --faults names, less those of --but.
func chosen(list, but []string) ([]string, error) {
	if err := nemesis.Check(but); err != nil {
		return nil, err
	}
	if len(list) == 1 && list[0] == "all" {
		list, _ = nemesis.All()
	}
	names := slices.DeleteFunc(slices.Clone(list), func(n string) bool { return slices.Contains(but, n) })
	return names, nemesis.Check(names)
}
