package chat

import "time"

// State is where a conversation is in its life. Each state but Closed has exactly one owner.
type State string

// The states, and who owns the conversation in each.
const (
	WithBot   State = "bot"     // the bot answers
	Waiting   State = "waiting" // the line; perhaps offered to an agent
	WithAgent State = "agent"   // Conversation.Agent
	Snoozed   State = "snoozed" // Agent, if it has one; else the house, until Due
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
	MaxInvited  = 5
	MaxAvoid    = 16
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
	Known  string   `json:"known,omitempty"` // until an agent has it: who had the customer before, and is asked first
	Fence  int64    `json:"fence,omitempty"` // agents' seq of the latest assigned event

	OpenedAt     time.Time `json:"opened_at"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	WaitingSince time.Time `json:"waiting_since,omitzero"`  // since when a person is owed; kept by release, transfer and loss, new after a reopening
	CustomerAt   time.Time `json:"customer_at,omitzero"`    // the customer's last word
	CustomerLast bool      `json:"customer_last,omitempty"` // the customer waits for a reply: theirs was the last word, or it left the agent who had answered
	Due          *Due      `json:"due,omitempty"`

	Reason  string   `json:"reason,omitempty"`  // why a person was brought in, latest
	Feeling Feeling  `json:"feeling"`           // the strongest feeling that still holds; its quote stands in Feelings
	Offer   *Offer   `json:"offer,omitempty"`   // with Waiting only
	Promise *Promise `json:"promise,omitempty"` // what the customer was promised last: holds until it is closed or taken back

	Priority   string    `json:"priority,omitempty"`   // given by a rule of the bot; what it is worth is the team's to say
	Missed     int       `json:"missed,omitempty"`     // offers that came to nothing since it last had an owner
	Raised     bool      `json:"raised,omitempty"`     // too many did: it stands in the supervisors' lane
	AvoidUntil time.Time `json:"avoid_until,omitzero"` // until when those in Avoid are not asked again
	Invited    []string  `json:"invited,omitempty"`    // agents whom the owner asked in; at most MaxInvited
	Told       *Wait     `json:"told,omitempty"`       // the range that a waiting customer was told last
	ToldUntil  time.Time `json:"told_until,omitzero"`  // when they thought that it would be over: the end of the first range that is not over
	Alone      bool      `json:"alone,omitempty"`      // who waits was told that nobody is there, and not yet that somebody is
	Letter     *Letter   `json:"letter,omitempty"`     // the mail that tells of an agent's word, if the customer does not read it before
	Given      Done      `json:"given"`                // the numbers of the events that a repeated frame is answered with
	Asked      []Asked   `json:"asked,omitempty"`      // the bot's last questions with buttons or a form, oldest first
	Action     *Pending  `json:"action,omitempty"`     // an outside action that is under way
	Avoid      []string  `json:"avoid,omitempty"`      // agents it was taken from or who declined it, the latest last; at most MaxAvoid
	Nudges     int       `json:"nudges,omitempty"`     // reminders since the customer's last word
	Rating     *Rating   `json:"rating,omitempty"`
	Erased     int64     `json:"erased,omitempty"` // contents are gone up to this place in the log; 0: none were erased

	Lines    []Line            `json:"lines,omitempty"`    // contents
	Feelings []FeelingMark     `json:"feelings,omitempty"` // contents: quotes
	Fields   map[string]string `json:"fields,omitempty"`   // contents
	Names    map[string]string `json:"names,omitempty"`    // contents: of agents who took part, by id
	Memory   Memory            `json:"memory,omitempty"`   // contents: the bot's own
	Baton    *Baton            `json:"baton,omitempty"`    // contents: of the latest escalation
	Quote    string            `json:"quote,omitempty"`    // contents: of the latest escalation
	About    string            `json:"about,omitempty"`    // contents: what it is about, in few words
	Contact  *Contact          `json:"contact,omitempty"`  // contents: how the customer said they can be reached
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
	DueSilent DueKind = "silent" // the customer is silent: asked gently, then closed
	DueLetter DueKind = "letter" // the agent's word goes out by mail if the customer has not read it
)

// Offer is a conversation held out to one agent. From is the colleague who passes it on: to whom it returns if refused.
type Offer struct {
	Agent string    `json:"agent"`
	Until time.Time `json:"until"`
	From  string    `json:"from,omitempty"`
	Word  time.Time `json:"word,omitzero"` // when the customer is to hear how things stand, as it was due before
}

// Promise is an answer that the customer was promised, between At and Until. It is kept when a person has the
// conversation by Until; a call, when a person has it within that time.
type Promise struct {
	At      time.Time `json:"at"`
	Until   time.Time `json:"until,omitzero"`
	Channel string    `json:"channel,omitempty"`
	Met     time.Time `json:"met,omitzero"` // when it was kept, or made up for; zero: not yet
}

// Ahead tells whether what was promised is still to come at a time.
func (p *Promise) Ahead(now time.Time) bool { return p != nil && p.Met.IsZero() && p.At.After(now) }

// Letter is a mail that is to go out at a time, after so many tries that failed or are not known to have gone well.
type Letter struct {
	At    time.Time `json:"at"`
	Tries int       `json:"tries,omitempty"`
	Of    int64     `json:"of,omitempty"` // place in the log of the word that it tells of
}

// Channels of a promise.
const (
	ByPhone = "phone"
	ByEmail = "email"
)

// Reasons of what the house says to who waits.
const (
	Cancelled = "cancelled" // what was promised is taken back
	Nobody    = "nobody"    // none of the people is there
	Somebody  = "somebody"  // somebody is, after all
)

// Contact is how a customer can be reached outside of the chat.
type Contact struct {
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
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

// Asked is a message of the bot, or a word of the house to who waits, that waits for a button or a form. VisitorSeq is the
// number the customer knows.
type Asked struct {
	House      bool     `json:"house,omitempty"` // the house asks: it may be answered while a person is awaited
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

// Deadline is the next thing that is due, of the conversation or of its letter; nil if nothing is.
func (c Conversation) Deadline() *Due {
	if c.Letter != nil && (c.Due == nil || c.Letter.At.Before(c.Due.At)) {
		return &Due{At: c.Letter.At, What: DueLetter}
	}
	return c.Due
}

// Open tells whether somebody owes the conversation something.
func (c Conversation) Open() bool { return c.ID != "" && c.State != Closed }

// InDanger tells whether somebody is in danger by what was said: it holds until the conversation is closed.
func (c Conversation) InDanger() bool { return c.Feeling.Name == InCrisis || c.Reason == ReasonCrisis }

// Escalated tells whether a person has been brought in and not given it back.
func (c Conversation) Escalated() bool {
	return c.State == Waiting || c.State == WithAgent || c.State == Snoozed
}
