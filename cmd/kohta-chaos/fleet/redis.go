package fleet

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/internal/servers"
)

// copyWithin is how long the first copy of Redis may take.
const copyWithin = 20 * time.Second

// Flush empties Redis.
func (f *Fleet) Flush(ctx context.Context) error {
	c := redis.NewClient(&redis.Options{Addr: f.Redis.Address()})
	defer c.Close()
	return c.FlushAll(ctx).Err()
}

// Follow starts a replica of Redis that copies it until Diverge.
func (f *Fleet) Follow(ctx context.Context) error {
	host, port, err := net.SplitHostPort(f.Redis.Address())
	if err != nil {
		return err
	}
	if f.Replica, err = servers.StartRedis(ctx); err != nil { // who it follows is no setting: it is started again as itself
		return err
	}
	c := redis.NewClient(&redis.Options{Addr: f.Replica.Address()})
	defer c.Close()
	if err := c.SlaveOf(ctx, host, port).Err(); err != nil {
		return err
	}
	// Until the first copy is there, WAIT on the one that is copied from says 0.
	of := redis.NewClient(&redis.Options{Addr: f.Redis.Address()})
	defer of.Close()
	if n, err := of.Wait(ctx, 1, copyWithin).Result(); err != nil || n < 1 {
		return fmt.Errorf("the replica of Redis does not follow: %d, %w", n, err)
	}
	return nil
}

// Diverge has the replica keep what it has: from now on it is stale.
func (f *Fleet) Diverge(ctx context.Context) error {
	c := redis.NewClient(&redis.Options{Addr: f.Replica.Address()})
	defer c.Close()
	return c.SlaveOf(ctx, "NO", "ONE").Err()
}

// Failover ends Redis and has all nodes find the replica in its place.
func (f *Fleet) Failover() {
	for _, n := range f.Nodes {
		n.ToRedis.Retarget(f.Replica.Address())
	}
	f.Redis.Close()
	for _, n := range f.Nodes {
		n.ToRedis.Cut()
	}
	f.Redis, f.Replica = f.Replica, nil
	f.closers = append(f.closers, f.Redis.Close)
}
