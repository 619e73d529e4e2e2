package bot

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kohta/kohta/bot/knowledge"
	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// fillForm takes words while a form is open. It returns false when the words have nothing to do with it and end it.
func (t *turn) fillForm() bool {
	run := t.mem.Form
	why := because("form "+run.ID, t.in.Text)
	if t.res.Talk.Leaves && len(t.entities) == 0 {
		t.leaveForm(why)
		return true
	}
	if run.Check && t.res.Talk.Only && t.checked(run, why) {
		return true
	}
	said := t.sayings(run)
	wrong := t.meantFor(run, said)
	switch {
	case len(said.values) > 0 && !said.question:
		t.setAll(run, said)
		t.takeRest(run, said)
		return true
	case len(wrong) > 0:
		t.goOn(wrong)
		return true
	case t.byHandoffRule():
		return true
	case run.onlyText() == nil && (t.gettingNowhere() || t.tooComplex()):
		return true
	}
	if t.answerBeside(run, said) || t.takeWords(run, said) {
		return true
	}
	switch {
	case len(said.values) > 0:
		t.setAll(run, said)
		t.goOn(nil)
		return true
	case t.res.Talk.AsksBot:
		t.say(keyAreYouABot, because("are you a bot", t.in.Text))
	case t.res.RefusesHuman:
		t.say(keyRefused, why)
	case t.tiredOfForm(why):
		return true
	default:
		t.say(keyFormAgain, why)
	}
	t.showForm(nil, why)
	return true
}

func (t *turn) leaveForm(why []chat.Because) {
	run := t.mem.Form
	t.mem.Last, t.mem.Form = run, nil
	if run.Cancelled != "" {
		t.out.Say = append(t.out.Say, Say{Text: run.Cancelled, Because: why})
		return
	}
	t.say(keyNeverMind, why)
}

// checked takes a yes or a no to the question whether a form is right as it stands.
func (t *turn) checked(run *running, why []chat.Because) bool {
	switch {
	case t.res.Talk.Yes && run.complete():
		t.formDone(why)
	case t.res.Talk.No:
		delete(run.Values, run.Took)
		delete(t.mem.Slots, run.Took)
		run.Took, run.Check, t.values = "", false, nil
		t.say(keyFormAgain, why)
		t.showForm(nil, why)
	default:
		return false
	}
	return true
}

// saying is what a message says while a form is open.
type saying struct {
	values   []valueAt
	rest     string            // what it says besides them
	res      understand.Result // of the rest
	question bool              // the rest is a question that is answered beside the form
}

// sayings parts a message into values and the rest. What is written around a value in one clause with it is a part of
// the answer, unless it is another question: "oletteko auki huomenna" names no day for the form.
func (t *turn) sayings(run *running) saying {
	s := saying{rest: t.in.Text, res: t.res}
	var spans []span
	for _, v := range t.valuesIn(run) {
		spans = append(spans, v.span)
		if d := run.Fields[v.field]; v.value != run.Values[d.Name] || t.res.Talk.Corrects {
			s.values = append(s.values, v)
		}
	}
	if len(spans) == 0 {
		s.question = asks(s.rest, t.language) && t.beside(run, s.rest, s.res) != nil
		return s
	}
	rest, alone := leftOver(t.in.Text, spans)
	if s.rest = rest; rest == "" {
		s.res = understand.Result{}
		return s
	}
	if s.res = t.bot.model.Understand(understand.Query{Text: rest, Language: t.language}); isSmallTalk(rest, s.res.Talk) {
		s.rest = ""
		return s
	}
	asked := asks(rest, t.language) || alone && asks(t.in.Text, t.language)
	if alone {
		rest = t.in.Text
	}
	s.question = asked && t.beside(run, rest, s.res) != nil
	if s.question && alone {
		s.values = slices.DeleteFunc(s.values, func(v valueAt) bool { return isSoft(run.Fields[v.field].Kind) })
	}
	if asked && alone && !s.question {
		s.rest = ""
	}
	return s
}

// isSoft tells whether a value of this type may as well belong to a question.
func isSoft(kind string) bool {
	return kind == understand.EntityDate || kind == understand.EntityMoney || kind == "number"
}

func (t *turn) setAll(run *running, s saying) {
	for _, v := range s.values {
		t.setValue(run.Fields[v.field], v.value)
		t.meansDay(run.Fields[v.field], v)
	}
	if len(s.values) > 0 {
		run.Check = false
	}
}

// meansDay notes a day that was not written as the customer will read it: they are told which one was understood.
func (t *turn) meansDay(d runningField, v valueAt) {
	if shown := t.shown(d, v.value); shown != v.value && !strings.Contains(t.in.Text[v.from:v.to], shown) {
		t.tell = true
	}
}

// takeRest goes on with what is said besides values: an answer to a question beside the form, or words for its next
// text field.
func (t *turn) takeRest(run *running, s saying) {
	if s.rest == "" || !t.takeWords(run, s) {
		t.goOn(nil)
	}
}

// beside returns the rule that answers another matter that words turn to in the middle of a form, nil if they do not.
// Where free words are waited for next, most statements are what was asked for, whatever they read like: "kahvi oli
// vanhaa" asks for no advice. A question is another matter there, and a wish or what calls for a person where it is sure.
func (t *turn) beside(run *running, words string, res understand.Result) *rule {
	if res.Confidence < t.bot.limit(res.Intent).Answer {
		return nil
	}
	r := t.ruleFor(res.Intent)
	if r == nil || r.id == run.Rule || r.form == run.ID {
		return nil
	}
	next := run.missing()
	if len(next) == 0 || next[0].Kind != "text" || asks(words, t.language) {
		return r
	}
	again := len(t.mem.Said) > 0 && t.mem.Said[len(t.mem.Said)-1] == r.id
	clear := wishes(words, t.language) || r.escalate != nil || isTalkIntent(res.Intent)
	if !clear || again || run.asksOnly(next[0].Name) || res.Confidence < barelySure {
		return nil
	}
	return r
}

