package main

import (
	"context"
	"io"
	stdlog "log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing/redisline"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// startRedis runs a Redis on a socket in a folder of its own until stop, which ends it by its pid.
func startRedis(t *testing.T, args ...string) (url string, client *redis.Client, stop func()) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed, and this test needs it: apt-get install redis-server")
	}
	dir, err := os.MkdirTemp("", "redis") // not t.TempDir: the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	cmd := exec.Command("redis-server", append([]string{"--save", "", "--dir", dir, "--port", "0", "--unixsocket", socket}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	stop = func() {
		if !ended {
			ended = true
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
	t.Cleanup(func() { stop(); os.RemoveAll(dir) })
	url = "unix://" + socket
	options, err := redisline.Options(url)
	if err != nil {
		t.Fatal(err)
	}
	client = redis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	until(t, patience, "Redis answers", func() bool { return client.Ping(t.Context()).Err() == nil })
	return url, client, stop
}

// until waits for something to be so.
func until(t *testing.T, within time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// customer connects a visitor of the demo.
func customer(t *testing.T, p *process) *wireclient.Session {
	t.Helper()
	s := wireclient.NewSession(wireclient.Options{
		URL: "ws" + strings.TrimPrefix(p.base, "http") + "/ws/visitor", Role: chat.RoleVisitor,
		Hello: wire.Greeting{Site: "demo", Language: "fi"},
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	return s
}

// askForAPerson returns the conversation that waits from then on.
func askForAPerson(t *testing.T, s *wireclient.Session) string {
	t.Helper()
	key := s.Put(&wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})
	var answer wireclient.Answer
	until(t, patience, "an ack", func() (ok bool) { answer, ok = s.Answer(key); return ok })
	if answer.Err != nil {
		t.Fatal(answer.Err)
	}
	return answer.Conversation
}

// inLine tells whether a conversation stands in the line on Redis.
func inLine(t *testing.T, client *redis.Client, conversation string) bool {
	t.Helper()
	line, err := redisline.Open(t.Context(), client)
	if err != nil {
		return false
	}
	place, _, err := line.Place(t.Context(), demoTeam, conversation)
	return err == nil && place > 0
}

// TestTheLineOnRedis empties Redis under a desk, then takes it away: nobody who waits is lost, and nobody who comes
// meanwhile is turned away.
func TestTheLineOnRedis(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	url, client, stopRedis := startRedis(t)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--demo", "--redis", url)
	first := askForAPerson(t, customer(t, p))
	until(t, patience, "the customer stands in the line", func() bool { return inLine(t, client, first) })

	if err := client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	until(t, patience, "the line is mended from the store", func() bool { return inLine(t, client, first) })

	stopRedis()
	second := askForAPerson(t, customer(t, p))
	if second == first {
		t.Fatal("two customers have one conversation")
	}
	third := customer(t, p)
	key := third.Post("", "Mitkä ovat aukioloajat?")
	until(t, patience, "the bot answers without Redis", func() bool {
		a, ok := third.Answer(key)
		return ok && a.Err == nil
	})
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM:\n%s", status, p.stderr)
	}
}

// A desk that is started again while Redis is away serves whom it can, and goes on with the line when Redis is back. A Redis
// that would have been refused at the start ends it then.
func TestServeBeginsWhileRedisIsAway(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel()
	url, client, stopRedis := startRedis(t)
	socket := strings.TrimPrefix(url, "unix://")
	again := func(args ...string) (stop func()) {
		cmd := exec.Command("redis-server", append([]string{"--save", "", "--dir", filepath.Dir(socket), "--port", "0", "--unixsocket", socket}, args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stop = sync.OnceFunc(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		t.Cleanup(stop)
		return stop
	}
	dir := t.TempDir()
	start := func() *process { return startDesk(t, dir, "127.0.0.1:0", "--demo", "--redis", url) }
	if status := start().stop(); status != 0 {
		t.Fatal("it does not end")
	}
	stopRedis()
	if _, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--redis", url); status != 1 || !strings.Contains(stderr, "no Redis answers") {
		t.Errorf("a desk that has had no Redis: status %d:\n%s", status, stderr)
	}
	p := start()
	status, down := p.down()
	var parts []string
	for _, d := range down {
		parts = append(parts, d.Part)
	}
	if status != http.StatusOK || !slices.Equal(parts, []string{"line", "bus"}) {
		t.Errorf("without Redis it says %d %+v", status, down)
	}
	p.colleague(t, "aino@demo.example").welcome()
	waits := askForAPerson(t, customer(t, p))
	stop := again()
	until(t, patience, "all is well", func() bool { _, down := p.down(); return len(down) == 0 })
	until(t, patience, "who came before stands in the line", func() bool { return inLine(t, client, waits) })
	until(t, patience, "Redis knows whose it is", func() bool { return client.Exists(t.Context(), houseKey, selfKey).Val() == 2 })
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM:\n%s", status, p.stderr)
	}
	stop()
	p = start()
	again("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru")
	select {
	case <-p.ended:
		p.ended = nil
	case <-time.After(patience):
		t.Fatal("it goes on with a Redis that forgets")
	}
	if status := p.cmd.ProcessState.ExitCode(); status != 1 || !strings.Contains(p.stderr.String(), "noeviction") {
		t.Errorf("status %d:\n%s", status, p.stderr)
	}
}

func TestServeRefusesARedisThatForgets(t *testing.T) {
	t.Parallel()
	url, _, _ := startRedis(t, "--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru")
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--redis", url)
	if status != 1 || !strings.Contains(stderr, "noeviction") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

func TestServeRefusesARedisWithoutProof(t *testing.T) {
	t.Parallel()
	nobody := httptest.NewUnstartedServer(http.NotFoundHandler())
	nobody.Config.ErrorLog = stdlog.New(io.Discard, "", 0)
	nobody.StartTLS() // with a certificate that nobody trusts
	defer nobody.Close()
	_, stderr, status := runKohta(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--redis", "rediss://:secret@"+nobody.Listener.Addr().String())
	if status != 1 || !strings.Contains(stderr, "certificate") || !strings.Contains(stderr, "SSL_CERT_FILE") || strings.Contains(stderr, "secret") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}
