package sqlstore

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// shape is what kind of step can be stored by a statement of its own: one that answers one frame, and begins a
// conversation, goes on in an open one or closes one, and changes nothing else. A server is done with a lone one in two
// thirds of the time that the statement for many takes.
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

// prepared is a statement that a connection prepares under its name when it first needs it.
type prepared struct{ name, text string }

// alone are the statements, for each shape one.
var alone = func() map[shape]prepared {
	all := map[shape]prepared{}
	for n := 1; n <= mostEvents; n++ {
		for k, name := range []string{begins: "begins", goesOn: "goes_on", closes: "closes"} {
			all[shape{kind(k), n}] = prepared{fmt.Sprint(name, "_", n), aloneText(shape{kind(k), n})}
		}
	}
	return all
}()

// Whoever begins a conversation holds off an erasure of its visitor, as in lockVisitors.
var lockVisitor = prepared{"lock_visitor", `SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))`}

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
	asEvents = `) AS e (n, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents)`
)

// aloneText is the statement for a shape. It puts in as many rows as the step has events if it stores it, and none if not.
func aloneText(sh shape) string {
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

// values are arguments as the server takes them: texts as they are, numbers in eight bytes, nil for none.
type values [][]byte

// asServer says so to the driver, of all of them.
var asServer = []int16{pgx.BinaryFormatCode}

func (v *values) texts(list ...string) {
	for _, s := range list {
		*v = append(*v, []byte(s))
	}
}

func (v *values) numbers(list ...int64) {
	for _, n := range list {
		*v = append(*v, binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
}

// orNull is a number, or nothing.
func (v *values) orNull(n any) {
	if ms, ok := n.(int64); ok {
		v.numbers(ms)
	} else {
		*v = append(*v, nil)
	}
}

// values are the arguments of the statement of a step's shape; the events' places in the transaction come after place.
func (st *step) values(place int64) [][]byte {
	c, k := st.Next, st.Keys[0]
	v := make(values, 0, 21+10*st.events)
	v.texts(c.ID)
	v.numbers(c.Pos, c.AgentSeq, c.VisitorSeq)
	v.texts(c.Team)
	v.orNull(millisOrNull(c.ClosedAt))
	v.orNull(st.due)
	v.texts(st.fold.fold, st.fold.contents, string(c.State), c.Agent, offered(c), k.Sender, k.Key, k.Ack.Conversation)
	v.numbers(k.Ack.Seq, millis(st.At), place)
	if st.kind == begins {
		v.texts(c.Site, c.Visitor)
		v.numbers(millis(c.OpenedAt))
	} else {
		v.numbers(st.Pos)
	}
	for i, e := range st.Events {
		v.numbers(e.Pos, e.AgentSeq, e.VisitorSeq, millis(e.At))
		v.texts(string(e.Kind), string(e.From.Role), e.From.ID, e.Key, st.rows[i].detail, st.rows[i].contents)
	}
	return v
}

// few is how many steps are sooner stored each by a statement of its own than all by one.
const few = 8

// runEach stores steps that have a shape and whose conditions hold, each by a statement of its own, all in one transaction
// and one way to the server and back. It speaks to the connection without the driver's conversions: this is the way of
// nearly every message.
func (a *appender) runEach(batch []*job[*step]) (stored map[string]bool, err error) {
	batch = slices.SortedFunc(slices.Values(batch), func(x, y *job[*step]) int { return inTurn(x.what, y.what) })
	for _, j := range batch {
		if err := a.prepare(alone[j.what.shape]); err != nil {
			return nil, err
		}
		if j.what.kind == begins {
			if err := a.prepare(lockVisitor); err != nil {
				return nil, err
			}
		}
	}
	all := a.conn.PgConn().StartPipeline(context.Background())
	for i, j := range batch {
		if j.what.kind == begins {
			all.SendQueryPrepared(lockVisitor.name, [][]byte{[]byte(j.what.Next.Visitor)}, asServer, nil)
		}
		all.SendQueryPrepared(alone[j.what.shape].name, j.what.values(int64(i)*mostEvents), asServer, nil)
	}
	stored, err = inserted(all, batch)
	if end := all.Close(); err == nil { // the transaction ends with Close
		err = end
	}
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// prepare has the connection know a statement.
func (a *appender) prepare(p prepared) error {
	if a.ready[p.name] {
		return nil
	}
	if _, err := a.conn.PgConn().Prepare(context.Background(), p.name, p.text, nil); err != nil {
		return err
	}
	a.ready[p.name] = true
	return nil
}

// inserted has what was put in line done, and reads which steps went in.
func inserted(all *pgconn.Pipeline, batch []*job[*step]) (map[string]bool, error) {
	if err := all.Sync(); err != nil {
		return nil, err
	}
	stored := make(map[string]bool, len(batch))
	for n := 0; n < len(batch); {
		result, err := all.GetResults()
		if err != nil {
			return nil, err
		}
		reader, ok := result.(*pgconn.ResultReader)
		if !ok {
			return nil, fmt.Errorf("append: %T in the place of a result", result)
		}
		tag, err := reader.Close()
		if err != nil {
			return nil, err
		}
		if tag.Insert() { // and no lock
			stored[batch[n].what.Next.ID] = tag.RowsAffected() > 0
			n++
		}
	}
	return stored, nil
}

// inTurn is the order in which steps lock, that of the statement for many: first what begins, for each visitor has one place
// for an open conversation, then what goes on, by its row.
func inTurn(x, y *step) int {
	if x.kind == begins || y.kind == begins {
		return cmp.Or(cmp.Compare(min(x.kind, goesOn), min(y.kind, goesOn)), strings.Compare(x.Next.Site, y.Next.Site),
			strings.Compare(x.Next.Visitor, y.Next.Visitor))
	}
	return strings.Compare(x.Next.ID, y.Next.ID)
}
