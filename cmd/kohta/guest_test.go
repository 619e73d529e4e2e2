package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// guest is somebody with one connection to a desk, and all that came over it.
type guest struct {
	*wireclient.Client
	t     testing.TB
	came  chan struct{} // gets one for each frame, when there is room
	mu    sync.Mutex
	inbox []wire.Received
}

func (p *process) socket(path string) string { return strings.Replace(p.base, "http", "ws", 1) + path }

// guest connects a visitor of the demo's site.
func (p *process) guest(hello wire.Greeting) *guest {
	p.t.Helper()
	hello.Site = "demo"
	return p.connect(wireclient.Options{URL: p.socket("/ws/visitor"), Role: chat.RoleVisitor, Hello: hello})
}

// colleague signs one of the demo's agents in, and connects.
func (p *process) colleague(t *testing.T, email string) *guest {
	t.Helper()
	header := wireclient.AgentHeader(p.base, signIn(t, p.base, email))
	return p.connect(wireclient.Options{URL: p.socket("/ws/agent"), Role: chat.RoleAgent, Header: header})
}

func (p *process) connect(o wireclient.Options) *guest {
	p.t.Helper()
	g := &guest{t: p.t, came: make(chan struct{}, 1)}
	o.OnFrame = func(_ *wireclient.Client, frame []byte) {
		r, err := wire.DecodeServer(frame)
		if err != nil {
			p.t.Errorf("%s: %v", frame, err)
		}
		g.mu.Lock()
		g.inbox = append(g.inbox, r)
		g.mu.Unlock()
		select {
		case g.came <- struct{}{}:
		default:
		}
	}
	c, err := wireclient.Dial(p.t.Context(), o, &sync.Pool{})
	if err != nil {
		p.t.Fatal(err)
	}
	g.Client = c
	p.t.Cleanup(c.Close)
	return g
}

// await returns the first frame that is wanted, among those that came and those that will within ten seconds.
func (g *guest) await(what string, wanted func(wire.Received) bool) wire.Received {
	g.t.Helper()
	late := time.After(patience)
	for {
		g.mu.Lock()
		for _, r := range g.inbox {
			if wanted(r) {
				g.mu.Unlock()
				return r
			}
		}
		g.mu.Unlock()
		select {
		case <-g.came:
		case <-late:
			g.t.Fatalf("no %s came; ended with %v", what, g.Err())
		}
	}
}

func (g *guest) welcome() wire.Received {
	g.t.Helper()
	return g.await("welcome", func(r wire.Received) bool { return r.Type == "welcome" })
}

// try sends a frame that writes, and returns its answer.
func (g *guest) try(typ wire.Type, conversation string, cmd chat.Command) wireclient.Answer {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), patience)
	defer cancel()
	a, err := g.Do(ctx, &wire.Frame{Type: typ, Key: uuid.NewString(), Conversation: conversation, Command: cmd})
	if err != nil {
		g.t.Fatalf("%s: %v", typ, err)
	}
	return a
}

// do is try, and the answer has to be an ack.
func (g *guest) do(typ wire.Type, conversation string, cmd chat.Command) wireclient.Answer {
	g.t.Helper()
	a := g.try(typ, conversation, cmd)
	if a.Err != nil {
		g.t.Fatalf("%s: %v", typ, a.Err)
	}
	return a
}

// settled sends a ping and waits for its heartbeat: what was sent before has been carried out by then.
func (g *guest) settled() {
	g.t.Helper()
	beats := func() (n int) {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, r := range g.inbox {
			if r.Type == "heartbeat" {
				n++
			}
		}
		return n
	}
	before := beats()
	if err := g.Send(&wire.Frame{Type: wire.Ping}); err != nil {
		g.t.Fatal(err)
	}
	for late := time.After(patience); beats() == before; {
		select {
		case <-g.came:
		case <-late:
			g.t.Fatalf("no heartbeat came; ended with %v", g.Err())
		}
	}
}

// call makes a request of the desk and returns the status.
func (p *process) call(method, path, body string, change func(*http.Request)) (status int, header http.Header) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header
}
