package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// outcome is what is done: said, offered, asked, looked up, handed over. A rule has one, so have a form that is
// filled and a case of an action's result.
type outcome struct {
	say      []string
	options  []string
	form     string
	action   string
	escalate *handover
}

// handover is why a person is brought in, and what that person must have.
type handover struct {
	reason   string
	team     string
	skills   []string
	priority string
}

func (h handover) equal(o handover) bool {
	return h.reason == o.reason && h.team == o.team && h.priority == o.priority && slices.Equal(h.skills, o.skills)
}

// maxSkills is how many skills one matter may ask for: with each, fewer people can help.
const maxSkills = 8

// rule answers an intent, or, as a handoff rule, brings a person in by itself.
type rule struct {
	at      place
	id      string
	intents []string
	when    *condition
	broken  bool // it has a condition that cannot be read
	outcome
}

type form struct {
	at        place
	id        string
	say       []string
	fields    []field
	done      outcome
	cancelled string
}

type field struct {
	name     string
	label    string // answer key
	kind     string
	pattern  *regexp.Regexp
	wrong    string // answer key
	required bool
}

type action struct {
	id      string
	method  string
	url     template
	body    template
	timeout time.Duration
	retries int
	cases   []resultCase
	failed  outcome
}

type resultCase struct {
	when *condition
	set  []setter
	outcome
}

type setter struct {
	name  string
	value *condition
}

type option struct {
	at     place
	id     string
	label  string // answer key
	intent string
	outcome
}

var slug = regexp.MustCompile(`^[a-z0-9_.-]{1,64}$`)

func (l *loader) readRules() {
	files := l.under("rules")
	roots := make([]*node, len(files))
	for i, file := range files {
		if roots[i] = l.parse(file); roots[i] != nil {
			l.only(file, roots[i], "rules", "forms", "actions", "options", "handoff")
		}
	}
	// Forms and actions first: what they set may stand in any answer and address.
	for i, file := range files {
		for _, n := range l.maps(file, roots[i], "forms") {
			l.readForm(file, n)
		}
		for _, n := range l.maps(file, roots[i], "actions") {
			l.readAction(file, n)
		}
		for _, n := range l.maps(file, roots[i], "options") {
			l.readOption(file, n)
		}
	}
	ids := map[string]place{}
	for i, file := range files {
		for _, n := range l.maps(file, roots[i], "rules") {
			l.readRule(file, n, ids)
		}
		for _, n := range l.maps(file, roots[i], "handoff") {
			l.readHandoff(file, n, ids)
		}
	}
	l.checkVariables(files, roots)
}

// slugOf reads an identifier.
func (l *loader) slugOf(file string, n *node, key string) string {
	id := l.str(file, n, key)
	if !slug.MatchString(id) {
		l.fault(file, n.line, "Use small letters, digits, _ . and -, at most 64.", "%s %q is no identifier", key, id)
		return ""
	}
	return id
}

func (l *loader) use(file string, line int, what, name string) {
	if name != "" {
		l.uses = append(l.uses, use{place{file, line}, what, name})
	}
}

func (l *loader) readOutcome(file string, n *node) outcome {
	o := outcome{say: l.strs(file, n, "say"), options: l.strs(file, n, "options"), form: l.str(file, n, "form"), action: l.str(file, n, "action")}
	for _, k := range o.say {
		l.use(file, lineAt(n, "say"), "answer", k)
	}
	for _, k := range o.options {
		l.use(file, lineAt(n, "options"), "option", k)
	}
	l.use(file, lineAt(n, "form"), "form", o.form)
	l.use(file, lineAt(n, "action"), "action", o.action)
	o.escalate = l.readHandover(file, n)
	if o.form != "" && o.action != "" {
		l.fault(file, lineAt(n, "action"), "Put the action into the form's done.", "a form and an action cannot both follow")
	}
	if o.escalate != nil && (o.form != "" || o.action != "") {
		l.fault(file, lineAt(n, "escalate"), "The bot is silent after a handover.", "nothing can follow a handover")
	}
	return o
}

func lineAt(n *node, key string) int {
	for _, k := range n.keys {
		if k.key == key {
			return k.line
		}
	}
	return n.line
}

