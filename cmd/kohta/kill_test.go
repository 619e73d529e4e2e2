package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// What the kill test is made of.
const (
	killVisitors = 60
	killAgents   = 3
	killTaken    = 4   // conversations that each agent takes from the bot, and writes into
	killAcks     = 250 // after each start, before the next kill
	killAtWork   = 50  // clients at least that wait for an answer when the desk is killed
	killEnd      = 30  // messages of a visitor after which the conversation is ended and another begun
)

// TestKill kills the desk again and again while customers and agents write, each with an outbox and a place in the
// log to go on from. Afterwards what the clients have noted is held against a full read of the store: all that was
// acknowledged is there once, where it was acknowledged, and everybody has every position once.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 20
	if testing.Short() {
		kills = 3
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	dir, address := t.TempDir(), freeAddress(t)
	desk := startDesk(t, dir, address, "--demo", "--limits", "off")
	c := newCrowd(ctx, giveUp, t, address)
	defer c.leave()

	var before map[*writer]int
	for n := range kills {
		c.until(ctx, killAcks, func() bool { return c.atWork() >= killAtWork })
		desk.kill()
		before = c.answered()
		if n == kills/2 {
			c.takeSome()
		}
		desk = startDesk(t, dir, address, "--demo", "--limits", "off")
	}
	c.until(ctx, killAcks, func() bool { return c.everyoneIsBack(before) })
	c.fallSilent()

	s, err := sqlstore.Open(ctx, sqlstore.Options{Path: filepath.Join(dir, "kohta.db"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	truth := readAll(ctx, t, s)
	c.catchUp(ctx, truth)
	c.judge(truth)
	t.Logf("%d kills, %d acknowledged, %d events in the log, %d frames sent again", kills, c.acknowledged(), truth.events, c.resent())
	if out, errs, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds, while the desk runs:\n%s%s", out, errs)
	}
	if status := desk.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM:\n%s", status, desk.stderr)
	}
	if out, errs, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds:\n%s%s", out, errs)
	}
}

// freeAddress is an address that a desk can come back to.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// crowd is everybody who writes.
type crowd struct {
	t       *testing.T
	giveUp  context.CancelCauseFunc
	hush    func() // ends those who still wait for an answer
	writers []*writer
	silent  atomic.Bool                 // nothing more is written
	acks    chan struct{}               // one for each frame that was answered
	talk    func(func(context.Context)) // has somebody write until everybody falls silent
	talking sync.WaitGroup
	serving sync.WaitGroup
	leave   func()
}

// writer is a customer or an agent, with a record of its own of what was acknowledged, in the order of sending.
type writer struct {
	*wireclient.Session
	name     string
	audience store.Audience

	mu   sync.Mutex
	acks []acknowledged
}

type acknowledged struct {
	key, text string // no text: not a message
	answer    wireclient.Answer
}

// newCrowd lets everybody in. Who is told to stay away gives up for all.
func newCrowd(ctx context.Context, giveUp context.CancelCauseFunc, t *testing.T, address string) *crowd {
	c := &crowd{t: t, giveUp: giveUp, acks: make(chan struct{}, 1<<16)}
	ctx, cancel := context.WithCancel(ctx)
	talking, hush := context.WithCancel(ctx)
	c.hush, c.talk = hush, func(do func(context.Context)) { c.talking.Go(func() { do(talking) }) }
	c.leave = func() {
		cancel()
		c.talking.Wait()
		c.serving.Wait()
	}
	for i := range killVisitors {
		w := c.join(ctx, fmt.Sprintf("visitor %d", i), store.ForVisitor, wireclient.Options{
			URL: "ws://" + address + "/ws/visitor", Role: chat.RoleVisitor,
			Hello: wire.Greeting{Site: "demo", Language: []string{"fi", "sv", "en"}[i%3]},
		})
		c.talk(func(ctx context.Context) { c.ask(ctx, w, i) })
	}
	for i := range killAgents {
		origin := "http://" + address
		c.join(ctx, fmt.Sprintf("agent %d", i), store.ForAgents, wireclient.Options{
			URL: "ws://" + address + "/ws/agent", Role: chat.RoleAgent,
			Header: wireclient.AgentHeader(origin, signIn(t, origin, demoAgents()[i].Email)),
		})
	}
	return c
}

func (c *crowd) join(ctx context.Context, name string, audience store.Audience, o wireclient.Options) *writer {
	w := &writer{Session: wireclient.NewSession(o), name: name, audience: audience}
	c.writers = append(c.writers, w)
	c.serving.Go(func() {
		if code := w.Run(ctx); code != 0 {
			c.giveUp(fmt.Errorf("%s was told to stay away: %d", name, code))
		}
	})
	return w
}

func signIn(t *testing.T, origin, email string) *http.Cookie {
	t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": demoPassword})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", origin)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(answer.Cookies()) == 0 {
		t.Fatalf("sign in %s: %s", email, answer.Status)
	}
	return answer.Cookies()[0]
}

