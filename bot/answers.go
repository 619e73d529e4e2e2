package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

func (l *loader) readBot() {
	root := &node{}
	if _, ok := l.files["bot.yml"]; ok {
		if n := l.parse("bot.yml"); n != nil {
			root = n
		}
	}
	const file = "bot.yml"
	l.only(file, root, "name", "languages", "team", "thresholds", "greeting")
	if n := root.get("name"); n != nil && n.kind == mapNode {
		for _, k := range n.keys {
			l.bot.name[k.key] = k.value.text
		}
	} else {
		l.bot.name[""] = l.str(file, root, "name")
	}
	for _, lang := range l.strs(file, root, "languages") {
		if !languageName.MatchString(lang) || slices.Contains(l.bot.languages, lang) {
			l.fault(file, lineAt(root, "languages"), "Write like fi, sv, en, each once.", "%q is no language", lang)
			continue
		}
		l.bot.languages = append(l.bot.languages, lang)
	}
	if root.get("team") != nil {
		l.bot.team = l.slugOf(file, root, "team")
	}
	if l.bot.greeting = l.str(file, root, "greeting"); l.bot.greeting != "" {
		l.use(file, lineAt(root, "greeting"), "answer", l.bot.greeting)
	}
	if th := root.get("thresholds"); th != nil {
		l.readThresholds(file, th)
	}
}

func (l *loader) readThresholds(file string, n *node) {
	if n.kind != mapNode {
		l.fault(file, n.line, "Write thresholds: {answer: 0.60, clarify: 0.35}.", "thresholds must have answer and clarify")
		return
	}
	l.only(file, n, "answer", "clarify", "intents")
	l.readThreshold(file, n, &l.bot.thresholds)
	intents := n.get("intents")
	switch {
	case intents == nil || intents.kind == nullNode:
		return
	case intents.kind != mapNode:
		l.fault(file, intents.line, "Write intents: {refund: {answer: 0.75}}.", "intents must name intents with their thresholds")
		return
	}
	for _, k := range intents.keys {
		own := l.bot.thresholds
		if k.value.kind != mapNode {
			l.fault(file, k.line, "Write "+k.key+": {answer: 0.75}.", "the thresholds of %q must have answer or clarify", k.key)
			continue
		}
		l.only(file, k.value, "answer", "clarify")
		l.readThreshold(file, k.value, &own)
		l.bot.limits[k.key] = own
		l.use(file, k.line, "intent", k.key)
	}
}

func (l *loader) readThreshold(file string, n *node, th *understand.Thresholds) {
	l.number(file, n, "answer", &th.Answer)
	l.number(file, n, "clarify", &th.Clarify)
	if th.Clarify > th.Answer {
		l.fault(file, n.line, "", "clarify (%g) must not be over answer (%g)", th.Clarify, th.Answer)
	}
}

// settleLanguages names the bot's languages where bot.yml does not: those that there are files for.
func (l *loader) settleLanguages() {
	if len(l.bot.languages) == 0 {
		for _, lang := range []string{"fi", "sv", "en"} {
			if l.sets[lang] != nil || l.files["answers/"+lang+".yml"] != nil {
				l.bot.languages = append(l.bot.languages, lang)
			}
		}
		for _, lang := range l.trainedLanguages() {
			if !slices.Contains(l.bot.languages, lang) {
				l.bot.languages = append(l.bot.languages, lang)
			}
		}
	}
	if len(l.bot.languages) == 0 {
		l.bot.languages = []string{"fi", "sv", "en"}
	}
	for _, lang := range l.trainedLanguages() {
		if !slices.Contains(l.bot.languages, lang) {
			l.warn("nlu/"+lang, 0, "Add it to languages in bot.yml.", "the bot does not speak %q, so this is not used", lang)
			delete(l.sets, lang)
		}
	}
}

func (l *loader) readAnswers() {
	for _, lang := range l.bot.languages {
		l.bot.answers[lang] = builtInAnswers(lang)
		l.answersAt[lang] = map[string]place{}
	}
	for _, file := range l.under("answers") {
		lang := languageOf(file)
		if strings.Count(file, "/") != 1 || !slices.Contains(l.bot.languages, lang) {
			l.fault(file, 0, "Answers stand in answers/<language>.yml, one file a language of the bot.", "the bot does not speak %q", lang)
			continue
		}
		if root := l.parse(file); root != nil {
			for _, k := range root.keys {
				l.readAnswer(file, lang, k)
			}
		}
	}
}

