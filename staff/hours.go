package staff

import "time"

// DefaultZone is where the clock of a desk hangs that names no time zone.
const DefaultZone = "Europe/Helsinki"

// Clock is what a clock on the wall says, in minutes since midnight: 0 is 0.00, EndOfDay is 24.00. In JSON it is "08:30".
type Clock int

// EndOfDay is 24.00, at which an interval may end and none can begin.
const EndOfDay Clock = 24 * 60

// Interval is a time of a day from From until To, without To.
type Interval struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Exception is a date that goes by other hours than its weekday.
type Exception struct {
	Date      string     `json:"date"` // 2026-12-24
	Name      string     `json:"name"`
	Intervals []Interval `json:"intervals"` // none: closed
}

// Hours are when people are there, by the clock on the wall of a time zone. Nil hours are always open, by the clock of
// DefaultZone.
type Hours struct {
	Zone       string        `json:"zone"`       // by the names of the IANA: Europe/Helsinki
	Week       [7][]Interval `json:"week"`       // Monday first; each day's intervals in order
	Holidays   string        `json:"holidays"`   // whose public holidays are closed, year after year: "fi"; empty: nobody's
	Exceptions []Exception   `json:"exceptions"` // by date; an exception goes before the holidays and the week
}

// Ring widens who may take a conversation that has waited for After. Each ring adds to those before it.
type Ring struct {
	After       time.Duration `json:"after"`
	AnyLanguage bool          `json:"any_language"` // those too who do not write the customer's language
	AnySkills   bool          `json:"any_skills"`   // those too who lack skills that it asks for
	Team        string        `json:"team"`         // this team's agents too; empty: no other team
}

// Rest is what an agent is given after a hard conversation.
type Rest struct {
	After time.Duration `json:"after"` // a breather in which nothing new comes, at most MaxRest; 0: none
}

// Bounds of what a line is told.
const (
	MaxRest      = 30 * time.Minute
	MaxHeadStart = 4 * time.Hour // of what can be set; a crisis has more, and is not to be set
)

// DefaultRings are those of a team that says nothing: after five minutes a person who does not write the customer's
// language is better than none.
func DefaultRings() []Ring { return []Ring{{After: 5 * time.Minute, AnyLanguage: true}} }
