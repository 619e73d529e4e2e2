package desk

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// holdings is what each agent had at which time, gathered from all logs: with them, or offered to them.
type holdings struct {
	byAgent map[string][]holding
}

// holding is the time during which an agent had a conversation.
type holding struct {
	conversation string
	from, to     time.Time // to is zero while it goes on
	pos          int64     // of the event that began it
	counted      bool      // the house gave it by what the agent had then,
	load         int       // which it took for this
}

// holder is who has a conversation or is held out to, "" if nobody.
func holder(c chat.Conversation) string {
	switch {
	case c.State == chat.WithAgent:
		return c.Agent
	case c.State == chat.Waiting && c.Offer != nil:
		return c.Offer.Agent
	}
	return ""
}

// note takes in an event of a conversation.
func (h *holdings) note(before, now chat.Conversation, e chat.Event) {
	was, is := holder(before), holder(now)
	if was == is {
		return
	}
	if h.byAgent == nil {
		h.byAgent = map[string][]holding{}
	}
	if list := h.byAgent[was]; was != "" && len(list) > 0 {
		list[len(list)-1].to = e.At // a log is read from end to end, so the last one is this conversation's
	}
	if is != "" {
		h.byAgent[is] = append(h.byAgent[is], holding{conversation: now.ID, from: e.At, pos: e.Pos, counted: shared(e), load: e.Detail.Load})
	}
}

// lightest is the least that a conversation weighs.
const lightest = routing.Usual / 2

// underWay is how long a step may be under way between its time and its commit. What people took by hand so shortly
// before could not be known to who gave more to the same agent; what the house gave could, by the append's condition.
const underWay = 10 * time.Second

// breaches are the gifts at which the house took an agent for less busy than the logs of all conversations, put in the
// order of time, show them to have been. What happened after now is left out: it was not read in full.
func (h *holdings) breaches(now time.Time) (found []Breach) {
	for _, agent := range slices.Sorted(maps.Keys(h.byAgent)) {
		n := 0
		for _, s := range steps(h.byAgent[agent]) {
			if s.given != nil && !s.at.After(now) && s.given.load < n*lightest {
				found = append(found, Breach{"S3", s.given.conversation, fmt.Sprintf(
					"event %d gives it to %s, who had %d conversations then, by a load of %d", s.given.pos, agent, n, s.given.load)})
			}
			n += s.by
		}
	}
	return found
}

// step is one more or one less that an agent has from a time on. given is set where it is by the house's count.
type step struct {
	at    time.Time
	by    int
	given *holding
}

// steps are the changes of what an agent has, in order of time. At the same millisecond what ends goes first, then what
// the house gave by the lesser load.
func steps(list []holding) (steps []step) {
	for i := range list {
		s := &list[i]
		from := s.from
		if !s.counted {
			from = from.Add(underWay)
		}
		if !s.to.IsZero() && !s.to.After(from) {
			if s.counted {
				steps = append(steps, step{at: s.from, given: s})
			}
			continue
		}
		begins := step{at: from, by: 1}
		if s.counted {
			begins.given = s
		}
		steps = append(steps, begins)
		if !s.to.IsZero() {
			steps = append(steps, step{at: s.to, by: -1})
		}
	}
	load := func(s step) int {
		if s.given == nil {
			return -1
		}
		return s.given.load
	}
	name := func(s step) string {
		if s.given == nil {
			return ""
		}
		return s.given.conversation
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.by, b.by), cmp.Compare(load(a), load(b)), strings.Compare(name(a), name(b)))
	})
	return steps
}
