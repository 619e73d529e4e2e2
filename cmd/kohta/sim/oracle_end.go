package sim

import (
	"time"

	"github.com/kohta/kohta/chat"
)

// end judges what is left when everything has worked again for a while, and nobody has written for the last of it.
func (o *oracle) end() {
	for _, c := range o.w.customers {
		for _, f := range c.outbox.frames {
			o.breach("L4", f.conversation, "%T of a customer, sent %v ago, was never answered", f.cmd, o.w.clock.Sub(f.first))
		}
		o.has(c.inbox, func(r *record) int64 { return r.customer }, func(r *record) bool { return r.visitor == c.visitor })
	}
	for _, a := range o.w.agents {
		for _, f := range a.outbox.frames {
			if o.w.clock.Sub(f.first) > 30*time.Second {
				o.breach("L4", f.conversation, "%T of an agent, sent %v ago, was never answered", f.cmd, o.w.clock.Sub(f.first))
			}
		}
		o.has(a.inbox, func(r *record) int64 { return r.agents }, func(r *record) bool {
			if !o.reads(r, a) {
				return false
			}
			_, known := a.inbox.has(r.id)
			return known
		})
	}
	o.drained()
}

// has: a participant has every position.
func (o *oracle) has(in *inbox, head func(*record) int64, mine func(*record) bool) {
	if in.owner.connection() == nil {
		return
	}
	for _, r := range o.order {
		if !mine(r) {
			continue
		}
		if has, _ := in.has(r.id); has.seen != head(r) || has.heard != head(r) {
			o.breach("S6", r.id, "a participant has %d events up to %d of %d", has.heard, has.seen, head(r))
		}
	}
}

// promised tells whether calls are to be made in an hour from the beginning.
func (o *oracle) promised() bool {
	for _, r := range o.records {
		if r.state == chat.Snoozed && r.promise != nil && r.promise.At.Sub(begin) <= time.Hour {
			return true
		}
	}
	return false
}

// drained: nobody is left in the line who could be served, and the line is what the store says.
func (o *oracle) drained() {
	for _, r := range o.order {
		place, _, err := o.w.line.Place(o.w.ctx, r.team, r.id)
		o.w.must(err)
		if (place > 0) != (r.state == chat.Waiting) {
			o.breach("L3", r.id, "is %s and stands at %d in the line", r.state, place)
		}
		if p := r.promise; p != nil && !r.kept && o.w.clock.Sub(p.At) > callsFor/2 && r.state != chat.Closed {
			o.breach("promise", r.id, "was to be called at %v, and is %s", p.At, r.state)
		}
		if r.state == chat.Waiting && o.w.clock.Sub(r.waitsFrom) > time.Minute {
			o.breach("L3", r.id, "waits since %v for %s, raised: %v, when everybody works", r.waitsFrom.Sub(begin), r.team, r.raised)
		}
	}
}
