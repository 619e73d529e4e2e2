package bot

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A folder in which much is wrong that lets itself be loaded. What is told of it stands in testdata/bad.golden, without
// the figures that go with how well the bot learns; KOHTA_UPDATE=1 writes it anew.
func TestCheckTellsWhatIsWrongAndWhatToDo(t *testing.T) {
	var lines []string
	for _, f := range Check(os.DirFS("testdata/bad")) {
		if f.File == "" || f.Line == 0 || f.Advice == "" || f.Severity != Warning {
			t.Errorf("%q lacks a place or what to do, or is no warning", f)
		}
		lines = append(lines, f.String())
	}
	got := regexp.MustCompile(`in fi: .* examples .*\)\. Let`).ReplaceAllString(strings.Join(lines, "\n"), "in fi: … Let") + "\n"
	const golden = "testdata/bad.golden"
	if os.Getenv("KOHTA_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestCheckIsQuietWhereNothingIsWrong(t *testing.T) {
	for _, f := range Check(os.DirFS("testdata/cafe")) {
		if !strings.Contains(f.Message, "only") && !strings.Contains(f.Message, "reads like") && !strings.Contains(f.Message, "confused") {
			t.Error(f)
		}
	}
}

func TestAlwaysFalse(t *testing.T) {
	for condition, want := range map[string]bool{
		"false": true, "hour > 23": true, "hour >= 23": false, "weekday == 8": true, "weekday >= 6 && weekday < 6": true, "weekday >= 6 && weekday <= 6": false, "money > 50 && money < 20": true,
		`intent == "pay" && intent == "hours"`: true, `intent == "pay" && language == "fi"`: false, "confidence > 1": true, "hour < 8 || hour > 30": false, "true": false, "misses > 1 && false": true,
	} {
		if got := alwaysFalse(condition); got != want {
			t.Errorf("%q never holds: %v", condition, got)
		}
	}
}

// A condition says nil of a value that is not known as well as "", and what it names must be there.
func TestConditionsOverValues(t *testing.T) {
	rules := "rules:\n  - {id: known, intent: hours, when: '%s', say: hours}\n  - {id: unknown, intent: hours, say: pay}\n  - {intent: pay, say: pay}\n"
	for condition, want := range map[string]string{
		"slots.email != nil": "known", "slots[\"email\"] != nil": "known", "nil != slots.email": "known", "slots.email == nil": "unknown", "\"email\" in slots": "known", "slots.email != \"\"": "known",
	} {
		b, faults := Load(with("rules/all.yml", fmt.Sprintf(rules, condition)))
		if b == nil || len(faults) > 0 {
			t.Fatalf("%s: %v", condition, faults)
		}
		for text, with := range map[string]bool{"when are you open": false, "when are you open, a@b.example": true} {
			id := "unknown"
			if (want == "known") == with {
				id = "known"
			}
			if got := b.Reply(Input{Text: text}).Say[0].Because[0].Rule; got != id {
				t.Errorf("%s: %q is answered by %s, want %s", condition, text, got, id)
			}
		}
	}
	for condition, want := range map[string]string{
		`slots.emial == "x"`: `did you mean "email"?`, `"emial" in slots`: "nothing gives the value", `intent in ["pay", "payy"]`: `there is no intent "payy"`, `feeling == "furious"`: `there is no feeling "furious"`,
	} {
		_, faults := Load(with("rules/all.yml", fmt.Sprintf(rules, condition)))
		if len(faults) != 1 || !strings.Contains(strings.ToLower(faults[0].String()), strings.ToLower(want)) || faults[0].Line != 2 {
			t.Errorf("%s: %v", condition, faults)
		}
	}
}

func TestImplies(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"x > 1 && y", "x > 1", true}, {"x > 1", "x > 1 && y", false}, {"x>1", "x > 1", true}, {"x  > 1", "x > 1", true},
		{"a || b", "a", false}, {"a && b || c", "a", false}, {"a || b", "a  || b", true}, {"a and b", "b", true}, {"x < 3", "x < 4", true}, {"x < 4", "x < 3", false}, {"x >= 2", "x > 1", true}, {"x >= 1", "x > 1", false},
		{"100 < money && y", "money > 50", true}, {"money > 50", "money > 100", false}, {`intent == "pay"`, `intent in ["pay", "refund"]`, true}, {`intent == "hours"`, `intent in ["pay"]`, false},
	} {
		if got := implies(c.a, c.b); got != c.want {
			t.Errorf("%q implies %q: %v", c.a, c.b, got)
		}
	}
}

