package sqlstore

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

const selectFold = `SELECT snapshot, contents FROM conversations `

// What is asked for often. Each has its index; a test reads the plans. The line's query names its state, as its index does.
const (
	byID        = selectFold + `WHERE conversation = $1`
	openOf      = selectFold + `WHERE site = $1 AND visitor = $2 AND state <> 'closed'`
	latestOf    = selectFold + `WHERE visitor = $1 AND (opened_at, conversation) < ($2, $3) ORDER BY opened_at DESC, conversation DESC LIMIT $4`
	waitingOnes = selectFold + `WHERE state = 'waiting' AND state = $1 AND conversation > $2 ORDER BY conversation LIMIT $3`
	inState     = selectFold + `WHERE state = $1 AND conversation > $2 ORDER BY conversation LIMIT $3`
	ownedBy     = selectFold + `WHERE agent = $1 AND state IN ('agent', 'snoozed') ORDER BY conversation`
	heldBy      = selectFold + withAgent + ` UNION ALL ` + selectFold + offeredTo
	countHeld   = `SELECT (SELECT count(*) FROM conversations ` + withAgent + `) + (SELECT count(*) FROM conversations ` + offeredTo + `)`
	withAgent   = `WHERE agent = $1 AND state IN ('agent', 'snoozed') AND state = 'agent'`
	offeredTo   = `WHERE offered <> '' AND offered = $1`
	invitedTo   = `SELECT c.snapshot, c.contents FROM guests AS g CROSS JOIN conversations AS c ON c.conversation = g.conversation
		WHERE g.agent = $1 ORDER BY g.conversation`
	dueBy   = `SELECT conversation FROM conversations WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, conversation LIMIT $2`
	linesOf = selectEvent + `WHERE conversation = $1 AND pos > $2 AND pos <= $3 AND kind = 'message' ORDER BY pos DESC LIMIT $4`
)

func scanFold(r scanner) (chat.Conversation, error) {
	var text foldText
	if err := r.Scan(&text.fold, &text.contents); err != nil {
		return chat.Conversation{}, err
	}
	return decodeFold(text)
}

// withLines reads one fold, and its lines out of the log: those of the messages up to where the fold stands.
func (s *Store) withLines(ctx context.Context, what, query string, args ...any) (chat.Conversation, error) {
	c, err := the(ctx, s, what, scanFold, query, args...)
	if err != nil || c.Erased >= c.Pos {
		return c, err
	}
	said, err := many(ctx, s, scanEvent, linesOf, c.ID, c.Erased, c.Pos, chat.MaxLines)
	for _, e := range slices.Backward(said) {
		c.Lines = append(c.Lines, chat.LineOf(e))
	}
	return c, err
}

// Conversation implements store.Conversations.
func (s *Store) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	return s.withLines(ctx, "conversation", byID, id)
}

// OpenOf implements store.Conversations.
func (s *Store) OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error) {
	return s.withLines(ctx, "open conversation", openOf, site, visitor)
}

// LatestOf implements store.Conversations.
func (s *Store) LatestOf(ctx context.Context, visitor string, page store.Page) ([]chat.Conversation, string, error) {
	if err := page.Check(); err != nil {
		return nil, "", err
	}
	opened, id := int64(math.MaxInt64), ""
	if page.After != "" {
		at, after, err := store.ReadLatestCursor(page.After)
		if err != nil {
			return nil, "", err
		}
		opened, id = millis(at), after
	}
	all, err := many(ctx, s, scanFold, latestOf, visitor, opened, id, page.Limit+1)
	all, next := cut(all, page.Limit, func(c chat.Conversation) string { return store.LatestCursor(c.OpenedAt, c.ID) })
	return all, next, err
}

// cut takes off what was read beyond the limit to see whether there is more, and gives the cursor if there is.
func cut(all []chat.Conversation, limit int, cursor func(chat.Conversation) string) ([]chat.Conversation, string) {
	if len(all) <= limit {
		return all, ""
	}
	return all[:limit], cursor(all[limit-1])
}

// InState implements store.Conversations.
func (s *Store) InState(ctx context.Context, state chat.State, page store.Page) ([]chat.Conversation, string, error) {
	if err := page.Check(); err != nil {
		return nil, "", err
	}
	query := inState
	if state == chat.Waiting {
		query = waitingOnes
	}
	all, err := many(ctx, s, scanFold, query, string(state), page.After, page.Limit+1)
	all, next := cut(all, page.Limit, func(c chat.Conversation) string { return c.ID })
	return all, next, err
}

// OwnedBy implements store.Conversations.
func (s *Store) OwnedBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return many(ctx, s, scanFold, ownedBy, agent)
}

// HeldBy implements store.Conversations.
func (s *Store) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	all, err := many(ctx, s, scanFold, heldBy, agent)
	slices.SortFunc(all, func(a, b chat.Conversation) int { return strings.Compare(a.ID, b.ID) })
	return all, err
}

// InvitedTo implements store.Conversations.
func (s *Store) InvitedTo(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return many(ctx, s, scanFold, invitedTo, agent)
}

// eachAtOnce is how many conversations Each holds at a time.
const eachAtOnce = 200

// Each implements store.Conversations.
func (s *Store) Each(ctx context.Context, fn func(chat.Conversation) error) error {
	for after := ""; ; {
		part, err := many(ctx, s, scanFold, selectFold+`WHERE conversation > $1 ORDER BY conversation LIMIT $2`, after, eachAtOnce)
		if err != nil {
			return err
		}
		for _, c := range part {
			if err := fn(c); err != nil {
				return err
			}
			after = c.ID
		}
		if len(part) < eachAtOnce {
			return nil
		}
	}
}

const selectEvent = `SELECT pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents FROM events `

