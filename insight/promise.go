package insight

import (
	"time"

	"github.com/kohta/kohta/chat"
)

// Fate is what became of a promise.
type Fate string

// The fates.
const (
	Kept      Fate = "kept"      // a person had the conversation by then
	Broken    Fate = "broken"    // nobody had
	TakenBack Fate = "cancelled" // the customer did not want it any more, or something else was agreed on
	Pending   Fate = "open"      // the time has not come
)

// Promise is a call or an answer that a customer was promised for a time.
type Promise struct {
	Conversation string
	Team         string
	Channel      string // chat.ByPhone, chat.ByEmail; empty: in the chat
	Made         time.Time
	At, Until    time.Time
	Met          time.Time // when a person had the conversation; zero: nobody had
	Fate         Fate

	has bool // a person has the conversation before the hour of the call
}

// usualHour is how long a promise holds that names only its beginning.
const usualHour = time.Hour

// Promises are what the customer of one conversation was promised, in order. log is the whole of it.
func Promises(conversation string, log []chat.Event, now time.Time) []Promise {
	var made []Promise
	var open *Promise // the last of made
	team := ""
	for _, e := range log {
		if e.Detail.Team != "" {
			team = e.Detail.Team
		}
		if open != nil && open.hear(e) {
			open = nil
		}
		if p := e.Detail.Promise; e.Kind == chat.KindSnoozed && p != nil && (open == nil || !open.same(p)) {
			until := p.Until
			if until.Before(p.At) {
				until = p.At.Add(usualHour)
			}
			made = append(made, Promise{
				Conversation: conversation, Team: team, Channel: p.Channel, Made: e.At, At: p.At, Until: until, Fate: Pending,
			})
			open = &made[len(made)-1]
		}
	}
	if open != nil && !open.heard(now) && now.After(open.Until) {
		open.Fate = Broken
	}
	return made
}

// same tells whether what is put off is this promise still: a word in between undoes nothing.
func (p *Promise) same(other *chat.Promise) bool {
	return p.At.Equal(other.At) && p.Channel == other.Channel
}

// heard takes in that a time has come, and tells whether the promise is settled by it: who has the conversation when the
// hour of a call comes, has it in that hour.
func (p *Promise) heard(now time.Time) bool {
	if !p.has || now.Before(p.At) {
		return false
	}
	p.Met, p.Fate = p.At, Kept
	return true
}

// hear takes in an event that came after a promise and tells whether the promise is settled by it.
func (p *Promise) hear(e chat.Event) bool {
	if p.heard(e.At) {
		return true
	}
	early := p.Channel == chat.ByPhone && e.At.Before(p.At)
	switch {
	case early && e.Kind != chat.KindClosed && meets(e):
		p.has = true
		return false
	case early && leaves(e) && (e.Detail.Promise == nil || p.same(e.Detail.Promise)):
		p.has = false
		return false
	case meets(e) && !early:
		p.Met, p.Fate = e.At, Kept
		if e.At.After(p.Until) {
			p.Fate = Broken
		}
	case releases(e):
		p.Fate = TakenBack
		if e.At.After(p.Until) {
			p.Fate = Broken
		}
	default:
		return false
	}
	return true
}

// meets tells whether a person has the conversation from an event on. Who closes it has dealt with it.
func meets(e chat.Event) bool {
	switch e.Kind {
	case chat.KindAssigned:
		return true
	case chat.KindWoken:
		return e.Detail.State == chat.WithAgent
	case chat.KindClosed:
		return e.From.Role == chat.RoleAgent
	}
	return false
}

// leaves tells whether no person has the conversation from an event on, and what was promised still holds.
func leaves(e chat.Event) bool {
	switch e.Kind {
	case chat.KindUnassigned, chat.KindTransferred, chat.KindSnoozed:
		return true
	case chat.KindWoken:
		return e.Detail.State != chat.WithAgent
	}
	return false
}

// releases tells whether nothing is owed any more from an event on, or something else.
func releases(e chat.Event) bool {
	switch e.Kind {
	case chat.KindClosed, chat.KindReturned:
		return true
	case chat.KindPromised:
		return e.Detail.Reason == chat.Cancelled
	case chat.KindSnoozed:
		return e.Detail.Promise != nil
	}
	return false
}
