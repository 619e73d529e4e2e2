package bot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// nluReader gathers what the Rasa files say besides intents.
type nluReader struct {
	examples    int
	expressions int
	patterns    map[string][]*regexp.Regexp
	lookups     map[string][]string
	synonyms    map[string]string
	seen        map[string]map[string]string // language → example → intent
}

var languageName = regexp.MustCompile(`^[a-z]{2,3}$`)

func (l *loader) readNLU() {
	l.nlu = &nluReader{patterns: map[string][]*regexp.Regexp{}, lookups: map[string][]string{}, synonyms: map[string]string{}, seen: map[string]map[string]string{}}
	for _, e := range []string{understand.EntityOrder, understand.EntityEmail, understand.EntityMoney, understand.EntityDate, understand.EntityPhone} {
		l.variables[e] = true
	}
	for _, file := range l.under("nlu") {
		lang := languageOf(file)
		if strings.Count(file, "/") < 2 || !languageName.MatchString(lang) {
			l.fault(file, 0, "Put it in nlu/fi/, nlu/sv/, nlu/en/ or another language's folder.", "training data must stand in a folder named after its language")
			continue
		}
		if root := l.parse(file); root != nil {
			l.readNLUFile(file, lang, root)
		}
	}
}

// rasaElsewhere is what files of Rasa hold besides training data: its domain, stories and configuration.
var rasaElsewhere = []string{
	"intents", "entities", "slots", "responses", "forms", "actions", "e2e_actions", "session_config", "config", "stories", "rules",
	"language", "pipeline", "policies", "recipe", "assistant_id", "importers",
}

func (l *loader) readNLUFile(file, lang string, root *node) {
	keep := []string{"version", "nlu"}
	for _, k := range root.keys {
		if slices.Contains(rasaElsewhere, k.key) {
			keep = append(keep, k.key)
			l.warn(file, k.line, "What the bot says and does stands in answers and rules.", "%q of Rasa is left out", k.key)
		}
	}
	l.only(file, root, keep...)
	for _, item := range l.maps(file, root, "nlu") {
		switch {
		case item.get("intent") != nil:
			l.readIntent(file, lang, item)
		case item.get("synonym") != nil:
			l.readSynonym(file, item)
		case item.get("regex") != nil:
			l.readRegex(file, item)
		case item.get("lookup") != nil:
			l.readLookup(file, item)
		default:
			l.fault(file, item.line, "", "expected intent, synonym, regex or lookup")
		}
	}
}

// example is one line of an examples block.
type example struct {
	text string
	line int
}

// examples reads the "- " lines of a block, or a list of texts (also Rasa's list of {text: …}).
func (l *loader) examples(file string, n *node, key string) []example {
	v := n.get(key)
	if v == nil || v.kind == nullNode {
		return nil
	}
	var out []example
	switch v.kind {
	case scalarNode:
		for i, s := range strings.Split(v.text, "\n") {
			line := v.line
			if v.block {
				line += 1 + i
			}
			s = strings.TrimSpace(s)
			if s == "" || strings.HasPrefix(s, "#") {
				continue
			}
			rest, ok := strings.CutPrefix(s, "-")
			if !ok {
				l.fault(file, line, "Begin each line with \"- \".", "this line of %s does not begin with \"- \"", key)
				continue
			}
			out = append(out, example{strings.TrimSpace(rest), line})
		}
	case listNode:
		for _, c := range v.list {
			text := c
			if c.kind == mapNode {
				text = c.get("text")
			}
			if text == nil || text.kind != scalarNode {
				l.fault(file, c.line, "", "each of %s must be a text", key)
				continue
			}
			out = append(out, example{strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text.text), "- ")), c.line})
		}
	default:
		l.fault(file, v.line, "", "%s must be a block of lines that begin with \"- \"", key)
	}
	return out
}

func (l *loader) readIntent(file, lang string, item *node) {
	l.only(file, item, "intent", "examples", "not", "metadata")
	name := l.str(file, item, "intent")
	if name == "" || len(name) > 128 {
		l.fault(file, item.line, "", "an intent needs a name of at most 128 bytes")
		return
	}
	in := l.intent(lang, name)
	if _, before := l.intentAt[lang+"/"+name]; !before {
		l.intentAt[lang+"/"+name] = place{file, item.line}
	}
	examples := l.examples(file, item, "examples")
	if len(examples) == 0 && item.get("not") == nil {
		l.warn(file, item.line, "Add messages that customers really write, ten or more.", "the intent %q has no examples", name)
	}
	for _, e := range examples {
		if text, ok := l.clean(file, e); ok && l.isNew(file, lang, name, text, e.line) {
			l.exampleAt[lang+"/"+text] = place{file, e.line}
			in.Examples = append(in.Examples, text)
		}
	}
	for _, e := range l.examples(file, item, "not") {
		if text, ok := l.clean(file, e); ok {
			in.Not = append(in.Not, text)
		}
	}
}

func (l *loader) intent(lang, name string) *understand.Intent {
	set := l.sets[lang]
	if set == nil {
		set = &languageSet{language: lang, intents: map[string]*understand.Intent{}}
		l.sets[lang] = set
	}
	in := set.intents[name]
	if in == nil {
		in = &understand.Intent{Name: name}
		set.intents[name] = in
		set.order = append(set.order, name)
	}
	l.intents[name] = true
	return in
}

