package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// fakeDesk keeps conversations in memory, by the real Decide and the real Can. A test can make it lose what it should
// publish, hold a frame in work, or fail.
type fakeDesk struct {
	bus bus.Bus

	mu        sync.Mutex
	n         int
	visitors  map[string]wire.Greeted // by token
	logs      map[string][]chat.Event
	folds     map[string]chat.Conversation
	keys      map[string]store.Ack
	status    map[string]wire.Attendance
	links     map[string]string // token by link
	wait      *chat.Wait        // told to all
	online    bool              // whom a transfer names is there
	sockets   map[string]int
	pages     []chat.Page
	acts      []store.Act
	lose      func(bus.Message) bool // nil: nothing
	hold      chan struct{}          // not nil: Do waits for it
	held      chan struct{}          // gets one for each Do that waits
	fail      error                  // of every Do
	broken    error                  // of Events
	away      error                  // of VisitorHello
	lineAway  error                  // of Line
	welcoming chan struct{}          // the same of AgentConversations
	reading   chan struct{}          // not nil: Events, having read, waits for it
}

func newFakeDesk(b bus.Bus) *fakeDesk {
	return &fakeDesk{
		bus: b, visitors: map[string]wire.Greeted{}, logs: map[string][]chat.Event{}, folds: map[string]chat.Conversation{},
		keys: map[string]store.Ack{}, status: map[string]wire.Attendance{}, links: map[string]string{}, sockets: map[string]int{}, held: make(chan struct{}, 100),
	}
}

func (d *fakeDesk) id() string {
	d.n++
	return fmt.Sprintf("0192f1c2-77aa-7bbb-8ccc-%012d", d.n)
}