// answerBeside answers another matter: by its rule, or, a question, from an article. If that only says something, the
// form is offered again; else it is left.
func (t *turn) answerBeside(run *running, s saying) bool {
	words := s.rest
	if s.question {
		words = t.in.Text
	}
	r := t.beside(run, words, s.res)
	if r == nil && (!asks(words, t.language) || !t.readBeside(run)) {
		return false
	}
	t.setAll(run, s)
	if r != nil {
		t.mem.Form = nil
		t.res.Intent, t.res.Confidence, t.out.Intent = s.res.Intent, s.res.Confidence, s.res.Intent
		t.use(r)
	}
	if t.out.Escalate != nil || t.out.Action != nil || t.mem.Form != nil && t.mem.Form != run {
		t.mem.Last = run
		return true
	}
	t.mem.Form = run
	if len(s.values) > 0 && run.complete() && !run.Check {
		t.formDone(because("form "+run.ID, "filled"))
		return true
	}
	why := because("form "+run.ID, "offered again")
	t.say(keyFormAgain, why)
	t.showForm(nil, why)
	return true
}

// readBeside answers a question from an article, if it is not about the form's own matter.
func (t *turn) readBeside(run *running) bool {
	if r := t.ruleFor(t.res.Intent); r != nil && t.sure() && (r.id == run.Rule || r.form == run.ID) {
		return false
	}
	return t.readUp(knowledge.Threshold)
}

// takeWords puts free words into the first text field that is missing, or, where they correct what was said, into the
// one that took words before. It returns false when they are no answer.
func (t *turn) takeWords(run *running, s saying) bool {
	d, words, corrects := run.missingText(), s.rest, false
	if text, ok := t.corrected(run, words); ok {
		words, d, corrects = text, run.field(run.Took), true
	} else if d == nil && run.Check {
		d = run.field(run.Took)
	}
	if d == nil || words == t.in.Text && (isSmallTalk(words, t.res.Talk) || t.res.Talk.AsksBot || t.res.RefusesHuman) {
		return false
	}
	if strings.IndexFunc(words, unicode.IsLetter) < 0 && run.onlyText() == nil {
		return false
	}
	v, ok := t.valid(*d, words)
	if !ok {
		return false
	}
	t.setValue(*d, v)
	run.Took, t.took = d.Name, true
	t.tell = t.tell || words != t.in.Text && !corrects
	doubtful := !corrects && (asks(words, t.language) || !run.asksOnly(d.Name) && t.other(run, s.res))
	if !doubtful || !run.complete() {
		run.Check = false
		t.goOn(nil)
		return true
	}
	why := because("form "+run.ID, words)
	if t.tiredOfForm(why) {
		return true
	}
	run.Check = true
	t.say(keyFormCheck, why)
	t.showForm(nil, why)
	return true
}

// corrected is what words put in the place of the words that a form took before.
func (t *turn) corrected(run *running, words string) (string, bool) {
	text, sure, ok := correction(words)
	return text, ok && run.Took != "" && (sure || t.res.Talk.Corrects)
}

// other tells whether words read like another matter that a rule answers.
func (t *turn) other(run *running, res understand.Result) bool {
	r := t.ruleFor(res.Intent)
	return r != nil && res.Confidence >= t.bot.limit(res.Intent).Answer && r.id != run.Rule && r.form != run.ID
}

// missing are the required fields that have no value yet.
func (r *running) missing() []*runningField {
	var out []*runningField
	for i := range r.Fields {
		if d := &r.Fields[i]; d.Required && r.Values[d.Name] == "" {
			out = append(out, d)
		}
	}
	return out
}

// missingText is the first field that free words can fill, nil if there is none.
func (r *running) missingText() *runningField {
	for _, d := range r.missing() {
		if d.Kind == "text" {
			return d
		}
	}
	return nil
}

// onlyText returns the field that free words can fill where it is the only one that is missing.
func (r *running) onlyText() *runningField {
	if missing := r.missing(); len(missing) == 1 && missing[0].Kind == "text" {
		return missing[0]
	}
	return nil
}

// asksOnly tells whether a form requires nothing but this field: it waits for any words at all.
func (r *running) asksOnly(name string) bool {
	return !slices.ContainsFunc(r.Fields, func(d runningField) bool { return d.Required && d.Name != name })
}

func (r *running) field(name string) *runningField {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return &r.Fields[i]
		}
	}
	return nil
}

// correctLast takes a correction of the form that was just sent: "ei kun 10235", "ei kun etujarru".
func (t *turn) correctLast() bool {
	run := t.mem.Last
	if run == nil {
		return false
	}
	if _, ok := t.corrected(run, t.in.Text); !ok && !t.res.Talk.Corrects && (t.sure() || len(t.entities) == 0) {
		return false
	}
	t.mem.Form = run
	changed := false
	for _, v := range t.valuesIn(run) {
		if d := run.Fields[v.field]; v.value != run.Values[d.Name] {
			t.setValue(d, v.value)
			changed = true
		}
	}
	if text, ok := t.corrected(run, t.in.Text); !changed && ok && !t.other(run, t.res) {
		if d := run.field(run.Took); d != nil {
			t.setValue(*d, text)
			changed, t.took, t.tell = true, true, true
		}
	}
	if !changed {
		t.mem.Form = nil
		return false
	}
	run.Tries, run.Check = 0, false
	t.goOn(nil)
	return true
}
