package bot

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// shelf is the small folder with articles.
func shelf() fstest.MapFS {
	f := with("articles/en/bikes.md", "---\nurl: \"{base}/help/bikes\"\n---\n# Bringing a bicycle\n\nBicycles stay in the yard.\n\n## Tyres\n\nThe pump for tyres hangs beside the door.\n")
	f["articles/en/lockers.md"] = &fstest.MapFile{Data: []byte("# Lockers\n\nA locker takes a coin of one euro. See [bicycles](bikes.md) and [keys](#keys).\n\n## Keys\n\nA lost key costs ten euros.\n")}
	return f
}

func mustLoad(t *testing.T, f fstest.MapFS) *Bot {
	t.Helper()
	b, faults := Load(f)
	for _, fault := range faults {
		t.Error(fault)
	}
	if b == nil {
		t.FailNow()
	}
	return b
}

func TestArticlesAnswerWhatNoRuleDoes(t *testing.T) {
	b := mustLoad(t, shelf())
	in := Input{Text: "is there a pump for my tyres", Language: "en", Base: "https://cafe.example"}
	out := b.Reply(in)
	want := "The article “Bringing a bicycle” says:\n\nThe pump for tyres hangs beside the door.\n\nhttps://cafe.example/help/bikes#tyres"
	if len(out.Say) != 1 || out.Say[0].Text != want || out.Escalate != nil {
		t.Fatalf("got %+v, want %q", out, want)
	}
	why := out.Say[0].Because[0]
	if why.Rule != "article bikes#tyres" || !strings.Contains(why.Evidence, "pump tyres") {
		t.Errorf("because %+v", why)
	}
	in.Base = ""
	if out := b.Reply(in); strings.Contains(out.Say[0].Text, "http") || strings.Contains(out.Say[0].Text, "base") {
		t.Errorf("without an address: %q", out.Say[0].Text)
	}
	again := b.Reply(Input{Text: "yes but is there a pump for tyres", Language: "en", Memory: out.Memory})
	if rule := again.Say[0].Because[0].Rule; rule != RuleMiss {
		t.Errorf("the same passage again: %+v", again)
	}
	if helped := b.Reply(Input{Text: "that did not help", Language: "en", Memory: out.Memory}); helped.Escalate == nil || helped.Escalate.Reason != chat.ReasonStuck {
		t.Errorf("no help: %+v", helped)
	}
	if rule := b.Reply(Input{Text: "when are you open", Language: "en"}).Say[0].Because[0].Rule; rule != "hours" {
		t.Errorf("a rule comes first, got %q", rule)
	}
	if rule := b.Reply(Input{Text: "tell me about quantum gravity", Language: "en"}).Say[0].Because[0].Rule; rule != RuleMiss {
		t.Errorf("out of scope got %q", rule)
	}
}

func TestArticleFaults(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		severity   Severity
		words      string
	}{
		"language that is not spoken": {"articles/fi/a.md", "# A\n\nb\n", Error, "does not speak"},
		"no folder of a language":     {"articles/a.md", "# A\n\nb\n", Error, "does not speak"},
		"no title":                    {"articles/en/a.md", "b\n", Error, "no title"},
		"link to no article":          {"articles/en/a.md", "# A\n\nSee [b](nowhere.md).\n", Warning, `"nowhere.md" leads nowhere`},
		"link to no heading":          {"articles/en/a.md", "# A\n\nSee [b](#nowhere).\n", Warning, "leads to no heading"},
		"not in UTF-8":                {"articles/en/a.md", "# A\n\n\xe4\n", Error, "UTF-8"},
	} {
		_, faults := Load(with(c.file, c.text))
		if len(faults) == 0 || faults[0].File != c.file || faults[0].Severity != c.severity || !strings.Contains(faults[0].Message, c.words) {
			t.Errorf("%s: %v, want %s", name, faults, c.words)
		}
	}
}

// unsure is a turn of the small bot with an understanding that is put into its mouth.
func unsure(b *Bot, memory chat.Memory, intent string, confidence float64, others ...understand.Alternative) Output {
	tr := &turn{bot: b, in: Input{Text: "hm", Language: "en"}, mem: recall(memory), language: "en"}
	tr.res = understand.Result{Text: "hm", Language: "en", Intent: intent, InScope: true, Confidence: confidence, Alternatives: others, Feeling: chat.Calm}
	tr.answer()
	return tr.finish()
}

