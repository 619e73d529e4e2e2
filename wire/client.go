package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
)

// AppendFrame appends a client's frame: what Decode gives for it is f again, as far as the protocol carries it.
func AppendFrame(b []byte, from chat.Role, f *Frame) []byte {
	b = appendText(append(b, '{'), "type", string(f.Type))
	if f.Command != nil {
		b = appendText(b, "key", f.Key)
	}
	switch f.Type {
	case Post, AskHuman, Take:
		b = appendOrNull(b, "conversation", f.Conversation)
	default:
		b = appendSome(b, "conversation", f.Conversation)
	}
	if f.Fence != 0 {
		b = appendInt(b, "fence", max(0, f.Fence))
	}
	switch f.Type {
	case Hello:
		b = appendGreeting(b, from, f.Hello)
	case Read:
		b = appendInt(b, "seq", f.Seq)
	case Sync, Watch:
		b = appendInt(b, "after", f.Seq)
	case Presence:
		b = appendSome(appendText(b, "status", f.Status), "reason", f.Reason)
	case Page:
		b = appendPage(b, f.Page)
	}
	return append(appendCommand(b, f.Command), '}')
}

func appendCommand(b []byte, command chat.Command) []byte {
	switch c := command.(type) {
	case chat.Post:
		return appendText(b, "text", c.Text)
	case chat.Choose:
		return appendText(appendInt(b, "seq", c.Seq), "option", c.Option)
	case chat.Submit:
		return appendFields(appendInt(b, "seq", c.Seq), c.Fields)
	case chat.Rate:
		b = appendInt(appendText(b, "survey", c.Survey), "score", int64(c.Score))
		return appendSome(b, "comment", c.Comment)
	case chat.Decline:
		return appendText(b, "reason", c.Reason)
	case chat.Invite:
		return appendText(appendText(b, "agent", c.Agent), "note", c.Note)
	case chat.Note:
		return appendText(b, "text", c.Text)
	case chat.Transfer:
		b = appendOrNull(appendOrNull(b, "team", c.Team), "agent", c.Agent)
		return appendText(b, "note", c.Note)
	case chat.Snooze:
		return appendTime(b, "until", c.Until)
	}
	return b
}

func appendGreeting(b []byte, from chat.Role, g *Greeting) []byte {
	if from == chat.RoleVisitor {
		b = appendOrNull(b, "site", g.Site)
		if g.Link != "" {
			b = appendText(b, "link", g.Link)
		} else {
			b = appendOrNull(b, "token", g.Token)
		}
		b = appendSome(b, "language", g.Language)
		if g.Page != nil {
			b = appendPage(b, g.Page)
		}
	}
	b = append(appendName(b, "since"), '{')
	for _, id := range slices.Sorted(maps.Keys(g.Since)) {
		b = appendInt(b, id, g.Since[id])
	}
	return append(b, '}')
}

func appendPage(b []byte, p *chat.Page) []byte {
	b = appendText(append(appendName(b, "page"), '{'), "url", p.URL)
	b = appendText(b, "title", p.Title)
	return append(appendText(b, "referrer", p.Referrer), '}')
}

// Received is a frame of the server's as a client reads it: the fields that programs go by. Which are set goes by
// Type and Kind. Fields that are not named here are passed over.
type Received struct {
	Type         string           `json:"type"`
	Kind         string           `json:"kind"`
	Key          string           `json:"key"`
	Conversation string           `json:"conversation"`
	Seq          int64            `json:"seq"`
	Head         int64            `json:"head"`
	At           time.Time        `json:"at"`
	From         Sender           `json:"from"`
	Text         string           `json:"text"`
	Option       string           `json:"option"`
	Options      []chat.Option    `json:"options"`
	Form         *chat.Form       `json:"form"`
	Reason       string           `json:"reason"`
	Quote        string           `json:"quote"`
	Note         string           `json:"note"`
	Load         int              `json:"load"`
	Weight       int              `json:"weight"`
	Capacity     int              `json:"capacity"`
	Promise      *chat.Promise    `json:"promise"`
	By           string           `json:"by"`
	Baton        *chat.Baton      `json:"baton"`
	Visitor      string           `json:"visitor"`
	Token        string           `json:"token"`
	Site         string           `json:"site"`
	What         Alarm            `json:"what"`
	Agent        *Sender          `json:"agent"`
	Status       string           `json:"status"`
	RestUntil    time.Time        `json:"rest_until"`
	Alerts       []ReceivedAlert  `json:"alerts"`
	Heads        map[string]int64 `json:"heads"`
	Code         string           `json:"code"`
	Message      string           `json:"message"`
	RetryAfter   int              `json:"retry_after_s"`
	Position     *int             `json:"position"`
	Wait         *chat.Wait       `json:"wait"`
	Version      int64            `json:"version"`
	Added        []Snapshot       `json:"added"`
	Removed      []string         `json:"removed"`
	Order        []string         `json:"order"`
	Reset        bool             `json:"reset"`
	Snapshot     *Snapshot        `json:"snapshot"`
	Snapshots    []Snapshot       `json:"conversations"`
	Line         *ReceivedLine    `json:"line"`
}

