package check

import (
	"slices"
	"strings"
	"testing"
)

// Who is in the made-up history.
const (
	anna, bert = "id-anna", "id-bert" // customers
	kim, lea   = "id-kim", "id-lea"   // agents
	first      = "c1"                 // Anna's conversation
	second     = "c2"                 // Bert's
)

func words(sender, conversation string, n int) string {
	return Write("Hei", Body{Sender: sender, Conversation: Tag(conversation), Number: n})
}

// sound is a run in which everything went well: Anna writes twice and Kim answers, Bert writes once and Lea has him.
func sound() History {
	a1, a2, k1, b1, l1 := words("anna", "", 1), words("anna", first, 2), words("kim", first, 1), words("bert", "", 1), words("lea", second, 1)
	log := []Event{
		{1, "message", "a1", "visitor", anna, "", a1},
		{2, "feeling", "", "system", "", "", ""},
		{3, "escalated", "", "bot", "", "", ""},
		{4, "assigned", "", "system", "", kim, ""},
		{5, "message", "a2", "visitor", anna, "", a2},
		{6, "message", "k1", "agent", kim, "", k1},
	}
	annas := []Event{log[0], log[2], log[3], log[4], log[5]} // without the feeling
	for i := range annas {
		annas[i].Seq = int64(i) + 1
	}
	berts := []Event{{1, "message", "b1", "visitor", bert, "", b1}, {2, "escalated", "", "bot", "", "", ""}, {3, "assigned", "", "system", "", lea, ""}, {4, "message", "l1", "agent", lea, "", l1}}
	return History{
		Participants: []Participant{
			{
				Name: "anna", ID: anna, Current: []string{first},
				Posts: []Post{
					{Key: "a1", Text: a1, Sent: 1, Acked: 2, Conversation: first, Seq: 1},
					{Key: "a2", Text: a2, Sent: 3, Acked: 4, Conversation: first, Seq: 4},
				},
				Shown: map[string][]Event{first: slices.Clone(annas)}, Final: map[string][]Event{first: annas},
			},
			{
				Name: "bert", ID: bert, Current: []string{second},
				Posts: []Post{{Key: "b1", Text: b1, Sent: 1, Acked: 2, Conversation: second, Seq: 1}, {Key: "b2", Text: words("bert", second, 2), Sent: 3, Refused: "closed"}},
				Shown: map[string][]Event{second: slices.Clone(berts)}, Final: map[string][]Event{second: slices.Clone(berts)},
			},
			{
				Name: "kim", ID: kim, Agent: true, Current: []string{first}, Owns: []string{first},
				Posts: []Post{{Key: "k1", Text: k1, Fence: 4, Sent: 1, Acked: 2, Conversation: first, Seq: 6}},
				Shown: map[string][]Event{first: slices.Clone(log)},
			},
			{Name: "lea", ID: lea, Agent: true, Owns: []string{second}, Shown: map[string][]Event{second: slices.Clone(berts[:1])}},
		},
		Logs: map[string][]Event{first: log, second: berts},
		Rows: []Row{{first, "visitor", anna, "a1"}, {first, "visitor", anna, "a2"}, {first, "agent", kim, "k1"}, {second, "visitor", bert, "b1"}, {second, "agent", lea, "l1"}},
	}
}

func TestASoundRun(t *testing.T) {
	if v := Judge(sound()); v.Counts.Sum() != 0 || len(v.Breaches) != 0 {
		t.Errorf("%+v", v)
	}
}

