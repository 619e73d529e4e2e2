package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/kohta/kohta/cmd/kohta/sim"
)

// simCmd tests the desk itself. kohta simulate is another thing: it answers a supervisor's question.
type simCmd struct {
	Schedules uint64  `default:"500" help:"How many schedules are played." placeholder:"N"`
	From      uint64  `help:"The first seed." placeholder:"SEED"`
	Seed      *uint64 `help:"Play this seed alone, and tell what happens in it." placeholder:"SEED"`
	Bug       string  `help:"With --seed: make this mistake on purpose." placeholder:"NAME"`
	Bugs      bool    `help:"Make each mistake there is on purpose, and see whether it is found."`
	Jobs      int     `default:"2" help:"Schedules at a time." placeholder:"N"`
}

// Run prints what it found. Its exit status is 1 when a promise was broken, or a mistake was not found.
func (c *simCmd) Run(ctx context.Context, p program) error {
	debug.SetGCPercent(3200) // most of what a schedule makes dies with it, and little of it lives at any moment
	switch {
	case c.Bug != "" && !sim.Known(c.Bug):
		return fmt.Errorf("there is no mistake %q; --bugs makes all there are", c.Bug)
	case c.Seed != nil:
		return c.replay(p)
	case c.Bugs:
		return c.catch(ctx, p)
	}
	return c.play(ctx, p)
}

func (c *simCmd) replay(p program) error {
	out := bufio.NewWriter(p.stdout)
	defer out.Flush()
	r := sim.Schedule(*c.Seed, c.Bug, func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) })
	fmt.Fprintf(out, "\nseed %d: %d steps\n", r.Seed, r.Steps)
	return c.told(out, []sim.Result{r})
}

func (c *simCmd) play(ctx context.Context, p program) error {
	began, used := time.Now(), cpuTime()
	told := func(done int) {
		if done%1000 == 0 {
			fmt.Fprintf(p.stderr, "%d of %d\n", done, c.Schedules)
		}
	}
	sum := sim.Run(ctx, c.From, c.Schedules, c.Jobs, told)
	took, cpu := time.Since(began), cpuTime()-used
	fmt.Fprintf(p.stdout, "%d schedules, %d steps, %d broken, in %v: %.0f a second, %.0f a second of a core\n", sum.Schedules, sum.Steps,
		len(sum.Broken), took.Round(time.Millisecond), float64(sum.Schedules)/took.Seconds(), float64(sum.Schedules)/max(cpu.Seconds(), 1e-9))
	if len(sum.Broken) > 0 {
		keep(p, sum.Broken[0])
	}
	return c.told(p.stdout, sum.Broken)
}

// cpuTime is how long processors have worked for this process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// told prints the breaches.
func (c *simCmd) told(out io.Writer, broken []sim.Result) error {
	found := false
	for _, r := range broken {
		for _, b := range r.Breaches {
			found = true
			fmt.Fprintf(out, "seed %d: %s\n", r.Seed, b)
		}
	}
	if found {
		return errFound
	}
	return nil
}

// seeds is where seeds are kept, seen from the root of the repository.
const seeds = "cmd/kohta/sim/testdata/seeds"

// keep adds a seed to those that are played by every test, where the repository is at hand.
func keep(p program, r sim.Result) {
	f, err := os.OpenFile(seeds, os.O_APPEND|os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		_, err = fmt.Fprintf(f, "%d\t%s\n", r.Seed, r.Breaches[0])
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "seed %d could not be kept: %v\n", r.Seed, err)
		return
	}
	fmt.Fprintf(p.stderr, "seed %d is kept in %s\n", r.Seed, seeds)
}

// catch makes every mistake, and prints in which schedule it was found.
func (c *simCmd) catch(ctx context.Context, p program) error {
	missed := 0
	fmt.Fprintln(p.stdout, "| mistake | schedules | found by |\n|---|---:|---|")
	for _, bug := range sim.Bugs {
		n, found := sim.Catch(ctx, bug)
		if ctx.Err() != nil {
			return fmt.Errorf("ended while %q was looked for", bug)
		}
		if n == 0 {
			missed++
			fmt.Fprintf(p.stdout, "| %s | not in %d | |\n", bug, sim.Enough)
			continue
		}
		fmt.Fprintf(p.stdout, "| %s | %d | %s |\n", bug, n, found.Check)
	}
	fmt.Fprintf(p.stdout, "\n%d of %d mistakes were found\n", len(sim.Bugs)-missed, len(sim.Bugs))
	if missed > 0 {
		return errFound
	}
	return nil
}
