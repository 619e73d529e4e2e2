package replay_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/replay"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
)

// speaker is a bot as plan wants it.
type speaker struct{ *bot.Bot }

func (speaker) Feel(string, string) *chat.Feeling { return nil }

// talk plays a customer's part to a bot and returns the log, as the desk would have stored it.
func talk(t *testing.T, b *bot.Bot, moves ...any) []chat.Event {
	t.Helper()
	c := chat.Conversation{ID: "c1"}
	at := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	var log []chat.Event
	for _, m := range moves {
		at = at.Add(time.Minute)
		by := chat.Envelope{At: at, By: chat.From{Role: chat.RoleVisitor, ID: "marja"}, Patience: chat.Usual}
		var cmd chat.Command
		switch m := m.(type) {
		case string:
			cmd = chat.Post{Text: m}
		case chat.Command:
			cmd = m
		}
		if finish, ok := cmd.(chat.Finish); ok {
			by.By = chat.From{Role: chat.RoleSystem}
			finish.Result.ID = c.Action.ID
			cmd = finish
		}
		r, err := plan.Plan(plan.Input{Conversation: c, Begin: chat.Open{Site: "demo", Visitor: "marja", Language: "en", Team: "support"}, By: by, Command: cmd, Bot: speaker{b}})
		if err != nil {
			t.Fatalf("%v: %v", m, err)
		}
		c = r.Conversation
		log = append(log, r.Events...)
	}
	return log
}

const nlu = `nlu:
  - intent: hours
    examples: |
      - when are you open
      - what are your opening hours
      - are you open on Sunday
      - when do you close
      - opening times please
  - intent: pay
    examples: |
      - how can I pay
      - do you take cards
      - can I pay in cash
      - which payment methods are there
      - is Visa accepted
`

