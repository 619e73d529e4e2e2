package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// handle carries out one frame: decode, check, do, answer. It runs on a worker, one frame of a socket at a time.
func (s *socket) handle(frame []byte) {
	greeted := s.greeted.Load()
	if !greeted && len(frame) > s.helloLimit() {
		s.fail(&wire.Error{Code: wire.TooLarge, Close: wire.CloseBadFrame})
		return
	}
	f, err := wire.Decode(frame, s.role)
	if err != nil && errorOf(err).Close != 0 {
		s.fail(errorOf(err))
		return
	}
	// A hello that is wrong gets its own error, and may be tried again within its time.
	if !greeted && wire.TypeOf(frame) != wire.Hello {
		s.fail(&wire.Error{Code: wire.HelloFirst, Close: wire.CloseBadFrame})
		return
	}
	ctx := newWithin(s.gateway.base, workWithin)
	defer ctx.end()
	if greeted { // also what cannot be read counts
		if wait := s.over(ctx, &f); wait > 0 {
			s.fail(s.gateway.wireError(&wire.Error{Code: wire.RateLimited, RetryAfter: wait}, &f, s))
			return
		}
	}
	if err != nil {
		s.fail(errorOf(err))
		return
	}
	if err := s.carryOut(ctx, &f); err != nil {
		e := s.gateway.wireError(err, &f, s)
		if f.Type == wire.Hello && e.Code == wire.Unavailable {
			e.Close = wire.CloseUnavailable // else the time for hello would end, and with it all tries
		}
		s.fail(e)
		if s.missed(&f, err) {
			s.tellMissed(ctx, &f)
		}
	}
}

// missed tells whether a frame was refused because its sender does not know that the conversation has changed hands:
// a laptop that slept, a console that was away.
func (s *socket) missed(f *wire.Frame, err error) bool {
	return s.agent != nil && f.Fence > 0 && f.Conversation != "" && chat.KindOf(err) == chat.Conflict
}

// tellMissed sends what happened since the assignment that a frame relied on, so that the agent sees who has the
// conversation now, and why. Who is subscribed has it already.
func (s *socket) tellMissed(ctx context.Context, f *wire.Frame) {
	if s.gateway.hub.follows(s, f.Conversation) {
		return
	}
	c, err := s.gateway.desk.Conversation(ctx, s.principal(), f.Conversation)
	if err == nil {
		err = s.noteReading(ctx, &c)
	}
	if err != nil { // it is not theirs to see any more
		return
	}
	s.gateway.hub.replay(s, &c, f.Fence)
}

// carryOut does what a frame asks for.
func (s *socket) carryOut(ctx context.Context, f *wire.Frame) error {
	if f.Type == wire.Hello {
		return s.hello(ctx, f.Hello)
	}
	if f.Command != nil {
		return s.command(ctx, f)
	}
	g := s.gateway
	switch f.Type {
	case wire.Ping:
		s.send(g.hub.heartbeat(s))
	case wire.Typing:
		return s.types(ctx, f.Conversation)
	case wire.Read:
		return g.desk.MarkRead(ctx, s.principal(), f.Conversation, f.Seq)
	case wire.Sync:
		return s.sync(ctx, f)
	case wire.Page:
		g.desk.Page(s.visitor, *f.Page)
	case wire.Watch:
		return s.watch(ctx, f)
	case wire.Unwatch:
		g.hub.unwatch(s, f.Conversation)
	case wire.Presence:
		return g.desk.SetPresence(ctx, s.agent.account(), f.Status, f.Reason)
	}
	return nil
}

// command carries out a frame that writes, and acks it.
func (s *socket) command(ctx context.Context, f *wire.Frame) error {
	s.begin(f.Key)
	begun := time.Now()
	ack, err := s.perform(ctx, f)
	if err != nil {
		s.answer(nil)
		return err
	}
	s.gateway.metrics.acked(s.role, time.Since(begun))
	s.answer(s.gateway.buffers.text(func(b []byte) []byte { return wire.AppendAck(b, f.Key, ack.Conversation, ack.Seq) }))
	return nil
}

// perform has the desk do what a frame asks for. A take that names no conversation takes the next one.
func (s *socket) perform(ctx context.Context, f *wire.Frame) (store.Ack, error) {
	if f.Type == wire.Take && f.Conversation == "" {
		return s.gateway.desk.Next(ctx, s.principal(), f.Key)
	}
	return s.gateway.desk.Do(ctx, s.principal(), f.Conversation, f.Key, f.Fence, f.Command)
}

