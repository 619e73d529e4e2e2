package memstore

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
)

// index keeps logs by what is asked for, each list by id, so that no question goes through all there are.
type index map[string][]*log

func byID(l *log, id string) int { return strings.Compare(l.fold.ID, id) }

// move takes a log from one list to another; "" is none.
func (x index) move(l *log, from, to string) {
	if from == to {
		return
	}
	if i, ok := slices.BinarySearchFunc(x[from], l.fold.ID, byID); ok && from != "" {
		if x[from] = slices.Delete(x[from], i, i+1); len(x[from]) == 0 {
			delete(x, from)
		}
	}
	if i, ok := slices.BinarySearchFunc(x[to], l.fold.ID, byID); !ok && to != "" {
		x[to] = slices.Insert(x[to], i, l)
	}
}

// holder is against whose capacity a conversation counts, "" for nobody's.
func holder(c *chat.Conversation) string {
	switch {
	case c.State == chat.WithAgent:
		return c.Agent
	case c.Offer != nil:
		return c.Offer.Agent
	}
	return ""
}

// set makes a conversation what a log folds to. The lock is the caller's.
func (s *Store) set(l *log, c chat.Conversation) {
	old := l.fold
	l.fold = c
	s.visits.move(l, old.Visitor, c.Visitor)
	s.states.move(l, string(old.State), string(c.State))
	s.held.move(l, holder(&old), holder(&c))
}
