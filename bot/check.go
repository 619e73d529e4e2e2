package bot

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// Check returns the faults of a bot folder: those of Load, and, where it can be used, what will go wrong in
// conversations. It learns each language's examples several times over, so it takes longer than Load.
func Check(fsys fs.FS) (faults []Fault) {
	defer func() {
		if p := recover(); p != nil {
			faults = append(faults, Fault{Severity: Error, Message: fmt.Sprintf("this folder breaks the reader (%v)", p), Advice: "Undo the last change, and report it."})
		}
	}()
	l := newLoader(fsys)
	if l.load() != nil {
		l.examine()
	}
	sortFaults(l.faults)
	return l.faults
}

// examine looks for what Load lets pass.
func (l *loader) examine() {
	for _, lang := range l.trainedLanguages() {
		l.examineExamples(lang)
	}
	l.examineAnswers()
	l.examineRules()
	l.examineHandoffs()
	l.examineOptions()
	l.examineForms()
}

// fewExamples is how many examples an intent needs at least to be told from others.
const fewExamples = 5

func (l *loader) examineExamples(lang string) {
	set := l.sets[lang]
	for _, name := range set.order {
		if n := len(set.intents[name].Examples); n > 0 && n < fewExamples && !isNobodys(name) {
			at := l.intentAt[lang+"/"+name]
			l.warn(at.file, at.line, "Add messages that customers really write, ten or more.", "the intent %q has only %s in %s", name, counted(n, "example"), lang)
		}
	}
	v := validate(lang, set)
	for _, p := range v.pairs {
		if l.sameAnswer(p.one, p.other) {
			continue
		}
		at := l.intentAt[lang+"/"+p.one]
		l.warn(at.file, at.line, "Let their examples differ more, join the two, or list what is not meant under not:.",
			"%q and %q are confused in %s: %d of %d examples are taken for the other, such as %s", p.one, p.other, lang, len(p.slips), p.of, l.quoted(lang, p.slips))
	}
	for _, s := range v.odd {
		if l.sameAnswer(s.own, s.taken) {
			continue
		}
		at := l.exampleAt[lang+"/"+s.text]
		l.warn(at.file, at.line, "Add more examples like it to its own intent, or move it where it belongs.", "the example %q of %q reads like %q", s.text, s.own, s.taken)
	}
}

// sameAnswer tells whether it does no harm to take one intent for the other.
func (l *loader) sameAnswer(a, b string) bool {
	if isTalkIntent(a) && isTalkIntent(b) {
		return true
	}
	rules := l.bot.byIntent[a]
	return len(rules) > 0 && slices.Equal(rules, l.bot.byIntent[b])
}

func counted(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// quoted shows up to three slips with their places.
func (l *loader) quoted(lang string, slips []slip) string {
	var out []string
	for _, s := range slips[:min(len(slips), 3)] {
		at := l.exampleAt[lang+"/"+s.text]
		out = append(out, fmt.Sprintf("%q (%s:%d)", s.text, at.file, at.line))
	}
	return strings.Join(out, ", ")
}

// slip is an example that is taken for another intent by a bot that was not taught it.
type slip struct {
	text       string
	own, taken string
	confidence float64
}

// pair is two intents that are taken for each other.
type pair struct {
	one, other string
	of         int // examples of both
	slips      []slip
}

type validation struct {
	pairs []pair
	odd   []slip
}

// Limits of what is told: a pair from this many slips and this share on, a single example from this confidence on.
const (
	pairSlips  = 4
	pairShare  = 0.15
	oddLimit   = 0.75
	folds      = 4
	maxFolds   = 6000 // examples; more are learned once without a quarter of them
	maxOdd     = 12
	maxConfuse = 12
)

// validate teaches a language's examples but for a quarter, and asks for that quarter, in turn. The same folder gives
// the same result.
func validate(lang string, set *languageSet) validation {
	total := 0
	for _, name := range set.order {
		total += len(set.intents[name].Examples)
	}
	rounds := folds
	if total > maxFolds {
		rounds = 1
	}
	var slips []slip
	for round := range rounds {
		slips = append(slips, slipsOf(lang, set, round)...)
	}
	return sortOut(set, slips)
}

// held tells whether an intent's i-th example is asked in a round.
func held(i, round int) bool { return i%folds == round }

func slipsOf(lang string, set *languageSet, round int) []slip {
	part := understand.Set{Language: lang}
	for _, name := range set.order {
		in := understand.Intent{Name: name, Not: set.intents[name].Not}
		for i, e := range set.intents[name].Examples {
			if !held(i, round) {
				in.Examples = append(in.Examples, e)
			}
		}
		part.Intents = append(part.Intents, in)
	}
	model, err := understand.Train([]understand.Set{part}, understand.DefaultThresholds)
	if err != nil {
		return nil
	}
	var out []slip
	for _, name := range set.order {
		if isNobodys(name) || len(set.intents[name].Examples) < fewExamples {
			continue
		}
		for i, e := range set.intents[name].Examples {
			if !held(i, round) {
				continue
			}
			r := model.Understand(understand.Query{Text: e, Language: lang})
			if best := bestOf(r); best != name && best != "" {
				out = append(out, slip{e, name, best, r.Confidence})
			}
		}
	}
	return out
}

// bestOf is the likeliest intent of a result, in scope or not.
func bestOf(r understand.Result) string {
	if r.Intent == "" && len(r.Alternatives) > 0 {
		return r.Alternatives[0].Intent
	}
	return r.Intent
}

// sortOut parts pairs that slip often from single examples that stand in the wrong place, the worst first.
func sortOut(set *languageSet, slips []slip) validation {
	slices.SortStableFunc(slips, func(a, b slip) int {
		switch {
		case a.confidence > b.confidence:
			return -1
		case a.confidence < b.confidence:
			return 1
		}
		return strings.Compare(a.text, b.text)
	})
	order := map[string]int{}
	for i, name := range set.order {
		order[name] = i
	}
	found := map[[2]string]*pair{}
	var v validation
	for _, s := range slips {
		key := [2]string{s.own, s.taken}
		if order[s.own] > order[s.taken] {
			key[0], key[1] = key[1], key[0]
		}
		p := found[key]
		if p == nil {
			p = &pair{one: key[0], other: key[1], of: len(set.intents[key[0]].Examples) + len(set.intents[key[1]].Examples)}
			found[key] = p
		}
		p.slips = append(p.slips, s)
	}
	for _, s := range slips {
		key := [2]string{s.own, s.taken}
		if order[s.own] > order[s.taken] {
			key[0], key[1] = key[1], key[0]
		}
		p := found[key]
		if often := len(p.slips) >= pairSlips && float64(len(p.slips)) >= float64(pairShare*float64(p.of)); often {
			if !slices.ContainsFunc(v.pairs, func(q pair) bool { return q.one == p.one && q.other == p.other }) {
				v.pairs = append(v.pairs, *p)
			}
		} else if s.confidence >= oddLimit {
			v.odd = append(v.odd, s)
		}
	}
	slices.SortStableFunc(v.pairs, func(a, b pair) int { return len(b.slips)*a.of - len(a.slips)*b.of })
	for i := range v.pairs { // each way by its examples, so that the list reads as the files do
		slices.SortStableFunc(v.pairs[i].slips, func(a, b slip) int { return order[a.own] - order[b.own] })
	}
	v.pairs, v.odd = v.pairs[:min(len(v.pairs), maxConfuse)], v.odd[:min(len(v.odd), maxOdd)]
	return v
}

// isNobodys tells whether an intent holds what is out of scope.
func isNobodys(name string) bool { return name == "oos" || name == "out_of_scope" }
