package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// maxTries is how often a form is asked again before a person is fetched.
const maxTries = 3

// beginForm starts a form, filled in with what is known. If nothing is missing it goes straight on, except after an
// action's result: then the customer looks at the values once more.
func (t *turn) beginForm(id, ruleID string, why []chat.Because) {
	f := t.bot.forms[id]
	if f == nil {
		t.handOver(chat.ReasonBotFailed, "", because(ruleID, "the form "+id+" is gone"))
		return
	}
	run := t.define(f, ruleID)
	known := t.mem.fields()
	for _, d := range run.Fields {
		value := known[d.Name]
		if value == "" {
			value = known[entityOf(d.Kind)]
		}
		if v, ok := t.valid(d, value); ok {
			run.Values[d.Name] = v
		}
	}
	t.mem.Form = run
	if t.in.Result == nil && run.complete() {
		t.formDone(why)
		return
	}
	if run.Say != "" {
		t.out.Say = append(t.out.Say, Say{Text: run.Say, Because: why})
	}
	t.showForm(nil, why)
}

// define takes the form's definition with it, in words of the conversation's language.
func (t *turn) define(f *form, ruleID string) *running {
	run := &running{ID: f.id, Rule: ruleID, Values: map[string]string{}}
	var say []string
	for _, k := range f.say {
		say = append(say, t.words(k))
	}
	run.Say = strings.Join(say, "\n\n")
	if f.cancelled != "" {
		run.Cancelled = t.words(f.cancelled)
	}
	for _, d := range f.fields {
		r := runningField{Name: d.name, Label: t.words(d.label), Kind: d.kind, Required: d.required}
		if d.pattern != nil {
			r.Pattern = d.pattern.String()
		}
		if d.wrong != "" {
			r.Wrong = t.words(d.wrong)
		}
		run.Fields = append(run.Fields, r)
	}
	run.Done = runningDone{Say: f.done.say, Options: f.done.options, Form: f.done.form, Action: f.done.action}
	if f.done.escalate != nil {
		h := f.done.escalate
		run.Done.Reason, run.Done.Team, run.Done.Skills, run.Done.Priority = h.reason, h.team, h.skills, h.priority
	}
	return run
}

func (r *running) complete() bool {
	return !slices.ContainsFunc(r.Fields, func(d runningField) bool { return d.Required && r.Values[d.Name] == "" })
}

// showForm puts the form under the last thing said.
func (t *turn) showForm(wrong map[string]bool, why []chat.Because) {
	if len(t.out.Say) == 0 {
		t.out.Say = append(t.out.Say, Say{Text: t.words(keyFormGiven), Because: why})
	}
	run := t.mem.Form
	f := &chat.Form{ID: run.ID}
	for _, d := range run.Fields {
		field := chat.Field{Name: d.Name, Label: d.Label, Type: d.Kind, Required: d.Required, Value: run.Values[d.Name]}
		if wrong[d.Name] {
			if field.Wrong = d.Wrong; field.Wrong == "" {
				field.Wrong = t.words(keyWrong)
			}
		}
		f.Fields = append(f.Fields, field)
	}
	t.out.Say[len(t.out.Say)-1].Form = f
}

// takeFields takes a submitted form.
func (t *turn) takeFields() {
	if t.mem.Form == nil {
		t.mem.Form = t.mem.Last // the form was left meanwhile; who fills it in wants it after all
	}
	run := t.mem.Form
	if run == nil {
		for _, name := range sortedNames(t.in.Fields) {
			t.mem.learn(name, t.in.Fields[name])
		}
		t.miss()
		return
	}
	wrong := map[string]bool{}
	for _, d := range run.Fields {
		given, there := t.in.Fields[d.Name]
		if given = strings.TrimSpace(given); !there || given == "" {
			if d.Required && run.Values[d.Name] == "" || there && d.Required {
				wrong[d.Name] = true
				delete(run.Values, d.Name)
			}
			continue
		}
		if v, ok := t.valid(d, given); ok {
			t.setValue(d, v)
		} else {
			wrong[d.Name] = true
			run.Values[d.Name] = cutWords(given, maxValue)
		}
	}
	t.goOn(wrong)
}

