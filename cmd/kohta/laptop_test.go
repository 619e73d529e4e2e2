package main

import (
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// seen returns the frames that came so far and are wanted.
func (g *guest) seen(wanted func(wire.Received) bool) (list []wire.Received) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.inbox {
		if wanted(r) {
			list = append(list, r)
		}
	}
	return list
}

// assigned are the conversations that an agent's socket was given, in order.
func (g *guest) assigned() (list []string) {
	for _, r := range g.seen(func(r wire.Received) bool { return r.Type == "event" && r.Kind == string(chat.KindAssigned) }) {
		list = append(list, r.Conversation)
	}
	return list
}

// TestALaptopIsClosed has an agent vanish with three conversations, without a word on the network. Each customer is told,
// and a colleague gets all three in the order in which they had waited; and when the laptop wakes up, what it wants to say
// is refused and lost for nobody.
func TestALaptopIsClosed(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel() // a connection that says nothing is given up after half a minute, and then there is half a minute of grace
	url, _, _ := startRedis(t)
	dir := t.TempDir()
	if _, stderr, status := runKohta(t, "", "migrate", "--data", dir); status != 0 {
		t.Fatal(stderr)
	}
	p := startDesk(t, dir, "127.0.0.1:0", "--demo", "--redis", url)
	if _, stderr, status := runKohta(t, "", "team", "set", demoTeam, "--assignment", "auto", "--data", dir); status != 0 {
		t.Fatal(stderr)
	}
	aino := p.colleague(t, "aino@demo.example")
	aino.welcome()
	online(t, aino)

	var customers []*guest
	var conversations []string
	for range 3 {
		c := p.guest(wire.Greeting{Language: "fi"})
		c.welcome()
		customers, conversations = append(customers, c), append(conversations, c.do(wire.AskHuman, "", chat.AskHuman{}).Conversation)
	}
	until(t, patience, "she has all three", func() bool { return slices.Equal(aino.assigned(), conversations) })
	fence := aino.await("assigned", func(r wire.Received) bool {
		return r.Kind == string(chat.KindAssigned) && r.Conversation == conversations[0]
	}).Seq

	aino.Mute()
	ville := p.colleague(t, "ville@demo.example")
	ville.welcome()
	online(t, ville)
	until(t, 5*time.Minute, "he has all three, in the order in which they waited", func() bool { return slices.Equal(ville.assigned(), conversations) })
	for i, c := range customers {
		lost := c.await("that the agent is gone", func(r wire.Received) bool { return r.Kind == string(chat.KindUnassigned) })
		again := c.await("who comes next", func(r wire.Received) bool {
			return r.Kind == string(chat.KindAssigned) && r.Seq > lost.Seq && r.Agent != nil && r.Agent.Name == "Ville Koskinen"
		})
		if lost.Reason != "agent_lost" || again.Seq != lost.Seq+1 {
			t.Errorf("customer %d was told %q at %d, and who comes at %d", i, lost.Reason, lost.Seq, again.Seq)
		}
	}

	awake := p.colleague(t, "aino@demo.example")
	awake.welcome()
	late, err := awake.Do(t.Context(), &wire.Frame{Type: wire.Post, Conversation: conversations[0], Fence: fence, Command: chat.Post{Text: "Anteeksi, että kesti"}})
	if err != nil || late.Err == nil || late.Err.Code != wire.Conflict {
		t.Errorf("the laptop wakes and writes: %+v, %v", late, err)
	}
	if stdout, _, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds:\n%s", stdout)
	}
}

func online(t *testing.T, agent *guest) {
	t.Helper()
	if err := agent.Send(&wire.Frame{Type: wire.Presence, Status: "online"}); err != nil {
		t.Fatal(err)
	}
}
