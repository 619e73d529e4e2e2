package main

import (
	"context"
	"os"
	"strings"

	"github.com/kohta/kohta/cmd/kohta-chaos/run"
)

// stormCmd has many clients come back at once.
type stormCmd struct {
	Binary  string `help:"The program kohta; built from this repository if empty." placeholder:"FILE"`
	Clients int    `default:"10000" help:"Clients of the node that is killed."`
	Nodes   int    `default:"3" help:"Nodes of the desk."`
}

// Run prints one JSON object with times.
func (c *stormCmd) Run(ctx context.Context) error {
	binary, clean, err := program(ctx, c.Binary, false)
	if err != nil {
		return err
	}
	defer clean()
	r, err := run.Storm(ctx, run.StormOptions{Binary: binary, Clients: c.Clients, Nodes: c.Nodes, Notes: os.Stderr})
	if err != nil {
		return err
	}
	r.Command = commandLine()
	return print(os.Stdout, r)
}

// program is the program to try: the one given, or one that is built from this repository, which clean removes.
func program(ctx context.Context, given string, clocks bool, tags ...string) (binary string, clean func(), err error) {
	if given != "" {
		return given, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "kohta-chaos-build")
	if err != nil {
		return "", nil, err
	}
	clean = func() { os.RemoveAll(dir) }
	if binary, err = run.Build(ctx, dir, clocks, tags...); err != nil {
		clean()
	}
	return binary, clean, err
}

// commandLine is what this was called with.
func commandLine() string { return "kohta-chaos " + strings.Join(os.Args[1:], " ") }
