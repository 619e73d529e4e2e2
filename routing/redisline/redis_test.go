package redisline_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/routing/redisline"
)

// server is a redis-server of a test's own, on a socket in a folder of its own.
type server struct {
	socket string
	args   []string
	cmd    *exec.Cmd
}

// start begins a redis-server with these settings and stops it when the test ends.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed, and these tests need it: apt-get install redis-server")
	}
	dir, err := os.MkdirTemp("", "redis") // not t.TempDir: the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	s := &server{socket: filepath.Join(dir, "s")}
	s.args = append([]string{"--save", "", "--dir", dir, "--port", "0", "--unixsocket", s.socket}, args...)
	t.Cleanup(func() {
		s.stop(t)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	s.begin(t)
	return s
}

func (s *server) begin(t testing.TB) {
	t.Helper()
	s.cmd = exec.Command("redis-server", s.args...)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := redis.NewClient(s.options(t))
	defer c.Close()
	until(ctx, t, "redis-server answers", func() bool { return c.Ping(ctx).Err() == nil })
}

// stop kills this server, by its own process.
func (s *server) stop(t testing.TB) {
	if s.cmd.ProcessState != nil {
		return
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = s.cmd.Wait() // killed, as it should be
}

func (s *server) client(t testing.TB) *redis.Client {
	c := redis.NewClient(s.options(t))
	t.Cleanup(func() { c.Close() })
	return c
}

func (s *server) options(t testing.TB) *redis.Options {
	t.Helper()
	o, err := redisline.Options("unix://" + s.socket)
	if err != nil {
		t.Fatal(err)
	}
	o.ReadTimeout = 10 * time.Second // of a busy machine
	return o
}

// until asks again and again until it is so.
func until(ctx context.Context, t testing.TB, what string, so func() bool) {
	t.Helper()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("gave up waiting until %s", what)
		}
	}
}

// pass waits until d has passed on Redis' own clock.
func pass(c redis.UniversalClient) func(testing.TB, time.Duration) {
	return func(t testing.TB, d time.Duration) {
		ctx, cancel := context.WithTimeout(t.Context(), d+20*time.Second)
		defer cancel()
		began, err := c.Time(ctx).Result()
		if err != nil {
			t.Fatal(err)
		}
		until(ctx, t, "Redis' clock goes on", func() bool {
			now, err := c.Time(ctx).Result()
			return err == nil && now.Sub(began) >= d
		})
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
