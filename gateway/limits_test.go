package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// wantRefused fails unless a connection is turned away with this status.
func (h *house) wantRefused(role chat.Role, header http.Header, status int) {
	h.t.Helper()
	_, err := h.dial(role, header, wire.Greeting{Site: "demo"})
	var refused *wireclient.Refused
	if !errors.As(err, &refused) || refused.Status != status {
		h.t.Errorf("got %v, want status %d", err, status)
	}
}

func TestConnectionsOfAnAddress(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		h.from("2001:db8:1:2::1")
		first := h.visitor("", nil)
		for range UsualRates.Address - 1 {
			h.visitor("", nil)
		}
		h.from("2001:db8:1:2:ffff::9") // the same /64
		h.wantRefused(chat.RoleVisitor, nil, http.StatusTooManyRequests)
		h.from("2001:db8:1:3::1")
		h.visitor("", nil)
		first.Close()
		synctest.Wait()
		h.from("2001:db8:1:2::1")
		h.visitor("", nil)
	})
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		for range UsualRates.Address + 5 {
			h.visitor("", nil)
		}
	})
}

func TestConnectionsOfAVisitorAndAnAgent(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		for range UsualRates.Visitor - 1 {
			h.visitor(v.token(), nil)
		}
		p, err := h.dial(chat.RoleVisitor, nil, wire.Greeting{Site: "demo", Token: v.token()})
		must(t, err)
		p.wantError(wire.RateLimited)
		p.wantClosed(wire.CloseTooMany)
		v.wantOpen()
		for range UsualRates.Agent {
			h.agent(ainoID)
		}
		h.wantRefused(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(ainoID)), http.StatusTooManyRequests)
		h.agent(sariID)
	})
}

func TestFullHouse(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits, o.MaxConnections = false, 2 }, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		h.visitor("", nil)
		h.wantRefused(chat.RoleVisitor, nil, http.StatusServiceUnavailable)
		w := h.call("GET", "/ws/visitor", "", nil)
		wantProblem(t, "a full house", w.Code, w.Header(), w.Body.Bytes(), http.StatusServiceUnavailable, "unavailable")
		v.wantOpen()
	})
}

// TestShortOfMemory: who is there stays and goes on, nobody else comes in until there is room again.
func TestShortOfMemory(t *testing.T) {
	var short atomic.Bool
	inHouse(t, func(o *Options) { o.Short = short.Load }, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		short.Store(true)
		h.wantRefused(chat.RoleVisitor, nil, http.StatusServiceUnavailable)
		h.wantRefused(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(ainoID)), http.StatusServiceUnavailable)
		v.post("", "still here")
		short.Store(false)
		h.visitor("", nil)
		v.wantOpen()
	})
}

func TestRateOfMessages(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		other := h.visitor(v.token(), nil)
		id := v.post("", "0").Conversation
		for i := range UsualRates.MessageRun - 1 {
			[]*peer{v, other}[i%2].post(id, fmt.Sprint(i))
		}
		a := other.do(id, wire.Post, chat.Post{Text: "too much"})
		if errs := other.of("error"); a.Err == nil || a.Err.Code != wire.RateLimited || errs[0].RetryAfter != 1 {
			t.Fatalf("got %+v, %+v", a, errs)
		}
		time.Sleep(time.Second)
		v.post(id, "later")
		time.Sleep(time.Minute)
		sent := 0
		for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(50 * time.Millisecond) {
			if a := v.do(id, wire.Post, chat.Post{Text: "x"}); a.Err == nil {
				sent++
			}
		}
		if sent < UsualRates.Messages || sent > UsualRates.Messages+UsualRates.MessageRun {
			t.Errorf("%d messages in a minute", sent)
		}
		v.wantOpen()
	})
}

func TestRateOfAnyFrames(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		for i := range frameRun + 10 {
			must(t, v.Send(&wire.Frame{Type: wire.Ping}))
			if i%50 == 0 {
				synctest.Wait() // more at once than a queue holds would be another fault
			}
		}
		if n := len(v.of("heartbeat")); n != frameRun {
			t.Errorf("%d pings were answered", n)
		}
		v.wantError(wire.RateLimited)
		v.wantOpen()
	})
}

func TestRatesAreChecked(t *testing.T) {
	if err := UsualRates.Check(); err != nil {
		t.Error(err)
	}
	for _, r := range []Rates{{}, {Messages: 1, MessageRun: 1, Address: 1, Visitor: 1, Agent: -1}, {Messages: 2_000_000, MessageRun: 1, Address: 1, Visitor: 1, Agent: 1}} {
		if r.Check() == nil {
			t.Errorf("%+v is allowed", r)
		}
	}
}