// TestEachCountRises makes one thing go wrong at a time.
func TestEachCountRises(t *testing.T) {
	for _, c := range []struct {
		name string
		want Kind
		do   func(h *History)
	}{
		{"an acked message is nowhere", Lost, func(h *History) {
			h.Participants[0].Posts = append(h.Participants[0].Posts, Post{Key: "a3", Text: words("anna", first, 3), Sent: 5, Acked: 6, Conversation: first, Seq: 6})
		}},
		{"an acked message is in a conversation that is gone", Lost, func(h *History) {
			h.Participants[0].Posts = append(h.Participants[0].Posts, Post{Key: "a3", Text: words("anna", "", 3), Sent: 5, Acked: 6, Conversation: "c9", Seq: 1})
		}},
		{"a command was acked and did nothing", Lost, func(h *History) {
			h.Participants[2].Posts = append(h.Participants[2].Posts, Post{Key: "k2", Sent: 3, Acked: 4, Conversation: first, Seq: 7})
		}},
		{"who was connected misses the last event", Lost, func(h *History) { cut(h.Participants[0].Shown) }},
		{"an agent misses the last event of a conversation they have", Lost, func(h *History) { cut(h.Participants[2].Shown) }},
		{"a hole in the log", Lost, func(h *History) {
			h.Logs[first] = slices.Delete(h.Logs[first], 1, 2)
			h.Participants[2].Shown[first] = h.Participants[2].Shown[first][:1]
			h.Participants[2].Current = nil
		}},
		{"what was shown is gone", Lost, func(h *History) {
			p := &h.Participants[1]
			p.Shown[second] = append(p.Shown[second], Event{5, "closed", "", "system", "", "", ""})
		}},
		{"an answer does not reach the customer", Lost, func(h *History) {
			cut(h.Participants[0].Final)
			cut(h.Participants[0].Shown)
		}},
		{"a customer gets nothing of a conversation of theirs", Lost, func(h *History) {
			p := &h.Participants[1]
			p.Posts, p.Current = p.Posts[1:], nil
			clear(p.Final)
			clear(p.Shown)
		}},
		{"agents do not see a conversation", Lost, func(h *History) {
			delete(h.Logs, second)
			h.Participants[1].Posts = h.Participants[1].Posts[1:]
			h.Participants[3].Shown, h.Participants[3].Owns = nil, nil
			h.Rows = h.Rows[:3]
		}},
		{"the desk does not give all that it says there is", Lost, func(h *History) { h.Missing = []string{"3 of 4 events come of conversation c1"} }},
		{"the database has what nobody sees", Lost, func(h *History) { h.Rows = append(h.Rows, Row{"c9", "visitor", bert, "b9"}) }},
		{"the database has not what is shown", Lost, func(h *History) { h.Rows = h.Rows[:3] }},

		{"a key stands twice", Doubled, func(h *History) {
			again := h.Logs[second][3]
			again.Seq = 5
			everywhere(h, 1, second, again)
		}},
		{"a text stands twice, under two keys", Doubled, func(h *History) {
			again := h.Logs[second][3]
			again.Seq, again.Key = 5, "l8"
			h.Rows = append(h.Rows, Row{second, "agent", lea, "l8"})
			everywhere(h, 1, second, again)
		}},
		{"a position comes twice", Doubled, func(h *History) {
			h.Participants[0].Shown[first] = slices.Insert(h.Participants[0].Shown[first], 5, h.Participants[0].Shown[first][4])
			h.Participants[0].Final[first] = slices.Insert(h.Participants[0].Final[first], 5, h.Participants[0].Final[first][4])
		}},
		{"what was refused is there", Doubled, func(h *History) { h.Participants[0].Posts[1].Acked, h.Participants[0].Posts[1].Refused = 0, "conflict" }},
		{"acked and refused", Doubled, func(h *History) { h.Participants[0].Posts[1].Refused = "conflict" }},
		{"the second ack says something else", Doubled, func(h *History) { h.Participants[0].Posts[1].Differs = true }},

		{"an ack names another place", Reordered, func(h *History) { h.Participants[2].Posts[0].Seq = 5 }},
		{"sent after an ack, and stands before it", Reordered, func(h *History) {
			p := h.Participants[0].Posts
			p[1].Sent, p[1].Acked, p[0].Sent, p[0].Acked = 1, 2, 3, 4
		}},
		{"shown in another order", Reordered, func(h *History) {
			s := h.Participants[0].Shown[first]
			s[3], s[4] = s[4], s[3]
			s[3].Seq, s[4].Seq = 4, 5
		}},
		{"the customer's order is not the agents'", Reordered, func(h *History) {
			for _, s := range []map[string][]Event{h.Participants[0].Shown, h.Participants[0].Final} {
				s[first][3], s[first][4] = s[first][4], s[first][3]
				s[first][3].Seq, s[first][4].Seq = 4, 5
			}
			h.Participants[0].Posts[1].Seq = 5
		}},

		{"a customer is shown another's conversation", Misdelivered, func(h *History) { h.Participants[0].Shown[second] = h.Logs[second] }},
		{"a customer may read another's conversation", Misdelivered, func(h *History) { h.Participants[0].Final[second] = h.Logs[second] }},
		{"two customers in one conversation", Misdelivered, func(h *History) {
			e := Event{5, "message", "a3", "visitor", anna, "", words("anna", "", 3)}
			answer := Event{6, "message", "l2", "agent", lea, "", words("lea", second, 2)}
			h.Rows = append(h.Rows, Row{second, "visitor", anna, "a3"}, Row{second, "agent", lea, "l2"})
			everywhere(h, 1, second, e)
			everywhere(h, 1, second, answer)
			h.Participants[0].Final[second] = h.Logs[second]
		}},
		{"an agent's words are in the wrong conversation", Misdelivered, func(h *History) { everybody(h, first, "k1", words("kim", second, 1)) }},
		{"a text is torn", Misdelivered, func(h *History) { everybody(h, first, "a2", strings.Replace(words("anna", first, 2), "Hei", "Hej", 1)) }},
		{"a text is another's", Misdelivered, func(h *History) { everybody(h, first, "a2", words("bert", first, 2)) }},
		{"a position comes again, and is another", Misdelivered, func(h *History) { h.Participants[0].Strays = []string{"got position 2 again, and it is another"} }},
		{"something else is shown", Misdelivered, func(h *History) { h.Participants[0].Shown[first][1].Kind = "rated" }},

		{"two agents are told that it is theirs", DoubleOwned, func(h *History) { h.Participants[3].Owns = []string{first, second} }},
		{"given to a second agent", DoubleOwned, func(h *History) {
			everywhere(h, 1, second, Event{5, "assigned", "", "system", "", kim, ""})
		}},
		{"an agent writes into a colleague's", DoubleOwned, func(h *History) {
			e := Event{5, "message", "k9", "agent", kim, "", words("kim", second, 9)}
			h.Rows = append(h.Rows, Row{second, "agent", kim, "k9"})
			everywhere(h, 1, second, e)
		}},
		{"a stale fence", DoubleOwned, func(h *History) { h.Participants[2].Posts[0].Fence = 2 }},

		{"somebody waits", Starved, func(h *History) { h.Waiting = []string{second} }},
		{"somebody waits, as their log says", Starved, func(h *History) {
			everywhere(h, 1, second, Event{5, "unassigned", "", "system", "", lea, ""})
		}},
		{"somebody has an agent who does not answer", Starved, func(h *History) {
			h.Rows = append(h.Rows, Row{second, "visitor", bert, "b7"})
			everywhere(h, 1, second, Event{5, "message", "b7", "visitor", bert, "", words("bert", second, 7)})
		}},
		{"a frame got no answer", Starved, func(h *History) {
			h.Participants[1].Posts = append(h.Participants[1].Posts, Post{Key: "b3", Text: words("bert", second, 3), Sent: 5})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := sound()
			c.do(&h)
			v := Judge(h)
			if *v.Counts.of(c.want) == 0 {
				t.Errorf("not found: %+v", v)
			}
			for _, b := range v.Breaches {
				if b.Kind != c.want {
					t.Errorf("taken for %s: %s", b.Kind, b.Words)
				}
			}
		})
	}
}

