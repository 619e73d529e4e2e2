package desk

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// clock is a reference clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// recorder is a bus that keeps what was published.
type recorder struct {
	mu       sync.Mutex
	messages []bus.Message
	signals  []bus.Signal
}

func (r *recorder) Publish(_ context.Context, m bus.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, m)
}

func (r *recorder) Signal(_ context.Context, s bus.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signals = append(r.signals, s)
}

func (r *recorder) Dropped() bus.Dropped          { return bus.Dropped{} }
func (r *recorder) Subscribe(bus.Handler) func()  { return func() {} }
func (r *recorder) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// actions answers outside requests as a test wants.
type actions func(chat.Action) chat.ActionResult

func (f actions) Do(_ context.Context, a chat.Action) chat.ActionResult { return f(a) }

// bench is a desk on a real SQLite, with a clock that the test moves and nothing that runs by itself.
type testDesk struct {
	*Desk
	t     *testing.T
	ctx   context.Context
	clock *clock
	bus   *recorder
	store store.Store
}

var botFolder = fstest.MapFS{
	"bot.yml": {Data: []byte("name: Testi\nlanguages: [fi, sv, en]\n")},
	"nlu/fi/all.yml": {Data: []byte(`version: "3.1"
nlu:
- intent: opening_hours
  examples: |
    - milloin olette auki
    - mihin aikaan liike on auki
    - aukioloajat
    - onko teillä auki sunnuntaina
    - monelta avaatte
- intent: order
  examples: |
    - missä tilaukseni on
    - koska paketti tulee
    - tilaus ei ole tullut
    - seuraa tilausta
    - milloin lähetys saapuu
`)},
	"answers/sv.yml": {Data: []byte("hours: Vi har öppet.\nlooking: Jag tittar.\nfound: På väg.\n")},
	"answers/en.yml": {Data: []byte("hours: We are open.\nlooking: Looking.\nfound: On its way.\n")},
	"answers/fi.yml": {Data: []byte("hours: Olemme auki arkisin 8–17.\nlooking: Katson heti.\nfound: Tilaus on matkalla.\n")},
	"rules/all.yml": {Data: []byte(`rules:
  - intent: opening_hours
    say: hours
  - intent: order
    say: looking
    action: status
actions:
  - id: status
    url: '{base}/orders'
    timeout: 1s
    cases:
      - {when: 'status == 200', say: found}
`)},
}

const (
	ainoID  = "01930000-0000-7000-8000-00000000000a"
	villeID = "01930000-0000-7000-8000-00000000000b"
)

