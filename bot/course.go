package bot

import (
	"strings"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// now decides, over the course of the conversation, whether these words bring a person in.
func (t *turn) now() {
	if t.in.Text == "" || t.in.Option != "" {
		return
	}
	t.moment = t.mem.Course.Now(t.res, t.sure() && t.ruleFor(t.res.Intent) != nil)
	t.mem.Course = t.mem.Course.Heard(t.res)
}

// why says why a person is brought in now, and why not earlier.
func (t *turn) why(rule, evidence string) []chat.Because {
	out := because(rule, evidence)
	if t.moment.Earlier != "" {
		out = append(out, because("not earlier", t.moment.Earlier)...)
	}
	return out
}

// went notes in the course what the bot said. A greeting or thanks is neither an answer nor a failure to give one.
func (t *turn) went() {
	if t.out.Escalate != nil {
		t.mem.Course = understand.Course{}
		return
	}
	if len(t.out.Say) == 0 || len(t.out.Say[0].Because) == 0 {
		return
	}
	outcome := "answer"
	switch t.out.Say[0].Because[0].Rule {
	case "small talk", "greeting", "are you a bot":
		return
	case RuleWhich:
		outcome = "clarify"
	case RuleMiss:
		outcome = "fallback"
	}
	t.mem.Course = t.mem.Course.Said(t.told(), outcome)
}

// told is what the bot said that counts as said again when it comes twice. To ask on for a form does not, after an
// answer beside it or by itself: a form counts the times that nothing useful came.
func (t *turn) told() string {
	last := t.out.Say[len(t.out.Say)-1]
	switch {
	case last.Form == nil:
		return last.Text
	case len(t.out.Say) > 1:
		return t.out.Say[len(t.out.Say)-2].Text
	case t.mem.Form != nil && t.mem.Form.Tries == 0 && len(last.Because) > 0 && strings.HasPrefix(last.Because[0].Rule, "form "):
		return ""
	}
	return last.Text
}
