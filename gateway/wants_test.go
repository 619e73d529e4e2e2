package gateway

import (
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// What another node commits is read where somebody is to see it, and nowhere else.
func TestWhoWantsWhatAnotherNodeCommits(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		me := v.of("welcome")[0].Visitor
		h.agent(ainoID)
		watched := h.visitor("", nil).post("", "Moi").Conversation
		sari := h.agent(sariID)
		must(t, sari.Send(&wire.Frame{Type: wire.Watch, Conversation: watched}))
		sari.all()
		for name, of := range map[string]struct {
			next      chat.Conversation
			attention bool
			want      bool
		}{
			"a stranger's":               {chat.Conversation{ID: "c", Visitor: "x", State: chat.WithBot}, false, false},
			"of somebody here":           {chat.Conversation{ID: "c", Visitor: me, State: chat.WithBot}, false, true},
			"with an agent here":         {chat.Conversation{ID: "c", Visitor: "x", State: chat.WithAgent, Agent: ainoID}, false, true},
			"with an agent elsewhere":    {chat.Conversation{ID: "c", Visitor: "x", State: chat.WithAgent, Agent: villeID}, false, false},
			"was with an agent here":     {chat.Conversation{ID: "c", Visitor: "x", State: chat.Waiting, Agent: ainoID}, false, false},
			"an agent here is asked in":  {chat.Conversation{ID: "c", Visitor: "x", State: chat.WithAgent, Agent: villeID, Invited: []string{ainoID}}, false, true},
			"an agent here watches":      {chat.Conversation{ID: watched, Visitor: "x", State: chat.WithBot}, false, true},
			"supervisors may be alarmed": {chat.Conversation{ID: "c", Visitor: "x", State: chat.Waiting}, true, true},
		} {
			if got := h.gateway.hub.wants(&of.next, of.attention); got != of.want {
				t.Errorf("%s: %v", name, got)
			}
		}
		before := h.gateway.hub.heard.Load()
		h.gateway.hub.wants(&chat.Conversation{ID: "c", Visitor: "y"}, false)
		if !h.gateway.hub.heardOf("y", before) || h.gateway.hub.heardOf("z", before) {
			t.Error("who is being welcomed does not see that something came about them, and about nobody else")
		}
	})
}
