package sim

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/bus/redisbus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// said is what an answer of a store's says to a desk.
func said(err error) string {
	var known *store.Known
	switch {
	case err == nil:
		return ""
	case errors.Is(err, store.ErrMoved):
		return "moved"
	case errors.As(err, &known):
		return "known " + known.Key.Key
	}
	return string(chat.KindOf(err))
}

// likeIt plays schedules, does what their nodes asked of the store on a real one, too, in the same order, and holds the
// answers and what is stored in the end to each other.
func likeIt(t *testing.T, open func() store.Store, seeds ...uint64) {
	for _, seed := range seeds {
		real := open()
		w := newWorld(seed, "")
		asked, refused := 0, 0
		w.met = func(v store.Visitor) { w.must(real.PutVisitor(t.Context(), v)) }
		w.appended = func(a store.Append, err error) {
			asked++
			if err != nil {
				refused++
			}
			if got := said(real.Append(t.Context(), a)); got != said(err) {
				t.Fatalf("seed %d: append %d at %d: %q, the model says %q", seed, asked, a.Pos, got, said(err))
			}
		}
		w.live()
		if asked < 100 || refused == 0 {
			t.Errorf("seed %d: %d appends, %d refused: that tells nothing", seed, asked, refused)
		}
		alike(t, w, real)
		if err := real.Close(); err != nil {
			t.Error(err)
		}
	}
}

// alike compares all that a desk reads.
func alike(t *testing.T, w *world, real store.Store) {
	ctx := t.Context()
	ask := func(what string, of func(store.Store) (any, error)) {
		t.Helper()
		want, err := of(w.store)
		w.must(err)
		got, err := of(real)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatalf("seed %d: %s: %v (-model +real):\n%s", w.seed, what, err, diff)
		}
	}
	for _, r := range w.oracle.order {
		id := r.id
		ask("conversation "+id, func(s store.Store) (any, error) { return s.Conversation(ctx, id) })
		for _, to := range []store.Audience{store.ForAgents, store.ForVisitor} {
			ask("events of "+id, func(s store.Store) (any, error) { return s.EventsAfter(ctx, id, to, 0, 1000) })
		}
	}
	for _, a := range w.agents {
		ask("what "+a.Name+" holds", func(s store.Store) (any, error) { return s.HeldBy(ctx, a.ID) })
		ask("what is "+a.Name+"'s", func(s store.Store) (any, error) { return s.OwnedBy(ctx, a.ID) })
		ask("where "+a.Name+" is invited", func(s store.Store) (any, error) { return s.InvitedTo(ctx, a.ID) })
	}
	for _, state := range []chat.State{chat.WithBot, chat.Waiting, chat.WithAgent, chat.Snoozed, chat.Closed} {
		ask("all that is "+string(state), func(s store.Store) (any, error) {
			list, _, err := s.InState(ctx, state, store.Page{Limit: store.MaxPage})
			return list, err
		})
	}
	for visitor := range w.byVisitor {
		ask("visits", func(s store.Store) (any, error) {
			list, _, err := s.LatestOf(ctx, visitor, store.Page{Limit: 10})
			return list, err
		})
	}
	for key := range w.oracle.keys {
		ask("a key", func(s store.Store) (any, error) {
			ack, _, err := s.Known(ctx, key[0], key[1])
			return ack, err
		})
	}
	ask("what is due", func(s store.Store) (any, error) { return s.Due(ctx, w.clock.Add(time.Hour), store.MaxPage) })
}

// The store of the simulation answers as SQLite does.
func TestTheStoreIsAsSQLite(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	likeIt(t, func() store.Store {
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: filepath.Join(t.TempDir(), "kohta.db")})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}, 1, 5, 9)
}

// And as Postgres does.
func TestTheStoreIsAsPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	p, err := servers.StartPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	likeIt(t, func() store.Store {
		name, err := p.NewDatabase(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: p.URL(name)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}, 2, 9)
}

// What another node hears in the simulation is what it hears over Redis.
func TestTheBusIsAsOverRedis(t *testing.T) {
	r, err := servers.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	one, two := onRedis(t, r), onRedis(t, r)
	heard := make(chan bus.Message)
	defer two.Subscribe(bus.Handler{Message: func(m bus.Message) { heard <- m }})()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	for _, b := range []*redisbus.Bus{one, two} {
		all.Go(func() {
			if err := b.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	w := newWorld(5, "")
	told := 0
	w.published = func(m bus.Message) {
		told++
		want := *new(node).abroad(&m)
		for try := 1; ; try++ { // the other may only just have begun to listen
			one.Publish(ctx, m)
			select {
			case got := <-heard:
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("message %d (-here +over Redis):\n%s", told, diff)
				}
				return
			case <-time.After(20 * time.Second):
				if try == 3 {
					t.Errorf("message %d was not heard", told)
					return
				}
			}
		}
	}
	w.live()
	if told < 100 {
		t.Errorf("%d messages: that tells nothing", told)
	}
}

func onRedis(t *testing.T, r *servers.Redis) *redisbus.Bus {
	t.Helper()
	options, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	b, err := redisbus.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}
