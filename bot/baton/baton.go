// Package baton makes what a person is handed together with a conversation, so that nothing has to be told twice. It
// is pure, and writes nothing that the log does not hold: what is wanted stands in the customer's own words.
package baton

import (
	"maps"
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
)

// Cause is why a person is brought in, as the bot's or the desk's escalation says it.
type Cause struct {
	Reason string            // one of chat's reasons
	Quote  string            // the customer's own words
	Fields map[string]string // what the bot knows, beside what the conversation holds
}

// Bounds of a baton.
const (
	maxTried    = 6
	maxFeelings = 8
	maxEarlier  = 5
	maxPromises = 5
	maxWants    = 2
	maxText     = 160 // characters of a quoted answer
)

// Of makes the baton of a conversation. c is folded up to and with the customer's last words; visits are the visitor's earlier
// conversations in any order. The texts are in the conversation's language, English where the house has no words in it.
func Of(c chat.Conversation, visits []chat.Visit, cause Cause) chat.Baton {
	w := wordsOf(c.Language)
	b := chat.Baton{
		Reason:   cause.Reason,
		Quote:    quote(c, cause),
		Wants:    wants(c, cause),
		Tried:    tried(c, cause, w),
		Fields:   map[string]string{},
		Feelings: feelings(c),
		Earlier:  []chat.Earlier{},
		Promises: []string{},
	}
	maps.Copy(b.Fields, c.Fields)
	maps.Copy(b.Fields, cause.Fields)
	sorted := slices.Clone(visits)
	slices.SortStableFunc(sorted, func(a, b chat.Visit) int { return b.At.Compare(a.At) })
	for _, v := range sorted {
		if v.Conversation == c.ID && c.ID != "" {
			continue
		}
		if len(b.Earlier) < maxEarlier {
			b.Earlier = append(b.Earlier, chat.Earlier{At: v.At, About: v.About, Outcome: v.Outcome, Feeling: v.Feeling})
		}
		for _, p := range v.Promises {
			if len(b.Promises) < maxPromises && !slices.Contains(b.Promises, p) {
				b.Promises = append(b.Promises, p)
			}
		}
	}
	if c.Promise != nil && len(b.Promises) < maxPromises {
		b.Promises = append(b.Promises, w.callBack+c.Promise.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	b.Suggestion = suggest(b, w)
	return b
}

func quote(c chat.Conversation, cause Cause) string {
	if cause.Quote != "" {
		return cut(cause.Quote, chat.MaxQuote)
	}
	for _, l := range slices.Backward(c.Lines) {
		if l.Role == chat.RoleVisitor {
			return cut(l.Text, chat.MaxQuote)
		}
	}
	return ""
}

// wants is what the customer asked for, in their own words: the latest of the different things that were understood,
// else the first line that says something.
func wants(c chat.Conversation, cause Cause) string {
	texts, _ := matters(c)
	if len(texts) > 0 {
		return cut(strings.Join(texts, " / "), chat.MaxQuote)
	}
	for _, l := range c.Lines {
		if l.Role == chat.RoleVisitor && manyWords(l.Text) {
			return cut(strings.TrimSpace(l.Text), chat.MaxQuote)
		}
	}
	if c.About != "" {
		return c.About
	}
	return quote(c, cause)
}

// matters are the latest different things that the customer was understood to want, in their words, and the intents. A
// lone word, such as a greeting, is none.
func matters(c chat.Conversation) (texts, intents []string) {
	for _, l := range slices.Backward(c.Lines) {
		if l.Role == chat.RoleVisitor && l.Intent != "" && !slices.Contains(intents, l.Intent) && len(texts) < maxWants && manyWords(l.Text) {
			texts = append([]string{strings.TrimSpace(l.Text)}, texts...)
			intents = append(intents, l.Intent)
		}
	}
	return texts, intents
}

func manyWords(s string) bool { return len(strings.Fields(s)) >= 2 }

// tried is what the bot said and looked up before the customer's last words, and what became of it.
func tried(c chat.Conversation, cause Cause, w words) []string {
	last := len(c.Lines)
	for i, l := range slices.Backward(c.Lines) {
		if l.Role == chat.RoleVisitor {
			last = i
			break
		}
	}
	out := []string{}
	counts := map[string]int{}
	var order []string
	_, intents := matters(c)
	begin := max(0, slices.IndexFunc(c.Lines[:last], func(l chat.Line) bool { return l.Role == chat.RoleVisitor && manyWords(l.Text) }))
	for _, l := range c.Lines[begin:last] { // what was said before the matter was named is a greeting
		if l.Role != chat.RoleBot || strings.TrimSpace(l.Text) == "" || l.Intent == "" && !strings.HasSuffix(l.Text, "?") {
			continue
		}
		if l.Intent != "" && len(intents) > 0 && !slices.Contains(intents, l.Intent) {
			continue // small talk
		}
		if counts[l.Text]++; counts[l.Text] == 1 {
			order = append(order, l.Text)
		}
	}
	if len(order) > maxTried {
		order = order[len(order)-maxTried:]
	}
	for i, text := range order {
		s := w.answered
		if strings.HasSuffix(strings.TrimSpace(text), "?") {
			s = w.asked
		}
		s += w.open + cut(oneLine(text), maxText) + w.close
		if counts[text] > 1 {
			s += w.twice
		}
		if i == len(order)-1 && cause.Reason == chat.ReasonStuck {
			s += w.noHelp
		}
		out = append(out, s)
	}
	for _, a := range c.Asked {
		if a.Form != "" && !a.Answered {
			out = append(out, strings.TrimSuffix(w.formOpen+labels(a.Fields), ": "))
		}
	}
	switch {
	case c.Action != nil:
		out = append(out, w.lookup)
	case cause.Reason == chat.ReasonBotFailed:
		out = append(out, w.failed)
	}
	return out
}

// labels are the fields of a form as the customer sees them.
func labels(fields []chat.Field) string {
	var all []string
	for _, f := range fields {
		if f.Label != "" {
			all = append(all, f.Label)
		}
	}
	return strings.Join(all, ", ")
}

func feelings(c chat.Conversation) []chat.FeelingMark {
	out := []chat.FeelingMark{}
	for _, f := range c.Feelings {
		if f.Name != "" {
			f.Quote = cut(f.Quote, chat.MaxQuote)
			out = append(out, f)
		}
	}
	if len(out) > maxFeelings {
		out = out[len(out)-maxFeelings:]
	}
	return out
}

// suggest is a first sentence that shows the conversation was read.
func suggest(b chat.Baton, w words) string {
	s := w.suggestion[b.Reason]
	if s == "" {
		s = w.suggestion[chat.ReasonAsked]
	}
	if b.Reason == chat.ReasonCrisis {
		return s
	}
	if order := b.Fields["order_number"]; order != "" {
		s += " " + w.order + " " + order + "."
	}
	if len(b.Promises) > 0 {
		s += " " + w.promised
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut returns at most n characters of s, the last of them … where something is left out.
func cut(s string, n int) string {
	count, end := 0, 0
	for i := range s {
		if count == n-1 {
			end = i
		}
		if count++; count > n {
			return strings.TrimSpace(s[:end]) + "…"
		}
	}
	return s
}
