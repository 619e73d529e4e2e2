package baton

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kohta/kohta/chat"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each golden file is a baton as an agent gets it. Read them as a colleague would.
func TestGolden(t *testing.T) {
	for name, in := range conversations() {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(Of(in.c, in.visits, in.cause), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimSpace(string(want)), string(got)); d != "" {
				t.Errorf("want -, got +:\n%s", d)
			}
		})
	}
}

type input struct {
	c      chat.Conversation
	visits []chat.Visit
	cause  Cause
}

func conversations() map[string]input {
	noon := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	line := func(seq int64, role chat.Role, text, intent string) chat.Line {
		return chat.Line{Seq: seq, At: noon.Add(time.Duration(seq) * time.Minute), Role: role, Text: text, Intent: intent}
	}
	return map[string]input{
		"fi-feeling": {
			c: chat.Conversation{
				ID: "c3", Language: "fi", Lines: []chat.Line{
					line(1, chat.RoleVisitor, "Moi! Koska mun tilaus 10234 tulee?", "track_order"),
					line(2, chat.RoleBot, "Hei. Olen botti, en ihminen. Katson tilauksesi.", "track_order"),
					line(4, chat.RoleBot, "Tilaus 10234 lähti 14.3. Se on perillä arviolta 17.3.", "track_order"),
					line(5, chat.RoleVisitor, "tää on jo kolmas kerta kun kysyn, ihan surkeeta", ""),
					line(6, chat.RoleBot, "Haen ihmisen, koska tästä on ollut sinulle harmia.", ""),
				},
				Fields:   map[string]string{"order_number": "10234"},
				Feelings: []chat.FeelingMark{{Feeling: chat.Feeling{Name: chat.Frustrated, Intensity: 0.76, Quote: "jo kolmas kerta"}, Seq: 5}},
			},
			visits: []chat.Visit{
				{Conversation: "c1", At: noon.AddDate(0, -4, 0), About: "takin koko", Outcome: "resolved", Feeling: chat.Pleased},
				{Conversation: "c2", At: noon.AddDate(0, 0, -13), About: "sama asia", Outcome: "open", Feeling: chat.Frustrated, Promises: []string{"Hyvitys 12.3. mennessä"}},
				{Conversation: "c3", At: noon, About: "tämä keskustelu"},
			},
			cause: Cause{Reason: chat.ReasonFeeling, Quote: "tää on jo kolmas kerta kun kysyn, ihan surkeeta", Fields: map[string]string{"email": "marja@posti.example"}},
		},
		"sv-stuck": {
			c: chat.Conversation{
				ID: "c4", Language: "sv", Lines: []chat.Line{
					line(1, chat.RoleVisitor, "hej", "greet"),
					line(1, chat.RoleBot, "Hej. Jag är en bot. Vad kan jag hjälpa till med?", ""),
					line(1, chat.RoleVisitor, "hur länge håller presentkortet", "gift_card"),
					line(2, chat.RoleBot, "Ett presentkort gäller i två år.", "gift_card"),
					line(3, chat.RoleVisitor, "men kan man dela upp det", "gift_card"),
					line(4, chat.RoleBot, "Ett presentkort gäller i två år.", "gift_card"),
					line(5, chat.RoleVisitor, "det hjälper inte", ""),
				},
				Asked: []chat.Asked{{VisitorSeq: 4, Form: "card_balance", Fields: []chat.Field{{Name: "card", Label: "Kortets nummer"}, {Name: "email", Label: "E-post"}}}},
			},
			cause: Cause{Reason: chat.ReasonStuck, Quote: "det hjälper inte"},
		},
		"en-bot-failed": {
			c: chat.Conversation{
				ID: "c5", Language: "en", Promise: &chat.Promise{At: noon.AddDate(0, 0, 1)}, Lines: []chat.Line{
					line(1, chat.RoleVisitor, "Where is my order?", "track_order"),
					line(2, chat.RoleBot, "What is your order number?", "track_order"),
					line(3, chat.RoleVisitor, "10234", ""),
				},
				Fields: map[string]string{"order_number": "10234"},
			},
			cause: Cause{Reason: chat.ReasonBotFailed},
		},
		"fi-crisis": {
			c:     chat.Conversation{ID: "c6", Language: "fi", Lines: []chat.Line{line(1, chat.RoleVisitor, strings.Repeat("en jaksa enää ", 30), "")}},
			cause: Cause{Reason: chat.ReasonCrisis},
		},
		"empty": {c: chat.Conversation{}, cause: Cause{Reason: chat.ReasonAsked}},
	}
}

func TestThereIsASuggestionForEveryReason(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en", "de"} {
		for _, reason := range []string{chat.ReasonAsked, chat.ReasonFeeling, chat.ReasonCrisis, chat.ReasonComplex, chat.ReasonStuck, chat.ReasonRule, chat.ReasonBotFailed} {
			if wordsOf(lang).suggestion[reason] == "" {
				t.Errorf("%s suggests nothing for %s", lang, reason)
			}
		}
	}
}

func TestOfChangesNothingItWasGiven(t *testing.T) {
	in := conversations()["fi-feeling"]
	before, _ := json.Marshal([]any{in.c, in.visits, in.cause})
	b := Of(in.c, in.visits, in.cause)
	b.Fields["order_number"] = "changed"
	b.Feelings[0].Quote = "changed"
	if after, _ := json.Marshal([]any{in.c, in.visits, in.cause}); string(after) != string(before) {
		t.Errorf("Of changed its input:\n%s\n%s", before, after)
	}
}
