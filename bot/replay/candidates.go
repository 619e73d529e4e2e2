package replay

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
)

// Candidate is a message that could teach the bot.
type Candidate struct {
	Language     string
	Intent       string // that it is an example of; "" where only an author can say
	Not          []string
	Text         string
	Why          string // what happened, in few words
	Conversation string
}

// Candidates lists what a conversation could teach: each clarification with the choice that was made, each correction
// by words, each miss with what came of it, and each handover after an answer that was no help.
func Candidates(b *bot.Bot, id string, events []chat.Event) []Candidate {
	c := cut(id, events)
	var out []Candidate
	for i, x := range c.exchanges {
		if x.text == "" || x.option != "" || x.fields != nil || x.asked {
			continue
		}
		var next *exchange
		if i+1 < len(c.exchanges) {
			next = &c.exchanges[i+1]
		}
		if found, ok := c.learn(b, i, x, next); ok {
			found.Conversation, found.Text = id, x.text
			found.Language = b.Understand(x.text, c.language).Language
			out = append(out, found)
		}
	}
	return out
}

// learn says what the i-th exchange teaches, given the one after it.
func (c conversation) learn(b *bot.Bot, i int, x exchange, next *exchange) (Candidate, bool) {
	switch x.rule() {
	case bot.RuleWhich:
		return c.clarified(x, next)
	case bot.RuleMiss, bot.RuleMissAgain:
		return c.missed(i, x, next)
	}
	if next == nil || next.text == "" || next.option != "" || x.intent == "" {
		return Candidate{}, false
	}
	talk := b.Understand(next.text, c.language).Talk
	switch {
	case talk.NoHelp && next.escalated != "":
		return Candidate{Not: []string{x.intent}, Why: "answered as " + x.intent + ", which was no help; handed over" + c.answer(i+1)}, true
	case talk.Corrects && next.intent != "" && next.intent != x.intent:
		return Candidate{Intent: next.intent, Not: []string{x.intent}, Why: "answered as " + x.intent + ", corrected: " + short(next.text, 60)}, true
	}
	return Candidate{}, false
}

// clarified is what came of the question which intent was meant.
func (c conversation) clarified(x exchange, next *exchange) (Candidate, bool) {
	offered := offeredIn(x.why[0].Evidence)
	switch {
	case next == nil:
		return Candidate{}, false
	case next.option != "" && slices.Contains(offered, next.intent):
		others := slices.DeleteFunc(slices.Clone(offered), func(in string) bool { return in == next.intent })
		return Candidate{Intent: next.intent, Not: others, Why: "chosen out of " + strings.Join(offered, ", ")}, true
	case next.rule() == bot.RuleNone:
		return Candidate{Not: offered, Why: "none of " + strings.Join(offered, ", ") + c.answer(len(c.exchanges)-1)}, true
	case next.intent != "" && next.escalated == "":
		return Candidate{Intent: next.intent, Why: "said again: " + short(next.text, 60)}, true
	}
	return Candidate{}, false
}

// offeredIn are the intents that the evidence of a clarification names: "refund (0.50), hours (0.31)".
func offeredIn(evidence string) []string {
	var out []string
	for _, part := range strings.Split(evidence, "), ") {
		if name, _, ok := strings.Cut(part, " ("); ok {
			out = append(out, name)
		}
	}
	return out
}

// missed is what came of a message that nothing fitted.
func (c conversation) missed(i int, x exchange, next *exchange) (Candidate, bool) {
	switch {
	case x.escalated != "":
		return Candidate{Why: "not understood twice; handed over" + c.answer(i)}, true
	case next == nil:
		return Candidate{Why: "not understood; the customer left"}, true
	case next.option != "" && next.intent != "":
		return Candidate{Intent: next.intent, Why: "not understood, then chosen"}, true
	case next.intent != "" && next.escalated == "":
		return Candidate{Intent: next.intent, Why: "said again: " + short(next.text, 60)}, true
	}
	return Candidate{Why: "not understood" + c.answer(len(c.exchanges)-1)}, true
}

// answer is what an agent said then, for the author to see what it was about.
func (c conversation) answer(i int) string {
	if said := c.agentSaid[i]; said != "" {
		return "; the agent: " + short(said, 80)
	}
	return ""
}

// WriteCandidates prints candidates as training data to choose from, by language and intent: what was chosen or
// corrected under its intent, near misses under not:, the rest for the author to place. Texts that stand there already
// are known to the caller. The same list gives the same text.
func WriteCandidates(w io.Writer, list []Candidate) error {
	type group struct{ examples, not []Candidate }
	groups := map[string]*group{}
	of := func(language, intent string) *group {
		key := language + "\x00" + intent
		if groups[key] == nil {
			groups[key] = &group{}
		}
		return groups[key]
	}
	seen := map[string]bool{}
	for _, c := range list {
		if key := c.Language + "\x00" + strings.ToLower(c.Text); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		g := of(c.Language, c.Intent)
		g.examples = append(g.examples, c)
		for _, not := range c.Not {
			n := of(c.Language, not)
			n.not = append(n.not, c)
		}
	}
	keys := make([]string, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	language := "\x00"
	for _, k := range keys {
		lang, intent, _ := strings.Cut(k, "\x00")
		if lang != language {
			language = lang
			fmt.Fprintf(&b, "# nlu/%s/: read each, keep what is right, remove the rest\nnlu:\n", orUnknown(lang))
		}
		if intent == "" {
			intent = "out_of_scope"
			b.WriteString("  # Nobody said what these were: out of scope, or an intent that is not there yet.\n")
		}
		fmt.Fprintf(&b, "  - intent: %s\n", intent)
		writeLines(&b, "examples", groups[k].examples)
		writeLines(&b, "not", groups[k].not)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func orUnknown(language string) string {
	if language == "" {
		return "…"
	}
	return language
}

func writeLines(b *strings.Builder, key string, list []Candidate) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "    %s: |\n", key)
	for _, c := range list {
		fmt.Fprintf(b, "      # %s (%s)\n      - %s\n", short(c.Why, 200), c.Conversation, short(c.Text, 300))
	}
}
