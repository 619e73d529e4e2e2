package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// oracle judges. It keeps a record of its own from the events that were committed and the acks that clients got, by rules
// that it has written down once more: it calls nothing of what it judges.
type oracle struct {
	w        *world
	records  map[string]*record
	order    []*record
	keys     map[[2]string]string // sender and key: conversation and position
	breaches []Breach
	steps    int
	nextDue  time.Time // the earliest deadline there is
	stale    bool      // it may be later
	waits    []*record // that stand in the line
	holder   string    // who had or was offered the one that is looked at, before the step
	agents   map[string]*agent
	there    []routing.Presence // as a node has found it last,
	foundAt  time.Time          // and when
	lookAt   int64              // when it looks around next
}

// Breach is a promise that was not kept.
type Breach struct {
	Check        string
	Conversation string
	Words        string
	At           time.Duration // since the schedule began
}

func (b Breach) String() string {
	return fmt.Sprintf("%s at %.3f s, conversation %s: %s", b.Check, b.At.Seconds(), b.Conversation, b.Words)
}

// record is what the oracle knows of a conversation.
type record struct {
	id                      string
	visitor, team, language string
	state                   chat.State
	agent                   string
	offer                   string // to whom it is held out
	offerUntil              time.Time
	tried                   time.Time // when it was last held out to somebody, or that ended
	since                   time.Time // since when a person is owed
	owed                    bool
	crisis                  bool // they feel so, until it is closed, or that was the reason for which a person was brought in
	felt, reason            bool
	raised                  bool
	missed                  int
	avoid                   map[string]time.Time // until when an agent is not asked again
	due                     time.Time
	letter                  time.Time
	promise                 *chat.Promise
	kept                    bool // somebody had it by then
	nudged                  time.Time
	pos, agents, customer   int64
	assigned                []int64 // agents' numbers of the assignments: the fences
	posts                   []posted
	waitsFrom               time.Time // since when it stands in the line without a break
	hard                    bool
	passed, outranked       time.Time // when it was passed over first by who came later, and by who is of a lower class
	invited                 []string
	lately                  map[string]time.Time // when an agent could read it last who cannot any more
}

// weight is what it is to an agent, in hundredths of a usual conversation.
func (r *record) weight() int {
	switch {
	case r.crisis:
		return 200
	case r.hard:
		return 150
	}
	return 100
}

// holder is against whose capacity it counts.
func (r *record) holder() string {
	if r.state == chat.WithAgent {
		return r.agent
	}
	return r.offer
}

// posted is a message by its key, for the order of what a sender says.
type posted struct {
	sender, key string
	pos         int64
	acked       time.Time
}

func newOracle(w *world) *oracle {
	return &oracle{w: w, records: map[string]*record{}, keys: map[[2]string]string{}}
}

func (o *oracle) broken() bool { return len(o.breaches) > 0 }

func (o *oracle) breach(check, conversation, words string, args ...any) {
	b := Breach{check, conversation, fmt.Sprintf(words, args...), o.w.clock.Sub(begin)}
	o.w.say("BREACH %s", b)
	o.breaches = append(o.breaches, b)
}

// step takes in a committed append, before anybody else hears of it.
func (o *oracle) step(n *node, a *store.Append) {
	o.steps++
	r := o.records[a.Next.ID]
	if r == nil {
		r = &record{id: a.Next.ID, avoid: map[string]time.Time{}, lately: map[string]time.Time{}}
		o.records[a.Next.ID], o.order = r, append(o.order, r)
	}
	for _, k := range a.Keys {
		id := [2]string{k.Sender, k.Key}
		if was, twice := o.keys[id]; twice {
			o.breach("S4", r.id, "key %s was answered before, in %s", k.Key, was)
		}
		o.keys[id] = r.id
	}
	was := *r
	o.holder = r.holder()
	for i := range a.Events {
		o.event(n, r, &a.Events[i])
	}
	switch waited, waits := was.state == chat.Waiting, r.state == chat.Waiting; {
	case waits && !waited:
		o.waits = append(o.waits, r)
	case waited && !waits:
		o.waits = slices.DeleteFunc(o.waits, func(other *record) bool { return other == r })
	}
	if a := o.agentOf(o.holder); a != nil {
		a.held--
		a.had = o.w.clock
	}
	if a := o.agentOf(r.holder()); a != nil {
		a.held++
	}
	o.reschedule(&was, r)
	o.forgets(&was, r)
	o.compare(r, &a.Next)
	o.owes(r)
}

