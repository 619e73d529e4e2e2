package sim

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// inbox is what a client has of its conversations: each event once, in order. What is missing is asked for by position.
type inbox struct {
	w       *world
	owner   client
	role    chat.Role
	by      func() staff.Principal
	who     func() string // the id of the customer or agent
	follows func(*chat.Conversation) bool
	seen    map[string]int64
	heard   map[string]int64 // how many they were
	asked   map[string]*conn // where what is missing was asked for, while there is no answer
	order   []string         // the conversations, as they came to be known
}

func newInbox(w *world, owner client, role chat.Role, by func() staff.Principal, who func() string, follows func(*chat.Conversation) bool) *inbox {
	return &inbox{w: w, owner: owner, role: role, by: by, who: who, follows: follows, seen: map[string]int64{}, heard: map[string]int64{}, asked: map[string]*conn{}}
}

func (in *inbox) take(by *node, conversation string, e *chat.Event) {
	if in.owner.connection() == nil {
		return
	}
	in.know(conversation)
	switch seq := seqOf(e, in.role); {
	case in.w.bug == "a slow reader misses what was told" && seq > in.seen[conversation]:
		in.show(by, conversation, seq, e)
	case seq <= in.seen[conversation]: // it is there
	case seq == in.seen[conversation]+1:
		in.show(by, conversation, seq, e)
	default:
		in.sync(conversation, seq)
	}
}

func (in *inbox) know(conversation string) {
	if _, ok := in.seen[conversation]; !ok {
		in.seen[conversation] = 0
		in.order = append(in.order, conversation)
	}
}

// forget takes a conversation from the screen that is not this client's.
func (in *inbox) forget(conversation string) {
	delete(in.seen, conversation)
	delete(in.heard, conversation)
	in.order = without(in.order, conversation)
}

// sync asks for what comes after what is there, up to head or beyond.
func (in *inbox) sync(conversation string, head int64) {
	in.know(conversation)
	on := in.owner.connection()
	if head <= in.seen[conversation] || on == nil || in.asked[conversation] == on || in.w.chance(in.w.rates.drop) {
		return
	}
	in.asked[conversation] = on
	in.w.after(in.w.between(0, 50*time.Millisecond), func() {
		if on.closed || !on.n.up() {
			return
		}
		on.n.put(task{"sync", func(ctx context.Context) {
			in.bring(ctx, on, conversation)
			delete(in.asked, conversation)
		}})
	})
}

// bring is what the gateway does when a client asks for what is missing: whether it is theirs is asked first.
func (in *inbox) bring(ctx context.Context, on *conn, conversation string) {
	if !in.unasked() {
		if _, err := on.n.desk.Conversation(ctx, in.by(), conversation); chat.KindOf(err) == chat.NotFound {
			in.forget(conversation)
			return
		} else if err != nil {
			return
		}
	}
	audience := store.ForAgents
	if in.role == chat.RoleVisitor {
		audience = store.ForVisitor
	}
	list, err := on.n.desk.Events(ctx, conversation, audience, in.seen[conversation], 1000)
	if err != nil || on != in.owner.connection() {
		return
	}
	in.know(conversation)
	if in.w.bug == "resumed by time" { // and what came within the same moment is passed over
		list = list[min(len(list), in.w.IntN(2)):]
	}
	for i := range list {
		e := &list[i]
		seq := seqOf(e, in.role)
		if seq <= in.seen[conversation] {
			continue
		}
		if seq > in.seen[conversation]+1 {
			in.w.oracle.breach("S6", conversation, "%s was brought %d after %d when it asked by position", in.role, seq, in.seen[conversation])
		}
		in.show(on.n, conversation, seq, e)
	}
}

// unasked tells whether the world's mistake is not to ask whose a conversation is.
func (in *inbox) unasked() bool {
	switch in.w.bug {
	case "whoever asks may read":
		return in.role == chat.RoleVisitor
	case "any agent may read":
		return in.role == chat.RoleAgent
	}
	return false
}

// show puts an event on the screen.
func (in *inbox) show(by *node, conversation string, seq int64, e *chat.Event) {
	in.w.oracle.shown(in, by, conversation)
	in.seen[conversation] = seq
	in.heard[conversation]++
	in.owner.hears(conversation, e)
}

// heartbeat tells how far each conversation has come.
func (in *inbox) heartbeat() {
	for _, id := range in.order {
		in.sync(id, seqHead(in.w.heads[id], in.role))
	}
}

// pry asks for a conversation that may be anybody's.
func (in *inbox) pry() {
	if id := in.w.anyConversation(); id != "" {
		in.sync(id, in.seen[id]+1)
	}
}

// anyConversation is one of those there are, "" if there is none.
func (w *world) anyConversation() string {
	if len(w.oracle.order) == 0 {
		return ""
	}
	return w.oracle.order[w.IntN(len(w.oracle.order))]
}