// cut takes the last event away.
func cut(view map[string][]Event) {
	for id, log := range view {
		view[id] = log[:len(log)-1]
	}
}

// everywhere puts an event at the end of what agents and a customer see.
func everywhere(h *History, customer int, id string, e Event) {
	h.Logs[id] = append(slices.Clone(h.Logs[id]), e)
	c := &h.Participants[customer]
	c.Final[id], c.Shown[id] = append(slices.Clone(c.Final[id]), e), append(slices.Clone(c.Shown[id]), e)
}

// everybody has another text under a key, its sender too.
func everybody(h *History, id, key, text string) {
	change := func(log []Event) {
		for i := range log {
			if log[i].Key == key {
				log[i].Text = text
			}
		}
	}
	change(h.Logs[id])
	for _, p := range h.Participants {
		change(p.Shown[id])
		change(p.Final[id])
		for i := range p.Posts {
			if p.Posts[i].Key == key {
				p.Posts[i].Text = text
			}
		}
	}
}

func TestBodies(t *testing.T) {
	b := Body{Sender: "v12", Conversation: Tag("0193-x"), Number: 40}
	text := Write("Missä tilaukseni on?", b)
	if got, err := Read(text); err != nil || got != b {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{
		"", "Missä tilaukseni on?", strings.Replace(text, "40", "41", 1), strings.Replace(text, "v12", "v13", 1),
		strings.Replace(text, "Missä", "Missa", 1), text + "!", text[:len(text)-2],
	} {
		if _, err := Read(bad); err == nil {
			t.Errorf("%q is taken for whole", bad)
		}
	}
	if Tag("") != NoTag || Tag("a") == Tag("b") {
		t.Error("tags")
	}
}
