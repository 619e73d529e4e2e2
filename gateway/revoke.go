package gateway

import (
	"context"
	"slices"

	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// Revoke closes every socket that an agent has on this node, at once.
func (g *Gateway) Revoke(agent string) {
	for _, s := range g.hub.agentSockets(agent) {
		s.close(wire.CloseRevoked)
	}
}

// RevokeVisitor closes every socket that a visitor has on this node: the token is no longer good.
func (g *Gateway) RevokeVisitor(visitor string) {
	g.hub.mu.Lock()
	sockets := slices.Clone(g.hub.visitors[visitor])
	g.hub.mu.Unlock()
	for _, s := range sockets {
		s.fail(&wire.Error{Code: wire.Unauthorized, Close: wire.CloseUnauthorized})
	}
}

// sendAgentsElsewhere has agents come back on another node while this one is cut off from what tells the others that they
// are here: there they would count as gone, and their conversations would be given to colleagues.
func (g *Gateway) sendAgentsElsewhere() {
	if !g.outcast() {
		return
	}
	for _, s := range g.hub.agentSockets("") {
		s.close(wire.CloseDraining)
	}
}

// checkSessions holds every agent's socket against its session, of one agent or (empty) of all: whose session has
// ended or who is disabled stays away, whose role, teams or name have changed comes back and gets what they may see
// now.
func (g *Gateway) checkSessions(ctx context.Context, agent string) {
	sockets := g.hub.agentSockets(agent)
	if len(sockets) == 0 {
		return
	}
	var hashes []string
	for _, s := range sockets {
		hashes = append(hashes, s.agent.session)
	}
	slices.Sort(hashes)
	agents, err := g.sessions.WhoHave(ctx, slices.Compact(hashes))
	if err != nil {
		return // nobody is sent away for a store that is not there; it is looked again in a second
	}
	for _, s := range sockets {
		switch now, ok := agents[s.agent.session]; {
		case !ok:
			s.close(wire.CloseRevoked)
		case changed(s.agent.account(), now):
			s.close(wire.CloseRestart)
		}
	}
}

func changed(was, is store.Agent) bool {
	return was.Role != is.Role || was.Name != is.Name || !slices.Equal(was.Teams, is.Teams)
}

// agentSockets are those of one agent, or (empty) of all.
func (h *hub) agentSockets(agent string) []*socket {
	h.mu.Lock()
	defer h.mu.Unlock()
	if agent != "" {
		return slices.Clone(h.agents[agent])
	}
	var list []*socket
	for _, sockets := range h.agents {
		list = append(list, sockets...)
	}
	return list
}
