package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kohta/kohta/cmd/kohta-chaos/scenario"
)

// scenariosCmd plays single misfortunes.
type scenariosCmd struct {
	Binary string `help:"The program kohta; built from this repository if empty." placeholder:"FILE"`
	Clocks bool   `help:"Also those that need a desk whose clock can be set: Go's standard library is built anew for it, which takes minutes."`
}

// Run plays all of them.
func (c *scenariosCmd) Run(ctx context.Context) error {
	binary, clean, err := program(ctx, c.Binary, c.Clocks)
	if err != nil {
		return err
	}
	defer clean()
	all, err := scenario.Play(ctx, binary, c.Clocks, os.Stderr)
	if err != nil {
		return err
	}
	all = append(all, scenario.FullDisk(ctx, binary, os.Stderr), scenario.FullPostgres(ctx, binary, os.Stderr))
	if err := print(os.Stdout, all); err != nil {
		return err
	}
	for _, o := range all {
		if o.Failed != "" {
			return fmt.Errorf("%w: scenario %d, %s", errBroken, o.Number, o.Name)
		}
	}
	return nil
}
