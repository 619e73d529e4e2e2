package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/wire"
)

// fake is a desk that answers at once and forgets, and does one thing wrong if it is told to.
type fake struct {
	wrong string
	mu    sync.Mutex
	logs  map[string][]string        // events by conversation
	open  map[*websocket.Conn]string // a visitor's conversation
	line  map[string]*websocket.Conn // the agent that watches a conversation
	acks  map[string]string          // by key
	made  int
	cut   bool
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/v1/session":
		http.SetCookie(w, &http.Cookie{Name: "kohta_session", Value: "x"})
	case "/ws/visitor", "/ws/agent":
		up := websocket.Upgrader{Subprotocols: []string{wire.Protocol}, CheckOrigin: func(*http.Request) bool { return true }}
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		for {
			var in map[string]any
			if c.ReadJSON(&in) != nil {
				return
			}
			f.mu.Lock()
			f.take(c, in)
			f.mu.Unlock()
		}
	}
}

func (f *fake) take(c *websocket.Conn, in map[string]any) {
	text := func(name string) string { s, _ := in[name].(string); return s }
	after, _ := in["after"].(float64)
	switch text("type") {
	case "hello":
		f.made++
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", f.made)
		if token := text("token"); token != "" {
			id = token
		}
		f.open[c] = id
		since, _ := in["since"].(map[string]any)
		f.send(c, `{"type":"welcome","token":%q,"conversations":[]}`, id)
		for id, n := range since {
			f.replay(c, id, int(n.(float64)))
		}
	case "watch", "sync":
		if text("type") == "watch" {
			f.line[text("conversation")] = c
		}
		f.replay(c, text("conversation"), int(after))
	case "end":
		f.send(c, `{"type":"ack","key":%q,"conversation":%q,"seq":%d}`, text("key"), text("conversation"), len(f.logs[text("conversation")])+1)
		f.event(c, text("conversation"), `"kind":"closed","from":{"role":"visitor"}`)
		f.open[c] += "+"
	case "post":
		f.post(c, text("key"))
	}
}

// at is the post at which the fake goes wrong; not the first, which nobody measures.
const at = 5

func (f *fake) post(c *websocket.Conn, key string) {
	if known := f.acks[key]; known != "" {
		f.send(c, "%s", known)
		return
	}
	id := f.open[c]
	n := len(f.logs[id])
	now := n >= at && n < at+2
	if now && f.wrong == "refuses" {
		f.logs[id] = append(f.logs[id], "", "")
		f.send(c, `{"type":"error","key":%q,"code":"unavailable","retry_after_s":1}`, key)
		return
	}
	seq := n + 1
	if now && f.wrong == "acks elsewhere" {
		seq++
	}
	f.acks[key] = fmt.Sprintf(`{"type":"ack","key":%q,"conversation":%q,"seq":%d}`, key, id, seq)
	if now && f.wrong == "cuts" && !f.cut {
		f.cut = true
		f.logs[id] = append(f.logs[id], f.frame(id, n+1, `"kind":"message","key":"`+key+`","from":{"role":"visitor"}`),
			f.frame(id, n+2, `"kind":"message","from":{"role":"bot"}`))
		f.tellAgent(id, n)
		c.Close()
		return
	}
	f.send(c, "%s", f.acks[key])
	f.event(c, id, `"kind":"message","key":"`+key+`","from":{"role":"visitor"}`)
	f.event(c, id, `"kind":"message","from":{"role":"bot"}`)
}

func (f *fake) frame(id string, seq int, rest string) string {
	return fmt.Sprintf(`{"type":"event","conversation":%q,"seq":%d,%s}`, id, seq, rest)
}

// event stores an event and sends it, unless that is what goes wrong.
func (f *fake) event(c *websocket.Conn, id, rest string) {
	n := len(f.logs[id])
	f.logs[id] = append(f.logs[id], f.frame(id, n+1, rest))
	frame := f.logs[id][n]
	switch {
	case f.wrong == "loses" && n == at:
	case f.wrong == "doubles" && n == at:
		f.send(c, "%s", frame)
		f.send(c, "%s", frame)
	case f.wrong == "swaps" && n == at:
	case f.wrong == "swaps" && n == at+1:
		f.send(c, "%s", frame)
		f.send(c, "%s", f.logs[id][at])
	default:
		f.send(c, "%s", frame)
	}
	f.tellAgent(id, n)
}

func (f *fake) tellAgent(id string, from int) {
	agent := f.line[id]
	if agent == nil {
		return
	}
	for n := from; n < len(f.logs[id]); n++ {
		if f.wrong != "hides from the agent" || n != at {
			f.send(agent, "%s", f.logs[id][n])
		}
	}
}

func (f *fake) replay(c *websocket.Conn, id string, after int) {
	for _, frame := range f.logs[id][min(after, len(f.logs[id])):] {
		f.send(c, "%s", frame)
	}
	f.send(c, `{"type":"synced","conversation":%q,"head":%d}`, id, len(f.logs[id]))
}

func (f *fake) send(c *websocket.Conn, format string, args ...any) {
	_ = c.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...))
}