// Sender is who a frame is from, or which agent it is about. From Status on it is what a welcome tells an agent of
// themselves.
type Sender struct {
	Role   string `json:"role"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Reason string `json:"reason"`

	RestUntil time.Time `json:"rest_until"`
}

// ReceivedAlert is an alert of a welcome.
type ReceivedAlert struct {
	What         Alarm     `json:"what"`
	Conversation string    `json:"conversation"`
	Agent        *Sender   `json:"agent"`
	At           time.Time `json:"at"`
}

// ReceivedLine is the line of a welcome or a heartbeat.
type ReceivedLine struct {
	Waiting []Snapshot `json:"waiting"`
	Total   int        `json:"total"`
	Version int64      `json:"version"`
}

// Snapshot is a SNAPSHOT as a client reads it.
type Snapshot struct {
	Conversation string        `json:"conversation"`
	State        chat.State    `json:"state"`
	Head         int64         `json:"head"`
	Language     string        `json:"language"`
	Agent        *Sender       `json:"agent"`
	Position     *int          `json:"position"`
	Wait         *chat.Wait    `json:"wait"`
	Reason       string        `json:"reason"`
	Team         string        `json:"team"`
	Feeling      string        `json:"feeling"`
	Fence        int64         `json:"fence"`
	Offer        *chat.Offer   `json:"offer"`
	Promise      *chat.Promise `json:"promise"`
	Priority     string        `json:"priority"`
	Raised       bool          `json:"raised"`
	Missed       int           `json:"missed"`
	Invited      []Sender      `json:"invited"`
	Contact      *chat.Contact `json:"contact"`
	Baton        *chat.Baton   `json:"baton"`
	Read         struct {
		Visitor int64 `json:"visitor"`
		Agent   int64 `json:"agent"`
	} `json:"read"`
}

// DecodeServer reads a frame of the server's.
func DecodeServer(frame []byte) (Received, error) {
	var r Received
	if err := json.Unmarshal(frame, &r); err != nil {
		return Received{}, fmt.Errorf("decode a frame of the server: %w", err)
	}
	return r, nil
}

// Glimpse is what a program needs of most frames of the server's.
type Glimpse struct {
	Type, Kind, Key, Conversation, Code, Role string
	Seq, Head                                 int64
}

// Glance reads what Glimpse has of a frame, at a fifth of DecodeServer's cost: a load generator reads a great many.
func Glance(frame []byte) (Glimpse, error) {
	r := reader{}
	if err := r.object.parse(frame); err != nil {
		return Glimpse{}, err
	}
	g := Glimpse{
		Type: r.optionalText("type", 64), Kind: r.optionalText("kind", 64), Key: r.optionalText("key", 64),
		Conversation: r.optionalText("conversation", 64), Code: r.optionalText("code", 64),
		Seq: r.optionalWhole("seq"), Head: r.optionalWhole("head"),
	}
	if v := r.value("from"); len(v) > 0 && v[0] == '{' {
		from := reader{}
		from.object.split(v)
		g.Role = from.optionalText("role", 64)
	}
	if r.wrong != nil {
		return Glimpse{}, r.wrong
	}
	return g, nil
}
