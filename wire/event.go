package wire

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kohta/kohta/chat"
)

// AppendEvent appends the event frame for an audience that sees the event (Seq is not 0). bot is what the bot is
// called, "" for nothing. A visitor's frame never holds notes, batons, pages or what was felt.
func AppendEvent(b []byte, to Audience, conversation string, e *chat.Event, bot string) []byte {
	b = append(b, `{"type":"event"`...)
	b = appendText(b, "conversation", conversation)
	b = appendInt(b, "seq", Seq(to, e))
	b = appendTime(b, "at", e.At)
	b = appendText(b, "kind", string(e.Kind))
	b = appendSome(b, "key", e.Key)
	b = appendFrom(b, e, bot)
	b = appendDetail(b, to, e)
	return append(b, '}')
}

func appendFrom(b []byte, e *chat.Event, bot string) []byte {
	b = append(appendName(b, "from"), '{')
	b = appendText(b, "role", string(e.From.Role))
	b = appendSome(b, "id", e.From.ID)
	switch e.From.Role {
	case chat.RoleAgent:
		b = appendSome(b, "name", e.Contents.Name)
	case chat.RoleBot:
		b = appendSome(b, "name", bot)
	}
	return append(b, '}')
}

// appendDetail appends what goes with the kind.
func appendDetail(b []byte, to Audience, e *chat.Event) []byte {
	d, c := &e.Detail, &e.Contents
	switch e.Kind {
	case chat.KindMessage:
		return appendMessage(b, to, e)
	case chat.KindEscalated:
		return appendEscalated(b, to, e)
	case chat.KindAssigned:
		b = appendAgent(b, e)
		if to == ToAgent {
			b = appendGiven(b, d)
		}
	case chat.KindUnassigned:
		b = appendAgent(appendText(b, "reason", d.Reason), e)
	case chat.KindTransferred:
		b = appendAgent(appendOrNull(b, "team", d.Team), e)
		if to == ToAgent {
			b = appendSome(b, "note", c.Note)
		}
	case chat.KindRated:
		b = appendInt(appendText(b, "survey", d.Survey), "score", int64(d.Score))
		b = appendSome(b, "comment", c.Comment)
	case chat.KindSnoozed:
		b = appendUntil(b, d)
		b = appendPromise(b, d.Promise)
	case chat.KindWoken, chat.KindReopened:
		b = appendSome(b, "state", string(d.State))
	case chat.KindClosed:
		b = appendText(b, "by", string(d.By))
	case chat.KindPromised:
		b = appendPromised(b, d, c)
	case chat.KindNote:
		b = appendText(b, "text", c.Text)
	case chat.KindFeeling:
		b = appendFelt(b, e)
	case chat.KindNudged:
		b = appendAgent(appendSome(b, "reason", d.Reason), e)
	case chat.KindOffered:
		b = appendSome(appendUntil(appendAgent(b, e), d), "sender", d.Sender)
		b = appendShare(b, d)
	case chat.KindDeclined: // what the agent wrote is contents
		b = appendAgent(appendSome(b, "reason", cmp.Or(d.Reason, c.Note)), e)
	case chat.KindInvited:
		b = appendSome(appendAgent(b, e), "note", c.Note)
	case chat.KindLeft:
		b = appendAgent(b, e)
	case chat.KindMailed:
		b = appendSome(b, "reason", d.Reason)
	}
	return b
}

func appendMessage(b []byte, to Audience, e *chat.Event) []byte {
	d, c := &e.Detail, &e.Contents
	b = appendAsked(appendText(b, "text", c.Text), c)
	if len(d.Because) > 0 {
		b = appendEach(b, "because", d.Because, appendBecause)
	}
	b = appendSome(b, "option", d.Option)
	if len(c.Fields) > 0 {
		b = appendFields(b, c.Fields)
	}
	if to == ToVisitor {
		if d.Answers > 0 { // in the visitor's numbers
			b = appendInt(b, "answers", d.Answers)
		}
		return appendSome(b, "language", d.Language)
	}
	b = appendSome(b, "intent", d.Intent)
	if c.Page != nil {
		b = append(appendName(b, "page"), '{')
		b = appendText(b, "url", c.Page.URL)
		b = appendText(b, "title", c.Page.Title)
		b = append(appendText(b, "referrer", c.Page.Referrer), '}')
	}
	return b
}

// appendAsked appends the buttons and the form that go with what was said.
func appendAsked(b []byte, c *chat.Contents) []byte {
	if len(c.Options) > 0 {
		b = appendEach(b, "options", c.Options, appendOption)
	}
	if c.Form != nil {
		b = appendForm(b, c.Form)
	}
	return b
}

// appendPromised appends what a customer who waits was told: how long, until when nobody is there, or that a promise is
// taken back.
func appendPromised(b []byte, d *chat.Detail, c *chat.Contents) []byte {
	b = appendAsked(appendText(b, "text", c.Text), c)
	b = appendSome(appendWait(b, d.Wait), "reason", d.Reason)
	if d.Until != nil {
		b = appendTime(b, "opens_at", *d.Until)
	}
	return b
}

// appendGiven appends why a conversation was given to its agent, and how busy they were.
func appendGiven(b []byte, d *chat.Detail) []byte {
	b = appendSome(b, "reason", d.Reason)
	if d.ByHand {
		b = appendBool(b, "by_hand", true)
	}
	return appendShare(b, d)
}