func (l *loader) readAnswer(file, lang string, k keyed) {
	if !slug.MatchString(k.key) {
		l.fault(file, k.line, "Use small letters, digits, _ . and -.", "%q is no key of an answer", k.key)
		return
	}
	variants := []*node{k.value}
	if k.value.kind == listNode {
		variants = k.value.list
	}
	var out []template
	for _, v := range variants {
		text := strings.TrimSpace(v.text)
		if v.kind != scalarNode || text == "" {
			l.fault(file, v.line, "Write a text, or a list of texts to choose from.", "the answer %q is empty", k.key)
			continue
		}
		if len(text) > maxAnswer {
			l.fault(file, v.line, "", "the answer %q is longer than %d bytes", k.key, maxAnswer)
			continue
		}
		t, err := parseTemplate(text)
		if err != nil {
			l.fault(file, v.line, "Double a brace that is meant as one.", "the answer %q: %s", k.key, err.Error())
			continue
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return
	}
	l.bot.answers[lang][k.key] = out
	l.bot.ownCrisis = l.bot.ownCrisis || k.key == keyCrisis
	l.answersAt[lang][k.key] = place{file, k.line}
}

// checkUses reports references to what is not there. Where a file cannot be read at all, most of them are its
// consequences, and only the file is told of.
func (l *loader) checkUses() {
	if l.unread {
		return
	}
	for _, u := range l.uses {
		switch u.what {
		case "answer":
			l.checkAnswer(u)
		case "form":
			l.missing(u, l.bot.forms[u.name] != nil, "form", sortedNames(l.bot.forms))
		case "action":
			l.missing(u, l.bot.actions[u.name] != nil, "action", sortedNames(l.bot.actions))
		case "option":
			l.missing(u, l.bot.options[u.name] != nil, "option", sortedNames(l.bot.options))
		case "entity":
			l.missing(u, l.variables[u.name], "type", sortedNames(l.variables))
		case "intent":
			l.missing(u, l.intents[u.name], "intent", sortedNames(l.intents))
			l.checkIntentLanguages(u)
		default:
			l.checkNamed(u)
		}
	}
	for _, lang := range l.bot.languages {
		for _, in := range l.intentsOf(lang) {
			if len(l.bot.byIntent) > 0 && l.bot.byIntent[in] == nil && !isNobodys(in) && lang == l.bot.languages[0] && !isTalkIntent(in) {
				l.unanswered(in, l.intentAt[lang+"/"+in])
			}
		}
	}
}

// unanswered warns of an intent without a rule, unless a handoff rule brings a person for it whatever else holds.
func (l *loader) unanswered(in string, at place) {
	for _, h := range l.bot.handoffs {
		if h.when == nil || len(intentsIn(h.when.source, []string{in})) == 0 {
			continue
		}
		if conditions := parts(h.when.source); len(conditions) == 1 || strings.Contains(h.when.source, "||") {
			return
		}
		l.warn(at.file, at.line, "Add a rule for the rest to rules/.", "only the handoff rule %s at %s:%d answers the intent %q, and only where its whole condition holds", h.id, h.at.file, h.at.line, in)
		return
	}
	l.warn(at.file, at.line, "Add a rule to rules/, or list its examples under out_of_scope.", "no rule answers the intent %q", in)
}

func (l *loader) intentsOf(lang string) []string {
	if s := l.sets[lang]; s != nil {
		return s.order
	}
	return nil
}

func (l *loader) missing(u use, there bool, what string, known []string) {
	if !there {
		l.fault(u.file, u.line, didYouMean(u.name, known)+"Check the spelling, or add it.", "there is no %s %q", what, u.name)
	}
}

func (l *loader) checkAnswer(u use) {
	var without []string
	for _, lang := range l.bot.languages {
		if len(l.bot.answers[lang][u.name]) == 0 {
			without = append(without, lang)
		}
	}
	if len(without) > 0 {
		l.fault(u.file, u.line, didYouMean(u.name, sortedNames(l.bot.answers[without[0]]))+"Add it to answers/"+without[0]+".yml.", "the answer %q is missing in %s", u.name, strings.Join(without, ", "))
	}
}

// checkIntentLanguages warns when an intent that a rule answers has examples in some of the languages only.
func (l *loader) checkIntentLanguages(u use) {
	if !l.intents[u.name] {
		return
	}
	for _, lang := range l.bot.languages {
		if s := l.sets[lang]; s == nil || s.intents[u.name] == nil {
			l.warn(u.file, u.line, "Add examples to nlu/"+lang+"/.", "the intent %q has no examples in %s", u.name, lang)
		}
	}
}

// checkVariables reports variables that nothing can ever fill.
func (l *loader) checkVariables(files []string, roots []*node) {
	if l.unread {
		return
	}
	for lang, answers := range l.bot.answers {
		for key, variants := range answers {
			at, written := l.answersAt[lang][key]
			if !written {
				continue
			}
			for _, t := range variants {
				if key == keyFromArticle {
					l.checkTemplate(at.file, at.line, t, "the answer "+key, "title")
				} else {
					l.checkTemplate(at.file, at.line, t, "the answer "+key)
				}
			}
		}
	}
	for i, file := range files {
		for _, n := range l.maps(file, roots[i], "actions") {
			for _, key := range []string{"url", "body"} {
				if t, err := parseTemplate(l.str(file, n, key)); err == nil {
					l.checkTemplate(file, lineAt(n, key), t, key)
				}
			}
		}
	}
}

func (l *loader) checkTemplate(file string, line int, t template, what string, own ...string) {
	for _, p := range t.parts {
		if p.name != "" && p.name != "base" && p.name != "cause" && !slices.Contains(own, p.name) && !l.variables[p.name] {
			l.fault(file, line, didYouMean(p.name, sortedNames(l.variables))+"It must be a field of a form, a name that a case sets, or an entity.", "%s: nothing fills {%s}", what, p.name)
		}
	}
}

// finish gives the bot its model. It is complete then.
func (l *loader) finish(with taught) *Bot {
	b := l.bot
	if with.err != nil {
		l.fault(".", 0, "", "the bot cannot learn: %s", with.err.Error())
		return nil
	}
	b.model = with.model
	b.finder = understand.NewFinder(l.nlu.patterns, l.nlu.lookups, l.nlu.synonyms)
	for _, s := range with.sets {
		names := map[string]string{}
		for _, in := range s.Intents {
			for _, e := range in.Examples {
				if was := names[in.Name]; was == "" || len(e) < len(was) {
					names[in.Name] = e
				}
			}
		}
		b.shortest[s.Language] = names
	}
	return b
}

func (l *loader) number(file string, n *node, key string, to *float64) {
	s := l.str(file, n, key)
	if s == "" {
		return
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		l.fault(file, lineAt(n, key), "Write a figure between 0 and 1.", "%s is %q", key, s)
		return
	}
	*to = v
}
