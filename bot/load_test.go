package bot

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a folder without a fault; the table below breaks it in one place each.
func small() fstest.MapFS {
	return fstest.MapFS{
		"bot.yml":        {Data: []byte("languages: [en]\n")},
		"nlu/en/all.yml": {Data: []byte("nlu:\n  - intent: hours\n    examples: |\n      - when are you open\n      - opening hours\n  - intent: pay\n    examples: |\n      - how can I pay\n      - do you take cards\n")},
		"answers/en.yml": {Data: []byte("hours: We are open 8 to 18.\npay: By card.\nfield: Number\n")},
		"rules/all.yml":  {Data: []byte("rules:\n  - {intent: hours, say: hours}\n  - {intent: pay, say: pay}\n")},
	}
}

func with(file, content string) fstest.MapFS {
	f := maps.Clone(small())
	f[file] = &fstest.MapFile{Data: []byte(content)}
	return f
}

func TestLoadFaults(t *testing.T) {
	if _, faults := Load(small()); len(faults) > 0 {
		t.Fatalf("the small folder has faults: %v", faults)
	}
	form := "forms:\n  - id: f\n    fields:\n      - {name: n, label: field, %s}\n    done: {say: pay}\n"
	action := "actions:\n  - id: a\n    url: '{base}/x'\n    cases:\n      - {%s, say: pay}\n"
	for _, c := range []struct {
		name, file, content string
		line                int
		severity            Severity
		words               string
	}{
		{"half-written", "rules/all.yml", "rules:\n  - {intent: hours, say: [\n", 0, Error, "YAML is broken"},
		{"tabs", "rules/all.yml", "rules:\n\t- intent: hours\n", 0, Error, "YAML"},
		{"NUL", "answers/en.yml", "hours: a\x00b\n", 0, Error, "NUL"},
		{"encoding", "answers/en.yml", "hours: \xe4\xe4\n", 0, Error, "UTF-8"},
		{"alias", "answers/en.yml", "hours: &a x\npay: *a\n", 0, Error, "anchors"},
		{"list for a map", "bot.yml", "- a\n", 1, Error, "must begin with keys"},
		{"unknown key", "bot.yml", "languages: [en]\nlanguage: en\n", 2, Error, `unknown key "language"`},
		{"unknown key in a rule", "rules/all.yml", "rules:\n  - intent: hours\n    say: hours\n    sya: x\n", 4, Error, `unknown key "sya"`},
		{"key twice", "answers/en.yml", "hours: a\nhours: b\n", 0, Error, "hours"},
		{"unknown answer", "rules/all.yml", "rules:\n  - intent: hours\n    say: nothing\n", 3, Error, `answer "nothing" is missing in en`},
		{"unknown intent", "rules/all.yml", "rules:\n  - {intent: hourz, say: hours}\n", 2, Error, `no intent "hourz"`},
		{"unknown form", "rules/all.yml", "rules:\n  - {intent: hours, form: f}\n", 2, Error, `no form "f"`},
		{"unknown action", "rules/all.yml", "rules:\n  - {intent: hours, action: a}\n", 2, Error, `no action "a"`},
		{"unknown option", "rules/all.yml", "rules:\n  - {intent: hours, say: hours, options: [o]}\n", 2, Error, `no option "o"`},
		{"unknown reason", "rules/all.yml", "rules:\n  - {intent: hours, escalate: {reason: because}}\n", 2, Error, `unknown reason "because"`},
		{"a skill that is none", "rules/all.yml", "rules:\n  - {intent: hours, escalate: {reason: rule, skills: [Two words]}}\n", 2, Error, `skill "Two words" is no identifier`},
		{"a skill twice", "rules/all.yml", "handoff:\n  - {id: h, when: 'money > 5', skills: [billing, billing]}\n", 2, Error, `skill "billing" stands twice`},
		{"a crowd of skills", "rules/all.yml", "handoff:\n  - {id: h, when: 'money > 5', skills: [a, b, c, d, e, f, g, h, i]}\n", 2, Error, "at most 8 skills, not 9"},
		{"a priority that is none", "rules/all.yml", "handoff:\n  - {id: h, when: 'money > 5', priority: Very high}\n", 2, Error, `priority "Very high" is no identifier`},
		{"rule that does nothing", "rules/all.yml", "rules:\n  - {intent: hours}\n", 2, Error, "does nothing"},
		{"id twice", "rules/all.yml", "rules:\n  - {id: a, intent: hours, say: hours}\n  - {id: a, intent: pay, say: pay}\n", 3, Error, "stands twice"},
		{"never used", "rules/all.yml", "rules:\n  - {intent: hours, say: hours}\n  - {intent: hours, say: pay}\n", 3, Warning, "never used"},
		{"broken condition", "rules/all.yml", "rules:\n  - {intent: hours, when: 'hour >', say: hours}\n", 2, Error, "is broken"},
		{"condition of a wrong type", "rules/all.yml", "rules:\n  - {intent: hours, when: 'hour + 1', say: hours}\n", 2, Error, "is broken"},
		{"unknown name in a condition", "rules/all.yml", "rules:\n  - {intent: hours, when: 'houres > 1', say: hours}\n", 2, Error, "houres"},
		{"unknown variable", "answers/en.yml", "hours: Open {opens}.\npay: x\nfield: y\n", 1, Error, "nothing fills {opens}"},
		{"open brace", "answers/en.yml", "hours: \"Open {opens\"\npay: x\nfield: y\n", 1, Error, "not closed"},
		{"empty file", "bot.yml", "\n", 0, Error, "is empty"},
		{"empty answer", "answers/en.yml", "hours: \"\"\npay: x\nfield: y\n", 1, Error, "empty"},
		{"answers in a language not spoken", "answers/fi.yml", "hours: x\n", 0, Error, `does not speak "fi"`},
		{"bad pattern", "rules/forms.yml", fmt.Sprintf(form, "pattern: '('"), 4, Error, "pattern is broken"},
		{"look-ahead", "rules/forms.yml", fmt.Sprintf(form, "pattern: '(?=x)'"), 4, Error, "pattern is broken"},
		{"unknown type", "rules/forms.yml", fmt.Sprintf(form, "type: colour"), 4, Error, `no type "colour"`},
		{"required is no boolean", "rules/forms.yml", fmt.Sprintf(form, "required: perhaps"), 4, Error, "required"},
		{"form that leads nowhere", "rules/forms.yml", "forms:\n  - id: f\n    fields: [{name: n, label: field}]\n", 2, Error, "leads nowhere"},
		{"case of an unknown name", "rules/actions.yml", fmt.Sprintf(action, "when: 'stat == 200'"), 5, Error, "stat"},
		{"address that leads nowhere", "rules/actions.yml", "actions:\n  - id: a\n    url: ftp://x\n    cases: [{say: pay}]\n", 3, Error, "leads nowhere"},
		{"time-out too long", "rules/actions.yml", "actions:\n  - id: a\n    url: '{base}/x'\n    timeout: 1h\n    cases: [{say: pay}]\n", 4, Error, "time-out"},
		{"dead end", "rules/actions.yml", "actions:\n  - id: a\n    url: '{base}/x'\n    cases:\n      - {when: 'status == 200', set: {x: body.x}}\n", 5, Warning, "says nothing"},
		{"handoff without a condition", "rules/h.yml", "handoff:\n  - {id: h}\n", 2, Error, "every conversation"},
		{"example twice", "nlu/en/more.yml", "nlu:\n  - intent: hours\n    examples: |\n      - opening hours\n", 4, Warning, "stands twice"},
		{"example of two intents", "nlu/en/more.yml", "nlu:\n  - intent: pay\n    examples: |\n      - opening hours\n", 4, Warning, `stands in "hours" and in "pay"`},
		{"empty example", "nlu/en/more.yml", "nlu:\n  - intent: pay\n    examples: |\n      - a card\n      -\n", 5, Warning, "empty"},
		{"example without its mark", "nlu/en/more.yml", "nlu:\n  - intent: pay\n    examples: |\n      a card\n", 4, Error, "does not begin with"},
		{"intent without examples", "nlu/en/more.yml", "nlu:\n  - intent: gone\n", 2, Warning, "no examples"},
		{"training data without a language", "nlu/all.yml", "nlu:\n", 0, Error, "folder named after its language"},
		{"broken entity mark", "nlu/en/more.yml", "nlu:\n  - intent: pay\n    examples: |\n      - with [plastic]{\"entity\": }\n", 4, Warning, "broken"},
		{"broken regex", "nlu/en/more.yml", "nlu:\n  - regex: code\n    examples: |\n      - [a-\n", 4, Error, "broken"},
		{"thresholds crossed", "bot.yml", "languages: [en]\nthresholds: {answer: 0.3, clarify: 0.6}\n", 2, Error, "must not be over"},
		{"threshold is no figure", "bot.yml", "languages: [en]\nthresholds: {answer: high}\n", 2, Error, "high"},
		{"test with an unknown key", "tests/a.yml", "tests:\n  - name: a\n    steps:\n      - {usr: hi}\n", 4, Error, `unknown key "usr"`},
		{"test of an unknown answer", "tests/a.yml", "tests:\n  - name: a\n    steps:\n      - {user: hi, say: nothing}\n", 4, Error, "nothing"},
		{"file that is not read", "notes.yml", "a: b\n", 0, Warning, "not read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, faults := Load(with(c.file, c.content))
			if (b == nil) != (c.severity == Error) {
				t.Errorf("usable %v with a fault of severity %s", b != nil, c.severity)
			}
			for _, f := range faults {
				if f.File == c.file && f.Severity == c.severity && strings.Contains(f.Message, c.words) && (c.line == 0 || f.Line == c.line) {
					return
				}
			}
			t.Errorf("want %s:%d: %s … %s, got %v", c.file, c.line, c.severity, c.words, faults)
		})
	}
}

