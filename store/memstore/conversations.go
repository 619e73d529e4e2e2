package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Conversation implements store.Conversations.
func (s *Store) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return chat.Conversation{}, err
	}
	defer done()
	l := s.logs[id]
	if l == nil {
		return chat.Conversation{}, chat.Errorf(chat.NotFound, "no conversation %s", id)
	}
	return l.fold, nil
}

// OpenOf implements store.Conversations.
func (s *Store) OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return chat.Conversation{}, err
	}
	defer done()
	id, ok := s.open[place{site, visitor}]
	if !ok {
		return chat.Conversation{}, chat.Errorf(chat.NotFound, "visitor %s has no open conversation on %s", visitor, site)
	}
	return s.logs[id].fold, nil
}

// LatestOf implements store.Conversations.
func (s *Store) LatestOf(ctx context.Context, visitor string, page store.Page) ([]chat.Conversation, string, error) {
	if page.After != "" {
		if _, _, err := store.ReadLatestCursor(page.After); err != nil {
			return nil, "", err
		}
	}
	return s.list(ctx, page, func() []*log { return s.visits.logs(visitor) }, func(c *chat.Conversation) string {
		return store.LatestCursor(c.OpenedAt, c.ID)
	}, func(a, b string) int { return strings.Compare(b, a) })
}

// InState implements store.Conversations. Who is given the same list twice shares it, and changes nothing in it.
func (s *Store) InState(ctx context.Context, state chat.State, page store.Page) ([]chat.Conversation, string, error) {
	if page.After != "" || page.Check() != nil {
		return s.list(ctx, page, func() []*log { return s.states.logs(string(state)) },
			func(c *chat.Conversation) string { return c.ID }, strings.Compare)
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, "", err
	}
	defer done()
	logs := s.states.logs(string(state))
	if len(logs) <= page.Limit {
		return s.states.copies(string(state)), "", nil
	}
	logs = logs[:page.Limit] // they stand in the order of their cursors
	return copies(logs), logs[len(logs)-1].fold.ID, nil
}

// list gives one page of some conversations, in the order of their cursors.
func (s *Store) list(ctx context.Context, page store.Page, some func() []*log,
	cursor func(*chat.Conversation) string, order func(a, b string) int) ([]chat.Conversation, string, error) {
	if err := page.Check(); err != nil {
		return nil, "", err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, "", err
	}
	defer done()
	type row struct {
		cursor string
		log    *log
	}
	logs := some()
	if len(logs) == 0 {
		return nil, "", nil
	}
	if len(logs) == 1 && page.After == "" && page.Limit > 0 {
		return copies(logs), "", nil
	}
	rows := make([]row, 0, len(logs))
	for _, l := range logs {
		if at := cursor(&l.fold); page.After == "" || order(at, page.After) > 0 {
			rows = append(rows, row{at, l})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return order(a.cursor, b.cursor) })
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		next = rows[page.Limit-1].cursor
	}
	found := make([]*log, len(rows))
	for i, r := range rows {
		found[i] = r.log
	}
	return copies(found), next, nil
}

// find returns the logs whose folds are wanted, by id. The lock is the caller's.
func (s *Store) find(wanted func(*chat.Conversation) bool) (found []*log) {
	for _, l := range s.byID {
		if wanted(&l.fold) {
			found = append(found, l)
		}
	}
	return found
}

// copies gives folds away, without their lines.
func copies(logs []*log) []chat.Conversation {
	if len(logs) == 0 {
		return nil
	}
	list := make([]chat.Conversation, len(logs))
	for i, l := range logs {
		list[i] = l.fold
		list[i].Lines = nil
	}
	return list
}

// wanted returns copies of the folds that are wanted, by id, without their lines. The lock is the caller's.
func (s *Store) wanted(wanted func(*chat.Conversation) bool) []chat.Conversation {
	return copies(s.find(wanted))
}

// OwnedBy implements store.Conversations.
func (s *Store) OwnedBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return s.wanted(func(c *chat.Conversation) bool {
		return c.Agent == agent && (c.State == chat.WithAgent || c.State == chat.Snoozed)
	}), nil
}

// HeldBy implements store.Conversations. What it returns is shared as InState's is.
func (s *Store) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return s.held.copies(agent), nil
}

// InvitedTo implements store.Conversations.
func (s *Store) InvitedTo(ctx context.Context, agent string) ([]chat.Conversation, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return s.wanted(func(c *chat.Conversation) bool { return c.Open() && slices.Contains(c.Invited, agent) }), nil
}

// Ahead implements store.Conversations: nothing is under way here that Changed would wait for.
func (s *Store) Ahead(ctx context.Context, limit int) ([]store.Head, error) {
	return nil, cmp.Or(store.CheckLimit(limit), ctx.Err())
}

// Changed implements store.Conversations.
func (s *Store) Changed(ctx context.Context, cursor int64, limit int) ([]store.Head, int64, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, 0, err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer done()
	switch {
	case cursor < 0:
		return nil, s.tick, nil
	case cursor >= s.tick:
		return nil, cursor, nil
	}
	var changed []*log
	for _, l := range s.byID {
		if l.changed > cursor {
			changed = append(changed, l)
		}
	}
	slices.SortFunc(changed, func(a, b *log) int { return cmp.Compare(a.changed, b.changed) })
	heads := make([]store.Head, min(limit, len(changed)))
	for i := range heads {
		heads[i], cursor = store.HeadOf(changed[i].fold), changed[i].changed
	}
	return heads, cursor, nil
}

// Due implements store.Conversations.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	due := s.find(func(c *chat.Conversation) bool {
		return c.Due != nil && c.Due.At.UnixMilli() <= now.UnixMilli() || c.Letter != nil && c.Letter.At.UnixMilli() <= now.UnixMilli()
	})
	slices.SortStableFunc(due, func(a, b *log) int {
		return cmp.Compare(a.fold.Deadline().At.UnixMilli(), b.fold.Deadline().At.UnixMilli())
	})
	var ids []string
	for _, l := range due[:min(limit, len(due))] {
		ids = append(ids, l.fold.ID)
	}
	return ids, nil
}

// Each implements store.Conversations.
func (s *Store) Each(ctx context.Context, fn func(chat.Conversation) error) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	all := s.wanted(func(*chat.Conversation) bool { return true })
	done()
	for _, c := range all {
		if err := ctx.Err(); err != nil {
			return chat.Errorf(chat.Unavailable, "the store was not waited for: %v", err)
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return nil
}
