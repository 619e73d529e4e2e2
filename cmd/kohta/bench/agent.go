package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire/wireclient"
)

// agent is one socket of an agent's, which watches conversations and writes nothing. Its lock is taken after a
// visitor's, never before.
type agent struct {
	run    *run
	index  int
	cookie *http.Cookie

	mu     sync.Mutex
	client *wireclient.Client // nil while there is no connection
	up     chan struct{}      // closed when welcomed
	talks  map[string]*talk   // that it watches
	owed   map[string]bool    // asked for, and not answered yet
	ended  bool
}

// signIn signs the accounts in, each once.
func (r *run) signIn(ctx context.Context) error {
	cookies := make([]*http.Cookie, len(r.Emails))
	for i := range min(r.Agents, len(r.Emails)) {
		c, err := r.signInOne(ctx, r.Emails[i])
		if err != nil {
			return err
		}
		cookies[i] = c
	}
	for i := range r.Agents {
		r.agents = append(r.agents, &agent{run: r, index: i, cookie: cookies[i%len(cookies)], talks: map[string]*talk{}, owed: map[string]bool{}})
	}
	return nil
}

func (r *run) signInOne(ctx context.Context, email string) (*http.Cookie, error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": r.Password})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.origin()+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", r.origin())
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(answer.Cookies()) == 0 {
		return nil, fmt.Errorf("%s was not signed in: %s", email, answer.Status)
	}
	return answer.Cookies()[0], nil
}

func (r *run) origin() string { return "http://" + r.agentsAt }

// connect connects and returns when the agent is welcomed. What it watched before it watches again, from where it was.
func (a *agent) connect(ctx context.Context) error {
	a.mu.Lock()
	up := make(chan struct{})
	a.up = up
	a.mu.Unlock()
	c, err := wireclient.Dial(ctx, wireclient.Options{
		URL: "ws://" + a.run.agentsAt + "/ws/agent", Role: chat.RoleAgent, Header: wireclient.AgentHeader(a.run.origin(), a.cookie),
		Dial: a.run.dialer(a.index), OnFrame: a.frame,
	}, a.run.pool)
	if err != nil {
		return err
	}
	select {
	case <-up:
		return nil
	case <-c.Ended():
		return fmt.Errorf("the desk closed an agent's connection: %w", c.Err())
	case <-ctx.Done():
		c.Close()
		return context.Cause(ctx)
	}
}

// live connects again whenever the connection has ended, until the run is over.
func (a *agent) live(ctx context.Context) {
	for {
		a.mu.Lock()
		c := a.client
		a.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-c.Ended():
		}
		a.mu.Lock()
		ended := a.ended
		a.client = nil
		a.mu.Unlock()
		if ended {
			return
		}
		a.run.cut(c.CloseCode())
		for a.connect(ctx) != nil {
			if pause(ctx, retryEvery) != nil {
				return
			}
		}
	}
}

func (a *agent) close() {
	a.mu.Lock()
	c := a.client
	a.ended = true
	a.mu.Unlock()
	if c != nil {
		c.Close()
	}
}

func (a *agent) frame(c *wireclient.Client, frame []byte) {
	now := time.Now()
	var g glimpse
	if !g.read(frame) {
		a.run.failure("unreadable")
		return
	}
	switch string(g.typ) {
	case "event":
		a.event(&g, now)
	case "synced":
		a.synced(&g)
	case "welcome":
		a.welcomed(c)
	case "error":
		a.run.failure(string(g.code))
	}
}

func (a *agent) welcomed(c *wireclient.Client) {
	a.mu.Lock()
	a.client = c
	talks := make([]*talk, 0, len(a.talks))
	for _, t := range a.talks {
		talks = append(talks, t)
	}
	close(a.up)
	a.mu.Unlock()
	for _, t := range talks {
		t.visitor.mu.Lock()
		a.ask(t, t.agents.resume(0))
		t.visitor.mu.Unlock()
	}
}

// watch has the agent watch a conversation. The caller holds the visitor's lock.
func (a *agent) watch(t *talk) {
	a.mu.Lock()
	a.talks[t.id] = t
	a.mu.Unlock()
	a.ask(t, 0)
}

// ask asks for what comes after a position of a conversation. The caller holds the visitor's lock.
func (a *agent) ask(t *talk, after int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.owed[t.id] = true
	a.write(fmt.Appendf(nil, `{"type":"watch","conversation":"%s","after":%d}`, t.id, after))
}

// write writes a frame. The caller holds mu.
func (a *agent) write(frame []byte) {
	if a.client != nil {
		_ = a.client.SendRaw(websocket.TextMessage, frame) // what is lost is asked for again after the next welcome
	}
}

func (a *agent) find(id []byte) *talk {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.talks[string(id)]
}

func (a *agent) event(g *glimpse, now time.Time) {
	t := a.find(g.conversation)
	if t == nil {
		a.run.failure("misdelivered")
		return
	}
	v := t.visitor
	v.mu.Lock()
	defer v.mu.Unlock()
	if !t.agents.see(g.seq, a.run.checking.Load()) {
		return
	}
	switch string(g.kind) {
	case "message":
		if string(g.role) == "visitor" {
			v.shownTo(t, g, now)
		}
	case "closed":
		a.leave(t)
	}
}

// shownTo takes in a message of the visitor's that an agent sees. The caller holds mu.
func (v *visitor) shownTo(t *talk, g *glimpse, now time.Time) {
	visitor, kind, n, ok := parseKey(g.key)
	if !ok || visitor != v.index || kind != keyPost || n >= len(v.posts) {
		v.run.failure("misdelivered")
		return
	}
	p := &v.posts[n]
	if p.shown || p.talk != nil && p.talk != t {
		v.run.failure("misdelivered")
		return
	}
	p.shown = true
	v.run.shown.Add(1)
	if p.measured && p.watched {
		v.shows = append(v.shows, now.Sub(p.sent))
	}
}

// leave ends the watching of a conversation that is closed. The caller holds the visitor's lock.
func (a *agent) leave(t *talk) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(t.agents.early) > 0 || t.agents.last < t.agents.head {
		return // what is missing may still come
	}
	delete(a.talks, t.id)
	delete(a.owed, t.id)
	a.write([]byte(`{"type":"unwatch","conversation":"` + t.id + `"}`))
}

func (a *agent) synced(g *glimpse) {
	t := a.find(g.conversation)
	if t == nil {
		return // left meanwhile
	}
	t.visitor.mu.Lock()
	defer t.visitor.mu.Unlock()
	t.agents.tell(g.head)
	t.watched = true
	a.mu.Lock()
	delete(a.owed, t.id)
	a.mu.Unlock()
}

// check asks for all that should have come.
func (a *agent) check() {
	a.mu.Lock()
	talks := make([]*talk, 0, len(a.talks))
	for _, t := range a.talks {
		talks = append(talks, t)
	}
	a.mu.Unlock()
	for _, t := range talks {
		t.visitor.mu.Lock()
		a.ask(t, t.agents.last)
		t.visitor.mu.Unlock()
	}
}

// checked tells whether all that was asked for has been answered.
func (a *agent) checked() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.owed) == 0
}
