package sim

import (
	"context"
	"slices"
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
	known   map[string]*sight
	order   []*sight // as they came to be known
}

// sight is what a client has of one conversation.
type sight struct {
	id          string
	seen, heard int64              // up to where, and how many they were
	asked       *conn              // where what is missing was asked for, while there is no answer
	head        *chat.Conversation // as it was committed last; nil: nobody has looked for it
	of          *record            // what the oracle knows of it; nil: nobody has looked for it
}

func newInbox(w *world, owner client, role chat.Role, by func() staff.Principal, who func() string, follows func(*chat.Conversation) bool) *inbox {
	return &inbox{w: w, owner: owner, role: role, by: by, who: who, follows: follows, known: map[string]*sight{}}
}

// has is what there is of a conversation.
func (in *inbox) has(conversation string) (sight, bool) {
	if s := in.find(conversation); s != nil {
		return *s, true
	}
	return sight{}, false
}

func (in *inbox) take(by *node, conversation string, e *chat.Event) {
	if in.owner.connection() == nil {
		return
	}
	s := in.know(conversation)
	switch seq := seqOf(e, in.role); {
	case in.w.bug == "a slow reader misses what was told" && seq > s.seen:
		in.show(by, s, seq, e)
	case seq <= s.seen: // it is there
	case seq == s.seen+1:
		in.show(by, s, seq, e)
	default:
		in.ask(s, seq)
	}
}

// find is the sight of a conversation, nil if there is none. Most clients have few.
func (in *inbox) find(conversation string) *sight {
	if len(in.order) > 8 {
		return in.known[conversation]
	}
	for _, s := range slices.Backward(in.order) {
		if s.id == conversation {
			return s
		}
	}
	return nil
}

func (in *inbox) know(conversation string) *sight {
	s := in.find(conversation)
	if s == nil {
		s = &sight{id: conversation}
		in.known[conversation] = s
		in.order = append(in.order, s)
	}
	return s
}

// forget takes a conversation from the screen that is not this client's.
func (in *inbox) forget(conversation string) {
	delete(in.known, conversation)
	in.order = slices.DeleteFunc(slices.Clone(in.order), func(s *sight) bool { return s.id == conversation })
}

// sync asks for what comes after what is there, up to head or beyond.
func (in *inbox) sync(conversation string, head int64) { in.ask(in.know(conversation), head) }

func (in *inbox) ask(s *sight, head int64) {
	on := in.owner.connection()
	if head <= s.seen || on == nil || s.asked == on || in.w.chance(in.w.rates.drop) {
		return
	}
	s.asked = on
	conversation := s.id
	in.w.after(in.w.between(0, 50*time.Millisecond), func() {
		if on.closed || !on.n.up() {
			return
		}
		on.n.put(task{"sync", func(ctx context.Context) {
			in.bring(ctx, on, conversation)
			if s := in.find(conversation); s != nil {
				s.asked = nil
			}
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
	had, _ := in.has(conversation)
	list, err := on.n.desk.Events(ctx, conversation, audience, had.seen, 1000)
	if err != nil || on != in.owner.connection() {
		return
	}
	s := in.know(conversation)
	if in.w.bug == "resumed by time" { // and what came within the same moment is passed over
		list = list[min(len(list), in.w.IntN(2)):]
	}
	for i := range list {
		e := &list[i]
		seq := seqOf(e, in.role)
		if seq <= s.seen {
			continue
		}
		if seq > s.seen+1 {
			in.w.oracle.breach("S6", conversation, "%s was brought %d after %d when it asked by position", in.role, seq, s.seen)
		}
		in.show(on.n, s, seq, e)
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
func (in *inbox) show(by *node, s *sight, seq int64, e *chat.Event) {
	in.w.oracle.shown(in, by, s)
	s.seen = seq
	s.heard++
	in.owner.hears(s.id, e)
}

// heartbeat tells how far each conversation has come.
func (in *inbox) heartbeat() {
	for _, s := range in.order {
		if s.head == nil {
			s.head = in.w.heads[s.id]
		}
		in.ask(s, seqHead(s.head, in.role))
	}
}

// pry asks for a conversation that may be anybody's.
func (in *inbox) pry() {
	if id := in.w.anyConversation(); id != "" {
		s := in.know(id)
		in.ask(s, s.seen+1)
	}
}

// anyConversation is one of those there are, "" if there is none.
func (w *world) anyConversation() string {
	if len(w.oracle.order) == 0 {
		return ""
	}
	return w.oracle.order[w.IntN(len(w.oracle.order))].id
}
