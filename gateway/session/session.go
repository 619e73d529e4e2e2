// Package session signs agents in: passwords, sessions and their cookie. A session is 256 random bits in a cookie; the
// store has their hash alone. It ends when it was not used for a while, after a week in any case, and at once when it
// is revoked.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Times of a session.
const (
	Idle     = 12 * time.Hour
	Absolute = 7 * 24 * time.Hour
	touch    = time.Minute // how often its use is written down
)

// Store is what sessions need of the store.
type Store interface {
	store.Sessions
	Agent(ctx context.Context, id string) (store.Agent, error)
	AgentByEmail(ctx context.Context, email string) (store.Agent, error)
}

// Sessions signs agents in and says who they are. Its methods may be called at once.
type Sessions struct {
	store    Store
	clock    func() time.Time
	throttle bool
	hashing  chan struct{} // one that is hashed, each
	waiting  chan struct{} // one that waits or is hashed, each
	unknown  string        // the hash that the password of nobody is held against
}

// Bounds of hashing: it takes 19 MiB each.
const (
	atOnce   = 2
	inLine   = 16
	waitMost = 5 * time.Second
)

// New makes Sessions. Without throttle attempts are not counted.
func New(s Store, clock func() time.Time, throttle bool) *Sessions {
	return &Sessions{
		store: s, clock: clock, throttle: throttle,
		hashing: make(chan struct{}, atOnce), waiting: make(chan struct{}, atOnce+inLine),
		unknown: nobodysHash,
	}
}

// nobodysHash costs the same as every other, and no password is known for it.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$a29odGEgbm9ib2R5ICAgIA$9Uu0WmDqLwQeYxLkK0y1f8b9f7oQm2Jg3xX8m1F9c2Q"

// ErrWrong is the one answer to a wrong address, a wrong password and a disabled account.
var ErrWrong error = &chat.Error{Kind: chat.Forbidden, Words: "e-mail or password is not right"}

// ErrNone is the error of a token that is not, or no longer, a session.
var ErrNone error = &chat.Error{Kind: chat.Forbidden, Words: "not signed in"}

// Later is the error of an attempt that was not looked at. Nothing was evaluated.
type Later struct {
	After time.Duration
	Busy  bool // the house is; otherwise there were too many attempts
}

func (l *Later) Error() string { return fmt.Sprintf("try again in %s", l.After) }

// SignIn checks e-mail and password and begins a session; the token is for the cookie. previous is the token that the
// browser came with, whose session ends. Its errors are ErrWrong, a *Later, or the store's.
func (s *Sessions) SignIn(ctx context.Context, email, password, previous, address, userAgent string) (token string, agent store.Agent, err error) {
	if err := s.attempt(ctx, email, address); err != nil {
		return "", store.Agent{}, err
	}
	agent, err = s.store.AgentByEmail(ctx, email)
	known := err == nil && !agent.IsDisabled() && agent.PasswordHash != ""
	if err != nil && chat.KindOf(err) != chat.NotFound {
		return "", store.Agent{}, fmt.Errorf("sign in: %w", err)
	}
	hash := s.unknown
	if known {
		hash = agent.PasswordHash
	}
	right, err := s.check(ctx, password, hash)
	if err != nil {
		return "", store.Agent{}, err
	}
	if !known || !right {
		return "", store.Agent{}, ErrWrong
	}
	if token, err = s.begin(ctx, agent, previous, address, userAgent); err != nil {
		return "", store.Agent{}, err
	}
	if err := s.store.ForgetAttempts(ctx, accountName(email)); err != nil {
		return "", store.Agent{}, fmt.Errorf("sign in: %w", err)
	}
	return token, agent, nil
}

// begin stores a new session and ends the one that the browser had.
func (s *Sessions) begin(ctx context.Context, a store.Agent, previous, address, userAgent string) (string, error) {
	b := make([]byte, 32)
	rand.Read(b) // never fails, by its own word
	token := base64.RawURLEncoding.EncodeToString(b)
	now := s.now()
	act := store.Act{At: now, Actor: a.ID, Address: address, Verb: "sign_in", Object: a.ID}
	err := s.store.PutSession(ctx, store.Session{
		TokenHash: Hash(token), Agent: a.ID, CreatedAt: now, SeenAt: now, ExpiresAt: expiry(now, now),
		Address: address, UserAgent: cut(userAgent, 300),
	}, act)
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	if previous != "" {
		if err := s.store.EndSession(ctx, Hash(previous)); err != nil {
			return "", fmt.Errorf("end the session before: %w", err)
		}
	}
	return token, nil
}

