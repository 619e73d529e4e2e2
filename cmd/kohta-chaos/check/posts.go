package check

import (
	"cmp"
	"fmt"
	"slices"
)

// posts: what was acknowledged stands where the ack said, and what was refused stands nowhere.
func (j *judge) posts(p *Participant) {
	anywhere := map[string]string{} // messages of p by key, and where
	for _, id := range sorted(j.Logs) {
		for at, i := range j.places[id] {
			if at.from == p.ID {
				anywhere[at.key] = fmt.Sprintf("%d of conversation %s", j.Logs[id][i].Seq, id)
			}
		}
	}
	for _, f := range p.Posts {
		switch {
		case f.Refused != "" && f.Acked > 0:
			j.breach(Doubled, "message "+p.ID+f.Key, "%s had %s acknowledged and refused (%s)", p.Name, f.Key, f.Refused)
		case f.Refused != "":
			if at, stored := anywhere[f.Key]; stored {
				j.breach(Doubled, "message "+p.ID+f.Key, "%s had %s refused (%s), and it stands at %s", p.Name, f.Key, f.Refused, at)
			}
		case f.Acked > 0:
			j.acked(p, f, anywhere[f.Key])
		}
	}
}

// acked checks one frame that was acknowledged; at is where it really stands.
func (j *judge) acked(p *Participant, f Post, at string) {
	if f.Differs {
		j.breach(Doubled, "ack "+p.ID+f.Key, "%s had %s acknowledged twice, differently", p.Name, f.Key)
	}
	log := j.Logs[f.Conversation]
	if !p.Agent {
		log = p.Final[f.Conversation]
	}
	i, found := slices.BinarySearchFunc(log, f.Seq, func(e Event, seq int64) int { return cmp.Compare(e.Seq, seq) })
	switch {
	case f.Text == "": // its event may be an earlier one, that did the same
		if !found {
			j.breach(Lost, "message "+p.ID+f.Key, "%s had %s acknowledged at %d of conversation %s, where nothing stands", p.Name, f.Key, f.Seq, f.Conversation)
		}
	case at == "":
		j.breach(Lost, "message "+p.ID+f.Key, "%s had %s acknowledged at %d of conversation %s, and it is nowhere", p.Name, f.Key, f.Seq, f.Conversation)
	case !found || log[i].Key != f.Key || log[i].From != p.ID:
		j.breach(Reordered, "message "+p.ID+f.Key, "%s had %s acknowledged at %d of conversation %s, and it stands at %s", p.Name, f.Key, f.Seq, f.Conversation, at)
	case log[i].Text != f.Text:
		j.breach(Misdelivered, "body "+f.Conversation+f.Key, "%s sent %q as %s, and %q stands there", p.Name, f.Text, f.Key, log[i].Text)
	case p.Agent && f.Fence > 0 && fenceAt(log, i) != f.Fence:
		j.breach(DoubleOwned, "message "+p.ID+f.Key, "%s wrote %s on the assignment at %d, and the latest before it is at %d", p.Name, f.Key, f.Fence, fenceAt(log, i))
	}
}

// fenceAt is the number of the latest assignment before an event.
func fenceAt(log []Event, i int) int64 {
	for i--; i >= 0; i-- {
		if log[i].Kind == "assigned" {
			return log[i].Seq
		}
	}
	return 0
}

// order: what was sent after an ack stands behind what was acknowledged, in the same conversation.
func (j *judge) order(p *Participant) {
	sentOrder := slices.Clone(p.Posts)
	slices.SortStableFunc(sentOrder, func(a, b Post) int { return cmp.Compare(a.Sent, b.Sent) })
	ackOrder := slices.DeleteFunc(slices.Clone(p.Posts), func(f Post) bool { return f.Acked == 0 || f.Text == "" })
	slices.SortStableFunc(ackOrder, func(a, b Post) int { return cmp.Compare(a.Acked, b.Acked) })
	last, next := map[string]int64{}, 0
	for _, f := range sentOrder {
		for ; next < len(ackOrder) && ackOrder[next].Acked < f.Sent; next++ {
			a := ackOrder[next]
			last[a.Conversation] = max(last[a.Conversation], a.Seq)
		}
		if f.Text != "" && f.Acked > 0 && f.Seq <= last[f.Conversation] {
			j.breach(Reordered, "message "+p.ID+f.Key, "%s sent %s after an ack for %d of conversation %s, and it stands at %d", p.Name, f.Key, last[f.Conversation], f.Conversation, f.Seq)
		}
	}
}
