package gateway

import (
	"context"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/wire"
)

// signal passes on what is worth telling and not worth storing. It is called by the bus, one call at a time; what
// needs the desk is done by Run.
func (g *Gateway) signal(s bus.Signal) {
	switch s.Kind {
	case bus.Typing:
		g.hub.typing(s)
	case bus.Presence:
		g.hub.attendance(s)
	case bus.Read:
		g.chore(func(ctx context.Context) { g.tellRead(ctx, s) })
	case bus.Line:
		g.lines.moved(s.Team)
		g.hub.lineMoved(s.Team, s.Conversation)
	case bus.Revoked:
		if s.From.Role == chat.RoleVisitor {
			if s.Reason == bus.Links {
				g.returnVisitor(s.From.ID)
			} else {
				g.RevokeVisitor(s.From.ID)
			}
			return
		}
		g.chore(func(ctx context.Context) { g.checkSessions(ctx, s.From.ID) })
	}
}

// committed is what the bus calls with each message.
func (g *Gateway) committed(m bus.Message) {
	g.hub.message(&m)
	found := len(m.Events) == 0 // by the sweep: the signals that went with it may be lost as well
	if m.Next.State == chat.Waiting || found {
		g.lines.moved(m.Next.Team)
	}
	if found && m.Next.Erased > 0 { // the visitor is nobody any more
		g.RevokeVisitor(m.Next.Visitor)
	}
	if o := m.Next.Offer; found && o != nil {
		g.holdOut(&m.Next, o.Agent)
	}
	for _, alert := range g.alerts.see(&m) {
		g.hub.toSupervisors(g.buffers.text(func(b []byte) []byte { return wire.AppendAlert(b, &alert) }))
	}
	for i := range m.Events {
		switch e := &m.Events[i]; e.Kind {
		case chat.KindOffered:
			g.holdOut(&m.Next, e.Detail.Agent)
		case chat.KindInvited:
			g.askIn(&m.Next, e)
		}
	}
}

// holdOut has an agent who is here be held out a conversation.
func (g *Gateway) holdOut(c *chat.Conversation, agent string) {
	if g.hub.hasAgent(agent) {
		next := *c
		g.chore(func(ctx context.Context) { g.tellOffer(ctx, next) })
	}
}

// askIn has an agent who is here be asked in, as an event says.
func (g *Gateway) askIn(c *chat.Conversation, e *chat.Event) {
	if g.hub.hasAgent(e.Detail.Agent) {
		next := *c
		g.chore(func(ctx context.Context) { g.tellInvite(ctx, next, e) })
	}
}

// passed takes in what another node has committed and nobody here watches.
func (g *Gateway) passed(next *chat.Conversation) {
	if next.State == chat.Waiting {
		g.lines.moved(next.Team)
	}
}

// tellInvite asks an agent in, as a colleague did.
func (g *Gateway) tellInvite(ctx context.Context, c chat.Conversation, e *chat.Event) {
	v, err := g.desk.View(ctx, c)
	if err != nil {
		return // the event reaches them, too
	}
	from := wire.Person{ID: e.From.ID, Name: e.Contents.Name}
	frame := g.buffers.text(func(b []byte) []byte { return wire.AppendInvite(b, &v, from, e.Contents.Note) })
	g.hub.toAgent(e.Detail.Agent, frame)
}

// tellOffer holds a conversation out to the agent it is offered to.
func (g *Gateway) tellOffer(ctx context.Context, c chat.Conversation) {
	if c.State != chat.Waiting || c.Offer == nil {
		return
	}
	v, err := g.desk.View(ctx, c)
	if err != nil {
		return // it stands in the agent's line, too
	}
	frame := g.buffers.text(func(b []byte) []byte { return wire.AppendOffer(b, &v) })
	g.hub.toAgent(c.Offer.Agent, frame)
}

