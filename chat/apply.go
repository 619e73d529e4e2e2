package chat

import (
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// Apply folds an event into a conversation and gives out the event's three numbers. It changes neither of what it was
// given; a replay of stored events from the zero Conversation gives the same numbers and the same conversation.
func Apply(c Conversation, e Event) (Conversation, Event) {
	c.add(&e)
	return c, e
}

// add is Apply in place.
func (c *Conversation) add(e *Event) {
	c.Pos++
	e.Pos, e.AgentSeq, e.VisitorSeq = c.Pos, 0, 0
	if AgentsSee(e.Kind) {
		c.AgentSeq++
		e.AgentSeq = c.AgentSeq
	}
	if VisitorSees(e.Kind) {
		c.VisitorSeq++
		e.VisitorSeq = c.VisitorSeq
	}
	if setsDue(e) {
		c.Due = e.Detail.Due
	}
	had := c.State == WithAgent
	apply(c, e)
	if had || c.State == WithAgent {
		c.Promise = met(c.Promise, e.At)
	}
}

// met is a promise whose customer a person has at a time: it is kept by that, but a call not before its hour.
func met(p *Promise, at time.Time) *Promise {
	if p == nil || !p.Met.IsZero() || p.Channel == ByPhone && at.Before(p.At) {
		return p
	}
	kept := *p
	kept.Met = at
	return &kept
}

// Fold replays a log from its first event.
func Fold(id string, events []Event) Conversation {
	c := Conversation{ID: id}
	for _, e := range events {
		c.add(&e)
	}
	return c
}

// AgentsSee tells whether an event of this kind has a number for agents.
func AgentsSee(k Kind) bool {
	switch k {
	case KindOpened, KindActionStarted, KindActionEnded, KindBotState, KindErased, KindMailing:
		return false
	}
	return true
}

// VisitorSees tells whether an event of this kind has a number for the visitor.
func VisitorSees(k Kind) bool {
	switch k {
	case KindNote, KindFeeling, KindNudged, KindOffered, KindDeclined, KindInvited, KindLeft, KindRaised, KindMailed:
		return false
	}
	return AgentsSee(k)
}

// setsDue tells whether an event says which deadline holds from then on. The bot's and side remarks leave it alone.
func setsDue(e *Event) bool {
	switch e.Kind {
	case KindOpened, KindBotState, KindNote, KindFeeling, KindRated, KindInvited, KindLeft, KindRaised, KindMailing, KindMailed:
		return false
	case KindMessage:
		return e.From.Role != RoleBot
	}
	return true
}

func apply(c *Conversation, e *Event) {
	d := &e.Detail
	numbers := Numbers{Agent: e.AgentSeq, Visitor: e.VisitorSeq}
	switch e.Kind {
	case KindOpened:
		c.Site, c.Visitor, c.Language, c.Team = d.Site, d.Visitor, d.Language, d.Team
		c.State, c.OpenedAt, c.Known = WithBot, e.At, d.Agent
	case KindMessage:
		applyMessage(c, e)
	case KindFeeling:
		applyFeeling(c, e)
	case KindRated:
		c.Rating = &Rating{Survey: d.Survey, Score: d.Score}
	case KindBotState:
		c.Memory = e.Contents.Memory
	case KindActionStarted:
		c.Action, c.CustomerLast = &Pending{Action: *actionOf(e), Pos: e.Pos}, true
	case KindActionEnded:
		c.Action = nil
	case KindPromised:
		if c.State != WithAgent { // there they are counted of the agent
			c.Nudges++
		}
		c.tell(d.Wait, e.At)
		switch d.Reason {
		case Cancelled:
			c.Promise = nil
		case Nobody, Somebody:
			c.Alone = d.Reason == Nobody
		}
		ask(c, e)
	case KindNudged:
		if c.State != Waiting { // else it is no word to who waits, which come ever more rarely
			c.Nudges++
		}
	case KindSnoozed:
		c.State, c.Promise, c.Given.Snoozed = Snoozed, d.Promise, numbers
		c.Offer = nil
	case KindReturned:
		c.State, c.Given.Returned, c.CustomerLast = WithBot, numbers, false
		c.Agent, c.Reason, c.WaitingSince, c.Baton, c.Quote, c.Asked = "", "", time.Time{}, nil, "", nil
		c.Priority, c.Promise, c.Invited, c.Told, c.ToldUntil = "", nil, nil, nil, time.Time{}
	case KindMailing:
		c.Letter = again(c.Letter, d.Letter)
	case KindMailed:
		c.Letter = nil
	case KindClosed:
		if c.State == Waiting {
			c.Agent = "" // whom it was meant for never had it
		}
		c.State, c.ClosedAt, c.Given.Closed = Closed, e.At, numbers
		c.Offer, c.Promise, c.Action, c.CustomerLast = nil, nil, nil, false
		c.Invited, c.Raised, c.Missed, c.Told, c.ToldUntil = nil, false, 0, nil, time.Time{}
		if d.By == RoleVisitor {
			c.Letter = nil // who ends has read
		}
	case KindErased:
		*c = c.emptied()
		c.Letter = nil
		c.Erased = e.Pos
	default:
		applyOwner(c, e, numbers)
	}
}

// applyOwner folds in what brings a person in, or changes which.
func applyOwner(c *Conversation, e *Event, numbers Numbers) {
	d := &e.Detail
	switch e.Kind {
	case KindEscalated:
		wait(c, e.At)
		c.Reason, c.Given.Escalated, c.CustomerLast = d.Reason, numbers, true
		c.tell(d.Wait, e.At)
		c.Baton, c.Quote, c.Action = e.Contents.Baton, cut(e.Contents.Quote), nil
		c.Team, c.Skills, c.Priority = d.Team, d.Skills, d.Priority // an offer under way stays one
		if e.Contents.About != "" {
			c.About = e.Contents.About
		}
	case KindOffered:
		c.Offer = &Offer{Agent: d.Agent, Until: *d.Until, From: d.Sender}
		if d.Word != nil {
			c.Offer.Word = *d.Word
		}
	case KindDeclined:
		c.Offer = nil
		if d.Until != nil {
			c.Missed++
		}
		keepAway(c, e.At, d.Agent, d.Until)
	case KindRaised:
		c.Raised = true
	case KindInvited:
		if !slices.Contains(c.Invited, d.Agent) {
			c.Invited = last(c.Invited, d.Agent, MaxInvited)
		}
		c.Names = with(c.Names, d.Agent, e.Contents.Whom)
	case KindLeft:
		c.Invited = without(c.Invited, d.Agent)
	case KindAssigned:
		c.State, c.Agent, c.Fence, c.Given.Assigned = WithAgent, d.Agent, e.AgentSeq, numbers
		c.Offer, c.Action, c.Avoid, c.AvoidUntil, c.Nudges = nil, nil, nil, time.Time{}, 0
		c.Missed, c.Raised, c.Told, c.ToldUntil, c.Known = 0, false, nil, time.Time{}, ""
		c.Invited = without(c.Invited, d.Agent)
		c.Names = with(c.Names, d.Agent, e.Contents.Name)
	case KindUnassigned:
		wait(c, e.At)
		c.Given.Released, c.Given.By = numbers, d.Agent
		c.CustomerLast = c.CustomerLast || d.Owed
		keepAway(c, e.At, d.Agent, d.Until)
		c.Agent = ""
	case KindTransferred:
		wait(c, e.At)
		c.CustomerLast = c.CustomerLast || d.Owed
		c.Team, c.Agent, c.Skills = d.Team, d.Agent, nil
		if d.Until != nil {
			keepAway(c, e.At, d.Sender, d.Until)
		}
	case KindWoken:
		c.Nudges = 0
		c.CustomerLast = c.CustomerLast || d.Owed
		arrive(c, e)
	case KindReopened:
		c.ClosedAt, c.WaitingSince, c.CustomerLast = time.Time{}, time.Time{}, true
		c.Feeling, c.Nudges, c.Avoid, c.AvoidUntil = Feeling{}, 0, nil, time.Time{}
		if d.Owed { // what brought a person in the last time is over
			c.Reason, c.Priority, c.Skills = "", "", nil
		}
		arrive(c, e)
	}
}

// keepAway notes that an agent is not asked again before until, and drops earlier entries once their time has passed.
func keepAway(c *Conversation, now time.Time, agent string, until *time.Time) {
	if !now.Before(c.AvoidUntil) {
		c.Avoid = nil
	}
	c.Avoid = avoid(c.Avoid, agent)
	if until != nil && until.After(c.AvoidUntil) {
		c.AvoidUntil = *until
	}
}

// tell remembers the range that a waiting customer was told, nil for none. One that is told before the end of another does
// not take that end back.
func (c *Conversation) tell(wait *Wait, at time.Time) {
	c.Told = wait
	if at.Before(c.ToldUntil) {
		return
	}
	c.ToldUntil = time.Time{}
	if wait != nil {
		c.ToldUntil = at.Add(time.Duration(wait.High) * time.Second)
	}
}

// ask remembers the buttons or the form that came with what was said.
func ask(c *Conversation, e *Event) {
	if e.Detail.Asks == nil {
		return
	}
	asked := *e.Detail.Asks
	asked.VisitorSeq = e.VisitorSeq
	c.Asked = last(c.Asked, asked, MaxAsked)
}

// arrive goes to where a woken or reopened conversation belongs.
func arrive(c *Conversation, e *Event) {
	if e.Detail.State == Waiting {
		wait(c, e.At)
		return
	}
	c.State = e.Detail.State
}

// wait puts a conversation into the line. The clock of who waits already is kept.
func wait(c *Conversation, at time.Time) {
	if c.State != Waiting {
		c.State, c.Offer, c.Nudges, c.Alone = Waiting, nil, 0, false
	}
	if c.WaitingSince.IsZero() {
		c.WaitingSince = at
	}
}

func applyMessage(c *Conversation, e *Event) {
	d := &e.Detail
	if d.Language != "" {
		c.Language = d.Language
	}
	c.Lines = last(c.Lines, LineOf(*e), MaxLines)
	switch e.From.Role {
	case RoleVisitor:
		c.CustomerAt, c.CustomerLast = e.At, true
		if !d.Owed { // who asks again does not make the agent's time begin anew
			c.Nudges = 0
		}
		c.Letter = nil // who answers has read
		c.Asked = answered(c.Asked, d.Answers)
		if c.About == "" {
			c.About = cutTo(e.Contents.Text, maxAbout)
		}
		c.Fields = merge(c.Fields, e.Contents.Fields)
		if d.Reach {
			c.Contact = reach(c.Contact, e.Contents.Fields)
		}
	case RoleAgent:
		c.CustomerLast, c.Nudges = false, 0
		if d.Letter != nil {
			c.Letter = &Letter{At: *d.Letter, Of: e.Pos}
		}
	case RoleSystem:
		c.Nudges++
	case RoleBot:
		if c.State == WithBot && c.Action == nil {
			c.CustomerLast = false
		}
		ask(c, e)
		if e.Contents.Memory != nil {
			c.Memory = e.Contents.Memory
		}
		c.Fields = merge(c.Fields, e.Contents.Fields)
	}
}

// LineOf is what an event of the kind message adds to the fold's Lines. They are the last MaxLines of the log's messages
// after the place where it was erased, so a store need not keep them beside the log.
func LineOf(e Event) Line {
	return Line{Seq: e.AgentSeq, At: e.At, Role: e.From.Role, By: agentOf(e.From), Text: cut(e.Contents.Text), Intent: e.Detail.Intent}
}

// agentOf names an agent. Everybody else is known by the role alone.
func agentOf(f From) string {
	if f.Role == RoleAgent {
		return f.ID
	}
	return ""
}

func applyFeeling(c *Conversation, e *Event) {
	f := *e.Detail.Feeling
	if c.Feeling.Name != InCrisis { // a crisis holds until the conversation is closed
		c.Feeling = f
	}
	f.Quote = cut(e.Contents.Quote)
	c.Feelings = last(c.Feelings, FeelingMark{Feeling: f, Seq: e.Detail.Of}, MaxFeelings)
}

const maxAbout = 80

// again is a letter after one more try; nil if there is to be none.
func again(l *Letter, at *time.Time) *Letter {
	if at == nil {
		return nil
	}
	next := Letter{At: *at, Tries: 1}
	if l != nil {
		next.Tries, next.Of = l.Tries+1, l.Of
	}
	return &next
}

// reach adds what the customer said of how they can be reached.
func reach(known *Contact, fields map[string]string) *Contact {
	var c Contact
	if known != nil {
		c = *known
	}
	if s := fields["email"]; s != "" {
		c.Email = s
	}
	if s := fields["phone"]; s != "" {
		c.Phone = s
	}
	if c == (Contact{}) {
		return nil
	}
	return &c
}

func actionOf(e *Event) *Action {
	if e.Contents.Action != nil {
		a := *e.Contents.Action
		a.ID = e.Detail.ActionID
		return &a
	}
	return &Action{ID: e.Detail.ActionID}
}

// last returns the at most n newest of list and x, in a slice of its own.
func last[T any](list []T, x T, n int) []T {
	list = list[max(0, len(list)-n+1):]
	out := make([]T, 0, len(list)+1) // at its size: this is done for every message
	return append(append(out, list...), x)
}

func answered(list []Asked, seq int64) []Asked {
	i := slices.IndexFunc(list, func(a Asked) bool { return seq != 0 && a.VisitorSeq == seq })
	if i < 0 {
		return list
	}
	list = slices.Clone(list)
	list[i].Answered = true
	return list
}

// avoid adds an agent as the latest: who refused again is not the first to be forgotten.
func avoid(list []string, agent string) []string {
	if agent == "" || len(list) > 0 && list[len(list)-1] == agent {
		return list
	}
	return last(without(list, agent), agent, MaxAvoid)
}

func without(list []string, agent string) []string {
	if !slices.Contains(list, agent) {
		return list
	}
	left := slices.DeleteFunc(slices.Clone(list), func(a string) bool { return a == agent })
	if len(left) == 0 {
		return nil
	}
	return left
}

func with(m map[string]string, k, v string) map[string]string {
	if v == "" || m[k] == v {
		return m
	}
	return merge(m, map[string]string{k: v})
}

func merge(m, more map[string]string) map[string]string {
	if len(more) == 0 {
		return m
	}
	m = maps.Clone(m)
	if m == nil {
		m = make(map[string]string, len(more))
	}
	maps.Copy(m, more)
	return m
}

func cut(s string) string { return cutTo(s, MaxQuote) }

// cutTo returns s, or its first n characters.
func cutTo(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
