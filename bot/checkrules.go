package bot

import (
	"slices"
	"strings"
)

// examineAnswers warns of answers that nothing says, and of those that a language lacks.
func (l *loader) examineAnswers() {
	used := map[string]bool{}
	for _, u := range l.uses {
		if u.what == "answer" {
			used[u.name] = true
		}
	}
	for _, lang := range l.bot.languages {
		for _, key := range sortedNames(l.answersAt[lang]) {
			at := l.answersAt[lang][key]
			_, house := builtIn["en"][key]
			if !used[key] && !house {
				l.warn(at.file, at.line, "Name it in a rule, or remove it.", "nothing says the answer %q", key)
			}
			var without []string
			for _, other := range l.bot.languages {
				if _, there := l.answersAt[other][key]; !there && (house || !used[key]) {
					without = append(without, other)
				}
			}
			if len(without) > 0 {
				l.warn(at.file, at.line, "Write it in answers/"+without[0]+".yml too.", "the answer %q is missing in %s", key, strings.Join(without, ", "))
			}
		}
	}
}

// examineRules warns of rules that an earlier one keeps from being used, and of intents that nothing answers.
func (l *loader) examineRules() {
	for i, r := range l.bot.rules {
		if r.when != nil && alwaysFalse(r.when.source) {
			l.warn(r.at.file, r.at.line, "Remove it, or correct its condition.", "the rule %s is never used: its condition never holds", r.id)
		}
		for _, before := range l.bot.rules[:i] {
			if before.when == nil || r.when == nil || !implies(r.when.source, before.when.source) {
				continue
			}
			if shared := common(before.intents, r.intents); len(shared) == len(r.intents) {
				l.warn(r.at.file, r.at.line, "Put the rule with the narrower condition first.", "the rule %s is never used: %s at %s:%d fits first", r.id, before.id, before.at.file, before.at.line)
				break
			}
		}
	}
}

func common(a, b []string) []string {
	var out []string
	for _, x := range b {
		if slices.Contains(a, x) {
			out = append(out, x)
		}
	}
	return out
}

// examineHandoffs warns of handoff rules that another one comes before, above all where the two disagree.
func (l *loader) examineHandoffs() {
	for i, r := range l.bot.handoffs {
		for _, before := range l.bot.handoffs[:i] {
			if r.when == nil || before.when == nil || !implies(r.when.source, before.when.source) {
				continue
			}
			if !before.escalate.equal(*r.escalate) {
				l.warn(r.at.file, r.at.line, "Put the narrower one first, or join them.", "the handoff rules %s and %s conflict: whenever %s holds, %s at %s:%d has handed over in another way", before.id, r.id, r.id, before.id, before.at.file, before.at.line)
			} else {
				l.warn(r.at.file, r.at.line, "Remove it, or put it first.", "the handoff rule %s is never used: %s at %s:%d fits first", r.id, before.id, before.at.file, before.at.line)
			}
			break
		}
	}
	for _, r := range l.bot.rules {
		for _, h := range l.bot.handoffs {
			if r.escalate == nil || r.when != nil || h.when == nil || r.escalate.team == h.escalate.team || h.escalate.team == "" {
				continue
			}
			if names := intentsIn(h.when.source, r.intents); len(names) > 0 {
				l.warn(r.at.file, r.at.line, "Give both the same team, or leave one out.", "the rule %s and the handoff rule %s at %s:%d hand %q over to different teams", r.id, h.id, h.at.file, h.at.line, names[0])
			}
		}
	}
}

// intentsIn are those of the intents that a condition names in quotes.
func intentsIn(condition string, intents []string) []string {
	var out []string
	for _, in := range intents {
		if strings.Contains(condition, `"`+in+`"`) || strings.Contains(condition, "'"+in+"'") {
			out = append(out, in)
		}
	}
	return out
}

// examineOptions warns of buttons that lead to an intent without an answer, and of those that are never shown.
func (l *loader) examineOptions() {
	shown := map[string]bool{}
	for _, u := range l.uses {
		if u.what == "option" {
			shown[u.name] = true
		}
	}
	for _, id := range sortedNames(l.bot.options) {
		o := l.bot.options[id]
		switch {
		case o.intent != "" && len(l.bot.byIntent[o.intent]) == 0:
			l.warn(o.at.file, o.at.line, "Add a rule for the intent.", "the button %q leads nowhere: no rule answers %q", id, o.intent)
		case o.intent != "" && !slices.ContainsFunc(l.bot.byIntent[o.intent], func(r *rule) bool { return r.when == nil }):
			l.warn(o.at.file, o.at.line, "Add a last rule without a condition.", "the button %q may lead nowhere: every rule for %q has a condition", id, o.intent)
		case o.intent == "" && !shown[id] && (o.escalate == nil || o.escalate.reason != "asked"):
			l.warn(o.at.file, o.at.line, "Name it under options of a rule, or remove it.", "the button %q is never shown", id)
		}
	}
}

// examineForms warns of forms that lead into each other without end, and of those that nothing begins.
func (l *loader) examineForms() {
	begun := map[string]bool{}
	for _, u := range l.uses {
		if u.what == "form" {
			begun[u.name] = true
		}
	}
	for _, id := range sortedNames(l.bot.forms) {
		f := l.bot.forms[id]
		if !begun[id] {
			l.warn(f.at.file, f.at.line, "Name it under form of a rule, or remove it.", "nothing begins the form %q", id)
		}
		seen := []string{id}
		for next := l.bot.forms[f.done.form]; next != nil && f.done.escalate == nil; next = l.bot.forms[next.done.form] {
			if slices.Contains(seen, next.id) {
				l.warn(f.at.file, f.at.line, "End one of them with say, action or escalate alone.", "the form %q has no exit: %s", id, strings.Join(append(seen, next.id), " leads to "))
				break
			}
			seen = append(seen, next.id)
		}
	}
}
