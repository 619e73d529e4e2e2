package bot

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// beginAction asks the desk for a look-up. The values in its address are escaped: none can lead elsewhere.
func (t *turn) beginAction(id string) {
	a := t.bot.actions[id]
	if a == nil {
		t.handOver(chat.ReasonBotFailed, "", because("action "+id, "the action is gone"))
		return
	}
	values := t.mem.fields()
	url, ok := a.url.render(withBase(values), escapeURL)
	body, ok2 := a.body.render(values, escapeJSON)
	if !ok || !ok2 {
		t.handOver(chat.ReasonBotFailed, "", because("action "+id, "a value is missing"))
		return
	}
	t.mem.Action = id
	t.out.Action = &chat.Action{ID: id, Method: a.method, URL: url, Body: body, Timeout: a.timeout, Retries: a.retries}
}

// baseMark stands in an address for the desk's own, which the desk fills in.
const baseMark = "{base}"

func withBase(values map[string]string) map[string]string {
	out := maps.Clone(values)
	if out == nil {
		out = map[string]string{}
	}
	out["base"] = baseMark
	return out
}

func escapeJSON(_, s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(b[1 : len(b)-1])
}

// takeResult goes on with what an action brought.
func (t *turn) takeResult() {
	r := t.in.Result
	id := r.ID
	if id == "" {
		id = t.mem.Action
	}
	t.mem.Action = ""
	a := t.bot.actions[id]
	if a == nil {
		t.handOver(chat.ReasonBotFailed, "", because("action "+id, "the action is gone"))
		return
	}
	facts, ok := resultOf(r, t.known())
	facts.Language = t.language
	if !ok {
		t.do(a.failed, because("action "+id, failure(r)), "action "+id)
		return
	}
	for i := range a.cases {
		if c := &a.cases[i]; c.when.holds(facts) {
			t.takeCase(id, c, facts)
			return
		}
	}
	t.do(a.failed, because("action "+id, "no case fits"), "action "+id)
}

func (t *turn) takeCase(id string, c *resultCase, facts *resultFacts) {
	for _, s := range c.set {
		if v, ok := s.value.value(facts); ok {
			t.mem.learn(s.name, v)
		} else {
			delete(t.mem.Slots, s.name)
		}
	}
	t.values = nil
	why := "always"
	if c.when != nil {
		why = c.when.source
	}
	t.do(c.outcome, because("action "+id, why), "action "+id)
}

// resultOf reads a result. ok is false when it is a failure: no answer, a server's error, or no JSON where there
// should be.
func resultOf(r *chat.ActionResult, slots map[string]string) (*resultFacts, bool) {
	f := &resultFacts{Status: r.Status, Slots: slots}
	if r.Error != "" || r.Status < 100 || r.Status >= 500 {
		return f, false
	}
	if strings.TrimSpace(r.Body) == "" {
		return f, r.Status != 200
	}
	if err := json.Unmarshal([]byte(r.Body), &f.Body); err != nil {
		f.Body = nil
		return f, r.Status >= 400 // a refusal may come in plain words
	}
	return f, true
}

func failure(r *chat.ActionResult) string {
	if r.Error != "" {
		return r.Error
	}
	return "status " + strconv.Itoa(r.Status)
}

// tooComplex hands over what a bot must not settle: a grave matter that no rule answers, or several matters at once.
func (t *turn) tooComplex() bool {
	if !t.mayHandOver() {
		return false
	}
	if t.res.Grave >= understand.LimitGrave && !(t.res.Confidence >= 0.8 && t.ruleFor(t.res.Intent) != nil) {
		t.handOver(chat.ReasonComplex, "", because("a grave matter", t.evidence()))
		return true
	}
	if matters := t.matters(); len(matters) >= 3 {
		t.handOver(chat.ReasonComplex, "", because("several matters at once", strings.Join(matters, ", ")))
		return true
	}
	return false
}

// matters returns the different intents that the parts of a long message clearly ask for.
func (t *turn) matters() []string {
	if t.several == nil {
		t.several = t.findMatters()
	}
	return t.several
}

// maxMatters is how far into a message, in bytes, several matters are looked for.
const maxMatters = 600

func (t *turn) findMatters() []string {
	out := []string{}
	text := t.in.Text[:min(len(t.in.Text), maxMatters)]
	if len(strings.Fields(text)) < 8 {
		return out
	}
	for _, part := range understand.Parts(text) {
		r := t.bot.model.Understand(understand.Query{Text: part, Language: t.language})
		if r.Confidence >= t.bot.limit(r.Intent).Answer && t.ruleFor(r.Intent) != nil && !isTalkIntent(r.Intent) && !slices.Contains(out, r.Intent) {
			out = append(out, r.Intent)
		}
	}
	return out
}

// answerSecond answers the other of two matters in one message, where both only need words.
func (t *turn) answerSecond(first *rule) {
	if t.chosen || t.out.Escalate != nil || t.out.Action != nil || t.mem.Form != nil || first.form != "" || first.action != "" {
		return
	}
	for _, intent := range t.matters() {
		if r := t.ruleFor(intent); r != nil && r != first && r.form == "" && r.action == "" && r.escalate == nil {
			for _, key := range r.say {
				t.say(key, because(r.id, intent))
			}
			t.mem.usedRule(r.id)
			return
		}
	}
}
