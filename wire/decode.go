package wire

import (
	"strings"
	"time"
	"unicode"

	"github.com/kohta/kohta/chat"
)

// Bounds of single fields, in bytes.
const (
	maxToken     = 256
	maxLanguage  = 64
	maxReason    = 200
	maxStatus    = 100 // of the reason of a presence
	maxFields    = 50
	maxEcho      = 64 // of a key or conversation that an error may repeat
	maxUntilSize = 64
)

// Decode reads a frame of a visitor or an agent. It is strict about the fields that it knows and blind to all others.
// The size is the caller's to check. Its error is always an *Error.
func Decode(frame []byte, from chat.Role) (Frame, error) {
	r := reader{from: from}
	if err := r.object.parse(frame); err != nil {
		return Frame{}, &Error{Code: BadFrame, Close: CloseBadFrame, Words: err.Error()}
	}
	f := Frame{Type: Type(r.text("type", 1, maxEcho))}
	if r.wrong == nil {
		r.frame(&f)
	}
	if r.wrong != nil {
		r.wrong.Key, r.wrong.Conversation = r.echo("key"), r.echo("conversation")
		return Frame{}, r.wrong
	}
	return f, nil
}

// frame reads what goes with the type.
func (r *reader) frame(f *Frame) {
	known := r.common(f)
	if !known && r.from == chat.RoleVisitor {
		known = r.visitor(f)
	}
	if !known && r.from == chat.RoleAgent {
		known = r.agent(f)
	}
	if !known {
		r.fail(Unsupported, "type")
		return
	}
	if f.Command == nil {
		return
	}
	f.Key = r.id("key")
	if r.from == chat.RoleAgent {
		if f.Fence = r.optionalWhole("fence"); f.Fence == 0 && !isNull(r.value("fence")) {
			f.Fence = chat.FenceNobody
		}
	}
}

// common reads the types that visitors and agents share.
func (r *reader) common(f *Frame) bool {
	switch f.Type {
	case Hello:
		f.Hello = r.greeting()
	case Ping:
	case Typing:
		f.Conversation = r.id("conversation")
	case Read:
		f.Conversation, f.Seq = r.id("conversation"), r.whole("seq")
	case Sync:
		f.Conversation, f.Seq = r.id("conversation"), r.whole("after")
	default:
		return false
	}
	return true
}

func (r *reader) visitor(f *Frame) bool {
	switch f.Type {
	case Post:
		f.Conversation = r.idOrNull("conversation")
		f.Command = chat.Post{Text: r.words("text")}
	case AskHuman:
		f.Conversation = r.idOrNull("conversation")
		f.Command = chat.AskHuman{}
	case Choose:
		f.Conversation = r.id("conversation")
		f.Command = chat.Choose{Seq: r.position("seq"), Option: r.slug("option")}
	case Submit:
		f.Conversation = r.id("conversation")
		f.Command = chat.Submit{Seq: r.position("seq"), Fields: r.strings("fields")}
	case Rate:
		f.Conversation = r.id("conversation")
		f.Command = r.rate()
	case End:
		f.Conversation = r.id("conversation")
		f.Command = chat.End{}
	case Page:
		if f.Page = r.page("page"); f.Page == nil {
			r.bad("page")
		}
	default:
		return false
	}
	return true
}

func (r *reader) agent(f *Frame) bool {
	switch f.Type {
	case Presence:
		f.Status = r.oneOf("status", "online", "away", "busy", "offline")
		f.Reason = visible(r.optionalText("reason", maxStatus))
		return true
	case Take:
		f.Conversation = r.idOrNull("conversation")
		f.Command = chat.Take{}
		return true
	}
	switch f.Type {
	case Watch:
		f.Seq = r.whole("after")
	case Unwatch:
	case Accept:
		f.Command = chat.Accept{}
	case Decline:
		f.Command = chat.Decline{Reason: r.optionalText("reason", maxReason)}
	case Post:
		f.Command = chat.Post{Text: r.words("text")}
	case Invite:
		f.Command = chat.Invite{Agent: r.id("agent"), Note: r.optionalText("note", MaxAgentFrame)}
	case Leave:
		f.Command = chat.Leave{}
	case Note:
		f.Command = chat.Note{Text: r.words("text")}
	case Transfer:
		f.Command = r.transfer()
	case Release:
		f.Command = chat.Release{}
	case ToBot:
		f.Command = chat.ToBot{}
	case Resolve:
		f.Command = chat.Resolve{}
	case Snooze:
		f.Command = chat.Snooze{Until: r.time("until")}
	default:
		return false
	}
	f.Conversation = r.id("conversation")
	return true
}

