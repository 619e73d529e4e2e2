package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come; moment, for what must not.
const (
	patience = 20 * time.Second
	moment   = 50 * time.Millisecond
)

// echo answers every line with itself.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

type line struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

// refused tells whether a connection ends before a word, at the latest when it is read.
func refused(t *testing.T, address string) bool {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		return true
	}
	defer c.Close()
	return line{t, c, bufio.NewReader(c)}.hears(patience) == "end"
}

func dial(t *testing.T, address string) line {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return line{t, c, bufio.NewReader(c)}
}

func (l line) say(words string) {
	l.t.Helper()
	if _, err := io.WriteString(l, words+"\n"); err != nil {
		l.t.Fatal(err)
	}
}

// hears waits for a line; "" if none comes in so long, "end" when the connection is over.
func (l line) hears(within time.Duration) string {
	l.SetReadDeadline(time.Now().Add(within))
	s, err := l.r.ReadString('\n')
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ""
	case err != nil:
		return "end"
	}
	return strings.TrimSpace(s)
}

func listen(t *testing.T, target string) *Proxy {
	t.Helper()
	p, err := Listen(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestFaults(t *testing.T) {
	p := listen(t, echo(t))
	c := dial(t, p.Address())
	c.say("a")
	if got := c.hears(patience); got != "a" {
		t.Fatalf("%q", got)
	}

	for name, way := range map[string][2]bool{"to the target": {true, false}, "to the client": {false, true}, "both ways": {true, true}} {
		p.Hold(way[0], way[1])
		c.say(name)
		if got := c.hears(moment); got != "" {
			t.Errorf("held %s, and %q came", name, got)
		}
		p.Heal()
		if got := c.hears(patience); got != name {
			t.Errorf("let go %s, and %q came", name, got)
		}
	}

	p.Delay(5 * time.Millisecond)
	begun := time.Now()
	c.say("late")
	if got := c.hears(patience); got != "late" || time.Since(begun) < 10*time.Millisecond {
		t.Errorf("%q after %v", got, time.Since(begun))
	}
	p.Heal()

	if n := p.Cut(); n != 1 {
		t.Errorf("%d cut", n)
	}
	if got := c.hears(patience); got != "end" {
		t.Errorf("cut, and %q came", got)
	}
	p.Refuse(true)
	if !refused(t, p.Address()) {
		t.Error("not refused")
	}
	p.Heal()
}

// TestHalfOpen ends one side while the connection is held: the other is not told until it is let go.
func TestHalfOpen(t *testing.T) {
	var closed atomic.Bool
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ended := make(chan struct{})
	p := listen(t, l.Addr().String())
	c := dial(t, p.Address())
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() {
		defer close(ended)
		io.Copy(io.Discard, server)
		closed.Store(true)
	}()
	p.Hold(true, true)
	c.Close()
	time.AfterFunc(moment, p.Heal)
	if closed.Load() {
		t.Error("the end was told while the connection was held")
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the end was never told")
	}
}

// TestAnswers swallows the answer to a certain question, and cuts.
func TestAnswers(t *testing.T) {
	p := listen(t, echo(t))
	p.Look(&Hook{
		Ask:     func(question []byte) bool { return bytes.Contains(question, []byte("BEGIN")) },
		Swallow: func(answer []byte) bool { return bytes.Contains(answer, []byte("COMMIT")) },
	})
	c, other := dial(t, p.Address()), dial(t, p.Address())
	c.say("COMMIT")
	if got := c.hears(patience); got != "COMMIT" {
		t.Errorf("%q, which was not asked for", got)
	}
	c.say("BEGIN, COMMIT")
	if got := c.hears(patience); got != "end" {
		t.Errorf("%q", got)
	}
	other.say("COMMIT")
	if got := other.hears(patience); got != "COMMIT" {
		t.Errorf("%q on another connection, which was not asked", got)
	}
}

func TestRetarget(t *testing.T) {
	p := listen(t, "127.0.0.1:1")
	if !refused(t, p.Address()) {
		t.Error("not refused by a target that is not there")
	}
	p.Retarget(echo(t))
	c := dial(t, p.Address())
	c.say("there")
	if got := c.hears(patience); got != "there" {
		t.Errorf("%q", got)
	}
}

// node is a made-up desk, which says who it is.
type node struct {
	*httptest.Server
	ready atomic.Bool
}

func newNode(t *testing.T, name string) *node {
	t.Helper()
	n := &node{}
	n.ready.Store(true)
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" && !n.ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, name)
	}))
	t.Cleanup(n.Close)
	return n
}

// TestBalancer spreads over those that are ready, and drops those that are dead.
func TestBalancer(t *testing.T) {
	one, two := newNode(t, "one"), newNode(t, "two")
	b, err := Balance([]string{one.Listener.Addr().String(), two.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	ask := func() string {
		r, err := client.Get("http://" + b.Address() + "/")
		if err != nil {
			return ""
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		return string(body)
	}
	waitReady(t, b, 2)
	got := map[string]int{}
	for range 10 {
		got[ask()]++
	}
	if got["one"] != 5 || got["two"] != 5 {
		t.Errorf("%v", got)
	}

	two.ready.Store(false)
	waitReady(t, b, 1)
	for range 4 {
		if who := ask(); who != "one" {
			t.Errorf("%q, which drains", who)
		}
	}

	c := dial(t, b.Address())
	c.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r")
	one.Listener.Close()
	waitReady(t, b, 0)
	for c.hears(patience) != "end" { // after what was answered
	}
	if who := ask(); who != "" {
		t.Errorf("%q, and nobody is there", who)
	}
}

func waitReady(t *testing.T, b *Balancer, n int) {
	t.Helper()
	for end := time.Now().Add(patience); b.Ready() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d ready, want %d", b.Ready(), n)
		}
	}
}