// do sends a frame until it is answered, and writes down what was acknowledged. It returns false at the end.
func (c *crowd) do(ctx context.Context, w *writer, f *wire.Frame) (wireclient.Answer, bool) {
	key := w.Put(f)
	if w.Await(ctx, func() bool { _, ok := w.Answer(key); return ok }) != nil {
		return wireclient.Answer{}, false
	}
	a, _ := w.Answer(key)
	if a.Err == nil {
		text := ""
		if post, ok := f.Command.(chat.Post); ok {
			text = post.Text
		}
		w.mu.Lock()
		w.acks = append(w.acks, acknowledged{key, text, a})
		w.mu.Unlock()
	}
	select {
	case c.acks <- struct{}{}:
	case <-ctx.Done():
		return a, false
	}
	return a, true
}

// ask is a customer: one message after the other, each when the one before it is answered.
func (c *crowd) ask(ctx context.Context, w *writer, visitor int) {
	lines := []string{"Mitkä ovat aukioloajat?", "Vad kostar frakten?", "How can I pay?", "Onko teillä lahjakortteja?", "Hur länge håller kaffet?"}
	for n := 1; !c.silent.Load(); n++ {
		text := fmt.Sprintf("%s nro %d.%d", lines[(visitor+n)%len(lines)], visitor, n)
		a, ok := c.do(ctx, w, &wire.Frame{Type: wire.Post, Command: chat.Post{Text: text}})
		if !ok {
			return
		}
		if a.Err != nil {
			c.t.Errorf("%s: message %d was refused: %v", w.name, n, a.Err)
			return
		}
		if (n+visitor)%killEnd != 0 {
			continue
		}
		if _, ok = c.do(ctx, w, &wire.Frame{Type: wire.End, Conversation: a.Conversation, Command: chat.End{}}); !ok {
			return
		}
	}
}

// takeSome has the agents take some conversations from the bot and write into them, while the desk is down.
func (c *crowd) takeSome() {
	next := 0
	for _, w := range c.writers {
		if w.audience != store.ForAgents {
			continue
		}
		for range killTaken {
			visitor := c.writers[next]
			next++
			c.talk(func(ctx context.Context) { c.help(ctx, w, visitor) })
		}
	}
}

// help is an agent in one conversation. It is no fault when the customer ends it, or when it is no longer the agent's.
func (c *crowd) help(ctx context.Context, w, visitor *writer) {
	visitor.mu.Lock()
	id := visitor.acks[len(visitor.acks)-1].answer.Conversation
	visitor.mu.Unlock()
	a, ok := c.do(ctx, w, &wire.Frame{Type: wire.Take, Conversation: id, Command: chat.Take{}})
	for n := 1; ok && a.Err == nil && !c.silent.Load(); n++ {
		text := fmt.Sprintf("Katson heti. %s, %s, %d", w.name, visitor.name, n)
		a, ok = c.do(ctx, w, &wire.Frame{Type: wire.Post, Conversation: id, Command: chat.Post{Text: text}})
	}
}

// until takes so many answers, and more until done.
func (c *crowd) until(ctx context.Context, answers int, done func() bool) {
	c.t.Helper()
	for n := 0; n < answers || !done(); n++ {
		select {
		case <-c.acks:
		case <-ctx.Done():
			c.t.Fatalf("%d answers, %d clients at work: %v", n, c.atWork(), context.Cause(ctx))
		}
	}
}

// atWork is how many clients wait for an answer.
func (c *crowd) atWork() (n int) {
	for _, w := range c.writers {
		if w.Pending() > 0 {
			n++
		}
	}
	return n
}

// answered is how many answers each customer has.
func (c *crowd) answered() map[*writer]int {
	n := map[*writer]int{}
	for _, w := range c.writers[:killVisitors] {
		w.mu.Lock()
		n[w] = len(w.acks)
		w.mu.Unlock()
	}
	return n
}

// everyoneIsBack tells whether every customer has had an answer since.
func (c *crowd) everyoneIsBack(before map[*writer]int) bool {
	for w, n := range c.answered() {
		if n <= before[w] {
			return false
		}
	}
	return true
}

// fallSilent has everybody wait for their last answer, as long as patience lasts.
func (c *crowd) fallSilent() {
	c.t.Helper()
	c.silent.Store(true)
	late := time.AfterFunc(patience, func() {
		c.t.Errorf("%d clients still wait for an answer", c.atWork())
		c.hush()
	})
	defer late.Stop()
	c.talking.Wait()
}

// log is the store, read to its end.
type log struct {
	conversations map[string]chat.Conversation
	seen          map[string]map[store.Audience][]chat.Event // what each audience sees, by conversation
	events        int
}

