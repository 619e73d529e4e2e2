package plan

import (
	"cmp"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// LineStep is what the line is told of a step that was committed, in this order. What it does not hear of is mended by
// reconciling it with the store.
type LineStep struct {
	Drop    string // the team in whose line the conversation does not stand any more; "": none
	Put     bool   // it stands in its team's line, as it is now
	Hold    bool   // a colleague holds it out to another: it is held there for them until the offer ends
	Release string // the agent who was offered it, and is not any more; "": none
}

// Moves tells whether anything happens in a line at all.
func (s LineStep) Moves() bool { return s != LineStep{} }

// Settle says what a step does to the line.
func Settle(before, now *chat.Conversation) (s LineStep) {
	if before.State == chat.Waiting && (now.State != chat.Waiting || before.Team != now.Team) {
		s.Drop = before.Team
	}
	if now.State != chat.Waiting {
		return s
	}
	s.Put = true
	if before.Offer != nil && now.Offer == nil {
		s.Release = before.Offer.Agent
	}
	s.Hold = before.Offer == nil && now.Offer != nil && now.Offer.From != ""
	return s
}

// Grace is how long after an agent was found to be gone their conversations stay with them. With the time it takes to
// find out, routing.PresenceLease, it is less than a minute.
const Grace = 25 * time.Second

// Gone tells whether an agent has been away for so long that their conversations go back to the line. p is what the
// roster knows of them, nil: nothing, for as long as missing says: a roster that was emptied knows nobody, and those who
// are there show life again within the time.
func Gone(p *routing.Presence, missing, now time.Time) bool {
	since := missing
	if p != nil {
		if p.Status != routing.Offline {
			return false
		}
		since = p.Since
	}
	return now.Sub(since) >= Grace
}

// Lost are the conversations that an agent who is gone leaves behind, of those that they hold: whose customer waits first, and of
// these who has waited longest.
func Lost(held []chat.Conversation) []chat.Conversation {
	lost := slices.Clone(held)
	waits := func(c chat.Conversation) int {
		if c.CustomerLast || c.State == chat.Waiting {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(lost, func(a, b chat.Conversation) int {
		return cmp.Or(cmp.Compare(waits(a), waits(b)), a.CustomerAt.Compare(b.CustomerAt))
	})
	return lost
}
