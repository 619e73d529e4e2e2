package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Alike holds two stores to each other: whatever is done to both, in random order, they answer the same.
func Alike(t *testing.T, one, other Open) {
	rapid.Check(t, func(r *rapid.T) {
		p := &pair{t: t, r: r, one: one(t), other: other(t), folds: map[int]chat.Conversation{}}
		defer func() {
			if err := errors.Join(p.one.Close(), p.other.Close()); err != nil {
				r.Errorf("close: %v", err)
			}
		}()
		r.Repeat(map[string]func(*rapid.T){
			"begin":    func(*rapid.T) { p.begin() },
			"go on":    func(*rapid.T) { p.goOn() },
			"go on ":   func(*rapid.T) { p.goOn() }, // twice as often
			"keys":     func(*rapid.T) { p.keys() },
			"read":     func(*rapid.T) { p.read() },
			"lists":    func(*rapid.T) { p.lists() },
			"marks":    func(*rapid.T) { p.marks() },
			"visitors": func(*rapid.T) { p.visitors() },
			"links":    func(*rapid.T) { p.links() },
			"staff":    func(*rapid.T) { p.staff() },
			"sessions": func(*rapid.T) { p.sessions() },
			"settings": func(*rapid.T) { p.settings() },
		})
	})
}

// pair is two stores that everything is done to, and the folds that are stored, as far as the caller can know.
type pair struct {
	t          *testing.T
	r          *rapid.T
	one, other store.Store
	folds      map[int]chat.Conversation
	cursors    [2]int64
}

func (p *pair) number(what string, most int) int { return rapid.IntRange(0, most).Draw(p.r, what) }

// text is any text but NUL, which no way in lets through and not every database takes.
func (p *pair) text(what string) string {
	return strings.ReplaceAll(rapid.String().Draw(p.r, what), "\x00", "")
}

func (p *pair) at() time.Time { return begin.Add(time.Duration(p.number("time", 20)) * time.Minute) }

// both does something to both stores and compares the answers, and the kinds of the errors.
func (p *pair) both(what string, do func(store.Store) (any, error)) error {
	got, err := do(p.one)
	also, alsoErr := do(p.other)
	if said(err) != said(alsoErr) {
		p.r.Fatalf("%s: one says %v, the other %v", what, err, alsoErr)
	}
	if diff := cmp.Diff(got, also, cmpopts.EquateEmpty()); diff != "" {
		p.r.Fatalf("%s (-one +other):\n%s", what, diff)
	}
	return err
}

// said is what an error says to a program.
func said(err error) string {
	var known *store.Known
	switch {
	case err == nil:
		return "yes"
	case errors.As(err, &known):
		return fmt.Sprintf("known %v", known.Key)
	case errors.Is(err, store.ErrMoved):
		return "moved"
	}
	return string(chat.KindOf(err))
}

// append makes an append, and remembers the fold if it was stored.
func (p *pair) append(n int, a store.Append) {
	if p.both("append", func(s store.Store) (any, error) { return nil, s.Append(p.t.Context(), a) }) == nil {
		p.folds[n] = a.Next
	}
}

func (p *pair) begin() {
	n := p.number("conversation", 12)
	c := fresh(n, visitorID(p.number("visitor", 3)))
	c.Site = []string{"shop", "blog"}[p.number("site", 1)]
	p.append(n, p.step(c))
}

func (p *pair) goOn() {
	n := p.number("conversation", 12)
	c, ok := p.folds[n]
	if !ok {
		p.r.Skip()
	}
	a := p.step(c)
	if back := p.number("back", 9); back < 2 && a.Pos > 0 { // from a position that may be past
		a.Pos--
		a.Next.Pos--
		for i := range a.Events {
			a.Events[i].Pos--
			a.Events[i].AgentSeq, a.Events[i].VisitorSeq = min(a.Events[i].AgentSeq, a.Pos), min(a.Events[i].VisitorSeq, a.Pos)
		}
	}
	p.append(n, a)
}

