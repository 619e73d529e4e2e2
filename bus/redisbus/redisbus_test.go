package redisbus

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/bus/bustest"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/internal/servers"
)

// shared is a Redis for all tests that do not take it away. Each test has a database and a channel of its own.
var shared *servers.Redis

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	var err error
	if shared, err = servers.StartRedis(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// open is a node on a Redis.
func open(t testing.TB, r *servers.Redis) *Bus { return openOn(t, r, 0) }

// openOn is a node on a number of a Redis.
func openOn(t testing.TB, r *servers.Redis, number int) *Bus {
	t.Helper()
	options, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	options.DB = number
	b, err := Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// run runs nodes until the test ends.
func run(t testing.TB, nodes ...*Bus) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, b := range nodes {
		all.Go(func() {
			if err := b.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { cancel(); all.Wait() })
}

func TestTwoNodes(t *testing.T) {
	bustest.Run(t, func(t *testing.T) bustest.Fixture {
		return bustest.Fixture{Nodes: []bus.Bus{open(t, shared), open(t, shared)}, Depth: Depth}
	})
}

func TestOneNode(t *testing.T) {
	bustest.Run(t, func(t *testing.T) bustest.Fixture {
		return bustest.Fixture{Nodes: []bus.Bus{open(t, shared)}, Depth: Depth}
	})
}

func said(conversation string, n int64) bus.Message {
	return bus.Message{
		Conversation: conversation,
		Events:       []chat.Event{{Pos: n, AgentSeq: n, VisitorSeq: n, At: time.UnixMilli(1e12).UTC(), Kind: chat.KindMessage, From: chat.From{Role: chat.RoleVisitor, ID: "v"}, Contents: chat.Contents{Text: "Moi"}}},
		Next:         chat.Conversation{ID: conversation, Visitor: "v", State: chat.WithAgent, Agent: "a", Pos: n, AgentSeq: n, VisitorSeq: n},
	}
}

// hears collects what a node hears.
func hears(b *Bus) <-chan bus.Message {
	got := make(chan bus.Message, 1<<16)
	b.Subscribe(bus.Handler{Message: func(m bus.Message) { got <- m }})
	return got
}

const patience = 20 * time.Second

func next1(t *testing.T, from <-chan bus.Message) bus.Message {
	t.Helper()
	select {
	case m := <-from:
		return m
	case <-time.After(patience):
		t.Fatal("nothing was heard")
		panic("unreachable")
	}
}

// until waits for something to be so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// Desks on different numbers of one Redis hear nothing of one another, and each its own.
func TestANumberIsADeskOfItsOwn(t *testing.T) {
	var desks [3][2]*Bus
	var hear [3]<-chan bus.Message
	for i := range desks {
		desks[i] = [2]*Bus{openOn(t, shared, 5*i), openOn(t, shared, 5*i)}
		hear[i] = hears(desks[i][1])
		run(t, desks[i][:]...)
	}
	for i := range desks {
		desks[i][0].Publish(t.Context(), said(fmt.Sprint(i), 1))
	}
	for i := range desks {
		if m := next1(t, hear[i]); m.Conversation != fmt.Sprint(i) {
			t.Errorf("desk %d heard of %s", i, m.Conversation)
		}
	}
	for i := range desks { // behind whatever came of the others
		desks[i][0].Publish(t.Context(), said("last", 1))
	}
	for i := range desks {
		if m := next1(t, hear[i]); m.Conversation != "last" {
			t.Errorf("desk %d heard of %s", i, m.Conversation)
		}
		if n := desks[i][1].Stats().Received; n != 2 {
			t.Errorf("desk %d received %d, want its own two", i, n)
		}
	}
}

// What is published is heard once on either node, also by who published it, though Redis brings it back to them.
func TestNobodyHearsItTwice(t *testing.T) {
	one, two := open(t, shared), open(t, shared)
	hear1, hear2 := hears(one), hears(two)
	run(t, one, two)
	for n := range int64(100) {
		one.Publish(t.Context(), said("c", n+1))
	}
	two.Publish(t.Context(), said("last", 1)) // behind all of it in one's connection, once two has heard it
	for _, hear := range []<-chan bus.Message{hear1, hear2} {
		counts := map[string]int{}
		for range 101 {
			m := next1(t, hear)
			counts[fmt.Sprint(m.Conversation, m.Next.Pos)]++
		}
		if len(counts) != 101 {
			t.Errorf("%d of 101 were heard, some twice", len(counts))
		}
	}
	one.Publish(t.Context(), said("end", 1))
	for _, hear := range []<-chan bus.Message{hear1, hear2} {
		if m := next1(t, hear); m.Conversation != "end" {
			t.Errorf("%s %d was heard twice", m.Conversation, m.Next.Pos)
		}
	}
}

// What a node's own sweep found is nobody else's.
func TestWhatHasNoEventsStays(t *testing.T) {
	one, two := open(t, shared), open(t, shared)
	hear1, hear2 := hears(one), hears(two)
	run(t, one, two)
	found := said("found", 7)
	found.Events = nil
	one.Publish(t.Context(), found)
	one.Publish(t.Context(), said("c", 1))
	if m := next1(t, hear1); m.Conversation != "found" {
		t.Errorf("the own node heard %s first", m.Conversation)
	}
	if m := next1(t, hear2); m.Conversation != "c" {
		t.Errorf("the other node heard %s first", m.Conversation)
	}
}

// Without Redis a node hears itself at once, drops what is for the others, counts it, and says that it is cut off. When
// Redis is back, so are they.
func TestRedisDiesAndComesBack(t *testing.T) {
	r, err := servers.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	one, two := open(t, r), open(t, r)
	hear1, hear2 := hears(one), hears(two)
	run(t, one, two)
	one.Publish(t.Context(), said("before", 1))
	next1(t, hear1)
	next1(t, hear2)

	r.Kill()
	until(t, "both are cut off", func() bool { return one.Stats().Cut && two.Stats().Cut })
	dropped := one.Dropped().Messages
	one.Publish(t.Context(), said("meanwhile", 1))
	if m := next1(t, hear1); m.Conversation != "meanwhile" {
		t.Errorf("heard of %s", m.Conversation)
	}
	until(t, "it is counted as dropped", func() bool { return one.Dropped().Messages == dropped+1 })

	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "both are back", func() bool { return !one.Stats().Cut && !two.Stats().Cut })
	one.Publish(t.Context(), said("after", 1))
	if m := next1(t, hear2); m.Conversation != "after" {
		t.Errorf("heard of %s", m.Conversation)
	}
}

// A Redis that stands still, its connections open, holds nobody up, is noticed, and heard again when it goes on.
func TestRedisStandsStill(t *testing.T) {
	r, err := servers.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	one, two := open(t, r), open(t, r)
	hear1, hear2 := hears(one), hears(two)
	run(t, one, two)
	if err := r.Pause(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Resume() })
	const many = 3 * depthOut
	for n := range int64(many) {
		one.Publish(t.Context(), said("c", n+1))
		next1(t, hear1) // at once, on the own node
	}
	if one.Dropped().Messages == 0 {
		t.Errorf("of %d for a Redis that stands still none is dropped", many)
	}
	until(t, "both are cut off", func() bool { return one.Stats().Cut && two.Stats().Cut })
	if err := r.Resume(); err != nil {
		t.Fatal(err)
	}
	until(t, "both are back", func() bool { return !one.Stats().Cut && !two.Stats().Cut })
	one.Publish(t.Context(), said("after", 1))
	for next1(t, hear2).Conversation != "after" { // what the connections still held may come before
	}
}

// A node whose handler stands does not hold up another, and hears again when it goes on.
func TestASlowNode(t *testing.T) {
	one, two := open(t, shared), open(t, shared)
	standing, leave := make(chan struct{}), make(chan struct{})
	var first sync.Once
	var latest sync.Map
	two.Subscribe(bus.Handler{Message: func(m bus.Message) {
		first.Do(func() { close(standing); <-leave })
		latest.Store(m.Conversation, true)
	}})
	hear1 := hears(one)
	run(t, one, two)
	one.Publish(t.Context(), said("c", 1))
	next1(t, hear1)
	<-standing
	for n := range int64(5000) {
		one.Publish(t.Context(), said("c", n+2))
		next1(t, hear1)
	}
	until(t, "all is with Redis", func() bool { return one.Stats().Waiting == 0 })
	if d := one.Dropped(); d.Messages != 0 {
		t.Errorf("%d are dropped because another node is slow", d.Messages)
	}
	close(leave)
	one.Publish(t.Context(), said("after", 1))
	until(t, "it hears again", func() bool { _, ok := latest.Load("after"); return ok })
}

// Open refuses what it cannot work with, and says what to change.
func TestOpenRefuses(t *testing.T) {
	port, err := servers.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), &redis.Options{Addr: fmt.Sprint("127.0.0.1:", port)}); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("on nothing: %v", err)
	}
	c := redis.NewClient(&redis.Options{Addr: shared.Address()})
	defer c.Close()
	for name, rights := range map[string][]string{
		"deaf":  {"on", ">word", "~kohta:*", "&kohta:*", "+@all", "-subscribe"},
		"dumb":  {"on", ">word", "~kohta:*", "&kohta:*", "+@all", "-publish"},
		"apart": {"on", ">word", "~kohta:*", "resetchannels", "+@all"},
	} {
		if err := c.ACLSetUser(t.Context(), name, rights...).Err(); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), &redis.Options{Addr: shared.Address(), Username: name, Password: "word"})
		if chat.KindOf(err) != chat.Invalid || !strings.Contains(err.Error(), "&kohta:*") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
