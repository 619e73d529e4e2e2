package staff

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// Ring widens who may take a conversation that has waited for After. Each ring adds to the others that are reached.
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
	MaxRest       = 30 * time.Minute
	MaxHeadStart  = 4 * time.Hour // of what can be set; a crisis has more, and is not to be set
	MaxRing       = 24 * time.Hour
	maxRings      = 8
	maxHeadStarts = 50
)

// DefaultRings are those of a team that says nothing: after five minutes a person who does not write the customer's
// language is better than none.
func DefaultRings() []Ring { return []Ring{{After: 5 * time.Minute, AnyLanguage: true}} }

func (t Team) checkLine() error {
	if err := t.checkRings(); err != nil {
		return err
	}
	if err := t.checkHeadStarts(); err != nil {
		return err
	}
	if t.Rest.After < 0 || t.Rest.After > MaxRest {
		return chat.Errorf(chat.Invalid, "team %s: a breather after a hard conversation is 0 to %s, not %s", t.Slug, Brief(MaxRest), Brief(t.Rest.After))
	}
	return nil
}

func (t Team) checkRings() error {
	if len(t.Rings) > maxRings {
		return chat.Errorf(chat.Invalid, "team %s has at most %d rings, not %d", t.Slug, maxRings, len(t.Rings))
	}
	for i, r := range t.Rings {
		switch {
		case r.Team != "" && slices.ContainsFunc(t.Rings[:i], func(before Ring) bool { return before.Team == r.Team }):
			return chat.Errorf(chat.Invalid, "team %s: two rings lead to team %s; the earlier one is enough", t.Slug, r.Team)
		case r.After < 0 || r.After > MaxRing:
			return chat.Errorf(chat.Invalid, "team %s: a ring opens after 0 to %s, not %s", t.Slug, Brief(MaxRing), Brief(r.After))
		case !r.AnyLanguage && !r.AnySkills && r.Team == "":
			return chat.Errorf(chat.Invalid, "team %s: the ring after %s lets nobody in: it needs any language, any skills or a team", t.Slug, Brief(r.After))
		case r.Team == t.Slug:
			return chat.Errorf(chat.Invalid, "team %s: the ring after %s leads to the team itself", t.Slug, Brief(r.After))
		}
		if r.Team != "" {
			if err := CheckSlug("the team of a ring", r.Team); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t Team) checkHeadStarts() error {
	if len(t.HeadStarts) > maxHeadStarts {
		return chat.Errorf(chat.Invalid, "team %s has at most %d head starts, not %d", t.Slug, maxHeadStarts, len(t.HeadStarts))
	}
	for _, key := range slices.Sorted(maps.Keys(t.HeadStarts)) {
		if err := checkHeadStart(key); err != nil {
			return chat.Errorf(chat.Invalid, "team %s: %s", t.Slug, err)
		}
		if d := t.HeadStarts[key]; d < 0 || d > MaxHeadStart {
			return chat.Errorf(chat.Invalid, "team %s: the head start of %s is 0 to %s, not %s", t.Slug, key, Brief(MaxHeadStart), Brief(d))
		}
	}
	return nil
}

// What a head start can be for.
var (
	feelings = [...]string{chat.Calm, chat.Pleased, chat.Frustrated, chat.Angry, chat.Distressed, chat.Urgent}
	reasons  = [...]string{
		chat.ReasonAsked, chat.ReasonFeeling, chat.ReasonComplex, chat.ReasonStuck, chat.ReasonRule, chat.ReasonBotFailed,
	}
)

func checkHeadStart(key string) error {
	kind, name, _ := strings.Cut(key, ":")
	var known []string
	switch kind {
	case "feeling":
		known = feelings[:]
	case "reason":
		known = reasons[:]
	case "priority":
		return CheckSlug("the priority of a head start", name)
	default:
		return chat.Errorf(chat.Invalid, "a head start is for feeling:…, reason:… or priority:…, not %q", key)
	}
	switch {
	case name == chat.InCrisis || name == chat.ReasonCrisis:
		return chat.Errorf(chat.Invalid, "a crisis goes before all others already, and its head start is not to be set")
	case !slices.Contains(known, name):
		return chat.Errorf(chat.Invalid, "a head start by %s is for one of %s, not %q", kind, strings.Join(known, ", "), name)
	}
	return nil
}

// Brief writes a duration without its empty parts: 5m, not 5m0s.
func Brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
