package sqlstore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// step is an append made ready: what takes time is done by the caller, so that the committer only writes.
type step struct {
	store.Append
	fold foldText
	rows []eventRow
	due  driver.Value
	shape
}

type eventRow struct{ detail, contents string }

// Append implements store.Conversations.
func (s *Store) Append(ctx context.Context, a store.Append) error {
	if err := a.Check(); err != nil {
		return err
	}
	st, err := prepare(a)
	if err != nil {
		return err
	}
	if s.appends != nil {
		return s.appends.write(ctx, st)
	}
	err = s.write(ctx, st.write)
	if meaningOf(err, false) == duplicate {
		return store.ErrMoved // somebody else on the same database was quicker between our look and our writing
	}
	return err
}

func prepare(a store.Append) (*step, error) {
	st := &step{Append: a, rows: make([]eventRow, len(a.Events)), shape: shapeOf(a)}
	if due := a.Next.Deadline(); due != nil {
		st.due = millis(due.At)
	}
	var err error
	if len(a.Events) > 0 {
		if st.fold, err = encodeFold(a.Next); err != nil {
			return nil, err
		}
	}
	for i, e := range a.Events {
		if slices.ContainsFunc(a.Events[i+1:], func(later chat.Event) bool { return later.Kind == chat.KindErased }) {
			e = e.Emptied()
		}
		if st.rows[i].detail, st.rows[i].contents, err = encodeEvent(e); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// write stores the step, or refuses and leaves no trace. Keys go first: putting one in tells whether it was there.
func (st *step) write(w *writer) error {
	if err := st.putKeys(w); err != nil {
		return err
	}
	stands, err := st.holds(w)
	if err != nil {
		return err
	}
	if stands {
		stands, err = st.putFold(w)
	}
	if err != nil {
		return err
	}
	if !stands {
		return st.takeBack(w, len(st.Keys), store.ErrMoved)
	}
	return st.putEvents(w)
}

const (
	putKey     = `INSERT INTO keys (sender, key, conversation, seq, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	ackOf      = `SELECT conversation, seq FROM keys WHERE sender = $1 AND key = $2`
	forgetKeys = `DELETE FROM keys WHERE (sender, key) > ($1, $2) AND (sender, key) <= ($3, $4) AND at < $5`
)

func (st *step) putKeys(w *writer) error {
	for i, k := range st.Keys {
		n, err := w.exec(putKey, k.Sender, k.Key, k.Ack.Conversation, k.Ack.Seq, millis(st.At))
		if err != nil {
			return fmt.Errorf("append key: %w", err)
		}
		if n > 0 {
			continue
		}
		row := make([]driver.Value, 2)
		if _, err := w.row(row, ackOf, k.Sender, k.Key); err != nil {
			return fmt.Errorf("append: read known key: %w", err)
		}
		k.Ack.Conversation, _ = row[0].(string)
		k.Ack.Seq, _ = row[1].(int64)
		return st.takeBack(w, i, &store.Known{Key: k})
	}
	return nil
}

// takeBack removes the first n keys of a step that is refused.
func (st *step) takeBack(w *writer, n int, because error) error {
	for _, k := range st.Keys[:n] {
		if _, err := w.exec(`DELETE FROM keys WHERE sender = $1 AND key = $2`, k.Sender, k.Key); err != nil {
			return fmt.Errorf("append: take key back: %w", err)
		}
	}
	return refuse(because)
}

// holds tells whether the agent holds as many conversations as the step was decided on.
func (st *step) holds(w *writer) (bool, error) {
	if st.Holds == nil {
		return true, nil
	}
	row := make([]driver.Value, 1)
	if _, err := w.row(row, countHeld, st.Holds.Agent); err != nil {
		return false, fmt.Errorf("append: count what the agent holds: %w", err)
	}
	n, _ := row[0].(int64)
	return n == int64(st.Holds.Count), nil
}

// offered is whom a conversation is held out to.
func offered(c chat.Conversation) string {
	if c.Offer == nil {
		return ""
	}
	return c.Offer.Agent
}

// putFold stores the fold if the conversation stands where it should.
func (st *step) putFold(w *writer) (stands bool, err error) {
	if len(st.Events) == 0 {
		if stands, err = w.row(make([]driver.Value, 1), `SELECT 1 FROM conversations WHERE conversation = $1 AND pos = $2`,
			st.Next.ID, st.Pos); err != nil {
			return false, fmt.Errorf("append: read position: %w", err)
		}
		return stands, nil
	}
	var n int64
	if st.Pos == 0 {
		n, err = st.begin(w)
	} else if n, err = st.goOn(w); err == nil && n == 0 {
		n, err = st.change(w)
	}
	if err != nil {
		return false, fmt.Errorf("append conversation: %w", err)
	}
	return n > 0, nil
}

// begin stores a conversation that is not there yet, unless it is, or the visitor has another open one or was erased.
func (st *step) begin(w *writer) (int64, error) {
	c := st.Next
	return w.exec(`INSERT INTO conversations (conversation, site, visitor, state, team, agent, pos, agent_seq, visitor_seq,
			opened_at, closed_at, due_at, snapshot, contents, offered)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
			WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.visitor = $3) ON CONFLICT DO NOTHING`,
		c.ID, c.Site, c.Visitor, string(c.State), c.Team, c.Agent, c.Pos, c.AgentSeq, c.VisitorSeq,
		millis(c.OpenedAt), millisOrNull(c.ClosedAt), st.due, st.fold.fold, st.fold.contents, offered(c))
}

// goOn stores the fold of a conversation that stays with whom it is. It leaves alone the columns that most indexes are
// made of, and so their entries: this is the way of nearly every message.
func (st *step) goOn(w *writer) (int64, error) {
	c := st.Next
	return w.exec(`UPDATE conversations SET pos = $3, agent_seq = $4, visitor_seq = $5, team = $6, closed_at = $7,
			due_at = $8, snapshot = $9, contents = $10
		WHERE conversation = $1 AND pos = $2 AND state = $11 AND agent = $12 AND offered = $13`,
		c.ID, st.Pos, c.Pos, c.AgentSeq, c.VisitorSeq, c.Team, millisOrNull(c.ClosedAt), st.due,
		st.fold.fold, st.fold.contents, string(c.State), c.Agent, offered(c))
}

// change stores the fold of a conversation that changes hands, unless it would be a visitor's second open one.
func (st *step) change(w *writer) (int64, error) {
	c := st.Next
	return w.exec(`UPDATE conversations SET pos = $3, agent_seq = $4, visitor_seq = $5, team = $6, closed_at = $7,
			due_at = $8, snapshot = $9, contents = $10, state = $11, agent = $12, offered = $15
		WHERE conversation = $1 AND pos = $2 AND ($11 = 'closed' OR NOT EXISTS (SELECT 1 FROM conversations AS other
			WHERE other.site = $13 AND other.visitor = $14 AND other.state <> 'closed' AND other.conversation <> $1))`,
		c.ID, st.Pos, c.Pos, c.AgentSeq, c.VisitorSeq, c.Team, millisOrNull(c.ClosedAt), st.due,
		st.fold.fold, st.fold.contents, string(c.State), c.Agent, c.Site, c.Visitor, offered(c))
}

const putEvent = `INSERT INTO events (conversation, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

const emptyEvents = `UPDATE events SET contents = '' WHERE conversation = $1 AND pos < $2 AND contents <> ''`

func (st *step) putEvents(w *writer) error {
	for i, e := range st.Events {
		if _, err := w.exec(putEvent, st.Next.ID, e.Pos, e.AgentSeq, e.VisitorSeq, millis(e.At), string(e.Kind),
			string(e.From.Role), e.From.ID, e.Key, st.rows[i].detail, st.rows[i].contents); err != nil {
			return fmt.Errorf("append event: %w", err)
		}
		if err := st.follow(w, e); err != nil {
			return fmt.Errorf("append: what follows %s: %w", e.Kind, err)
		}
	}
	return nil
}

// follow changes what an event changes beside the log and the fold.
func (st *step) follow(w *writer, e chat.Event) (err error) {
	switch e.Kind {
	case chat.KindErased:
		_, err = w.exec(emptyEvents, st.Next.ID, e.Pos)
	case chat.KindInvited:
		_, err = w.exec(`INSERT INTO guests (agent, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING`, e.Detail.Agent, st.Next.ID)
	case chat.KindLeft, chat.KindAssigned:
		_, err = w.exec(`DELETE FROM guests WHERE agent = $1 AND conversation = $2`, e.Detail.Agent, st.Next.ID)
	case chat.KindClosed, chat.KindReturned:
		_, err = w.exec(`DELETE FROM guests WHERE conversation = $1`, st.Next.ID)
	}
	return err
}

// Known implements store.Conversations.
func (s *Store) Known(ctx context.Context, sender, key string) (store.Ack, bool, error) {
	return one(ctx, s, func(r scanner) (a store.Ack, err error) { return a, r.Scan(&a.Conversation, &a.Seq) },
		ackOf, sender, key)
}

// forgetAtOnce is how many keys are looked at in one commit, so that no append waits long behind.
const forgetAtOnce = 1000

// ForgetKeys implements store.Conversations. It walks over the keys in their order, a part in a commit.
func (s *Store) ForgetKeys(ctx context.Context, before time.Time) (int, error) {
	forgotten, sender, key := 0, "", ""
	for {
		last, found, err := one(ctx, s, func(r scanner) (k [2]string, err error) { return k, r.Scan(&k[0], &k[1]) },
			`SELECT sender, key FROM (SELECT sender, key FROM keys WHERE (sender, key) > ($1, $2) ORDER BY sender, key LIMIT $3) AS part
				ORDER BY sender DESC, key DESC LIMIT 1`, sender, key, forgetAtOnce)
		if err != nil || !found {
			return forgotten, err
		}
		var n int64
		if err := s.write(ctx, func(w *writer) error {
			n, err = w.exec(forgetKeys, sender, key, last[0], last[1], millis(before))
			return err
		}); err != nil {
			return forgotten, err
		}
		forgotten, sender, key = forgotten+int(n), last[0], last[1]
	}
}

// MarkRead implements store.Conversations.
func (s *Store) MarkRead(ctx context.Context, conversation string, by chat.Role, seq int64) error {
	if by != chat.RoleVisitor && by != chat.RoleAgent {
		return chat.Errorf(chat.Invalid, "mark read: by %q", by)
	}
	return s.write(ctx, func(w *writer) error {
		_, err := w.exec(`INSERT INTO read_marks (conversation, role, seq) VALUES ($1, $2, $3)
			ON CONFLICT (conversation, role) DO UPDATE SET seq = excluded.seq WHERE read_marks.seq < excluded.seq`,
			conversation, string(by), seq)
		return err
	})
}