func (d *fakeDesk) Do(ctx context.Context, by staff.Principal, conversation, key string, fence int64, cmd chat.Command) (store.Ack, error) {
	d.mu.Lock()
	hold, fail := d.hold, d.fail
	d.mu.Unlock()
	if hold != nil {
		d.held <- struct{}{}
		select {
		case <-hold:
		case <-ctx.Done():
			return store.Ack{}, chat.Errorf(chat.Unavailable, "held for too long")
		}
	}
	if fail != nil {
		return store.Ack{}, fail
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	from, name := sender(by)
	if ack, ok := d.keys[from.ID+key]; ok {
		return ack, nil
	}
	c, err := d.find(by, conversation)
	if err != nil {
		return store.Ack{}, err
	}
	next, events, err := chat.Decide(c, chat.Envelope{At: now(), By: from, Name: name, Key: key, Fence: fence, Patience: chat.Usual, Online: d.online}, cmd)
	if numbers, done := chat.AlreadyDone(err); done {
		return store.Ack{Conversation: c.ID, Seq: max(numbers.Agent, numbers.Visitor)}, nil
	}
	if err != nil {
		return store.Ack{}, err
	}
	ack := store.Ack{Conversation: next.ID}
	for _, e := range events {
		if seq := wire.Seq(audienceFor(from.Role), &e); seq > 0 && ack.Seq == 0 {
			ack.Seq = seq
		}
	}
	d.keys[from.ID+key] = ack
	d.commit(next, events)
	return ack, nil
}

func audienceFor(r chat.Role) wire.Audience {
	a, _ := audienceOf(r)
	return a
}

// find returns the conversation that a frame goes to; a new one has its first event already.
func (d *fakeDesk) find(by staff.Principal, id string) (chat.Conversation, error) {
	visitor, ok := by.Visitor()
	if id == "" && ok {
		for _, c := range d.folds {
			if c.Visitor == visitor && c.Open() {
				return c, nil
			}
		}
		c, events, err := chat.Decide(chat.Conversation{ID: d.id()}, chat.Envelope{At: now(), By: chat.From{Role: chat.RoleVisitor, ID: visitor}},
			chat.Open{Site: "demo", Visitor: visitor, Language: "fi", Team: "support"})
		d.logs[c.ID] = events
		d.folds[c.ID] = c
		return c, err
	}
	c, ok := d.folds[id]
	if !ok {
		return c, chat.Errorf(chat.NotFound, "no conversation %s", id)
	}
	if kind := staff.Can(by, staff.See, staff.Of(c, "support")); kind != "" {
		return c, chat.Errorf(kind, "not yours")
	}
	return c, nil
}

// commit stores and publishes. The caller holds mu.
func (d *fakeDesk) commit(next chat.Conversation, events []chat.Event) {
	d.folds[next.ID] = next
	d.logs[next.ID] = append(d.logs[next.ID], events...)
	m := bus.Message{Conversation: next.ID, Events: events, Next: next}
	if d.lose == nil || !d.lose(m) {
		d.bus.Publish(context.Background(), m)
	}
}

// house has the house do something to a conversation.
func (d *fakeDesk) house(id string, cmd chat.Command) {
	d.mu.Lock()
	defer d.mu.Unlock()
	next, events, err := chat.Decide(d.folds[id], chat.Envelope{At: now(), By: chat.From{Role: chat.RoleSystem}, Patience: chat.Usual}, cmd)
	if err != nil {
		panic(err)
	}
	d.commit(next, events)
}

// heal publishes where a conversation stands, as the desk's sweep does.
func (d *fakeDesk) heal(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bus.Publish(context.Background(), bus.Message{Conversation: id, Next: d.folds[id]})
}

func (d *fakeDesk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func (d *fakeDesk) log(id string, to wire.Audience) []chat.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []chat.Event
	for _, e := range d.logs[id] {
		if wire.Seq(to, &e) > 0 {
			list = append(list, e)
		}
	}
	return list
}

func sender(by staff.Principal) (chat.From, string) {
	if a, ok := by.Agent(); ok {
		return chat.From{Role: chat.RoleAgent, ID: a.ID}, a.Name
	}
	v, _ := by.Visitor()
	return chat.From{Role: chat.RoleVisitor, ID: v}, ""
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (d *fakeDesk) VisitorHello(_ context.Context, site, token, _ string, _ *chat.Page) (wire.Greeted, []wire.View, error) {
	d.mu.Lock()
	away := d.away
	d.mu.Unlock()
	if away != nil {
		return wire.Greeted{}, nil, away
	}
	g, err := d.greet(site, token)
	if err != nil {
		return g, nil, err
	}
	return g, d.views(func(c chat.Conversation) bool { return c.Visitor == g.Visitor }), nil
}

func (d *fakeDesk) greet(site, token string) (wire.Greeted, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if linked, ok := d.links[token]; ok && (site == "" || site == "demo") {
		g := d.visitors[linked]
		g.Token = token
		return g, nil
	}
	if site == "" {
		return wire.Greeted{}, chat.Errorf(chat.Forbidden, "bad link")
	}
	if site != "demo" {
		return wire.Greeted{}, chat.Errorf(chat.NotFound, "no site")
	}
	if token == "" {
		g := wire.Greeted{Visitor: d.id(), Site: site}
		g.Token = "token-" + g.Visitor
		d.visitors[g.Token] = g
		return g, nil
	}
	g, ok := d.visitors[token]
	if !ok {
		return g, chat.Errorf(chat.Forbidden, "bad token")
	}
	return g, nil
}

func (d *fakeDesk) Page(_ string, p chat.Page) { d.set(func() { d.pages = append(d.pages, p) }) }

func (d *fakeDesk) views(keep func(chat.Conversation) bool) []wire.View {
	d.mu.Lock()
	defer d.mu.Unlock()
	var views []wire.View
	for _, c := range d.folds {
		if keep(c) {
			views = append(views, wire.View{Conversation: c})
		}
	}
	slices.SortFunc(views, func(a, b wire.View) int { return a.Conversation.OpenedAt.Compare(b.Conversation.OpenedAt) })
	return views
}

func (d *fakeDesk) AgentConversations(_ context.Context, agent string) ([]wire.View, error) {
	views := d.views(func(c chat.Conversation) bool { return takesPart(&c, agent) })
	d.mu.Lock()
	welcoming := d.welcoming
	d.mu.Unlock()
	if welcoming != nil {
		<-welcoming
	}
	return views, nil
}

func (d *fakeDesk) SeesLine(a staff.Agent, team string) bool {
	return a.Role != staff.RoleAgent || slices.Contains(a.Teams, team)
}

func (d *fakeDesk) Line(_ context.Context, a staff.Agent, limit int) ([]wire.View, int, error) {
	d.mu.Lock()
	away := d.lineAway
	d.mu.Unlock()
	if away != nil {
		return nil, 0, away
	}
	views := d.views(func(c chat.Conversation) bool {
		return c.State == chat.Waiting && d.SeesLine(a, c.Team)
	})
	return views[:min(limit, len(views))], len(views), nil
}

func (d *fakeDesk) Conversation(_ context.Context, by staff.Principal, id string) (chat.Conversation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id == "" {
		return chat.Conversation{}, chat.Errorf(chat.NotFound, "no id")
	}
	return d.find(by, id)
}

func (d *fakeDesk) View(ctx context.Context, c chat.Conversation) (wire.View, error) {
	place, wait := d.Place(ctx, c)
	return wire.View{Conversation: c, Place: place, Wait: wait}, nil
}

func (d *fakeDesk) Place(_ context.Context, c chat.Conversation) (*int, *chat.Wait) {
	place := 1
	for _, v := range d.views(func(other chat.Conversation) bool { return other.State == chat.Waiting }) {
		if v.Conversation.ID == c.ID {
			d.mu.Lock()
			defer d.mu.Unlock()
			return &place, d.wait
		}
		place++
	}
	return nil, nil
}

func (d *fakeDesk) Next(ctx context.Context, by staff.Principal, key string) (store.Ack, error) {
	a, _ := by.Agent()
	d.mu.Lock()
	ack, known := d.keys[a.ID+key]
	d.mu.Unlock()
	if known {
		return ack, nil
	}
	views, _, err := d.Line(ctx, a, 1)
	if err != nil || len(views) == 0 {
		return store.Ack{}, chat.Errorf(chat.NotFound, "nobody waits: %v", err)
	}
	return d.Do(ctx, by, views[0].Conversation.ID, key, 0, chat.Take{})
}

func (d *fakeDesk) Events(_ context.Context, id string, a store.Audience, after int64, limit int) ([]chat.Event, error) {
	d.mu.Lock()
	broken := d.broken
	d.mu.Unlock()
	if broken != nil {
		return nil, broken
	}
	to := wire.ToVisitor
	if a == store.ForAgents {
		to = wire.ToAgent
	}
	log := d.log(id, to)
	if after >= int64(len(log)) {
		return nil, nil
	}
	log = log[after:]
	d.mu.Lock()
	reading := d.reading
	d.mu.Unlock()
	if reading != nil {
		<-reading
	}
	return log[:min(limit, len(log))], nil
}

func (d *fakeDesk) MarkRead(ctx context.Context, by staff.Principal, id string, seq int64) error {
	if _, err := d.Conversation(ctx, by, id); err != nil {
		return err
	}
	from, name := sender(by)
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Read, Conversation: id, From: from, Name: name, Seq: seq})
	return nil
}

