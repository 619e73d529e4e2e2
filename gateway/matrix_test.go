package gateway_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

var update = flag.Bool("update", false, "write the golden files anew")

// matrix asks every route and sends every frame as everybody, about what is theirs and what is not, of the real desk.
// What comes back stands in testdata, so that a change of rights is seen in review; a route or a frame that is new has
// no row there, and fails.
type matrix struct {
	t       *testing.T
	ctx     context.Context
	store   *memstore.Store
	desk    *desk.Desk
	gateway *gateway.Gateway
	text    strings.Builder
}

// colleague is an agent with a session whose token is the name.
type colleague struct {
	name string
	role staff.Role
	team string
}

// "agent" is whose some of the conversations are. Of "disabled" there is a session left.
var colleagues = []colleague{
	{"agent", staff.RoleAgent, "support"}, {"colleague", staff.RoleAgent, "support"}, {"elsewhere", staff.RoleAgent, "billing"},
	{"supervisor", staff.RoleSupervisor, "support"}, {"administrator", staff.RoleAdministrator, "support"}, {"disabled", staff.RoleAdministrator, "support"},
}

func agentID(name string) string {
	n := slices.IndexFunc(colleagues, func(c colleague) bool { return c.name == name })
	return fmt.Sprintf("01930000-0000-7000-8000-%012d", 100+n)
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	b, faults := bot.Load(folder)
	if b == nil {
		t.Fatal(faults)
	}
	bus := membus.New()
	m := &matrix{t: t, ctx: ctx, store: memstore.New()}
	m.furnish()
	m.desk = desk.New(desk.Options{
		Store: m.store, Line: memline.New(time.Now), Roster: memline.NewRoster(time.Now), Bus: bus, Bot: func() plan.Bot { return b },
		Actions: noActions{}, Base: func() string { return "" }, Log: zap.NewNop(),
	})
	m.gateway = gateway.New(gateway.Options{Desk: m.desk, Store: m.store, Bus: bus, Log: zap.NewNop()})
	parts, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, part := range []func(context.Context) error{bus.Run, m.desk.Run, m.gateway.Run} {
		running.Go(func() {
			if err := part(parts); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		must(t, m.gateway.Drain(ctx))
		stop()
		running.Wait()
		cancel()
	})
	return m
}

func (m *matrix) furnish() {
	for _, slug := range []string{"support", "billing"} {
		team := staff.NewTeam(slug, slug)
		team.Assignment = staff.ByHand
		must(m.t, m.store.PutTeam(m.ctx, team))
		must(m.t, m.store.PutSite(m.ctx, staff.Site{Slug: slug, Name: slug, Team: slug, Language: "fi"}))
	}
	for _, c := range colleagues {
		a := store.Agent{CreatedAt: time.Now(), Agent: staff.Agent{ID: agentID(c.name), Name: c.name, Email: c.name + "@kohta.example", Role: c.role, Teams: []string{c.team}}}
		if c.name == "disabled" {
			a.DisabledAt = &a.CreatedAt
		}
		must(m.t, m.store.PutAgent(m.ctx, a))
		m.signIn(c.name)
	}
}

// signIn gives an agent the session again that a sign-out may have ended.
func (m *matrix) signIn(name string) {
	m.t.Helper()
	now := time.Now()
	err := m.store.PutSession(m.ctx, store.Session{TokenHash: session.Hash(name), Agent: agentID(name), CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)})
	if err != nil && chat.KindOf(err) != chat.Conflict {
		m.t.Fatal(err)
	}
}

func (m *matrix) do(by staff.Principal, conversation string, cmd chat.Command) string {
	m.t.Helper()
	ack, err := m.desk.Do(m.ctx, by, conversation, uuid.NewString(), 0, cmd)
	if err != nil {
		m.t.Fatalf("%T: %v", cmd, err)
	}
	return ack.Conversation
}

func (m *matrix) take(name, conversation string) staff.Principal {
	a, err := m.store.Agent(m.ctx, agentID(name))
	must(m.t, err)
	by := staff.AsAgent(a.Agent)
	m.do(by, conversation, chat.Take{})
	return by
}

// conversations are their kinds, with the site each comes from and the agent who took it.
var conversations = []struct{ kind, site, taken string }{
	{"with the bot", "support", ""}, {"waiting", "support", ""}, {"the agent's", "support", "agent"}, {"a colleague's", "support", "colleague"},
	{"waiting elsewhere", "billing", ""}, {"somebody's elsewhere", "billing", "elsewhere"}, {"elsewhere, the agent invited", "billing", "elsewhere"},
	{"closed, the agent's", "support", "agent"}, {"closed", "support", "colleague"}, {"closed elsewhere", "billing", "elsewhere"},
	{"erased", "support", "agent"}, {"none", "", ""},
}

