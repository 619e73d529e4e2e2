// Package redisline is the line and the roster on Redis, shared by any number of nodes. Every method is one script, so it
// is atomic on any number of nodes; a claim only ever touches the heads of a line, so its cost does not go by the line's
// length.
package redisline

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

var _ routing.Line = (*Line)(nil)

// Line implements routing.Line.
type Line struct {
	client  redis.UniversalClient
	scripts scripts
	classes classes
}

// Options reads a redis://, rediss:// or unix:// address and sets the time-outs with which a node stays well when Redis is
// away: a context's deadline counts, and without one a call ends within a few seconds.
func Options(address string) (*redis.Options, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, chat.Errorf(chat.Invalid, "the address of Redis is like redis://127.0.0.1:6379/0: %v", err)
	}
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = time.Second, time.Second, time.Second
	o.PoolTimeout = 2 * time.Second
	o.MaxRetries, o.DialerRetries = 1, 1 // for a connection that went stale; what is really away is the caller's to wait for
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o, nil
}

// Open checks that Redis is fit for a line and returns it. It refuses, with an error of kind Invalid that says what to
// change, a Redis that is too old, that may throw keys away, that is a replica, or where this user may not run scripts
// or write; and with one of kind Unavailable a Redis that does not answer. client stays the caller's to close.
func Open(ctx context.Context, client redis.UniversalClient) (*Line, error) {
	s, err := readScripts()
	if err != nil {
		return nil, fmt.Errorf("read the line's scripts: %w", err)
	}
	if err := check(ctx, client); err != nil {
		return nil, err
	}
	return &Line{client: client, scripts: s}, nil
}

// Unchecked is line and roster on a Redis that was not asked yet, for a node that begins while Redis is away. Whoever takes them
// sees to it that nothing reaches a Redis that Check has not passed.
func Unchecked(client redis.UniversalClient) (*Line, *Roster, error) {
	s, err := readScripts()
	if err != nil {
		return nil, nil, fmt.Errorf("read the line's scripts: %w", err)
	}
	r, err := readRoster(client)
	return &Line{client: client, scripts: s}, r, err
}

// Check is what Open asks of a Redis, with its errors.
func Check(ctx context.Context, client redis.UniversalClient) error { return check(ctx, client) }

// check refuses a Redis that is not fit.
func check(ctx context.Context, client redis.UniversalClient) (err error) {
	if cluster, ok := client.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return fit(ctx, c) })
	} else {
		err = fit(ctx, client)
	}
	if err != nil {
		return err
	}
	return allowed(ctx, client)
}

// fit looks at one node.
func fit(ctx context.Context, c redis.Cmdable) error {
	info, err := c.Info(ctx).Result()
	if denied(err) {
		return chat.Errorf(chat.Invalid, "the user of the Redis address may not run INFO, which tells whether Redis keeps what it is given: allow +info (%v)", err)
	}
	if unknown(err) {
		return chat.Errorf(chat.Invalid, "Redis does not let this user in: give user and password in the address, as redis://:PASSWORD@redis.example:6379/0, with %%23 for # and the like (%v)", err)
	}
	if err != nil {
		return failed("ask Redis how it is set up", err)
	}
	return fitInfo(info)
}

// fitInfo judges what INFO says.
func fitInfo(info string) error {
	field := func(name string) string {
		_, after, _ := strings.Cut("\n"+info, "\n"+name+":")
		value, _, _ := strings.Cut(after, "\n")
		return strings.TrimSpace(value)
	}
	if v := field("redis_version"); !atLeast(v, 6, 2) {
		return chat.Errorf(chat.Invalid, "Redis %s is too old: line and roster need 6.2 or newer", v)
	}
	if p := field("maxmemory_policy"); p != "noeviction" {
		return chat.Errorf(chat.Invalid, "Redis' maxmemory-policy is %s, so it may throw away who waits: set it to noeviction (CONFIG SET maxmemory-policy noeviction, and in redis.conf)", p)
	}
	if field("role") == "slave" {
		return chat.Errorf(chat.Invalid, "this Redis is a replica and takes no writes: give the address of its primary")
	}
	return nil
}

func atLeast(version string, major, minor int) bool {
	a, rest, _ := strings.Cut(version, ".")
	b, _, _ := strings.Cut(rest, ".")
	x, err1 := strconv.Atoi(a)
	y, err2 := strconv.Atoi(b)
	return err1 == nil && err2 == nil && (x > major || x == major && y >= minor)
}

// allowed tries what line and roster do: a script that reads the time and writes keys of ours, of each kind.
func allowed(ctx context.Context, client redis.UniversalClient) error {
	const try = `
redis.call('TIME')
redis.call('ZADD', KEYS[1], 1, 'x')
redis.call('ZRANGE', KEYS[1], 0, 0)
redis.call('HSET', KEYS[2], 'x', 1)
redis.call('HMGET', KEYS[2], 'x')
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('PEXPIRE', KEYS[2], 1000)
return 1`
	err := client.Eval(ctx, try, []string{"kohta:{@check}:set", "kohta:{@check}:hash"}).Err()
	if err == nil {
		err = client.Ping(ctx).Err()
	}
	if denied(err) {
		return chat.Errorf(chat.Invalid, "the user of the Redis address may not run scripts or write keys kohta:*: allow +ping +eval +evalsha +time +@read +@write and ~kohta:* (%v)", err)
	}
	if err != nil {
		return failed("try a script on Redis", err)
	}
	return nil
}

// denied also sees a refusal within a script, which Redis wraps in words of its own.
func denied(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply) && (strings.Contains(reply.Error(), "NOPERM") || strings.Contains(reply.Error(), "ACL failure"))
}

// unknown sees that a password is missing or wrong.
func unknown(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply) && (strings.HasPrefix(reply.Error(), "NOAUTH") || strings.HasPrefix(reply.Error(), "WRONGPASS"))
}

// failed gives an error of Redis its kind: what may pass is Unavailable, by the code that begins a reply.
func failed(what string, err error) error {
	var reply redis.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", what, err)
	case errors.As(err, &reply) && !passing(reply):
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w: %w", what, chat.Errorf(chat.Unavailable, "Redis is away"), err)
}

func passing(reply redis.Error) bool {
	code, _, _ := strings.Cut(reply.Error(), " ")
	switch code {
	case "LOADING", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "OOM", "BUSY", "MISCONF", "NOREPLICAS":
		return true
	}
	return false
}
