package gateway

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// hub brings what was committed to the sockets that are to see it: each event once, in order, without a hole. What the
// bus says is a hint. Every subscription knows the last position it was sent; what follows it goes out at once, and
// anything else has the subscription caught up from the store, while later events wait for it.
//
// A visitor's sockets get all of that visitor's conversations; an agent's get those that are theirs and those they
// watch. One lock guards all of it and is never held while anything waits.
type hub struct {
	gateway *Gateway

	mu       sync.Mutex
	visitors map[string][]*socket
	agents   map[string][]*socket
	topics   map[string]*topic // by conversation; those with subscriptions
	greeting map[*socket]moves // agents' sockets between registration and welcome
	behind   []*sub            // to be caught up, in turn
	healers  int
	failed   []*sub // could not be caught up; tried again in a second

	heard  atomic.Uint64     // messages of the bus so far
	latest [maxLatest]string // whose the last of them were; the n-th stands at n modulo maxLatest
}

// maxLatest is of how many messages it is known whose they were.
const maxLatest = 4096

// moves are what happened to conversations while a socket was being welcomed: whose each is now, and how far it came.
type moves map[string]move

type move struct {
	owner   string
	invited []string
	head    int64
}

// topic is a conversation that somebody here is subscribed to.
type topic struct {
	subs     []*sub
	pos      int64 // of the latest message
	waiting  bool
	team     string
	visitor  string
	language string
	dirty    bool // the visitor's place in the line may have moved
	place    placeTold
	toldAt   time.Duration // when place was told, by the gateway's time
	looked   time.Duration // when it was looked at
}

func newHub(g *Gateway) *hub {
	return &hub{gateway: g, visitors: map[string][]*socket{}, agents: map[string][]*socket{}, topics: map[string]*topic{}, greeting: map[*socket]moves{}}
}

// register adds a socket before its conversations are read: what happens between is noted, and goes out after the
// welcome. It returns false when the visitor has enough sockets.
func (h *hub) register(s *socket) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.paused, s.lost = true, false
	if s.agent != nil {
		h.agents[s.agent.id] = append(h.agents[s.agent.id], s)
		h.greeting[s] = moves{}
		return true
	}
	if h.gateway.limits && len(h.visitors[s.visitor]) >= h.gateway.counts.rates.Visitor {
		return false
	}
	h.visitors[s.visitor] = append(h.visitors[s.visitor], s)
	return true
}

// wants tells whether somebody here is to see what another node has committed. That it was heard of is noted in any case, so
// that who is being welcomed sees that what was read for them may be old.
func (h *hub) wants(next *chat.Conversation, attention bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest[h.heard.Add(1)%maxLatest] = next.Visitor
	if attention && len(h.agents) > 0 || h.topics[next.ID] != nil || len(h.visitors[next.Visitor]) > 0 || len(h.greeting) > 0 {
		return true
	}
	return len(h.agents[ownerOf(next)]) > 0 || slices.ContainsFunc(next.Invited, func(a string) bool { return len(h.agents[a]) > 0 })
}

// heardOf tells whether something may have come about a visitor after so many messages.
func (h *hub) heardOf(visitor string, before uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.heard.Load()
	if now-before >= maxLatest {
		return true
	}
	for n := before + 1; n <= now; n++ {
		if h.latest[n%maxLatest] == visitor {
			return true
		}
	}
	return false
}

// start welcomes a registered socket and lets it have what comes after the snapshots, or after what it says it has.
func (h *hub) start(s *socket, views []wire.View, since map[string]int64, welcome []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.lost {
		return
	}
	audience, _ := audienceOf(s.role)
	for i := range views {
		c := &views[i].Conversation
		b := h.subscribe(s, c)
		b.mine, b.head = true, max(b.head, wire.Head(audience, c))
		b.last = wire.Head(audience, c)
		if after, ok := since[c.ID]; ok {
			b.last, b.owed = min(after, b.last), 1
		}
		// Their snapshot is older than the loss: they are told of it, and of nothing after it.
		if m, moved := h.greeting[s][c.ID]; moved && m.owner != s.agent.id && !slices.Contains(m.invited, s.agent.id) && m.head > c.AgentSeq {
			b.mine, b.head, b.endAt = false, max(b.head, m.head), m.head
		}
	}
	delete(h.greeting, s)
	s.send(welcome)
	s.paused = false
	for _, b := range slices.Clone(s.subs) {
		switch {
		case b.last < b.target():
			h.catchUp(b)
		case b.owed > 0 || b.ended(): // nothing was missed: the store need not be asked
			h.caughtUp(b)
		}
	}
}

// remove takes a socket out. It may be called more than once.
func (h *hub) remove(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.lost = true
	delete(h.greeting, s)
	for _, b := range s.subs {
		h.unlink(b)
	}
	s.subs, s.parked = nil, nil
	if s.agent != nil {
		drop(h.agents, s.agent.id, s)
	} else if s.visitor != "" {
		drop(h.visitors, s.visitor, s)
	}
}

func drop(m map[string][]*socket, id string, s *socket) {
	rest := slices.DeleteFunc(m[id], func(other *socket) bool { return other == s })
	if len(rest) == 0 {
		delete(m, id)
		return
	}
	m[id] = rest
}

