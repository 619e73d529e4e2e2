package redisline_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/linetest"
	"github.com/kohta/kohta/routing/redisline"
)

// aged is a roster whose past can be moved back, for nobody can make Redis' clock go faster: what it tells is moved
// forward again, so that to a test the time goes on.
type aged struct {
	*redisline.Roster
	client redis.UniversalClient
	by     time.Duration
}

// age moves all that the roster remembers into the past.
const age = `
for _, agent in ipairs(redis.call('HKEYS', KEYS[1])) do
  local status, since, idle, till, lost, strain, at, rest, reason =
    string.match(redis.call('HGET', KEYS[1], agent), '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
  local function back(x) return x == '0' and '0' or string.format('%.0f', x - ARGV[1]) end
  redis.call('HSET', KEYS[1], agent, table.concat({status, back(since), back(idle), back(till), lost, strain, back(at), back(rest), reason}, ' '))
end`

func (r *aged) pass(t testing.TB, d time.Duration) {
	t.Helper()
	if err := r.client.Eval(t.Context(), age, []string{redisline.AgentsKey}, d.Milliseconds()).Err(); err != nil && err != redis.Nil {
		t.Fatal(err)
	}
	r.by += d
}

func (r *aged) now(t testing.TB) time.Time {
	now, err := r.client.Time(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	return now.Add(r.by)
}

func (r *aged) told(p routing.Presence) routing.Presence {
	for _, at := range []*time.Time{&p.Since, &p.IdleSince, &p.RestUntil} {
		if !at.IsZero() {
			*at = at.Add(r.by)
		}
	}
	return p
}

func (r *aged) Set(ctx context.Context, agent string, status routing.Status, reason string) (routing.Presence, error) {
	p, err := r.Roster.Set(ctx, agent, status, reason)
	return r.told(p), err
}

func (r *aged) Note(ctx context.Context, agent string, was, status routing.Status, reason string) (routing.Presence, bool, error) {
	p, ok, err := r.Roster.Note(ctx, agent, was, status, reason)
	return r.told(p), ok, err
}

func (r *aged) Get(ctx context.Context, agent string) (routing.Presence, error) {
	p, err := r.Roster.Get(ctx, agent)
	return r.told(p), err
}

func (r *aged) List(ctx context.Context) ([]routing.Presence, error) {
	all, err := r.Roster.List(ctx)
	for i := range all {
		all[i] = r.told(all[i])
	}
	return all, err
}

func openRoster(t testing.TB, c redis.UniversalClient) *redisline.Roster {
	t.Helper()
	r, err := redisline.NewRoster(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRoster(t *testing.T) {
	c := start(t).client(t)
	linetest.RunRoster(t, func(t *testing.T) linetest.RosterFixture {
		flush := func(t testing.TB) {
			if err := c.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		}
		flush(t)
		r := &aged{Roster: openRoster(t, c), client: c}
		return linetest.RosterFixture{
			Roster: r, Pass: r.pass,
			Now:  func() time.Time { return r.now(t) },
			Lose: func(t testing.TB) routing.Roster { flush(t); return r },
		}
	})
}

// Two nodes see the same roster.
func TestRosterIsShared(t *testing.T) {
	s := start(t)
	one, two := openRoster(t, s.client(t)), openRoster(t, s.client(t))
	set, err := one.Set(t.Context(), "aino", routing.Away, "lounas")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := two.Get(t.Context(), "aino"); err != nil || got != set {
		t.Errorf("the other node sees %+v, %v; want %+v", got, err, set)
	}
}

func TestRosterIsAway(t *testing.T) {
	s := start(t)
	r := openRoster(t, s.client(t))
	s.stop(t)
	_, set := r.Set(t.Context(), "aino", routing.Online, "")
	_, renew := r.Renew(t.Context(), []string{"aino"})
	_, get := r.Get(t.Context(), "aino")
	_, list := r.List(t.Context())
	_, open := redisline.NewRoster(t.Context(), s.client(t))
	for what, err := range map[string]error{
		"Set": set, "Renew": renew, "Get": get, "List": list, "NewRoster": open, "Ping": r.Ping(t.Context()),
		"Lose": r.Lose(t.Context(), "aino"), "Idle": r.Idle(t.Context(), "aino"), "Finished": r.Finished(t.Context(), "aino", 1, time.Minute),
	} {
		if chat.KindOf(err) != chat.Unavailable {
			t.Errorf("%s: %v, want an unavailable error", what, err)
		}
	}
	s.begin(t)
	if unknown, err := r.Renew(t.Context(), []string{"aino"}); err != nil || len(unknown) != 1 {
		t.Errorf("Renew on a Redis that came back with nothing = %v, %v", unknown, err)
	}
}

func TestNewRosterRefuses(t *testing.T) {
	s := start(t, "--maxmemory-policy", "allkeys-lru")
	if _, err := redisline.NewRoster(t.Context(), s.client(t)); chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "noeviction") {
		t.Errorf("NewRoster: %v", err)
	}
}
