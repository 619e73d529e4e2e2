package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/outbound/mail"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

// simStore is the store as a node sees it: far away, sometimes not there, and sometimes silent about what it has done.
type simStore struct {
	*memstore.Store
	n *node
}

// reach is the way to the store.
func (s simStore) reach() error {
	s.n.effect()
	if s.n.w.away {
		return chat.Errorf(chat.Unavailable, "the store is away")
	}
	return nil
}

// read reaches the store for something that changes nothing.
func read[T any](s simStore, do func() (T, error)) (T, error) {
	if err := s.reach(); err != nil {
		var none T
		return none, err
	}
	return do()
}

func (s simStore) Append(ctx context.Context, a store.Append) error {
	if err := s.reach(); err != nil {
		return err
	}
	w := s.n.w
	if w.chance(w.rates.refuse) {
		return chat.Errorf(chat.Unavailable, "refused")
	}
	if w.bug != "" {
		if a = w.mistakenAppend(a); w.acksTooEarly(a) {
			return nil
		}
	}
	err := s.Store.Append(ctx, a)
	if w.appended != nil {
		w.appended(a, err)
	}
	if err != nil {
		return err
	}
	if w.trace != nil {
		for _, e := range a.Events {
			w.say("%s  %s %s by %s%s %s %s %q", s.n.name, short(a.Next.ID), e.Kind, e.From.Role, short(e.From.ID), short(e.Detail.Agent), e.Detail.Reason, e.Contents.Text)
		}
	}
	if len(a.Events) > 0 {
		*w.head(a.Next.ID) = a.Next
	}
	s.n.sent = s.n.sent || a.Next.Action != nil || a.Next.Letter != nil
	w.oracle.step(s.n, &a)
	s.n.effect() // it may end before it hears of it
	if w.chance(w.rates.unanswered) {
		return chat.Errorf(chat.Unavailable, "the answer was lost")
	}
	return nil
}

func (s simStore) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	return read(s, func() (chat.Conversation, error) { return s.Store.Conversation(ctx, id) })
}

func (s simStore) OpenOf(ctx context.Context, site, visitor string) (chat.Conversation, error) {
	return read(s, func() (chat.Conversation, error) { return s.Store.OpenOf(ctx, site, visitor) })
}

func (s simStore) LatestOf(ctx context.Context, visitor string, page store.Page) (list []chat.Conversation, next string, err error) {
	if err := s.reach(); err != nil {
		return nil, "", err
	}
	return s.Store.LatestOf(ctx, visitor, page)
}

func (s simStore) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return read(s, func() ([]string, error) { return s.Store.Due(ctx, now, limit) })
}

func (s simStore) InState(ctx context.Context, state chat.State, page store.Page) (list []chat.Conversation, next string, err error) {
	if err := s.reach(); err != nil {
		return nil, "", err
	}
	return s.Store.InState(ctx, state, page)
}

func (s simStore) OwnedBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return read(s, func() ([]chat.Conversation, error) { return s.Store.OwnedBy(ctx, agent) })
}

func (s simStore) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return read(s, func() ([]chat.Conversation, error) { return s.Store.HeldBy(ctx, agent) })
}

func (s simStore) EventsAfter(ctx context.Context, conversation string, audience store.Audience, after int64, limit int) ([]chat.Event, error) {
	return read(s, func() ([]chat.Event, error) { return s.Store.EventsAfter(ctx, conversation, audience, after, limit) })
}

func (s simStore) Known(ctx context.Context, sender, key string) (ack store.Ack, ok bool, err error) {
	if err := s.reach(); err != nil {
		return ack, false, err
	}
	return s.Store.Known(ctx, sender, key)
}

func (s simStore) Agents(ctx context.Context) ([]store.Agent, error) {
	list, err := s.Store.Agents(ctx)
	if s.n.w.bug == "what is raised goes to anybody" { // for nobody counts as a supervisor
		for i := range list {
			list[i].Role = staff.RoleAgent
		}
	}
	return list, err
}

