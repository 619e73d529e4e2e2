package redislimit_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/gateway/redislimit"
	"github.com/kohta/kohta/internal/servers"
)

func TestTake(t *testing.T) {
	r, err := servers.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	client := redis.NewClient(&redis.Options{Addr: r.Address(), MaxRetries: -1})
	defer client.Close()
	one, two := redislimit.New(client), redislimit.New(client)

	// Of many at once on two nodes as many pass as the bucket holds.
	var passed atomic.Int64
	var all sync.WaitGroup
	for n := range 40 {
		l := []*redislimit.Limits{one, two}[n%2]
		all.Go(func() {
			wait, err := l.Take(t.Context(), "visitor", 1, time.Hour, 10)
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				passed.Add(1)
			} else if wait > time.Hour {
				t.Errorf("to wait %v for one", wait)
			}
		})
	}
	all.Wait()
	if passed.Load() != 10 {
		t.Errorf("%d of 10 passed", passed.Load())
	}
	for _, of := range []struct {
		name string
		n    int
		fits bool
	}{{"another", 10, true}, {"another", 1, false}, {"a third", 11, false}, {"a third", 10, true}} {
		if wait, err := one.Take(t.Context(), of.name, of.n, time.Hour, 10); err != nil || (wait == 0) != of.fits {
			t.Errorf("%d of %s: wait %v, %v", of.n, of.name, wait, err)
		}
	}
	// What has leaked out makes room again, and an empty bucket is none.
	if _, err := one.Take(t.Context(), "quick", 1, time.Millisecond, 1); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for late := time.After(20 * time.Second); ; {
		if n, err := client.Exists(t.Context(), "kohta:limit:quick").Result(); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			break
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it does not leak")
		}
	}

	r.Kill()
	if _, err := one.Take(t.Context(), "visitor", 1, time.Hour, 10); err == nil {
		t.Error("no error without Redis")
	}
}
