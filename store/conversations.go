package store

import (
	"context"
	"fmt"
	"time"

	"github.com/kohta/kohta/chat"
)

// Append is one step of one conversation: what happened, the fold after it, and the keys that it answers. All of it
// is stored, or nothing.
type Append struct {
	// Pos is where the conversation must still stand: the Pos of the fold that the step was decided on. 0 means that
	// the conversation does not exist yet.
	Pos int64

	// Next is the fold after the events: Next.Pos = Pos + len(Events). Its site, visitor and time of opening are the
	// same in all steps of a conversation.
	Next chat.Conversation

	// Events have their numbers from chat.Apply; their positions are Pos+1, Pos+2, … There may be none when only keys
	// are to be recorded: the condition holds then too, and Next is not stored anew.
	Events []chat.Event

	// Keys are the frames that this step answers, each with its ack. Usually one; none for what nobody sent.
	Keys []Key

	// At is when it happened, by the reference clock. Keys are kept for 30 days from it.
	At time.Time

	// Holds is a second condition: how much an agent has who is given the conversation. nil: none. With it no two nodes
	// bring an agent over their capacity.
	Holds *Holds
}

// Holds says that an agent holds exactly Count conversations: those that are with them and those offered to them.
type Holds struct {
	Agent string
	Count int
}

// Key names a frame by its sender (a visitor's or an agent's id) and the key that the sender chose for it, and has the
// ack that it got. A key is unique to its sender, whatever the conversation.
type Key struct {
	Sender string
	Key    string
	Ack    Ack
}

// Ack is the answer to a frame: the conversation it went to and the number, in the sender's count, of its first event.
type Ack struct {
	Conversation string
	Seq          int64
}

// Known is the error of an Append of which a key is there already: nothing was stored, and Ack is the answer that the
// frame got the first time. It has no kind; find it with errors.As.
type Known struct {
	Key Key // with the ack of the first time
}

func (k *Known) Error() string {
	return fmt.Sprintf("key %s of %s was answered already", k.Key.Key, k.Key.Sender)
}

// ErrMoved is the error of an Append whose condition does not hold: the conversation is no longer where the step was
// decided, or is there already, or the visitor has another open conversation on the site. Nothing was stored. Read
// again, decide again. Its kind is conflict.
var ErrMoved error = &chat.Error{Kind: chat.Conflict, Words: "the conversation has moved on"}

// Audience is whose numbers a read goes by.
type Audience int

// The audiences. What one of them does not see has no number in its count.
const (
	ForLog     Audience = iota // every event, by Event.Pos
	ForAgents                  // what agents see, by Event.AgentSeq
	ForVisitor                 // what the visitor sees, by Event.VisitorSeq
)

// Number is an event's number in an audience's count; 0 if the audience does not see it.
func (a Audience) Number(e chat.Event) int64 {
	switch a {
	case ForAgents:
		return e.AgentSeq
	case ForVisitor:
		return e.VisitorSeq
	default:
		return e.Pos
	}
}

// Head is how far a conversation has come, and whose it is.
type Head struct {
	Conversation string
	Visitor      string
	State        chat.State
	Team         string
	Agent        string
	Pos          int64
	AgentSeq     int64
	VisitorSeq   int64
}

// HeadOf is the head of a conversation.
func HeadOf(c chat.Conversation) Head {
	return Head{Conversation: c.ID, Visitor: c.Visitor, State: c.State, Team: c.Team, Agent: c.Agent,
		Pos: c.Pos, AgentSeq: c.AgentSeq, VisitorSeq: c.VisitorSeq}
}

// Marks are how far each side has read a conversation, each in its own numbers. 0: nothing yet.
type Marks struct {
	Visitor int64
	Agent   int64
}

// Page is one part of a list. After is the cursor that the part before came with, empty for the first; Limit is at
// most how many, from 1 to MaxPage.
type Page struct {
	After string
	Limit int
}

// MaxPage is the most that one read of a list gives.
const MaxPage = 1000

