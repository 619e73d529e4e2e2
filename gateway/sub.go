package gateway

import (
	"context"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// sub is one socket's subscription to one conversation. All positions are in the socket's audience's numbers. The hub
// guards it.
type sub struct {
	socket       *socket
	conversation string
	last         int64 // the socket has been sent everything up to here
	head         int64 // there are known to be events up to here
	endAt        int64 // the subscription ends when last is here; 0: it goes on
	owed         int   // how many synced frames are to be sent once it is caught up
	mine         bool  // of the visitor, or of the agent
	watched      bool  // by the agent
	behind       bool  // it is being caught up: events from the bus only move head
	once         bool  // an answer to sync beside the subscriptions: it ends when caught up
	dead         bool
}

// Bounds of catching up.
const (
	chunk      = 100 // events read at once
	maxHealers = 32  // reads at once, as welcomes have
	maxReplays = 400 // of a socket at once: a hello asks for 300 at most
)

func (s *socket) sub(conversation string) *sub {
	for _, b := range s.subs {
		if b.conversation == conversation {
			return b
		}
	}
	return nil
}

// target is the position that it is to be caught up to, as far as is known.
func (b *sub) target() int64 {
	if b.endAt > 0 {
		return min(b.head, b.endAt)
	}
	return b.head
}

func (b *sub) ended() bool { return b.endAt > 0 && b.last >= b.endAt }

// deliver queues the events of a message that follow what was sent, if nothing is missing between, and tells whether
// the socket is to be flushed.
func (h *hub) deliver(b *sub, e *encoded, stale bool) (due bool) {
	s := b.socket
	to, _ := audienceOf(s.role)
	c := &e.message.Next
	b.head = max(b.head, wire.Head(to, c))
	if s.agent != nil && b.mine && !stale && !takesPart(c, s.agent.id) {
		b.mine = false
		if !b.watched {
			b.endAt = lossOf(e.message.Events, s.agent.id, c.AgentSeq)
		}
	}
	if s.paused || b.behind {
		return false
	}
	for i := range e.message.Events {
		n := wire.Seq(to, &e.message.Events[i])
		if n == b.last+1 && !b.ended() {
			s.put(e.frame(to, i))
			b.last, due = n, true
		}
	}
	switch {
	case b.last < b.target():
		h.gateway.metrics.gaps.Inc()
		h.catchUp(b)
	case b.ended():
		h.end(b)
	}
	return due
}

// lossOf is the position of the event with which an agent lost the conversation: the last one that is theirs to see.
func lossOf(events []chat.Event, agent string, head int64) int64 {
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case chat.KindUnassigned, chat.KindLeft:
			if e.Detail.Agent == agent {
				return e.AgentSeq
			}
		case chat.KindTransferred, chat.KindClosed, chat.KindReturned, chat.KindWoken, chat.KindReopened:
			return e.AgentSeq
		}
	}
	return head
}

// catchUp puts a subscription in the queue of those that are behind.
func (h *hub) catchUp(b *sub) {
	if b.behind {
		return
	}
	b.behind = true
	h.queue(b)
}

func (h *hub) queue(b *sub) {
	h.behind = append(h.behind, b)
	if h.healers < maxHealers {
		h.healers++
		h.gateway.all.Go(h.heal)
	}
}

// heal catches up one subscription after the other, a chunk at a time, until none is behind.
func (h *hub) heal() {
	for {
		h.mu.Lock()
		if len(h.behind) == 0 {
			h.behind = nil
			h.healers--
			h.mu.Unlock()
			return
		}
		b := h.behind[0]
		h.behind[0] = nil
		h.behind = h.behind[1:]
		after, dead, language := b.last, b.dead || b.socket.lost, ""
		if t := h.topics[b.conversation]; t != nil {
			language = t.language
		}
		h.mu.Unlock()
		if !dead {
			h.healOne(b, after, language)
		}
	}
}