func TestLoadNothing(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{"empty": {}, "only other files": {"README.md": {Data: []byte("x")}}} {
		if b, faults := Load(fsys); b != nil || len(faults) == 0 {
			t.Errorf("%s: bot %v, faults %v", name, b != nil, faults)
		}
	}
	if b, faults := Load(os.DirFS("testdata/is-not-there")); b != nil || len(faults) == 0 {
		t.Errorf("a missing folder: bot %v, faults %v", b != nil, faults)
	}
}

// Rasa's training data alone is a bot: it classifies, asks once, and hands over what it has no answer for.
func TestTrainingDataAlone(t *testing.T) {
	b, faults := Load(fstest.MapFS{"nlu/en/nlu.yml": small()["nlu/en/all.yml"]})
	if b == nil {
		t.Fatal(faults)
	}
	if r := b.Understand("what are the opening hours", ""); r.Intent != "hours" {
		t.Errorf("intent %q, want hours: %v", r.Intent, r)
	}
	out := b.Reply(Input{Text: "what are the opening hours", Language: "en"})
	if out.Escalate != nil || len(out.Say) == 0 {
		t.Fatalf("at first: %+v", out)
	}
	if out = b.Reply(Input{Text: "the opening hours I mean", Language: "en", Memory: out.Memory}); out.Escalate == nil || out.Escalate.Reason != "stuck" {
		t.Errorf("then: %+v", out)
	}
}

