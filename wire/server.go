package wire

import (
	"time"

	"github.com/kohta/kohta/chat"
)

// Person is an agent as others see one.
type Person struct{ ID, Name, Role string }

// Line is what may be taken, as one agent sees it: the first of it, next first.
type Line struct {
	Waiting []View
	Total   int
	Version int64
}

// LineChange is how a line has moved since the version before: Added are those who are new, or are to be shown anew.
// Without Order, those who are new stand behind all others. With Reset, Added is the whole of it.
type LineChange struct {
	Added   []View
	Removed []string
	Order   []string // all of it, next first; nil where it follows from the rest
	Reset   bool
	Total   int
	Version int64
}

// AppendVisitorWelcome appends the welcome to a visitor. The token goes to its owner alone, here and nowhere else.
func AppendVisitorWelcome(b []byte, g Greeted, conversations []View) []byte {
	b = append(b, `{"type":"welcome"`...)
	b = appendText(b, "visitor", g.Visitor)
	b = appendText(b, "token", g.Token)
	b = appendText(b, "site", g.Site)
	b = appendInt(b, "heartbeat_s", int64(Heartbeat/time.Second))
	b = appendEach(b, "conversations", conversations, visitorSnapshot)
	return append(b, '}')
}

// Attendance is whether an agent is there to be given conversations, and why not. A breather is the agent's own to
// know: RestUntil is told to nobody else.
type Attendance struct {
	Status    string
	Reason    string    // "" for none
	RestUntil time.Time // end of a breather; zero for none
}

// AgentWelcome is what an agent is welcomed with. Alerts are a supervisor's: those that hold still.
type AgentWelcome struct {
	Agent         Person
	Attendance    Attendance
	Conversations []View
	Line          Line
	Alerts        []Alert
}

// AppendAgentWelcome appends the welcome to an agent.
func AppendAgentWelcome(b []byte, w *AgentWelcome) []byte {
	b = append(b, `{"type":"welcome","agent":{`...)
	b = appendText(b, "id", w.Agent.ID)
	b = appendText(b, "name", w.Agent.Name)
	b = appendText(b, "role", w.Agent.Role)
	b = append(appendAttendance(b, w.Attendance), '}')
	b = appendInt(b, "heartbeat_s", int64(Heartbeat/time.Second))
	b = appendEach(b, "conversations", w.Conversations, agentSnapshot)
	b = append(appendName(b, "line"), '{')
	b = appendEach(b, "waiting", w.Line.Waiting, agentSnapshot)
	b = appendInt(b, "total", int64(w.Line.Total))
	b = append(appendInt(b, "version", w.Line.Version), '}')
	if len(w.Alerts) > 0 {
		b = appendEach(b, "alerts", w.Alerts, func(b []byte, a *Alert) []byte {
			b = appendText(append(b, '{'), "conversation", a.Conversation)
			return append(appendAlert(b, a), '}')
		})
	}
	return append(b, '}')
}

func appendAttendance(b []byte, a Attendance) []byte {
	b = appendSome(appendText(b, "status", a.Status), "reason", a.Reason)
	if a.RestUntil.IsZero() {
		return b
	}
	return appendTime(b, "rest_until", a.RestUntil)
}

// AppendAck appends the ack of a frame.
func AppendAck(b []byte, key, conversation string, seq int64) []byte {
	b = append(b, `{"type":"ack"`...)
	b = appendText(b, "key", key)
	b = appendText(b, "conversation", conversation)
	return append(appendInt(b, "seq", seq), '}')
}

// AppendSynced appends the end of an answer to sync or watch.
func AppendSynced(b []byte, conversation string, head int64) []byte {
	b = append(b, `{"type":"synced"`...)
	b = appendText(b, "conversation", conversation)
	return append(appendInt(b, "head", head), '}')
}

// AppendError appends an error. Its words are not in it.
func AppendError(b []byte, e *Error) []byte {
	b = append(b, `{"type":"error"`...)
	b = appendSome(b, "key", e.Key)
	b = appendSome(b, "conversation", e.Conversation)
	b = appendText(b, "code", string(e.Code))
	b = appendText(b, "message", e.Code.message())
	if e.RetryAfter > 0 {
		b = appendInt(b, "retry_after_s", int64(e.RetryAfter))
	}
	return append(b, '}')
}

// Heads are positions by conversation, as a heartbeat tells them.
type Heads struct {
	Conversation string
	Head         int64
}

