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
		frame := g.buffers.text(func(b []byte) []byte {
			return wire.AppendPresence(b, wire.Person{ID: s.From.ID, Name: s.Name}, s.Status)
		})
		g.hub.toAgents(frame)
	case bus.Read:
		g.chore(func(ctx context.Context) { g.tellRead(ctx, s) })
	case bus.Line:
		g.lines.moved(s.Team)
		g.hub.lineMoved(s.Team, s.Conversation)
	case bus.Revoked:
		if s.From.Role == chat.RoleVisitor {
			g.RevokeVisitor(s.From.ID)
			return
		}
		g.chore(func(ctx context.Context) { g.checkSessions(ctx, s.From.ID) })
	}
}

// committed is what the bus calls with each message.
func (g *Gateway) committed(m bus.Message) {
	g.hub.message(m)
	if m.Next.State == chat.Waiting {
		g.lines.moved(m.Next.Team)
	}
	for i := range m.Events {
		if e := &m.Events[i]; e.Kind == chat.KindOffered && g.hub.hasAgent(e.Detail.Agent) {
			offer := m.Next
			g.chore(func(ctx context.Context) { g.tellOffer(ctx, offer) })
		}
	}
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
	frame := g.buffers.text(func(b []byte) []byte { return wire.AppendOffer(b, &v, c.Offer.Until) })
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

func (h *hub) toAgents(frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, sockets := range h.agents {
		for _, s := range sockets {
			if !s.paused {
				s.send(frame)
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
