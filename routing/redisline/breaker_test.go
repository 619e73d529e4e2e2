package redisline_test

import (
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/routing/redisline"
)

// TestARedisThatHangs has a listener that takes connections and says nothing: many calls, one after the other, cost a
// time-out or two and not one each.
func TestARedisThatHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	options, err := redisline.Options("redis://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	options.ReadTimeout, options.MaxRetries = 200*time.Millisecond, 0
	client := redis.NewClient(options)
	defer client.Close()
	client.AddHook(&redisline.Breaker{})
	asked := 0
	begun := time.Now()
	for range 200 {
		if client.Ping(t.Context()).Err() == nil {
			t.Fatal("it answered")
		}
		asked++
	}
	if took := time.Since(begun); asked != 200 || took > 20*time.Second { // 200 time-outs would be 40 s
		t.Errorf("%d calls took %v", asked, took)
	}
	if _, err := redisline.Open(t.Context(), client); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("while nobody tries: %v", err)
	}
}

// TestARedisThatComesBack takes Redis away until every connection is gone, and has all who wait for it served soon after it
// is back: what a new connection begins with is not held up by the breaker.
func TestARedisThatComesBack(t *testing.T) {
	r, err := servers.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	options, err := redisline.Options(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	client.AddHook(&redisline.Breaker{})
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	r.Kill()
	for range 100 { // also more calls than the pool has places
		if client.Ping(t.Context()).Err() == nil {
			t.Fatal("it answers after its end")
		}
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(30 * time.Second); client.Ping(t.Context()).Err() != nil; {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it is back, and nobody is let through")
		}
	}
}