func (l *loader) readHandover(file string, n *node) *handover {
	e := n.get("escalate")
	if e == nil || e.kind == nullNode {
		return nil
	}
	h := &handover{reason: chat.ReasonRule}
	switch e.kind {
	case scalarNode:
		h.reason = e.text
	case mapNode:
		l.only(file, e, "reason", "team", "skills", "priority")
		if r := l.str(file, e, "reason"); r != "" {
			h.reason = r
		}
		l.readWhom(file, e, h)
	default:
		l.fault(file, e.line, "", "escalate must have a reason, and may have a team, skills and a priority")
	}
	l.checkReason(file, e.line, h.reason)
	return h
}

// readWhom reads who is asked for: a team, skills, a priority in its line.
func (l *loader) readWhom(file string, n *node, h *handover) {
	if n.get("team") != nil {
		h.team = l.slugOf(file, n, "team")
	}
	if n.get("priority") != nil {
		h.priority = l.slugOf(file, n, "priority")
	}
	for _, skill := range l.strs(file, n, "skills") {
		switch {
		case !slug.MatchString(skill):
			l.fault(file, lineAt(n, "skills"), "Use small letters, digits, _ . and -, at most 64.", "the skill %q is no identifier", skill)
		case slices.Contains(h.skills, skill):
			l.fault(file, lineAt(n, "skills"), "Name it once.", "the skill %q stands twice", skill)
		default:
			h.skills = append(h.skills, skill)
		}
	}
	if len(h.skills) > maxSkills {
		l.fault(file, lineAt(n, "skills"), "With each skill, fewer people can help.", "a handover asks for at most %d skills, not %d", maxSkills, len(h.skills))
	}
}

var reasons = []string{chat.ReasonAsked, chat.ReasonFeeling, chat.ReasonCrisis, chat.ReasonComplex, chat.ReasonStuck, chat.ReasonRule, chat.ReasonBotFailed}

func (l *loader) checkReason(file string, line int, reason string) {
	if !slices.Contains(reasons, reason) {
		l.fault(file, line, "Known are "+strings.Join(reasons, ", ")+".", "unknown reason %q", reason)
	}
}

func (l *loader) readRule(file string, n *node, ids map[string]place) {
	l.only(file, n, "id", "intent", "when", "say", "options", "form", "action", "escalate")
	r := &rule{at: place{file, n.line}, intents: l.strs(file, n, "intent"), outcome: l.readOutcome(file, n)}
	if len(r.intents) == 0 {
		l.fault(file, n.line, "Name the intent it answers.", "a rule without an intent is never used")
		return
	}
	for _, in := range r.intents {
		l.use(file, lineAt(n, "intent"), "intent", in)
	}
	r.id = slugify(r.intents[0])
	if n.get("id") != nil {
		r.id = l.slugOf(file, n, "id")
		l.unique(file, n, r.id, ids)
	}
	r.when = l.condition(file, n, "when", ruleEnv)
	r.broken = r.when == nil && n.get("when") != nil
	if len(r.say) == 0 && r.form == "" && r.action == "" && r.escalate == nil {
		l.fault(file, n.line, "Add say, form, action or escalate.", "the rule %s does nothing", r.id)
	}
	l.bot.rules = append(l.bot.rules, r)
	for _, in := range r.intents {
		for _, other := range l.bot.byIntent[in] {
			if other.when == nil && !other.broken && !r.broken {
				l.warn(file, n.line, "Put the rule without a condition last.", "this rule is never used for %q: %s fits first", in, other.id)
			}
		}
		l.bot.byIntent[in] = append(l.bot.byIntent[in], r)
	}
}

func (l *loader) unique(file string, n *node, id string, ids map[string]place) {
	if was, ok := ids[id]; ok && id != "" {
		l.fault(file, n.line, fmt.Sprintf("The other is at %s:%d.", was.file, was.line), "the id %q stands twice", id)
	}
	ids[id] = place{file, n.line}
}

func (l *loader) readHandoff(file string, n *node, ids map[string]place) {
	l.only(file, n, "id", "when", "reason", "say", "team", "skills", "priority")
	r := &rule{at: place{file, n.line}, id: l.slugOf(file, n, "id"), when: l.condition(file, n, "when", ruleEnv)}
	l.unique(file, n, r.id, ids)
	if n.get("when") == nil {
		l.fault(file, n.line, "Add a condition.", "a handoff rule without a condition would hand over every conversation")
	}
	r.say = l.strs(file, n, "say")
	for _, k := range r.say {
		l.use(file, lineAt(n, "say"), "answer", k)
	}
	r.escalate = &handover{reason: chat.ReasonRule}
	if reason := l.str(file, n, "reason"); reason != "" {
		l.checkReason(file, lineAt(n, "reason"), reason)
		r.escalate.reason = reason
	}
	l.readWhom(file, n, r.escalate)
	l.bot.handoffs = append(l.bot.handoffs, r)
}