// An audience's number is never above pos, so what lies behind a number lies behind the same pos: the primary key leads
// there, and only what the audience does not see is passed over.
var eventsAfter = map[store.Audience]string{
	store.ForLog:     selectEvent + `WHERE conversation = $1 AND pos > $2 ORDER BY pos LIMIT $3`,
	store.ForAgents:  selectEvent + `WHERE conversation = $1 AND pos > $2 AND agent_seq > $2 ORDER BY pos LIMIT $3`,
	store.ForVisitor: selectEvent + `WHERE conversation = $1 AND pos > $2 AND visitor_seq > $2 ORDER BY pos LIMIT $3`,
}

// EventsAfter implements store.Conversations.
func (s *Store) EventsAfter(ctx context.Context, conversation string, audience store.Audience, after int64, limit int) ([]chat.Event, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	query, ok := eventsAfter[audience]
	if !ok {
		return nil, chat.Errorf(chat.Invalid, "events: no audience %d", audience)
	}
	if s.logs == nil {
		return many(ctx, s, scanEvent, query, conversation, max(after, 0), limit)
	}
	rows, err := s.logs.ask(ctx, s, logPart{conversation, audience, max(after, 0), limit})
	events := make([]chat.Event, len(rows))
	for i, r := range rows {
		if events[i] = r.event; err == nil {
			err = decodeEvent(&events[i], r.detail, r.contents)
		}
	}
	if err != nil || len(events) == 0 {
		return nil, err
	}
	return events, nil
}

// logPart is a part of a log: so many events that an audience sees after a position.
type logPart struct {
	conversation string
	audience     store.Audience
	after        int64
	limit        int
}

// audienceNames are the audiences as logTogether's query calls them.
var audienceNames = map[store.Audience]string{store.ForLog: "log", store.ForAgents: "agents", store.ForVisitor: "visitor"}

// logTogether reads parts of many logs.
func (s *Store) logTogether(asked []logPart) ([]rowFor[readEvent], error) {
	var conversations, audiences []string
	var afters, limits []int64
	for _, a := range asked {
		conversations, audiences = append(conversations, a.conversation), append(audiences, audienceNames[a.audience])
		afters, limits = append(afters, a.after), append(limits, int64(a.limit))
	}
	return many(context.Background(), s, func(r scanner) (e rowFor[readEvent], err error) { return e, e.row.scan(r, &e.n) },
		s.from.logTogether, conversations, audiences, afters, limits)
}

// readEvent is an event as it was read, its texts not yet decoded.
type readEvent struct {
	event            chat.Event
	detail, contents string
}

func (e *readEvent) scan(r scanner, first ...any) error {
	var at int64
	v := &e.event
	err := r.Scan(append(first, &v.Pos, &v.AgentSeq, &v.VisitorSeq, &at, &v.Kind, &v.From.Role, &v.From.ID, &v.Key, &e.detail, &e.contents)...)
	v.At = timeOf(at)
	return err
}

func scanEvent(r scanner) (chat.Event, error) {
	var e readEvent
	if err := e.scan(r); err != nil {
		return e.event, err
	}
	return e.event, decodeEvent(&e.event, e.detail, e.contents)
}

// Changed implements store.Conversations.
func (s *Store) Changed(ctx context.Context, cursor int64, limit int) ([]store.Head, int64, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, 0, err
	}
	if cursor < 0 {
		now, _, err := one(ctx, s, scanInt, s.from.lastChange)
		return nil, now, err
	}
	heads, err := many(ctx, s, scanHead(&cursor), s.from.changed, cursor, limit)
	if err != nil {
		return nil, 0, err
	}
	if len(heads) == 0 && s.from.clock != "" {
		// A server that took over from another may be behind what was seen there.
		now, _, err := one(ctx, s, scanInt, s.from.lastChange)
		return nil, min(cursor, now), err
	}
	return onceEach(heads), cursor, nil
}

// Ahead implements store.Conversations.
func (s *Store) Ahead(ctx context.Context, limit int) ([]store.Head, error) {
	if err := store.CheckLimit(limit); err != nil || s.from.ahead == "" {
		return nil, err
	}
	var place int64
	return many(ctx, s, scanHead(&place), s.from.ahead, limit)
}

// scanHead reads a head and the place behind it.
func scanHead(place *int64) func(scanner) (store.Head, error) {
	return func(r scanner) (h store.Head, err error) {
		return h, r.Scan(&h.Conversation, &h.Visitor, &h.State, &h.Team, &h.Agent, &h.Pos, &h.AgentSeq, &h.VisitorSeq, place)
	}
}

// onceEach leaves of each conversation the last head.
func onceEach(heads []store.Head) []store.Head {
	seen := make(map[string]bool, len(heads))
	var last []store.Head
	for _, h := range slices.Backward(heads) {
		if !seen[h.Conversation] {
			seen[h.Conversation], last = true, append(last, h)
		}
	}
	slices.Reverse(last)
	return last
}

// Due implements store.Conversations.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	return many(ctx, s, scanText, dueBy, millis(now), limit)
}

// ReadMarks implements store.Conversations.
func (s *Store) ReadMarks(ctx context.Context, conversations []string) (map[string]store.Marks, error) {
	type mark struct {
		conversation string
		role         chat.Role
		seq          int64
	}
	rows, err := many(ctx, s, func(r scanner) (m mark, err error) {
		return m, r.Scan(&m.conversation, &m.role, &m.seq)
	}, s.from.marksOf, listText(conversations))
	if err != nil {
		return nil, err
	}
	marks := map[string]store.Marks{}
	for _, r := range rows {
		m := marks[r.conversation]
		if r.role == chat.RoleVisitor {
			m.Visitor = r.seq
		} else {
			m.Agent = r.seq
		}
		marks[r.conversation] = m
	}
	return marks, nil
}
