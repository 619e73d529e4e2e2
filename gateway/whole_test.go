package gateway_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/outbound/mail"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// These tests have the real desk and the real store below the gateway, and real sockets above it.

const ainoID = "01930000-0000-7000-8000-00000000000a"

var folder = fstest.MapFS{
	"bot.yml": {Data: []byte("name: Kohta\nlanguages: [fi]\n")},
	"nlu/fi/all.yml": {Data: []byte(`version: "3.1"
nlu:
  - intent: opening_hours
    examples: |
      - milloin olette auki
      - mitkä ovat aukioloajat
      - moneltako kauppa aukeaa
      - oletteko auki sunnuntaina
      - mihin asti olette auki tänään
`)},
	"answers/fi.yml": {Data: []byte("hours: Olemme auki arkisin 8–17.\n")},
	"rules/all.yml":  {Data: []byte("rules:\n  - intent: opening_hours\n    say: hours\n")},
}

type noActions struct{}

func (noActions) Do(_ context.Context, a chat.Action) chat.ActionResult {
	return chat.ActionResult{ID: a.ID, Error: "unreachable"}
}

// noLetters loses every letter: it is there for who can be promised one.
type noLetters struct{}

func (noLetters) Send(context.Context, mail.Letter) error { return nil }

// whole is a desk that serves.
type whole struct {
	t     *testing.T
	ctx   context.Context
	store *sqlstore.Store
	host  string
}

func serve(t *testing.T, assignment staff.Assignment) *whole {
	t.Helper()
	return serveOver(t, assignment, func(s store.Store) store.Store { return s })
}

// serveOver has desk and gateway see the store through something.
func serveOver(t *testing.T, assignment staff.Assignment, through func(store.Store) store.Store) *whole {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t) })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	s, err := sqlstore.Open(ctx, sqlstore.Options{Path: filepath.Join(t.TempDir(), "kohta.db")})
	must(t, err)
	team := staff.NewTeam("support", "Support")
	team.Assignment = assignment
	must(t, s.PutTeam(ctx, team))
	must(t, s.PutSite(ctx, staff.Site{Slug: "demo", Name: "Demo", Team: "support", Language: "fi"}))
	must(t, s.PutAgent(ctx, store.Agent{
		Agent:        staff.Agent{ID: ainoID, Name: "Aino", Email: "aino@demo.example", Role: staff.RoleAgent, Teams: []string{"support"}},
		PasswordHash: session.HashPassword("kohta-demo"), CreatedAt: time.Now(),
	}))
	b, faults := bot.Load(folder)
	if b == nil {
		t.Fatal(faults)
	}
	bus := membus.New()
	seen := through(s)
	d := desk.New(desk.Options{
		Store: seen, Line: memline.New(time.Now), Roster: memline.NewRoster(time.Now), Bus: bus, Bot: func() plan.Bot { return b },
		Actions: noActions{}, Letters: noLetters{}, Base: func() string { return "" }, Log: zap.NewNop(),
	})
	g := gateway.New(gateway.Options{Desk: d, Store: seen, Bus: bus, Log: zap.NewNop(), Bot: func(language string) string { return "Kohta, " + language }})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := gateway.NewServer(g.Handler())
	parts, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, part := range []func(context.Context) error{bus.Run, d.Run, g.Run} {
		running.Go(func() {
			if err := part(parts); err != nil {
				t.Error(err)
			}
		})
	}
	running.Go(func() { server.Serve(listener) })
	t.Cleanup(func() {
		drain, done := context.WithTimeout(context.Background(), 20*time.Second)
		defer done()
		if err := g.Drain(drain); err != nil {
			t.Error("drain:", err)
		}
		server.Close()
		stop()
		running.Wait()
		cancel()
		must(t, s.Close())
		http.DefaultClient.CloseIdleConnections()
	})
	return &whole{t: t, ctx: ctx, store: s, host: listener.Addr().String()}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run has a session run until the test is over.
