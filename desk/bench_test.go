package desk

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
	demobot "github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// routine are questions that the demo's bot answers by itself, one after the other.
var routine = []string{
	"What are your opening hours?", "How should I store the beans?", "Which grind for a French press?", "Do you ship abroad?",
	"How do I pay?", "Can I buy a gift card?", "Is there a decaf?", "Where are you?",
}

// BenchmarkPost measures a customer's post from the desk's door to the ack, with the bot's answer in the same commit:
// 50 conversations, each with one post in flight.
func BenchmarkPost(b *testing.B) {
	ctx := b.Context()
	s, err := sqlstore.Open(ctx, sqlstore.Options{Path: b.TempDir() + "/kohta.db"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	theirs, faults := bot.Load(demobot.Folder())
	if theirs == nil {
		b.Fatal(faults)
	}
	signals := membus.New()
	go signals.Run(ctx)
	d := New(Options{
		Store: s, Line: memline.New(nil), Roster: memline.NewRoster(nil), Bus: signals, Bot: func() plan.Bot { return theirs },
		Base: func() string { return "" }, Log: zap.NewNop(),
	})
	team := staff.NewTeam("support", "Support")
	site := staff.Site{Slug: "demo", Name: "Demo", Team: "support", Language: "en"}
	if err := s.PutTeam(ctx, team); err != nil {
		b.Fatal(err)
	}
	if err := s.PutSite(ctx, site); err != nil {
		b.Fatal(err)
	}
	if err := d.refresh(ctx); err != nil {
		b.Fatal(err)
	}
	const customers = 50
	each := b.N/customers + 1
	done := make(chan error, customers)
	b.ResetTimer()
	for range customers {
		go func() { done <- chatAway(b, d, each) }()
	}
	for range customers {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(each*customers)/b.Elapsed().Seconds(), "posts/s")
}

func chatAway(b *testing.B, d *Desk, posts int) error {
	g, _, err := d.VisitorHello(b.Context(), "demo", "", "en", nil)
	if err != nil {
		return err
	}
	me, ack := staff.AsVisitor(g.Visitor), store.Ack{}
	for i := range posts {
		if i%len(routine) == 0 && i > 0 {
			if _, err := d.Do(b.Context(), me, ack.Conversation, uuid.NewString(), 0, chat.End{}); err != nil {
				return fmt.Errorf("end: %w", err)
			}
			ack = store.Ack{}
		}
		if ack, err = d.Do(b.Context(), me, ack.Conversation, uuid.NewString(), 0, chat.Post{Text: routine[i%len(routine)]}); err != nil {
			return fmt.Errorf("post: %w", err)
		}
	}
	return nil
}
