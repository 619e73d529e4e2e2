package bench

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// visitor is one customer: a connection that is made again when it ends, what it has said, and what it has got.
type visitor struct {
	run   *run
	index int
	part  part
	agent *agent // that watches; nil: none

	mu      sync.Mutex
	client  *wireclient.Client // nil while there is no connection
	token   string
	up      chan struct{} // closed when welcomed and answered about all that was named
	owed    int           // answers to the conversations that hello named
	back    int64         // how many of the last positions hello claims not to have, to be sent something again
	talks   []*talk       // the latest last
	current *talk         // where posts go; nil: the open one, or a new one
	left    int           // posts until the current one is ended
	posts   []post
	outbox  []sent // not answered yet, oldest first
	ended   bool   // no connection is made any more

	acks, replies, shows []time.Duration
}

// sent is a frame that waits for its answer.
type sent struct {
	key   string
	frame []byte
}

func (r *run) newVisitor(i int) *visitor {
	v := &visitor{run: r, index: i, part: r.script.of(i), left: r.Posts}
	if r.Posts > 0 && r.Visitors > 0 {
		v.left = 1 + i%r.Posts // they end theirs one after the other, evenly
	}
	if len(r.agents) > 0 {
		v.agent = r.agents[i%len(r.agents)]
	}
	return v
}

// connect connects, says hello, and returns when the desk has welcomed the visitor and answered about the
// conversations that are not over.
func (v *visitor) connect(ctx context.Context) error {
	v.mu.Lock()
	hello := wire.Greeting{Site: v.run.Site, Token: v.token, Language: v.part.language, Since: map[string]int64{}}
	for _, t := range v.talks[max(0, len(v.talks)-2):] {
		if !t.closed {
			hello.Since[t.id] = t.own.resume(v.back)
		}
	}
	up := make(chan struct{})
	v.up, v.owed = up, len(hello.Since)
	v.mu.Unlock()
	c, err := wireclient.Dial(ctx, wireclient.Options{
		URL: "ws://" + v.run.host(v.index) + "/ws/visitor", Role: chat.RoleVisitor, Hello: hello,
		Dial: v.run.dialer(v.index), OnFrame: v.frame,
	}, v.run.pool)
	if err != nil {
		return err
	}
	select {
	case <-up:
		return nil
	case <-c.Ended():
		return fmt.Errorf("the desk closed the connection: %w", c.Err())
	case <-ctx.Done():
		c.Close()
		return context.Cause(ctx)
	}
}

// live connects again whenever the connection has ended, until the run is over.
func (v *visitor) live(ctx context.Context) {
	for {
		v.mu.Lock()
		c, ended := v.client, v.ended
		v.mu.Unlock()
		if ended {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-c.Ended():
		}
		v.mu.Lock()
		v.client, ended = nil, v.ended
		v.mu.Unlock()
		if ended {
			return
		}
		v.run.cut(c.CloseCode())
		for v.connect(ctx) != nil {
			if pause(ctx, retryEvery) != nil {
				return
			}
		}
	}
}

// retryEvery is how often a client that was turned away tries again.
const retryEvery = 20 * time.Millisecond

// cut counts a connection that ended; 0 is an end without a word. Up to 3499 the desk asks to come back, which is no
// error: what matters is what the client has afterwards.
func (r *run) cut(code int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed[strconv.Itoa(code)]++
	if code >= 3500 {
		r.errors["closed"]++
	}
}

func (v *visitor) close() {
	v.mu.Lock()
	c := v.client
	v.ended = true
	v.mu.Unlock()
	if c != nil {
		c.Close()
	}
}

