package bot

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/bot/knowledge"
	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// Reply says what the bot does. It is pure: the same Input gives the same Output. A panic inside becomes a handover
// with the reason bot_failed.
func (b *Bot) Reply(in Input) (out Output) {
	defer func() {
		if p := recover(); p != nil {
			out = b.failed(in)
		}
	}()
	t := &turn{bot: b, in: in, mem: recall(in.Memory), language: b.speak(in.Language)}
	t.run()
	return t.finish()
}

// failed hands over with as little as possible.
func (b *Bot) failed(in Input) Output {
	lang := b.speak(in.Language)
	text, _ := builtInAnswers(lang)[keyFailed][0].render(nil, nil)
	return Output{Language: lang, Say: []Say{{Text: text}}, Memory: chat.Memory("{}"),
		Escalate: &Escalation{Reason: chat.ReasonBotFailed, Quote: cutWords(in.Text, chat.MaxQuote), Team: b.team}}
}

// speak returns language if the bot speaks it, else its first.
func (b *Bot) speak(language string) string {
	if slices.Contains(b.languages, language) {
		return language
	}
	return b.languages[0]
}

// turn is one step of the bot while it is made.
type turn struct {
	bot      *Bot
	in       Input
	mem      memory
	language string
	res      understand.Result
	entities []understand.Entity
	fresh    bool // the message brought a value that was not known
	out      Output
	values   map[string]string // for templates and conditions; nil: not gathered yet
	several  []string          // the matters of a long message; nil: not looked for yet
	chosen   bool              // this came by a button
	took     bool              // free words went into a form, or it went off with some
	tell     bool              // what a form took has to be told when it goes off
	moment   understand.Moment // whether these words bring a person in, over the course
}

// run goes through what can be done, the most urgent first.
func (t *turn) run() {
	if t.in.Result != nil {
		t.takeResult()
		return
	}
	t.read()
	t.now()
	switch {
	case t.res.Crisis:
		t.inDanger()
	case t.in.Asked || t.res.AsksHuman || t.optionAsks():
		t.mem.Refused = false
		t.handOver(chat.ReasonAsked, "", because("asked", t.evidence()))
	case t.tooMuch():
		t.handOver(chat.ReasonFeeling, "", t.why("feeling "+t.res.Feeling, t.evidence()))
	case t.in.Fields != nil:
		t.takeFields()
	case t.in.Option != "":
		t.takeOption()
	case strings.TrimSpace(t.in.Text) == "":
		t.greet()
	case t.mem.Form != nil && t.fillForm():
	default:
		t.answer()
	}
}

// inDanger brings a person to somebody in danger, with the help lines of the language that they write in.
func (t *turn) inDanger() {
	why := because("crisis", t.evidence())
	key := keyCrisis
	if text := t.bot.houseCrisis(t.res.Language); text != "" {
		t.out.Say, key = append(t.out.Say, Say{Text: text, Because: why}), ""
	}
	t.handOver(chat.ReasonCrisis, "", why, key)
}

func because(rule, evidence string) []chat.Because {
	return []chat.Because{{Rule: rule, Evidence: cutWords(evidence, chat.MaxQuote)}}
}

// read understands the message and remembers the values in it.
func (t *turn) read() {
	if t.in.Text == "" { // what was written into a form is looked at too
		for _, name := range sortedNames(t.in.Fields) {
			t.in.Text = strings.TrimSpace(t.in.Text + "\n" + t.in.Fields[name])
		}
	}
	if t.in.Text == "" {
		return
	}
	t.res = t.bot.model.Understand(understand.Query{Text: t.in.Text, Language: t.in.Language})
	if t.in.Option == "" && t.in.Fields == nil && slices.Contains(t.bot.languages, t.res.Language) {
		t.language = t.res.Language
	}
	if t.in.Option != "" {
		t.res.AsksHuman, t.res.RefusesHuman, t.res.Crisis = false, false, false // the bot's own words
		return
	}
	t.entities = t.bot.finder.Find(t.in.Text)
	for _, e := range t.entities {
		if t.mem.Slots[e.Name] != e.Value {
			t.fresh = true
		}
		t.mem.learn(e.Name, e.Value)
	}
	if t.res.RefusesHuman {
		t.mem.Refused = true
	}
	if t.res.Feeling != chat.Calm && t.res.Intensity >= 0.2 {
		t.out.Feeling = &chat.Feeling{Name: t.res.Feeling, Intensity: t.res.Intensity, Quote: cutWords(t.res.Quote, chat.MaxQuote)}
	}
	if t.in.Fields == nil {
		t.out.Intent = t.res.Intent
	}
}

func (t *turn) evidence() string {
	if t.res.Quote != "" {
		return t.res.Quote
	}
	return t.in.Text
}

// tooMuch tells whether feelings call for a person who was not refused.
func (t *turn) tooMuch() bool {
	return t.moment.Reason == chat.ReasonFeeling && !t.mem.Refused
}

