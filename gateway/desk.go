package gateway

import (
	"context"
	"io"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// Desk is what the gateway needs of the desk. All methods may be called at once. Errors have a kind of package chat;
// what has none is internal, and the client is told that nothing was stored.
type Desk interface {
	// Do carries out a frame that writes. conversation is empty for null. What it acks is durable, and the ack's seq
	// is in the sender's numbers. A key that is known gets its first ack again.
	Do(ctx context.Context, by staff.Principal, conversation, key string, fence int64, cmd chat.Command) (store.Ack, error)

	// Next gives an agent the next conversation in the line that they can serve, by hand. Keys are as with Do. Not found
	// when there is none.
	Next(ctx context.Context, by staff.Principal, key string) (store.Ack, error)

	// VisitorHello recognises a visitor, with their open conversation and the one closed last, or makes a new one for
	// the empty token. The token of a link counts as its visitor's; with it alone the site may be empty. Its errors are
	// of the kind forbidden for a token that is not good, and not found for a site that there is not.
	VisitorHello(ctx context.Context, site, token, language string, page *chat.Page) (wire.Greeted, []wire.View, error)

	// Page says which page a visitor is on.
	Page(visitor string, page chat.Page)

	// AgentConversations are an agent's own, and those that they are invited to.
	AgentConversations(ctx context.Context, agent string) ([]wire.View, error)

	// Line is what an agent may take, next first, at most limit of it; total counts all.
	Line(ctx context.Context, agent staff.Agent, limit int) (views []wire.View, total int, err error)

	// SeesLine tells whether an agent is shown a team's line, or a part of it. It is asked often.
	SeesLine(agent staff.Agent, team string) bool

	// Conversation returns a conversation that somebody may see; not found otherwise.
	Conversation(ctx context.Context, by staff.Principal, id string) (chat.Conversation, error)

	// View gathers what a snapshot of a conversation shows.
	View(ctx context.Context, c chat.Conversation) (wire.View, error)

	// Place is where a waiting conversation stands in its line, and how long that takes; nil where it does not wait or
	// cannot be told. It is asked often.
	Place(ctx context.Context, c chat.Conversation) (place *int, wait *chat.Wait)

	// Events are the next ones that an audience sees after a position, in order, without a hole, at most limit.
	Events(ctx context.Context, conversation string, audience store.Audience, after int64, limit int) ([]chat.Event, error)

	// MarkRead says how far somebody has read, in their numbers, and signals it over the bus.
	MarkRead(ctx context.Context, by staff.Principal, conversation string, seq int64) error

	// ReadNumbers returns a mark that was signalled by one side in the numbers of both.
	ReadNumbers(ctx context.Context, c chat.Conversation, by chat.Role, seq int64) (chat.Numbers, error)

	// Typing signals over the bus that somebody types.
	Typing(ctx context.Context, by staff.Principal, conversation string) error

	// SetPresence says whether an agent wants to be given conversations (online, away, busy or offline), and why.
	SetPresence(ctx context.Context, agent store.Agent, status, reason string) error

	// Attendance is an agent's presence on all nodes.
	Attendance(ctx context.Context, agent string) wire.Attendance

	// Connected and Disconnected count an agent's sockets on this node.
	Connected(agent string)
	Disconnected(agent string)

	// Visits lists a visitor's conversations as far as somebody may see them, latest first, with the cursor of the
	// next part: empty at the end. Not found if there is none to be seen.
	Visits(ctx context.Context, by staff.Principal, visitor string, page store.Page) ([]wire.Visited, string, error)

	// Export writes all that is kept of a visitor as a JSON object. Who asks has the right to it already; act is for the
	// audit. Not found, with nothing written, if there never was such a visitor.
	Export(ctx context.Context, visitor string, act store.Act, w io.Writer) error

	// Erase makes a visitor nobody and empties their conversations; the rest is as with Export.
	Erase(ctx context.Context, visitor string, act store.Act) error

	// StopLink ends the links of the visitor whose link has this token, and letters to them. One that is no link is no
	// error.
	StopLink(ctx context.Context, token, address string) error

	// RevokeLinks does so for a visitor whom somebody may see; not found otherwise.
	RevokeLinks(ctx context.Context, by staff.Principal, visitor string, act store.Act) error
}

// Store is what the gateway needs of the store.
type Store interface {
	store.Staff
	store.Sessions
	RecordActs(ctx context.Context, acts ...store.Act) error
}

// Down names a part that does not work, as /readyz tells it. A harmless one is told, and keeps nobody away: the same
// would await them on every other node.
type Down struct {
	Part     string `json:"part"`
	Words    string `json:"words"`
	Harmless bool   `json:"harmless,omitempty"`
}

// audienceOf returns whose numbers a socket of this role goes by.
func audienceOf(role chat.Role) (wire.Audience, store.Audience) {
	if role == chat.RoleAgent {
		return wire.ToAgent, store.ForAgents
	}
	return wire.ToVisitor, store.ForVisitor
}

// workWithin bounds how long one frame may be worked on: whoever sent it has an ack or an error by then.
const workWithin = 10 * time.Second
