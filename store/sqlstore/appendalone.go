package sqlstore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// shape is what kind of step can be stored by a statement of its own: one that answers one frame, and begins a
// conversation, goes on in an open one or closes one, and changes nothing else. A server is done with it three times as
// soon as with the statement for many.
type shape struct {
	kind   kind
	events int
}

type kind int

const (
	begins kind = iota
	goesOn
	closes
)

// mostEvents is how many a step may have that has a statement of its own; most have two.
const mostEvents = 8

// shapeOf is the shape of an append; one without events if it has none.
func shapeOf(a store.Append) shape {
	sh := shape{goesOn, len(a.Events)}
	closed := slices.ContainsFunc(a.Events, func(e chat.Event) bool { return e.Kind == chat.KindClosed })
	switch {
	case len(a.Keys) != 1 || a.Holds != nil || sh.events > mostEvents || slices.ContainsFunc(a.Events, changesMore),
		closed != (a.Next.State == chat.Closed):
		return shape{}
	case a.Pos == 0:
		sh.kind = begins
	case closed:
		sh.kind = closes
	}
	return sh
}

// changesMore tells of an event that changes more than the log, the fold and, when it closes, the list of all guests.
func changesMore(e chat.Event) bool {
	switch e.Kind {
	case chat.KindErased, chat.KindInvited, chat.KindLeft, chat.KindAssigned, chat.KindReturned:
		return true
	}
	return false
}

// aloneStatements are the texts, for each shape one.
var aloneStatements = func() map[shape]string {
	texts := map[shape]string{}
	for _, k := range []kind{begins, goesOn, closes} {
		for n := 1; n <= mostEvents; n++ {
			texts[shape{k, n}] = aloneStatement(shape{k, n})
		}
	}
	return texts
}()

// The conditions are those of the statements for many. A conversation is not opened again here: a step that would is left
// out, and not refused.
const (
	beginAlone = `WITH stored AS (
	INSERT INTO conversations (conversation, pos, agent_seq, visitor_seq, team, closed_at, due_at, snapshot, contents, state, agent, offered,
		site, visitor, opened_at)
	SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $19, $20, $21
	WHERE NOT EXISTS (SELECT 1 FROM keys WHERE sender = $13 AND key = $14) AND NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.visitor = $20)
	ON CONFLICT DO NOTHING RETURNING conversation
),`
	goOnAlone = `WITH stored AS (
	UPDATE conversations SET pos = $2, agent_seq = $3, visitor_seq = $4, team = $5, closed_at = $6, due_at = $7, snapshot = $8, contents = $9,
		state = $10, agent = $11, offered = $12
	WHERE conversation = $1 AND pos = $19 AND state <> 'closed' AND NOT EXISTS (SELECT 1 FROM keys WHERE sender = $13 AND key = $14)
	RETURNING conversation
),`
	guestsGo = `
gone_guests AS (DELETE FROM guests USING stored WHERE guests.conversation = stored.conversation),`
	putRest = `
put_key AS (INSERT INTO keys (sender, key, conversation, seq, at) SELECT $13, $14, $15, $16, $17 FROM stored)
INSERT INTO events (conversation, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents, place)
SELECT stored.conversation, e.pos, e.agent_seq, e.visitor_seq, e.at, e.kind, e.role, e.actor, e.key, e.detail, e.contents,
	(pg_current_xact_id()::text::bigint << 20) + $18::bigint + e.n
FROM stored, (VALUES `
	asEvents = `) AS e (n, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents)
RETURNING conversation`
)

// aloneStatement is the text for a shape. It returns the conversation if it stores the step, once for each event.
func aloneStatement(sh shape) string {
	var b strings.Builder
	next := 20
	switch sh.kind {
	case begins:
		b.WriteString(beginAlone)
		next = 22
	case goesOn:
		b.WriteString(goOnAlone)
	case closes:
		b.WriteString(goOnAlone + guestsGo)
	}
	b.WriteString(putRest)
	for n := 1; n <= sh.events; n++ {
		if n > 1 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%d", n)
		for i := range 10 {
			fmt.Fprintf(&b, ", $%d::%s", next, [...]string{"bigint", "text"}[min(i/4, 1)])
			next++
		}
		b.WriteString(")")
	}
	b.WriteString(asEvents)
	return b.String()
}

// alone are the arguments of the statement of a step's shape; the events' places in the transaction come after place.
func (st *step) alone(place int64) []any {
	c, k := st.Next, st.Keys[0]
	args := make([]any, 0, 21+10*st.events)
	args = append(args, c.ID, c.Pos, c.AgentSeq, c.VisitorSeq, c.Team, millisOrNull(c.ClosedAt), st.due, st.fold.fold, st.fold.contents,
		string(c.State), c.Agent, offered(c), k.Sender, k.Key, k.Ack.Conversation, k.Ack.Seq, millis(st.At), place)
	if st.kind == begins {
		args = append(args, c.Site, c.Visitor, millis(c.OpenedAt))
	} else {
		args = append(args, st.Pos)
	}
	for i, e := range st.Events {
		args = append(args, e.Pos, e.AgentSeq, e.VisitorSeq, millis(e.At), string(e.Kind), string(e.From.Role), e.From.ID, e.Key,
			st.rows[i].detail, st.rows[i].contents)
	}
	return args
}