func (w *whole) run(o wireclient.Options) *wireclient.Session {
	w.t.Helper()
	s := wireclient.NewSession(o)
	ctx, cancel := context.WithCancel(w.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	w.t.Cleanup(func() { cancel(); <-done })
	w.await(s, "a welcome", func() bool { return s.Count().Connects > 0 })
	return s
}

func (w *whole) visitor() *wireclient.Session {
	return w.run(wireclient.Options{URL: "ws://" + w.host + "/ws/visitor", Role: chat.RoleVisitor, Hello: wire.Greeting{Site: "demo", Language: "fi"}})
}

// agent signs in over HTTP and connects.
func (w *whole) agent() *wireclient.Session {
	w.t.Helper()
	r, err := http.Post("http://"+w.host+"/api/v1/session", "application/json", strings.NewReader(`{"email":"aino@demo.example","password":"kohta-demo"}`))
	must(w.t, err)
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("sign-in: %s", r.Status)
	}
	return w.run(wireclient.Options{
		URL: "ws://" + w.host + "/ws/agent", Role: chat.RoleAgent, Header: wireclient.AgentHeader("http://"+w.host, r.Cookies()[0]),
	})
}

func (w *whole) await(s *wireclient.Session, what string, done func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if err := s.Await(ctx, done); err != nil {
		w.t.Fatalf("no %s: %v", what, err)
	}
}

// done waits for the answer to a frame, which must be an ack.
func (w *whole) done(s *wireclient.Session, key string) wireclient.Answer {
	w.t.Helper()
	w.await(s, "ack of "+key, func() bool { _, ok := s.Answer(key); return ok })
	a, _ := s.Answer(key)
	if a.Err != nil {
		w.t.Fatalf("answered with %v", a.Err)
	}
	return a
}

func kinds(log []wire.Received) (list []string) {
	for _, e := range log {
		list = append(list, e.Kind+" "+e.From.Role)
	}
	return list
}

