package bot

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kohta/kohta/chat"
)

func TestValuesCannotLeadAnActionElsewhere(t *testing.T) {
	b := load(t, "testdata/cafe")
	out := b.Reply(Input{Text: "missä mun tilaus on", Language: "fi"})
	out = b.Reply(Input{Fields: map[string]string{"order_number": "10234", "email": "a+b&c=1/../%2e@posti.example"}, Language: "fi", Memory: out.Memory})
	if out.Action != nil {
		t.Errorf("an address with & was taken: %s", out.Action.URL)
	}
	out = b.Reply(Input{Fields: map[string]string{"order_number": "10234", "email": "a+b%@posti.example"}, Language: "fi", Memory: out.Memory})
	want := chat.Action{ID: "order_status", Method: "GET", URL: "{base}/orders/10234?email=a%2Bb%25%40posti.example", Timeout: 2 * time.Second, Retries: 1}
	if out.Action == nil || *out.Action != want {
		t.Errorf("got %+v, want %+v", out.Action, want)
	}
	if got := escapeURL("name", "{base}/../?&=#ä"); got != "%7Bbase%7D%2F..%2F%3F%26%3D%23%C3%A4" {
		t.Errorf("escaped to %s", got)
	}
}

// A form that was begun goes on as it was, even with a folder that has no such form any more.
func TestARunningFormOutlivesItsFolder(t *testing.T) {
	old := load(t, "testdata/cafe")
	out := old.Reply(Input{Text: "haluan antaa palautetta", Language: "fi"})
	if out.Say[0].Form == nil {
		t.Fatalf("no form: %+v", out)
	}
	out = old.Reply(Input{Text: "missä mun tilaus on", Language: "fi"})
	changed, faults := Load(with("bot.yml", "languages: [en, fi]\n"))
	if changed != nil {
		t.Fatal("a folder with answers missing in Finnish was taken")
	}
	changed, faults = Load(small())
	if changed == nil {
		t.Fatal(faults)
	}
	out = changed.Reply(Input{Fields: map[string]string{"order_number": "12", "email": "a@b.example"}, Language: "fi", Memory: out.Memory})
	if len(out.Say) == 0 || out.Say[0].Form == nil || out.Say[0].Form.Fields[0].Wrong != "Tilausnumerossa on viisi numeroa." {
		t.Fatalf("the form lost its words: %+v", out)
	}
	out = changed.Reply(Input{Fields: map[string]string{"order_number": "10234", "email": "a@b.example"}, Language: "fi", Memory: out.Memory})
	if out.Escalate == nil || out.Escalate.Reason != chat.ReasonBotFailed {
		t.Errorf("the look-up is gone, yet %+v", out)
	}
}

func TestWhatIsWrittenIntoAFormIsRead(t *testing.T) {
	b := load(t, "testdata/cafe")
	form := b.Reply(Input{Text: "haluan antaa palautetta", Language: "fi"})
	for words, reason := range map[string]string{
		"en jaksa enää elää": chat.ReasonCrisis, "ootte idiootteja ja varkaita": chat.ReasonFeeling, "haluan puhua ihmisen kanssa": chat.ReasonAsked, "pulla oli hyvää": "",
	} {
		out := b.Reply(Input{Fields: map[string]string{"feedback": words}, Language: "fi", Memory: form.Memory})
		got, quote := "", words
		if out.Escalate != nil {
			got, quote = out.Escalate.Reason, out.Escalate.Quote
		}
		if got != reason || quote != words {
			t.Errorf("%q: %q with %q, want %q", words, got, quote, reason)
		}
	}
}

// The first words say that this is a bot, also when a look-up comes before them.
func TestTheFirstWordsSayThatItIsABot(t *testing.T) {
	b := load(t, "testdata/cafe")
	out := b.Reply(Input{Text: "missä tilaus 10234 on marja@posti.example", Language: "fi", First: true})
	if out.Action == nil || len(out.Say) > 0 {
		t.Fatalf("got %+v", out)
	}
	out = b.Reply(Input{Result: &chat.ActionResult{Status: 404, Body: "{}"}, Language: "fi", Memory: out.Memory})
	if !strings.HasPrefix(out.Say[0].Text, "Hei. Olen botti, en ihminen. ") {
		t.Errorf("the first words are %q", out.Say[0].Text)
	}
	out = b.Reply(Input{Text: "käykö kortti", Language: "fi", Memory: out.Memory})
	if strings.Contains(out.Say[0].Text, "botti") {
		t.Errorf("said twice: %q", out.Say[0].Text)
	}
}

func TestThreeWrongAnswersBringAPerson(t *testing.T) {
	b := load(t, "testdata/cafe")
	out := b.Reply(Input{Text: "missä mun tilaus on", Language: "fi"})
	for i := range 3 {
		if out.Escalate != nil {
			t.Fatalf("handed over after %d", i)
		}
		out = b.Reply(Input{Text: "12", Language: "fi", Memory: out.Memory})
	}
	if out.Escalate == nil || out.Escalate.Reason != chat.ReasonStuck {
		t.Errorf("got %+v", out)
	}
}

