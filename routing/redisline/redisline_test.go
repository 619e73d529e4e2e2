package redisline_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/linetest"
	"github.com/kohta/kohta/routing/redisline"
)

func open(t testing.TB, c redis.UniversalClient) *redisline.Line {
	t.Helper()
	l, err := redisline.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLine(t *testing.T) {
	c := start(t).client(t)
	linetest.Run(t, func(t *testing.T) linetest.Fixture { return fixture(t, c) })
}

func fixture(t *testing.T, c redis.UniversalClient) linetest.Fixture {
	l := open(t, c)
	lose := func(t testing.TB) routing.Line {
		if err := c.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		return l
	}
	return linetest.Fixture{Line: l, Pass: pass(c), Lose: lose}
}

// A cluster refuses a script whose keys are not all in one slot.
func TestLineOnACluster(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	s := start(t, "--cluster-enabled", "yes", "--port", freePort(t), "--cluster-port", freePort(t))
	c := redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: []string{s.socket},
		NewClient: func(o *redis.Options) *redis.Client {
			o.Network, o.Addr = "unix", s.socket
			return redis.NewClient(o)
		},
		ClusterSlots: func(context.Context) ([]redis.ClusterSlot, error) {
			return []redis.ClusterSlot{{Start: 0, End: 16383, Nodes: []redis.ClusterNode{{ID: "one", Addr: s.socket}}}}, nil
		},
	})
	t.Cleanup(func() { c.Close() })
	one := s.client(t)
	if err := one.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	until(ctx, t, "the cluster is up", func() bool {
		return strings.Contains(one.ClusterInfo(ctx).Val(), "cluster_state:ok")
	})
	linetest.Run(t, func(t *testing.T) linetest.Fixture {
		f := fixture(t, c)
		f.Pass = pass(one)
		return f
	})
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		user []string // what the user desk may do
		want string
	}{
		{"an evicting policy", []string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}, nil, "noeviction"},
		{"a policy that evicts what expires", []string{"--maxmemory-policy", "volatile-ttl"}, nil, "noeviction"},
		{"a replica", []string{"--replicaof", "127.0.0.1 1"}, nil, "replica"},
		{"a user without scripts", nil, []string{"~kohta:*", "+@all", "-@scripting"}, "may not run scripts"},
		{"a user with other keys", nil, []string{"~other:*", "+@all"}, "~kohta:*"},
		{"a user who may not ask", nil, []string{"~kohta:*", "+@all", "-info"}, "INFO"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, c.args...)
			o := s.options(t)
			if c.user != nil {
				may := append([]string{"on", ">secret"}, c.user...)
				if err := s.client(t).ACLSetUser(t.Context(), "desk", may...).Err(); err != nil {
					t.Fatal(err)
				}
				o.Username, o.Password = "desk", "secret"
			}
			client := redis.NewClient(o)
			defer client.Close()
			_, err := redisline.Open(t.Context(), client)
			if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open: %v; want an invalid error that names %q", err, c.want)
			}
		})
	}
}

// Who is not let in is told what the address lacks, and never what the password is.
func TestOpenWithoutThePassword(t *testing.T) {
	s := start(t)
	if err := s.client(t).ConfigSet(t.Context(), "requirepass", "secret").Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, user, password string
	}{
		{"none", "", ""},
		{"a wrong one", "", "guess"},
		{"nobody's", "nobody", "guess"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := s.options(t)
			o.Username, o.Password = c.user, c.password
			client := redis.NewClient(o)
			defer client.Close()
			_, err := redisline.Open(t.Context(), client)
			if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "redis://:PASSWORD@") || strings.Contains(err.Error(), "guess") {
				t.Errorf("Open: %v; want an invalid error that says how an address has a password", err)
			}
		})
	}
}

// Redis goes away and comes back with nothing: calls fail as unavailable and soon, and a reconcile mends.
func TestRedisIsAway(t *testing.T) {
	s := start(t)
	l := open(t, s.client(t))
	ticket := routing.Ticket{Conversation: "a", Team: "support", Since: time.UnixMilli(1e12)}
	if err := l.Put(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	_, _, err := l.Claim(t.Context(), "support", routing.Taker{Agent: "aino", Teams: []string{"support"}, Free: 100})
	for what, err := range map[string]error{
		"Put":   l.Put(t.Context(), ticket),
		"Claim": err,
		"Ping":  l.Ping(t.Context()),
	} {
		if chat.KindOf(err) != chat.Unavailable {
			t.Errorf("%s: %v, want an unavailable error", what, err)
		}
	}
	if _, err := redisline.Open(t.Context(), s.client(t)); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("Open: %v, want an unavailable error", err)
	}
	s.begin(t)
	r, err := l.Reconcile(t.Context(), "support", func(_ context.Context, add func([]routing.Ticket) error) error {
		return add([]routing.Ticket{ticket})
	})
	if err != nil || r.Added != 1 {
		t.Errorf("Reconcile = %+v, %v", r, err)
	}
}

// What is done leaves nothing behind for long.
func TestNothingIsLeftBehind(t *testing.T) {
	c := start(t).client(t)
	l := open(t, c)
	for i := range 20 {
		name := fmt.Sprint("c", i)
		if err := l.Put(t.Context(), routing.Ticket{Conversation: name, Team: "support", Since: time.UnixMilli(1e12)}); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := l.Claim(t.Context(), "support", routing.Taker{Agent: "aino", Teams: []string{"support"}, Free: 100}); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if err := l.Drop(t.Context(), "support", name); err != nil {
			t.Fatal(err)
		}
	}
	left, err := c.Keys(t.Context(), "kohta:{support}:*").Result()
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	for _, key := range left {
		if ttl := c.TTL(t.Context(), key).Val(); ttl <= 0 {
			t.Errorf("%s has no end: %s", key, ttl)
		}
	}
	if err := l.Put(t.Context(), routing.Ticket{Conversation: "next", Team: "support", Since: time.UnixMilli(1e12)}); err != nil {
		t.Fatal(err)
	}
	if ttl := c.TTL(t.Context(), redisline.Keys("support")[3]).Val(); ttl >= 0 {
		t.Errorf("somebody waits and the book ends in %s", ttl)
	}
}
