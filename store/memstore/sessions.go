package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, v store.Session, acts ...store.Act) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, ok := s.sessions[v.TokenHash]; ok {
		return chat.Errorf(chat.Conflict, "there is a session with this token")
	}
	v.CreatedAt, v.SeenAt, v.ExpiresAt = millis(v.CreatedAt), millis(v.SeenAt), millis(v.ExpiresAt)
	s.sessions[v.TokenHash] = v
	s.record(acts)
	return nil
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, tokenHash string) (store.Session, error) {
	return find(ctx, s, s.sessions, "session", func(v store.Session) bool { return v.TokenHash == tokenHash })
}

// SessionsOf implements store.Sessions.
func (s *Store) SessionsOf(ctx context.Context, agent string) ([]store.Session, error) {
	sessions, err := all(ctx, s, s.sessions, func(a, b store.Session) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.TokenHash, b.TokenHash))
	})
	return slices.DeleteFunc(sessions, func(v store.Session) bool { return v.Agent != agent }), err
}

// SignedIn implements store.Sessions.
func (s *Store) SignedIn(ctx context.Context, tokenHashes []string) ([]store.SignedIn, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var all []store.SignedIn
	for _, hash := range tokenHashes {
		if v, ok := s.sessions[hash]; ok {
			all = append(all, store.SignedIn{Session: v, Agent: s.agents[v.Agent]})
		}
	}
	return all, nil
}

// AnySessionUsed implements store.Sessions.
func (s *Store) AnySessionUsed(ctx context.Context, from, before time.Time) (bool, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	for _, session := range s.sessions {
		if !session.SeenAt.Before(from) && session.SeenAt.Before(before) {
			return true, nil
		}
	}
	return false, nil
}

// TouchSession implements store.Sessions.
func (s *Store) TouchSession(ctx context.Context, tokenHash string, seen, expires time.Time) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	v, ok := s.sessions[tokenHash]
	if !ok {
		return chat.Errorf(chat.NotFound, "no such session")
	}
	v.SeenAt, v.ExpiresAt = millis(seen), millis(expires)
	s.sessions[tokenHash] = v
	return nil
}

// EndSession implements store.Sessions.
func (s *Store) EndSession(ctx context.Context, tokenHash string, acts ...store.Act) error {
	_, err := s.endSessions(ctx, acts, func(v store.Session) bool { return v.TokenHash == tokenHash })
	return err
}

// EndSessionsOf implements store.Sessions.
func (s *Store) EndSessionsOf(ctx context.Context, agent, except string, acts ...store.Act) (int, error) {
	return s.endSessions(ctx, acts, func(v store.Session) bool { return v.Agent == agent && v.TokenHash != except })
}

// ForgetSessions implements store.Sessions.
func (s *Store) ForgetSessions(ctx context.Context, before time.Time) (int, error) {
	n, err := s.endSessions(ctx, nil, func(v store.Session) bool { return v.ExpiresAt.Before(millis(before)) })
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.attempts, func(_ string, a attempt) bool { return a.until.Before(millis(before)) })
	return n, nil
}

func (s *Store) endSessions(ctx context.Context, acts []store.Act, ends func(store.Session) bool) (int, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	n := 0
	for hash, v := range s.sessions {
		if ends(v) {
			delete(s.sessions, hash)
			n++
		}
	}
	s.record(acts)
	return n, nil
}

// Attempt implements store.Sessions.
func (s *Store) Attempt(ctx context.Context, name string, now time.Time, window time.Duration) (int, time.Time, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	defer done()
	a := s.attempts[name]
	if now = millis(now); a.count == 0 || !now.Before(a.until) {
		a = attempt{until: millis(now.Add(window))}
	}
	a.count++
	s.attempts[name] = a
	return a.count, a.until, nil
}

// ForgetAttempts implements store.Sessions.
func (s *Store) ForgetAttempts(ctx context.Context, name string) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	delete(s.attempts, name)
	return nil
}

// Setting implements store.Settings.
func (s *Store) Setting(ctx context.Context, name string) ([]byte, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	value, ok := s.settings[name]
	if !ok {
		return nil, chat.Errorf(chat.NotFound, "no setting %s", name)
	}
	return slices.Clone(value), nil
}

// PutSetting implements store.Settings.
func (s *Store) PutSetting(ctx context.Context, name string, value []byte, acts ...store.Act) error {
	return put(ctx, s, s.settings, name, slices.Clone(value), acts)
}

// DropSetting implements store.Settings.
func (s *Store) DropSetting(ctx context.Context, name string) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	delete(s.settings, name)
	return nil
}

// SettingOrPut implements store.Settings.
func (s *Store) SettingOrPut(ctx context.Context, name string, value []byte) ([]byte, error) {
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if _, ok := s.settings[name]; !ok {
		s.settings[name] = slices.Clone(value)
	}
	return slices.Clone(s.settings[name]), nil
}

// RecordActs implements store.Audit.
func (s *Store) RecordActs(ctx context.Context, acts ...store.Act) error {
	done, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	s.record(acts)
	return nil
}

// record adds acts to the audit. The lock is the caller's.
func (s *Store) record(acts []store.Act) {
	for _, a := range acts {
		a.At = millis(a.At)
		before := ""
		if n := len(s.audit); n > 0 {
			before = s.audit[n-1].Hash
		}
		s.audit = append(s.audit, store.AuditRow{N: int64(len(s.audit) + 1), Act: a, Hash: store.Chain(before, a)})
	}
}

// Acts implements store.Audit.
func (s *Store) Acts(ctx context.Context, after int64, limit int) ([]store.AuditRow, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows := s.audit[min(max(after, 0), int64(len(s.audit))):]
	return slices.Clone(rows[:min(limit, len(rows))]), nil
}