// subscribe returns the socket's subscription to a conversation, a new one if it has none. A new one has been sent
// nothing yet.
func (h *hub) subscribe(s *socket, c *chat.Conversation) *sub {
	if b := s.sub(c.ID); b != nil {
		return b
	}
	b := &sub{socket: s, conversation: c.ID}
	s.subs = append(s.subs, b)
	t := h.topics[c.ID]
	if t == nil {
		t = &topic{visitor: c.Visitor}
		h.topics[c.ID] = t
	}
	t.subs = append(t.subs, b)
	t.see(c)
	return b
}

// see notes where a conversation stands, unless it is known to be further.
func (t *topic) see(c *chat.Conversation) {
	if c.Pos < t.pos {
		return
	}
	waiting := c.State == chat.Waiting
	if waiting && (!t.waiting || t.team != c.Team) {
		t.dirty, t.place = true, placeTold{}
	}
	t.pos, t.waiting, t.team, t.language = c.Pos, waiting, c.Team, c.Language
}

// unlink takes a subscription out of its topic.
func (h *hub) unlink(b *sub) {
	b.dead = true
	t := h.topics[b.conversation]
	if t == nil {
		return
	}
	if t.subs = slices.DeleteFunc(t.subs, func(other *sub) bool { return other == b }); len(t.subs) == 0 {
		delete(h.topics, b.conversation)
	}
}

// end ends a subscription.
func (h *hub) end(b *sub) {
	h.unlink(b)
	s := b.socket
	s.subs = slices.DeleteFunc(s.subs, func(other *sub) bool { return other == b })
}

// message brings one commit to the sockets. It is called by the bus, one call at a time.
func (h *hub) message(m *bus.Message) { h.flush(m, h.spread(m)) }

// spread queues the frames of one commit, and returns the sockets that are to be flushed.
func (h *hub) spread(m *bus.Message) (due []*socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := &m.Next
	h.latest[h.heard.Add(1)%maxLatest] = c.Visitor
	t := h.topics[c.ID]
	stale := t != nil && c.Pos < t.pos
	for _, s := range h.visitors[c.Visitor] {
		h.subscribe(s, c).mine = true
	}
	if owner := ownerOf(c); owner != "" && !stale {
		for _, s := range h.agents[owner] {
			h.own(s, c, c.Fence)
		}
	}
	if len(c.Invited) > 0 && !stale {
		h.invite(m)
	}
	for _, m := range h.greeting {
		if m[c.ID].head <= c.AgentSeq {
			m[c.ID] = move{ownerOf(c), c.Invited, c.AgentSeq}
		}
	}
	if t = h.topics[c.ID]; t == nil {
		return nil
	}
	t.see(c)
	e := encoded{message: m, bot: h.gateway.bot, buffers: h.gateway.buffers}
	for _, b := range slices.Clone(t.subs) {
		if h.deliver(b, &e, stale) {
			due = append(due, b.socket)
		}
	}
	return due
}

// own makes a conversation one of the agent's own: a new subscription begins with the event that brought them in.
func (h *hub) own(s *socket, c *chat.Conversation, begin int64) {
	b := s.sub(c.ID)
	if b == nil {
		b = h.subscribe(s, c)
		b.last = max(0, begin-1)
	}
	b.mine, b.endAt = true, 0
}

// invite lets those who were asked in see what happens from there on.
func (h *hub) invite(m *bus.Message) {
	c := &m.Next
	for _, agent := range c.Invited {
		begin := c.AgentSeq + 1 // the event was lost on the way: their client asks for it by position
		for i := range m.Events {
			if e := &m.Events[i]; e.Kind == chat.KindInvited && e.Detail.Agent == agent {
				begin = e.AgentSeq
			}
		}
		for _, s := range h.agents[agent] {
			h.own(s, c, begin)
		}
	}
}

// takesPart tells whether a conversation is an agent's own, or one that they were asked into.
func takesPart(c *chat.Conversation, agent string) bool {
	return ownerOf(c) == agent || slices.Contains(c.Invited, agent)
}

// ownerOf is the agent whose conversation it is.
func ownerOf(c *chat.Conversation) string {
	if c.State == chat.WithAgent || c.State == chat.Snoozed {
		return c.Agent
	}
	return ""
}

// encoded are the frames of a message's events, each made once for each audience, when it is first asked for.
type encoded struct {
	message *bus.Message
	bot     func(language string) string
	buffers *buffers
	frames  [wire.Audiences][][]byte
}

func (e *encoded) frame(to wire.Audience, i int) []byte {
	if e.frames[to] == nil {
		e.frames[to] = make([][]byte, len(e.message.Events))
	}
	if e.frames[to][i] == nil {
		event := &e.message.Events[i]
		e.frames[to][i] = e.buffers.event(to, e.message.Conversation, event, e.bot(languageOf(event, e.message.Next.Language)))
	}
	return e.frames[to][i]
}

// languageOf is the language that an event speaks: its own, where it says so, else the conversation's.
func languageOf(event *chat.Event, conversation string) string {
	return cmp.Or(event.Detail.Language, conversation)
}

func (b *buffers) event(to wire.Audience, conversation string, event *chat.Event, bot string) []byte {
	return b.text(func(f []byte) []byte { return wire.AppendEvent(f, to, conversation, event, bot) })
}
