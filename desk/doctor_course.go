package desk

import (
	"fmt"
	"time"

	"github.com/kohta/kohta/chat"
)

// say notes a breach of an invariant by the conversation that is looked at.
type say func(invariant, words string, args ...any)

// checkCourse follows a conversation from event to event: who owns it and writes in it (S2), to whom it is given (S3, S8)
// and how offers end (S9). What agents had of it at which time goes to held.
func checkCourse(id string, log []chat.Event, held *holdings) (found []Breach) {
	say := func(invariant, words string, args ...any) {
		found = append(found, Breach{invariant, id, fmt.Sprintf(words, args...)})
	}
	before := chat.Conversation{ID: id}
	cool := map[string]time.Time{} // agents who are not to be asked before
	for _, e := range log {
		now, _ := chat.Apply(before, e)
		checkOwner(before, e, say)
		checkGiven(e, cool, say)
		checkOffer(before, e, say)
		switch {
		case e.Kind == chat.KindAssigned:
			clear(cool)
		case e.Kind == chat.KindDeclined || e.Kind == chat.KindUnassigned:
			if e.Detail.Until != nil {
				cool[e.Detail.Agent] = *e.Detail.Until
			}
		}
		held.note(before, now, e)
		before = now
	}
	return found
}

// checkOwner: one owner at a time, each with a fence above the last, and nobody else writes.
func checkOwner(before chat.Conversation, e chat.Event, say say) {
	if e.Kind == chat.KindAssigned {
		if before.State == chat.WithAgent {
			say("S2", "event %d gives it to %s while %s has it", e.Pos, e.Detail.Agent, before.Agent)
		}
		if e.AgentSeq <= before.Fence {
			say("S2", "event %d has the fence %d, the one before was %d", e.Pos, e.AgentSeq, before.Fence)
		}
		return
	}
	owns := before.Agent == e.From.ID && (before.State == chat.WithAgent || before.State == chat.Snoozed)
	if e.From.Role == chat.RoleAgent && ownersAct(e) && !owns {
		say("S2", "event %d (%s) is by %s, who did not own it", e.Pos, e.Kind, e.From.ID)
	}
}

// ownersAct tells whether only the owner may do this. Taking over is everybody's.
func ownersAct(e chat.Event) bool {
	switch e.Kind {
	case chat.KindMessage, chat.KindTransferred, chat.KindReturned, chat.KindSnoozed, chat.KindClosed, chat.KindInvited:
		return true
	case chat.KindUnassigned:
		return e.Detail.Reason == "released"
	}
	return false
}

// given tells whether the house gave or offered by itself. What a colleague passes on, and what comes back to who passed
// it on, is people's doing.
func given(e chat.Event) bool {
	switch e.Kind {
	case chat.KindOffered:
		return e.Detail.Sender == ""
	case chat.KindAssigned:
		return e.From.Role == chat.RoleSystem && !e.Detail.ByHand
	}
	return false
}

// shared tells whether it is recorded by how much room the house went. Before it was, nothing is known.
func shared(e chat.Event) bool {
	d := e.Detail
	return given(e) && (d.Load != 0 || d.Weight != 0 || d.Capacity != 0)
}

// checkGiven: the house gives only to who has room for it, and was not kept away from it.
func checkGiven(e chat.Event, cool map[string]time.Time, say say) {
	if !given(e) {
		return
	}
	d := e.Detail
	switch {
	case !shared(e):
	case d.Capacity <= 0 || d.Weight <= 0 || d.Load < 0:
		say("S3", "event %d gives it to %s by a load of %d, a weight of %d and a capacity of %d, which cannot be", e.Pos, d.Agent, d.Load, d.Weight, d.Capacity)
	case d.Load > 0 && d.Load+d.Weight > d.Capacity:
		say("S3", "event %d gives it to %s, who had %d of %d, and it weighs %d", e.Pos, d.Agent, d.Load, d.Capacity, d.Weight)
	}
	if until, kept := cool[d.Agent]; kept && e.At.Before(until) {
		say("S8", "event %d gives it to %s, who was not to be asked before %s", e.Pos, d.Agent, until.Format(time.RFC3339))
	}
}

// checkOffer: an offer ends by its agent's accepting, declining or being gone, by its own deadline, by somebody's taking the
// conversation by hand, with the conversation, or when the customer chooses to be answered at another time.
func checkOffer(before chat.Conversation, e chat.Event, say say) {
	o := before.Offer
	if o == nil {
		if e.Kind == chat.KindDeclined {
			say("S9", "event %d declines what was not offered", e.Pos)
		}
		return
	}
	switch e.Kind {
	case chat.KindOffered:
		say("S9", "event %d offers it to %s while it is offered to %s", e.Pos, e.Detail.Agent, o.Agent)
	case chat.KindAssigned:
		if !e.Detail.ByHand && (e.Detail.Agent != o.Agent || e.From.ID != o.Agent) {
			say("S9", "event %d gives it to %s while it is offered to %s, who did not accept", e.Pos, e.Detail.Agent, o.Agent)
		}
	case chat.KindDeclined:
		switch {
		case e.Detail.Agent != o.Agent:
			say("S9", "event %d declines for %s what is offered to %s", e.Pos, e.Detail.Agent, o.Agent)
		case e.Detail.Reason == "no_answer" && e.At.Before(o.Until):
			say("S9", "event %d ends the offer to %s before its deadline, %s", e.Pos, o.Agent, o.Until.Format(time.RFC3339))
		}
	case chat.KindSnoozed, chat.KindReturned, chat.KindTransferred, chat.KindUnassigned:
		if e.Kind == chat.KindSnoozed && e.From.Role == chat.RoleSystem {
			return
		}
		say("S9", "event %d (%s) takes it from %s, to whom it is offered", e.Pos, e.Kind, o.Agent)
	}
}
