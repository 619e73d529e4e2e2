package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// acked takes in what a client was told: from then on it must hold.
func (o *oracle) acked(sender string, f *frame, ack store.Ack) {
	r := o.records[ack.Conversation]
	if r == nil {
		o.breach("S4", ack.Conversation, "acked, and it is not there")
		return
	}
	if f.customer && r.visitor != sender {
		o.breach("S7", r.id, "%T of %s was done, and it is %s's", f.cmd, short(sender), short(r.visitor))
	}
	if stored := o.keys[[2]string{sender, f.key}]; stored != r.id {
		o.breach("S4", r.id, "key %s was acked here and is stored in %q", f.key, stored)
		return
	}
	if f.fence > 0 && ack.Seq > 0 {
		o.fence(r, sender, f, ack)
	}
	if _, ok := f.cmd.(chat.Post); ok {
		o.inOrder(r, sender, f)
	}
}

// fence: a write that relied on an assignment was made while that was the latest.
func (o *oracle) fence(r *record, sender string, f *frame, ack store.Ack) {
	var latest int64
	for _, seq := range r.assigned {
		if seq < ack.Seq {
			latest = seq
		}
	}
	if latest != f.fence {
		o.breach("S2", r.id, "%T of %s relied on %d, was made at %d, and %d was the latest", f.cmd, sender, f.fence, ack.Seq, latest)
	}
}

// inOrder: what was acked before this was sent stands before it.
func (o *oracle) inOrder(r *record, sender string, f *frame) {
	var mine *posted
	for i := range r.posts {
		if p := &r.posts[i]; p.sender == sender && p.key == f.key {
			mine = p
		}
	}
	if mine == nil {
		o.breach("S11", r.id, "the message %s was acked and does not stand in the log", f.key)
		return
	}
	for _, p := range r.posts {
		if p.sender == sender && !p.acked.IsZero() && p.acked.Before(f.first) && p.pos > mine.pos {
			o.breach("S5", r.id, "%s was sent when %s was acked, and stands before it", f.key, p.key)
		}
	}
	mine.acked = o.w.clock
}

// shown: nobody is shown what is not theirs. An agent who could read it until a moment ago may be shown it by a node that
// has not heard yet that they cannot.
func (o *oracle) shown(in *inbox, by *node, s *sight) {
	if s.of == nil {
		s.of = o.records[s.id]
	}
	r, who := s.of, in.who()
	switch {
	case r == nil:
		o.breach("S7", s.id, "shown to %s, and it is not there", short(who))
	case in.role == chat.RoleVisitor:
		if r.visitor != who {
			o.breach("S7", r.id, "shown to %s, and it is %s's", short(who), short(r.visitor))
		}
	case !o.reads(r, o.agentOf(who)):
		until, could := r.lately[who]
		if heard := o.w.clock.Add(-lateNews); !could || until.Before(heard) && by.sound.Before(heard) && !o.w.away {
			o.breach("S7", r.id, "shown to %s, who may not read it", short(who))
		}
	}
}

// lateNews is after how long a node that runs has heard of everything: healing is looked for every ten seconds here.
const lateNews = 25 * time.Second

// forgets notes who could read it before a step and cannot any more, and to whom it would have been opened while a node
// has not heard of the step. Who may goes by nothing but what is compared first.
func (o *oracle) forgets(was, r *record) {
	if was.agent == r.agent && was.offer == r.offer && was.team == r.team && was.state == r.state && was.since.Equal(r.since) && slices.Equal(was.invited, r.invited) {
		return
	}
	for _, a := range o.w.agents {
		if (o.reads(was, a) || opens(was, a, o.w.clock.Add(lateNews))) && !o.reads(r, a) {
			r.lately[a.ID] = o.w.clock
		}
	}
}

// reads tells whether an agent may read a conversation: supervisors all, others what is theirs or was last, what is held out
// to them, where they were asked in, and what is with one of their teams or waits and is open to it.
func (o *oracle) reads(r *record, a *agent) bool {
	return a.Role != staff.RoleAgent || r.agent == a.ID || r.offer == a.ID || slices.Contains(a.Teams, r.team) || slices.Contains(r.invited, a.ID) ||
		opens(r, a, o.w.clock)
}

// opens tells whether a ring has let an agent in by then.
func opens(r *record, a *agent, at time.Time) bool {
	return r.state == chat.Waiting && r.team == "support" && at.Sub(r.since) >= 90*time.Second && slices.Contains(a.Teams, "sales")
}
