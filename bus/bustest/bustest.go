// Package bustest is what every bus.Bus must pass.
package bustest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// Fixture is a bus under test: one Bus for each node, all of them connected. None runs yet.
type Fixture struct {
	Nodes []bus.Bus
	// Depth is how much one node takes at least before it drops, while a handler stands still.
	Depth int
}

// Run holds the bus that open gives to all that bus.Bus promises. open is called once for each test, and what it starts
// beside the nodes' Run it ends by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, f Fixture)
	}{
		{"every subscriber on every node gets all of it", everywhere},
		{"what one publishes about a conversation stays in order", inOrder},
		{"one call at a time", oneAtATime},
		{"a handler that stands still holds up nobody but who called it", standsStill},
		{"signals go before messages do", signalsFirst},
		{"a handler may publish", publishesWithin},
		{"a cancelled subscriber hears no more", cancelled},
		{"who was cancelled by another hears no more", cancelEachOther},
		{"run delivers what it took and ends", ends},
		{"nil functions are skipped", nilFunctions},
	} {
		t.Run(test.name, func(t *testing.T) {
			ignore := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, ignore) })
			test.run(t, open(t))
		})
	}
}

// patience is when a test gives up.
const patience = 20 * time.Second

// run runs all nodes until end is called or the test ends; ended waits for them.
func run(t *testing.T, f Fixture) (end, ended func()) {
	ctx, end := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, n := range f.Nodes {
		wg.Go(func() {
			if err := n.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		end()
		wg.Wait()
	})
	return end, wg.Wait
}

// heard is what a subscriber got.
type heard struct {
	mu       sync.Mutex
	changed  chan struct{}
	messages []bus.Message
	signals  []bus.Signal
}

func listen(n bus.Bus) *heard {
	h := &heard{changed: make(chan struct{}, 1)}
	n.Subscribe(bus.Handler{
		Message: func(m bus.Message) { h.note(func() { h.messages = append(h.messages, m) }) },
		Signal:  func(s bus.Signal) { h.note(func() { h.signals = append(h.signals, s) }) },
	})
	return h
}

func (h *heard) note(do func()) {
	h.mu.Lock()
	do()
	h.mu.Unlock()
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

// wait returns what was heard once it is so much.
func (h *heard) wait(t *testing.T, messages, signals int) ([]bus.Message, []bus.Signal) {
	t.Helper()
	over := time.After(patience)
	for {
		h.mu.Lock()
		m, s := h.messages, h.signals
		h.mu.Unlock()
		if len(m) >= messages && len(s) >= signals {
			return m, s
		}
		select {
		case <-h.changed:
		case <-over:
			t.Fatalf("heard %d messages of %d and %d signals of %d", len(m), messages, len(s), signals)
		}
	}
}

// message is the n-th about a conversation.
func message(conversation string, n int) bus.Message {
	e := chat.Event{
		Pos: int64(n), AgentSeq: int64(n), At: time.UnixMilli(1e12).UTC(), Kind: chat.KindMessage,
		From: chat.From{Role: chat.RoleVisitor, ID: "v"}, Contents: chat.Contents{Text: "Moi! Missä mun tilaus on?"},
	}
	return bus.Message{
		Conversation: conversation,
		Events:       []chat.Event{e},
		Next:         chat.Conversation{ID: conversation, State: chat.Waiting, Pos: int64(n), Team: "support"},
	}
}

func signal(n int) bus.Signal {
	return bus.Signal{
		Kind: bus.Read, Conversation: "c", Team: "support", From: chat.From{Role: chat.RoleAgent, ID: "a"},
		Name: "Aino", Status: "online", Seq: int64(n),
	}
}

func everywhere(t *testing.T, f Fixture) {
	var all []*heard
	for _, n := range f.Nodes {
		all = append(all, listen(n))
	}
	run(t, f)
	for _, n := range f.Nodes {
		all = append(all, listen(n)) // also who comes while it runs
	}
	f.Nodes[0].Publish(t.Context(), message("c", 1))
	f.Nodes[0].Signal(t.Context(), signal(1))
	for _, h := range all {
		messages, signals := h.wait(t, 1, 1)
		if diff := cmp.Diff([]bus.Message{message("c", 1)}, messages); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]bus.Signal{signal(1)}, signals); diff != "" {
			t.Errorf("signals (-want +got):\n%s", diff)
		}
	}
}

func inOrder(t *testing.T, f Fixture) {
	const publishers, each = 32, 60 // together less than any Depth
	last := f.Nodes[len(f.Nodes)-1]
	h := listen(last)
	run(t, f)
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			node := f.Nodes[p%len(f.Nodes)]
			for n := range each {
				node.Publish(t.Context(), message(fmt.Sprint("c", p), n+1))
			}
		})
	}
	wg.Wait()
	messages, _ := h.wait(t, publishers*each, 0)
	next := map[string]int64{}
	for _, m := range messages {
		if m.Next.Pos != next[m.Conversation]+1 {
			t.Fatalf("%s: %d came after %d", m.Conversation, m.Next.Pos, next[m.Conversation])
		}
		next[m.Conversation] = m.Next.Pos
	}
	if len(next) != publishers {
		t.Errorf("heard of %d conversations, not %d", len(next), publishers)
	}
}