func TestFromTheBotToAPerson(t *testing.T) {
	w := serve(t, staff.ByHand)
	v, a := w.visitor(), w.agent()
	id := w.done(v, v.Post("", "Moi, milloin olette auki?")).Conversation
	w.await(v, "answer of the bot", func() bool { return len(v.Log(id)) == 2 })
	if answer := v.Log(id)[1]; answer.From.Role != "bot" || answer.From.Name != "Kohta, fi" || !strings.Contains(answer.Text, "8–17") {
		t.Errorf("the bot says %+v", answer)
	}
	w.done(v, v.Put(&wire.Frame{Type: wire.AskHuman, Conversation: id, Command: chat.AskHuman{}}))
	w.done(a, a.Put(&wire.Frame{Type: wire.Take, Conversation: id, Command: chat.Take{}}))
	w.done(a, a.Put(&wire.Frame{Type: wire.Note, Conversation: id, Command: chat.Note{Text: "soitetaan takaisin"}}))
	w.done(a, a.Post(id, "Hei, täällä Aino."))
	w.await(v, "word of the agent", func() bool { l := v.Log(id); return l[len(l)-1].From.Name == "Aino" })
	w.done(a, a.Put(&wire.Frame{Type: wire.Resolve, Conversation: id, Command: chat.Resolve{}}))
	w.done(v, v.Put(&wire.Frame{Type: wire.Rate, Conversation: id, Command: chat.Rate{Survey: "csat", Score: 5}}))
	w.await(v, "own rating", func() bool { l := v.Log(id); return l[len(l)-1].Kind == "rated" })
	want := []string{"message visitor", "message bot", "message bot", "escalated", "promised system", "assigned agent", "message agent", "closed agent", "rated visitor"}
	got := kinds(v.Log(id))
	for i := range got {
		if i < len(want) && strings.HasPrefix(got[i], want[i]) {
			got[i] = want[i]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the visitor saw (-want +got):\n%s", diff)
	}
	w.whole(v, id, store.ForVisitor)
}

// whole compares a session's log with the store's.
func (w *whole) whole(s *wireclient.Session, id string, audience store.Audience) {
	w.t.Helper()
	events, err := w.store.EventsAfter(w.ctx, id, audience, 0, store.MaxPage)
	must(w.t, err)
	w.await(s, "whole log", func() bool { return len(s.Log(id)) >= len(events) })
	log := s.Log(id)
	if len(log) != len(events) {
		w.t.Fatalf("the client has %d events, the store %d", len(log), len(events))
	}
	for i, e := range events {
		if log[i].Seq != audience.Number(e) || log[i].Kind != string(e.Kind) || log[i].Key != e.Key || log[i].Text != e.Contents.Text {
			w.t.Errorf("event %d: client %+v, store %+v", i+1, log[i], e)
		}
	}
}

// TestNothingIsLostDoubledOrReordered has customers write while their connections are cut, again and again.
func TestNothingIsLostDoubledOrReordered(t *testing.T) {
	w := serve(t, staff.ByHand)
	const customers, words = 12, 25
	var all sync.WaitGroup
	for n := range customers {
		v := w.visitor()
		second := n%2 == 0
		all.Go(func() {
			id := w.done(v, v.Post("", "alku 0")).Conversation
			var keys []string
			for i := 1; i < words; i++ {
				keys = append(keys, v.Post(id, fmt.Sprintf("sana %d", i)))
				if i%7 == n%7 {
					v.Cut()
				}
				if second {
					w.done(v, keys[len(keys)-1])
				}
			}
			last := int64(0)
			for _, key := range keys {
				a := w.done(v, key)
				if a.Seq <= last || a.Conversation != id {
					t.Errorf("acked as %+v after %d", a, last)
				}
				last = a.Seq
			}
			w.whole(v, id, store.ForVisitor)
			said := 0
			for _, e := range v.Log(id) {
				if e.From.Role == "visitor" && e.Kind == "message" {
					if want := map[bool]string{true: "alku 0", false: fmt.Sprintf("sana %d", said)}[said == 0]; e.Text != want {
						t.Errorf("%q stands where %q was said", e.Text, want)
					}
					said++
				}
			}
			if said != words {
				t.Errorf("%d words of %d", said, words)
			}
		})
	}
	all.Wait()
}

func TestTeamThatAssignsByItself(t *testing.T) {
	w := serve(t, staff.Auto)
	a, v := w.agent(), w.visitor()
	id := w.done(v, v.Put(&wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})).Conversation
	a.Tell(&wire.Frame{Type: wire.Presence, Status: "online"})
	w.await(v, "agent", func() bool { l := v.Log(id); return len(l) > 0 && l[len(l)-1].Kind == "assigned" })
	w.done(a, a.Post(id, "Hei!"))
	a.Cut()
	w.done(v, v.Post(id, "Hei vaan"))
	w.whole(v, id, store.ForVisitor)
}