// healOne sends the next chunk, as far as the socket has room.
func (h *hub) healOne(b *sub, after int64, language string) {
	if b.socket.isEnding() {
		return
	}
	if _, frames := b.socket.room(); frames <= 0 {
		h.park(b)
		return
	}
	to, audience := audienceOf(b.socket.role)
	ctx, cancel := context.WithTimeout(h.gateway.base, workWithin)
	defer cancel()
	events, err := h.gateway.desk.Events(ctx, b.conversation, audience, after, chunk)
	if err != nil {
		h.gateway.log.Warn("events could not be read, will be tried again", zap.String("conversation", b.conversation), zap.Error(err))
		h.mu.Lock()
		h.failed = append(h.failed, b)
		h.mu.Unlock()
		return
	}
	frames := make([][]byte, len(events))
	for i := range events {
		frames[i] = h.gateway.buffers.event(to, b.conversation, &events[i], h.gateway.bot(languageOf(&events[i], language)))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if b.dead || b.socket.lost {
		return
	}
	if b.last != after { // a sync came between
		h.queue(b)
		return
	}
	h.fill(b, events, frames)
}

// fill sends what was read from the store, and goes on if that was not all.
func (h *hub) fill(b *sub, events []chat.Event, frames [][]byte) {
	if b.socket.isEnding() {
		return
	}
	to, _ := audienceOf(b.socket.role)
	room, count := b.socket.room()
	for i, frame := range frames {
		if b.ended() {
			break
		}
		if count--; count < 0 || room < 0 {
			h.parkLocked(b)
			return
		}
		room -= len(frame)
		b.socket.send(frame)
		b.last = wire.Seq(to, &events[i])
	}
	if len(events) == chunk && !b.ended() {
		h.queue(b)
		return
	}
	if b.last < b.target() && len(events) > 0 {
		h.queue(b) // more was committed meanwhile
		return
	}
	if b.last < b.target() {
		h.gateway.log.Error("the store has less than was announced", zap.String("conversation", b.conversation))
		b.head = b.last
	}
	h.caughtUp(b)
}

// caughtUp lets a subscription have events from the bus again.
func (h *hub) caughtUp(b *sub) {
	b.behind = false
	for ; b.owed > 0; b.owed-- {
		b.socket.send(b.socket.gateway.buffers.text(func(f []byte) []byte { return wire.AppendSynced(f, b.conversation, b.last) }))
	}
	switch {
	case b.once:
		b.dead = true
		b.socket.replays--
	case b.ended():
		h.end(b)
	}
}

// park lets a subscription wait until its socket's queue has drained.
func (h *hub) park(b *sub) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.parkLocked(b)
}

func (h *hub) parkLocked(b *sub) {
	s := b.socket
	s.parked = append(s.parked, b)
	s.hasParked.Store(true)
	if s.idle() { // it drained before we came
		h.unpark(s)
	}
}

// drained is called when a socket's queue has become empty.
func (h *hub) drained(s *socket) {
	if !s.hasParked.Load() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unpark(s)
}

func (h *hub) unpark(s *socket) {
	s.hasParked.Store(false)
	parked := s.parked
	s.parked = nil
	for _, b := range parked {
		h.queue(b)
	}
}

// retry puts those back in the queue that could not be caught up.
func (h *hub) retry() {
	h.mu.Lock()
	defer h.mu.Unlock()
	failed := h.failed
	h.failed = nil
	for _, b := range failed {
		if !b.dead && !b.socket.lost {
			h.queue(b)
		}
	}
}

// resync answers a sync from the subscription, if there is one: it is set back to where the client is.
func (h *hub) resync(s *socket, conversation string, after int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := s.sub(conversation)
	if b == nil {
		return false
	}
	h.setBack(b, after)
	return true
}

func (h *hub) setBack(b *sub, after int64) {
	b.last, b.owed = min(after, max(b.head, b.last)), b.owed+1
	h.catchUp(b)
}

// follows tells whether a socket is sent what happens in a conversation.
func (h *hub) follows(s *socket, conversation string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return s.sub(conversation) != nil
}

// replay answers a sync of a conversation that the socket is not subscribed to.
func (h *hub) replay(s *socket, c *chat.Conversation, after int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.lost {
		return
	}
	if s.replays++; s.replays > maxReplays {
		s.replays--
		s.fail(&wire.Error{Code: wire.RateLimited, Conversation: c.ID, RetryAfter: int(retrySoon.Seconds())})
		return
	}
	to, _ := audienceOf(s.role)
	b := &sub{socket: s, conversation: c.ID, head: wire.Head(to, c), once: true}
	h.setBack(b, after)
}

// watch subscribes an agent's socket, and answers like a sync. It returns false when the socket watches enough.
func (h *hub) watch(s *socket, c *chat.Conversation, after int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := s.sub(c.ID)
	if s.lost || b == nil && len(s.subs) >= maxWatched {
		return false
	}
	if b == nil {
		b = h.subscribe(s, c)
		b.head = c.AgentSeq
	}
	b.watched, b.endAt = true, 0
	h.setBack(b, after)
	return true
}

// unwatch ends what watch began. The agent's own go on.
func (h *hub) unwatch(s *socket, conversation string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := s.sub(conversation)
	if b == nil {
		return
	}
	if b.watched = false; !b.mine {
		h.end(b)
	}
}

// heads are the positions of a socket's conversations.
func (s *socket) heads() []wire.Heads {
	heads := make([]wire.Heads, 0, len(s.subs))
	for _, b := range s.subs {
		heads = append(heads, wire.Heads{Conversation: b.conversation, Head: max(b.head, b.last)})
	}
	slices.SortFunc(heads, func(x, y wire.Heads) int { return strings.Compare(x.Conversation, y.Conversation) })
	return heads
}