func TestAskingWhichOfTwo(t *testing.T) {
	b := load(t, "testdata/cafe")
	m := *b
	m.thresholds.Answer = 0.999 // nothing is sure
	m.thresholds.Clarify = 0
	tr := &turn{bot: &m, in: Input{Text: "x", Language: "en"}, mem: recall(nil), language: "en"}
	tr.res.Intent, tr.res.InScope, tr.res.Close, tr.res.Confidence = "refund", true, true, 0.5
	tr.res.Alternatives = append(tr.res.Alternatives, b.Understand("how can I pay", "en").Alternatives...)
	tr.res.Alternatives = tr.res.Alternatives[:1]
	tr.res.Alternatives[0].Intent = "opening_hours"
	tr.answer()
	out := tr.finish()
	if len(out.Say) != 1 || out.Say[0].Text != "Which one do you mean?" || len(out.Say[0].Options) != 3 {
		t.Fatalf("got %+v", out)
	}
	ids := []string{out.Say[0].Options[0].ID, out.Say[0].Options[1].ID, out.Say[0].Options[2].ID}
	if d := cmp.Diff([]string{"intent.refund", "hours", "none_of_these"}, ids); d != "" {
		t.Error(d)
	}
	out = b.Reply(Input{Text: out.Say[0].Options[0].Label, Option: "intent.refund", Language: "en", Memory: out.Memory})
	if len(out.Say) != 1 || !strings.Contains(out.Say[0].Text, "five working days") {
		t.Errorf("the choice answers %+v", out)
	}
}

func TestMemoryIsBoundedAndForgiving(t *testing.T) {
	b := load(t, "testdata/cafe")
	m := recall(nil)
	for _, name := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		m.learn(name, strings.Repeat("ä", 5000))
	}
	m.Form = &running{ID: "f", Say: strings.Repeat("x", 9000), Fields: []runningField{{Name: "n", Label: "l", Kind: "text", Required: true}}, Values: map[string]string{}}
	if raw := m.keep(); len(raw) > MaxMemory || !json.Valid(raw) || recall(raw).Form == nil {
		t.Errorf("%d bytes: %.80s", len(raw), raw)
	}
	for _, raw := range []string{"", "null", "[]", `"x"`, `{"form":{"fields":null}}`, `{"slots":5}`, "{", strings.Repeat("[", 10000)} {
		out := b.Reply(Input{Text: "käykö kortti", Language: "fi", Memory: chat.Memory(raw)})
		if len(out.Say) == 0 || len(out.Memory) > MaxMemory {
			t.Errorf("with memory %.20q: %+v", raw, out)
		}
	}
}

// Reply is pure: the same input gives the same output, also at the same time.
func TestReplyIsPure(t *testing.T) {
	b := load(t, "testdata/cafe")
	inputs := []Input{
		{Conversation: "c", Text: "Moi! Koska mun tilaus 10234 tulee?", Language: "fi", First: true}, {Text: "what time do you close on Sunday, and can I get an invoice", Language: "en"},
		{Text: "jag vill prata med en människa", Language: "sv"}, {Text: "vimpain", Language: "fi"}, {Asked: true}, {Text: "en jaksa enää elää"},
	}
	for _, in := range inputs {
		want, _ := json.Marshal(b.Reply(in))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if got, _ := json.Marshal(b.Reply(in)); string(got) != string(want) {
					t.Errorf("%q: %s and %s", in.Text, got, want)
				}
			})
		}
		wg.Wait()
	}
}

func TestVariantsDifferByPlaceAndStay(t *testing.T) {
	b := load(t, "testdata/cafe")
	seen := map[string]bool{}
	for pos := range int64(20) {
		seen[b.Reply(Input{Conversation: "c", Pos: pos, Text: "käykö kortti", Language: "fi"}).Say[0].Text] = true
	}
	if len(seen) != 2 {
		t.Errorf("variants used: %v", seen)
	}
}

// A fault in the bot itself brings a person, with words.
func TestAPanicBringsAPerson(t *testing.T) {
	b := *load(t, "testdata/cafe")
	b.model = nil
	out := b.Reply(Input{Text: "hei", Language: "sv"})
	if out.Escalate == nil || out.Escalate.Reason != chat.ReasonBotFailed || len(out.Say) != 1 || out.Say[0].Text == "" {
		t.Errorf("got %+v", out)
	}
}