// tellRead tells both sides how far one of them has read, each in its own numbers.
func (g *Gateway) tellRead(ctx context.Context, s bus.Signal) {
	visitor, here := g.hub.visitorOf(s.Conversation)
	if !here {
		return
	}
	c, err := g.desk.Conversation(ctx, staff.AsVisitor(visitor), s.Conversation)
	if err != nil {
		return
	}
	n, err := g.desk.ReadNumbers(ctx, c, s.From.Role, s.Seq)
	if err != nil || n == (chat.Numbers{}) {
		return
	}
	g.hub.mu.Lock()
	defer g.hub.mu.Unlock()
	to := [wire.Audiences][]byte{
		wire.ToVisitor: g.buffers.text(func(b []byte) []byte { return wire.AppendRead(b, c.ID, s.From.Role, n.Visitor) }),
		wire.ToAgent:   g.buffers.text(func(b []byte) []byte { return wire.AppendRead(b, c.ID, s.From.Role, n.Agent) }),
	}
	g.hub.toTopic(c.ID, func(socket *socket) []byte {
		audience, _ := audienceOf(socket.role)
		return to[audience]
	})
}

// typing tells the other side that somebody types.
func (h *hub) typing(s bus.Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.topics[s.Conversation] == nil {
		return
	}
	frame := h.gateway.buffers.text(func(b []byte) []byte { return wire.AppendTyping(b, s.Conversation, s.From.Role, s.Name) })
	h.toTopic(s.Conversation, func(other *socket) []byte {
		if other.role == s.From.Role && (other.agent == nil || other.agent.id == s.From.ID) {
			return nil
		}
		return frame
	})
}

// toTopic sends a signal to the subscribers of a conversation; of nil, nothing. The caller holds mu.
func (h *hub) toTopic(conversation string, frame func(*socket) []byte) {
	t := h.topics[conversation]
	if t == nil {
		return
	}
	for _, b := range t.subs {
		if f := frame(b.socket); f != nil && !b.socket.paused {
			b.socket.send(f)
		}
	}
}

func (h *hub) toAgent(agent string, frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.agents[agent] {
		if !s.paused {
			s.send(frame)
		}
	}
}

// attendance tells all agents how it is with one of them, and that one alone about a breather.
func (h *hub) attendance(s bus.Signal) {
	encode := func(a wire.Attendance) []byte {
		return h.gateway.buffers.text(func(b []byte) []byte {
			return wire.AppendPresence(b, wire.Person{ID: s.From.ID, Name: s.Name}, a)
		})
	}
	others := encode(wire.Attendance{Status: s.Status, Reason: s.Reason})
	own := others
	if s.Until.After(h.gateway.clock()) {
		own = encode(wire.Attendance{Status: s.Status, Reason: s.Reason, RestUntil: s.Until})
	}
	h.toAgents(func(socket *socket) []byte {
		if socket.agent.id == s.From.ID {
			return own
		}
		return others
	})
}

// toSupervisors sends a frame to those who look after all teams.
func (h *hub) toSupervisors(frame []byte) {
	h.toAgents(func(s *socket) []byte {
		if s.agent.account().Role == staff.RoleAgent {
			return nil
		}
		return frame
	})
}

// toAgents sends a signal to all agents; of nil, nothing.
func (h *hub) toAgents(frame func(*socket) []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, sockets := range h.agents {
		for _, s := range sockets {
			if f := frame(s); f != nil && !s.paused {
				s.send(f)
			}
		}
	}
}

func (h *hub) hasAgent(agent string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.agents[agent]) > 0
}

// visitorOf returns whose a conversation is that somebody here is subscribed to.
func (h *hub) visitorOf(conversation string) (visitor string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[conversation]
	if t == nil {
		return "", false
	}
	return t.visitor, true
}

// heartbeat is a socket's heartbeat as of now.
func (h *hub) heartbeat(s *socket) []byte {
	h.mu.Lock()
	heads := s.heads()
	h.mu.Unlock()
	var line *wire.Line
	if s.agent != nil {
		line = s.agent.lineNow()
	}
	return h.gateway.buffers.text(func(b []byte) []byte { return wire.AppendHeartbeat(b, heads, line) })
}

// lineNow is how many wait for an agent, and the version of the line that was shown last.
func (a *agentSocket) lineNow() *wire.Line {
	a.mu.Lock()
	v := a.line
	a.mu.Unlock()
	if v == nil { // no hello yet
		return &wire.Line{}
	}
	return &wire.Line{Total: int(v.total.Load()), Version: v.version.Load()}
}
