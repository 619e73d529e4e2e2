package memstore

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
)

// index keeps logs by what is asked for, each list by id, so that no question goes through all there are.
type index map[string]*shelf

// shelf is a list, with its copies as they were given away last; nil when one of it has changed since.
type shelf struct {
	logs   []*log
	copies []chat.Conversation
}

func (x index) logs(key string) []*log {
	if s := x[key]; s != nil {
		return s.logs
	}
	return nil
}

// copies are the folds of a list without their lines. Who is given them shares them with others, and changes nothing.
func (x index) copies(key string) []chat.Conversation {
	s := x[key]
	if s == nil {
		return nil
	}
	if s.copies == nil {
		s.copies = copies(s.logs)
	}
	return s.copies
}

func byID(l *log, id string) int { return strings.Compare(l.fold.ID, id) }

// move takes a log that has changed from one list to another, or leaves it where it is; "" is none.
func (x index) move(l *log, from, to string) {
	if from != "" && from != to {
		x.remove(l, from)
	}
	if to == "" {
		return
	}
	s := x[to]
	if s == nil {
		s = &shelf{}
		x[to] = s
	}
	s.copies = nil
	if i, ok := slices.BinarySearchFunc(s.logs, l.fold.ID, byID); !ok {
		s.logs = slices.Insert(s.logs, i, l)
	}
}

func (x index) remove(l *log, from string) {
	s := x[from]
	if s == nil {
		return
	}
	i, ok := slices.BinarySearchFunc(s.logs, l.fold.ID, byID)
	if !ok {
		return
	}
	s.copies = nil
	if s.logs = slices.Delete(s.logs, i, i+1); len(s.logs) == 0 {
		delete(x, from)
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
	visitor, state, held := l.fold.Visitor, l.fold.State, holder(&l.fold)
	l.fold = c
	s.visits.move(l, visitor, c.Visitor)
	s.states.move(l, string(state), string(c.State))
	s.held.move(l, held, holder(&l.fold))
}