// event takes in one event.
func (o *oracle) event(n *node, r *record, e *chat.Event) {
	o.numbers(r, e)
	d := &e.Detail
	if e.Key != "" && e.Kind == chat.KindMessage {
		r.posts = append(r.posts, posted{sender: e.From.ID, key: e.Key, pos: e.Pos})
	}
	o.deadline(r, e)
	switch e.Kind {
	case chat.KindOpened:
		r.visitor, r.team, r.language, r.state = d.Visitor, d.Team, d.Language, chat.WithBot
		o.oneOpen(r)
	case chat.KindMessage:
		o.message(r, e)
	case chat.KindFeeling:
		r.felt = r.felt || d.Feeling.Name == chat.InCrisis
		r.crisis = r.felt || r.reason
		r.hard = d.Feeling.Name == chat.Angry
	case chat.KindEscalated:
		if r.state != chat.WithBot && !(r.state == chat.Waiting && d.Reason == chat.ReasonCrisis) {
			o.breach("S1", r.id, "escalated in state %s", r.state)
		}
		o.wait(r, e.At)
		r.team, r.owed, r.reason = d.Team, true, d.Reason == chat.ReasonCrisis
		r.crisis = r.felt || r.reason
	case chat.KindOffered:
		o.offered(n, r, e)
	case chat.KindDeclined:
		o.declined(r, e)
	case chat.KindAssigned:
		o.assign(n, r, e)
	case chat.KindUnassigned:
		o.leaves(r, e, d.Agent)
		if d.Reason != "taken_over" {
			r.owed = true
		}
		o.avoids(r, e)
		r.agent = ""
	case chat.KindTransferred:
		o.leaves(r, e, e.From.ID)
		r.team, r.agent, r.owed = d.Team, d.Agent, true
	case chat.KindSnoozed:
		if e.From.Role == chat.RoleAgent && r.agent != e.From.ID {
			o.breach("S2", r.id, "put aside by %s, and it is %s's", e.From.ID, r.agent)
		}
		r.state, r.offer, r.promise, r.kept = chat.Snoozed, "", d.Promise, false
		if d.Due == nil || !d.Due.At.Equal(*d.Until) || d.Promise != nil && e.From.Role == chat.RoleSystem && !d.Due.At.Equal(d.Promise.At) {
			o.breach("S12", r.id, "put aside until %v, promised %v, and due %v", d.Until, d.Promise, d.Due)
		}
	case chat.KindWoken:
		if r.state != chat.Snoozed {
			o.breach("S1", r.id, "woken in state %s", r.state)
		}
		o.arrive(r, e)
		r.owed = r.owed || e.From.Role != chat.RoleAgent
	case chat.KindReturned:
		o.leaves(r, e, e.From.ID)
		r.state, r.agent, r.since, r.owed = chat.WithBot, "", time.Time{}, false
		r.reason, r.crisis, r.invited = false, r.felt, nil
	case chat.KindReopened:
		if r.state != chat.Closed {
			o.breach("S1", r.id, "reopened in state %s", r.state)
		}
		r.since, r.owed, r.felt, r.avoid = time.Time{}, true, false, map[string]time.Time{}
		r.reason, r.crisis = false, false
		o.arrive(r, e)
		o.oneOpen(r)
	case chat.KindRaised:
		r.raised = true
	case chat.KindClosed:
		if r.state == chat.Closed {
			o.breach("S1", r.id, "closed twice")
		}
		if e.From.Role == chat.RoleAgent && r.agent != e.From.ID {
			o.breach("S2", r.id, "closed by %s, and it is %s's", e.From.ID, r.agent)
		}
		r.state, r.offer, r.owed, r.promise, r.raised, r.missed, r.invited = chat.Closed, "", false, nil, false, 0, nil
	case chat.KindNudged:
		if e.At.Sub(r.nudged) < 5*time.Second && !r.felt { // of who is in danger the supervisors hear at once
			o.breach("S12", r.id, "%s is reminded again after %v", d.Agent, e.At.Sub(r.nudged))
		}
		r.nudged = e.At
	case chat.KindPromised:
		if d.Reason == chat.Cancelled {
			r.promise = nil
		}
	case chat.KindInvited:
		r.invited = append(r.invited, d.Agent)
	case chat.KindLeft:
		r.invited = without(r.invited, d.Agent)
	}
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// numbers: no hole, and each audience counts what it sees.
func (o *oracle) numbers(r *record, e *chat.Event) {
	if e.Pos != r.pos+1 || e.AgentSeq != 0 && e.AgentSeq != r.agents+1 || e.VisitorSeq != 0 && e.VisitorSeq != r.customer+1 {
		o.breach("S4", r.id, "%s is %d, %d, %d after %d, %d, %d", e.Kind, e.Pos, e.AgentSeq, e.VisitorSeq, r.pos, r.agents, r.customer)
	}
	r.pos = e.Pos
	if e.AgentSeq != 0 {
		r.agents = e.AgentSeq
	}
	if e.VisitorSeq != 0 {
		r.customer = e.VisitorSeq
	}
}

// oneOpen: a customer has one open conversation.
func (o *oracle) oneOpen(r *record) {
	for _, other := range o.order {
		if other != r && other.state != chat.Closed && other.state != "" && other.visitor == r.visitor {
			o.breach("S1", r.id, "visitor %s has %s open, too", r.visitor, other.id)
		}
	}
}

func (o *oracle) message(r *record, e *chat.Event) {
	switch e.From.Role {
	case chat.RoleVisitor:
		r.owed = true
		r.letter = time.Time{}
	case chat.RoleAgent:
		if r.agent != e.From.ID || r.state != chat.WithAgent && r.state != chat.Snoozed {
			o.breach("S2", r.id, "%s writes in state %s, and it is %q's", e.From.ID, r.state, r.agent)
		}
		r.owed = false
	case chat.RoleBot:
		if (r.state == chat.Waiting || r.state == chat.WithAgent) && r.felt {
			break // the words with the help lines
		}
		if r.state != chat.WithBot {
			o.breach("S1", r.id, "the bot speaks in state %s", r.state)
		}
		r.owed = false
	}
}

// wait puts into the line. Who waits already keeps their place.
func (o *oracle) wait(r *record, at time.Time) {
	if r.state != chat.Waiting {
		r.waitsFrom = at
	}
	r.state = chat.Waiting
	if r.since.IsZero() {
		r.since = at
	}
}

func (o *oracle) arrive(r *record, e *chat.Event) {
	if e.Detail.State == chat.Waiting {
		o.wait(r, e.At)
		return
	}
	r.state = e.Detail.State
}

// leaves checks that what leaves an agent was theirs.
func (o *oracle) leaves(r *record, e *chat.Event, agent string) {
	if r.state != chat.WithAgent && r.state != chat.Snoozed || r.agent != agent {
		o.breach("S2", r.id, "%s by %s in state %s, and it is %q's", e.Kind, agent, r.state, r.agent)
	}
	if e.Kind != chat.KindReturned {
		r.offer = ""
		o.wait(r, e.At)
	}
}

func (o *oracle) avoids(r *record, e *chat.Event) {
	if e.Detail.Until != nil && e.Detail.Agent != "" {
		r.avoid[e.Detail.Agent] = *e.Detail.Until
	}
}

// compare holds the fold that was stored against the record.
func (o *oracle) compare(r *record, c *chat.Conversation) {
	offer := ""
	if c.Offer != nil {
		offer = c.Offer.Agent
	}
	switch {
	case c.State != r.state || c.Pos != r.pos || c.AgentSeq != r.agents || c.VisitorSeq != r.customer:
		o.breach("S10", r.id, "the fold is %s at %d, %d, %d; the log says %s at %d, %d, %d", c.State, c.Pos, c.AgentSeq, c.VisitorSeq, r.state, r.pos, r.agents, r.customer)
	case r.state == chat.WithAgent && c.Agent != r.agent, offer != r.offer:
		o.breach("S10", r.id, "the fold is %s's, offered to %q; the log says %s's, offered to %q", c.Agent, offer, r.agent, r.offer)
	case r.state == chat.Waiting && !c.WaitingSince.Equal(r.since):
		o.breach("L1", r.id, "waits since %v, and its place is that of %v", r.since.Sub(begin), c.WaitingSince.Sub(begin))
	}
}