// check verifies a password, a few at once and a few more in line.
func (s *Sessions) check(ctx context.Context, password, hash string) (bool, error) {
	select {
	case s.waiting <- struct{}{}:
	default:
		return false, &Later{After: waitMost, Busy: true}
	}
	defer func() { <-s.waiting }()
	ctx, cancel := context.WithTimeout(ctx, waitMost)
	defer cancel()
	select {
	case s.hashing <- struct{}{}:
	case <-ctx.Done():
		return false, &Later{After: waitMost, Busy: true}
	}
	defer func() { <-s.hashing }()
	return Verify(password, hash), nil
}

// Who returns the session of a token and its agent. Its error is ErrNone, or the store's.
func (s *Sessions) Who(ctx context.Context, token string) (store.Session, store.Agent, error) {
	if token == "" {
		return store.Session{}, store.Agent{}, ErrNone
	}
	return s.WhoHas(ctx, Hash(token))
}

// WhoHas is Who for a token's hash.
func (s *Sessions) WhoHas(ctx context.Context, hash string) (store.Session, store.Agent, error) {
	current, err := s.store.Session(ctx, hash)
	if chat.KindOf(err) == chat.NotFound {
		return store.Session{}, store.Agent{}, ErrNone
	}
	if err != nil {
		return store.Session{}, store.Agent{}, fmt.Errorf("look at a session: %w", err)
	}
	if s.over(current) {
		return store.Session{}, store.Agent{}, ErrNone
	}
	agent, err := s.store.Agent(ctx, current.Agent)
	if chat.KindOf(err) == chat.NotFound || err == nil && agent.IsDisabled() {
		return store.Session{}, store.Agent{}, ErrNone
	}
	if err != nil {
		return store.Session{}, store.Agent{}, fmt.Errorf("look at a session: %w", err)
	}
	return current, agent, nil
}

// WhoHave is WhoHas for many hashes, in a few reads: the agents by hash. A hash that is not there is no session's any more.
func (s *Sessions) WhoHave(ctx context.Context, hashes []string) (map[string]store.Agent, error) {
	list, err := s.store.SignedIn(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("look at sessions: %w", err)
	}
	agents := make(map[string]store.Agent, len(list))
	for _, v := range list {
		if !s.over(v.Session) && v.Agent.ID != "" && !v.Agent.IsDisabled() {
			agents[v.Session.TokenHash] = v.Agent
		}
	}
	return agents, nil
}

// over tells whether a session has ended by itself.
func (s *Sessions) over(v store.Session) bool {
	now := s.now()
	return !now.Before(v.ExpiresAt) || now.Sub(v.CreatedAt) >= Absolute
}

// Used says that a session was used just now, which moves its end.
func (s *Sessions) Used(ctx context.Context, current store.Session) error {
	now := s.now()
	if now.Sub(current.SeenAt) < touch {
		return nil
	}
	err := s.store.TouchSession(ctx, current.TokenHash, now, expiry(current.CreatedAt, now))
	if chat.KindOf(err) == chat.NotFound {
		return nil // revoked meanwhile: the next look finds that
	}
	return err
}

// SignOut ends the session of a token. One that is not there is no error.
func (s *Sessions) SignOut(ctx context.Context, token, address string) error {
	current, agent, err := s.Who(ctx, token)
	if err != nil {
		if chat.KindOf(err) == chat.Forbidden {
			return nil
		}
		return err
	}
	act := store.Act{At: s.now(), Actor: agent.ID, Address: address, Verb: "sign_out", Object: agent.ID}
	return s.store.EndSession(ctx, current.TokenHash, act)
}

func (s *Sessions) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

func expiry(created, used time.Time) time.Time {
	end := used.Add(Idle)
	if last := created.Add(Absolute); last.Before(end) {
		return last
	}
	return end
}

// Hash is a token as the store has it.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