func (s simStore) PutVisitor(ctx context.Context, v store.Visitor) error {
	if err := s.reach(); err != nil {
		return err
	}
	if s.n.w.met != nil {
		s.n.w.met(v)
	}
	return s.Store.PutVisitor(ctx, v)
}

// short is the end of an id, which tells it from others.
func short(id string) string { return strings.TrimLeft(id[max(0, len(id)-6):], "0") }

// simLine is the line as a node sees it.
type simLine struct{ n *node }

// line reaches the world's line, which may be another than a moment before.
func (l simLine) line() routing.Line {
	l.n.effect()
	return l.n.w.line
}

func (l simLine) Put(ctx context.Context, t routing.Ticket) error {
	return l.line().Put(ctx, l.n.w.mistakenTicket(t))
}

func (l simLine) Claim(ctx context.Context, team string, by routing.Taker) (routing.Ticket, bool, error) {
	return l.line().Claim(ctx, team, by)
}

func (l simLine) ClaimTicket(ctx context.Context, team, conversation string, by routing.Taker) (routing.Ticket, bool, error) {
	return l.line().ClaimTicket(ctx, team, conversation, by)
}

func (l simLine) Renew(ctx context.Context, team, conversation, agent string, lease time.Duration) (bool, error) {
	return l.line().Renew(ctx, team, conversation, agent, lease)
}

func (l simLine) Release(ctx context.Context, team, conversation, agent string) error {
	return l.line().Release(ctx, team, conversation, agent)
}

func (l simLine) Drop(ctx context.Context, team, conversation string) error {
	if l.n.w.bug == "dropped tickets stay" {
		return nil
	}
	return l.line().Drop(ctx, team, conversation)
}

func (l simLine) Place(ctx context.Context, team, conversation string) (place, total int, err error) {
	return l.n.w.line.Place(ctx, team, conversation) // for what is told alone
}

func (l simLine) List(ctx context.Context, team string, limit int) ([]routing.Ticket, int, error) {
	return l.n.w.line.List(ctx, team, limit)
}

func (l simLine) Heads(ctx context.Context, team string, n int) ([]routing.Ticket, error) {
	return l.line().Heads(ctx, team, n)
}

func (l simLine) Reconcile(ctx context.Context, team string, do func(context.Context, func([]routing.Ticket) error) error) (routing.Repairs, error) {
	return l.line().Reconcile(ctx, team, func(ctx context.Context, add func([]routing.Ticket) error) error {
		return do(ctx, func(list []routing.Ticket) error {
			l.n.effect()
			return add(l.n.w.mistakenLine(list))
		})
	})
}

func (l simLine) Ping(context.Context) error { return nil }

// simRoster is who is there, as a node sees it. It notes how it really stood when the node looked: what is decided upon
// it may be old when it is carried out.
type simRoster struct{ n *node }

func (r simRoster) Set(ctx context.Context, agent string, status routing.Status, reason string) (routing.Presence, error) {
	r.n.effect()
	if r.n.w.trace != nil {
		r.n.w.say("%s  %s is %s %s", r.n.name, short(agent), status, reason)
	}
	return r.n.w.roster.Set(ctx, agent, status, reason)
}

func (r simRoster) Note(ctx context.Context, agent string, was, status routing.Status, reason string) (routing.Presence, bool, error) {
	r.n.effect()
	p, ok, err := r.n.w.roster.Note(ctx, agent, was, status, reason)
	r.n.w.say("%s  %s is found %s %s: %v", r.n.name, short(agent), status, reason, ok)
	return p, ok, err
}

func (r simRoster) Renew(ctx context.Context, agents []string) ([]string, error) {
	r.n.effect()
	return r.n.w.roster.Renew(ctx, agents)
}

func (r simRoster) Lose(ctx context.Context, agent string) error {
	r.n.effect()
	r.n.w.say("%s  %s is lost", r.n.name, short(agent))
	return r.n.w.roster.Lose(ctx, agent)
}

func (r simRoster) Idle(ctx context.Context, agent string) error {
	return r.n.w.roster.Idle(ctx, agent)
}

func (r simRoster) Finished(ctx context.Context, agent string, strain int, rest time.Duration) error {
	return r.n.w.roster.Finished(ctx, agent, strain, rest)
}

