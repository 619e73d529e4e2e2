// Package staff is who works in the house: agents, teams and sites as they are configured, and Can, the one function
// that says who may do what. It is pure.
package staff

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kohta/kohta/chat"
)

// Role is what an agent may do. Each role may do all that those before it may.
type Role string

// The roles.
const (
	RoleAgent         Role = "agent"
	RoleSupervisor    Role = "supervisor"
	RoleAdministrator Role = "administrator"
)

// Agent is a person who answers. ID is a UUID in lower case; Email is unique and in lower case.
type Agent struct {
	ID        string   `json:"id"`
	Email     string   `json:"email"`
	Name      string   `json:"name"`
	Role      Role     `json:"role"`
	Skills    []string `json:"skills"`
	Teams     []string `json:"teams"`
	Languages []string `json:"languages"`
	Disabled  bool     `json:"disabled"`
}

// Assignment is how a team's agents get conversations.
type Assignment string

// The ways of assignment.
const (
	Auto    Assignment = "auto"  // given to a free agent
	Offered Assignment = "offer" // held out to a free agent, who accepts or declines
	ByHand  Assignment = "hand"  // agents pick
)

// Team is a group of agents with one line.
type Team struct {
	Slug       string     `json:"team"`
	Name       string     `json:"name"`
	Assignment Assignment `json:"assignment"`
	Capacity   int        `json:"capacity"` // conversations at once that an agent is given
	Patience   Patience   `json:"patience"`
	Hours      *Hours     `json:"hours"` // nil: always open
	Rings      []Ring     `json:"rings"` // by After
	// HeadStarts say how much earlier than it came a conversation counts in the line: by "feeling:angry", "reason:stuck",
	// "priority:high". A crisis always has more than any of them.
	HeadStarts map[string]time.Duration `json:"head_starts"`
	Rest       Rest                     `json:"rest"`
}

// Patience is how long a customer is left with nothing new before something happens.
type Patience struct {
	FirstAnswer time.Duration `json:"first_answer"` // from assignment to the agent's first answer, then the agent is nudged
	NextAnswer  time.Duration `json:"next_answer"`  // the same for each later answer
	Word        time.Duration `json:"word"`         // in the line, from one word about the wait to the next
	Offer       time.Duration `json:"offer"`        // until an offer goes on to another
	Silence     time.Duration `json:"silence"`      // of the customer after an agent's answer, then they are asked gently
	Close       time.Duration `json:"close"`        // from that question until the conversation is closed
	Cooldown    time.Duration `json:"cooldown"`     // after an agent declined or missed an offer, until it may be theirs again
}

// Site is a website with the widget on it.
type Site struct {
	Slug     string   `json:"site"`
	Name     string   `json:"name"`
	Origins  []string `json:"origins"` // scheme://host[:port] that may embed the widget; the desk's own is always allowed
	Team     string   `json:"team"`    // where its conversations go
	Language string   `json:"language"`
	Hours    *Hours   `json:"hours"` // nil: the team's
}

// DefaultCapacity is the capacity of a team that says nothing.
const DefaultCapacity = 4

// MaxCapacity is more than anybody can hold at once.
const MaxCapacity = 100

// NewTeam returns a team with the house's defaults: it assigns by itself.
func NewTeam(slug, name string) Team {
	return Team{
		Slug: slug, Name: name, Assignment: Auto, Capacity: DefaultCapacity, Patience: DefaultPatience(), Rings: DefaultRings(),
	}
}

// Clone returns a copy that shares nothing with t.
func (t Team) Clone() Team {
	t.Hours, t.Rings, t.HeadStarts = t.Hours.Clone(), slices.Clone(t.Rings), maps.Clone(t.HeadStarts)
	return t
}

// Clone returns a copy that shares nothing with s.
func (s Site) Clone() Site {
	s.Origins, s.Hours = slices.Clone(s.Origins), s.Hours.Clone()
	return s
}

// DefaultPatience is the patience of a team that says nothing.
func DefaultPatience() Patience {
	u := chat.Usual
	return Patience{
		FirstAnswer: u.FirstAnswer, NextAnswer: u.NextAnswer, Word: u.Word, Offer: u.Offer,
		Silence: u.Silence, Close: u.Close, Cooldown: u.Cooldown,
	}
}

// CheckSlug refuses what is not a slug. what names it in the message: "the team's slug".
func CheckSlug(what, s string) error {
	if !isSlug(s) {
		return chat.Errorf(chat.Invalid, "%s is 1 to 64 of a-z, 0-9, _ . and -, not %q", what, s)
	}
	return nil
}

// isSlug is looked at in every call to a line, so no expression is matched for it.
func isSlug(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 64
}

// checkName refuses what would not read as a name on a customer's screen.
func checkName(what, s string) error {
	n := utf8.RuneCountInString(s)
	if n == 0 || n > 100 || strings.TrimSpace(s) != s || !utf8.ValidString(s) {
		return chat.Errorf(chat.Invalid, "%s is 1 to 100 characters with no space at either end, not %q", what, s)
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return chat.Errorf(chat.Invalid, "%s holds a character that cannot be seen: %q", what, s)
		}
	}
	return nil
}
