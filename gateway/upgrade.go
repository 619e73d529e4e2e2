package gateway

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/wire"
)

// Buffers of a socket. The write buffer is gorilla's and taken only while it shakes hands.
const (
	readBuffer  = 512
	writeBuffer = 512
)

// visitorSocket is /ws/visitor. Who it is comes with hello.
func (g *Gateway) visitorSocket(w http.ResponseWriter, r *http.Request) {
	origins := r.Header.Values("Origin")
	if len(origins) > 1 {
		problem(w, r, http.StatusForbidden, codeForbidden)
		return
	}
	s := &socket{gateway: g, role: chat.RoleVisitor}
	if len(origins) == 1 && !g.isOwn(r, origins[0]) {
		s.origin = origins[0] // held against the site's own when hello names it
	}
	g.open(w, r, s)
}

// agentSocket is /ws/agent: exactly one Origin, the desk's own, and a session, before anything is upgraded.
func (g *Gateway) agentSocket(w http.ResponseWriter, r *http.Request) {
	if g.outcast() {
		later(w, retrySoon)
		problem(w, r, http.StatusServiceUnavailable, codeUnavailable)
		return
	}
	if origins := r.Header.Values("Origin"); len(origins) != 1 || !g.isOwn(r, origins[0]) {
		problem(w, r, http.StatusForbidden, codeForbidden)
		return
	}
	current, agent, err := g.sessions.Who(r.Context(), session.Token(r, g.proxies.secure(r)))
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	s := &socket{gateway: g, role: chat.RoleAgent}
	s.agent = &agentSocket{id: agent.ID, session: current.TokenHash, now: agent}
	g.open(w, r, s)
}

// isOwn tells whether an origin is the desk's own, as the client names it. A page that came without TLS does not speak
// for one that came with it.
func (g *Gateway) isOwn(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) || origin != u.Scheme+"://"+u.Host {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && !g.proxies.secure(r)
}

// open upgrades a request. The handler returns at once: what stays is the socket and its reader.
func (g *Gateway) open(w http.ResponseWriter, r *http.Request, s *socket) {
	if g.draining.Load() {
		later(w, retrySoon)
		problem(w, r, http.StatusServiceUnavailable, codeUnavailable)
		return
	}
	if g.admission.full() || g.short() {
		g.metrics.refused.WithLabelValues(strconv.Itoa(http.StatusServiceUnavailable)).Inc()
		later(w, retrySoon)
		problem(w, r, http.StatusServiceUnavailable, codeUnavailable)
		return
	}
	s.address = counted(g.proxies.client(r))
	if status := g.counts.admit(s.address, s.agentID(), g.most, g.limits); status != 0 {
		g.metrics.refused.WithLabelValues(strconv.Itoa(status)).Inc()
		later(w, retryLater)
		problem(w, r, status, "")
		return
	}
	conn, err := g.upgrader.Upgrade(w, r, nil)
	if err != nil {
		g.counts.release(s.address, s.agentID())
		g.log.Debug("no upgrade", zap.Error(err))
		return
	}
	s.conn, s.net = conn, conn.NetConn()
	s.heard.Store(g.ms())
	g.wheel.add(s)
	g.all.Go(s.read)
	if g.draining.Load() { // Drain may not have seen it
		s.close(wire.CloseDraining)
	}
}

func (s *socket) agentID() string {
	if s.agent == nil {
		return ""
	}
	return s.agent.id
}

// forget is the end of a socket's reader: nothing refers to the socket afterwards but a writer with a last word.
func (g *Gateway) forget(s *socket) {
	g.hub.remove(s)
	g.wheel.remove(s)
	if s.agent != nil {
		g.lines.leave(s)
		s.agent.mu.Lock()
		counted := s.agent.counted
		s.agent.mu.Unlock()
		if counted {
			g.desk.Disconnected(s.agent.id)
		}
	}
	s.leave()
	g.counts.release(s.address, s.agentID())
}
