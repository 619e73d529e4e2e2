package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

const (
	ainoID  = "01930000-0000-7000-8000-00000000000a"
	villeID = "01930000-0000-7000-8000-00000000000b"
	sariID  = "01930000-0000-7000-8000-00000000000c"

	host   = "desk.example"
	origin = "https://" + host
)

// house is a gateway with a desk double, served over pipes instead of the network: so time in it is that of synctest,
// and half a minute of silence takes no time.
type house struct {
	t       *testing.T
	ctx     context.Context
	gateway *Gateway
	desk    *fakeDesk
	store   *memstore.Store
	pipes   *pipes
	server  *http.Server
	stop    func()
	drained bool // by the test
}

// inHouse runs a test in a house of its own, which is empty again at the end: no goroutine is left.
func inHouse(t *testing.T, change func(*Options), test func(t *testing.T, h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, change)
		defer h.close()
		test(t, h)
	})
}

func newHouse(t *testing.T, change func(*Options)) *house {
	b := membus.New()
	h := &house{t: t, desk: newFakeDesk(b), store: memstore.New(), pipes: newPipes()}
	ctx, cancel := context.WithCancel(context.Background())
	h.ctx = ctx
	o := Options{
		Desk: h.desk, Store: h.store, Bus: b, Log: zap.NewNop(), Limits: true, Bot: func(string) string { return "Kohta" },
		Widget: fstest.MapFS{
			"index.html": {Data: []byte(`<script type="module" src="./app.js"></script>`)},
			"app.js":     {Data: make([]byte, 2000)}, "widget.js": {Data: []byte("/* loader */")},
		},
		Console: fstest.MapFS{"index.html": {Data: []byte(`<script src="./app.js"></script>`)}, "app.js": {Data: []byte("1")}},
	}
	if change != nil {
		change(&o)
	}
	h.furnish()
	h.gateway = New(o)
	h.server = NewServer(h.gateway.Handler())
	var running sync.WaitGroup
	running.Go(func() { b.Run(ctx) })
	running.Go(func() { h.gateway.Run(ctx) })
	running.Go(func() { h.server.Serve(h.pipes) })
	h.stop = func() {
		h.server.Close()
		cancel()
		running.Wait()
	}
	return h
}

func (h *house) furnish() {
	ctx := context.Background()
	must(h.t, h.store.PutTeam(ctx, staff.NewTeam("support", "Support")))
	must(h.t, h.store.PutTeam(ctx, staff.NewTeam("billing", "Billing")))
	must(h.t, h.store.PutSite(ctx, staff.Site{Slug: "demo", Name: "Demo", Team: "support", Language: "fi", Origins: []string{"https://shop.example"}}))
	for _, a := range []staff.Agent{
		{ID: ainoID, Name: "Aino", Email: "aino@demo.example", Role: staff.RoleAgent, Teams: []string{"support"}},
		{ID: villeID, Name: "Ville", Email: "ville@demo.example", Role: staff.RoleAgent, Teams: []string{"billing"}},
		{ID: sariID, Name: "Sari", Email: "sari@demo.example", Role: staff.RoleAdministrator, Teams: []string{"support"}},
	} {
		must(h.t, h.store.PutAgent(ctx, store.Agent{Agent: a, PasswordHash: demoHash, CreatedAt: time.Now()}))
	}
}

// demoHash is of "kohta-demo".
var demoHash = session.HashPassword("kohta-demo")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// close ends the house in its order, and fails if anything hangs.
func (h *house) close() {
	defer h.stop()
	if h.drained {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.gateway.Drain(ctx); err != nil {
		h.t.Errorf("drain: %v", err)
	}
}

// signIn gives an agent a session and returns its cookie.
func (h *house) signIn(agent string) *http.Cookie {
	token := "token-of-" + agent
	at := now()
	err := h.store.PutSession(h.ctx, store.Session{TokenHash: session.Hash(token), Agent: agent, CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(session.Idle)})
	if err != nil && chat.KindOf(err) != chat.Conflict {
		h.t.Fatal(err)
	}
	return &http.Cookie{Name: session.Name, Value: token}
}

// peer is a client with all that it was sent.
type peer struct {
	*wireclient.Client
	h    *house
	gate atomic.Pointer[chan struct{}]

	mu sync.Mutex
	in []wire.Received
}

func (h *house) dial(role chat.Role, header http.Header, hello wire.Greeting) (*peer, error) {
	p := &peer{h: h}
	path := "/ws/visitor"
	if role == chat.RoleAgent {
		path = "/ws/agent"
	}
	o := wireclient.Options{
		URL: "ws://" + host + path, Role: role, Header: header, Hello: hello, Dial: h.pipes.dial,
		OnFrame: p.take,
	}
	c, err := wireclient.Dial(h.ctx, o, &sync.Pool{})
	p.Client = c
	return p, err
}

// visitor connects a visitor and waits for the welcome.
func (h *house) visitor(token string, since map[string]int64) *peer {
	h.t.Helper()
	p, err := h.dial(chat.RoleVisitor, nil, wire.Greeting{Site: "demo", Token: token, Since: since})
	must(h.t, err)
	if w := p.last(); w.Type != "welcome" && len(since) == 0 {
		h.t.Fatalf("no welcome but %+v", w)
	}
	return p
}

// agent connects an agent and waits for the welcome.
func (h *house) agent(id string) *peer {
	h.t.Helper()
	p, err := h.dial(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(id)), wire.Greeting{})
	must(h.t, err)
	if w := p.last(); w.Type != "welcome" {
		h.t.Fatalf("no welcome but %+v", w)
	}
	return p
}

