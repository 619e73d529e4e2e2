package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Append implements store.Conversations. It keeps the events themselves: nobody changes them afterwards.
func (s *Store) Append(ctx context.Context, a store.Append) error {
	if err := a.Check(); err != nil {
		return err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	fault := s.nextFault()
	if fault == Refused {
		return chat.Errorf(chat.Unavailable, "append: refused by the fault switch")
	}
	if err := s.refuses(a); err != nil {
		return err
	}
	s.apply(a)
	if fault == Unanswered {
		return chat.Errorf(chat.Unavailable, "append: the answer was lost by the fault switch")
	}
	return nil
}

func (s *Store) nextFault() Fault {
	if len(s.faults) == 0 {
		return 0
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f
}

// refuses says why an append cannot be stored, or nil.
func (s *Store) refuses(a store.Append) error {
	for _, k := range a.Keys {
		if known, ok := s.keys[sent{k.Sender, k.Key}]; ok {
			return &store.Known{Key: store.Key{Sender: k.Sender, Key: k.Key, Ack: known.ack}}
		}
	}
	var pos int64
	if l := s.logs[a.Next.ID]; l != nil {
		pos = l.fold.Pos
	}
	if pos != a.Pos {
		return store.ErrMoved
	}
	if a.Pos == 0 && s.erased[a.Next.Visitor] {
		return store.ErrMoved
	}
	if a.Holds != nil && len(s.held.logs(a.Holds.Agent)) != a.Holds.Count {
		return store.ErrMoved
	}
	if other, ok := s.open[placeOf(a.Next)]; ok && other != a.Next.ID && a.Next.Open() {
		return store.ErrMoved
	}
	return nil
}

func (s *Store) apply(a store.Append) {
	for _, k := range a.Keys {
		s.keys[sent{k.Sender, k.Key}] = answer{k.Ack, millis(a.At)}
	}
	if len(a.Events) == 0 {
		return
	}
	l := s.logs[a.Next.ID]
	if l == nil {
		l = &log{}
		s.logs[a.Next.ID] = l
		i, _ := slices.BinarySearchFunc(s.byID, a.Next.ID, byID)
		l.fold.ID = a.Next.ID
		s.byID = slices.Insert(s.byID, i, l)
	}
	s.tick++
	for i := range a.Events {
		if a.Events[i].Kind == chat.KindErased {
			l.empty()
		}
		l.events = append(l.events, &a.Events[i])
	}
	l.changed = s.tick
	s.set(l, a.Next)
	if a.Next.Open() {
		s.open[placeOf(a.Next)] = a.Next.ID
	} else if s.open[placeOf(a.Next)] == a.Next.ID {
		delete(s.open, placeOf(a.Next))
	}
}

// empty leaves of a log's events what an erasure leaves. Those that there were are the caller's, too.
func (l *log) empty() {
	for i, e := range l.events {
		left := e.Emptied()
		l.events[i] = &left
	}
}

func placeOf(c chat.Conversation) place { return place{c.Site, c.Visitor} }

// Known implements store.Conversations.
func (s *Store) Known(ctx context.Context, sender, key string) (store.Ack, bool, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return store.Ack{}, false, err
	}
	defer done()
	known, ok := s.keys[sent{sender, key}]
	return known.ack, ok, nil
}

// ForgetKeys implements store.Conversations.
func (s *Store) ForgetKeys(ctx context.Context, before time.Time) (int, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	n := 0
	for k, known := range s.keys {
		if known.at.Before(millis(before)) {
			delete(s.keys, k)
			n++
		}
	}
	return n, nil
}

// MarkRead implements store.Conversations.
func (s *Store) MarkRead(ctx context.Context, conversation string, by chat.Role, seq int64) error {
	if by != chat.RoleVisitor && by != chat.RoleAgent {
		return chat.Errorf(chat.Invalid, "mark read: by %q", by)
	}
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	m := s.marks[conversation]
	if by == chat.RoleVisitor {
		m.Visitor = max(m.Visitor, seq)
	} else {
		m.Agent = max(m.Agent, seq)
	}
	s.marks[conversation] = m
	return nil
}

// ReadMarks implements store.Conversations.
func (s *Store) ReadMarks(ctx context.Context, conversations []string) (map[string]store.Marks, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	marks := map[string]store.Marks{}
	for _, id := range conversations {
		if m, ok := s.marks[id]; ok {
			marks[id] = m
		}
	}
	return marks, nil
}

// EventsAfter implements store.Conversations.
func (s *Store) EventsAfter(ctx context.Context, conversation string, audience store.Audience, after int64, limit int) ([]chat.Event, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	l := s.logs[conversation]
	if l == nil {
		return nil, nil
	}
	rest := l.events[min(max(after, 0), int64(len(l.events))):] // no count is ahead of the place in the log
	if len(rest) == 0 {
		return nil, nil
	}
	seen := func(e *chat.Event) bool {
		n := e.Pos
		switch audience {
		case store.ForAgents:
			n = e.AgentSeq
		case store.ForVisitor:
			n = e.VisitorSeq
		}
		return n > after && n > 0
	}
	some := 0
	for _, e := range rest {
		if seen(e) {
			some++
		}
	}
	if some == 0 {
		return nil, nil
	}
	events := make([]chat.Event, 0, min(limit, some))
	for i := 0; len(events) < cap(events); i++ {
		if seen(rest[i]) {
			events = append(events, *rest[i])
		}
	}
	return events, nil
}
