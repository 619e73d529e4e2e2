package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However many want to know at once, a part is asked once, and again after half a second.
func TestAPartIsAskedOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		broken := errors.New("broken")
		p := &probe{ask: func(context.Context) error {
			time.Sleep(10 * time.Millisecond)
			if asked.Add(1) == 2 {
				return broken
			}
			return nil
		}}
		all := func(want error) {
			t.Helper()
			var those sync.WaitGroup
			for range 1000 {
				those.Go(func() {
					if err := p.result(t.Context()); !errors.Is(err, want) {
						t.Errorf("the answer is %v, want %v", err, want)
					}
				})
			}
			those.Wait()
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := p.result(gone); !errors.Is(err, context.Canceled) { // and takes nobody else's answer along
			t.Error(err)
		}
		all(nil)
		time.Sleep(partEvery / 2)
		all(nil)
		time.Sleep(partEvery)
		all(broken)
		if n := asked.Load(); n != 2 {
			t.Errorf("it was asked %d times", n)
		}
		time.Sleep(partEvery)
		all(nil)
	})
}

// A part that hangs is told of in time for whoever asks, and no other part is blamed for it.
func TestAPartThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		h := &house{serveCmd: &serveCmd{}, nodes: &nodes{}, folder: &folder{}, database: &probe{ask: func(context.Context) error { <-free; return nil }},
			waiting: &probe{ask: func(ctx context.Context) error { return ctx.Err() }}}
		for range 3 {
			began := time.Now()
			down := h.ready(t.Context())
			if len(down) != 1 || down[0].Part != "database" {
				t.Errorf("down are %+v", down)
			}
			if took := time.Since(began); took > partWithin {
				t.Errorf("it took %s", took)
			}
		}
		close(free)
		h.database.under.Wait()
		if down := h.ready(t.Context()); len(down) > 0 {
			t.Errorf("down are %+v", down)
		}
	})
}

// A Redis that takes no writes is no line, though it answers.
func TestARedisThatRefusesWritesIsToldOf(t *testing.T) {
	t.Parallel()
	url, client, _ := startRedis(t)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", "--redis", url)
	said := func(words string) {
		t.Helper()
		until(t, patience, words, func() bool {
			status, down := p.down()
			return status == http.StatusOK && len(down) > 0 && down[0].Part == "line" && down[0].Harmless && strings.Contains(down[0].Words, words)
		})
	}
	well := func() {
		t.Helper()
		until(t, patience, "all is well", func() bool { _, down := p.down(); return len(down) == 0 })
	}
	well()
	if err := client.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	said("is full")
	if err := client.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	well()
	if err := client.Do(t.Context(), "REPLICAOF", "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	said("replica")
}
