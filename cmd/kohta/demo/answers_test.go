package demo

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/kohta/kohta/bot"
	folder "github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/chat"
)

var loadOnce = sync.OnceValues(func() (*bot.Bot, []bot.Fault) { return bot.Load(folder.Folder()) })

// coffeeBot is loaded once for all tests: it learns anew each time, and never changes.
func coffeeBot(t *testing.T) *bot.Bot {
	t.Helper()
	b, faults := loadOnce()
	if b == nil {
		t.Fatal(faults)
	}
	return b
}

// The bot asks the shop itself, for every order in every language, and what it says names the day in natural words.
func TestTheBotSaysWhatTheShopKnows(t *testing.T) {
	b := coffeeBot(t)
	shop := New(Options{Now: saturday})
	questions := map[string]string{
		"fi": "Moi! Koska mun tilaus tulee?", "sv": "Hej, när kommer min beställning?", "en": "Hi, when is my order coming?",
	}
	for _, o := range orders() {
		for language, question := range questions {
			out := askBot(t, b, shop, language, question, map[string]string{"order_number": o.number, "email": o.email})
			text := said(out)
			want := o.view(saturday()).Words[language]
			if o.state == delivered {
				want.ShippedOn = "" // of no interest any more
			}
			if !strings.Contains(text, o.number) || !strings.Contains(text, want.ArrivesOn) || !strings.Contains(text, want.ShippedOn) {
				t.Errorf("%s, %s: %q does not name %+v", o.number, language, text, want)
			}
			if handed := out.Escalate != nil; handed != o.late {
				t.Errorf("%s, %s: handed over: %v, late: %v", o.number, language, handed, o.late)
			}
		}
	}
}

func TestTheBotAsksAgainForAnOrderThatIsNotThere(t *testing.T) {
	b := coffeeBot(t)
	out := askBot(t, b, New(Options{}), "fi", "missä mun tilaus on", map[string]string{"order_number": "99999", "email": "marja@posti.example"})
	if len(out.Say) == 0 || out.Say[len(out.Say)-1].Form == nil || out.Escalate != nil {
		t.Errorf("got %+v", out)
	}
}

func TestTheBotFetchesAPersonWhenTheShopIsBroken(t *testing.T) {
	b := coffeeBot(t)
	for name, options := range map[string]Options{"failing": {Fail: true}, "garbage": {Garbage: true}} {
		out := askBot(t, b, New(options), "en", "where is my order", map[string]string{"order_number": "10234", "email": "marja@posti.example"})
		if out.Escalate == nil || out.Escalate.Reason != chat.ReasonBotFailed {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

// askBot asks, fills in the form, and carries out the look-up that the bot wants.
func askBot(t *testing.T, b *bot.Bot, shop http.Handler, language, question string, fields map[string]string) bot.Output {
	t.Helper()
	out := b.Reply(bot.Input{Conversation: "c", Pos: 1, Text: question, Language: language, First: true, Now: saturday()})
	if n := len(out.Say); n == 0 || out.Say[n-1].Form == nil {
		t.Fatalf("%s: no form after %q: %+v", language, question, out)
	}
	out = b.Reply(bot.Input{Conversation: "c", Pos: 3, Fields: maps.Clone(fields), Language: out.Language, Memory: out.Memory, Now: saturday()})
	if out.Action == nil {
		t.Fatalf("%s: no look-up after the form: %+v", language, out)
	}
	w := httptest.NewRecorder()
	shop.ServeHTTP(w, httptest.NewRequest(out.Action.Method, strings.TrimPrefix(out.Action.URL, "{base}"), nil))
	result := &chat.ActionResult{ID: out.Action.ID, Status: w.Code, Body: w.Body.String()}
	return b.Reply(bot.Input{Conversation: "c", Pos: 4, Result: result, Language: out.Language, Memory: out.Memory, Now: saturday()})
}

func said(out bot.Output) string {
	var texts []string
	for _, s := range out.Say {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, " ")
}