func newTestDesk(t *testing.T, do actions) *testDesk {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: filepath.Join(t.TempDir(), "kohta.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := &clock{now: time.Date(2026, 3, 17, 14, 20, 0, 0, time.UTC)}
	d := nodeOn(t, s, c, memline.New(c.Now), memline.NewRoster(c.Now), do)
	d.furnish(staff.Auto)
	return d
}

// nodeOn is one node on a store that it may share with others.
func nodeOn(t *testing.T, s store.Store, c *clock, line routing.Line, roster routing.Roster, do actions) *testDesk {
	t.Helper()
	b, faults := bot.Load(botFolder)
	if b == nil {
		t.Fatal(faults)
	}
	r := &recorder{}
	d := New(Options{
		Store: s, Line: line, Roster: roster, Bus: r, Bot: func() plan.Bot { return b }, Actions: do,
		Base: func() string { return "http://desk" }, Log: zap.NewNop(), Now: c.Now,
	})
	d.presence.readableSince = c.Now().Add(-plan.Grace) // whoever is there has shown life
	return &testDesk{Desk: d, t: t, ctx: t.Context(), clock: c, bus: r, store: s}
}

func (d *testDesk) furnish(a staff.Assignment) {
	d.t.Helper()
	team := staff.NewTeam("support", "Support")
	team.Assignment = a
	d.must(d.store.PutTeam(d.ctx, team))
	d.must(d.store.PutSite(d.ctx, staff.Site{Slug: "demo", Name: "Demo", Team: "support", Language: "fi"}))
	for id, name := range map[string]string{ainoID: "Aino", villeID: "Ville"} {
		d.must(d.store.PutAgent(d.ctx, store.Agent{Agent: agentNamed(id, name), CreatedAt: d.clock.Now()}))
	}
	d.must(d.refresh(d.ctx))
}

func agentNamed(id, name string) staff.Agent {
	return staff.Agent{ID: id, Name: name, Email: name + "@kohta.example", Role: staff.RoleAgent, Teams: []string{"support"}}
}

func (d *testDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *testDesk) visitor() staff.Principal {
	d.t.Helper()
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	return staff.AsVisitor(g.Visitor)
}

func (d *testDesk) agentPrincipal(id, name string) staff.Principal {
	return staff.AsAgent(agentNamed(id, name))
}

func (d *testDesk) do(by staff.Principal, conversation string, cmd chat.Command) store.Ack {
	d.t.Helper()
	ack, err := d.Do(d.ctx, by, conversation, uuid.NewString(), 0, cmd)
	if err != nil {
		d.t.Fatalf("%T: %v", cmd, err)
	}
	return ack
}

// choose presses a button of the house's last words.
func (d *testDesk) choose(by staff.Principal, id, option string) {
	d.t.Helper()
	asked := d.conversation(id).Asked
	d.do(by, id, chat.Choose{Seq: asked[len(asked)-1].VisitorSeq, Option: option})
}

// fill answers the form of the house's last words.
func (d *testDesk) fill(by staff.Principal, id string, fields map[string]string) {
	d.t.Helper()
	asked := d.conversation(id).Asked
	d.do(by, id, chat.Submit{Seq: asked[len(asked)-1].VisitorSeq, Fields: fields})
}

func (d *testDesk) conversation(id string) chat.Conversation {
	d.t.Helper()
	c, err := d.store.Conversation(d.ctx, id)
	d.must(err)
	return c
}

// healthy checks that every stored conversation keeps its promises.
func (d *testDesk) healthy() {
	d.t.Helper()
	breaches, _, err := Diagnose(d.ctx, d.store, d.clock.Now(), false)
	d.must(err)
	for _, b := range breaches {
		d.t.Error(b)
	}
}

func (d *testDesk) said(id string) string {
	c := d.conversation(id)
	return c.Lines[len(c.Lines)-1].Text
}

func TestWordsAreAnsweredAndPublished(t *testing.T) {
	d := newTestDesk(t, nil)
	marja := d.visitor()
	ack := d.do(marja, "", chat.Post{Text: "milloin olette auki?"})
	if got := d.said(ack.Conversation); !strings.HasSuffix(got, "Olemme auki arkisin 8–17.") {
		t.Errorf("the bot said %q", got)
	}
	if ack.Seq != 1 || len(d.bus.messages) != 1 || d.bus.messages[0].Next.Pos != d.conversation(ack.Conversation).Pos {
		t.Errorf("ack %+v, published %+v", ack, d.bus.messages)
	}
	again := d.do(marja, "", chat.Post{Text: "aukioloajat"})
	if again.Conversation != ack.Conversation {
		t.Error("null made a second conversation")
	}
	d.healthy()
}

func TestAKeyIsAnsweredTheSameForEver(t *testing.T) {
	d := newTestDesk(t, nil)
	marja := d.visitor()
	key := uuid.NewString()
	first, err := d.Do(d.ctx, marja, "", key, 0, chat.Post{Text: "aukioloajat"})
	d.must(err)
	pos := d.conversation(first.Conversation).Pos
	d.do(marja, first.Conversation, chat.End{})
	for _, conversation := range []string{"", first.Conversation} {
		again, err := d.Do(d.ctx, marja, conversation, key, 0, chat.Post{Text: "jotain muuta"})
		if err != nil || again != first {
			t.Errorf("sent again to %q: %+v, %v, first %+v", conversation, again, err, first)
		}
	}
	if got := d.conversation(first.Conversation).Pos; got != pos+1 {
		t.Errorf("the log grew from %d to %d by more than the end", pos, got)
	}
	twice := uuid.NewString()
	closed, err := d.Do(d.ctx, marja, first.Conversation, twice, 0, chat.End{})
	if err != nil || closed.Seq == 0 {
		t.Errorf("ending again: %+v, %v", closed, err)
	}
	if again, err := d.Do(d.ctx, marja, first.Conversation, twice, 0, chat.End{}); err != nil || again != closed {
		t.Errorf("its key again: %+v, %v", again, err)
	}
	d.healthy()
}

func TestAHundredFirstWordsMakeOneConversation(t *testing.T) {
	d := newTestDesk(t, nil)
	other := nodeOn(t, d.store, d.clock, memline.New(d.clock.Now), memline.NewRoster(d.clock.Now), nil)
	d.must(other.refresh(d.ctx))
	marja := d.visitor()
	seen := make([]store.Ack, 100)
	var all sync.WaitGroup
	for i := range seen {
		node := []*testDesk{d, other}[i%2]
		all.Go(func() {
			ack, err := node.Do(d.ctx, marja, "", uuid.NewString(), 0, chat.Post{Text: fmt.Sprintf("viesti %d", i)})
			if err != nil {
				t.Errorf("message %d: %v", i, err)
			}
			seen[i] = ack
		})
	}
	all.Wait()
	numbers := map[int64]bool{}
	for _, ack := range seen {
		if ack.Conversation != seen[0].Conversation || numbers[ack.Seq] {
			t.Fatalf("acks %+v and %+v", seen[0], ack)
		}
		numbers[ack.Seq] = true
	}
	d.healthy()
}

func TestTwoNodesTakeAndOneOwns(t *testing.T) {
	d := newTestDesk(t, nil)
	line := memline.New(d.clock.Now)
	other := nodeOn(t, d.store, d.clock, line, memline.NewRoster(d.clock.Now), nil)
	d.must(other.refresh(d.ctx))
	marja := d.visitor()
	for range 20 {
		id := d.do(marja, "", chat.AskHuman{}).Conversation
		var all sync.WaitGroup
		for node, id2 := range map[*testDesk]string{d: ainoID, other: villeID} {
			all.Go(func() {
				if _, err := node.Do(d.ctx, d.agentPrincipal(id2, "X"), id, uuid.NewString(), 0, chat.Take{}); err != nil {
					t.Errorf("take: %v", err)
				}
			})
		}
		all.Wait()
		c := d.conversation(id)
		loser := ainoID
		if c.Agent == ainoID {
			loser = villeID
		}
		if _, err := d.Do(d.ctx, d.agentPrincipal(loser, "X"), id, uuid.NewString(), 0, chat.Post{Text: "minäkin"}); chat.KindOf(err) != chat.Conflict {
			t.Errorf("the other writes: %v", err)
		}
		d.do(d.agentPrincipal(c.Agent, "X"), id, chat.Resolve{})
	}
	d.healthy()
}

func TestAStrangerFindsNothing(t *testing.T) {
	d := newTestDesk(t, nil)
	id := d.do(d.visitor(), "", chat.Post{Text: "aukioloajat"}).Conversation
	eve := d.visitor()
	for _, cmd := range []chat.Command{chat.Post{Text: "hei"}, chat.End{}, chat.Rate{Survey: "csat", Score: 1}, chat.AskHuman{}} {
		if _, err := d.Do(d.ctx, eve, id, uuid.NewString(), 0, cmd); chat.KindOf(err) != chat.NotFound {
			t.Errorf("%T by a stranger: %v", cmd, err)
		}
	}
	if _, err := d.Conversation(d.ctx, eve, id); chat.KindOf(err) != chat.NotFound {
		t.Errorf("a stranger reads: %v", err)
	}
}

func TestATokenIsOfItsSiteAlone(t *testing.T) {
	d := newTestDesk(t, nil)
	d.must(d.store.PutSite(d.ctx, staff.Site{Slug: "other", Name: "Other", Team: "support", Language: "sv"}))
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", nil)
	d.must(err)
	if again, _, err := d.VisitorHello(d.ctx, "demo", g.Token, "", nil); err != nil || again.Visitor != g.Visitor {
		t.Errorf("recognised as %+v, %v", again, err)
	}
	for site, token := range map[string]string{"other": g.Token, "demo": "nonsense"} {
		if _, _, err := d.VisitorHello(d.ctx, site, token, "", nil); chat.KindOf(err) != chat.Forbidden {
			t.Errorf("token %q on %s: %v", token, site, err)
		}
	}
	if _, _, err := d.VisitorHello(d.ctx, "nowhere", "", "", nil); chat.KindOf(err) != chat.NotFound {
		t.Errorf("a site that is not there: %v", err)
	}
}