// all is what has come, once nothing more is under way.
func (p *peer) all() []wire.Received {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]wire.Received(nil), p.in...)
}

func (p *peer) last() wire.Received {
	if all := p.all(); len(all) > 0 {
		return all[len(all)-1]
	}
	return wire.Received{}
}

// of is what has come of a type.
func (p *peer) of(typ string) []wire.Received {
	var list []wire.Received
	for _, r := range p.all() {
		if r.Type == typ || r.Type == "signal" && r.Kind == typ {
			list = append(list, r)
		}
	}
	return list
}

func (p *peer) token() string { return p.of("welcome")[0].Token }

// do sends a frame that writes and returns its answer.
func (p *peer) do(conversation string, typ wire.Type, c chat.Command) wireclient.Answer {
	p.h.t.Helper()
	a, err := p.Do(p.h.ctx, &wire.Frame{Type: typ, Conversation: conversation, Command: c})
	must(p.h.t, err)
	return a
}

func (p *peer) post(conversation, text string) wireclient.Answer {
	p.h.t.Helper()
	a := p.do(conversation, wire.Post, chat.Post{Text: text})
	if a.Err != nil {
		p.h.t.Fatalf("post: %v", a.Err)
	}
	return a
}

func (p *peer) raw(message string) {
	p.h.t.Helper()
	must(p.h.t, p.SendRaw(1, []byte(message)))
}

// wantClosed waits until the server has closed, and fails on another code.
func (p *peer) wantClosed(code int) {
	p.h.t.Helper()
	select {
	case <-p.Ended():
	case <-time.After(time.Minute):
		p.h.t.Fatalf("still open, want close %d", code)
	}
	if p.CloseCode() != code {
		p.h.t.Errorf("closed with %d (%v), want %d", p.CloseCode(), p.Err(), code)
	}
}

func (p *peer) wantOpen() {
	p.h.t.Helper()
	synctest.Wait()
	select {
	case <-p.Ended():
		p.h.t.Errorf("closed with %d (%v), want it open", p.CloseCode(), p.Err())
	default:
	}
}

// wantError fails unless the last error has this code.
func (p *peer) wantError(code wire.Code) {
	p.h.t.Helper()
	errs := p.of("error")
	if len(errs) == 0 || errs[len(errs)-1].Code != string(code) {
		p.h.t.Errorf("errors %+v, want %s", errs, code)
	}
}

// wantLog fails unless the peer's events of a conversation are those from a position to the end, each once, in order.
func (p *peer) wantLog(conversation string, from int64, to wire.Audience) {
	p.h.t.Helper()
	want := int64(len(p.h.desk.log(conversation, to)))
	next := from
	for _, r := range p.of("event") {
		if r.Conversation != conversation {
			continue
		}
		if r.Seq != next {
			p.h.t.Errorf("event %d, want %d", r.Seq, next)
		}
		next = r.Seq + 1
	}
	if next != want+1 {
		p.h.t.Errorf("events end at %d, want %d", next-1, want)
	}
}

// pipes is a listener without a network.
type pipes struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

var errClosed = errors.New("closed")

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, errClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "pipe"} }

// dial connects; the server sees an address of the documentation's range.
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	from, ok := ctx.Value(fromKey{}).(string)
	if !ok {
		from = "192.0.2.1:1000"
	}
	select {
	case p.conns <- addressed{server, from}:
		return client, nil
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type fromKey struct{}

// from makes connections come from an address.
func (h *house) from(address string) {
	h.ctx = context.WithValue(h.ctx, fromKey{}, net.JoinHostPort(address, "1000"))
}

type addressed struct {
	net.Conn
	from string
}

func (a addressed) RemoteAddr() net.Addr { return named(a.from) }

type named string

func (n named) Network() string { return "tcp" }
func (n named) String() string  { return string(n) }

// silent connects without a hello.
func (h *house) silent(t *testing.T) *peer {
	t.Helper()
	p := &peer{h: h}
	c, err := wireclient.Connect(h.ctx, wireclient.Options{
		URL: "ws://" + host + "/ws/visitor", Role: chat.RoleVisitor, Dial: h.pipes.dial,
		OnFrame: p.take,
	}, &sync.Pool{})
	must(t, err)
	p.Client = c
	return p
}

// stall has the peer read nothing until resume.
func (p *peer) stall() {
	gate := make(chan struct{})
	p.gate.Store(&gate)
}

func (p *peer) resume() { close(*p.gate.Load()) }

// take keeps a frame.
func (p *peer) take(_ *wireclient.Client, frame []byte) {
	if gate := p.gate.Load(); gate != nil {
		<-*gate
	}
	r, err := wire.DecodeServer(frame)
	if err != nil {
		p.h.t.Errorf("%s: %v", frame, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.in = append(p.in, r)
}

// call makes a request as the network would bring it, and returns the answer.
func (h *house) call(method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, origin+path, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:1000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(w, r)
	return w
}

func (h *house) get(path string, change func(*http.Request)) (status int, body string) {
	w := h.call("GET", path, "", change)
	return w.Code, w.Body.String()
}

func callHandler(handler http.Handler) string {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}
