package chat

import (
	"encoding/json"
	"time"
)

// Option is a button that the bot offers under a message.
type Option struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Field is one question of a form. Type is text, email, phone, date, number or an entity of the bot.
type Field struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	Value    string `json:"value,omitempty"` // what is known already
	Wrong    string `json:"wrong,omitempty"` // why the last answer was not taken; empty if nothing is wrong
}

// Form is a set of questions that the bot asks at once.
type Form struct {
	ID     string  `json:"id"`
	Fields []Field `json:"fields"`
}

// Because names one thing that carried a decision: the rule, and the customer's words or the figure that met it.
type Because struct {
	Rule     string `json:"rule"`
	Evidence string `json:"evidence"`
}

// Memory is what a bot remembers of a conversation between two messages. Only the bot reads it.
type Memory = json.RawMessage

// Action is a request that the bot wants to have made outside of the house.
type Action struct {
	ID      string        `json:"id"`
	Method  string        `json:"method"`
	URL     string        `json:"url"`
	Body    string        `json:"body,omitempty"`
	Timeout time.Duration `json:"timeout"` // of one attempt
	Retries int           `json:"retries,omitempty"`
}

// ActionResult is what came of an Action. Error is empty when an answer came, whatever its status; otherwise it is
// one of timeout, unreachable, refused, too_large, superseded.
type ActionResult struct {
	ID     string `json:"id"`
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Feeling names, the values of Feeling.Name.
const (
	Calm       = "calm"
	Pleased    = "pleased"
	Frustrated = "frustrated"
	Angry      = "angry"
	Distressed = "distressed"
	Urgent     = "urgent"
	InCrisis   = "crisis"
)

// Feeling is what one message carries, with the words that show it. Intensity is from 0 to 1.
type Feeling struct {
	Name      string  `json:"feeling"`
	Intensity float64 `json:"intensity"`
	Quote     string  `json:"quote,omitempty"`
}

// FeelingMark is a Feeling at its place in the conversation. Seq is the agents' number of the message.
type FeelingMark struct {
	Feeling
	Seq int64 `json:"seq"`
}

// Reasons for which a person is brought in, the values of an escalation's Reason.
const (
	ReasonAsked     = "asked"
	ReasonFeeling   = "feeling"
	ReasonCrisis    = "crisis"
	ReasonComplex   = "complex"
	ReasonStuck     = "stuck"
	ReasonRule      = "rule"
	ReasonBotFailed = "bot_failed"
)

// Line is one thing that was said, as the fold keeps the last of them. Text is cut to MaxQuote characters.
type Line struct {
	Seq    int64     `json:"seq"` // the agents' number
	At     time.Time `json:"at"`
	Role   Role      `json:"role"`
	By     string    `json:"by,omitempty"` // the agent who said it
	Text   string    `json:"text"`
	Intent string    `json:"intent,omitempty"` // of the bot's line: what it answered to; of the customer's: what was understood
}

// Visit is an earlier conversation of the same visitor, in short.
type Visit struct {
	Conversation string    `json:"conversation"`
	At           time.Time `json:"at"`
	About        string    `json:"about"`
	Agent        string    `json:"agent,omitempty"` // whom the customer knows since: who had it last, or one before; "": nobody
	Outcome      string    `json:"outcome"`         // resolved, left, bot, open
	Feeling      string    `json:"feeling"`
	Promises     []string  `json:"promises,omitempty"` // still open
}

// Baton is what a person is handed together with a conversation, so that nothing is told twice.
type Baton struct {
	Reason     string            `json:"reason"`
	Quote      string            `json:"quote"`
	Wants      string            `json:"wants"`
	Tried      []string          `json:"tried"`
	Fields     map[string]string `json:"fields"`
	Feelings   []FeelingMark     `json:"feelings"`
	Earlier    []Earlier         `json:"earlier"`
	Promises   []string          `json:"promises"`
	Suggestion string            `json:"suggestion"`
}

// Earlier is a visit as the baton tells it.
type Earlier struct {
	At      time.Time `json:"at"`
	About   string    `json:"about"`
	Outcome string    `json:"outcome"`
	Feeling string    `json:"feeling"`
}
