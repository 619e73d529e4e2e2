// Package bus tells every node what was committed. It is a signal and not the truth: what it loses, the sweep over
// recently changed conversations and the clients' own positions bring back.
package bus

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
)

// Message is what one append committed: the events as they are stored, and the conversation after the last of them, so
// that whoever shows it needs no query. Whoever receives it must not change what it points to.
//
// On another node than the one that committed it, Next may have no more than the fields ID, Site, Visitor, Language, State,
// Pos, AgentSeq, VisitorSeq, Team, Agent, Fence, Invited, Raised and CustomerLast; it is whole where one of the events
// holds the conversation out to an agent, or asks one in. A message without events is what a node's own sweep has found: it stays there.
type Message struct {
	Conversation string
	Events       []chat.Event
	Next         chat.Conversation
}

// SignalKind is what a Signal is about.
type SignalKind string

// The signals.
const (
	Typing   SignalKind = "typing"   // From types in Conversation
	Read     SignalKind = "read"     // From has read Conversation up to Seq
	Presence SignalKind = "presence" // the agent From is now Status, for Reason, and rests until Until
	Line     SignalKind = "line"     // the line of Team has moved, or one place in it if Conversation is set
	Revoked  SignalKind = "revoked"  // the sessions of From end now: role, password or account changed
)

// Links is the Reason of a Revoked that ends a visitor's links alone: their sockets come back, and those that came by a
// link are not let in again.
const Links = "links"

// Signal is what is worth telling and not worth storing. Which fields are set goes by the kind.
type Signal struct {
	Kind         SignalKind
	Conversation string
	Team         string
	From         chat.From
	Name         string // of From, as the other side may see it
	Status       string
	Reason       string
	Until        time.Time
	Seq          int64 // in the numbers of From's audience
}

// Handler is what a subscriber does with what arrives. A bus calls a handler from a goroutine of its own or from that of
// whoever publishes, one call at a time. It must return at once: it hands on to bounded queues of its own, and never
// waits for the network, for the store or for a lock that is held by whoever publishes. It may publish. A nil function is
// skipped.
type Handler struct {
	Message func(Message)
	Signal  func(Signal)

	// Glance sees another node's message before its events are decoded and says whether to decode them; attention:
	// supervisors may want it. If no handler does, Passed is called instead of Message. Both may be called while the others
	// are. nil: they are decoded.
	Glance func(next *chat.Conversation, attention bool) bool
	Passed func(next *chat.Conversation)
}

// Bus brings messages and signals to every subscriber on every node, those of the publishing node included.
//
// Each arrives at most once. Messages about one conversation that one goroutine published arrive in that order; of two
// goroutines, or two nodes, either may come first, so a subscriber goes by the events' numbers. All methods may be
// called at once from any goroutine.
type Bus interface {
	// Publish takes what was committed and returns at once. When the bounded queue is full, when Run is not running any
	// more, or when the other nodes cannot be reached, it is dropped and counted: it was committed, and will be found.
	Publish(ctx context.Context, m Message)

	// Signal is Publish for signals. They are dropped earlier, so that typing never crowds out what was said.
	Signal(ctx context.Context, s Signal)

	// Subscribe adds a handler, before or while Run runs. After cancel has returned no new call of it begins; one may
	// still be under way. cancel may be called more than once, and from within the handler.
	Subscribe(h Handler) (cancel func())

	// Run delivers until ctx ends, then delivers what it has taken already and returns nil; it returns an error only
	// if it cannot go on. It is called once. Nothing is delivered while it does not run.
	Run(ctx context.Context) error

	// Dropped is how many messages and signals this node has dropped since it began.
	Dropped() Dropped
}

// Dropped counts what did not arrive.
type Dropped struct {
	Messages, Signals uint64
}
