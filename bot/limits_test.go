package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
)

// What could run away is refused when the folder is loaded, and what is ordinary is not.
func TestConditionsCannotRunAway(t *testing.T) {
	for condition, words := range map[string]string{
		`all(1..1000, all(1..1000, true))`:                           "list for each element",
		`any(keys(slots), any(keys(slots), # == "a"))`:               "list for each element",
		`len(filter(keys(slots), len(1..100) > 1)) > 0`:              "list for each element",
		`len(1..1000000) > 2`:                                        "a span",
		`len(1..hour) > 2`:                                           "a span",
		`let a = text + text; len(a + a) > 3`:                        "let is not used",
		`text matches slots.pattern`:                                 "must be written out",
		`text matches "(a?){400}b"`:                                  "repeats too much",
		`text matches "("`:                                           "broken",
		`2 ** 1000 > hour`:                                           "powers",
		`reduce(1..10, #acc + #acc, text) == ""`:                     "reduce is not used",
		`repeat(text, 100000) == ""`:                                 "repeat is not used",
		`len(join(map(keys(slots), text), text)) > 1`:                "is not used",
		`replace(text, "", text) == ""`:                              "replace is not used",
		`len(split(text, "")) > 3`:                                   "split is not used",
		strings.Repeat("(", 400) + "true" + strings.Repeat(")", 400): "",
		strings.Repeat("hour > 1 && ", 90) + "true":                  "longer than",
		strings.Repeat("!", 900) + "true":                            "is broken",
	} {
		_, faults := Load(with("rules/all.yml", "rules:\n  - {intent: hours, when: '"+condition+"', say: hours}\n  - {intent: pay, say: pay}\n"))
		if words == "" {
			continue // it must come back, whatever it says
		}
		if len(faults) == 0 || faults[0].Severity != Error || !strings.Contains(faults[0].Message, words) {
			t.Errorf("%.60s: %v, want %q", condition, faults, words)
		}
	}
	for _, condition := range []string{
		`page startsWith "/demo/checkout" && hour >= 8 && hour < 17`, `intent in ["hours", "pay"] && money > 50.5`, `"order_number" in slots`, `slots.phone == "l" || len(text) > 200`,
		`lower(text) contains "kiire"`, `any(keys(slots), # == "email")`, `hour in 8..16`, `text matches "(?i)\\bkiire\\b"`, `feeling == "angry" ? intensity > 0.5 : visits > 3`, `trim(text) endsWith "?"`,
	} {
		if _, faults := Load(with("rules/all.yml", "rules:\n  - {intent: hours, when: '"+condition+"', say: hours}\n  - {intent: hours, say: hours}\n  - {intent: pay, say: pay}\n")); len(faults) > 0 {
			t.Errorf("%s: %v", condition, faults)
		}
	}
}

func TestPatternsCannotRunAway(t *testing.T) {
	for pattern, words := range map[string]string{
		`(a?){400}b`: "repeats too much", `([a-z]{1,100} ?){1,9}`: "repeats too much", `(x{1,1000}){1,1000}`: "", `a{1001}`: "broken", strings.Repeat("a", 501): "longer than", `\b\d{5,7}\b`: "-", `(?i)t-\d{1,30}`: "-",
	} {
		_, faults := Load(with("nlu/en/more.yml", "nlu:\n  - regex: code\n    examples: |\n      - "+pattern+"\n"))
		switch {
		case words == "-" && len(faults) > 0:
			t.Errorf("%s: %v", pattern, faults)
		case words != "-" && (len(faults) == 0 || faults[0].Severity != Error || !strings.Contains(faults[0].Message, words)):
			t.Errorf("%.40s: %v, want %q", pattern, faults, words)
		}
	}
}

// hostile are messages that no customer means.
func hostile() map[string]string {
	return map[string]string{
		"16 KB of words":     strings.Repeat("missä mun tilaus on ja milloin se tulee ", 400)[:16<<10],
		"16 KB without gaps": strings.Repeat("a", 16<<10),
		"a thousand emoji":   strings.Repeat("😡", 1000),
		"emoji and joiners":  strings.Repeat("👩‍👩‍👧‍👦️", 300),
		"control characters": strings.Repeat("\x01\x02\x1b[31m\x7f\u0085\u200b\u202e", 500),
		"mixed scripts":      strings.Repeat("tilaus заказ طلب 注文 παραγγελία ", 200),
		"another language":   "Wo ist meine Bestellung? Ich warte seit drei Wochen auf mein Paket.",
		"another script":     "أين طلبي؟ لقد مر أسبوعان",
		"nothing is left":    "\u0301\u0302\u200d\ufe0f",
		"only marks":         strings.Repeat("?!.,;:", 2000),
		"only line breaks":   strings.Repeat("\n\r\t ", 2000),
		"not UTF-8":          strings.Repeat("\xff\xfe\xc3", 3000),
		"digits":             strings.Repeat("1234567890 ", 1400),
		"addresses":          strings.Repeat("a@b.c.d.e.f@", 1300),
		"refusals":           strings.Repeat("en halua ihmistä haluan ihmisen ei ei ", 430)[:16<<10],
		"clauses":            strings.Repeat("missä tilaus, paljonko maksaa. ", 520)[:16<<10],
		"long words":         strings.Repeat(strings.Repeat("kahvinkeittimenpuhdistusaine", 20)+" ", 28),
	}
}

func TestHostileMessagesAreAnswered(t *testing.T) {
	b := load(t, "testdata/cafe")
	for name, text := range hostile() {
		began := time.Now()
		out := b.Reply(Input{Text: text, Language: "fi"})
		if len(out.Say) == 0 && out.Action == nil {
			t.Errorf("%s: no answer", name)
		}
		if out.Escalate != nil && out.Escalate.Reason == chat.ReasonBotFailed {
			t.Errorf("%s: panicked", name)
		}
		if took := time.Since(began); took > 5*time.Second { // a safety net against what never ends; BenchmarkHostile has the figures
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	bot := load(b, "testdata/cafe")
	for name, text := range hostile() {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bot.Reply(Input{Text: text, Language: "fi"})
			}
		})
	}
}