// clean takes the entity marks out of an example and remembers what they teach.
func (l *loader) clean(file string, e example) (string, bool) {
	if l.nlu.examples++; l.nlu.examples > maxExamples {
		if l.nlu.examples == maxExamples+1 {
			l.fault(file, e.line, "", "there are more than %d examples", maxExamples)
		}
		return "", false
	}
	text := e.text
	if strings.Contains(text, "](") || strings.Contains(text, "]{") {
		text = l.unmark(file, e)
	}
	if strings.TrimSpace(text) == "" {
		l.warn(file, e.line, "Remove the line.", "this example is empty")
		return "", false
	}
	if len(text) > maxAnswer {
		l.fault(file, e.line, "", "this example is longer than %d bytes", maxAnswer)
		return "", false
	}
	return text, true
}

var entityMark = regexp.MustCompile(`\[([^\[\]]*)\](?:\(([^()]*)\)|(\{[^{}]*\}))`)

// unmark replaces [words](entity) and [words]{"entity": …, "value": …} by the words.
func (l *loader) unmark(file string, e example) string {
	return entityMark.ReplaceAllStringFunc(e.text, func(m string) string {
		g := entityMark.FindStringSubmatch(m)
		words, name, value := g[1], g[2], ""
		if g[3] != "" {
			var mark struct{ Entity, Value, Role, Group string }
			if err := json.Unmarshal([]byte(g[3]), &mark); err != nil || mark.Entity == "" {
				l.warn(file, e.line, `Write [words]{"entity": "name", "value": "meaning"}.`, "the mark %s is broken", g[3])
				return words
			}
			name, value = mark.Entity, mark.Value
		}
		if before, after, ok := strings.Cut(name, ":"); ok { // Rasa's older "entity:value"
			name, value = before, after
		}
		l.learnEntity(name, words, value)
		return words
	})
}

// learnEntity adds marked words to the entity's list, unless they hold digits: then patterns find them.
func (l *loader) learnEntity(name, words, value string) {
	l.variables[name] = true
	if words == "" || strings.ContainsAny(words, "0123456789@") {
		return
	}
	if !slices.Contains(l.nlu.lookups[name], words) {
		l.nlu.lookups[name] = append(l.nlu.lookups[name], words)
	}
	if value != "" && value != words {
		l.nlu.synonyms[words] = value
	}
}

func (l *loader) isNew(file, lang, intent, text string, line int) bool {
	seen := l.nlu.seen[lang]
	if seen == nil {
		seen = map[string]string{}
		l.nlu.seen[lang] = seen
	}
	key := strings.ToLower(text)
	other, ok := seen[key]
	if !ok {
		seen[key] = intent
		return true
	}
	if other == intent {
		l.warn(file, line, "Remove one.", "the example %q stands twice in %q", text, intent)
	} else {
		l.warn(file, line, "Keep it where it belongs.", "the example %q stands in %q and in %q", text, other, intent)
	}
	return false
}

func (l *loader) readSynonym(file string, item *node) {
	l.only(file, item, "synonym", "examples", "metadata")
	value := l.str(file, item, "synonym")
	for _, e := range l.examples(file, item, "examples") {
		if e.text != "" && value != "" {
			l.nlu.synonyms[e.text] = value
		}
	}
}

func (l *loader) readRegex(file string, item *node) {
	l.only(file, item, "regex", "examples", "metadata")
	name := l.str(file, item, "regex")
	l.variables[name] = true
	for _, e := range l.examples(file, item, "examples") {
		re, fault := compilePattern(e.text)
		if fault == "" && l.nlu.expressions >= maxPatterns {
			fault = fmt.Sprintf("there are more than %d", maxPatterns)
		}
		if fault != "" {
			if onlyElsewhere(fault) {
				l.warn(file, e.line, patternAdvice, "a pattern of %q is left out: %s", name, fault)
			} else {
				l.fault(file, e.line, patternAdvice, "the pattern of %q is broken: %s", name, fault)
			}
			continue
		}
		l.nlu.expressions++
		l.nlu.patterns[name] = append(l.nlu.patterns[name], re)
	}
}

const patternAdvice = "Look-ahead and back references are not available, and repetitions are bounded."

// onlyElsewhere tells of a broken pattern whether other engines know it, as Rasa's does.
func onlyElsewhere(fault string) bool {
	return strings.HasPrefix(fault, "invalid or unsupported Perl syntax") || strings.HasPrefix(fault, "invalid escape sequence")
}

func (l *loader) readLookup(file string, item *node) {
	l.only(file, item, "lookup", "examples", "metadata")
	name := l.str(file, item, "lookup")
	l.variables[name] = true
	if v := item.get("examples"); v != nil && v.kind == scalarNode && !v.block && strings.HasSuffix(v.text, ".txt") {
		l.warn(file, v.line, "Write the words under examples.", "the words of the lookup %q stand in a file, which is not read", name)
		return
	}
	for _, e := range l.examples(file, item, "examples") {
		if e.text != "" {
			l.nlu.lookups[name] = append(l.nlu.lookups[name], e.text)
		}
	}
}

// trainingSets are the sets in the order of the bot's languages.
func (l *loader) trainingSets() []understand.Set {
	var sets []understand.Set
	for _, lang := range l.trainedLanguages() {
		s := understand.Set{Language: lang}
		for _, name := range l.sets[lang].order {
			s.Intents = append(s.Intents, *l.sets[lang].intents[name])
		}
		sets = append(sets, s)
	}
	return sets
}

func (l *loader) trainedLanguages() []string {
	var out []string
	for lang := range l.sets {
		out = append(out, lang)
	}
	slices.Sort(out)
	first := func(lang string) int {
		if i := slices.Index(l.bot.languages, lang); i >= 0 {
			return i
		}
		return len(l.bot.languages)
	}
	slices.SortStableFunc(out, func(a, b string) int { return first(a) - first(b) })
	return out
}