// TestRatesAreSet: what the operator sets holds in the place of the usual.
func TestRatesAreSet(t *testing.T) {
	c := newCounts(Rates{Messages: 60, MessageRun: 2, Address: 1, Visitor: 1, Agent: 1})
	var waits []time.Duration
	for range 3 {
		wait, _ := c.message("v", 0, time.Second)
		waits = append(waits, wait)
	}
	if waits[0] != 0 || waits[1] != 0 || waits[2] != time.Second {
		t.Errorf("three messages at once wait %v", waits)
	}
	if first, second := c.admit("a", "", 0, true), c.admit("a", "", 0, true); first != 0 || second != http.StatusTooManyRequests {
		t.Errorf("two connections of an address get %d and %d", first, second)
	}
}

// TestRateOfWhatCannotBeRead: who sends rubbish is slowed down like anybody else.
func TestRateOfWhatCannotBeRead(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		for i := range frameRun + 10 {
			must(t, v.SendRaw(websocket.TextMessage, []byte(`{"type":"dance"}`)))
			if i%50 == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		limited := 0
		for _, e := range v.of("error") {
			if e.Code == string(wire.RateLimited) {
				limited++
			}
		}
		if limited != 10 {
			t.Errorf("%d of %d unknown frames were held back, want 10", limited, frameRun+10)
		}
	})
}

// TestBucketHoldsItsRate is a property: whatever the arrivals, no window sees more than the run and the rate allow, and
// who waits as long as told is let in.
func TestBucketHoldsItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		every, run := time.Duration(rapid.IntRange(1, 1000).Draw(t, "every")), rapid.IntRange(1, 20).Draw(t, "run")
		var b bucket
		var now time.Duration
		var taken []time.Duration
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 100).Draw(t, "pauses") {
			now += time.Duration(pause)
			wait := b.take(now, every, run)
			if wait > 0 {
				if again := b; again.take(now+wait, every, run) > 0 {
					t.Fatalf("told to wait %d, and refused after it", wait)
				}
				continue
			}
			taken = append(taken, now)
		}
		for i := range taken {
			for j := i; j < len(taken); j++ {
				if most := run + int((taken[j]-taken[i])/every); j-i+1 > most {
					t.Fatalf("%d within %d, at most %d", j-i+1, taken[j]-taken[i], most)
				}
			}
		}
	})
}

func TestClientAddress(t *testing.T) {
	p := proxies{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:1", "", "192.0.2.1"},
		{"192.0.2.1:1", "198.51.100.7", "192.0.2.1"}, // nobody we know says so
		{"10.0.0.1:1", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"}, // the first is made up
		{"10.0.0.1:1", "nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:1", "198.51.100.7", "198.51.100.7"},
		{"[2001:db8::1]:1", "198.51.100.7", "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := p.client(r).String(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// shared are limits of other nodes as a test wants them.
type shared struct {
	asked []int // how many were to be put in, each time
	wait  time.Duration
	err   error
}

func (s *shared) Take(_ context.Context, name string, n int, every time.Duration, run int) (time.Duration, error) {
	s.asked = append(s.asked, n)
	return s.wait, s.err
}

// A visitor who writes as people do is no question to the other nodes. Who writes more is: what they say holds, and when
// they do not answer the own count does.
func TestLimitsOnAllNodes(t *testing.T) {
	few, run := UsualRates.MessageRun/2, UsualRates.MessageRun
	for _, of := range []struct {
		name   string
		others shared
		posts  int
		asked  []int
		passed int
	}{
		{"few messages", shared{}, few, nil, few},
		{"more, and the others have heard little", shared{}, few + 3, []int{few + 1, 1, 1}, few + 3},
		{"more, and the others have heard as many", shared{wait: time.Second}, few + 2, []int{few + 1, few + 2}, few},
		{"more, and the others do not answer", shared{err: errors.New("away")}, few + 2, []int{few + 1, few + 2}, few + 2},
		{"too many here already", shared{}, run + 2, []int{few + 1, 1, 1, 1, 1}, run},
	} {
		t.Run(of.name, func(t *testing.T) {
			others := of.others
			inHouse(t, func(o *Options) { o.Shared = &others }, func(t *testing.T, h *house) {
				v := h.visitor("", nil)
				passed := 0
				for range of.posts {
					a := v.do("", wire.Post, chat.Post{Text: "Moi"})
					if a.Err == nil {
						passed++
					} else if a.Err.Code != wire.RateLimited {
						t.Fatal(a.Err)
					}
				}
				if passed != of.passed || !slices.Equal(others.asked, of.asked) {
					t.Errorf("%d passed, want %d; the others were asked %v, want %v", passed, of.passed, others.asked, of.asked)
				}
			})
		})
	}
}
