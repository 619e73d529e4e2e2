package gateway

import (
	"net/http"
	"slices"
	"time"

	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// Links are stopped by whoever has one, so tries are counted by address.
const (
	stopsFrom  = 60 // an address, in stopWindow
	stopWindow = 15 * time.Minute
	maxLink    = 256 // bytes of a link's token
)

// stopLink ends the links of the visitor whose link this is, and letters to them. The token is the right to do so. The
// answer is the same for a token that is none.
func (g *Gateway) stopLink(w http.ResponseWriter, r *http.Request) {
	var in struct{ Link string }
	err := decode(w, r, &in, "link")
	if err == nil && (in.Link == "" || len(in.Link) > maxLink) {
		err = invalid("link is needed, of at most 256 bytes.")
	}
	address := counted(g.proxies.client(r))
	if err == nil {
		err = g.countStop(r, address)
	}
	if err == nil {
		err = g.desk.StopLink(r.Context(), in.Link, address)
	}
	g.answer(w, r, nil, err)
}

func (g *Gateway) countStop(r *http.Request, address string) error {
	if !g.limits {
		return nil
	}
	now := g.clock()
	count, until, err := g.store.Attempt(r.Context(), "stop "+session.Hash(address), now, stopWindow)
	if err == nil && count > stopsFrom {
		err = &session.Later{After: max(until.Sub(now), time.Second)}
	}
	return err
}

// revokeLinks ends the links of a visitor, and letters to them.
func (g *Gateway) revokeLinks(w http.ResponseWriter, r *http.Request, a store.Agent) {
	visitor, err := visitorOf(r)
	if err == nil {
		err = g.desk.RevokeLinks(r.Context(), staff.AsAgent(a.Agent), visitor, g.act(r, a, "revoke_links", visitor))
	}
	g.answer(w, r, nil, err)
}

// returnVisitor sends every socket of a visitor on this node away to come back: who came by a link that has ended is not
// let in again, and the others go on where they were.
func (g *Gateway) returnVisitor(visitor string) {
	g.hub.mu.Lock()
	sockets := slices.Clone(g.hub.visitors[visitor])
	g.hub.mu.Unlock()
	for _, s := range sockets {
		s.close(wire.CloseRestart)
	}
}
