package gateway

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/wire"
)

// welcomeVisitor recognises the visitor, or makes a new one, and starts to send.
func (s *socket) welcomeVisitor(ctx context.Context, hello *wire.Greeting) error {
	g := s.gateway
	if err := g.mayEmbed(ctx, s.origin, hello.Site); err != nil {
		return err
	}
	token := cmp.Or(hello.Link, hello.Token)
	before := g.hub.heard.Load()
	greeted, views, err := g.desk.VisitorHello(ctx, hello.Site, token, hello.Language, hello.Page)
	switch chat.KindOf(err) {
	case chat.Forbidden:
		return &wire.Error{Code: wire.Unauthorized, Close: wire.CloseUnauthorized}
	case chat.NotFound:
		return &wire.Error{Code: wire.NotFound, Close: wire.CloseNoSite}
	}
	if err != nil {
		return err
	}
	s.visitor, s.site = greeted.Visitor, greeted.Site
	if !g.hub.register(s) {
		return &wire.Error{Code: wire.RateLimited, Close: wire.CloseTooMany, RetryAfter: int(retryLater.Seconds())}
	}
	if token != "" && g.hub.heardOf(s.visitor, before) { // what was read may be older than what the hub let pass
		if _, views, err = g.desk.VisitorHello(ctx, hello.Site, token, "", nil); err != nil {
			g.hub.remove(s)
			return err
		}
	}
	g.hub.start(s, views, hello.Since, g.buffers.text(func(b []byte) []byte {
		return wire.AppendVisitorWelcome(b, greeted, views)
	}))
	s.welcomed(ctx, views, hello.Since)
	return nil
}

// mayEmbed tells whether a page of this origin may speak for the site. The desk's own origin came as "". A link that
// says no site is opened on the desk's own page.
func (g *Gateway) mayEmbed(ctx context.Context, origin, site string) error {
	if origin == "" {
		return nil
	}
	if site == "" {
		return &wire.Error{Code: wire.Forbidden, Close: wire.CloseUnauthorized}
	}
	where, err := g.store.Site(ctx, site)
	if chat.KindOf(err) == chat.NotFound {
		return &wire.Error{Code: wire.NotFound, Close: wire.CloseNoSite}
	}
	if err != nil {
		return err
	}
	if !slices.Contains(where.Origins, origin) {
		return &wire.Error{Code: wire.Forbidden, Close: wire.CloseUnauthorized}
	}
	return nil
}

// welcomeAgent sends an agent what is theirs and who waits.
func (s *socket) welcomeAgent(ctx context.Context, hello *wire.Greeting) error {
	g := s.gateway
	a := s.agent.account()
	g.hub.register(s)
	views, err := g.desk.AgentConversations(ctx, a.ID)
	if err != nil {
		g.hub.remove(s)
		return err
	}
	welcome := wire.AgentWelcome{
		Agent: wire.Person{ID: a.ID, Name: a.Name, Role: string(a.Role)}, Attendance: g.desk.Attendance(ctx, a.ID), Conversations: views,
	}
	if !welcome.Attendance.RestUntil.After(g.clock()) {
		welcome.Attendance.RestUntil = time.Time{}
	}
	if a.Role != staff.RoleAgent {
		welcome.Alerts = g.alerts.standing()
	}
	err = g.lines.join(ctx, s, func(line wire.Line) {
		welcome.Line = line
		g.hub.start(s, views, hello.Since, g.buffers.text(func(b []byte) []byte { return wire.AppendAgentWelcome(b, &welcome) }))
	})
	if err != nil {
		g.hub.remove(s)
		return err
	}
	s.agent.mu.Lock()
	s.agent.counted = true
	s.agent.mu.Unlock()
	g.desk.Connected(a.ID)
	s.welcomed(ctx, views, hello.Since)
	return nil
}

// welcomed ends the time for hello, and answers for what the client has of conversations that the welcome does not
// name.
func (s *socket) welcomed(ctx context.Context, views []wire.View, since map[string]int64) {
	s.greeted.Store(true)
	s.mu.Lock()
	if s.ending == 0 && !s.gone {
		s.net.SetReadDeadline(time.Time{})
	}
	s.mu.Unlock()
	s.gateway.metrics.hellos.Inc()
	for id, after := range since {
		if slices.ContainsFunc(views, func(v wire.View) bool { return v.Conversation.ID == id }) {
			continue
		}
		f := &wire.Frame{Type: wire.Sync, Conversation: id, Seq: after}
		if err := s.sync(ctx, f); err != nil {
			s.fail(s.gateway.wireError(err, f, s))
		}
	}
}
