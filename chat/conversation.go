package chat

import "time"

// State is where a conversation is in its life. Each state but Closed has exactly one owner.
type State string

// The states, and who owns the conversation in each.
const (
	WithBot   State = "bot"     // the bot answers
	Waiting   State = "waiting" // the line; perhaps offered to an agent
	WithAgent State = "agent"   // Conversation.Agent
	Snoozed   State = "snoozed" // nobody until Due; then Agent, or the line
	Closed    State = "closed"
)

// Role is who speaks or acts.
type Role string

// The roles.
const (
	RoleVisitor Role = "visitor"
	RoleBot     Role = "bot"
	RoleAgent   Role = "agent"
	RoleSystem  Role = "system"
)

// Bounds of what the fold keeps.
const (
	MaxLines    = 20
	MaxFeelings = 20
	MaxQuote    = 200 // characters
	MaxAsked    = 5
)

// Conversation is the fold of a conversation's events: all that a decision needs, bounded in size. Its zero value is
// a conversation that has not begun. It is a value: Apply never changes what it was given.
type Conversation struct {
	ID       string `json:"id"`
	Site     string `json:"site"`
	Visitor  string `json:"visitor"`
	Language string `json:"language"`
	State    State  `json:"state"`

	// The last number given out in each count: places in the log, what agents see, what the visitor sees.
	Pos        int64 `json:"pos"`
	AgentSeq   int64 `json:"agent_seq"`
	VisitorSeq int64 `json:"visitor_seq"`

	Team   string   `json:"team,omitempty"`
	Skills []string `json:"skills,omitempty"`
	Agent  string   `json:"agent,omitempty"` // the owner with WithAgent; with Snoozed, Waiting and Closed who had it last, and is asked first
	Fence  int64    `json:"fence,omitempty"` // agents' seq of the latest assigned event

	OpenedAt     time.Time `json:"opened_at"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	WaitingSince time.Time `json:"waiting_since,omitzero"`  // since when a person is owed; kept by release, transfer and loss, new after a reopening
	CustomerAt   time.Time `json:"customer_at,omitzero"`    // the customer's last word
	CustomerLast bool      `json:"customer_last,omitempty"` // nobody but the bot's silence or the system came after the customer's last word
	Due          *Due      `json:"due,omitempty"`

	Reason  string   `json:"reason,omitempty"`  // why a person was brought in, latest
	Feeling Feeling  `json:"feeling"`           // the strongest feeling that still holds; its quote stands in Feelings
	Offer   *Offer   `json:"offer,omitempty"`   // with Waiting only
	Promise *Promise `json:"promise,omitempty"` // a promised call back, with Snoozed only
	Given   Done     `json:"given"`             // the numbers of the events that a repeated frame is answered with
	Asked   []Asked  `json:"asked,omitempty"`   // the bot's last questions with buttons or a form, oldest first
	Action  *Pending `json:"action,omitempty"`  // an outside action that is under way
	Avoid   []string `json:"avoid,omitempty"`   // agents it was taken from or who declined it since it last had an owner
	Nudges  int      `json:"nudges,omitempty"`  // reminders since the customer's last word
	Rating  *Rating  `json:"rating,omitempty"`
	Erased  int64    `json:"erased,omitempty"` // contents are gone up to this place in the log; 0: none were erased

	Lines    []Line            `json:"lines,omitempty"`    // contents
	Feelings []FeelingMark     `json:"feelings,omitempty"` // contents: quotes
	Fields   map[string]string `json:"fields,omitempty"`   // contents
	Names    map[string]string `json:"names,omitempty"`    // contents: of agents who took part, by id
	Memory   Memory            `json:"memory,omitempty"`   // contents: the bot's own
	Baton    *Baton            `json:"baton,omitempty"`    // contents: of the latest escalation
	Quote    string            `json:"quote,omitempty"`    // contents: of the latest escalation
	About    string            `json:"about,omitempty"`    // contents: what it is about, in few words
}

// Due is a deadline with what happens then.
type Due struct {
	At   time.Time `json:"at"`
	What DueKind   `json:"what"`
}

// DueKind says what a passed deadline asks for.
type DueKind string

// What is due.
const (
	DueWord   DueKind = "word"   // a waiting customer is told how things stand
	DueOffer  DueKind = "offer"  // an offer that nobody accepted goes on
	DueAnswer DueKind = "answer" // the agent owes an answer: nudged, then given to another
	DueAction DueKind = "action" // an outside action hangs: it counts as failed
	DueWake   DueKind = "wake"   // a snooze is over
)

// Offer is a conversation held out to one agent.
type Offer struct {
	Agent string    `json:"agent"`
	Until time.Time `json:"until"`
}

// Promise is a call back that the customer was promised.
type Promise struct {
	At      time.Time `json:"at"`
	Channel string    `json:"channel,omitempty"`
}

// Done has, for what may be asked for twice, the numbers of the event that did it.
type Done struct {
	Escalated Numbers `json:"escalated,omitzero"`
	Assigned  Numbers `json:"assigned,omitzero"`
	Closed    Numbers `json:"closed,omitzero"`
	Returned  Numbers `json:"returned,omitzero"`
	Snoozed   Numbers `json:"snoozed,omitzero"`
	Released  Numbers `json:"released,omitzero"`
	By        string  `json:"by,omitempty"` // the agent who released
}

// Numbers are an event's two numbers on the wire; zero for an audience that does not see it.
type Numbers struct {
	Agent   int64 `json:"agent,omitempty"`
	Visitor int64 `json:"visitor,omitempty"`
}

// Asked is a message of the bot that waits for a button or a form. VisitorSeq is the number the customer knows.
type Asked struct {
	VisitorSeq int64    `json:"seq"`
	Options    []Option `json:"options,omitempty"`
	Form       string   `json:"form,omitempty"`
	Fields     []Field  `json:"fields,omitempty"` // without values
	Answered   bool     `json:"answered,omitempty"`
}

// Pending is an outside action under way. Pos is that of its action_started event.
type Pending struct {
	Action
	Pos int64 `json:"pos"`
}

// Rating is the customer's last rating.
type Rating struct {
	Survey string `json:"survey"` // csat, nps or ces
	Score  int    `json:"score"`
}

// Open tells whether somebody owes the conversation something.
func (c Conversation) Open() bool { return c.ID != "" && c.State != Closed }

// Escalated tells whether a person has been brought in and not given it back.
func (c Conversation) Escalated() bool {
	return c.State == Waiting || c.State == WithAgent || c.State == Snoozed
}
