package desk

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Who begins a new conversation comes to the agent who had them before, if that agent is there and has room: as who reopens
// one does.
func TestANewConversationComesToWhomTheyKnow(t *testing.T) {
	away := func(d *testDesk) {
		d.must(d.SetPresence(d.ctx, d.people().agents[ainoID], "away", ""))
	}
	full := func(d *testDesk) {
		for range staff.DefaultCapacity {
			d.do(d.agentPrincipal(ainoID, "Aino"), d.awaits(), chat.Take{})
		}
	}
	for _, c := range []struct {
		name  string
		first func(*testDesk)
		comes string
	}{
		{"there", func(*testDesk) {}, ainoID},
		{"away", away, villeID},
		{"full", full, villeID},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTestDesk(t, nil)
			d.online(villeID, "Ville") // who has been idle for longest ever since
			d.clock.pass(time.Second)
			d.online(ainoID, "Aino")
			marja := d.visitor()
			aino := d.agentPrincipal(ainoID, "Aino")
			had := d.do(marja, "", chat.AskHuman{}).Conversation
			d.do(aino, had, chat.Take{})
			d.do(aino, had, chat.Resolve{})
			d.clock.pass(time.Second)
			bot := d.do(marja, "", chat.Post{Text: "aukioloajat"}).Conversation // and once more for the bot alone
			d.do(marja, bot, chat.End{})
			d.clock.pass(time.Second)
			c.first(d)
			again := d.do(marja, "", chat.AskHuman{}).Conversation
			d.dispatchOnce()
			if got := d.conversation(again); again == had || got.Agent != c.comes {
				t.Errorf("%s comes to %q, not %q", again, got.Agent, c.comes)
			}
			d.healthy()
		})
	}
}

// A node of the version before stores the fold without whom they know: that is no breach, and it goes on as it did.
func TestWhomTheyKnowMayBeLost(t *testing.T) {
	d := newTestDesk(t, nil)
	marja, aino := d.visitor(), d.agentPrincipal(ainoID, "Aino")
	had := d.do(marja, "", chat.AskHuman{}).Conversation
	d.do(aino, had, chat.Take{})
	d.do(aino, had, chat.Resolve{})
	d.clock.pass(time.Second)
	id := d.do(marja, "", chat.Post{Text: "aukioloajat"}).Conversation
	c := d.conversation(id)
	if c.Known != ainoID {
		t.Fatalf("they know %q", c.Known)
	}
	was := c
	c, e := chat.Apply(c, chat.Event{At: d.clock.Now(), Kind: chat.KindNote, From: chat.From{Role: chat.RoleAgent, ID: villeID}})
	c.Known = ""
	d.must(d.store.Append(d.ctx, store.Append{Pos: was.Pos, Next: c, Events: []chat.Event{e}, At: e.At}))
	d.conversations.forget(id)
	d.healthy()
	d.online(villeID, "Ville")
	d.do(marja, id, chat.AskHuman{})
	d.dispatchOnce()
	if c := d.conversation(id); c.Agent != villeID {
		t.Errorf("it is %q's", c.Agent)
	}
	d.healthy()
}