func newFake(t *testing.T, wrong string) string {
	t.Helper()
	f := &fake{wrong: wrong, logs: map[string][]string{}, acks: map[string]string{}, open: map[*websocket.Conn]string{}, line: map[string]*websocket.Conn{}}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

// TestBenchFinds runs against a desk that does right, and against desks that each do one thing wrong.
func TestBenchFinds(t *testing.T) {
	for _, c := range []struct {
		wrong string
		want  func(Report) bool
		sound bool
	}{
		{"", func(r Report) bool { return r.Acknowledged == 20 && r.Answered == 20 }, true},
		{"loses", func(r Report) bool { return r.Lost == 1 && r.Doubled == 0 && r.Reordered == 0 }, false},
		{"doubles", func(r Report) bool { return r.Lost == 0 && r.Doubled == 1 && r.Reordered == 0 }, false},
		{"swaps", func(r Report) bool { return r.Lost == 0 && r.Doubled == 0 && r.Reordered == 1 }, false},
		{"acks elsewhere", func(r Report) bool { return r.Reordered > 0 }, false},
		{"hides from the agent", func(r Report) bool { return r.Lost == 1 }, false},
		{"refuses", func(r Report) bool { return r.Errors["unavailable"] == 1 && r.Unacknowledged == 1 }, false},
		{"cuts", func(r Report) bool { return r.Acknowledged == 20 && r.Closed["0"]+r.Closed["1006"] == 1 }, true},
	} {
		t.Run(c.wrong, func(t *testing.T) {
			run := newRun(Options{
				URL: newFake(t, c.wrong), Site: "demo", Visitors: 1, Agents: 1, Emails: []string{"a@b.example"},
				Rate: 1000, Duration: time.Minute, Count: 20,
			})
			if !c.sound {
				run.patience = 300 * time.Millisecond
			}
			r, err := run.do(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !c.want(r) || r.Sound() != c.sound {
				t.Errorf("sound %v, report %s", r.Sound(), shown(r))
			}
		})
	}
}

// TestBenchBeginsAnew ends conversations and begins others, in a closed loop.
func TestBenchBeginsAnew(t *testing.T) {
	r, err := Run(t.Context(), Options{
		URL: newFake(t, ""), Site: "demo", Visitors: 4, Agents: 2, Emails: []string{"a@b.example"},
		Closed: true, Duration: time.Minute, Count: 100, Posts: 5,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Sound() || r.Acknowledged != 100 || r.Answered != 100 || r.Conversations < 20 {
		t.Errorf("report %s", shown(r))
	}
}

func TestBenchIdle(t *testing.T) {
	r, err := Run(t.Context(), Options{URL: newFake(t, ""), Site: "demo", Visitors: 1, Idle: 30})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Sound() || r.Visitors != 30 || r.Acknowledged != 30 || r.ReceivedPerConnection < 100 {
		t.Errorf("report %s", shown(r))
	}
}

func TestBenchRefuses(t *testing.T) {
	good := Options{URL: "http://127.0.0.1:1", Visitors: 1, Rate: 1}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		do   func(*Options)
	}{
		{"another machine", func(o *Options) { o.URL = "http://192.0.2.1:80" }},
		{"a name", func(o *Options) { o.URL = "http://desk.example" }},
		{"no address", func(o *Options) { o.URL = "desk" }},
		{"too long", func(o *Options) { o.Duration = MaxDuration + time.Second }},
		{"too many", func(o *Options) { o.Count = MaxCount + 1 }},
		{"too many clients", func(o *Options) { o.Storm = MaxClients + 1 }},
		{"no rate", func(o *Options) { o.Rate = 0 }},
		{"two runs", func(o *Options) { o.Idle, o.Storm = 1, 1 }},
		{"agents without an account", func(o *Options) { o.Agents = 1 }},
		{"too few agents", func(o *Options) { o.Agents, o.Visitors, o.Emails = 1, maxWatching+1, []string{"a@b.example"} }},
	} {
		o := good
		c.do(&o)
		if o.Check() == nil {
			t.Errorf("%s: taken", c.name)
		}
		if _, err := Run(context.Background(), o); err == nil {
			t.Errorf("%s: run", c.name)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, n := range []int{0, 1, 4096, MaxCount} {
		visitor, kind, got, ok := parseKey([]byte(key(n%MaxClients, keyPost, n)))
		if !ok || visitor != n%MaxClients || kind != keyPost || got != n {
			t.Errorf("key of %d: %d %s %d %v", n, visitor, kind, got, ok)
		}
	}
	for _, bad := range []string{"", "0192f1c2-77aa-7bbb-8ccc-000000000001", "zzzzzzzz-0001-4000-8000-000000000001"} {
		if _, _, _, ok := parseKey([]byte(bad)); ok {
			t.Errorf("%q is taken for a key of bench", bad)
		}
	}
}

func TestSpread(t *testing.T) {
	var l []time.Duration
	for n := 100; n >= 1; n-- {
		l = append(l, time.Duration(n)*time.Millisecond)
	}
	if p50, p90, p99 := spread(l); p50 != 51 || p90 != 91 || p99 != 100 {
		t.Errorf("%v %v %v", p50, p90, p99)
	}
	if p50, p90, p99 := spread(nil); p50 != 0 || p90 != 0 || p99 != 0 {
		t.Errorf("%v %v %v of nothing", p50, p90, p99)
	}
}

func shown(r Report) string {
	b, _ := json.Marshal(r)
	return string(b)
}