func (l *loader) readOption(file string, n *node) {
	l.only(file, n, "id", "label", "intent", "say", "form", "action", "escalate")
	o := &option{at: place{file, n.line}, id: l.slugOf(file, n, "id"), label: l.str(file, n, "label"), intent: l.str(file, n, "intent"), outcome: l.readOutcome(file, n)}
	if l.bot.options[o.id] != nil {
		l.fault(file, n.line, "", "the option %q stands twice", o.id)
	}
	if o.label == "" {
		l.fault(file, n.line, "Name the answer key of its words.", "the option %q has no label", o.id)
	}
	l.use(file, lineAt(n, "label"), "answer", o.label)
	l.use(file, lineAt(n, "intent"), "intent", o.intent)
	if o.intent == "" && len(o.say) == 0 && o.form == "" && o.action == "" && o.escalate == nil {
		l.fault(file, n.line, "Add intent, say, form, action or escalate.", "the option %q does nothing", o.id)
	}
	l.bot.options[o.id] = o
}

func (l *loader) readForm(file string, n *node) {
	l.only(file, n, "id", "say", "fields", "done", "cancelled")
	f := &form{at: place{file, n.line}, id: l.slugOf(file, n, "id"), say: l.strs(file, n, "say"), cancelled: l.str(file, n, "cancelled")}
	if l.bot.forms[f.id] != nil {
		l.fault(file, n.line, "", "the form %q stands twice", f.id)
	}
	for _, k := range f.say {
		l.use(file, lineAt(n, "say"), "answer", k)
	}
	l.use(file, lineAt(n, "cancelled"), "answer", f.cancelled)
	fields := l.maps(file, n, "fields")
	if len(fields) == 0 || len(fields) > maxFields {
		l.fault(file, n.line, "", "the form %q needs between one and %d fields", f.id, maxFields)
	}
	for _, c := range fields {
		f.fields = append(f.fields, l.readField(file, c, f))
	}
	done := n.get("done")
	if done == nil || done.kind != mapNode {
		l.fault(file, n.line, "Add done: {action: …}, {say: …} or {escalate: …}.", "the form %q leads nowhere", f.id)
	} else {
		l.only(file, done, "say", "options", "form", "action", "escalate")
		f.done = l.readOutcome(file, done)
		if len(f.done.say) == 0 && f.done.action == "" && f.done.escalate == nil && f.done.form == "" {
			l.fault(file, done.line, "Add action, say or escalate.", "the form %q leads nowhere", f.id)
		}
	}
	l.bot.forms[f.id] = f
}

func (l *loader) readField(file string, n *node, f *form) field {
	l.only(file, n, "name", "label", "type", "pattern", "wrong", "required")
	d := field{name: l.str(file, n, "name"), label: l.str(file, n, "label"), kind: l.str(file, n, "type"), wrong: l.str(file, n, "wrong")}
	if !variableName.MatchString(d.name) {
		l.fault(file, n.line, "Use small letters, digits and _.", "%q is no name of a field", d.name)
	}
	if slices.ContainsFunc(f.fields, func(o field) bool { return o.name == d.name }) {
		l.fault(file, n.line, "", "the field %q stands twice in %q", d.name, f.id)
	}
	l.variables[d.name] = true
	if d.label == "" {
		l.fault(file, n.line, "Name the answer key of its words.", "the field %q has no label", d.name)
	}
	l.use(file, lineAt(n, "label"), "answer", d.label)
	l.use(file, lineAt(n, "wrong"), "answer", d.wrong)
	if d.kind == "" {
		d.kind = "text"
	}
	if known := []string{"text", "email", "phone", "date", "number", understand.EntityOrder, understand.EntityMoney}; !slices.Contains(known, d.kind) {
		l.use(file, lineAt(n, "type"), "entity", d.kind)
	}
	if d.kind == understand.EntityDate {
		l.bot.days[d.name] = true
	}
	if p := l.str(file, n, "pattern"); p != "" {
		re, fault := compilePattern(p)
		if fault != "" {
			l.fault(file, lineAt(n, "pattern"), patternAdvice, "the pattern is broken: %s", fault)
		}
		d.pattern = re
	}
	d.required = l.boolean(file, n, "required", true)
	return d
}

