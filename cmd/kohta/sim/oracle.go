package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// oracle judges. It keeps a record of its own from the events that were committed and the acks that clients got, by rules
// that it has written down once more: it calls nothing of what it judges.
type oracle struct {
	w        *world
	records  map[string]*record
	order    []string
	keys     map[[2]string]string // sender and key: conversation and position
	breaches []Breach
	steps    int
	nextDue  time.Time // the earliest deadline there is
	stale    bool      // it may be later
	waiting  int       // conversations that stand in the line
	agents   map[string]*agent
	looked   time.Time
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
	owner                   map[int64]string
	acks                    map[int64]bool // visitor's numbers that were acked
	posts                   []posted
	waitsFrom               time.Time // since when it stands in the line without a break
	hard                    bool
	passed                  time.Time // when it was passed over first
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

// due tells whether a deadline has passed, so that a sweep would find something.
func (o *oracle) due() bool {
	if o.stale {
		o.stale, o.nextDue = false, time.Time{}
		for _, id := range o.order {
			o.sooner(o.records[id])
		}
	}
	return !o.nextDue.IsZero() && !o.nextDue.After(o.w.clock)
}

func (o *oracle) sooner(r *record) {
	for _, at := range [...]time.Time{r.due, r.letter} {
		if !at.IsZero() && (o.nextDue.IsZero() || at.Before(o.nextDue)) {
			o.nextDue = at
		}
	}
}

// step takes in a committed append, before anybody else hears of it.
func (o *oracle) step(n *node, a store.Append) {
	o.steps++
	r := o.records[a.Next.ID]
	if r == nil {
		r = &record{id: a.Next.ID, avoid: map[string]time.Time{}, owner: map[int64]string{}, acks: map[int64]bool{}}
		o.records[a.Next.ID], o.order = r, append(o.order, a.Next.ID)
	}
	for _, k := range a.Keys {
		id := [2]string{k.Sender, k.Key}
		if was, twice := o.keys[id]; twice {
			o.breach("S4", r.id, "key %s was answered before, in %s", k.Key, was)
		}
		o.keys[id] = r.id
	}
	waited := r.state == chat.Waiting
	for i := range a.Events {
		o.event(n, r, &a.Events[i])
	}
	if waits := r.state == chat.Waiting; waits != waited {
		o.waiting += map[bool]int{true: 1, false: -1}[waits]
	}
	o.stale = true
	o.compare(r, &a.Next)
	o.owes(r)
}

// event takes in one event.
func (o *oracle) event(n *node, r *record, e *chat.Event) {
	o.numbers(r, e)
	d := e.Detail
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
		r.reason, r.crisis = false, r.felt
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
		r.state, r.offer, r.owed, r.promise, r.raised, r.missed = chat.Closed, "", false, nil, false, 0
	case chat.KindNudged:
		if e.At.Sub(r.nudged) < 5*time.Second && !r.felt { // of who is in danger the supervisors hear at once
			o.breach("S12", r.id, "%s is reminded again after %v", d.Agent, e.At.Sub(r.nudged))
		}
		r.nudged = e.At
	case chat.KindPromised:
		if d.Reason == chat.Cancelled {
			r.promise = nil
		}
	}
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
	for _, id := range o.order {
		if other := o.records[id]; other != r && other.visitor == r.visitor && other.state != chat.Closed && other.state != "" {
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

func (o *oracle) offered(n *node, r *record, e *chat.Event) {
	if r.state != chat.Waiting || r.offer != "" {
		o.breach("S9", r.id, "offered in state %s, while it is offered to %q", r.state, r.offer)
	}
	if e.Detail.Sender == "" {
		o.mayBeGiven(n, r, e)
	}
	r.offer, r.offerUntil = e.Detail.Agent, *e.Detail.Until
}

// declined: an offer ends by its agent's word, or when its time is over.
func (o *oracle) declined(r *record, e *chat.Event) {
	switch {
	case r.offer == "" || r.offer != e.Detail.Agent:
		o.breach("S9", r.id, "an offer to %q ends for %q", r.offer, e.Detail.Agent)
	case e.From.Role != chat.RoleAgent && e.At.Before(r.offerUntil):
		o.breach("S9", r.id, "an offer until %v ends at %v", r.offerUntil, e.At)
	}
	r.offer = ""
	r.missed++
	o.avoids(r, e)
}

func (o *oracle) assign(n *node, r *record, e *chat.Event) {
	automatic := e.From.Role == chat.RoleSystem && !e.Detail.ByHand
	switch {
	case r.state == chat.WithAgent:
		o.breach("S2", r.id, "assigned to %s while it is %s's", e.Detail.Agent, r.agent)
	case r.state == chat.Closed:
		o.breach("S1", r.id, "assigned while it is closed")
	case e.From.Role == chat.RoleAgent && e.From.ID != e.Detail.Agent:
		o.breach("S2", r.id, "%s assigned it to %s", e.From.ID, e.Detail.Agent)
	case e.From.Role == chat.RoleAgent && !e.Detail.ByHand && r.offer != e.Detail.Agent:
		o.breach("S9", r.id, "%s accepted what is offered to %q", e.Detail.Agent, r.offer)
	case automatic && r.offer != "":
		o.breach("S9", r.id, "assigned to %s while it is offered to %s", e.Detail.Agent, r.offer)
	}
	if automatic {
		o.mayBeGiven(n, r, e)
		o.overtakes(r, e)
	}
	r.kept = r.kept || r.promise != nil && !e.At.After(r.promise.Until)
	r.state, r.agent, r.offer, r.raised, r.missed = chat.WithAgent, e.Detail.Agent, "", false, 0
	r.avoid = map[string]time.Time{}
	r.assigned = append(r.assigned, e.AgentSeq)
	r.owner[e.AgentSeq] = e.Detail.Agent
}

// mayBeGiven checks what the house gives by itself: to who is there, may have it, has room, and has not just refused.
func (o *oracle) mayBeGiven(n *node, r *record, e *chat.Event) {
	agent, d := e.Detail.Agent, e.Detail
	if there, looked := n.online[agent]; !looked || !there {
		o.breach("S8", r.id, "given to %s, who was not online when it was decided", agent)
	}
	if until, avoid := r.avoid[agent]; avoid && e.At.Before(until) {
		o.breach("S8", r.id, "given to %s, who is not to be asked before %v", agent, until)
	}
	a := o.agentOf(agent)
	waited := e.At.Sub(r.since)
	ofTeam := slices.Contains(a.Teams, r.team) || r.team == "support" && waited >= 90*time.Second && slices.Contains(a.Teams, "sales")
	speaks := len(a.Languages) == 0 || slices.Contains(a.Languages, r.language) || waited >= 40*time.Second
	if !ofTeam || !speaks || r.raised && a.Role == "agent" {
		o.breach("S8", r.id, "given to %s of %v who speaks %v; it is %s's in %s after %v, raised: %v", agent, a.Teams, a.Languages, r.team, r.language, waited, r.raised)
	}
	held := 0
	for _, id := range o.order {
		if other := o.records[id]; other != r && (other.state == chat.WithAgent && other.agent == agent || other.offer == agent) {
			held++
		}
	}
	switch {
	case d.Weight <= 0 || d.Capacity <= 0:
		o.breach("S3", r.id, "given without a count: %d + %d of %d", d.Load, d.Weight, d.Capacity)
	case held > 0 && d.Load+d.Weight > d.Capacity:
		o.breach("S3", r.id, "%s has %d, gets %d and may have %d", agent, d.Load, d.Weight, d.Capacity)
	case d.Load < 50*held || d.Load > 200*held:
		o.breach("S3", r.id, "%s holds %d conversations, counted as %d", agent, held, d.Load)
	}
}

// overtakes: somebody who waited longer than any head start explains, whom the same agent could serve, was passed over.
func (o *oracle) overtakes(r *record, e *chat.Event) {
	now := o.w.clock
	if now.Sub(o.w.flushed) < 30*time.Second {
		return // the line may not know of everybody yet
	}
	a := o.agentOf(e.Detail.Agent)
	for _, id := range o.order {
		other := o.records[id]
		if other == r || other.state != chat.Waiting || other.offer != "" || other.team != r.team || other.raised ||
			!slices.Contains(a.Teams, other.team) || now.Sub(other.waitsFrom) < 20*time.Second {
			continue
		}
		if len(a.Languages) > 0 && !slices.Contains(a.Languages, other.language) && now.Sub(other.since) < 60*time.Second {
			continue
		}
		if until, avoid := other.avoid[a.ID]; avoid && now.Before(until.Add(15*time.Second)) {
			continue
		}
		if len(other.avoid) > 0 { // those in it are kept away together until the last of them is not
			continue
		}
		most := headStart + 20*time.Second // an angry customer's, and what a node may take to decide
		if r.crisis && !other.crisis {
			continue
		}
		if e.Detail.Load > 0 && e.Detail.Load+other.weight() > e.Detail.Capacity {
			continue // who is given this one has no room for that one
		}
		if !(other.crisis && !r.crisis) && !other.since.Add(most).Before(r.since) {
			continue
		}
		if other.passed.Before(other.waitsFrom) || now.Sub(other.passed) > time.Minute {
			other.passed = now // once may be because another node was about to give it to somebody
		}
		if now.Sub(other.passed) > 20*time.Second {
			o.breach("L1", r.id, "given to %s while %s waits since %v in %s, and this one since %v", a.ID, other.id, other.since.Sub(begin), other.team, r.since.Sub(begin))
		}
	}
}

func (o *oracle) agentOf(id string) *agent {
	if o.agents == nil {
		o.agents = map[string]*agent{}
		for _, a := range o.w.agents {
			o.agents[a.ID] = a
		}
	}
	return o.agents[id]
}

// deadline takes in which deadlines hold from an event on.
func (o *oracle) deadline(r *record, e *chat.Event) {
	d := e.Detail
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

// acked takes in what a client was told: from then on it must hold.
func (o *oracle) acked(sender string, f *frame, ack store.Ack) {
	r := o.records[ack.Conversation]
	if r == nil {
		o.breach("S4", ack.Conversation, "acked, and it is not there")
		return
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

// look looks around now and then: no deadline may be long past while there is a node that could have seen to it.
func (o *oracle) look() {
	now := o.w.clock
	if now.Sub(o.looked) < 5*time.Second {
		return
	}
	o.looked = now
	if !slices.ContainsFunc(o.w.nodes, func(n *node) bool { return n.up() && now.Sub(n.sound) > 70*time.Second }) || o.w.away {
		return // there was nobody who could have seen to it
	}
	const late = 40 * time.Second
	for _, id := range o.order {
		r := o.records[id]
		for _, due := range []time.Time{r.due, r.letter} {
			if !due.IsZero() && now.Sub(due) > late {
				o.breach("S12", r.id, "in state %s the deadline at %v has passed by %v", r.state, due.Sub(begin), now.Sub(due))
			}
		}
		if r.state == chat.WithAgent && o.gone(r.agent) > 85*time.Second {
			o.breach("S1", r.id, "%s, who has it, is gone for %v", r.agent, o.gone(r.agent))
		}
	}
}

// gone is for how long an agent has had no connection.
func (o *oracle) gone(id string) time.Duration {
	if left := o.agentOf(id).left; !left.IsZero() {
		return o.w.clock.Sub(left)
	}
	return 0
}

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
		o.has(a.inbox, func(r *record) int64 { return r.agents }, func(r *record) bool { _, known := a.inbox.seen[r.id]; return known })
	}
	o.drained()
}

// has: a participant has every position.
func (o *oracle) has(in *inbox, head func(*record) int64, mine func(*record) bool) {
	if in.owner.connection() == nil {
		return
	}
	for _, id := range o.order {
		if r := o.records[id]; mine(r) && (in.seen[id] != head(r) || in.heard[id] != head(r)) {
			o.breach("S6", id, "a participant has %d events up to %d of %d", in.heard[id], in.seen[id], head(r))
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
	for _, id := range o.order {
		r := o.records[id]
		place, _, err := o.w.line.Place(o.w.ctx, r.team, id)
		o.w.must(err)
		if (place > 0) != (r.state == chat.Waiting) {
			o.breach("L3", id, "is %s and stands at %d in the line", r.state, place)
		}
		if p := r.promise; p != nil && !r.kept && o.w.clock.Sub(p.At) > callsFor/2 && r.state != chat.Closed {
			o.breach("promise", id, "was to be called at %v, and is %s", p.At, r.state)
		}
		if r.state == chat.Waiting && o.w.clock.Sub(r.waitsFrom) > time.Minute {
			o.breach("L3", id, "waits since %v for %s, raised: %v, when everybody works", r.waitsFrom.Sub(begin), r.team, r.raised)
		}
	}
}
