package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kohta/kohta/internal/servers"
)

// serversCmd runs what many nodes stand on, for trying things out and for measuring.
type serversCmd struct{}

// Run starts both, prints where they are as shell variables, and ends them when it is interrupted.
func (c *serversCmd) Run(ctx context.Context) error {
	postgres, err := servers.StartPostgres(ctx)
	if err != nil {
		return err
	}
	defer postgres.Close()
	name, err := postgres.NewDatabase(ctx, "")
	if err != nil {
		return err
	}
	redis, err := servers.StartRedis(ctx)
	if err != nil {
		return err
	}
	defer redis.Close()
	fmt.Fprintf(os.Stdout, "KOHTA_DATABASE='%s' KOHTA_REDIS=%s POSTGRES=postgres://postgres@127.0.0.1:%d/postgres REDIS=%s\n",
		postgres.URL(name), redis.URL(), postgres.Port(), redis.Address())
	<-ctx.Done()
	return nil
}
