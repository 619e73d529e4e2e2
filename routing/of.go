package routing

import (
	"cmp"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Of is the ticket of a waiting conversation, as its team has set it up and as long as it has waited by now: with the
// head start of what it feels, why it came and its priority, the greatest of the three; open to those whom the rings
// that have opened let in; for who had it last, or in a new one who had the customer before; and kept from the agents in
// Avoid until AvoidUntil. It is total: whatever the team's rules
// say, the head start is from 0 to staff.MaxHeadStart, and MaxHeadStart for a crisis alone.
func Of(c chat.Conversation, team staff.Team, now time.Time) Ticket {
	return OfThis(&c, &team, now)
}

// OfThis is Of without copying what it is given.
func OfThis(c *chat.Conversation, team *staff.Team, now time.Time) Ticket {
	t := Ticket{
		Conversation: c.ID, Team: c.Team, Skills: c.Skills[:min(len(c.Skills), MaxSkills)], Language: c.Language,
		Feeling: c.Feeling.Name, Priority: c.Priority, Weight: WeightOf(c, now), Raised: c.Raised,
		Since: c.WaitingSince, HeadStart: headStart(c, team.HeadStarts), Prefer: cmp.Or(c.Agent, c.Known),
	}
	if now.Before(c.AvoidUntil) {
		t.Except = c.Avoid[max(0, len(c.Avoid)-MaxExcept):]
	}
	t.AskedFor = Asked{t.Language, t.Skills}
	t.open(team.Rings, now.Sub(c.WaitingSince))
	return t
}

// open widens the ticket by the rings that have opened after it waited for so long.
func (t *Ticket) open(rings []staff.Ring, waited time.Duration) {
	for _, r := range rings {
		if waited < r.After {
			continue
		}
		if r.AnyLanguage {
			t.Language = ""
		}
		if r.AnySkills {
			t.Skills = nil
		}
		if r.Team != "" && r.Team != t.Team && len(t.Also) < MaxAlso {
			t.Also = append(t.Also, r.Team)
		}
	}
}

// headStart is the greatest of what a conversation brings.
func headStart(c *chat.Conversation, set map[string]time.Duration) time.Duration {
	if c.InDanger() {
		return MaxHeadStart
	}
	return max(headStartOf("feeling:", c.Feeling.Name, set), headStartOf("reason:", c.Reason, set), headStartOf("priority:", c.Priority, set))
}

// headStartOf is what one of them brings; nothing, where there is none.
func headStartOf(kind, name string, set map[string]time.Duration) time.Duration {
	if name == "" {
		return 0
	}
	key := kind + name
	d, ok := set[key]
	if !ok {
		d = usualHeadStart(key)
	}
	return min(max(d, 0), staff.MaxHeadStart)
}

// usualHeadStart is that of a team which does not set it: minutes, so that nobody is overtaken for long. What it does not
// know has none.
func usualHeadStart(key string) time.Duration {
	switch key {
	case "feeling:" + chat.Distressed, "priority:high":
		return 10 * time.Minute
	case "feeling:" + chat.Angry, "feeling:" + chat.Urgent:
		return 5 * time.Minute
	case "feeling:" + chat.Frustrated,
		"reason:" + chat.ReasonFeeling, "reason:" + chat.ReasonStuck, "reason:" + chat.ReasonBotFailed:
		return 2 * time.Minute // they have told it once already
	}
	return 0
}

// Weights of a conversation to the agent who has it, in hundredths of a usual one.
const (
	Usual  = 100
	Hard   = 150 // angry or distressed
	Crisis = 200
)

// Quiet is how long after their last word a customer who has their answer counts as silent.
const Quiet = 10 * time.Minute

// Weight is what a conversation is to the agent who has it, in hundredths of a usual one: Crisis, Hard or Usual by what
// the customer feels, and half of that, but never nothing, when the customer is silent. Somebody in crisis is never
// taken for silent. A snoozed conversation weighs what it will when it wakes; whether it counts is the caller's to say.
func Weight(c chat.Conversation, now time.Time) int { return WeightOf(&c, now) }

// WeightOf is Weight of a conversation that is not copied.
func WeightOf(c *chat.Conversation, now time.Time) int {
	w := Usual
	switch {
	case c.InDanger():
		return Crisis
	case c.Feeling.Name == chat.Angry || c.Feeling.Name == chat.Distressed:
		w = Hard
	}
	if c.State == chat.WithAgent && !c.CustomerLast && now.Sub(c.CustomerAt) >= Quiet {
		w /= 2
	}
	return w
}