// appendShare appends how busy the agent was whom the house gave a conversation, in hundredths of an ordinary one.
func appendShare(b []byte, d *chat.Detail) []byte {
	if d.Capacity == 0 {
		return b
	}
	b = appendInt(appendInt(b, "load", int64(d.Load)), "weight", int64(d.Weight))
	return appendInt(b, "capacity", int64(d.Capacity))
}

func appendEscalated(b []byte, to Audience, e *chat.Event) []byte {
	d, c := &e.Detail, &e.Contents
	b = appendText(b, "reason", d.Reason)
	b = appendText(b, "quote", c.Quote)
	b = appendOrNull(b, "team", d.Team)
	if d.Wait != nil {
		b = appendWait(b, d.Wait)
	}
	if to == ToVisitor {
		return b
	}
	b = appendSome(appendStrings(b, "skills", d.Skills), "priority", d.Priority)
	if len(d.Because) > 0 {
		b = appendEach(b, "because", d.Because, appendBecause)
	}
	return appendBaton(b, c.Baton)
}

func appendFelt(b []byte, e *chat.Event) []byte {
	f := e.Detail.Feeling
	if f == nil {
		f = &chat.Feeling{Name: chat.Calm}
	}
	b = appendFloat(appendText(b, "feeling", f.Name), "intensity", f.Intensity)
	b = appendText(b, "quote", e.Contents.Quote)
	return appendInt(b, "of", e.Detail.Of)
}

// appendAgent appends the agent that the event is about. Its name stands in the contents, if it is the one who acts
// or nobody acts.
func appendAgent(b []byte, e *chat.Event) []byte {
	if e.Detail.Agent == "" {
		return append(appendName(b, "agent"), "null"...)
	}
	name := e.Contents.Whom
	if name == "" && (e.From.Role != chat.RoleAgent || e.From.ID == e.Detail.Agent) {
		name = e.Contents.Name
	}
	return appendPerson(b, "agent", e.Detail.Agent, name)
}

func appendPerson(b []byte, member, id, name string) []byte {
	b = append(appendName(b, member), '{')
	b = appendText(b, "id", id)
	return append(appendText(b, "name", name), '}')
}

func appendUntil(b []byte, d *chat.Detail) []byte {
	if d.Until == nil {
		return b
	}
	return appendTime(b, "until", *d.Until)
}

func appendPromise(b []byte, p *chat.Promise) []byte {
	if p == nil {
		return b
	}
	b = append(appendName(b, "promise"), '{')
	b = appendTime(b, "at", p.At)
	if !p.Until.IsZero() {
		b = appendTime(b, "until", p.Until)
	}
	return append(appendSome(b, "channel", p.Channel), '}')
}

func appendWait(b []byte, w *chat.Wait) []byte {
	b = appendName(b, "wait")
	if w == nil {
		return append(b, "null"...)
	}
	b = appendInt(append(b, '{'), "low_s", int64(w.Low))
	return append(appendInt(b, "high_s", int64(w.High)), '}')
}

func appendOption(b []byte, o *chat.Option) []byte {
	b = appendText(append(b, '{'), "id", o.ID)
	return append(appendText(b, "label", o.Label), '}')
}

func appendBecause(b []byte, w *chat.Because) []byte {
	b = appendText(append(b, '{'), "rule", w.Rule)
	return append(appendText(b, "evidence", w.Evidence), '}')
}

func appendForm(b []byte, f *chat.Form) []byte {
	b = append(appendName(b, "form"), '{')
	b = appendText(b, "id", f.ID)
	b = appendEach(b, "fields", f.Fields, func(b []byte, f *chat.Field) []byte {
		b = appendText(append(b, '{'), "name", f.Name)
		b = appendText(b, "label", f.Label)
		b = appendText(b, "type", f.Type)
		b = appendBool(b, "required", f.Required)
		b = appendSome(b, "value", f.Value)
		return append(appendSome(b, "wrong", f.Wrong), '}')
	})
	return append(b, '}')
}

// appendFields appends what is known by name, in the order of the names.
func appendFields(b []byte, fields map[string]string) []byte {
	b = append(appendName(b, "fields"), '{')
	for i, name := range slices.Sorted(maps.Keys(fields)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = appendString(b, fields[name])
	}
	return append(b, '}')
}

func appendBaton(b []byte, baton *chat.Baton) []byte {
	b = appendName(b, "baton")
	if baton == nil {
		return append(b, "null"...)
	}
	b = appendText(append(b, '{'), "reason", baton.Reason)
	b = appendText(b, "quote", baton.Quote)
	b = appendText(b, "wants", baton.Wants)
	b = appendStrings(b, "tried", baton.Tried)
	b = appendFields(b, baton.Fields)
	b = appendEach(b, "feelings", baton.Feelings, func(b []byte, f *chat.FeelingMark) []byte {
		b = appendText(append(b, '{'), "feeling", f.Name)
		b = appendFloat(b, "intensity", f.Intensity)
		b = appendText(b, "quote", f.Quote)
		return append(appendInt(b, "seq", f.Seq), '}')
	})
	b = appendEach(b, "earlier", baton.Earlier, func(b []byte, e *chat.Earlier) []byte {
		b = appendTime(append(b, '{'), "at", e.At)
		b = appendText(b, "about", e.About)
		b = appendText(b, "outcome", e.Outcome)
		return append(appendText(b, "feeling", e.Feeling), '}')
	})
	b = appendStrings(b, "promises", baton.Promises)
	return append(appendText(b, "suggestion", baton.Suggestion), '}')
}