// readAll reads every conversation in full, and checks that its positions have neither hole nor double.
func readAll(ctx context.Context, t *testing.T, s store.Store) *log {
	t.Helper()
	l := &log{conversations: map[string]chat.Conversation{}, seen: map[string]map[store.Audience][]chat.Event{}}
	if err := s.Each(ctx, func(c chat.Conversation) error {
		l.conversations[c.ID] = c
		l.seen[c.ID] = map[store.Audience][]chat.Event{}
		for audience, head := range map[store.Audience]int64{store.ForLog: c.Pos, store.ForAgents: c.AgentSeq, store.ForVisitor: c.VisitorSeq} {
			events, err := readLog(ctx, s, c.ID, audience)
			if err != nil {
				return err
			}
			l.seen[c.ID][audience] = events
			for i, e := range events {
				if audience.Number(e) != int64(i)+1 {
					t.Errorf("conversation %s, audience %d: position %d stands at %d", c.ID, audience, audience.Number(e), i+1)
				}
			}
			if int64(len(events)) != head {
				t.Errorf("conversation %s, audience %d: %d events, and the head says %d", c.ID, audience, len(events), head)
			}
		}
		l.events += len(l.seen[c.ID][store.ForLog])
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return l
}

func readLog(ctx context.Context, s store.Store, id string, audience store.Audience) (all []chat.Event, err error) {
	for {
		after := int64(len(all))
		part, err := s.EventsAfter(ctx, id, audience, after, store.MaxPage)
		if err != nil || len(part) == 0 {
			return all, err
		}
		all = append(all, part...)
	}
}

// catchUp waits until every client has everything of the conversations that it knows.
func (c *crowd) catchUp(ctx context.Context, truth *log) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, w := range c.writers {
		for _, id := range w.Conversations() {
			want := len(truth.seen[id][w.audience])
			if w.Await(ctx, func() bool { return len(w.Log(id)) >= want }) != nil {
				c.t.Errorf("lost: %s has %d of %d events of conversation %s", w.name, len(w.Log(id)), want, id)
			}
		}
	}
}

// judge holds what the clients have noted against the store.
func (c *crowd) judge(truth *log) {
	c.t.Helper()
	where := map[string]int{} // how often a frame stands in the log, by sender and key
	sent := map[string]string{}
	for _, conversation := range truth.seen {
		for _, e := range conversation[store.ForLog] {
			if e.Key != "" {
				where[e.From.ID+" "+e.Key]++
				sent[e.Key] = e.Contents.Text
			}
		}
	}
	for frame, n := range where {
		if n != 1 {
			c.t.Errorf("doubled: frame %s stands in the log %d times", frame, n)
		}
	}
	for _, w := range c.writers {
		w.judgeAcks(c.t, truth)
		w.judgeLog(c.t, truth)
		for _, a := range w.acks {
			delete(sent, a.key)
		}
	}
	for key, text := range sent {
		if strings.Contains(text, "nro ") {
			c.t.Errorf("frame %s (%q) is stored, and its sender never heard of it", key, text)
		}
	}
}

// judgeAcks: what was acknowledged stands where it was acknowledged, and in the order of sending.
func (w *writer) judgeAcks(t *testing.T, truth *log) {
	t.Helper()
	last := map[string]int64{}
	for _, a := range w.acks {
		id, seq := a.answer.Conversation, a.answer.Seq
		events := truth.seen[id][w.audience]
		if seq < 1 || seq > int64(len(events)) {
			t.Errorf("lost: %s had message %s (%q) acknowledged at %d of conversation %s, which has %d", w.name, a.key, a.text, seq, id, len(events))
			continue
		}
		e := events[seq-1]
		if a.text != "" && (e.Key != a.key || e.Contents.Text != a.text) {
			t.Errorf("lost: %s had %s (%q) acknowledged at %d, where %s (%q) stands", w.name, a.key, a.text, seq, e.Key, e.Contents.Text)
		}
		if a.text != "" && seq <= last[id] {
			t.Errorf("reordered: %s sent %q after what stands at %d, and it stands at %d", w.name, a.text, last[id], seq)
		}
		last[id] = max(last[id], seq)
	}
}

// judgeLog: the client has what the store has, each position once.
func (w *writer) judgeLog(t *testing.T, truth *log) {
	t.Helper()
	for _, id := range w.Conversations() {
		got, want := w.Log(id), truth.seen[id][w.audience]
		if len(got) != len(want) {
			t.Errorf("%s has %d events of conversation %s, the store %d", w.name, len(got), id, len(want))
			continue
		}
		for i, g := range got {
			e := want[i]
			if g.Seq != w.audience.Number(e) || g.Kind != string(e.Kind) || g.Key != e.Key || e.Kind == chat.KindMessage && g.Text != e.Contents.Text {
				t.Errorf("%s has %s %q of %s at %d of conversation %s, the store %s %q", w.name, g.Kind, g.Text, g.Key, g.Seq, id, e.Kind, e.Contents.Text)
			}
		}
	}
}

func (c *crowd) acknowledged() (n int) {
	for _, w := range c.writers {
		n += len(w.acks)
	}
	return n
}

func (c *crowd) resent() (n int) {
	for _, w := range c.writers {
		n += w.Count().Resent
	}
	return n
}