// step takes a conversation some way on: it may change hands, be offered, get or lose a deadline or a letter, be closed
// or reopened; on the condition of what an agent holds, or on none.
func (p *pair) step(c chat.Conversation) store.Append {
	c.State = []chat.State{chat.WithBot, chat.Waiting, chat.WithAgent, chat.Snoozed, chat.Closed}[p.number("state", 4)]
	if c.Agent = ""; c.State == chat.WithAgent || c.State == chat.Snoozed {
		c.Agent = agentID(p.number("agent", 2))
	}
	if c.ClosedAt = (time.Time{}); c.State == chat.Closed {
		c.ClosedAt = p.at()
	}
	if c.Due = nil; p.number("due", 1) == 1 {
		c.Due = &chat.Due{At: p.at(), What: chat.DueWord}
	}
	if c.Letter = nil; p.number("letter", 2) == 0 {
		c.Letter = &chat.Letter{At: p.at(), Of: c.Pos}
	}
	if c.Offer = nil; c.State == chat.Waiting && p.number("offer", 1) == 1 {
		c.Offer = &chat.Offer{Agent: agentID(p.number("agent", 2)), Until: p.at()}
	}
	kinds := []chat.Kind{chat.KindMessage, chat.KindNote, chat.KindBotState, chat.KindClosed, chat.KindErased}
	var events []chat.Event
	for range p.number("events", 3) {
		e := kind(kinds[p.number("kind", len(kinds)-1)])
		if e.Kind == chat.KindMessage {
			e.Contents.Text = p.text("text")
		}
		events = append(events, e)
	}
	a := appendOf(c, events...)
	if len(events) == 0 {
		a.Next = p.folds[int(c.OpenedAt.Sub(begin)/time.Second)] // nothing happened, so nothing has changed
	}
	a.At = p.at()
	if p.number("holds", 2) == 0 { // which it may or may not be
		a.Holds = &store.Holds{Agent: agentID(p.number("agent", 2)), Count: p.number("count", 2)}
	}
	for range p.number("keys", 2) {
		a = withKey(a, keyID(p.number("key", 30)))
	}
	return a
}

func (p *pair) keys() {
	sender, key := visitorID(p.number("visitor", 3)), keyID(p.number("key", 30))
	p.both("known", func(s store.Store) (any, error) {
		ack, known, err := s.Known(p.t.Context(), sender, key)
		return []any{ack, known}, err
	})
	if before := p.at(); p.number("forget", 9) == 0 {
		p.both("forget keys", func(s store.Store) (any, error) { return s.ForgetKeys(p.t.Context(), before) })
	}
}

func (p *pair) read() {
	ctx, n := p.t.Context(), p.number("conversation", 12)
	p.both("conversation", func(s store.Store) (any, error) { return s.Conversation(ctx, conversationID(n)) })
	audience, after, limit := store.Audience(p.number("audience", 2)), int64(p.number("after", 9)-1), p.number("limit", 5)
	p.both("events", func(s store.Store) (any, error) {
		return s.EventsAfter(ctx, conversationID(n), audience, after, limit)
	})
	visitor := visitorID(p.number("visitor", 3))
	p.both("open", func(s store.Store) (any, error) { return s.OpenOf(ctx, "shop", visitor) })
}

func (p *pair) lists() {
	ctx, limit := p.t.Context(), 1+p.number("limit", 5)
	listed := func(what string, list func(store.Store, store.Page) ([]chat.Conversation, string, error)) {
		for page := (store.Page{Limit: limit}); ; {
			var next string
			if p.both(what, func(s store.Store) (any, error) {
				all, cursor, err := list(s, page)
				next = cursor
				return []any{all, cursor}, err
			}) != nil || next == "" {
				return
			}
			page.After = next
		}
	}
	visitor, state, now := visitorID(p.number("visitor", 3)), []chat.State{chat.WithBot, chat.Waiting, chat.Closed}[p.number("state", 2)], p.at()
	listed("latest", func(s store.Store, page store.Page) ([]chat.Conversation, string, error) {
		return s.LatestOf(ctx, visitor, page)
	})
	listed("in state", func(s store.Store, page store.Page) ([]chat.Conversation, string, error) {
		return s.InState(ctx, state, page)
	})
	p.both("due", func(s store.Store) (any, error) { return s.Due(ctx, now, limit) })
	p.both("owned", func(s store.Store) (any, error) { return s.OwnedBy(ctx, agentID(limit%3)) })
	p.both("held", func(s store.Store) (any, error) { return s.HeldBy(ctx, agentID(limit%3)) })
	p.both("each", func(s store.Store) (any, error) {
		var all []chat.Conversation
		err := s.Each(ctx, func(c chat.Conversation) error { all = append(all, c); return nil })
		return all, err
	})
	p.both("changed", func(s store.Store) (any, error) {
		i := slices.Index([]store.Store{p.one, p.other}, s)
		last := map[string]store.Head{}
		for {
			heads, cursor, err := s.Changed(ctx, p.cursors[i], max(limit, 1))
			if p.cursors[i] = cursor; err != nil || len(heads) == 0 {
				return last, err
			}
			for _, h := range heads {
				last[h.Conversation] = h
			}
		}
	})
}