// Conversations are the logs and their folds.
type Conversations interface {
	// Append stores one step and returns nil when it is durable. It fails with *Known when a key of it has been
	// answered before, and otherwise with ErrMoved when one of its conditions does not hold; *Known comes first, so that a
	// frame that is sent again gets its ack however far the conversation has moved. In both cases nothing was stored,
	// and no other Append notices. What waits at the same time shares a commit. The first Append of a visitor who was
	// erased fails with ErrMoved.
	//
	// An event of the kind chat.KindErased empties all events before it in the same transaction: they read as
	// chat.Event.Emptied from then on.
	Append(ctx context.Context, a Append) error

	// Known returns the ack that a key got, and whether the key is there.
	Known(ctx context.Context, sender, key string) (Ack, bool, error)

	// ForgetKeys removes keys that are older than before, some at a time, and returns how many there were.
	ForgetKeys(ctx context.Context, before time.Time) (int, error)

	// Conversation returns the fold as it was last appended. Its Lines are those that chat.LineOf makes of the log.
	Conversation(ctx context.Context, id string) (chat.Conversation, error)

	// OpenOf returns the conversation that a visitor has open on a site. There is at most one; not found if none.
	OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error)

	// LatestOf lists a visitor's conversations, open and closed, latest opened first, with the cursor of the next
	// part: empty at the end. Lists give folds without their Lines.
	LatestOf(ctx context.Context, visitor string, page Page) ([]chat.Conversation, string, error)

	// EventsAfter returns the events of a conversation that the audience sees and whose number in its count is above
	// after, in order, without a hole, at most limit (1 to MaxPage). A conversation that is not there has no events.
	EventsAfter(ctx context.Context, conversation string, audience Audience, after int64, limit int) ([]chat.Event, error)

	// Changed lists conversations that were appended to since a cursor, at most limit, each as it stands now, and the
	// cursor to go on from. Who goes on until nothing is listed has passed over no commit, but may have seen a
	// conversation more than once. A negative cursor lists nothing and returns where things stand now.
	Changed(ctx context.Context, cursor int64, limit int) ([]Head, int64, error)

	// Ahead lists, from the latest limit events, the conversations that were appended to and that Changed cannot list yet, each as
	// it stands now: it lists nothing behind a transaction that is still under way, were it another program's. Nothing is promised
	// but that what is listed is stored.
	Ahead(ctx context.Context, limit int) ([]Head, error)

	// Due lists the conversations whose chat.Conversation.Deadline is at or before now, the earliest first, at most limit.
	Due(ctx context.Context, now time.Time, limit int) ([]string, error)

	// InState lists the conversations in a state by id, with the cursor of the next part: empty at the end. It is
	// quick for chat.Waiting; for the other states it may have to look at everything. Without Lines.
	InState(ctx context.Context, state chat.State, page Page) ([]chat.Conversation, string, error)

	// HeldBy returns the conversations that count against an agent's capacity, by id, without their Lines: those in state
	// chat.WithAgent that are theirs, and those that are offered to them.
	HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error)

	// OwnedBy returns the conversations that an agent has or has snoozed, by id, without their Lines.
	OwnedBy(ctx context.Context, agent string) ([]chat.Conversation, error)

	// InvitedTo returns the open conversations that an agent is invited to, by id, without their Lines.
	InvitedTo(ctx context.Context, agent string) ([]chat.Conversation, error)

	// MarkRead says that the visitor (chat.RoleVisitor) or the agents (chat.RoleAgent) have read up to seq in their
	// numbers. A mark never goes back.
	MarkRead(ctx context.Context, conversation string, by chat.Role, seq int64) error

	// ReadMarks returns the marks of conversations; those without any are left out.
	ReadMarks(ctx context.Context, conversations []string) (map[string]Marks, error)

	// Each calls fn with every conversation, by id, until fn returns an error, which it returns. Appends go on
	// meanwhile: fn sees each fold, without its Lines, as it was at some moment of the call. fn may call the store.
	Each(ctx context.Context, fn func(chat.Conversation) error) error
}
