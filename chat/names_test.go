package chat_test

import (
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

// Who is named in an event is named by id and by name: a client that knows nobody yet can say who it was.
func TestAgentsAreNamed(t *testing.T) {
	at := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	do := func(c chat.Conversation, by chat.Envelope, cmd chat.Command) (chat.Conversation, []chat.Event) {
		t.Helper()
		by.At = at
		next, events, err := chat.Decide(c, by, cmd)
		if err != nil {
			t.Fatalf("%T: %v", cmd, err)
		}
		return next, events
	}
	house := chat.Envelope{By: chat.From{Role: chat.RoleSystem}}
	aino := chat.Envelope{By: chat.From{Role: chat.RoleAgent, ID: "aino"}, Name: "Aino"}
	sari := chat.Envelope{By: chat.From{Role: chat.RoleAgent, ID: "sari"}, Name: "Sari"}
	c, _ := do(chat.Conversation{ID: "c"}, house, chat.Open{Site: "demo", Visitor: "v", Language: "fi", Team: "support"})
	c, _ = do(c, house, chat.Escalate{Reason: chat.ReasonAsked})
	c, _ = do(c, aino, chat.Take{})

	for _, of := range []struct {
		what string
		by   chat.Envelope
		cmd  chat.Command
		name string
	}{
		{"taken over", sari, chat.Take{}, "Aino"},
		{"released", aino, chat.Release{}, "Aino"},
		{"lost", house, chat.Lose{}, "Aino"},
		{"transferred to a colleague", chat.Envelope{By: aino.By, Name: "Aino", To: "Ville"}, chat.Transfer{Agent: "ville"}, "Ville"},
	} {
		by := of.by
		by.Fence = c.Fence
		_, events := do(c, by, of.cmd)
		name := events[0].Contents.Whom
		if name == "" {
			name = events[0].Contents.Name
		}
		if name != of.name {
			t.Errorf("%s: %s names %q, want %q", of.what, events[0].Kind, name, of.name)
		}
		if by.By.Role == chat.RoleAgent && events[0].Contents.Name != by.Name {
			t.Errorf("%s: %q did it, want %q", of.what, events[0].Contents.Name, by.Name)
		}
	}
}
