package gateway

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// A node that alone is cut off sends its agents elsewhere until it is not any more; its customers stay, and more may come.
func TestAnOutcastSendsAgentsElsewhere(t *testing.T) {
	var outcast atomic.Bool
	inHouse(t, func(o *Options) { o.Outcast = outcast.Load }, func(t *testing.T, h *house) {
		customer, agent := h.visitor("", nil), h.agent(ainoID)
		outcast.Store(true)
		time.Sleep(2 * time.Second) // by the clock of the test
		agent.wantClosed(wire.CloseDraining)
		h.wantRefused(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(ainoID)), http.StatusServiceUnavailable)
		customer.wantOpen()
		customer.post("", "Moi")
		h.visitor("", nil)
		outcast.Store(false)
		h.agent(ainoID)
	})
}