func TestClassify(t *testing.T) {
	b := load(t, "testdata/cafe")
	in := strings.Join([]string{
		"mitkä on aukioloajat", "", "{", `{"text":""}`, `{"text":5}`, `{"text":"how do I get a refund","language":"en"}`, "\xff\xfe", `{"text":"a\u0000b"}`,
		`{"text":"ei auttanut","before":[{"role":"visitor","text":"hyvitys"},{"role":"bot","text":"Näin.","outcome":"answer"}]}`, strings.Repeat("a", maxLine+1), "moi\r", "haluan ihmisen",
	}, "\n")
	var out bytes.Buffer
	if err := Classify(b, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	const bad = `{"error":"bad_input"}`
	for i, want := range []string{`"intent":"opening_hours"`, bad, bad, bad, bad, `"intent":"refund"`, bad, bad, `"reason":"stuck"`, bad, `"text":"moi"`, `"reason":"asked"`} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Errorf("line %d: want %s in %.200s", i+1, want, lines[min(i, len(lines)-1)])
		}
	}
	if len(lines) != 12 {
		t.Errorf("%d lines for 12", len(lines))
	}
	var again bytes.Buffer
	if err := Classify(b, strings.NewReader(in+"\n"), &again); err != nil || again.String() != out.String() {
		t.Errorf("a newline at the end makes a difference, or two runs do: %v", err)
	}
	var r map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &r); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields("text language intent confidence alternatives in_scope feelings negative feeling intensity sarcastic asks_human refuses_human crisis handoff reason because") {
		if _, ok := r[key]; !ok {
			t.Errorf("%s is missing in %s", key, lines[0])
		}
	}
}

func FuzzReply(f *testing.F) {
	b, _ := Load(os.DirFS("testdata/cafe"))
	for _, s := range []string{"moi", "10234 a@b.example", "\xff", "😀😀😀", "ei kun 10235", strings.Repeat("! ", 500), "{base}", "أين طلبي", "12.13.2024 99999999999999999999 €", "a\u0301\u200d\ufe0f"} {
		f.Add(s, "", "fi")
		f.Add(s, `{"form":{"id":"lookup","fields":[{"n":"order_number","l":"x","k":"order_number","r":true}],"done":{"action":"order_status"}}}`, "xx")
		f.Add(s+", huomenna, a@b.example", `{"form":{"id":"f","took":"n","fields":[{"n":"n","l":"x","k":"text","r":true},{"n":"on","l":"x","k":"date"},{"n":"m","l":"x","k":"email","r":true}],"done":{"say":["hours"]}}}`, "fi")
	}
	f.Fuzz(func(t *testing.T, text, memory, language string) {
		in := Input{Text: text, Memory: chat.Memory(memory), Language: language, Now: time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC)}
		for range 3 {
			out := b.Reply(in)
			if len(out.Say) == 0 && out.Action == nil {
				t.Fatalf("says nothing to %q", text)
			}
			if len(out.Memory) > MaxMemory {
				t.Fatalf("%d bytes of memory", len(out.Memory))
			}
			if out.Escalate != nil && out.Escalate.Reason == chat.ReasonBotFailed && len(out.Escalate.Because) == 0 {
				t.Fatalf("panicked at %q", text)
			}
			in.Memory, in.Language = out.Memory, out.Language
		}
	})
}

// Who is asked for goes with the handover, whichever way it comes: by a rule, by a handoff rule, by a button, and out of a
// form that was begun when the folder still said so.
func TestWhomAHandoverAsksFor(t *testing.T) {
	const whom = "team: sales, skills: [billing, refunds], priority: high"
	b, faults := Load(with("rules/all.yml", "rules:\n  - {intent: hours, say: hours, options: [person]}\n  - {intent: pay, escalate: {reason: complex, "+whom+"}}\n"+
		"options:\n  - {id: person, label: pay, escalate: {reason: rule, "+whom+"}}\n  - {id: fill, label: pay, form: f}\n"+
		"forms:\n  - {id: f, say: hours, fields: [{name: n, label: field}], done: {say: pay, escalate: {reason: rule, "+whom+"}}}\n"+
		"handoff:\n  - {id: much, when: 'money > 500', reason: rule, "+whom+"}\n"))
	if b == nil {
		t.Fatal(faults)
	}
	bare, faults := Load(small())
	if bare == nil {
		t.Fatal(faults)
	}
	asked := b.Reply(Input{Text: "when are you open", Language: "en"})
	form := b.Reply(Input{Option: "fill", Language: "en"})
	for name, out := range map[string]Output{
		"a rule":         b.Reply(Input{Text: "how can I pay", Language: "en"}),
		"a handoff rule": b.Reply(Input{Text: "you owe me 600 euros", Language: "en"}),
		"a button":       b.Reply(Input{Option: "person", Language: "en", Memory: asked.Memory}),
		"a form":         b.Reply(Input{Fields: map[string]string{"n": "7"}, Language: "en", Memory: form.Memory}),
		"an old form":    bare.Reply(Input{Fields: map[string]string{"n": "7"}, Language: "en", Memory: form.Memory}),
	} {
		e := out.Escalate
		if e == nil || e.Team != "sales" || e.Priority != "high" || !slices.Equal(e.Skills, []string{"billing", "refunds"}) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := b.Reply(Input{Text: "I want to talk to a person", Language: "en"}).Escalate; e == nil || e.Skills != nil || e.Priority != "" {
		t.Errorf("who asks for a person: %+v", e)
	}
	if !maps.EqualFunc(b.Skills(), map[string][]string{"sales": {"billing", "refunds"}}, slices.Equal) || len(bare.Skills()) > 0 {
		t.Errorf("skills that are asked for: %v, %v", b.Skills(), bare.Skills())
	}
}
