package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/store/sqlstore"
)

// balancer takes connections and passes each on to the next of some addresses that takes it. It knows nothing of HTTP and
// asks nobody how they are.
type balancer struct {
	listener net.Listener
	to       []string
	next     atomic.Int64
	all      sync.WaitGroup

	mu   sync.Mutex
	open map[net.Conn]bool
	shut bool
}

func balance(t *testing.T, to ...string) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{listener: l, to: to, open: map[net.Conn]bool{}}
	b.all.Go(b.serve)
	t.Cleanup(func() { l.Close(); b.all.Wait() })
	return b
}

func (b *balancer) address() string { return b.listener.Addr().String() }

func (b *balancer) serve() {
	for {
		c, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.all.Go(func() { b.pass(c) })
	}
}

// cut ends all connections, and lets none through any more.
func (b *balancer) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shut = true
	for c := range b.open {
		c.Close()
	}
}

// enter notes a connection, if any is let through.
func (b *balancer) enter(c net.Conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open[c] = true
	return !b.shut
}

func (b *balancer) pass(c net.Conn) {
	defer func() {
		c.Close()
		b.mu.Lock()
		delete(b.open, c)
		b.mu.Unlock()
	}()
	if !b.enter(c) {
		return
	}
	for range b.to {
		to, err := net.Dial("tcp", b.to[b.next.Add(1)%int64(len(b.to))])
		if err != nil {
			continue
		}
		var both sync.WaitGroup
		for _, way := range [][2]net.Conn{{c, to}, {to, c}} {
			both.Go(func() {
				io.Copy(way[1], way[0])
				way[0].Close()
				way[1].Close()
			})
		}
		both.Wait()
		return
	}
}

// TestARollingRestart restarts one of two nodes after the other, each by SIGTERM, while customers and agents write through
// a balancer that only looks whether a node takes connections. Nobody's message fails, none is lost or doubled, everybody
// has every position, and agents keep their conversations.
func TestARollingRestart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	p := startServers(t)
	addresses := []string{freeAddress(t), freeAddress(t)}
	var nodes []*process
	for _, a := range addresses {
		nodes = append(nodes, p.node(a, "--limits", "off"))
	}
	b := balance(t, addresses...)
	c := newCrowd(ctx, giveUp, t, b.address())
	defer c.leave()
	var before map[*writer]int
	for i, node := range nodes {
		c.until(ctx, killAcks, func() bool { return c.atWork() >= killAtWork })
		if status := node.stop(); status != 0 {
			t.Errorf("node %d ends with status %d:\n%s", i, status, node.stderr)
		}
		before = c.answered()
		if i == 0 {
			c.takeSome()
		}
		nodes[i] = p.node(addresses[i], "--limits", "off")
	}
	c.until(ctx, killAcks, func() bool { return c.everyoneIsBack(before) })
	c.fallSilent()

	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: p.database, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	truth := readAll(ctx, t, s)
	c.catchUp(ctx, truth)
	c.judge(truth)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		t.Error(cause)
	}
	t.Logf("%d acknowledged, %d events in the log, %d frames sent again", c.acknowledged(), truth.events, c.resent())
	if out, _, status := runKohta(t, "", "doctor", "--data", t.TempDir(), "--database", p.database); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
}

// TestARestartOnAHeldSocket restarts a desk whose socket somebody else holds, as systemd does: who connects meanwhile waits,
// and is served by the next.
func TestARestartOnAHeldSocket(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	held, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	dir := t.TempDir()
	p := startDeskOn(t, held, dir)
	if p.base != "http://"+l.Addr().String() {
		t.Fatalf("it listens on %s, not on %s", p.base, l.Addr())
	}
	if status := p.stop(); status != 0 {
		t.Fatalf("status %d:\n%s", status, p.stderr)
	}
	answered := make(chan error, 1)
	go func() {
		r, err := http.Get(p.base + "/healthz") // while nobody serves
		if err == nil {
			r.Body.Close()
			if r.StatusCode != http.StatusOK {
				err = errors.New(r.Status)
			}
		}
		answered <- err
	}()
	startDeskOn(t, held, dir)
	if err := <-answered; err != nil {
		t.Errorf("who came between the two got %v", err)
	}
}

// startDeskOn starts a desk on a socket that it inherits. Its number of process is not known before it begins, so that it
// is begun by a shell that says it.
func startDeskOn(t *testing.T, held *os.File, dir string) *process {
	t.Helper()
	cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh", builtBinary(t), "serve", "--data", dir, "--log-level", "warn")
	cmd.ExtraFiles = []*os.File{held}
	return startProcess(t, cmd)
}