func (r *reader) rate() chat.Rate {
	c := chat.Rate{
		Survey:  r.oneOf("survey", "csat", "nps", "ces"),
		Score:   int(min(r.whole("score"), 1000)),
		Comment: r.optionalText("comment", MaxVisitorFrame),
	}
	lowest, highest := 1, 5
	switch c.Survey {
	case "nps":
		lowest, highest = 0, 10
	case "ces":
		highest = 7
	}
	if c.Score < lowest || c.Score > highest {
		r.bad("score")
	}
	return c
}

func (r *reader) transfer() chat.Transfer {
	c := chat.Transfer{Note: r.optionalText("note", MaxAgentFrame)}
	if v := r.value("team"); !isNull(v) {
		c.Team = r.slug("team")
	}
	c.Agent = r.optionalID("agent")
	if c.Team == "" && c.Agent == "" {
		r.bad("team")
	}
	return c
}

func (r *reader) greeting() *Greeting {
	g := &Greeting{}
	if r.from == chat.RoleVisitor {
		g.Token = r.optionalText("token", maxToken)
		if !isNull(r.value("link")) {
			if g.Link = r.text("link", 1, maxToken); g.Token != "" {
				r.bad("link") // one identity
			}
		}
		if g.Link == "" || !isNull(r.value("site")) {
			g.Site = r.slug("site")
		}
		g.Language = language(r.optionalText("language", maxLanguage))
		g.Page = r.page("page")
		g.Since = r.since(MaxVisitorSince)
		return g
	}
	g.Since = r.since(MaxAgentSince)
	return g
}

// language reduces a tag like fi-FI to a language that Kohta speaks, or to "".
func language(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	switch primary = strings.ToLower(primary); primary {
	case "fi", "sv", "en":
		return primary
	}
	return ""
}

func (r *reader) since(most int) map[string]int64 {
	inner := r.objectOrNull("since")
	if inner == nil {
		return nil
	}
	if len(inner.fields) > most {
		r.bad("since")
		r.wrong.Close = CloseBadFrame
		return nil
	}
	since := make(map[string]int64, len(inner.fields))
	for _, f := range inner.fields {
		id := string(f.name)
		n, err := whole(f.value)
		if _, twice := since[id]; twice || err != nil || !IsID(id) {
			r.bad("since")
			return nil
		}
		since[id] = n
	}
	return since
}

// page reads a page; nil if there is none.
func (r *reader) page(name string) *chat.Page {
	inner := r.objectOrNull(name)
	if inner == nil {
		return nil
	}
	in := reader{object: *inner}
	p := &chat.Page{
		URL:      cut(address(in.optionalText("url", MaxVisitorFrame)), MaxPageField),
		Title:    cut(visible(in.optionalText("title", MaxVisitorFrame)), MaxPageField),
		Referrer: cut(address(in.optionalText("referrer", MaxVisitorFrame)), MaxPageField),
	}
	if in.wrong != nil {
		r.bad(name)
	}
	return p
}

// visible leaves out what cannot be seen: characters that turn the line round, that have no width, or that are no text.
// A page's title and address are shown as names, and a name must not look like another.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return c
	}, s)
}

// address is the address of a web page, or nothing: what begins otherwise is no place that an agent should be led to.
func address(s string) string {
	s = visible(s)
	scheme, _, ok := strings.Cut(s, "://")
	if !ok || !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return ""
	}
	return s
}

func (r *reader) strings(name string) map[string]string {
	inner := r.objectOrNull(name)
	if inner == nil || len(inner.fields) == 0 || len(inner.fields) > maxFields {
		r.bad(name)
		return nil
	}
	m := make(map[string]string, len(inner.fields))
	for _, f := range inner.fields {
		field := string(f.name)
		s, err := text(f.value)
		if _, twice := m[field]; twice || err != nil || !IsSlug(field) {
			r.bad(name)
			return nil
		}
		m[field] = s
	}
	return m
}

func (r *reader) time(name string) time.Time {
	t, err := time.Parse(time.RFC3339, r.text(name, 1, maxUntilSize))
	if err != nil {
		r.bad(name)
	}
	return t.UTC().Truncate(time.Millisecond)
}

// TypeOf returns the type that a frame says it has, "" if it says none.
func TypeOf(frame []byte) Type {
	var r reader
	if r.object.parse(frame) != nil {
		return ""
	}
	return Type(r.echo("type"))
}