func (t *turn) setValue(d runningField, v string) {
	t.mem.Form.Values[d.Name] = cutWords(v, maxValue)
	t.mem.learn(d.Name, v)
	t.values = nil
}

// goOn finishes the form, or asks for what is missing or wrong.
func (t *turn) goOn(wrong map[string]bool) {
	run := t.mem.Form
	why := because("form "+run.ID, strings.Join(sortedNames(wrong), ", "))
	if len(wrong) == 0 && run.complete() {
		t.formDone(because("form "+run.ID, "filled"))
		return
	}
	if len(wrong) == 0 {
		run.Tries = 0
		t.say(keyFormGiven, why)
		t.showForm(nil, why)
		return
	}
	if t.tiredOfForm(why) {
		return
	}
	for _, d := range run.Fields {
		if wrong[d.Name] {
			text := d.Wrong
			if text == "" {
				text = t.words(keyWrong)
			}
			t.out.Say = append(t.out.Say, Say{Text: text, Because: why})
			break
		}
	}
	t.showForm(wrong, why)
	for name := range wrong {
		delete(run.Values, name)
	}
}

// tiredOfForm counts a try that brought nothing, and fetches a person after too many.
func (t *turn) tiredOfForm(why []chat.Because) bool {
	run := t.mem.Form
	run.Tries++
	if run.Tries < maxTries {
		return false
	}
	if t.mem.Refused {
		t.mem.Last, t.mem.Form = run, nil
		t.say(keyRefusedStuck, why)
		t.offer(t.personOption())
		return true
	}
	t.handOver(chat.ReasonStuck, "", why)
	return true
}

func (t *turn) formDone(why []chat.Because) {
	run := t.mem.Form
	for name, v := range run.Values {
		t.mem.learn(name, v)
	}
	t.mem.Last, t.mem.Form, t.values = run, nil, nil
	t.mem.Misses = 0
	t.do(run.Done.outcome(), why, "form "+run.ID)
}