func folder(change map[string]string) fstest.MapFS {
	f := fstest.MapFS{
		"bot.yml":        {Data: []byte("languages: [en]\n")},
		"nlu/en/all.yml": {Data: []byte(nlu)},
		"answers/en.yml": {Data: []byte("hours: We are open 8 to 18.\npay: By card or cash.\nold: We will see.\n")},
		"rules/all.yml":  {Data: []byte("rules:\n  - {intent: hours, say: hours}\n  - {intent: pay, say: pay}\n")},
	}
	for name, text := range change {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func load(t *testing.T, f fstest.MapFS) *bot.Bot {
	t.Helper()
	b, faults := bot.Load(f)
	if b == nil {
		t.Fatal(faults)
	}
	return b
}

// Each change to the folder, and how the same conversation fares with it.
func TestFates(t *testing.T) {
	was := load(t, folder(nil))
	more := nlu + "  - intent: dogs\n    examples: |\n      - are dogs allowed\n      - may I bring my dog\n      - can a puppy come inside\n      - is your place dog friendly\n      - dogs welcome\n"
	for _, c := range []struct {
		name   string
		now    map[string]string
		moves  []any
		fate   replay.Fate
		lastly string
	}{
		{"nothing changed", nil, []any{"when are you open", "how can I pay"}, replay.Same, "pay"},
		{"nothing changed, handed over", nil, []any{"when are you open", "I want to talk to a person"}, replay.Same, "hands over: asked"},
		{"the button", nil, []any{"when are you open", chat.AskHuman{}}, replay.Same, "hands over: asked"},
		{"another rule", map[string]string{"rules/all.yml": "rules:\n  - {intent: hours, say: hours}\n  - {id: pay_new, intent: pay, say: pay}\n"}, []any{"when are you open", "how can I pay"}, replay.Different, "pay_new"},
		{"handed over by a rule", map[string]string{"rules/all.yml": "rules:\n  - {intent: hours, say: hours}\n  - {intent: pay, escalate: {reason: rule}}\n"}, []any{"when are you open", "how can I pay", "when do you close"}, replay.Fetched, "hands over: rule"},
		{"its intents are gone", map[string]string{"nlu/en/all.yml": "nlu:\n" + strings.TrimPrefix(more, nlu), "rules/all.yml": "rules:\n  - {intent: dogs, say: old}\n"}, []any{"how can I pay", "when are you open"}, replay.Stuck, "hands over: stuck"},
		{"it knows more now", map[string]string{"nlu/en/all.yml": more, "rules/all.yml": "rules:\n  - {intent: hours, say: hours}\n  - {intent: pay, say: pay}\n  - {intent: dogs, say: old}\n"}, []any{"are dogs allowed", "may I bring my dog"}, replay.Different, "hands over: stuck"},
		{"a value is missing", map[string]string{"answers/en.yml": "hours: We are open 8 to 18.\npay: By card, order {order_number}.\n"}, []any{"how can I pay"}, replay.Broken, "hands over: bot_failed"},
	} {
		out, ok := replay.Run(load(t, folder(c.now)), "c1", talk(t, was, c.moves...), time.UTC)
		if !ok || out.Fate != c.fate || out.Steps[len(out.Steps)-1].Now != c.lastly && c.name != "it knows more now" {
			t.Errorf("%s: fate %d, want %d: %+v", c.name, out.Fate, c.fate, out.Steps)
		}
	}
	handing := load(t, folder(map[string]string{"rules/all.yml": "rules:\n  - {intent: hours, say: hours}\n  - {intent: pay, escalate: {reason: rule}}\n"}))
	if out, _ := replay.Run(was, "c1", talk(t, handing, "when are you open", "how can I pay"), time.UTC); out.Fate != replay.Kept {
		t.Errorf("kept from a person: %+v", out)
	}
}

// A rule of the evening is held against the clock of the opening hours.
func TestTheHourIsThatOfTheZone(t *testing.T) {
	was := load(t, folder(nil))
	log := talk(t, was, "when are you open")
	hour := log[0].At.UTC().Hour()
	now := load(t, folder(map[string]string{"rules/all.yml": fmt.Sprintf("rules:\n  - {id: at_this_hour, intent: hours, when: 'hour == %d', say: pay}\n  - {intent: hours, say: hours}\n  - {intent: pay, say: pay}\n", hour)}))
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if out, _ := replay.Run(now, "c1", log, time.UTC); out.Fate != replay.Different {
		t.Errorf("at hour %d in UTC: %+v", hour, out)
	}
	if out, _ := replay.Run(now, "c1", log, tokyo); out.Fate != replay.Same {
		t.Errorf("at hour %d in UTC, in Tokyo: %+v", hour, out)
	}
}

func TestLookUpsBringWhatTheyBrought(t *testing.T) {
	b, faults := bot.Load(os.DirFS("../testdata/cafe"))
	if b == nil {
		t.Fatal(faults)
	}
	log := talk(t, b, "where is my order 10234, my email is marja@posti.example", chat.Finish{Result: chat.ActionResult{Status: 404, Body: "{}"}}, "when are you open")
	out, ok := replay.Run(b, "c1", log, time.UTC)
	if !ok || out.Fate != replay.Same || len(out.Steps) != 2 {
		t.Errorf("%+v", out)
	}
}

func TestReportIsWorstFirst(t *testing.T) {
	r := replay.Report{Most: 3}
	at := time.Date(2026, 3, 17, 12, 0, 0, 0, time.UTC)
	step := func(was, now string) []replay.Step {
		return []replay.Step{{Text: "Moi, missä tilaus?", Was: was, Now: now}}
	}
	for i, f := range []replay.Fate{replay.Same, replay.Different, replay.Kept, replay.Stuck, replay.Different, replay.Broken} {
		now := "b"
		if f == replay.Same {
			now = "a"
		}
		r.Add(replay.Outcome{ID: string(rune('0' + i)), At: at, Language: "fi", Fate: f, Steps: step("a", now)})
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil || !r.Worst() {
		t.Fatal(err, r.Worst())
	}
	want := `5  2026-03-17 12:00  fi  fails
  * Moi, missä tilaus?                                  was: a  now: b
2  2026-03-17 12:00  fi  keeps from a person
  * Moi, missä tilaus?                                  was: a  now: b
3  2026-03-17 12:00  fi  gets stuck
  * Moi, missä tilaus?                                  was: a  now: b
6 conversations, 6 messages, 5 answered otherwise
     1  fails
     1  keeps from a person
     1  gets stuck
     0  hands over later
     0  hands over earlier
     2  answers otherwise
     1  the same
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

// What was asked about, corrected, missed and of no help comes out as training data, which can be read as it is.
func TestCandidates(t *testing.T) {
	b := load(t, folder(map[string]string{"bot.yml": "languages: [en]\nthresholds: {answer: 0.6, clarify: 0.02}\n"}))
	said := func(role chat.Role, text string, d chat.Detail) chat.Event {
		return chat.Event{Kind: chat.KindMessage, From: chat.From{Role: role}, Detail: d, Contents: chat.Contents{Text: text}}
	}
	asked := []chat.Event{
		{Kind: chat.KindOpened, Detail: chat.Detail{Language: "en"}},
		said(chat.RoleVisitor, "when can I pay for opening", chat.Detail{}),
		said(chat.RoleBot, "Which one do you mean?", chat.Detail{Because: []chat.Because{{Rule: bot.RuleWhich, Evidence: "pay (0.50), hours (0.45)"}}}),
		said(chat.RoleVisitor, "how can I pay", chat.Detail{Option: "intent.pay"}),
		said(chat.RoleBot, "By card.", chat.Detail{Intent: "pay", Because: []chat.Because{{Rule: "pay", Evidence: "how can I pay"}}}),
	}
	missed := talk(t, b, "zebra crossing whatever", "yes but the zebra")
	again := talk(t, b, "gibberish words nobody said", "how can I pay")
	noHelp := talk(t, b, "when are you open", "that did not help at all")
	var list []replay.Candidate
	for i, log := range [][]chat.Event{asked, missed, again, noHelp} {
		list = append(list, replay.Candidates(b, "c"+string(rune('1'+i)), log)...)
	}
	var out bytes.Buffer
	if err := replay.WriteCandidates(&out, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- when can I pay for opening", "chosen out of", "- zebra crossing whatever", "- yes but the zebra", "not understood twice; handed over", "- gibberish words nobody said", "said again: how can I pay", "which was no help", "- when are you open"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if _, faults := bot.Load(folder(map[string]string{"nlu/en/new.yml": out.String()})); len(faults) > 0 {
		for _, f := range faults {
			if f.Severity == bot.Error {
				t.Errorf("%v in\n%s", f, out.String())
			}
		}
	}
}
