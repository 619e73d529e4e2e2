package crowd

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

const talkID = "c1"

// got has a client take in a frame, and returns what it sends for it.
func got(c *Client, r wire.Received) []*wire.Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticks++
	return c.take(nil, &r)
}

func event(seq int64, kind, key, role, from, text string) wire.Received {
	return wire.Received{Type: "event", Conversation: talkID, Seq: seq, Kind: kind, Key: key, From: wire.Sender{Role: role, ID: from}, Text: text}
}

func customer() *Client {
	c := New("visitor0", "127.0.0.1:1", false, wireclient.Options{})
	got(c, wire.Received{Type: "welcome", Visitor: "me", Token: "secret"})
	return c
}

func TestAHoleIsAskedFor(t *testing.T) {
	c := customer()
	got(c, event(1, "message", "k1", "visitor", "me", "a"))
	send := got(c, event(3, "message", "k3", "agent", "kim", "c"))
	if len(send) != 1 || send[0].Type != wire.Sync || send[0].Conversation != talkID || send[0].Seq != 1 {
		t.Fatalf("%+v", send)
	}
	if again := got(c, event(4, "closed", "", "agent", "kim", "")); len(again) != 0 {
		t.Errorf("asked again while it is on its way: %+v", again)
	}
	for seq := int64(2); seq <= 4; seq++ {
		got(c, event(seq, "message", "k", "agent", "kim", "x"))
	}
	if send := got(c, wire.Received{Type: "synced", Conversation: talkID, Head: 4}); len(send) != 0 {
		t.Errorf("asked for more than there is: %+v", send)
	}
	if send := got(c, wire.Received{Type: "heartbeat", Heads: map[string]int64{talkID: 6}}); len(send) != 1 || send[0].Seq != 4 {
		t.Errorf("a heartbeat with a higher head: %+v", send)
	}
	if len(c.Shown(talkID)) != 4 {
		t.Errorf("%+v", c.Shown(talkID))
	}
}

func TestWhatComesAgain(t *testing.T) {
	c := customer()
	first := event(1, "message", "k1", "visitor", "me", "a")
	got(c, first)
	got(c, first)
	if p := c.participant(); len(p.Strays) != 0 || len(p.Shown[talkID]) != 1 {
		t.Errorf("the same again: %+v", p)
	}
	got(c, event(1, "message", "k1", "visitor", "me", "b"))
	if p := c.participant(); len(p.Strays) != 1 || !strings.Contains(p.Strays[0], "another") {
		t.Errorf("another at the same place: %+v", p.Strays)
	}
	got(c, wire.Received{Type: "ack", Key: "never", Conversation: talkID, Seq: 1})
	if p := c.participant(); len(p.Strays) != 2 {
		t.Errorf("an ack for nothing: %+v", p.Strays)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []wire.Received
		want    func(p check.Post) bool
		pending int
	}{
		{"none", nil, func(p check.Post) bool { return p.Acked == 0 && p.Refused == "" }, 1},
		{"an ack", []wire.Received{{Type: "ack", Seq: 4}}, func(p check.Post) bool { return p.Acked > p.Sent && p.Seq == 4 && !p.Differs }, 0},
		{"the same ack twice", []wire.Received{{Type: "ack", Seq: 4}, {Type: "ack", Seq: 4}}, func(p check.Post) bool { return !p.Differs }, 0},
		{"another ack", []wire.Received{{Type: "ack", Seq: 4}, {Type: "ack", Seq: 5}}, func(p check.Post) bool { return p.Differs && p.Seq == 4 }, 0},
		{"an error", []wire.Received{{Type: "error", Code: "conflict"}}, func(p check.Post) bool { return p.Refused == "conflict" && p.Acked == 0 }, 0},
		{"an error after the ack", []wire.Received{{Type: "ack", Seq: 4}, {Type: "error", Code: "conflict"}}, func(p check.Post) bool { return p.Refused == "conflict" && p.Acked > 0 }, 0},
		{"later", []wire.Received{{Type: "error", Code: "unavailable", RetryAfter: 1}}, func(p check.Post) bool { return p.Refused == "" && p.Acked == 0 }, 1},
		{"later, then an ack", []wire.Received{{Type: "error", Code: "rate_limited"}, {Type: "ack", Seq: 1}}, func(p check.Post) bool { return p.Acked > 0 }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := customer()
			p := m.put(say(talkID, "Moi", 0))
			for _, a := range c.answers {
				a.Key, a.Conversation = p.Key, talkID
				got(m, a)
			}
			if !c.want(p.Post) || m.Pending() != c.pending {
				t.Errorf("%+v, %d pending", p.Post, m.Pending())
			}
			if b, err := check.Read(p.Text); err != nil || b != (check.Body{Sender: "visitor0", Conversation: check.Tag(talkID), Number: 1}) {
				t.Errorf("%+v, %v", b, err)
			}
		})
	}
}

// TestAfterAWelcome: the outbox goes out again in its order, and before it some frames that were answered.
func TestAfterAWelcome(t *testing.T) {
	c := customer()
	var keys []string
	for i := range 6 {
		p := c.put(say(talkID, "Moi", 0))
		keys = append(keys, p.Key)
		if i < 3 {
			got(c, wire.Received{Type: "ack", Key: p.Key, Conversation: talkID, Seq: int64(i) + 1})
		}
	}
	c.lost = time.Now()
	var sent []string
	for _, f := range got(c, wire.Received{Type: "welcome", Visitor: "me", Token: "secret"}) {
		sent = append(sent, f.Key)
	}
	if want := keys[1:]; !slices.Equal(sent, want) {
		t.Errorf("%v, want %v", sent, want)
	}
	if s := c.Stats(); len(s.Backs) != 1 || s.Resent != 5 {
		t.Errorf("%+v", s)
	}
}

// TestWhatAnAgentHas follows the events, and the welcome above all.
func TestWhatAnAgentHas(t *testing.T) {
	c := New("agent0", "127.0.0.1:1", true, wireclient.Options{})
	me := &wire.Sender{ID: "kim"}
	got(c, wire.Received{Type: "welcome", Agent: me})
	assigned := event(1, "assigned", "", "system", "", "")
	assigned.Agent = me
	got(c, assigned)
	if has := c.Has(); has[talkID] != 1 {
		t.Fatalf("%v", has)
	}
	taken := event(2, "assigned", "", "system", "", "")
	taken.Agent = &wire.Sender{ID: "lea"}
	got(c, taken)
	if has := c.Has(); len(has) != 0 {
		t.Errorf("%v after it was given to another", has)
	}
	got(c, wire.Received{Type: "welcome", Agent: me, Snapshots: []wire.Snapshot{
		{Conversation: "c2", State: chat.WithAgent, Agent: me, Fence: 7}, {Conversation: "c3", State: chat.Snoozed, Agent: me},
	}})
	if has := c.Has(); len(has) != 1 || has["c2"] != 7 {
		t.Errorf("%v after the welcome", has)
	}
}
