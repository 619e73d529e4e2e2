package routing_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func minutesAgo(m int) time.Time { return now.Add(-time.Duration(m) * time.Minute) }

// Bounded overtaking: who comes later goes first by its head start at most.
func TestCompareBoundsOvertaking(t *testing.T) {
	draw := rapid.Custom(func(r *rapid.T) routing.Ticket {
		return routing.Ticket{
			Conversation: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "conversation"),
			Since:        now.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "since")) * time.Minute),
			HeadStart:    rapid.SampledFrom([]time.Duration{0, 0, 2 * time.Minute, 5 * time.Minute, routing.MaxHeadStart}).Draw(r, "head start"),
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		a, b := draw.Draw(r, "a"), draw.Draw(r, "b")
		if routing.Compare(a, b) != -routing.Compare(b, a) {
			r.Fatal("the order depends on who asks")
		}
		if later := b.Since.Sub(a.Since); routing.Compare(b, a) < 0 && later > b.HeadStart {
			r.Fatalf("b came %s later and overtook with a head start of %s", later, b.HeadStart)
		}
	})
}

func TestTicketCheck(t *testing.T) {
	good := routing.Ticket{Conversation: "a", Team: "support", Since: now, HeadStart: routing.MaxHeadStart}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*routing.Ticket){
		"conversation": func(t *routing.Ticket) { t.Conversation = strings.Repeat("a", 65) },
		"skills":       func(t *routing.Ticket) { t.Skills = make([]string, 17) },
		"except":       func(t *routing.Ticket) { t.Except = make([]string, 17) },
		"also":         func(t *routing.Ticket) { t.Also = make([]string, 9) },
		"weight":       func(t *routing.Ticket) { t.Weight = -1 },
		"head start":   func(t *routing.Ticket) { t.HeadStart = -1 },
		"since":        func(t *routing.Ticket) { t.Since = time.Time{} },
		"team":         func(t *routing.Ticket) { t.Team = "Support" },
	} {
		bad := good
		spoil(&bad)
		if chat.KindOf(bad.Check()) != chat.Invalid {
			t.Errorf("a bad %s passes: %v", name, bad.Check())
		}
	}
}