// frame takes in a frame of the desk's. It is called by one goroutine.
func (v *visitor) frame(c *wireclient.Client, frame []byte) {
	now := time.Now()
	var g glimpse
	if !g.read(frame) {
		v.run.failure("unreadable")
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch string(g.typ) {
	case "event":
		v.event(&g, now)
	case "ack":
		v.ack(&g, now)
	case "error":
		v.refused(&g)
	case "welcome":
		v.welcomed(c, frame)
	case "synced":
		if t := v.find(g.conversation); t != nil {
			t.own.tell(g.head)
		}
		if v.owed > 0 {
			if v.owed--; v.owed == 0 {
				v.rise()
			}
		}
	}
}

// welcomed asks for conversations of which only the ack or nothing had come, and sends what was not answered, in its
// order.
func (v *visitor) welcomed(c *wireclient.Client, frame []byte) {
	w, err := wire.DecodeServer(frame)
	if err != nil || w.Token == "" {
		v.run.failure("unreadable")
		return
	}
	v.token, v.client = w.Token, c
	for _, s := range w.Snapshots {
		if s.State != chat.Closed && v.find([]byte(s.Conversation)) == nil {
			v.talk([]byte(s.Conversation))
			v.check()
		}
	}
	for _, s := range v.outbox {
		v.write(s.frame)
	}
	if v.owed == 0 {
		v.rise()
	}
}

func (v *visitor) rise() {
	if v.up != nil {
		close(v.up)
		v.up = nil
	}
}

// find returns a conversation of the visitor's, nil if it is not known.
func (v *visitor) find(id []byte) *talk {
	for i := len(v.talks) - 1; i >= 0; i-- {
		if v.talks[i].id == string(id) {
			return v.talks[i]
		}
	}
	return nil
}

// talk returns a conversation of the visitor's. One that is new is where posts go from now on.
func (v *visitor) talk(id []byte) *talk {
	if t := v.find(id); t != nil {
		return t
	}
	t := &talk{id: string(id), visitor: v, asked: -1, lastPost: -1}
	v.talks, v.current = append(v.talks, t), t
	if v.agent != nil {
		v.agent.watch(t)
	}
	return t
}

func (v *visitor) event(g *glimpse, now time.Time) {
	t := v.talk(g.conversation)
	if !t.own.see(g.seq, v.run.checking.Load()) {
		return
	}
	switch string(g.kind) {
	case "message":
		switch string(g.role) {
		case "visitor":
			v.said(t, g)
		case "bot":
			v.reply(t, now, true)
		}
	case "escalated":
		v.run.mu.Lock()
		v.run.handedOver++
		v.run.mu.Unlock()
		v.left = 0
		v.reply(t, now, false)
	case "closed":
		t.closed = true
		if v.current == t {
			v.current = nil
		}
	}
}

// said takes in a message of the visitor's own.
func (v *visitor) said(t *talk, g *glimpse) {
	visitor, kind, n, ok := parseKey(g.key)
	if !ok || visitor != v.index || kind != keyPost || n >= len(v.posts) {
		v.run.failure("misdelivered")
		return
	}
	p := &v.posts[n]
	p.talk, p.seen = t, g.seq
	if n <= t.lastPost || p.acked != 0 && p.acked != g.seq {
		t.own.reordered++
	}
	t.lastPost, t.asked = n, n
}

// reply takes in what answers the last message.
func (v *visitor) reply(t *talk, now time.Time, measured bool) {
	if t.asked < 0 {
		return
	}
	p := &v.posts[t.asked]
	t.asked = -1
	p.answered = true
	v.run.answered.Add(1)
	if measured && p.measured {
		v.replies = append(v.replies, now.Sub(p.sent))
	}
	v.goOn(p)
}

func (v *visitor) ack(g *glimpse, now time.Time) {
	visitor, kind, n, ok := parseKey(g.key)
	if !ok || visitor != v.index || kind == keyPost && n >= len(v.posts) {
		v.run.failure("misdelivered")
		return
	}
	v.settled(g.key)
	if kind != keyPost {
		return
	}
	p := &v.posts[n]
	if p.acked != 0 { // a frame that was sent again is acked again
		if p.acked != g.seq || p.talk.id != string(g.conversation) {
			v.run.failure("acked_elsewhere")
		}
		return
	}
	t := v.talk(g.conversation)
	p.talk, p.acked = t, g.seq
	t.own.tell(g.seq)
	if p.seen != 0 && p.seen != g.seq {
		t.own.reordered++
	}
	v.run.acked.Add(1)
	if p.measured {
		v.acks = append(v.acks, now.Sub(p.sent))
	}
	v.goOn(p)
}

// refused takes in an error. The post is not tried again: a load that the desk refuses is to be seen in the figures.
func (v *visitor) refused(g *glimpse) {
	v.run.failure(string(g.code))
	_, kind, n, ok := parseKey(g.key)
	if !ok {
		return
	}
	v.settled(g.key)
	if kind != keyPost || n >= len(v.posts) {
		return
	}
	p := &v.posts[n]
	p.failed = true
	v.run.failed.Add(1)
	v.goOn(p)
}

// settled takes a frame out of the outbox.
func (v *visitor) settled(key []byte) {
	for i := range v.outbox {
		if v.outbox[i].key == string(key) {
			v.outbox = slices.Delete(v.outbox, i, i+1)
			return
		}
	}
}

// goOn sends the next post in a closed loop, when this one is done with.
func (v *visitor) goOn(p *post) {
	if !v.run.Closed || !p.measured || !p.failed && (p.acked == 0 || !p.answered) {
		return
	}
	if p.failed {
		time.AfterFunc(time.Second, v.post) // a desk that refuses is not hammered
		return
	}
	v.sendPost(true)
}

// post sends a post, if there are any left.
func (v *visitor) post() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sendPost(true)
}

// sendPost sends the next post. The caller holds mu.
func (v *visitor) sendPost(measured bool) {
	if v.ended || !v.run.mayPost() {
		return
	}
	if v.run.Posts > 0 && v.left <= 0 {
		v.finish()
	}
	v.left--
	n := len(v.posts)
	conversation := "null"
	if v.current != nil {
		conversation = `"` + v.current.id + `"`
	}
	k := key(v.index, keyPost, n)
	now := time.Now()
	frame := make([]byte, 0, 256)
	frame = append(frame, `{"type":"post","key":"`+k+`","conversation":`+conversation+`,"text":`...)
	frame = append(append(frame, v.part.line(v.index, n)...), '}')
	v.posts = append(v.posts, post{sent: now, measured: measured, watched: v.current != nil && v.current.watched})
	v.send(k, frame)
}

// finish ends the current conversation; the next post begins another.
func (v *visitor) finish() {
	if v.current == nil {
		return // the desk has not said yet where the last post went
	}
	v.left = v.run.Posts
	k := key(v.index, keyEnd, len(v.posts))
	v.send(k, []byte(`{"type":"end","key":"`+k+`","conversation":"`+v.current.id+`"}`))
	v.current = nil
}

func (v *visitor) send(key string, frame []byte) {
	v.outbox = append(v.outbox, sent{key, frame})
	if v.client != nil {
		v.write(frame)
	}
}

// write writes a frame. One that does not get through is sent again after the next welcome.
func (v *visitor) write(frame []byte) {
	_ = v.client.SendRaw(websocket.TextMessage, frame)
}

// check asks for all that should have come, of a conversation that goes on. The caller holds mu.
func (v *visitor) check() {
	if v.current == nil || v.client == nil {
		return
	}
	v.owed++
	v.write(fmt.Appendf(nil, `{"type":"sync","conversation":"%s","after":%d}`, v.current.id, v.current.own.last))
}

// checked tells whether all that check asked for has been answered.
func (v *visitor) checked() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.owed == 0
}
