package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// Bugs are the mistakes that can be made on purpose, each at the boundary of the desk. A simulation is worth as much as the
// mistakes that it finds: each of these must be caught.
var Bugs = []string{
	// Of who writes to the store.
	"a stale fence is let through", "ack before commit", "capacity is no condition", "a key counts for nothing",
	"a visitor may have two open conversations", "an append needs no place", "a hole in the numbers", "closing loses what came with it",
	// Of the plan.
	"requeued at the tail", "a transfer resets the place", "a head start without bound", "no deadline after an assignment",
	"no deadline in the line", "an offer ends without an event", "an offer ends early", "an offer has no end", "a decline is forgotten",
	"taken over without a word", "the bot speaks while a person is awaited", "a promise is forgotten", "a snooze never ends",
	"never raised", "what is raised goes to anybody", "what is raised waits for who is gone", "a letter never goes", "a deadline is carried out and stays", "who writes again is owed nothing",
	// Of who gives out the line.
	"given to who is away", "given to who lacks the language", "given back to who released it", "the last come is served first",
	"nobody looks at deadlines", "deadlines by a node's own clock", "a lost agent keeps everything",
	"the line is never mended", "mending drops who waits",
	"a crisis counts as any other",
	// Of who speaks with the clients.
	"resumed by time", "a slow reader misses what was told", "whoever asks may read", "any agent may read", "whoever names it may write",
}

// Known tells whether there is such a bug.
func Known(bug string) bool { return slices.Contains(Bugs, bug) }

// mistakenAppend is what a node with the world's mistake stores in place of a.
func (w *world) mistakenAppend(a store.Append) store.Append {
	switch w.bug {
	case "capacity is no condition":
		a.Holds = nil
	case "a key counts for nothing":
		a.Keys = nil
	case "a visitor may have two open conversations":
		if a.Pos == 0 {
			a.Next.Site += " " + a.Next.ID
		}
	case "an append needs no place":
		if now := w.heads[a.Next.ID]; now != nil && len(a.Events) > 0 && a.Pos < now.Pos {
			moved := now.Pos - a.Pos
			a.Pos += moved
			a.Next.Pos += moved
			a.Events = slices.Clone(a.Events)
			for i := range a.Events {
				a.Events[i].Pos += moved
			}
		}
	case "a hole in the numbers":
		if last := len(a.Events) - 1; last >= 0 && a.Events[last].VisitorSeq > 0 && w.IntN(20) == 0 {
			a.Events = slices.Clone(a.Events)
			a.Events[last].VisitorSeq++
			a.Next.VisitorSeq++
		}
	}
	return a
}

// acksTooEarly tells whether a node with the world's mistake acks what it has not written.
func (w *world) acksTooEarly(a store.Append) bool {
	switch w.bug {
	case "ack before commit": // it will be written in a moment, if nothing comes between
		return len(a.Keys) > 0 && w.IntN(20) == 0
	case "closing loses what came with it":
		now := w.heads[a.Next.ID]
		return now != nil && now.State == chat.Closed && len(a.Keys) > 0
	}
	return false
}

// mistaken is plan.Plan with the mistake of this world in it.
func (w *world) mistaken(in plan.Input) (plan.Result, error) {
	w.mistakenInput(&in)
	was := in.Conversation
	r, err := plan.Plan(in)
	if err != nil || len(r.Events) == 0 {
		return r, err
	}
	events := make([]chat.Event, 0, len(r.Events))
	for _, e := range r.Events {
		if w.mistakenEvent(was, &e) {
			events = append(events, e)
		}
	}
	r.Conversation, r.Events = was, events
	for i, e := range events {
		r.Conversation, r.Events[i] = chat.Apply(r.Conversation, e)
	}
	if len(events) == 0 {
		return r, nil
	}
	w.mistakenFold(&r.Conversation, events)
	return r, nil
}

// mistakenInput changes what a step is decided on.
func (w *world) mistakenInput(in *plan.Input) {
	c := &in.Conversation
	switch w.bug {
	case "a stale fence is let through":
		in.By.Fence = 0
	case "taken over without a word":
		if _, ok := in.Command.(chat.Take); ok && c.State == chat.WithAgent {
			c.State = chat.Waiting
		}
	}
}