func oneAtATime(t *testing.T, f Fixture) {
	inside := 0 // the race detector sees a second call at the same time
	done := make(chan struct{})
	f.Nodes[0].Subscribe(bus.Handler{
		Message: func(bus.Message) { inside++ },
		Signal: func(bus.Signal) {
			if inside++; inside == 101 {
				close(done)
			}
		},
	})
	run(t, f)
	for n := range 100 {
		f.Nodes[0].Publish(t.Context(), message("c", n+1))
	}
	f.Nodes[0].Signal(t.Context(), signal(1))
	wait(t, done, "101 calls")
}

func wait(t *testing.T, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("gave up waiting for %s", what)
	}
}

// still lets the first call of a handler stand until go is called.
func still(t *testing.T, n bus.Bus) (standing <-chan struct{}, goOn func()) {
	entered, leave := make(chan struct{}), make(chan struct{})
	var first, last sync.Once
	n.Subscribe(bus.Handler{Message: func(bus.Message) {
		first.Do(func() {
			close(entered)
			<-leave
		})
	}})
	goOn = func() { last.Do(func() { close(leave) }) }
	t.Cleanup(goOn)
	return entered, goOn
}

func standsStill(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	run(t, f)
	standing, goOn := still(t, node)
	h := listen(node)
	go node.Publish(context.Background(), message("c", 1)) // who may call the handler, and stand with it
	wait(t, standing, "the handler")
	published := make(chan struct{})
	go func() {
		defer close(published)
		for n := 1; node.Dropped().Messages == 0; n++ {
			node.Publish(context.Background(), message("c", n+1))
		}
	}()
	wait(t, published, "a publisher whom nobody listens to")
	goOn()
	messages, _ := h.wait(t, f.Depth, 0)
	for i, m := range messages {
		if m.Next.Pos != int64(i+1) {
			t.Fatalf("what was taken came out of order: %d at %d", m.Next.Pos, i)
		}
	}
	h.wait(t, len(messages), 0)
	node.Publish(t.Context(), message("after", 1))
	over := time.Now().Add(patience)
	for messages, _ := h.wait(t, f.Depth, 0); messages[len(messages)-1].Conversation != "after"; messages, _ = h.wait(t, len(messages)+1, 0) {
		if time.Now().After(over) {
			t.Fatal("nothing comes any more after an overflow")
		}
	}
}

func signalsFirst(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	run(t, f)
	standing, goOn := still(t, node)
	go node.Publish(context.Background(), message("c", 1))
	wait(t, standing, "the handler")
	for n := 0; node.Dropped().Signals == 0; n++ {
		if n > 1<<20 {
			t.Fatal("the queue has no bound")
		}
		node.Signal(t.Context(), signal(n))
	}
	node.Publish(t.Context(), message("c", 2))
	if d := node.Dropped(); d.Messages != 0 {
		t.Errorf("signals crowded out a message: %+v", d)
	}
	goOn()
}

func publishesWithin(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	h := listen(node)
	node.Subscribe(bus.Handler{Message: func(m bus.Message) {
		if m.Conversation == "first" {
			node.Publish(context.Background(), message("second", 1))
			node.Signal(context.Background(), signal(1))
		}
	}})
	run(t, f)
	node.Publish(t.Context(), message("first", 1))
	if messages, _ := h.wait(t, 2, 1); messages[1].Conversation != "second" {
		t.Errorf("heard of %s, want of the second", messages[1].Conversation)
	}
}

func cancelled(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	run(t, f)
	var cancel func()
	calls := 0
	cancel = node.Subscribe(bus.Handler{Message: func(bus.Message) {
		calls++
		cancel() // also from within
	}})
	h := listen(node)
	for n := range 10 {
		node.Publish(t.Context(), message("c", n+1))
	}
	h.wait(t, 10, 0)
	cancel()
	cancel()
	if calls != 1 {
		t.Errorf("a handler that cancelled itself at the first call was called %d times", calls)
	}
}

// Of two who cancel each other at the first call, one is called.
func cancelEachOther(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	calls := 0
	var cancels [2]func()
	for i := range cancels {
		cancels[i] = node.Subscribe(bus.Handler{Message: func(bus.Message) {
			calls++
			cancels[1-i]()
		}})
	}
	h := listen(node)
	end, ended := run(t, f)
	node.Publish(t.Context(), message("c", 1))
	h.wait(t, 1, 0)
	end()
	ended()
	if calls != 1 {
		t.Errorf("%d were called", calls)
	}
}

func ends(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	standing, goOn := still(t, node)
	h := listen(node)
	end, ended := run(t, f)
	go node.Publish(context.Background(), message("c", 1))
	wait(t, standing, "the handler")
	const taken = 40
	for n := range taken - 1 {
		node.Publish(t.Context(), message("c", n+2))
	}
	end() // while the handler still stands
	goOn()
	ended()
	if messages, _ := h.wait(t, 0, 0); len(messages) != taken {
		t.Errorf("%d of %d messages that were taken arrived before Run ended", len(messages), taken)
	}
	before := node.Dropped()
	node.Publish(t.Context(), message("c", taken+1))
	node.Signal(t.Context(), signal(1))
	want := bus.Dropped{Messages: before.Messages + 1, Signals: before.Signals + 1}
	if got := node.Dropped(); got != want {
		t.Errorf("after the end %+v are dropped, want %+v", got, want)
	}
}

func nilFunctions(t *testing.T, f Fixture) {
	node := f.Nodes[0]
	node.Subscribe(bus.Handler{})
	h := listen(node)
	run(t, f)
	node.Publish(t.Context(), message("c", 1))
	node.Signal(t.Context(), signal(1))
	h.wait(t, 1, 1)
}