func TestTwoThresholds(t *testing.T) {
	f := with("bot.yml", "languages: [en]\nthresholds:\n  answer: 0.6\n  clarify: 0.3\n  intents:\n    pay: {answer: 0.9, clarify: 0.5}\n")
	f["nlu/en/more.yml"] = &fstest.MapFile{Data: []byte("nlu:\n  - intent: place\n    examples: |\n      - where are you\n      - what is the address\n")}
	f["rules/more.yml"] = &fstest.MapFile{Data: []byte("rules:\n  - {intent: place, say: hours}\n")}
	b := mustLoad(t, f)
	alt := func(intent string, c float64) understand.Alternative {
		return understand.Alternative{Intent: intent, Confidence: c}
	}
	for _, c := range []struct {
		name       string
		intent     string
		confidence float64
		others     []understand.Alternative
		rule       string
		options    string
	}{
		{"sure", "hours", 0.7, []understand.Alternative{alt("pay", 0.3)}, "hours", ""},
		{"an intent that wants more", "pay", 0.7, []understand.Alternative{alt("hours", 0.1)}, RuleMiss, "intent.pay talk_to_person"},
		{"sure enough even so", "pay", 0.95, nil, "pay", ""},
		{"two", "hours", 0.5, []understand.Alternative{alt("place", 0.3)}, RuleWhich, "intent.hours intent.place none_of_these"},
		{"three", "hours", 0.5, []understand.Alternative{alt("place", 0.3), alt("pay", 0.25)}, RuleWhich, "intent.hours intent.place intent.pay none_of_these"},
		{"one alone", "hours", 0.5, []understand.Alternative{alt("place", 0.05)}, RuleMiss, "intent.hours talk_to_person"},
		{"under its own threshold", "pay", 0.4, []understand.Alternative{alt("hours", 0.3)}, RuleMiss, "talk_to_person"},
		{"under both", "hours", 0.1, []understand.Alternative{alt("place", 0.1)}, RuleMiss, "talk_to_person"},
	} {
		out := unsure(b, nil, c.intent, c.confidence, c.others...)
		var ids []string
		for _, o := range out.Say[0].Options {
			ids = append(ids, o.ID)
		}
		if got := out.Say[0].Because[0].Rule; got != c.rule || strings.Join(ids, " ") != c.options {
			t.Errorf("%s: %s with %v, want %s with %s", c.name, got, ids, c.rule, c.options)
		}
	}
}

// The second miss on the same matter brings a person, however the first was met; an answer in between begins anew.
func TestASecondMissBringsAPerson(t *testing.T) {
	b := mustLoad(t, small())
	asked := unsure(b, nil, "hours", 0.5, understand.Alternative{Intent: "pay", Confidence: 0.4})
	if len(asked.Say[0].Options) != 3 {
		t.Fatalf("not asked: %+v", asked)
	}
	stuck := func(name string, out Output) {
		t.Helper()
		if out.Escalate == nil || out.Escalate.Reason != chat.ReasonStuck {
			t.Errorf("%s: %+v", name, out)
		}
	}
	stuck("close again", unsure(b, asked.Memory, "hours", 0.5, understand.Alternative{Intent: "pay", Confidence: 0.4}))
	stuck("nothing fits", unsure(b, asked.Memory, "", 0.1))
	stuck("something else", b.Reply(Input{Text: "Something else", Option: noneOption, Language: "en", Memory: asked.Memory}))
	missed := unsure(b, nil, "", 0.1)
	stuck("a miss, then close", unsure(b, missed.Memory, "hours", 0.5, understand.Alternative{Intent: "pay", Confidence: 0.4}))
	chosen := b.Reply(Input{Text: "how can I pay", Option: "intent.pay", Language: "en", Memory: asked.Memory})
	if chosen.Escalate != nil || chosen.Intent != "pay" {
		t.Fatalf("chosen: %+v", chosen)
	}
	if out := unsure(b, chosen.Memory, "", 0.1); out.Escalate != nil {
		t.Errorf("a new matter is missed for the first time, yet %+v", out)
	}
	refused := b.Reply(Input{Text: "I do not want a person", Language: "en", Memory: asked.Memory})
	if out := b.Reply(Input{Text: "Something else", Option: noneOption, Language: "en", Memory: refused.Memory}); out.Escalate != nil {
		t.Errorf("brought a person who was refused: %+v", out)
	}
}