// types passes on that somebody types, at most so often; more is left out silently, as signals may be.
func (s *socket) types(ctx context.Context, conversation string) error {
	if s.gateway.limits && s.typing.take(s.gateway.since(), typingEvery, 1) > 0 {
		return nil
	}
	return s.gateway.desk.Typing(ctx, s.principal(), conversation)
}

// sync answers with what comes after a position, whether the socket is subscribed or not.
func (s *socket) sync(ctx context.Context, f *wire.Frame) error {
	if s.gateway.hub.resync(s, f.Conversation, f.Seq) {
		return nil
	}
	c, err := s.gateway.desk.Conversation(ctx, s.principal(), f.Conversation)
	if err == nil {
		err = s.noteReading(ctx, &c)
	}
	if err != nil {
		return err
	}
	s.gateway.hub.replay(s, &c, f.Seq)
	return nil
}

// watch subscribes an agent to a conversation that they may see, and shows how it stands: of one that was given to them
// at once they have heard nothing but events.
func (s *socket) watch(ctx context.Context, f *wire.Frame) error {
	c, err := s.gateway.desk.Conversation(ctx, s.principal(), f.Conversation)
	if err == nil {
		err = s.noteReading(ctx, &c)
	}
	if err != nil {
		return err
	}
	v, err := s.gateway.desk.View(ctx, c)
	if err != nil {
		return err
	}
	s.send(s.gateway.buffers.text(func(b []byte) []byte { return wire.AppendShown(b, &v) }))
	if !s.gateway.hub.watch(s, &c, f.Seq) {
		return &wire.Error{Code: wire.RateLimited, RetryAfter: int(retrySoon.Seconds())}
	}
	return nil
}

// maxNoted bounds what a socket remembers of what its agent read; beyond it a reading may stand in the audit twice.
const maxNoted = 10_000

// noteReading puts into the audit that a supervisor reads what is neither theirs nor their teams': once for each
// conversation and socket, and before they see a word of it.
func (s *socket) noteReading(ctx context.Context, c *chat.Conversation) error {
	if s.agent == nil {
		return nil
	}
	a := s.agent.account()
	if a.Role == staff.RoleAgent || c.Agent == a.ID || slices.Contains(a.Teams, c.Team) || slices.Contains(c.Invited, a.ID) {
		return nil
	}
	s.agent.mu.Lock()
	noted := s.agent.noted[c.ID]
	s.agent.mu.Unlock()
	if noted {
		return nil
	}
	g := s.gateway
	act := store.Act{At: g.clock().UTC(), Actor: a.ID, Address: s.address, Verb: "read_conversation", Object: c.ID}
	if err := g.store.RecordActs(ctx, act); err != nil {
		return fmt.Errorf("note a reading: %w", err)
	}
	s.agent.mu.Lock()
	defer s.agent.mu.Unlock()
	if s.agent.noted == nil || len(s.agent.noted) >= maxNoted {
		s.agent.noted = map[string]bool{}
	}
	s.agent.noted[c.ID] = true
	return nil
}

// principal is who acts, with the role and the teams of this second.
func (s *socket) principal() staff.Principal {
	if s.agent != nil {
		return staff.AsAgent(s.agent.account().Agent)
	}
	return staff.AsVisitor(s.visitor)
}

// hello welcomes the socket. A second one is a mistake.
func (s *socket) hello(ctx context.Context, greeting *wire.Greeting) error {
	if s.greeted.Load() {
		return chat.Errorf(chat.Invalid, "a second hello")
	}
	if s.agent != nil {
		return s.welcomeAgent(ctx, greeting)
	}
	return s.welcomeVisitor(ctx, greeting)
}

func errorOf(err error) *wire.Error {
	var e *wire.Error
	if !errors.As(err, &e) {
		return &wire.Error{Code: wire.Unavailable, RetryAfter: int(retrySoon.Seconds())}
	}
	return e
}

// wireError is the one place where what went wrong becomes an answer. What has no kind is logged, by ids alone; its
// words stay in the house.
func (g *Gateway) wireError(err error, f *wire.Frame, s *socket) *wire.Error {
	var e *wire.Error
	if !errors.As(err, &e) {
		e = &wire.Error{Code: wire.CodeOf(chat.KindOf(err))}
		if e.Code == wire.Unavailable {
			e.RetryAfter = int(retrySoon.Seconds())
			g.log.Error("a frame could not be carried out", zap.String("type", string(f.Type)), zap.String("key", f.Key),
				zap.String("conversation", f.Conversation), zap.String("visitor", s.visitor), zap.Error(err))
		}
	}
	e.Key, e.Conversation = f.Key, f.Conversation
	return e
}