// answer answers words that belong to no form.
func (t *turn) answer() {
	if t.correctLast() || t.byHandoffRule() || t.gettingNowhere() || t.tooComplex() {
		return
	}
	t.lookBesideRefusal()
	r := t.ruleFor(t.res.Intent)
	sure := r != nil && t.sure()
	if sure && t.res.Confidence < barelySure && t.readUp(strongPassage) {
		return
	}
	switch {
	case t.bareAnswer() && t.smallTalk():
	case t.res.Talk.AsksBot && !sure:
		t.say(keyAreYouABot, because("are you a bot", t.in.Text))
	case sure:
		t.use(r)
	case t.smallTalk():
	case t.readUp(knowledge.Threshold):
	case t.askWhich():
	default:
		t.miss()
	}
}

// lookBesideRefusal looks at what is asked beside the words that a person is not wanted, if these hide it.
func (t *turn) lookBesideRefusal() {
	if !t.res.RefusesHuman || t.sure() {
		return
	}
	for _, b := range t.res.Because {
		before, after, ok := strings.Cut(t.in.Text, b.Evidence)
		rest := strings.TrimSpace(before + " " + after)
		if !ok || b.Evidence == "" || !strings.HasPrefix(b.Rule, understand.RuleRefusals) || rest == "" {
			continue
		}
		if beside := t.bot.model.Understand(understand.Query{Text: rest, Language: t.language}); beside.Intent != "" {
			t.res.Intent, t.res.Confidence, t.res.Alternatives = beside.Intent, beside.Confidence, beside.Alternatives
			t.out.Intent = beside.Intent
		}
		return
	}
}

// sure tells whether what was understood is sure enough to be answered.
func (t *turn) sure() bool { return t.res.Confidence >= t.bot.limit(t.res.Intent).Answer }

// limit is the thresholds that hold for an intent.
func (b *Bot) limit(intent string) understand.Thresholds {
	if own, ok := b.limits[intent]; ok {
		return own
	}
	return b.thresholds
}

// ruleFor returns the first rule of an intent whose condition holds.
func (t *turn) ruleFor(intent string) *rule {
	if intent == "" {
		return nil
	}
	var facts *ruleFacts
	for _, r := range t.bot.byIntent[intent] {
		if r.when != nil && facts == nil {
			facts = t.facts()
		}
		if r.when == nil || r.when.holds(facts) {
			return r
		}
	}
	return nil
}

// known are the values known so far, not to be changed.
func (t *turn) known() map[string]string {
	if t.values == nil {
		t.values = t.mem.fields()
	}
	return t.values
}

func (t *turn) facts() *ruleFacts {
	day := int(t.in.Now.Weekday())
	if day == 0 {
		day = 7
	}
	return &ruleFacts{
		Text: t.in.Text, Intent: t.res.Intent, Confidence: t.res.Confidence, Language: t.language, Page: t.in.Page,
		Hour: t.in.Now.Hour(), Weekday: day, Visits: t.in.Visits, Slots: t.known(), Money: understand.Money(t.entities),
		Misses: t.mem.Misses, Feeling: t.res.Feeling, Intensity: t.res.Intensity,
	}
}

// use answers by a rule. The same rule twice in a row, with nothing new, is no answer: a person is.
func (t *turn) use(r *rule) {
	why := because(r.id, t.whyIntent())
	if slices.Contains(t.mem.Said, r.id) && !t.fresh && !t.chosen && !isTalkIntent(t.res.Intent) && r.escalate == nil {
		if t.mem.Said[len(t.mem.Said)-1] == r.id && t.mayHandOver() {
			t.handOver(chat.ReasonStuck, "", because("the same question again", t.in.Text))
			return
		}
	}
	t.mem.Misses, t.mem.Choices = 0, nil
	t.mem.Intent = t.res.Intent
	t.mem.usedRule(r.id)
	t.do(r.outcome, why, r.id)
	t.answerSecond(r)
}

func (t *turn) whyIntent() string {
	if t.chosen {
		return t.in.Text
	}
	for _, b := range t.res.Because {
		if strings.HasPrefix(b.Rule, "intent ") {
			return figure(t.res.Intent, t.res.Confidence, b.Evidence)
		}
	}
	return t.res.Intent
}

// figure is "name (0.93, "words")", without the words where there are none.
func figure(name string, confidence float64, words string) string {
	b := make([]byte, 0, len(name)+len(words)+16)
	b = append(append(b, name...), " ("...)
	b = strconv.AppendFloat(b, confidence, 'f', 2, 64)
	if words != "" {
		b = strconv.AppendQuote(append(b, ", "...), words)
	}
	return string(append(b, ')'))
}

// byHandoffRule hands over when one of the bot's own rules says so.
func (t *turn) byHandoffRule() bool {
	if len(t.bot.handoffs) == 0 {
		return false
	}
	facts := t.facts()
	for _, r := range t.bot.handoffs {
		if r.when.holds(facts) {
			t.handOverTo(*r.escalate, because(r.id, t.in.Text), r.say...)
			return true
		}
	}
	return false
}

