package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta/demo"
	"github.com/kohta/kohta/store"
)

// seedHistory gives the demo's desk a past. Ids follow from the history's own, so that seeding twice changes nothing.
func seedHistory(ctx context.Context, s store.Store, now time.Time) error {
	history, err := demo.History()
	if err != nil {
		return err
	}
	for _, past := range history {
		if err := seedPast(ctx, s, past, now); err != nil {
			return fmt.Errorf("seed %s: %w", past.ID, err)
		}
	}
	return nil
}

// seedSpace makes ids of the demo's names.
var seedSpace = uuid.MustParse("6f0f2a9e-6d0b-4a52-9f0c-3f7a4f1d7a10")

func seedID(kind, name string) string {
	return uuid.NewSHA1(seedSpace, []byte(kind+"/"+name)).String()
}

func seedPast(ctx context.Context, s store.Store, past demo.Past, now time.Time) error {
	id := seedID("conversation", past.ID)
	if _, err := s.Conversation(ctx, id); chat.KindOf(err) != chat.NotFound {
		return err
	}
	t := &tale{past: past, at: startOf(past, now), c: chat.Conversation{ID: id}}
	visitor := store.Visitor{
		ID: seedID("visitor", past.Visitor.Key), Site: demoSite, Name: past.Visitor.Name, Language: past.Language,
		TokenHash: unusable(past.Visitor.Key), CreatedAt: t.at, SeenAt: t.at,
	}
	if known, err := s.Visitor(ctx, visitor.ID); err == nil && known.CreatedAt.Before(visitor.CreatedAt) {
		visitor.CreatedAt = known.CreatedAt
	}
	if err := s.PutVisitor(ctx, visitor); err != nil {
		return err
	}
	t.visitor = chat.From{Role: chat.RoleVisitor, ID: visitor.ID}
	t.agent, t.name = handler(past.HandledBy)
	if err := t.tell(); err != nil {
		return err
	}
	err := s.Append(ctx, store.Append{Next: t.c, Events: t.log, At: t.at})
	if errors.Is(err, store.ErrMoved) {
		return nil // another node has seeded it meanwhile
	}
	return err
}

// unusable is a token's hash that no token has: nobody can come back as a visitor of the past.
func unusable(key string) string {
	sum := sha256.Sum256([]byte("seeded, no token: " + key))
	return "seed" + hex.EncodeToString(sum[:])[4:]
}

func startOf(past demo.Past, now time.Time) time.Time {
	at, err := time.Parse("15:04", past.At)
	if err != nil {
		at = time.Time{}.Add(12 * time.Hour)
	}
	day := now.AddDate(0, 0, -past.DaysAgo)
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, day.Location()).UTC()
}

func handler(name string) (chat.From, string) {
	for _, a := range demoAgents() {
		if strings.HasPrefix(a.Email, name+"@") {
			return chat.From{Role: chat.RoleAgent, ID: a.ID}, a.Name
		}
	}
	return chat.From{}, ""
}

// tale tells a conversation of the past through the same decisions as a live one.
type tale struct {
	past    demo.Past
	at      time.Time
	c       chat.Conversation
	log     []chat.Event
	visitor chat.From
	agent   chat.From
	name    string
}

func (t *tale) do(by chat.From, cmd chat.Command) error {
	env := chat.Envelope{At: t.at, By: by, Patience: chat.Usual}
	if by.Role == chat.RoleAgent {
		env.Name = t.name
	}
	c, events, err := chat.Decide(t.c, env, cmd)
	if err != nil {
		return fmt.Errorf("%T in state %s: %w", cmd, t.c.State, err)
	}
	t.c, t.log = c, append(t.log, events...)
	return nil
}

func (t *tale) tell() error {
	open := chat.Open{Site: demoSite, Visitor: t.visitor.ID, Language: t.past.Language, Team: demoTeam}
	if err := t.do(chat.From{Role: chat.RoleSystem}, open); err != nil {
		return err
	}
	begin := t.at
	for _, line := range t.past.Lines {
		t.at = begin.Add(time.Duration(line.Minute) * time.Minute)
		if err := t.line(line); err != nil {
			return err
		}
	}
	t.at = t.at.Add(time.Minute)
	return t.end()
}

func (t *tale) line(line demo.PastLine) error {
	switch chat.Role(line.Role) {
	case chat.RoleVisitor:
		if err := t.do(t.visitor, chat.Post{Text: line.Text}); err != nil {
			return err
		}
		return t.feel(line.Text)
	case chat.RoleBot:
		return t.do(chat.From{Role: chat.RoleBot}, chat.Say{Text: line.Text, Intent: line.Intent})
	}
	if err := t.bringPerson(); err != nil {
		return err
	}
	return t.do(t.agent, chat.Post{Text: line.Text})
}

// feel notes the feeling at the message that carries its quote.
func (t *tale) feel(text string) error {
	f := t.past.Feeling
	if f.Name == "" || f.Name == chat.Calm || f.Quote == "" || !strings.Contains(text, f.Quote) {
		return nil
	}
	return t.do(chat.From{Role: chat.RoleBot}, chat.Feel{
		Feeling: chat.Feeling{Name: f.Name, Intensity: f.Intensity, Quote: f.Quote}, Of: t.c.AgentSeq,
	})
}

// bringPerson hands over before the agent's first words.
func (t *tale) bringPerson() error {
	if t.c.State != chat.WithBot {
		return nil
	}
	why := chat.Escalate{Reason: chat.ReasonAsked, Team: demoTeam, Baton: &chat.Baton{Wants: t.past.About, Promises: t.past.Promises}}
	if t.past.Escalated != nil {
		why.Reason, why.Quote = t.past.Escalated.Reason, t.past.Escalated.Quote
	}
	why.Baton.Reason, why.Baton.Quote = why.Reason, why.Quote
	if err := t.do(chat.From{Role: chat.RoleBot}, why); err != nil {
		return err
	}
	return t.do(t.agent, chat.Take{})
}

// end closes the tale: nothing of the past waits for an answer today.
func (t *tale) end() error {
	by, closing := t.visitor, chat.Command(chat.End{})
	if t.c.State == chat.WithAgent {
		by, closing = t.agent, chat.Resolve{}
	}
	if err := t.do(by, closing); err != nil {
		return err
	}
	if r := t.past.Rating; r != nil {
		return t.do(t.visitor, chat.Rate{Survey: "csat", Score: r.Score, Comment: r.Comment})
	}
	return nil
}
