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
	t.prefill(run)
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

// prefill fills a form with what these words say, and with what was said before: by a field's name, then by its type, a
// value for one field.
func (t *turn) prefill(run *running) {
	if t.in.Result == nil && t.in.Option == "" && t.in.Fields == nil {
		for _, v := range t.valuesIn(run) {
			run.Values[run.Fields[v.field].Name] = v.value
			t.meansDay(run.Fields[v.field], v)
		}
	}
	known := t.mem.fields()
	for _, byName := range []bool{true, false} {
		for _, d := range run.Fields {
			value := known[entityOf(d.Kind)]
			if byName {
				value = known[d.Name]
			}
			v, ok := t.valid(d, value)
			twice := !byName && slices.ContainsFunc(run.Fields, func(o runningField) bool { return o.Kind == d.Kind && run.Values[o.Name] == v })
			if ok && !twice && run.Values[d.Name] == "" {
				run.Values[d.Name] = v
			}
		}
	}
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
		field := chat.Field{Name: d.Name, Label: d.Label, Type: d.Kind, Required: d.Required, Value: t.shown(d, run.Values[d.Name])}
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
	run.Took, run.Check = "", false
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
	t.mem.Misses, t.took = 0, true
	if t.tell {
		t.out.Say = append(t.out.Say, Say{Text: t.whatWasTaken(run), Because: why})
	}
	t.do(run.Done.outcome(), why, "form "+run.ID)
}

// whatWasTaken names a form's values, for a customer whose words they were read out of.
func (t *turn) whatWasTaken(run *running) string {
	lines := []string{t.words(keyFormTaken)}
	for _, d := range run.Fields {
		if v := run.Values[d.Name]; v != "" {
			label := d.Label
			if !strings.HasSuffix(label, "?") && !strings.HasSuffix(label, ":") {
				label += ":"
			}
			lines = append(lines, label+" "+t.shown(d, v))
		}
	}
	return strings.Join(lines, "\n")
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
	written := s
	switch d.Kind {
	case "text":
		s = cutWords(s, maxValue)
	case understand.EntityDate:
		if s = t.day(s); s == "" {
			return "", false
		}
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
		if err == nil && !re.MatchString(s) && !(d.Kind == understand.EntityDate && re.MatchString(written)) {
			return "", false
		}
	}
	return s, true
}

// day is the day that s names, as it is kept; "" where it names none. The last one counts.
func (t *turn) day(s string) string {
	if days := findDays(s, t.language, t.in.Now); len(days) > 0 {
		return days[len(days)-1].day.Format(isoDay)
	}
	v := t.found(understand.EntityDate, s)
	if !t.in.Now.IsZero() && anyDigit.MatchString(v) {
		return "" // 31.2.
	}
	return v
}

// shown is a field's value as the customer reads it.
func (t *turn) shown(d runningField, value string) string {
	if d.Kind == understand.EntityDate {
		return sayDay(t.language, value)
	}
	return value
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
