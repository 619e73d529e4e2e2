package demo

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed history.yml
var historyFile []byte

// Past is an earlier conversation, as material for seeding a desk. It says nothing about ids or absolute times: who
// seeds chooses those.
type Past struct {
	ID        string      `yaml:"id"` // stable, for seeding twice without harm
	Visitor   PastVisitor `yaml:"visitor"`
	Language  string      `yaml:"language"`
	DaysAgo   int         `yaml:"days_ago"`
	At        string      `yaml:"at"` // HH:MM of the first line, local to the desk
	About     string      `yaml:"about"`
	HandledBy string      `yaml:"handled_by"` // bot, or the part of an agent's address before @demo.example
	Escalated *PastReason `yaml:"escalated"`  // nil when the bot handled it alone
	Feeling   PastFeeling `yaml:"feeling"`
	Outcome   string      `yaml:"outcome"`  // resolved, left, bot, open
	Promises  []string    `yaml:"promises"` // made, and still open
	Rating    *PastRating `yaml:"rating"`
	Lines     []PastLine  `yaml:"lines"`
}

// PastVisitor is the same person in every Past with the same Key.
type PastVisitor struct {
	Key  string `yaml:"key"`
	Name string `yaml:"name"`
}

// PastReason is why a person was brought in, with the customer's words.
type PastReason struct {
	Reason string `yaml:"reason"`
	Quote  string `yaml:"quote"`
}

// PastFeeling is the strongest feeling of the conversation, by the names of package chat, intensity from 0 to 1.
type PastFeeling struct {
	Name      string  `yaml:"name"`
	Intensity float64 `yaml:"intensity"`
	Quote     string  `yaml:"quote"`
}

// PastRating is the answer to the survey: satisfaction from 1 to 5.
type PastRating struct {
	Score   int    `yaml:"score"`
	Comment string `yaml:"comment"`
}

// PastLine is one thing that was said, Minute minutes after the conversation's start. Role is visitor, bot or agent.
type PastLine struct {
	Role   string `yaml:"role"`
	Minute int    `yaml:"minute"`
	Text   string `yaml:"text"`
	Intent string `yaml:"intent"`
}

// History gives the earlier conversations in the order of the file. The caller owns what it gets.
func History() ([]Past, error) {
	var file struct {
		Conversations []Past `yaml:"conversations"`
	}
	if err := yaml.UnmarshalWithOptions(historyFile, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the demo's history: %w", err)
	}
	return file.Conversations, nil
}