func (p *pair) marks() {
	c, by, seq := conversationID(p.number("conversation", 3)), []chat.Role{chat.RoleVisitor, chat.RoleAgent, chat.RoleBot}[p.number("by", 2)], int64(p.number("seq", 9))
	p.both("mark", func(s store.Store) (any, error) { return nil, s.MarkRead(p.t.Context(), c, by, seq) })
	p.both("marks", func(s store.Store) (any, error) {
		return s.ReadMarks(p.t.Context(), []string{conversationID(0), conversationID(2), conversationID(3)})
	})
}

func (p *pair) visitors() {
	ctx, seen := p.t.Context(), p.at()
	v := store.Visitor{ID: visitorID(p.number("visitor", 3)), Site: "shop", TokenHash: fmt.Sprint(p.number("token", 5)),
		Name: p.text("name"), CreatedAt: p.at(), SeenAt: p.at()}
	p.both("put visitor", func(s store.Store) (any, error) { return nil, s.PutVisitor(ctx, v) })
	if p.number("erase", 9) == 0 {
		p.both("erase", func(s store.Store) (any, error) { return nil, s.EraseVisitor(ctx, v.ID, seen, act(1)) })
	}
	p.both("erasures", func(s store.Store) (any, error) {
		ids, next, err := s.Erasures(ctx, store.Page{Limit: 2})
		return []any{ids, next}, err
	})
	p.both("touch", func(s store.Store) (any, error) { return nil, s.TouchVisitor(ctx, visitorID(1), seen) })
	p.both("visitor", func(s store.Store) (any, error) { return s.Visitor(ctx, visitorID(1)) })
	p.both("token", func(s store.Store) (any, error) {
		v, recent, err := s.VisitorByToken(ctx, "3", seen)
		return []any{v, recent}, err
	})
}

func (p *pair) staff() {
	ctx, n := p.t.Context(), p.number("agent", 3)
	a := store.Agent{Agent: staff.Agent{ID: agentID(n), Email: []string{"a@x.example", "A@X.example ", "b@x.example"}[p.number("email", 2)],
		Name: p.text("name"), Role: staff.RoleAgent}, CreatedAt: p.at()}
	if p.number("disabled", 1) == 1 {
		at := p.at()
		a.DisabledAt = &at
	}
	p.both("put agent", func(s store.Store) (any, error) { return nil, s.PutAgent(ctx, a, act(n)) })
	p.both("agents", func(s store.Store) (any, error) { return s.Agents(ctx) })
	p.both("by email", func(s store.Store) (any, error) { return s.AgentByEmail(ctx, "a@X.EXAMPLE") })
	p.both("acts", func(s store.Store) (any, error) { return s.Acts(ctx, int64(n), 1+n) })
}

func (p *pair) sessions() {
	ctx, at, agent := p.t.Context(), p.at(), agentID(p.number("agent", 2))
	hash := func() string { return fmt.Sprint(p.number("token", 8)) }
	session := store.Session{TokenHash: hash(), Agent: agent, CreatedAt: at, SeenAt: at, ExpiresAt: p.at()}
	touched, ended := hash(), hash()
	p.both("put session", func(s store.Store) (any, error) { return nil, s.PutSession(ctx, session) })
	p.both("touch session", func(s store.Store) (any, error) { return nil, s.TouchSession(ctx, touched, at, at) })
	switch p.number("end", 5) {
	case 0:
		p.both("end session", func(s store.Store) (any, error) { return nil, s.EndSession(ctx, ended) })
	case 1:
		p.both("end sessions", func(s store.Store) (any, error) { return s.EndSessionsOf(ctx, agent, ended) })
	case 2:
		p.both("forget sessions", func(s store.Store) (any, error) { return s.ForgetSessions(ctx, at) })
	}
	p.both("sessions", func(s store.Store) (any, error) { return s.SessionsOf(ctx, agent) })
	p.both("any session used", func(s store.Store) (any, error) { return s.AnySessionUsed(ctx, at, at.Add(time.Hour)) })
	p.both("attempt", func(s store.Store) (any, error) {
		n, until, err := s.Attempt(ctx, agent, at, 5*time.Minute)
		return []any{n, until}, err
	})
}

func (p *pair) settings() {
	ctx, name, value := p.t.Context(), fmt.Sprint(p.number("name", 3)), rapid.SliceOf(rapid.Byte()).Draw(p.r, "value")
	switch p.number("put or drop", 3) {
	case 0:
		p.both("drop setting", func(s store.Store) (any, error) { return nil, s.DropSetting(ctx, name) })
	case 1, 2:
		p.both("put setting", func(s store.Store) (any, error) { return nil, s.PutSetting(ctx, name, value) })
	}
	p.both("setting or put", func(s store.Store) (any, error) { return s.SettingOrPut(ctx, name, value) })
	p.both("setting", func(s store.Store) (any, error) { return s.Setting(ctx, fmt.Sprint(3-len(value)%4)) })
}