func (l *loader) boolean(file string, n *node, key string, otherwise bool) bool {
	switch s := l.str(file, n, key); s {
	case "":
		return otherwise
	case "true":
		return true
	case "false":
		return false
	default:
		l.fault(file, lineAt(n, key), "Write true or false.", "%s is %q", key, s)
		return otherwise
	}
}

func (l *loader) readAction(file string, n *node) {
	l.only(file, n, "id", "url", "method", "body", "timeout", "retries", "cases", "failed")
	a := &action{id: l.slugOf(file, n, "id"), method: l.str(file, n, "method"), timeout: 3 * time.Second}
	if l.bot.actions[a.id] != nil {
		l.fault(file, n.line, "", "the action %q stands twice", a.id)
	}
	if a.method == "" {
		a.method = "GET"
	}
	if !slices.Contains([]string{"GET", "POST", "PUT"}, a.method) {
		l.fault(file, lineAt(n, "method"), "Use GET, POST or PUT.", "unknown method %q", a.method)
	}
	a.url = l.template(file, n, "url")
	if u := l.str(file, n, "url"); !strings.HasPrefix(u, "{base}/") && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") {
		l.fault(file, lineAt(n, "url"), "Begin it with {base}/, https:// or http://.", "the address %q leads nowhere", u)
	}
	a.body = l.template(file, n, "body")
	if t := l.str(file, n, "timeout"); t != "" {
		d, err := time.ParseDuration(t)
		if err != nil || d < 50*time.Millisecond || d > 5*time.Second {
			l.fault(file, lineAt(n, "timeout"), "Write like 3s; at most 5s.", "%q is no usable time-out", t)
		}
		a.timeout = d
	}
	if t := l.str(file, n, "retries"); t != "" {
		r, err := strconv.Atoi(t)
		if err != nil || r < 0 || r > 3 {
			l.fault(file, lineAt(n, "retries"), "", "retries must be between 0 and 3")
		}
		a.retries = r
	}
	l.readCases(file, n, a)
	l.bot.actions[a.id] = a
}

func (l *loader) readCases(file string, n *node, a *action) {
	cases := l.maps(file, n, "cases")
	if len(cases) == 0 {
		l.fault(file, n.line, "Add cases with when and say.", "nothing is said about what the action %q brings", a.id)
	}
	for _, c := range cases {
		l.only(file, c, "when", "set", "say", "options", "form", "action", "escalate")
		rc := resultCase{when: l.condition(file, c, "when", resultEnv), outcome: l.readOutcome(file, c)}
		if set := c.get("set"); set != nil && set.kind == mapNode {
			for _, k := range set.keys {
				if !variableName.MatchString(k.key) {
					l.fault(file, k.line, "Use small letters, digits and _.", "%q is no name of a variable", k.key)
				}
				l.variables[k.key] = true
				rc.set = append(rc.set, setter{k.key, l.compile(file, k.line, k.value.text, resultValue)})
			}
		} else if set != nil && set.kind != nullNode {
			l.fault(file, set.line, "", "set must have names and values")
		}
		if len(rc.say) == 0 && rc.form == "" && rc.action == "" && rc.escalate == nil {
			l.warn(file, c.line, "Add say, form or escalate.", "this case of %q says nothing: the customer would be left waiting, so a person is fetched", a.id)
		}
		a.cases = append(a.cases, rc)
	}
	a.failed = outcome{escalate: &handover{reason: chat.ReasonBotFailed}}
	if f := n.get("failed"); f != nil && f.kind == mapNode {
		l.only(file, f, "say", "options", "form", "escalate")
		a.failed = l.readOutcome(file, f)
		if len(a.failed.say) == 0 && a.failed.form == "" && a.failed.escalate == nil {
			a.failed.escalate = &handover{reason: chat.ReasonBotFailed}
		}
	}
}

// template reads a text with variables and remembers which they are.
func (l *loader) template(file string, n *node, key string) template {
	s := l.str(file, n, key)
	t, err := parseTemplate(s)
	if err != nil {
		l.fault(file, lineAt(n, key), "Double a brace that is meant as one.", "%s: %s", key, err.Error())
	}
	return t
}

// slugify makes an identifier of any name.
func slugify(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '.' || r == '-':
			b.WriteRune(r)
		case r == 'ä' || r == 'å':
			b.WriteByte('a')
		case r == 'ö':
			b.WriteByte('o')
		default:
			b.WriteByte('_')
		}
	}
	out := b.String()
	if len(out) > 64 {
		out = out[:64]
	}
	if out == "" {
		return "_"
	}
	return out
}