// make makes the n-th kind of conversation, of a new visitor or of one who is there.
func (m *matrix) make(n int, visitor string) (_, conversation string) {
	m.t.Helper()
	kind := conversations[n]
	if kind.kind == "none" {
		return uuid.NewString(), uuid.NewString()
	}
	if visitor == "" {
		g, _, err := m.desk.VisitorHello(m.ctx, kind.site, "", "fi", nil)
		must(m.t, err)
		visitor = g.Visitor
	}
	by := staff.AsVisitor(visitor)
	id := m.do(by, "", chat.Post{Text: "Moi"})
	if kind.kind == "with the bot" {
		return visitor, id
	}
	m.do(by, id, chat.AskHuman{})
	if kind.taken != "" {
		by = m.take(kind.taken, id)
	}
	switch {
	case strings.HasPrefix(kind.kind, "closed"):
		m.do(by, id, chat.Resolve{})
	case strings.HasSuffix(kind.kind, "invited"):
		m.do(by, id, chat.Invite{Agent: agentID("agent")})
	case kind.kind == "erased":
		must(m.t, m.desk.Erase(m.ctx, visitor, store.Act{At: time.Now(), Verb: "erase_visitor", Object: visitor}))
	}
	return visitor, id
}

// row writes what came back, and about which objects.
func (m *matrix) row(who string, answers map[string][]string) {
	for _, answer := range slices.Sorted(maps.Keys(answers)) {
		fmt.Fprintf(&m.text, "%-14s %-13s %s\n", who, answer, strings.Join(answers[answer], " · "))
	}
}

func (m *matrix) golden(path string) {
	m.t.Helper()
	if *update {
		must(m.t, os.WriteFile(path, []byte(m.text.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	must(m.t, err)
	if diff := cmp.Diff(string(want), m.text.String()); diff != "" {
		m.t.Errorf("go test ./gateway -run TestMatrix -update writes it anew (-want +got):\n%s", diff)
	}
}

// TestMatrixOfRoutes asks every route with every method it has.
func TestMatrixOfRoutes(t *testing.T) {
	m := newMatrix(t)
	bodies := map[string]string{
		"POST /api/v1/session":       `{"email":"agent@kohta.example","password":"wrong"}`,
		"POST /api/v1/links/stop":    `{"link":"AAAAAAAAAAAAAAAAAAAAAA"}`,
		"PATCH /api/v1/teams/{slug}": `{"name":"Tuki"}`, "PATCH /api/v1/sites/{slug}": `{"name":"Tuki"}`,
	}
	routes := m.gateway.Routes()
	for _, path := range slices.Sorted(maps.Keys(routes)) {
		for _, method := range slices.Sorted(maps.Keys(routes[path])) {
			fmt.Fprintf(&m.text, "\n# %s %s\n", method, path)
			for _, c := range append([]colleague{{name: "nobody"}}, colleagues...) {
				answers := map[string][]string{}
				for object, address := range m.addresses(path) {
					status := fmt.Sprint(m.ask(method, address, bodies[method+" "+path], c.name))
					answers[status] = append(answers[status], object)
				}
				m.row(c.name, answers)
			}
		}
	}
	m.golden("testdata/routes.golden")
}

// addresses fills in a path, once for each thing that it may be about.
func (m *matrix) addresses(path string) func(yield func(object, address string) bool) {
	return func(yield func(object, address string) bool) {
		switch {
		case strings.Contains(path, "{visitor}"):
			for n, c := range conversations {
				visitor, _ := m.make(n, "")
				if !yield(c.kind, strings.ReplaceAll(path, "{visitor}", visitor)) {
					return
				}
			}
			yield("no id", strings.ReplaceAll(path, "{visitor}", "1%27%20OR%201=1"))
		case strings.Contains(path, "{slug}"):
			_ = yield("there", strings.ReplaceAll(path, "{slug}", "support")) &&
				yield("not there", strings.ReplaceAll(path, "{slug}", "nowhere")) &&
				yield("no slug", strings.ReplaceAll(path, "{slug}", "..%2Fsupport"))
		default:
			yield("it", path)
		}
	}
}

func (m *matrix) ask(method, path, body, who string) int {
	m.t.Helper()
	r := httptest.NewRequest(method, "https://desk.example"+path, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:1000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.AddCookie(&http.Cookie{Name: session.Name, Value: who})
	w := httptest.NewRecorder()
	m.gateway.Handler().ServeHTTP(w, r)
	if who != "nobody" {
		m.signIn(who)
	}
	return w.Code
}
