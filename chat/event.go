package chat

import "time"

// Kind is what happened.
type Kind string

// Kinds that customer and agents see.
const (
	KindMessage     Kind = "message"
	KindEscalated   Kind = "escalated"
	KindAssigned    Kind = "assigned"
	KindUnassigned  Kind = "unassigned"
	KindTransferred Kind = "transferred"
	KindRated       Kind = "rated"
	KindSnoozed     Kind = "snoozed"
	KindWoken       Kind = "woken"
	KindReturned    Kind = "returned" // given back to the bot
	KindReopened    Kind = "reopened"
	KindClosed      Kind = "closed"
	KindPromised    Kind = "promised"
)

// Kinds that agents alone see.
const (
	KindNote     Kind = "note"
	KindInvited  Kind = "invited"
	KindLeft     Kind = "left"   // who was invited left again
	KindRaised   Kind = "raised" // to the supervisors' lane
	KindMailed   Kind = "mailed" // a letter about an answer went out, or could not
	KindFeeling  Kind = "feeling"
	KindNudged   Kind = "nudged"
	KindOffered  Kind = "offered"
	KindDeclined Kind = "declined"
)

// Kinds that stand in the log alone.
const (
	KindOpened        Kind = "opened"
	KindActionStarted Kind = "action_started"
	KindActionEnded   Kind = "action_ended"
	KindBotState      Kind = "bot_state"
	KindMailing       Kind = "mailing" // a letter is on its way, and tried again at the deadline
	KindErased        Kind = "erased"  // the contents of all events before it are gone
)

// From is who did it. An agent's name stands in Contents.Name, so that an erasure takes it.
type From struct {
	Role Role   `json:"role"`
	ID   string `json:"id,omitempty"`
}

// Event is one entry of a conversation's log. Apply gives out its three numbers; an event that was stored has them.
// The agents' or the visitor's number is 0 where that audience does not see it.
type Event struct {
	Pos        int64
	AgentSeq   int64
	VisitorSeq int64
	At         time.Time // UTC, whole milliseconds
	Kind       Kind
	From       From
	Key        string // of the sender's frame that made it; empty for what nobody sent
	Detail     Detail
	Contents   Contents
}

// Detail is what Apply may branch on. Which fields are set goes by the kind.
type Detail struct {
	Site     string     `json:"site,omitempty"`     // opened
	Visitor  string     `json:"visitor,omitempty"`  // opened
	Language string     `json:"language,omitempty"` // opened, message: the language to go on in
	Asks     *Asked     `json:"asks,omitempty"`     // message of the bot, promised; VisitorSeq is given by Apply
	Answers  int64      `json:"answers,omitempty"`  // message of the visitor: the Asked it answers, by its seq
	Option   string     `json:"option,omitempty"`   // message of the visitor: the button
	Intent   string     `json:"intent,omitempty"`   // message
	Because  []Because  `json:"because,omitempty"`  // message of the bot, escalated: the rules; evidence that quotes is contents
	Reason   string     `json:"reason,omitempty"`   // escalated, unassigned, declined, nudged (whom), assigned (refused), mailed (failed), promised (Cancelled, Nobody, Somebody)
	Team     string     `json:"team,omitempty"`     // opened, escalated, transferred
	Skills   []string   `json:"skills,omitempty"`   // escalated
	Agent    string     `json:"agent,omitempty"`    // assigned, unassigned, transferred, offered, declined, nudged, invited, left, woken; opened: whom the customer knows
	Sender   string     `json:"sender,omitempty"`   // offered: the colleague who passes it on
	By       Role       `json:"by,omitempty"`       // closed
	ByHand   bool       `json:"by_hand,omitempty"`  // assigned: taken by the agent, whatever the capacity
	Until    *time.Time `json:"until,omitempty"`    // snoozed, offered; declined, unassigned: when the agent may be asked again; promised: when people are back
	Promise  *Promise   `json:"promise,omitempty"`  // snoozed
	State    State      `json:"state,omitempty"`    // woken, reopened: where it goes
	Survey   string     `json:"survey,omitempty"`   // rated
	Score    int        `json:"score,omitempty"`    // rated
	Feeling  *Feeling   `json:"feeling,omitempty"`  // feeling; its quote is contents
	Of       int64      `json:"of,omitempty"`       // feeling: the agents' seq of the message
	ActionID string     `json:"action,omitempty"`   // action_started, action_ended
	Due      *Due       `json:"due,omitempty"`      // the deadline that holds from here on; nil: none, where the kind sets one
	Wait     *Wait      `json:"wait,omitempty"`     // promised, escalated: the range told
	Letter   *time.Time `json:"letter,omitempty"`   // message of an agent, mailing: when the letter goes out, or is tried again; nil: it does not
	Word     *time.Time `json:"word,omitempty"`     // offered: when the customer was to hear how things stand
	Priority string     `json:"priority,omitempty"` // escalated
	Owed     bool       `json:"owed,omitempty"`     // unassigned, transferred, woken, reopened: the customer is owed a word from here on; message: they were before
	Reach    bool       `json:"reach,omitempty"`    // message of the visitor: its fields say how to reach them
	Load     int        `json:"load,omitempty"`     // assigned, offered by the house, hundredths: what the agent had,
	Weight   int        `json:"weight,omitempty"`   // what this adds,
	Capacity int        `json:"capacity,omitempty"` // and what they may have
}

// Wait is how long an answer takes, as it was told to the customer, in seconds.
type Wait struct {
	Low  int `json:"low_s"`
	High int `json:"high_s"`
}

// Contents is what people said or are called. It can be erased: Apply keeps it and never branches on it.
type Contents struct {
	Text    string            `json:"text,omitempty"`
	Quote   string            `json:"quote,omitempty"`
	Name    string            `json:"name,omitempty"` // of the agent who acts, or whom the house acts upon
	Whom    string            `json:"whom,omitempty"` // name of Detail.Agent, where somebody else acts: taken_over, transferred
	Options []Option          `json:"options,omitempty"`
	Form    *Form             `json:"form,omitempty"`
	Fields  map[string]string `json:"fields,omitempty"`
	Page    *Page             `json:"page,omitempty"` // agents alone see it
	Comment string            `json:"comment,omitempty"`
	Note    string            `json:"note,omitempty"`
	Baton   *Baton            `json:"baton,omitempty"`
	Memory  Memory            `json:"memory,omitempty"`
	Action  *Action           `json:"action,omitempty"`
	Result  *ActionResult     `json:"result,omitempty"`
	About   string            `json:"about,omitempty"`
}

// Page is where on a website the customer is.
type Page struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Referrer string `json:"referrer"`
}