func (d *fakeDesk) ReadNumbers(_ context.Context, c chat.Conversation, by chat.Role, seq int64) (chat.Numbers, error) {
	for _, e := range d.log(c.ID, audienceFor(by)) {
		if wire.Seq(audienceFor(by), &e) == seq {
			return chat.Numbers{Agent: e.AgentSeq, Visitor: e.VisitorSeq}, nil
		}
	}
	return chat.Numbers{}, nil
}

func (d *fakeDesk) Typing(ctx context.Context, by staff.Principal, id string) error {
	if _, err := d.Conversation(ctx, by, id); err != nil {
		return err
	}
	from, name := sender(by)
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Typing, Conversation: id, From: from, Name: name})
	return nil
}

func (d *fakeDesk) SetPresence(ctx context.Context, a store.Agent, status, reason string) error {
	d.set(func() { d.status[a.ID] = wire.Attendance{Status: status, Reason: reason} })
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Presence, From: chat.From{Role: chat.RoleAgent, ID: a.ID}, Name: a.Name, Status: status, Reason: reason})
	return nil
}

func (d *fakeDesk) Attendance(_ context.Context, agent string) wire.Attendance {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.status[agent]; ok {
		return s
	}
	return wire.Attendance{Status: "offline"}
}

func (d *fakeDesk) Connected(agent string)    { d.set(func() { d.sockets[agent]++ }) }
func (d *fakeDesk) Disconnected(agent string) { d.set(func() { d.sockets[agent]-- }) }

func (d *fakeDesk) Visits(_ context.Context, by staff.Principal, visitor string, _ store.Page) ([]wire.Visited, string, error) {
	var visits []wire.Visited
	for _, v := range d.views(func(c chat.Conversation) bool { return c.Visitor == visitor }) {
		visits = append(visits, wire.Visited{Conversation: v.Conversation, Visit: chat.Visit{Outcome: "open", Feeling: chat.Calm}})
	}
	if len(visits) == 0 {
		return nil, "", chat.Errorf(chat.NotFound, "no visits")
	}
	return visits, "", nil
}

func (d *fakeDesk) Export(_ context.Context, visitor string, act store.Act, w io.Writer) error {
	if !d.knows(visitor) {
		return chat.Errorf(chat.NotFound, "no visitor")
	}
	d.set(func() { d.acts = append(d.acts, act) })
	_, err := fmt.Fprintf(w, "{\"visitor\":{\"id\":%q}}\n", visitor)
	d.mu.Lock()
	defer d.mu.Unlock()
	return errors.Join(err, d.broken)
}

func (d *fakeDesk) StopLink(ctx context.Context, token, address string) error {
	d.mu.Lock()
	g, ok := d.visitors[token] // as if each token were a link as well
	d.mu.Unlock()
	if !ok {
		return nil
	}
	return d.endLinks(ctx, g.Visitor, store.Act{Actor: "visitor", Address: address, Verb: "stop_links", Object: g.Visitor})
}

func (d *fakeDesk) RevokeLinks(ctx context.Context, by staff.Principal, visitor string, act store.Act) error {
	if !d.knows(visitor) {
		return chat.Errorf(chat.NotFound, "no visitor")
	}
	return d.endLinks(ctx, visitor, act)
}

func (d *fakeDesk) endLinks(ctx context.Context, visitor string, act store.Act) error {
	d.set(func() { d.acts = append(d.acts, act) })
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Revoked, From: chat.From{Role: chat.RoleVisitor, ID: visitor}, Reason: bus.Links})
	return nil
}

func (d *fakeDesk) Erase(ctx context.Context, visitor string, act store.Act) error {
	if !d.knows(visitor) {
		return chat.Errorf(chat.NotFound, "no visitor")
	}
	d.set(func() {
		d.acts = append(d.acts, act)
		maps.DeleteFunc(d.visitors, func(_ string, g wire.Greeted) bool { return g.Visitor == visitor })
	})
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Revoked, From: chat.From{Role: chat.RoleVisitor, ID: visitor}})
	return nil
}

func (d *fakeDesk) knows(visitor string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.visitors {
		if g.Visitor == visitor {
			return true
		}
	}
	return false
}
