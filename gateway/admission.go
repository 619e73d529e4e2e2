package gateway

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/wire"
)

// admission lets so many hellos be carried out at once, and so many wait for it. When a node dies its clients come to the
// others all together: they are welcomed one after the other, as fast as the store reads, and meanwhile those who are there
// already have their frames carried out by workers whom no hello holds. Who waits holds nothing but the reader it has.
type admission struct {
	turns   chan struct{}
	quit    chan struct{}
	once    sync.Once
	waiting atomic.Int64
}

// Bounds of the admission. So many reads keep a store busy; so many may wait as a node has connections on a bad day; and
// who has waited so long would have given up.
const (
	welcomesAtOnce = 32
	maxWelcomes    = 1 << 14
	welcomeWithin  = workWithin
)

func newAdmission() *admission {
	return &admission{turns: make(chan struct{}, welcomesAtOnce), quit: make(chan struct{})}
}

// full tells whether nobody more may wait.
func (a *admission) full() bool { return a.waiting.Load() >= maxWelcomes }

// enter waits for a turn. It returns false when there is none for whoever asks; else leave ends it.
func (a *admission) enter() bool {
	select {
	case a.turns <- struct{}{}:
		return true
	default:
	}
	if a.waiting.Add(1) > maxWelcomes {
		a.waiting.Add(-1)
		return false
	}
	defer a.waiting.Add(-1)
	late := time.NewTimer(welcomeWithin)
	defer late.Stop()
	select {
	case a.turns <- struct{}{}:
		return true
	case <-late.C:
	case <-a.quit:
	}
	return false
}

func (a *admission) leave() { <-a.turns }

// close sends away who waits. It may be called more than once.
func (a *admission) close() { a.once.Do(func() { close(a.quit) }) }

// admitted carries out the first frames of a socket when it is its turn.
func (s *socket) admitted(frame []byte) {
	a := s.gateway.admission
	if !a.enter() {
		s.fail(&wire.Error{Code: wire.Unavailable, Close: wire.CloseUnavailable, RetryAfter: int(retrySoon.Seconds())})
		return
	}
	defer a.leave()
	s.gateway.workers.do(s, frame)
}