func TestVersionIsOfTheContent(t *testing.T) {
	a, _ := Load(small())
	b, _ := Load(small())
	c, _ := Load(with("answers/en.yml", "hours: Changed.\npay: x\nfield: y\n"))
	if a.Version() != b.Version() || a.Version() == c.Version() {
		t.Errorf("versions %s, %s and changed %s", a.Version(), b.Version(), c.Version())
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{"rules:\n  - {intent: hours, say: hours}\n", "nlu:\n- intent: a\n  examples: |\n    - b\n", "a: [", "a: &b\n", "- - - -\n", "? a\n: b\n", "{{{{", "a: !!binary x\n", "%YAML 1.2\n---\n", "a: |\n\t\n"} {
		f.Add("rules/all.yml", s)
		f.Add("nlu/en/all.yml", s)
		f.Add("bot.yml", s)
	}
	f.Add("bot.yml", "thresholds: {answer: 0.6, clarify: 0.3, intents: {hours: {answer: 0.9}}}\n")
	f.Add("rules/all.yml", "rules:\n  - {intent: hours, when: 'any(keys(slots), # == \"a\") && text matches \"a{2,9}\"', say: hours}\n")
	f.Add("rules/all.yml", "handoff:\n  - {id: a, when: 'hour in 1..5', reason: rule}\nforms:\n  - {id: f, fields: [{name: n, label: field, pattern: '(a?){9}'}], done: {form: f}}\n")
	f.Add("nlu/en/all.yml", "nlu:\n- regex: a\n  examples: |\n    - [a-\n- synonym: b\n  examples: |\n    - c\n- lookup: d\n  examples: |\n    - e\n")
	f.Add("articles/en/a.md", "---\nurl: https://a.example/\nkeywords: [a, b]\n---\n# A\n\n| a | b |\n|---|---|\n| [c](d.md#e) | **f** |\n\n## ä ö\n\n1. x\n")
	f.Fuzz(func(t *testing.T, file, content string) {
		switch file {
		case "rules/all.yml", "nlu/en/all.yml", "bot.yml", "answers/en.yml", "tests/a.yml", "articles/en/a.md":
		default:
			file = "answers/en.yml"
		}
		b, faults := Load(with(file, content))
		if b == nil && !hasError(faults) {
			t.Errorf("no bot and no error")
		}
		if b != nil {
			b.Reply(Input{Text: "when are you open", Language: "en"})
			faults = append(faults, Check(with(file, content))...)
		}
		for _, fault := range faults {
			if strings.Contains(fault.Message, "breaks the reader") {
				t.Errorf("panicked: %s", fault)
			}
		}
	})
}
