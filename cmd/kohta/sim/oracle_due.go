package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
)

// due tells whether a deadline has passed, so that a sweep would find something.
func (o *oracle) due() bool {
	if o.stale {
		o.stale, o.nextDue = false, time.Time{}
		for _, r := range o.order {
			o.nextDue = sooner(o.nextDue, r.next())
		}
	}
	return !o.nextDue.IsZero() && !o.nextDue.After(o.w.clock)
}

// reschedule takes in what a step has done to the deadlines of a record. Only when it had the earliest of all are the
// others looked at again.
func (o *oracle) reschedule(was, r *record) {
	before, now := was.next(), r.next()
	switch {
	case before.Equal(now):
	case !before.IsZero() && before.Equal(o.nextDue):
		o.stale = true
	default:
		o.nextDue = sooner(o.nextDue, now)
	}
}

// next is the earliest deadline of a record, zero if it has none.
func (r *record) next() time.Time { return sooner(r.due, r.letter) }

// sooner is the earlier of two times of which either may be none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// deadline takes in which deadlines hold from an event on.
func (o *oracle) deadline(r *record, e *chat.Event) {
	d := &e.Detail
	switch e.Kind {
	case chat.KindOpened, chat.KindBotState, chat.KindNote, chat.KindFeeling, chat.KindRated, chat.KindInvited, chat.KindLeft, chat.KindRaised:
		return
	case chat.KindMailing:
		r.letter = time.Time{}
		if d.Letter != nil {
			r.letter = *d.Letter
		}
		return
	case chat.KindMailed:
		r.letter = time.Time{}
		return
	case chat.KindMessage:
		if e.From.Role == chat.RoleBot {
			return
		}
		if d.Letter != nil {
			r.letter = *d.Letter
		}
	case chat.KindClosed:
		if d.By == chat.RoleVisitor {
			r.letter = time.Time{}
		}
	}
	was := r.due
	r.due = time.Time{}
	if d.Due != nil {
		r.due = d.Due.At
		if d.Due.At.Before(e.At) && !d.Due.At.Equal(was) {
			o.breach("S12", r.id, "%s at %v is due at %v", e.Kind, e.At, d.Due.At)
		}
	}
}

// owes: whoever is owed something has a deadline that is not far.
func (o *oracle) owes(r *record) {
	owed := r.state == chat.Waiting || r.state == chat.Snoozed || r.state == chat.WithAgent && r.owed
	if owed && r.due.IsZero() {
		o.breach("S12", r.id, "in state %s somebody is owed something, and there is no deadline", r.state)
	}
	if r.state == chat.WithAgent && r.owed && r.promise == nil && r.due.Sub(o.w.clock) > time.Minute {
		o.breach("S12", r.id, "an answer is due in %v", r.due.Sub(o.w.clock))
	}
	if r.offer != "" && r.due.Sub(o.w.clock) > time.Minute {
		o.breach("S12", r.id, "an offer ends in %v", r.due.Sub(o.w.clock))
	}
	if r.missed >= 5 && r.state == chat.Waiting && !r.raised {
		o.breach("S12", r.id, "%d offers came to nothing, and no supervisor sees it", r.missed)
	}
}

// look looks around now and then: no deadline may be long past while there is a node that could have seen to it.
func (o *oracle) look() {
	if o.w.at < o.lookAt {
		return
	}
	o.lookAt = o.w.at + int64(5*time.Second)
	now := o.w.clock
	if !slices.ContainsFunc(o.w.nodes, func(n *node) bool { return n.up() && now.Sub(n.sound) > 70*time.Second }) || o.w.away {
		return // there was nobody who could have seen to it
	}
	const late = 40 * time.Second
	for _, r := range o.order {
		for _, due := range []time.Time{r.due, r.letter} {
			if !due.IsZero() && now.Sub(due) > late {
				o.breach("S12", r.id, "in state %s the deadline at %v has passed by %v", r.state, due.Sub(begin), now.Sub(due))
			}
		}
		if r.state == chat.WithAgent && o.gone(r.agent) > goneFor {
			o.breach("S1", r.id, "%s, who has it, is gone for %v", r.agent, o.gone(r.agent))
		}
	}
	o.ignored()
}

// goneFor is for how long an agent who is gone keeps their conversations at most: a connection is found broken after 30 s, a
// lease ends 30 s after it was renewed for the last time, 25 s is the grace, and in this world a node looks every six seconds.
const goneFor = 95 * time.Second

// gone is for how long an agent has had no connection, but for the time in which nobody could have found that out.
func (o *oracle) gone(id string) time.Duration {
	a := o.agentOf(id)
	if a.left.IsZero() {
		return 0
	}
	return o.w.clock.Sub(a.left) - a.excused
}
