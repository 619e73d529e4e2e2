package wire

import (
	"strconv"
	"time"

	"github.com/kohta/kohta/chat"
)

// AppendSnapshot appends a conversation as it stands for an audience.
func AppendSnapshot(b []byte, to Audience, v *View) []byte {
	c := &v.Conversation
	b = appendText(append(b, '{'), "conversation", c.ID)
	b = appendText(b, "state", string(c.State))
	b = appendInt(b, "head", Head(to, c))
	b = appendText(b, "language", c.Language)
	if c.Agent == "" || c.State == chat.Waiting || c.State == chat.WithBot {
		b = append(appendName(b, "agent"), "null"...)
	} else {
		b = appendPerson(b, "agent", c.Agent, c.Names[c.Agent])
	}
	b = appendPosition(b, v.Place)
	b = appendWait(b, v.Wait)
	b = append(appendName(b, "read"), '{')
	b = appendInt(b, "visitor", numberFor(to, v.ReadVisitor))
	b = append(appendInt(b, "agent", numberFor(to, v.ReadAgent)), '}')
	if to == ToAgent {
		b = appendInner(b, v)
	}
	b = appendRating(b, c.Rating)
	return append(b, '}')
}

func visitorSnapshot(b []byte, v *View) []byte { return AppendSnapshot(b, ToVisitor, v) }
func agentSnapshot(b []byte, v *View) []byte   { return AppendSnapshot(b, ToAgent, v) }

// appendInner appends what only the house may know.
func appendInner(b []byte, v *View) []byte {
	c := &v.Conversation
	b = appendText(b, "site", c.Site)
	b = appendTimeOrNull(b, "since", c.WaitingSince)
	b = appendOrNull(b, "reason", c.Reason)
	b = appendOrNull(b, "team", c.Team)
	b = appendStrings(b, "skills", c.Skills)
	b = appendFeeling(b, &c.Feeling)
	b = appendInt(b, "fence", c.Fence)
	if c.Offer != nil {
		b = appendText(append(appendName(b, "offer"), '{'), "agent", c.Offer.Agent)
		b = append(appendOrNull(appendTime(b, "until", c.Offer.Until), "from", c.Offer.From), '}')
	} else {
		b = append(appendName(b, "offer"), "null"...)
	}
	if c.Promise != nil {
		b = appendPromise(b, c.Promise)
	} else {
		b = append(appendName(b, "promise"), "null"...)
	}
	b = appendText(append(appendName(b, "visitor"), '{'), "id", c.Visitor)
	b = appendText(b, "name", v.VisitorName)
	b = append(appendTimeOrNull(b, "first_seen", v.FirstSeen), '}')
	b = appendBaton(b, c.Baton)
	b = appendText(b, "about", c.About)
	b = appendTimeOrNull(b, "opened_at", c.OpenedAt)
	b = appendTimeOrNull(b, "closed_at", c.ClosedAt)
	b = appendTimeOrNull(b, "customer_at", c.CustomerAt)
	b = appendBool(b, "customer_last", c.CustomerLast)
	b = appendDue(b, c.Due)
	if c.State == chat.Waiting {
		b = appendHeadStart(b, v.HeadStart)
	}
	b = appendOrNull(b, "priority", c.Priority)
	b = appendBool(b, "raised", c.Raised)
	b = appendInt(b, "missed", int64(c.Missed))
	b = appendInvited(b, c)
	b = appendContact(b, c.Contact)
	return appendLast(b, c)
}

func appendHeadStart(b []byte, head *time.Duration) []byte {
	if head == nil {
		return append(appendName(b, "head_start_s"), "null"...)
	}
	return appendInt(b, "head_start_s", int64(*head/time.Second))
}

// appendInvited appends the agents whom the owner asked in.
func appendInvited(b []byte, c *chat.Conversation) []byte {
	return appendEach(b, "invited", c.Invited, func(b []byte, id *string) []byte {
		b = appendText(append(b, '{'), "id", *id)
		return append(appendText(b, "name", c.Names[*id]), '}')
	})
}

// appendContact appends how the customer said they can be reached.
func appendContact(b []byte, contact *chat.Contact) []byte {
	b = appendName(b, "contact")
	if contact == nil {
		return append(b, "null"...)
	}
	b = appendOrNull(append(b, '{'), "email", contact.Email)
	return append(appendOrNull(b, "phone", contact.Phone), '}')
}

func appendFeeling(b []byte, f *chat.Feeling) []byte {
	name := f.Name
	if name == "" {
		name = chat.Calm
	}
	return appendFloat(appendText(b, "feeling", name), "intensity", f.Intensity)
}

func appendDue(b []byte, d *chat.Due) []byte {
	b = appendName(b, "due")
	if d == nil {
		return append(b, "null"...)
	}
	b = appendTime(append(b, '{'), "at", d.At)
	return append(appendText(b, "what", string(d.What)), '}')
}

// appendLast appends the last thing that a person said: what a list shows of a conversation. The bot's words do not
// tell what it is about.
func appendLast(b []byte, c *chat.Conversation) []byte {
	b = appendName(b, "last")
	i := len(c.Lines) - 1
	for i >= 0 && c.Lines[i].Role == chat.RoleBot {
		i--
	}
	if i < 0 {
		return append(b, "null"...)
	}
	l := &c.Lines[i]
	b = appendText(append(b, '{'), "role", string(l.Role))
	if l.By != "" {
		b = appendText(appendText(b, "id", l.By), "name", c.Names[l.By])
	}
	b = appendText(b, "text", l.Text)
	return append(appendTime(b, "at", l.At), '}')
}

func appendRating(b []byte, r *chat.Rating) []byte {
	b = appendName(b, "rating")
	if r == nil {
		return append(b, "null"...)
	}
	b = appendText(append(b, '{'), "survey", r.Survey)
	return append(appendInt(b, "score", int64(r.Score)), '}')
}

func appendPosition(b []byte, place *int) []byte {
	b = appendName(b, "position")
	if place == nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(*place), 10)
}

func numberFor(to Audience, n chat.Numbers) int64 {
	if to == ToAgent {
		return n.Agent
	}
	return n.Visitor
}