func (r simRoster) Get(ctx context.Context, agent string) (routing.Presence, error) {
	p, err := r.n.w.roster.Get(ctx, agent)
	r.n.sees(&p)
	return r.n.w.mistakenPresence(p), err
}

func (r simRoster) List(ctx context.Context) ([]routing.Presence, error) {
	r.n.effect()
	list, err := r.n.w.roster.List(ctx)
	r.n.seesAll(list)
	if r.n.w.bug != "" {
		list = slices.Clone(list)
		for i, p := range list {
			list[i] = r.n.w.mistakenPresence(p)
		}
	}
	return list, err
}

func (r simRoster) Ping(context.Context) error { return nil }

// simBus tells the other nodes, which may not hear it.
type simBus struct{ n *node }

func (b simBus) Publish(_ context.Context, m bus.Message) {
	if len(m.Events) > 0 {
		b.n.w.publish(b.n, &m)
		if m.Next.State == chat.Waiting || m.Next.State == chat.Closed {
			b.n.assign()
		}
		return
	}
	b.n.hear(&m) // a healing node tells those who are connected to it where things stand
}

func (b simBus) Signal(context.Context, bus.Signal) {}

func (b simBus) Subscribe(bus.Handler) func() { return func() {} }

func (b simBus) Run(ctx context.Context) error { return nil }

func (b simBus) Dropped() bus.Dropped { return bus.Dropped{} }

// outside is what the bot asks: it answers, late, or not at all.
type outside struct{ n *node }

func (o outside) Do(_ context.Context, a chat.Action) chat.ActionResult {
	o.n.effect()
	if o.n.w.IntN(4) == 0 {
		return chat.ActionResult{ID: a.ID, Error: "timeout"}
	}
	return chat.ActionResult{ID: a.ID, Status: 200, Body: "{}"}
}

// Send is the way of a letter, which may come to nothing.
func (o outside) Send(context.Context, mail.Letter) error {
	o.n.effect()
	if o.n.w.chance(.2) {
		return chat.Errorf(chat.Unavailable, "the post is closed")
	}
	return nil
}

// words that the scripted bot understands.
const (
	wantsHuman  = "ihminen"
	wantsLookup = "tilaus"
	feelsBad    = "vihainen"
	inDanger    = "hätä"
)

// scripted is a bot of four words, so that a schedule costs no understanding.
type scripted struct{}

func scriptedBot() plan.Bot { return scripted{} }

func (scripted) Reply(in bot.Input) bot.Output {
	escalate := func(reason string, f *chat.Feeling) bot.Output {
		return bot.Output{Say: []bot.Say{{Text: "Haen ihmisen."}}, Feeling: f, Escalate: &bot.Escalation{Reason: reason, Quote: in.Text}}
	}
	switch {
	case in.Asked || in.Text == wantsHuman:
		return escalate(chat.ReasonAsked, nil)
	case in.Text == feelsBad:
		return escalate(chat.ReasonFeeling, &chat.Feeling{Name: chat.Angry, Intensity: .9, Quote: in.Text})
	case in.Text == inDanger:
		return escalate(chat.ReasonCrisis, &chat.Feeling{Name: chat.InCrisis, Intensity: 1, Quote: in.Text})
	case in.Result != nil && in.Result.Error != "":
		return escalate(chat.ReasonBotFailed, nil)
	case in.Result != nil:
		return bot.Output{Say: []bot.Say{{Text: "Se on matkalla."}}}
	case in.Text == wantsLookup:
		return bot.Output{Say: []bot.Say{{Text: "Katson."}}, Action: &chat.Action{ID: "order", Timeout: time.Second}}
	}
	return bot.Output{Say: []bot.Say{{Text: "Selvä."}}}
}

func (scripted) Feel(text, _ string) *chat.Feeling {
	switch text {
	case feelsBad:
		return &chat.Feeling{Name: chat.Angry, Intensity: .9, Quote: text}
	case inDanger:
		return &chat.Feeling{Name: chat.InCrisis, Intensity: 1, Quote: text}
	}
	return nil
}

func (scripted) Crisis(string) string { return "Soita 112." }
