package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

func TestHistoryIsWhole(t *testing.T) {
	past, err := History()
	if err != nil {
		t.Fatal(err)
	}
	ids, languages := map[string]bool{}, map[string]int{}
	for _, p := range past {
		if p.ID == "" || ids[p.ID] {
			t.Errorf("%q is no id of its own", p.ID)
		}
		ids[p.ID] = true
		languages[p.Language]++
		checkPast(t, p)
	}
	if len(past) < 8 || languages["fi"] == 0 || languages["sv"] == 0 || languages["en"] == 0 {
		t.Errorf("%d conversations, by language %v", len(past), languages)
	}
}

func checkPast(t *testing.T, p Past) {
	t.Helper()
	if _, err := time.Parse("15:04", p.At); err != nil {
		t.Errorf("%s: at %q", p.ID, p.At)
	}
	if p.Visitor.Key == "" || p.Visitor.Name == "" || p.DaysAgo < 1 || p.About == "" {
		t.Errorf("%s: who, when or about what is not said", p.ID)
	}
	if !slices.Contains([]string{"bot", "aino", "ville", "sari"}, p.HandledBy) {
		t.Errorf("%s: handled by %q", p.ID, p.HandledBy)
	}
	if !slices.Contains([]string{"resolved", "left", "bot", "open"}, p.Outcome) {
		t.Errorf("%s: outcome %q", p.ID, p.Outcome)
	}
	if (p.HandledBy == "bot") != (p.Outcome == "bot") || (p.HandledBy == "bot") != (p.Escalated == nil) {
		t.Errorf("%s: handled by %q, outcome %q, escalated %v", p.ID, p.HandledBy, p.Outcome, p.Escalated)
	}
	feelings := []string{chat.Calm, chat.Pleased, chat.Frustrated, chat.Angry, chat.Distressed, chat.Urgent}
	if !slices.Contains(feelings, p.Feeling.Name) || p.Feeling.Intensity < 0 || p.Feeling.Intensity > 1 {
		t.Errorf("%s: feeling %v", p.ID, p.Feeling)
	}
	reasons := []string{chat.ReasonAsked, chat.ReasonFeeling, chat.ReasonComplex, chat.ReasonStuck, chat.ReasonRule, chat.ReasonBotFailed}
	if p.Escalated != nil && !slices.Contains(reasons, p.Escalated.Reason) {
		t.Errorf("%s: reason %q", p.ID, p.Escalated.Reason)
	}
	if p.Rating != nil && (p.Rating.Score < 1 || p.Rating.Score > 5) {
		t.Errorf("%s: score %d", p.ID, p.Rating.Score)
	}
	checkLines(t, p)
}

// checkLines sees to it that what is quoted was said, that time goes forward, and that after a handover the bot is
// silent.
func checkLines(t *testing.T, p Past) {
	t.Helper()
	var said strings.Builder
	minute, person := 0, false
	for _, line := range p.Lines {
		if line.Minute < minute || line.Text == "" {
			t.Errorf("%s: %q at minute %d", p.ID, line.Text, line.Minute)
		}
		minute = line.Minute
		switch line.Role {
		case "visitor":
			said.WriteString(line.Text + "\n")
		case "agent":
			person = true
		case "bot":
			if person {
				t.Errorf("%s: the bot speaks beside a person: %q", p.ID, line.Text)
			}
		default:
			t.Errorf("%s: role %q", p.ID, line.Role)
		}
	}
	if person != (p.HandledBy != "bot") {
		t.Errorf("%s: handled by %q", p.ID, p.HandledBy)
	}
	quotes := []string{p.Feeling.Quote}
	if p.Escalated != nil {
		quotes = append(quotes, p.Escalated.Quote)
	}
	for _, quote := range quotes {
		if !strings.Contains(said.String(), quote) {
			t.Errorf("%s: nobody said %q", p.ID, quote)
		}
	}
}

func TestMarjaHasAPastWithAnOpenPromise(t *testing.T) {
	past, err := History()
	if err != nil {
		t.Fatal(err)
	}
	visits, promises := 0, 0
	for _, p := range past {
		if p.Visitor.Key == "marja" {
			visits++
			promises += len(p.Promises)
		}
	}
	if visits < 2 || promises == 0 {
		t.Errorf("Marja has %d visits and %d promises", visits, promises)
	}
}
