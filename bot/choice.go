package bot

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

func (t *turn) optionAsks() bool {
	if t.in.Option == "" {
		return false
	}
	o := t.bot.options[t.in.Option]
	return o == nil && t.in.Option == personOption || o != nil && o.escalate != nil && o.escalate.reason == chat.ReasonAsked
}

// The rules by which a step tells, in its log entry, that the bot was not sure: who looks for new examples finds the
// messages by them. The evidence of RuleWhich names the intents offered with their confidence, that of RuleMiss the
// nearest one.
const (
	RuleWhich     = "asks which is meant"
	RuleMiss      = "nothing fits well enough"
	RuleMissAgain = "nothing fits twice"
	RuleNone      = "none of those"
)

// within tells whether a candidate that is not sure may be offered as a button.
func (t *turn) within(intent string, confidence float64) bool {
	return intent != "" && confidence >= t.bot.limit(intent).Clarify && t.ruleFor(intent) != nil
}

// nearBest is how near to the best candidate another must be to be offered beside it.
const nearBest = 0.4

// askWhich asks once which of two or three intents is meant. It is a miss: the next one on the same matter brings a
// person.
func (t *turn) askWhich() bool {
	if t.mem.Misses > 0 || t.res.Urgent >= understand.LimitUrgent || !t.within(t.res.Intent, t.res.Confidence) || t.bot.handsOver {
		return false
	}
	offered := []string{t.res.Intent}
	why := figure(t.res.Intent, t.res.Confidence, "")
	for _, a := range t.res.Alternatives {
		if len(offered) < 3 && t.ruleFor(a.Intent) != nil && a.Intent != t.res.Intent && (t.res.Close && len(offered) == 1 || a.Confidence >= float64(nearBest*t.res.Confidence)) {
			offered = append(offered, a.Intent)
			why += ", " + figure(a.Intent, a.Confidence, "")
		}
	}
	if len(offered) < 2 {
		return false
	}
	t.mem.Misses++
	key := keyWhichOne
	if len(offered) > 2 {
		key = keyWhichOf
	}
	t.say(key, because(RuleWhich, why))
	for _, intent := range offered {
		t.offer(t.choice(intent))
	}
	t.offer(chat.Option{ID: noneOption, Label: t.words(keyNoneOfThese)})
	return true
}

// noneOption is the id of the button that says that something else was meant.
const noneOption = "none_of_these"

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
	if t.in.Option == noneOption && t.bot.options[noneOption] == nil {
		t.noneOfThese()
		return
	}
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

// noneOfThese takes the button beside a clarifying question: the matter was missed twice.
func (t *turn) noneOfThese() {
	why := because(RuleNone, t.in.Text)
	if t.mem.Refused {
		t.mem.Choices = nil
		t.say(keyRefusedStuck, why)
		t.offer(t.personOption())
		return
	}
	t.handOver(chat.ReasonStuck, "", why)
}

func (t *turn) offer(o chat.Option) {
	if n := len(t.out.Say); n > 0 && !slices.ContainsFunc(t.out.Say[n-1].Options, func(p chat.Option) bool { return p.ID == o.ID }) {
		t.out.Say[n-1].Options = append(t.out.Say[n-1].Options, o)
	}
}
