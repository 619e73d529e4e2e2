package bot

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// do carries out an outcome.
func (t *turn) do(o outcome, why []chat.Because, ruleID string) {
	for _, key := range o.say {
		if !t.say(key, why) {
			t.handOver(chat.ReasonBotFailed, "", because(ruleID, "a value for "+key+" is missing"))
			return
		}
	}
	for _, id := range o.options {
		if opt := t.bot.options[id]; opt != nil {
			t.offer(chat.Option{ID: opt.id, Label: t.words(opt.label)})
		}
	}
	switch {
	case o.escalate != nil:
		t.handOverTo(*o.escalate, why, o.said()...)
	case o.form != "":
		t.beginForm(o.form, ruleID, why)
	case o.action != "":
		t.beginAction(o.action)
	case len(o.say) == 0:
		t.handOver(chat.ReasonBotFailed, "", because(ruleID, "nothing to say"))
	}
}

// said marks that the words of a handover have been said.
func (o outcome) said() []string {
	if len(o.say) > 0 {
		return []string{""}
	}
	return nil
}

// say adds an answer. It returns false when no variant of it can be filled in.
func (t *turn) say(key string, why []chat.Because) bool {
	text, ok := t.fill(key)
	if ok {
		t.out.Say = append(t.out.Say, Say{Text: text, Because: why})
	}
	return ok
}

// fill chooses a variant by hash of conversation and position, the next where a value is missing.
func (t *turn) fill(key string) (string, bool) { return t.fillWith(key, nil) }

// fillWith takes values from also, where that is given, in the place of those that are known.
func (t *turn) fillWith(key string, also map[string]string) (string, bool) {
	variants := t.bot.answers[t.language][key]
	if len(variants) == 0 {
		return "", false
	}
	from := 0
	if len(variants) > 1 {
		h := fnv.New32a()
		fmt.Fprintf(h, "%s/%d/%s", t.in.Conversation, t.in.Pos, key)
		from = int(h.Sum32() % uint32(len(variants)))
	}
	for i := range variants {
		v := &variants[(from+i)%len(variants)]
		if text, ok := v.words(); ok {
			return text, true
		}
		values := also
		if values == nil {
			values = t.bot.spoken(t.language, t.known())
		}
		if text, ok := v.render(values, nil); ok {
			return text, true
		}
	}
	return "", false
}

// spoken are values as a customer reads them: days as the language writes them.
func (b *Bot) spoken(language string, values map[string]string) map[string]string {
	out := values
	for name := range b.days {
		if v := values[name]; v != "" && sayDay(language, v) != v {
			if out = maps.Clone(out); out != nil {
				out[name] = sayDay(language, v)
			}
		}
	}
	return out
}

// words returns an answer that must be there: "" at worst.
func (t *turn) words(key string) string {
	text, _ := t.fill(key)
	return text
}

// handOver brings a person of the team in, or of the bot's where it names none.
func (t *turn) handOver(reason, team string, why []chat.Because, say ...string) {
	t.handOverTo(handover{reason: reason, team: team}, why, say...)
}

// handOverTo brings a person in. say are the answers to say with it; without any the reason's own words are said, and
// a single "" says nothing.
func (t *turn) handOverTo(h handover, why []chat.Because, say ...string) {
	h.team = cmp.Or(h.team, t.bot.team)
	if len(say) == 0 {
		say = []string{fetching[h.reason]}
		if h.reason == chat.ReasonRule && understand.Money(t.entities) > 0 {
			say = []string{"bot_fetching_money"}
		}
	}
	spoken := false
	for _, key := range say {
		spoken = key == "" || t.say(key, why) || spoken
	}
	if !spoken {
		t.say(fetching[h.reason], why)
	}
	for i := range t.out.Say {
		t.out.Say[i].Options, t.out.Say[i].Form = nil, nil
	}
	t.out.Action = nil
	t.out.Escalate = &Escalation{
		Reason: h.reason, Quote: t.quote(), Team: h.team, Skills: slices.Clone(h.skills), Priority: h.priority, Because: why,
	}
	if t.mem.Form != nil {
		t.mem.Last = t.mem.Form
	}
	t.mem.Form, t.mem.Misses, t.mem.Said, t.mem.Choices, t.mem.Action = nil, 0, nil, nil, ""
}

// quote is the customer's own words: these, or the last ones when there are none.
func (t *turn) quote() string {
	text := t.in.Text
	if t.in.Result == nil && t.in.Option == "" && text != "" && (t.in.Fields == nil || t.res.Quote != "") {
		if len([]rune(text)) > chat.MaxQuote && t.res.Quote != "" {
			text = t.res.Quote
		}
		return cutWords(text, chat.MaxQuote)
	}
	for _, l := range slices.Backward(t.in.Lines) {
		if l.Role == chat.RoleVisitor {
			return cutWords(l.Text, chat.MaxQuote)
		}
	}
	return cutWords(text, chat.MaxQuote)
}
