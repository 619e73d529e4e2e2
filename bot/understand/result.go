// Package understand finds out what a message says: its language, what is wanted, how it feels, whether a person is
// wanted or refused, whether somebody is in danger. It learns a bot's intents from examples at load. Everything is
// deterministic: the same message with the same past gives the same result, on any machine.
package understand

import (
	"encoding/json"
	"math"
)

// Alternative is another intent that a message might mean.
type Alternative struct {
	Intent     string  `json:"intent"`
	Confidence float64 `json:"confidence"`
}

// Feelings are how likely a message carries each.
type Feelings struct {
	Anger       float64 `json:"anger"`
	Frustration float64 `json:"frustration"`
	Sadness     float64 `json:"sadness"`
	Fear        float64 `json:"fear"`
	Joy         float64 `json:"joy"`
}

// RuleRefusals begins the rule of a refusal of a person.
const RuleRefusals = "refusals "

// Because names one thing that carried a decision: the rule, the words that met it, and how much it weighs.
type Because struct {
	Rule     string  `json:"rule"`
	Evidence string  `json:"evidence"`
	Weight   float64 `json:"weight"`
}

// Result is what a message says. Figures are between 0 and 1, rounded to four decimals.
type Result struct {
	Text         string        // as given
	Language     string        // fi, sv, en or what the bot has; "" where it is not clear
	Intent       string        // "" when nothing fits well enough; null in JSON
	Confidence   float64       // that the best candidate is right and in scope
	Alternatives []Alternative // what else; with InScope false, the best candidate first
	InScope      bool
	Feelings     Feelings
	Negative     float64 // that it carries anger, disgust, fear or sadness
	Feeling      string  // calm, pleased, frustrated, angry, distressed, urgent or crisis
	Intensity    float64
	Sarcastic    bool
	AsksHuman    bool
	RefusesHuman bool
	Crisis       bool
	Handoff      bool
	Reason       string // as in an escalation; "" when there is no handoff, null in JSON
	Because      []Because

	Quote  string  // the customer's own words that carry the feeling, wish or crisis; not in JSON
	Talk   Talk    // small talk; not in JSON
	Grave  float64 // how grave the matter is: law, death, debt; not in JSON
	Aside  bool    // the feeling is about somebody who is not the desk; not in JSON
	Close  bool    // two intents are too close to choose between; not in JSON
	Urgent float64 // not in JSON
}

// Talk is what a message does besides asking something.
type Talk struct {
	Greets   bool
	Thanks   bool
	Bye      bool
	AsksBot  bool // "are you a robot"
	Leaves   bool // "never mind"
	NoHelp   bool // "that did not help"
	Corrects bool // "no, I meant"
	Solved   bool // "it works now"
	Repeats  bool // "for the third time", "the same again"
	Again    bool // "put differently", "I know that, but"
	ToDesk   bool // the desk itself is spoken to: "you", "your"
	Yes, No  bool
	Only     bool // there is nothing else in the message
}

// MarshalJSON writes the result as `kohta bot classify` prints it.
func (r Result) MarshalJSON() ([]byte, error) {
	type line struct {
		Text         string        `json:"text"`
		Language     string        `json:"language"`
		Intent       *string       `json:"intent"`
		Confidence   float64       `json:"confidence"`
		Alternatives []Alternative `json:"alternatives"`
		InScope      bool          `json:"in_scope"`
		Feelings     Feelings      `json:"feelings"`
		Negative     float64       `json:"negative"`
		Feeling      string        `json:"feeling"`
		Intensity    float64       `json:"intensity"`
		Sarcastic    bool          `json:"sarcastic"`
		AsksHuman    bool          `json:"asks_human"`
		RefusesHuman bool          `json:"refuses_human"`
		Crisis       bool          `json:"crisis"`
		Handoff      bool          `json:"handoff"`
		Reason       *string       `json:"reason"`
		Because      []Because     `json:"because"`
	}
	l := line{r.Text, r.Language, orNull(r.Intent), r.Confidence, r.Alternatives, r.InScope, r.Feelings, r.Negative,
		r.Feeling, r.Intensity, r.Sarcastic, r.AsksHuman, r.RefusesHuman, r.Crisis, r.Handoff, orNull(r.Reason), r.Because}
	if l.Alternatives == nil {
		l.Alternatives = []Alternative{}
	}
	if l.Because == nil {
		l.Because = []Because{}
	}
	return json.Marshal(l)
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// round4 rounds to the four decimals that are compared and printed.
func round4(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return math.Round(x*10000) / 10000
}
