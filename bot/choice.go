package bot

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/chat"
)

func (t *turn) optionAsks() bool {
	if t.in.Option == "" {
		return false
	}
	o := t.bot.options[t.in.Option]
	return o == nil && t.in.Option == personOption || o != nil && o.escalate != nil && o.escalate.reason == chat.ReasonAsked
}

// askWhich asks which of two intents is meant.
func (t *turn) askWhich() bool {
	if len(t.res.Alternatives) == 0 {
		return false
	}
	first, second := t.res.Intent, t.res.Alternatives[0].Intent
	if t.ruleFor(first) == nil || t.ruleFor(second) == nil || t.mem.Choices != nil {
		return false
	}
	t.say(keyWhichOne, because("two intents are close", first+", "+second))
	t.offer(t.choice(first))
	t.offer(t.choice(second))
	return true
}

// personOption is the id of the button that brings a person, where the bot has none of its own.
const personOption = "talk_to_person"

func (t *turn) personOption() chat.Option {
	for _, id := range sortedNames(t.bot.options) {
		o := t.bot.options[id]
		if o.escalate != nil && o.escalate.reason == chat.ReasonAsked {
			return chat.Option{ID: o.id, Label: t.words(o.label)}
		}
	}
	return chat.Option{ID: personOption, Label: t.words(keyPerson)}
}

// choice is a button that stands for an intent: the bot's own, or one that is labelled by the intent's shortest example.
func (t *turn) choice(intent string) chat.Option {
	for _, id := range sortedNames(t.bot.options) {
		if o := t.bot.options[id]; o.intent == intent {
			return chat.Option{ID: o.id, Label: t.words(o.label)}
		}
	}
	id := slugify("intent." + intent)
	if t.mem.Choices == nil {
		t.mem.Choices = map[string]string{}
	}
	t.mem.Choices[id] = intent
	label := t.bot.shortest[t.language][intent]
	if label == "" {
		label = strings.ReplaceAll(intent, "_", " ")
	}
	return chat.Option{ID: id, Label: cutWords(label, 80)}
}

// takeOption does what a button stands for.
func (t *turn) takeOption() {
	t.chosen = true
	intent := t.mem.Choices[t.in.Option]
	if o := t.bot.options[t.in.Option]; o != nil {
		if o.intent == "" {
			t.mem.Misses = 0
			t.do(o.outcome, because("option "+o.id, t.in.Text), o.id)
			return
		}
		intent = o.intent
	}
	if r := t.ruleFor(intent); r != nil {
		t.res.Intent, t.out.Intent, t.res.Confidence = intent, intent, 1
		t.mem.Form = nil
		t.use(r)
		return
	}
	t.chosen = false
	t.answer() // a button of a folder that has changed: its words still say what is wanted
}

func (t *turn) offer(o chat.Option) {
	if n := len(t.out.Say); n > 0 && !slices.ContainsFunc(t.out.Say[n-1].Options, func(p chat.Option) bool { return p.ID == o.ID }) {
		t.out.Say[n-1].Options = append(t.out.Say[n-1].Options, o)
	}
}