// What only a handoff rule answers is answered; where the rule has more conditions, that is told.
func TestCheckKnowsHandoffRules(t *testing.T) {
	more := "nlu:\n  - intent: stolen\n    examples: |\n      - my bicycle was stolen\n      - somebody took my bike\n      - my bike is gone from the yard\n      - the bike has been nicked\n      - thieves took it\n"
	for condition, want := range map[string]string{
		`intent == "stolen"`:                  "",
		`intent in ["stolen", "lost"]`:        "",
		`intent == "stolen" && money > 50`:    "only the handoff rule theft",
		`intent == "stolen" || money > 5000`:  "",
		`money > 5000`:                        "no rule answers the intent",
		`text == "stolen" and intensity > .5`: "only the handoff rule theft",
	} {
		f := with("nlu/en/more.yml", more)
		f["rules/theft.yml"] = &fstest.MapFile{Data: []byte("handoff:\n  - {id: theft, when: '" + condition + "'}\n")}
		var told []string
		for _, fault := range Check(f) {
			if strings.Contains(fault.Message, `"stolen"`) {
				told = append(told, fault.Message)
			}
		}
		if got := strings.Join(told, "; "); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", condition, got, want)
		}
	}
}

// A file that is no YAML is told of alone: what it would hold is missing elsewhere, and that is no fault of its own.
func TestCheckTellsTheCauseAlone(t *testing.T) {
	for _, file := range []string{"nlu/en/all.yml", "answers/en.yml", "rules/all.yml"} {
		f := with("rules/more.yml", "rules:\n  - {intent: pay, when: 'hour < 3', say: pay}\nforms:\n  - {id: f, fields: [{name: n, label: field}], done: {say: pay}}\n")
		f[file] = &fstest.MapFile{Data: []byte("a: [b\n  c: \"d\n")}
		for _, fault := range Check(f) {
			if fault.File != file && fault.Severity == Error {
				t.Errorf("%s is broken, and beside it stands %s", file, fault)
			}
		}
		if faults := Check(f); !hasError(faults) {
			t.Errorf("%s is broken, and nothing is told: %v", file, faults)
		}
	}
}

// A rule whose condition is broken keeps no other rule from being used, and one equal sign is told in plain words.
func TestABrokenConditionIsOneFault(t *testing.T) {
	for condition, tells := range map[string]string{"hours < 18": "hours", "hour = 18": "write two, =="} {
		_, faults := Load(with("rules/all.yml", "rules:\n  - {intent: hours, when: '"+condition+"', say: hours}\n  - {intent: hours, say: pay}\n  - {intent: pay, say: pay}\n"))
		if len(faults) != 1 || faults[0].Severity != Error || !strings.Contains(faults[0].Message, tells) {
			t.Errorf("%s: %v", condition, faults)
		}
	}
}

// A name that is nearly one that is there is asked about, and broken YAML is told in an author's words.
func TestFaultsInPlainWords(t *testing.T) {
	for content, want := range map[string]string{
		"rules:\n  - {intent: hors, say: hours}\n":           `Did you mean "hours"?`,
		"rules:\n  - {intent: hours, say: huors}\n":          `Did you mean "hours"?`,
		"rules:\n  - {intent: hours, say: parking_garage}\n": "Add it to answers/en.yml",
		"rules:\n  - intent: hours: x\n":                     "",
		"rules:\n  - {intent: hours, say: hours\n":           "a { is not closed",
		"rules:\n  - {intent: hours, say: \"hours}\n":        "a double quote is not closed",
		"rules:\n\t- {intent: hours, say: hours}\n":          "a tab stands where spaces should",
		"rules:\n  - intent: hours\n     say: hours\n":       "indentation is wrong",
	} {
		var told []string
		for _, f := range Check(with("rules/all.yml", content)) {
			if f.Severity == Error {
				told = append(told, f.String())
			}
		}
		all := strings.Join(told, "; ")
		if all == "" || !strings.Contains(all, want) || strings.Contains(all, "context") || strings.Contains(all, "token") || want == "Add it to answers/en.yml" && strings.Contains(all, "Did you") {
			t.Errorf("%q: %q, want %q", content, all, want)
		}
	}
}
