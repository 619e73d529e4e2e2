package wire

import (
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
		if to == ToAgent && d.ByHand {
			b = appendBool(b, "by_hand", true)
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
	case chat.KindReturned:
		b = appendSome(b, "reason", d.Reason)
	case chat.KindClosed:
		b = appendText(b, "by", string(d.By))
	case chat.KindPromised:
		b = appendText(b, "text", c.Text)
		b = appendWait(b, d.Wait)
	case chat.KindNote:
		b = appendText(b, "text", c.Text)
	case chat.KindFeeling:
		b = appendFelt(b, e)
	case chat.KindNudged:
		b = appendAgent(b, e)
	case chat.KindOffered:
		b = appendUntil(appendAgent(b, e), d)
	case chat.KindDeclined:
		b = appendAgent(appendSome(b, "reason", d.Reason), e)
	}
	return b
}

func appendMessage(b []byte, to Audience, e *chat.Event) []byte {
	d, c := &e.Detail, &e.Contents
	b = appendText(b, "text", c.Text)
	if len(c.Options) > 0 {
		b = appendEach(b, "options", c.Options, appendOption)
	}
	if c.Form != nil {
		b = appendForm(b, c.Form)
	}
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
		return b
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

func appendEscalated(b []byte, to Audience, e *chat.Event) []byte {
	d, c := &e.Detail, &e.Contents
	b = appendText(b, "reason", d.Reason)
	b = appendText(b, "quote", c.Quote)
	b = appendOrNull(b, "team", d.Team)
	if to == ToVisitor {
		return b
	}
	b = appendStrings(b, "skills", d.Skills)
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
	b = appendSome(appendTime(b, "at", p.At), "channel", p.Channel)
	return append(b, '}')
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