// fillForm takes words while a form is open. It returns false when the words have nothing to do with it and end it.
func (t *turn) fillForm() bool {
	run := t.mem.Form
	why := because("form "+run.ID, t.in.Text)
	if t.res.Talk.Leaves && len(t.entities) == 0 {
		t.leaveForm(why)
		return true
	}
	found, wrong := t.valuesInText(run)
	switch {
	case found || len(wrong) > 0:
		t.goOn(wrong)
		return true
	case t.byHandoffRule():
		return true
	case run.onlyText() == nil && (t.gettingNowhere() || t.tooComplex()):
		return true
	}
	if r := t.digression(run); r != nil {
		t.digress(r)
		return true
	}
	if d := run.onlyText(); d != nil && !t.res.Talk.Only {
		if v, ok := t.valid(*d, t.in.Text); ok {
			t.setValue(*d, v)
			t.goOn(nil)
			return true
		}
	}
	switch {
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

// digression returns the rule of another matter that the customer turns to in the middle of a form. Where free words
// are waited for, only a question is one.
func (t *turn) digression(run *running) *rule {
	if !t.sure() {
		return nil
	}
	r := t.ruleFor(t.res.Intent)
	if r == nil || r.id == run.Rule || r.form == run.ID || run.onlyText() != nil && !strings.Contains(t.in.Text, "?") {
		return nil
	}
	return r
}

// digress answers the other matter. If that only says something, the form is offered again; else it is left.
func (t *turn) digress(r *rule) {
	run := t.mem.Form
	t.mem.Form = nil
	t.use(r)
	if t.out.Escalate == nil && t.out.Action == nil && t.mem.Form == nil {
		t.mem.Form = run
		why := because("form "+run.ID, "offered again")
		t.say(keyFormAgain, why)
		t.showForm(nil, why)
		return
	}
	t.mem.Last = run
}

// onlyText returns the field that free words can fill: the only required one still empty, of type text.
func (r *running) onlyText() *runningField {
	var only *runningField
	for i, d := range r.Fields {
		if d.Required && r.Values[d.Name] == "" {
			if only != nil {
				return nil
			}
			only = &r.Fields[i]
		}
	}
	if only != nil && only.Kind == "text" {
		return only
	}
	return nil
}

// valuesInText finds values for fields in the customer's words. wrong are fields that the words were meant for, in a
// form that will not do.
func (t *turn) valuesInText(run *running) (found bool, wrong map[string]bool) {
	wrong = map[string]bool{}
	for _, d := range run.Fields {
		v, ok := t.valueInText(d)
		if !ok || v == run.Values[d.Name] && !t.res.Talk.Corrects {
			continue
		}
		t.setValue(d, v)
		found = true
	}
	if found {
		return true, wrong
	}
	for _, d := range run.Fields {
		if run.Values[d.Name] == "" && t.looksLike(d) {
			wrong[d.Name] = true
			break
		}
	}
	return false, wrong
}

func (t *turn) valueInText(d runningField) (string, bool) {
	if d.Kind == "text" {
		if d.Pattern == "" {
			return "", false
		}
		for _, w := range strings.Fields(t.in.Text) {
			if v, ok := t.valid(d, strings.Trim(w, ".,;:!?()")); ok {
				return v, true
			}
		}
		return "", false
	}
	var last string
	for _, e := range t.entities { // the last one counts: "ei 10234 vaan 10235"
		if e.Name == entityOf(d.Kind) {
			if v, ok := t.valid(d, e.Value); ok {
				last = v
			}
		}
	}
	if last == "" && d.Kind == "number" {
		for _, w := range strings.Fields(t.in.Text) {
			if v, ok := t.valid(d, strings.Trim(w, ".,;:!?()")); ok {
				last = v
			}
		}
	}
	return last, last != ""
}

// looksLike tells whether short words were meant for the field: digits for a number, an @ for an address.
func (t *turn) looksLike(d runningField) bool {
	if len(strings.Fields(t.in.Text)) > 6 {
		return false
	}
	switch d.Kind {
	case "email":
		return strings.Contains(t.in.Text, "@")
	case understand.EntityOrder, "number", "phone", "date", understand.EntityMoney:
		return strings.ContainsAny(t.in.Text, "0123456789")
	}
	return false
}

// correctLast takes a correction of the form that was just sent: "ei kun 10235".
func (t *turn) correctLast() bool {
	run := t.mem.Last
	if run == nil || len(t.entities) == 0 || !t.res.Talk.Corrects && t.sure() {
		return false
	}
	changed := false
	t.mem.Form = run
	for _, d := range run.Fields {
		if v, ok := t.valueInText(d); ok && v != run.Values[d.Name] {
			t.setValue(d, v)
			changed = true
		}
	}
	if !changed {
		t.mem.Form = nil
		return false
	}
	run.Tries = 0
	t.goOn(nil)
	return true
}

// entityOf is the entity that fills a field of this type.
func entityOf(kind string) string { return kind }

var (
	wholeNumber = regexp.MustCompile(`^[+-]?\d{1,12}([.,]\d{1,4})?$`)
	anyDigit    = regexp.MustCompile(`\d`)
)

// valid checks a value and writes it in its plain form.
func (t *turn) valid(d runningField, s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 2000 {
		return "", false
	}
	switch d.Kind {
	case "text":
		s = cutWords(s, maxValue)
	case "number":
		if !wholeNumber.MatchString(s) {
			return "", false
		}
	case "phone":
		if n := len(anyDigit.FindAllString(s, -1)); n < 7 || n > 15 || strings.Trim(s, "+0123456789 -()") != "" {
			return "", false
		}
	case understand.EntityOrder:
		s = strings.TrimPrefix(strings.ReplaceAll(s, " ", ""), "#")
		if d.Pattern == "" && t.found(d.Kind, s) != s {
			return "", false
		}
	case "email":
		if s = strings.ToLower(s); t.found(d.Kind, s) != s {
			return "", false
		}
	default:
		if s = t.found(d.Kind, s); s == "" {
			return "", false
		}
	}
	if d.Pattern != "" {
		re, err := regexp.Compile(d.Pattern)
		if err == nil && !re.MatchString(s) {
			return "", false
		}
	}
	return s, true
}

// found returns the entity of a name in s, "" if there is none.
func (t *turn) found(name, s string) string {
	for _, e := range t.bot.finder.Find(s) {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}