// AppendHeartbeat appends a heartbeat; line is nil for a visitor.
func AppendHeartbeat(b []byte, heads []Heads, line *Line) []byte {
	b = append(b, `{"type":"heartbeat","heads":{`...)
	for _, h := range heads {
		b = appendInt(b, h.Conversation, h.Head)
	}
	b = append(b, '}')
	if line != nil {
		b = append(appendName(b, "line"), '{')
		b = appendInt(b, "total", int64(line.Total))
		b = append(appendInt(b, "version", line.Version), '}')
	}
	return append(b, '}')
}

func appendSignal(b []byte, kind, conversation string) []byte {
	b = appendText(append(b, `{"type":"signal"`...), "kind", kind)
	return appendSome(b, "conversation", conversation)
}

// AppendTyping appends the signal that somebody types.
func AppendTyping(b []byte, conversation string, role chat.Role, name string) []byte {
	b = append(appendName(appendSignal(b, "typing", conversation), "from"), '{')
	b = appendText(b, "role", string(role))
	return append(appendSome(b, "name", name), '}', '}')
}

// AppendPlace appends a waiting visitor's place in the line.
func AppendPlace(b []byte, conversation string, place *int, wait *chat.Wait) []byte {
	b = appendPosition(appendSignal(b, "line", conversation), place)
	return append(appendWait(b, wait), '}')
}

// AppendLineChange appends how the line has moved, to an agent who may take from it.
func AppendLineChange(b []byte, c LineChange) []byte {
	b = appendSignal(b, "line", "")
	b = appendEach(b, "added", c.Added, agentSnapshot)
	b = appendStrings(b, "removed", c.Removed)
	if c.Order != nil {
		b = appendStrings(b, "order", c.Order)
	}
	if c.Reset {
		b = appendBool(b, "reset", true)
	}
	b = appendInt(b, "total", int64(c.Total))
	return append(appendInt(b, "version", c.Version), '}')
}

// AppendOffer appends the offer that a conversation holds to the agent that it is held for. From is the colleague who
// passes it on, null when the house offers.
func AppendOffer(b []byte, v *View) []byte {
	c := &v.Conversation
	b = agentSnapshot(appendName(appendSignal(b, "offer", c.ID), "snapshot"), v)
	b = appendTime(b, "until", c.Offer.Until)
	if c.Offer.From == "" {
		return append(append(appendName(b, "from"), "null"...), '}')
	}
	return append(appendPerson(b, "from", c.Offer.From, c.Names[c.Offer.From]), '}')
}

// AppendShown appends how a conversation stands, to an agent who asked to watch it.
func AppendShown(b []byte, v *View) []byte {
	return append(agentSnapshot(appendName(appendSignal(b, "snapshot", v.Conversation.ID), "snapshot"), v), '}')
}

// AppendInvite appends an invitation to the agent who is asked in, with what the colleague wrote to it.
func AppendInvite(b []byte, v *View, from Person, note string) []byte {
	b = agentSnapshot(appendName(appendSignal(b, "invite", v.Conversation.ID), "snapshot"), v)
	b = appendPerson(b, "from", from.ID, from.Name)
	return append(appendText(b, "note", note), '}')
}

// Alarm is what supervisors are told at once.
type Alarm string

// The alarms.
const (
	Silent Alarm = "silence" // a customer waits for an agent who does not answer; without an agent, in danger and nobody could be given them
	Raised Alarm = "raised"  // a conversation came to the supervisors' lane
)

// Alert is an alarm about a conversation. The agent is nil where it is about none.
type Alert struct {
	What         Alarm
	Conversation string
	Agent        *Person
	At           time.Time
}

// AppendAlert appends an alert, to a supervisor.
func AppendAlert(b []byte, a *Alert) []byte {
	return append(appendAlert(appendSignal(b, "alert", a.Conversation), a), '}')
}

func appendAlert(b []byte, a *Alert) []byte {
	b = appendText(b, "what", string(a.What))
	if a.Agent == nil {
		b = append(appendName(b, "agent"), "null"...)
	} else {
		b = appendPerson(b, "agent", a.Agent.ID, a.Agent.Name)
	}
	return appendTime(b, "at", a.At)
}

// AppendRead appends how far the other side has read.
func AppendRead(b []byte, conversation string, by chat.Role, seq int64) []byte {
	b = appendText(appendSignal(b, "read", conversation), "by", string(by))
	return append(appendInt(b, "seq", seq), '}')
}

// AppendPresence appends that an agent's attendance has changed.
func AppendPresence(b []byte, agent Person, a Attendance) []byte {
	b = appendPerson(appendSignal(b, "presence", ""), "agent", agent.ID, agent.Name)
	return append(appendAttendance(b, a), '}')
}