// mistakenEvent changes an event before it is numbered, and tells whether it is stored at all.
func (w *world) mistakenEvent(was chat.Conversation, e *chat.Event) bool {
	d := &e.Detail
	switch w.bug {
	case "no deadline after an assignment":
		if e.Kind == chat.KindAssigned {
			d.Due = nil
		}
	case "no deadline in the line":
		if e.Kind == chat.KindEscalated {
			d.Due = nil
		}
	case "an offer ends without an event":
		return e.Kind != chat.KindDeclined
	case "an offer has no end":
		if e.Kind == chat.KindOffered {
			d.Due = &chat.Due{At: e.At.Add(24 * time.Hour), What: chat.DueOffer}
		}
	case "an offer ends early":
		if e.Kind == chat.KindOffered {
			d.Due = &chat.Due{At: e.At.Add(2 * time.Second), What: chat.DueOffer}
		}
	case "the bot speaks while a person is awaited":
		if e.Kind == chat.KindMessage && e.From.Role == chat.RoleSystem {
			e.From.Role = chat.RoleBot
		}
	case "a promise is forgotten":
		if e.Kind == chat.KindSnoozed && e.From.Role == chat.RoleSystem {
			d.Due = &chat.Due{At: d.Due.At.Add(5 * time.Hour), What: d.Due.What}
		}
	case "a snooze never ends":
		if e.Kind == chat.KindSnoozed {
			d.Due = nil
		}
	case "never raised":
		return e.Kind != chat.KindRaised
	case "a letter never goes":
		return e.Kind != chat.KindMailing
	case "a deadline is carried out and stays":
		if e.Kind == chat.KindPromised || e.Kind == chat.KindNudged {
			d.Due = was.Due
		}
	case "who writes again is owed nothing":
		if e.Kind == chat.KindMessage && e.From.Role == chat.RoleVisitor && was.State == chat.WithAgent {
			d.Due = nil
		}
	}
	return true
}

// mistakenFold changes what is stored beside the events.
func (w *world) mistakenFold(c *chat.Conversation, events []chat.Event) {
	had := func(kind chat.Kind) bool {
		return slices.ContainsFunc(events, func(e chat.Event) bool { return e.Kind == kind })
	}
	switch w.bug {
	case "requeued at the tail":
		if had(chat.KindUnassigned) && c.State == chat.Waiting {
			c.WaitingSince = events[0].At
		}
	case "a transfer resets the place":
		if had(chat.KindTransferred) {
			c.WaitingSince = events[0].At
		}
	case "a decline is forgotten":
		if had(chat.KindDeclined) {
			c.Avoid, c.AvoidUntil = nil, time.Time{}
		}
	case "given back to who released it":
		if had(chat.KindUnassigned) {
			c.Avoid, c.AvoidUntil = nil, time.Time{}
		}
	case "given to who lacks the language":
		if had(chat.KindEscalated) {
			c.Language = ""
		}
	}
}

// mistakenTicket is what a node with the world's mistake puts into the line.
func (w *world) mistakenTicket(t routing.Ticket) routing.Ticket {
	switch w.bug {
	case "a head start without bound":
		if t.Feeling != "" {
			t.HeadStart = routing.MaxHeadStart
		}
	case "a crisis counts as any other":
		if t.HeadStart == routing.MaxHeadStart {
			t.HeadStart = 0
		}
	case "what is raised waits for who is gone":
		if c := w.heads[t.Conversation]; c != nil {
			t.Raised = c.Raised
		}
	case "the last come is served first":
		t.Since = begin.Add(begin.Sub(t.Since))
	}
	return t
}

// mistakenLine is what such a node mends the line by.
func (w *world) mistakenLine(list []routing.Ticket) []routing.Ticket {
	if w.bug == "mending drops who waits" {
		return list[:len(list)/2]
	}
	for i, t := range list {
		list[i] = w.mistakenTicket(t)
	}
	return list
}

// mistakenPresence is what such a node takes an agent's presence for.
func (w *world) mistakenPresence(p routing.Presence) routing.Presence {
	switch w.bug {
	case "given to who is away":
		if p.Status == routing.Away || p.Status == routing.Busy {
			p.Status = routing.Online
		}
	case "a lost agent keeps everything":
		if p.Status == routing.Offline && p.Lost {
			p.Status = routing.Away
		}
	}
	return p
}