// TestWhoFindsNobodyLeavesAMessage: a customer who waits outside the hours answers what the house asks, by a button
// and a form, and the agent who comes later sees how to reach them.
func TestWhoFindsNobodyLeavesAMessage(t *testing.T) {
	w := serveOver(t, staff.ByHand, func(s store.Store) store.Store {
		must(t, s.PutSite(t.Context(), staff.Site{Slug: "demo", Name: "Demo", Team: "support", Language: "fi", Hours: &staff.Hours{Zone: "UTC"}})) // never open
		return s
	})
	v := w.visitor()
	id := w.done(v, v.Put(&wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})).Conversation
	asked := func(find func(wire.Received) bool) (found wire.Received) {
		w.await(v, "question of the house", func() bool {
			for _, e := range v.Log(id) {
				if e.Kind == "promised" && find(e) {
					found = e
					return true
				}
			}
			return false
		})
		return found
	}
	buttons := asked(func(e wire.Received) bool { return len(e.Options) > 0 })
	answer := w.done(v, v.Put(&wire.Frame{Type: wire.Choose, Conversation: id, Command: chat.Choose{Seq: buttons.Seq, Option: "leave_message"}}))
	form := asked(func(e wire.Received) bool { return e.Form != nil && e.Seq > answer.Seq })
	if form.Form.ID != "leave_message" {
		t.Fatalf("the form is %+v", form.Form)
	}
	fields := map[string]string{"email": "asiakas@example.fi", "message": "Hyvitys puuttuu tililtä."}
	w.done(v, v.Put(&wire.Frame{Type: wire.Submit, Conversation: id, Command: chat.Submit{Seq: form.Seq, Fields: fields}}))
	again := v.Put(&wire.Frame{Type: wire.Choose, Conversation: id, Command: chat.Choose{Seq: buttons.Seq, Option: "leave_message"}})
	w.await(v, "answer", func() bool { _, ok := v.Answer(again); return ok })
	if a, _ := v.Answer(again); a.Err == nil || a.Err.Code != wire.Conflict {
		t.Errorf("a button pressed twice gets %+v", a)
	}
	a := w.agent()
	took := w.done(a, a.Put(&wire.Frame{Type: wire.Take, Command: chat.Take{}}))
	if took.Conversation != id {
		t.Errorf("the next one is %+v, want %s", took, id)
	}
	c, err := w.store.Conversation(w.ctx, id)
	must(t, err)
	if c.Contact == nil || c.Contact.Email != "asiakas@example.fi" || c.State != chat.WithAgent {
		t.Errorf("stored: %s, contact %+v", c.State, c.Contact)
	}
	w.done(a, a.Post(id, "Hyvitys on nyt tilillä."))
	w.whole(v, id, store.ForVisitor)

	link := "bGlua29mLmEubGV0dGVy" // as a letter has it
	sum := sha256.Sum256([]byte(link))
	must(t, w.store.PutLink(w.ctx, store.Link{TokenHash: hex.EncodeToString(sum[:]), Visitor: c.Visitor, Conversation: id, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}))
	phone := w.run(wireclient.Options{URL: "ws://" + w.host + "/ws/visitor", Role: chat.RoleVisitor, Hello: wire.Greeting{Link: link}})
	w.done(phone, phone.Post(id, "Kiitos, näkyy jo."))
	phone.Tell(&wire.Frame{Type: wire.Sync, Conversation: id})
	w.whole(phone, id, store.ForVisitor)
	w.whole(v, id, store.ForVisitor)
}

// goroutines are the stacks of all goroutines.
func goroutines() string {
	b := make([]byte, 16<<20)
	return string(b[:runtime.Stack(b, true)])
}

// TestIdleConnectionHasOneGoroutine holds what the memory of ten thousand of them rests on.
func TestIdleConnectionHasOneGoroutine(t *testing.T) {
	w := serve(t, staff.ByHand)
	var clients []*wireclient.Client
	for range 50 {
		welcomed := make(chan struct{}, 1)
		c, err := wireclient.Dial(w.ctx, wireclient.Options{
			URL: "ws://" + w.host + "/ws/visitor", Role: chat.RoleVisitor, Hello: wire.Greeting{Site: "demo"},
			OnFrame: func(*wireclient.Client, []byte) {
				select {
				case welcomed <- struct{}{}:
				default:
				}
			},
		}, nil)
		must(t, err)
		<-welcomed
		clients = append(clients, c)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		stacks := goroutines()
		readers, writers := strings.Count(stacks, "(*socket).read("), strings.Count(stacks, "(*socket).write(")
		handlers := strings.Count(stacks, "net/http.(*conn).serve")
		if readers == len(clients) && writers == 0 && handlers == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d readers, %d writers, %d handlers for %d idle connections", readers, writers, handlers, len(clients))
		}
	}
	for _, c := range clients {
		c.Close()
	}
}

func TestProblemOverTheWire(t *testing.T) {
	w := serve(t, staff.ByHand)
	r, err := http.Get("http://" + w.host + "/ws/agent")
	must(t, err)
	defer r.Body.Close()
	var p struct{ Code string }
	must(t, json.NewDecoder(r.Body).Decode(&p))
	if r.StatusCode != http.StatusForbidden || p.Code != "forbidden" {
		t.Errorf("%s %+v", r.Status, p)
	}
	_, err = wireclient.Dial(w.ctx, wireclient.Options{URL: "ws://" + w.host + "/ws/agent", Role: chat.RoleAgent, Header: http.Header{"Origin": {"http://" + w.host}}}, nil)
	var refused *wireclient.Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized {
		t.Errorf("without a session: %v", err)
	}
}