// gettingNowhere hands over when the customer says that the last answer was no help, or complains again.
func (t *turn) gettingNowhere() bool {
	if len(t.mem.Said) == 0 && t.mem.Misses == 0 || t.res.Talk.Solved || !t.mayHandOver() {
		return false
	}
	switch {
	case t.res.Talk.NoHelp || t.res.Talk.Repeats && !t.answersAnew():
		t.handOver(chat.ReasonStuck, "", t.why("that did not help", t.evidence()))
	case t.moment.Reason == chat.ReasonStuck && !t.answersAnew():
		t.handOver(chat.ReasonStuck, "", t.why(t.moment.Rule, t.evidence()))
	default:
		return false
	}
	return true
}

// answersAnew tells whether there is a sure answer that was not given lately.
func (t *turn) answersAnew() bool {
	return t.sure() && t.ruleFor(t.res.Intent) != nil && !slices.Contains(t.mem.Said, slugify(t.res.Intent))
}

// mayHandOver tells whether the bot may bring a person by its own judgement: not against a refusal.
func (t *turn) mayHandOver() bool { return !t.mem.Refused }

// bareAnswer tells of a yes or a no by itself, to nothing that was asked.
func (t *turn) bareAnswer() bool { return t.res.Talk.Only && (t.res.Talk.Yes || t.res.Talk.No) }

// smallTalk answers a message that asks nothing.
func (t *turn) smallTalk() bool {
	k := t.res.Talk
	key := ""
	switch {
	case t.res.RefusesHuman:
		t.say(keyRefused, because("small talk", t.in.Text))
		if t.within(t.res.Intent, t.res.Confidence) { // something seems to be asked beside it
			t.offer(t.choice(t.res.Intent))
		}
		return true
	case !k.Only:
		return false
	case k.Thanks || k.Solved:
		key = keyThanks
	case k.Bye:
		key = keyBye
	case k.Greets:
		t.greet()
		return true
	case k.Leaves, k.No:
		key = keyNeverMind
	case k.Yes:
		key = keyYes
	default:
		return false
	}
	t.say(key, because("small talk", t.in.Text))
	return true
}

func (t *turn) greet() {
	key := t.bot.greeting
	if key == "" || len(t.bot.answers[t.language][key]) == 0 {
		key = keyGreeting
	}
	t.say(key, because("greeting", t.in.Text))
}

// miss asks once to put it another way; the second time a person is fetched.
func (t *turn) miss() {
	if t.bot.handsOver && !t.mem.Refused {
		t.handOver(chat.ReasonComplex, "", because("this bot hands over", t.in.Text))
		return
	}
	t.mem.Misses++
	if t.mem.Misses >= 2 || t.res.Urgent >= understand.LimitUrgent {
		switch {
		case t.mem.Refused:
			t.say(keyRefusedStuck, because("nothing fits", t.in.Text))
			t.offer(t.personOption())
		case t.mem.Misses == 1:
			t.handOver(chat.ReasonComplex, "", because("urgent, and nothing fits", t.evidence()))
		default:
			t.handOver(chat.ReasonStuck, "", because(RuleMissAgain, t.in.Text))
		}
		return
	}
	t.say(keyNotUnderstood, because(RuleMiss, t.whyNot()))
	if t.within(t.res.Intent, t.res.Confidence) {
		t.offer(t.choice(t.res.Intent))
	}
	t.offer(t.personOption())
}

func (t *turn) whyNot() string {
	best := t.res.Intent
	if best == "" && len(t.res.Alternatives) > 0 {
		best = t.res.Alternatives[0].Intent
	}
	if best == "" {
		return t.in.Text
	}
	return figure(best, t.res.Confidence, "")
}

// finish adds what every step has: the first words say that this is a bot, the memory is written.
func (t *turn) finish() Output {
	t.mem.Hello = t.mem.Hello || t.in.First
	if t.mem.Hello && len(t.out.Say) > 0 {
		if !t.saysItIsABot() {
			t.out.Say[0].Text = t.words(keyHello) + " " + t.out.Say[0].Text
		}
		t.mem.Hello = false
	}
	t.out.Language = t.language
	t.out.Fields = t.mem.fields()
	if t.out.Intent == "" && (t.in.Result != nil || t.in.Fields != nil || t.mem.Form != nil) {
		t.out.Intent = t.mem.Intent // the matter goes on
	}
	if t.mem.Last != nil && !t.took {
		t.mem.Last.Took = "" // what went off is corrected at once, or not at all
	}
	t.went()
	t.mem.Version = t.bot.version
	t.out.Memory = t.mem.keep()
	return t.out
}

func (t *turn) saysItIsABot() bool {
	if t.out.Escalate != nil && t.out.Escalate.Reason == chat.ReasonCrisis {
		return true // no time for that
	}
	rule := ""
	if len(t.out.Say[0].Because) > 0 {
		rule = t.out.Say[0].Because[0].Rule
	}
	if rule == "greeting" || rule == "are you a bot" {
		return true
	}
	text := strings.ToLower(t.out.Say[0].Text)
	return strings.Contains(text, "olen botti") || strings.Contains(text, "chattbot") || strings.Contains(text, "i'm a bot") || strings.Contains(text, "i am a bot")
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
