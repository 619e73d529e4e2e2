package servers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// Redis is a redis-server. It keeps nothing on disk unless its settings say so.
type Redis struct {
	process
	dir, address string
}

// StartRedis runs a redis-server on a free port, with settings such as "--maxmemory-policy", "allkeys-lru" behind the
// usual ones. The caller closes it.
func StartRedis(ctx context.Context, settings ...string) (*Redis, error) {
	program, err := find("redis-server", "redis-server", "/usr/bin")
	if err != nil {
		return nil, err
	}
	port, err := FreePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kohta-redis")
	if err != nil {
		return nil, err
	}
	r := &Redis{dir: dir, address: fmt.Sprintf("127.0.0.1:%d", port), process: process{name: program, log: filepath.Join(dir, "log")}}
	r.args = append([]string{"--save", "", "--dir", dir, "--bind", "127.0.0.1", "--port", fmt.Sprint(port)}, settings...)
	if err := r.Start(ctx); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Start begins it anew after Kill or Stop, at the same address; what it kept in memory is gone.
func (r *Redis) Start(ctx context.Context) error {
	c := redis.NewClient(&redis.Options{Addr: r.address, MaxRetries: -1})
	defer c.Close()
	return r.begin(ctx, func(ctx context.Context) error { return c.Ping(ctx).Err() })
}

// Address is host and port.
func (r *Redis) Address() string { return r.address }

// URL is the address as --redis takes it.
func (r *Redis) URL() string { return "redis://" + r.address + "/0" }

// Kill ends it as a crash would.
func (r *Redis) Kill() { r.end(syscall.SIGKILL) }

// Close kills it and removes its folder.
func (r *Redis) Close() {
	r.Kill()
	os.RemoveAll(r.dir)
}
