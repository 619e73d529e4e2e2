// Package memstore is the store in memory: plain maps under one mutex, for tests and simulations. It keeps every
// promise of package store but durability, and can be told to fail.
package memstore

import (
	"context"
	"sync"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Fault is how an Append is made to fail.
type Fault int

// The faults.
const (
	Refused    Fault = iota + 1 // nothing is stored, and the caller is told so: unavailable
	Unanswered                  // it is stored, but the caller gets unavailable, as if the answer had been lost
)

// Store implements store.Store.
type Store struct {
	mu     sync.Mutex
	unlock func() // mu's
	closed bool
	broken chan error
	faults []Fault
	tick   int64 // counts appends, for Changed

	logs   map[string]*log
	byID   []*log           // the same, by id
	held   index            // by the agent against whose capacity they count
	states index            // by state
	visits index            // by visitor
	open   map[place]string // the open conversation of a visitor on a site
	keys   map[sent]answer
	marks  map[string]store.Marks

	visitors map[string]store.Visitor
	tokens   map[string]string // the visitor of a token, by its hash
	erased   map[string]bool
	agents   map[string]store.Agent
	teams    map[string]staff.Team
	sites    map[string]staff.Site
	links    map[string]store.Link
	sessions map[string]store.Session
	attempts map[string]attempt
	settings map[string][]byte
	audit    []store.AuditRow
}

type log struct {
	fold    chat.Conversation
	events  []*chat.Event // as they were appended: nobody changes them
	changed int64
}

type place struct{ site, visitor string }

type sent struct{ sender, key string }

type answer struct {
	ack store.Ack
	at  time.Time
}

type attempt struct {
	count int
	until time.Time
}

var _ store.Store = (*Store)(nil)

// New makes an empty store.
func New() *Store {
	s := &Store{
		broken: make(chan error, 1), held: index{}, states: index{}, visits: index{},
		logs: map[string]*log{}, open: map[place]string{}, keys: map[sent]answer{}, marks: map[string]store.Marks{},
		visitors: map[string]store.Visitor{}, tokens: map[string]string{}, erased: map[string]bool{}, agents: map[string]store.Agent{}, teams: map[string]staff.Team{},
		sites: map[string]staff.Site{}, links: map[string]store.Link{}, sessions: map[string]store.Session{}, attempts: map[string]attempt{},
		settings: map[string][]byte{},
	}
	s.unlock = s.mu.Unlock
	return s
}

// Fail makes the next appends that are asked for fail in the given ways, one each, in order.
func (s *Store) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Break makes the store report itself broken, as a real one does when its disk fails.
func (s *Store) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	select {
	case s.broken <- err:
	default:
	}
}

// Broken implements store.Store.
func (s *Store) Broken() <-chan error { return s.broken }

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	done()
	return nil
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// enter takes the lock, which the caller gives back with done, or says why the store is not to be had.
func (s *Store) enter(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, chat.Errorf(chat.Unavailable, "the store was not waited for: %v", err)
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, chat.Errorf(chat.Unavailable, "the store is closed")
	}
	return s.unlock, nil
}

func millis(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
