// Package fleet is the machinery of a chaos run: real nodes, a real Postgres and a real Redis, a balancer in front, and a proxy
// with faults on every way between them.
package fleet

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/kohta/kohta/cmd/kohta-chaos/proxy"
	"github.com/kohta/kohta/internal/servers"
)

// Options say what is built.
type Options struct {
	Binary   string // the program kohta, which also makes the tables
	Beside   string // a later version of it, which every second node runs; empty: all run Binary
	Nodes    int
	SQLite   bool // one node over its embedded database, in place of Postgres
	NoRedis  bool // line and presence in memory; one node alone
	Dir      string
	Data     string // folder of the embedded database; one in Dir if empty
	Agents   int
	Capacity int  // of each agent
	Clocks   bool // the program's clock can be set

	Disk     string   // folder for Postgres' cluster, on a disk of its own; that for temporary files if empty
	Settings []string // of Postgres, such as "max_wal_size=32MB"
}

// Site and Team are what the set-up makes; Password is every account's.
const (
	Site     = "chaos"
	Team     = "support"
	Password = "saapas kuutamo hirvi nelonen"
)

// Watcher is the account of a supervisor who sees everything and is given nothing.
const Watcher = "watcher@chaos.example"

// Agent is the address of an agent's account, from 0.
func Agent(i int) string { return fmt.Sprintf("agent%d@chaos.example", i) }

// Fleet is all that runs. Postgres and Redis are nil where the options have none. The caller closes it.
type Fleet struct {
	Options
	Postgres *servers.Postgres
	Redis    *servers.Redis
	Replica  *servers.Redis // that a failover goes to; nil until there is one
	Nodes    []*Node
	Balancer *proxy.Balancer

	database string
	closers  []func()
}

// Start builds everything, and returns when all nodes are ready.
func Start(ctx context.Context, o Options) (*Fleet, error) {
	f := &Fleet{Options: o}
	if err := f.start(ctx); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *Fleet) start(ctx context.Context) (err error) {
	if f.SQLite && f.Options.Nodes != 1 {
		return errors.New("the embedded database serves one node")
	}
	if err := f.servers(ctx); err != nil {
		return err
	}
	if err := f.setUp(ctx); err != nil {
		return err
	}
	doors := make([]string, 0, f.Options.Nodes)
	for i := range f.Options.Nodes {
		n, err := f.newNode(i)
		f.Nodes = append(f.Nodes, n)
		if err != nil {
			return err
		}
		doors = append(doors, n.Door.Address())
	}
	for _, n := range f.Nodes {
		if err := n.Launch(); err != nil {
			return err
		}
	}
	for _, n := range f.Nodes {
		if err := n.Ready(ctx); err != nil {
			return err
		}
	}
	f.Balancer, err = proxy.Balance(doors)
	return err
}

// servers starts Postgres and Redis.
func (f *Fleet) servers(ctx context.Context) (err error) {
	if !f.SQLite {
		if f.Postgres, err = servers.StartPostgresIn(ctx, f.Disk, f.Settings...); err != nil {
			return err
		}
		f.closers = append(f.closers, f.Postgres.Close)
		if f.database, err = f.Postgres.NewDatabase(ctx, ""); err != nil {
			return err
		}
	}
	if f.NoRedis {
		return nil
	}
	if f.Redis, err = servers.StartRedis(ctx); err != nil {
		return err
	}
	f.closers = append(f.closers, f.Redis.Close)
	return nil
}

// direct are the flags of a command that looks at the database, by the way without faults.
func (f *Fleet) direct() []string {
	flags := []string{"--data", f.data(0)}
	if f.Postgres != nil {
		flags = append(flags, "--database", f.Postgres.URL(f.database))
	}
	return flags
}

func (f *Fleet) data(i int) string {
	if f.Data != "" {
		return f.Data
	}
	return filepath.Join(f.Dir, fmt.Sprintf("data%d", i))
}

func (f *Fleet) environment() []string {
	return []string{"HOME=" + f.Dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + f.Dir}
}

// setUp makes tables, team, site and accounts by the shell commands, as an operator would.
func (f *Fleet) setUp(ctx context.Context) error {
	if err := f.command(ctx, "", "migrate"); err != nil {
		return err
	}
	capacity := fmt.Sprint(f.Capacity)
	if err := f.command(ctx, "", "team", "set", Team, "--name", "Support", "--assignment", "auto", "--capacity", capacity); err != nil {
		return err
	}
	if err := f.command(ctx, "", "site", "set", Site, "--team", Team); err != nil {
		return err
	}
	if err := f.command(ctx, Password, "agent", "add", Watcher, "--name", "Vahti", "--role", "supervisor", "--teams", Team); err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make([]error, f.Agents)
	gate := make(chan struct{}, 2)
	for i := range f.Agents {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			errs[i] = f.command(ctx, Password, "agent", "add", Agent(i), "--name", fmt.Sprintf("Tuki %d", i), "--teams", Team, "--languages", "fi,sv,en", "--capacity", capacity)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// command runs a command of kohta on the database, and fails with what it said.
func (f *Fleet) command(ctx context.Context, stdin string, args ...string) error {
	if out, err := f.Run(ctx, stdin, args...); err != nil {
		return fmt.Errorf("kohta %s: %w: %s", strings.Join(args[:2:2], " "), err, out)
	}
	return nil
}

// Run runs a command of kohta on the database and returns what it said.
func (f *Fleet) Run(ctx context.Context, stdin string, args ...string) (string, error) {
	return f.run(ctx, f.Binary, stdin, args...)
}

func (f *Fleet) run(ctx context.Context, binary, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, binary, append(args, f.direct()...)...)
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = strings.NewReader(stdin+"\n"), &out, &out, f.environment()
	err := cmd.Run()
	return strings.TrimSpace(out.String()), err
}

// doctorLines are as many of the doctor's words as are passed on.
const doctorLines = 20

// Doctor has kohta look at the database: nil if every promise is kept, else what it found. Where there are two versions it is the
// later one's, which knows what both have done.
func (f *Fleet) Doctor(ctx context.Context) error {
	out, err := f.run(ctx, cmp.Or(f.Beside, f.Binary), "", "doctor")
	if err != nil {
		lines := strings.Split(out, "\n")
		if len(lines) > doctorLines {
			lines = append(lines[:doctorLines:doctorLines], fmt.Sprintf("and %d more", len(lines)-doctorLines))
		}
		return fmt.Errorf("the doctor finds (%w):\n%s", err, strings.Join(lines, "\n"))
	}
	return nil
}

// Heal ends every fault of the network.
func (f *Fleet) Heal() {
	for _, p := range f.Proxies() {
		p.Heal()
	}
}

// Proxies are all ways that can have faults.
func (f *Fleet) Proxies() (all []*proxy.Proxy) {
	for _, n := range f.Nodes {
		all = append(all, n.proxies()...)
	}
	return all
}

// Close ends everything.
func (f *Fleet) Close() {
	if f.Balancer != nil {
		f.Balancer.Close()
	}
	f.Heal()
	for _, n := range f.Nodes {
		n.close()
	}
	if f.Replica != nil {
		f.Replica.Close()
	}
	for i := len(f.closers) - 1; i >= 0; i-- {
		f.closers[i]()
	}
}
