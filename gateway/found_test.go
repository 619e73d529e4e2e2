package gateway

import (
	"testing"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// What the sweep has found stands for the signals that were lost with it: an offer is held out, and who was erased is sent away.
func TestWhatTheSweepFinds(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, aino, ville := h.visitor("", nil), h.agent(ainoID), h.agent(villeID)
		id := v.post("", "Moi").Conversation
		c := h.desk.folds[id]
		c.State, c.Team, c.Offer = chat.Waiting, "support", &chat.Offer{Agent: ainoID, Until: now().Add(time.Minute)}
		c.Pos++
		h.gateway.committed(bus.Message{Conversation: id, Next: c})
		if len(aino.of("offer")) != 1 || len(ville.of("offer")) != 0 {
			t.Errorf("held out to Aino %d times, to Ville %d times", len(aino.of("offer")), len(ville.of("offer")))
		}
		v.wantOpen()
		c.State, c.Offer, c.Erased = chat.Closed, nil, c.Pos
		h.gateway.committed(bus.Message{Conversation: id, Next: c})
		v.wantClosed(wire.CloseUnauthorized)
	})
}
