package understand

import (
	"fmt"
	"strconv"
	"sync"
)

// Set is the examples of one language.
type Set struct {
	Language string
	Intents  []Intent
}

// Thresholds part what is answered from what is asked again. Confidence at or over Answer is answered; from Clarify on
// the bot may ask which of two is meant. A message is in scope from Scope on; with 0 the examples decide where that is:
// with examples of what is nobody's the model may say no sooner than without.
type Thresholds struct {
	Answer  float64
	Clarify float64
	Scope   float64
}

// DefaultThresholds hold where a bot names none.
var DefaultThresholds = Thresholds{Answer: 0.60, Clarify: 0.35}

// Where Thresholds leave the scope to the examples: without any of what is nobody's little is refused; with them, the
// more of all examples they are, the more is. Chosen on validation lines; see docs/understanding.md.
const (
	scopeWithout  = 0.10
	scopeWithNone = 0.205
	scopeByShare  = 0.4 // for the share of the examples that are nobody's
	scopeMost     = 0.32
)

// Model is what was learned from a bot's examples. Immutable; safe for concurrent use.
type Model struct {
	engines    map[string]*engine
	languages  []string // that have an engine, in the order of the sets
	words      *tongues
	lexicon    *lexicon
	thresholds Thresholds
	shipped    *Shipped
}

// Train learns from the sets, the languages at the same time. Without examples it still tells language, feelings,
// wishes and crisis. It fails only if the built-in files are broken.
func Train(sets []Set, th Thresholds) (*Model, error) {
	with, err := builtIn()
	if err != nil {
		return nil, fmt.Errorf("read what is shipped: %w", err)
	}
	return TrainWith(sets, th, with)
}

// TrainWith is Train with other shipped files.
func TrainWith(sets []Set, th Thresholds, with *Shipped) (*Model, error) {
	trained, words := make([]*engine, len(sets)), make([]*vocabulary, len(sets))
	var wg sync.WaitGroup
	for i, s := range sets {
		wg.Go(func() { trained[i], words[i] = trainEngine(s.Language, s.Intents, with) })
	}
	lex, err := readLexicons()
	wg.Wait()
	if err != nil {
		return nil, fmt.Errorf("read lexicons: %w", err)
	}
	m := &Model{engines: map[string]*engine{}, words: newTongues(), lexicon: lex, thresholds: th, shipped: with}
	for i, s := range sets {
		if trained[i] != nil {
			m.engines[s.Language] = trained[i]
			m.languages = append(m.languages, s.Language)
			m.words.learn(s.Language, words[i])
		}
	}
	return m, nil
}

// Turn is one thing that was said before. Outcome is of the bot's turns: answer, clarify or fallback.
type Turn struct {
	Role    string `json:"role"` // visitor, bot or agent; user is the same as visitor
	Text    string `json:"text"`
	Outcome string `json:"outcome,omitempty"`
}

// Query is a message with what is known about it.
type Query struct {
	Text     string
	Language string // of the conversation; "" where it is not known
	Before   []Turn // oldest first
}

// Understand says what a message means, in its course.
func (m *Model) Understand(q Query) Result {
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	rd.analysis.read(q.Text)
	res := Result{Text: q.Text}
	clear := detect(&rd.analysis, q.Language, m.words)
	res.Language = clear
	m.lexicon.read(rd, clear)
	m.findIntent(&rd.analysis, &res)
	m.feel(rd, &res)
	m.decide(q, rd, &res)
	if res.Language == "" || res.Crisis {
		res.Language = m.tongue(rd, &res)
	}
	res.round()
	return res
}

// Classify is Understand with a second look at what a message carries: Negative hears also what the lexicons have no
// words for. Nothing is decided by that, and it takes as long as all the rest.
func (m *Model) Classify(q Query) Result {
	res := m.Understand(q)
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	rd.analysis.read(q.Text)
	if p, ok := m.shipped.negative(&rd.analysis, res.Language); ok {
		res.Negative = round4(sigmoid(logOdds(p) + float64(lexiconShare*res.Negative)))
	}
	return res
}

// lexiconShare is how far the lexicons move the log odds of Negative.
const lexiconShare = 1.5

// findIntent asks the engine of the message's language, or, where that is not clear, of all languages.
func (m *Model) findIntent(a *analysis, res *Result) {
	languages := m.languages
	if e := m.engines[res.Language]; e != nil {
		languages = []string{res.Language}
	}
	var best, now scored
	chosen := ""
	for _, l := range languages {
		m.engines[l].classify(a, &now)
		if chosen == "" || now.confidence > best.confidence {
			best, now, chosen = now, best, l
		}
	}
	if chosen == "" {
		return
	}
	if res.Language == "" && best.confidence >= m.thresholds.Answer {
		res.Language = chosen
	}
	m.chooseIntent(m.engines[chosen], &best, res)
}

// scope is the confidence from which a message is in an engine's scope.
func (m *Model) scope(e *engine) float64 {
	switch {
	case m.thresholds.Scope > 0:
		return m.thresholds.Scope
	case e.hasNone:
		return min(scopeWithNone+float64(scopeByShare*e.nobodys), scopeMost)
	}
	return scopeWithout
}

func (m *Model) chooseIntent(e *engine, s *scored, res *Result) {
	res.Confidence = s.confidence
	res.InScope = round4(s.confidence) >= m.scope(e)
	if res.InScope {
		res.Intent = e.names[s.order[0]]
		res.Because = append(res.Because, Because{"intent " + res.Intent, s.nearest, s.likeness})
	} else {
		res.Because = append(res.Because, m.refused(e, s))
	}
	for i, c := range s.order[:s.count] {
		if i == 0 && res.InScope {
			continue
		}
		p := s.prob[i]
		if i == 0 {
			p = s.confidence
		} else {
			p *= s.confidence / max(s.prob[0], 1e-9)
			p = min(p, 1-s.confidence, s.confidence)
		}
		if len(res.Alternatives) < 3 {
			res.Alternatives = append(res.Alternatives, Alternative{e.names[c], p})
		}
	}
	if s.count > 1 {
		res.Close = res.InScope && round4(s.confidence) < m.thresholds.Answer && s.prob[1] >= 0.4*s.prob[0]
	}
}

// refused says what kept a message out of scope: an example of what is nobody's that it is like, or how much surer of the
// likeliest intent it would have to be.
func (m *Model) refused(e *engine, s *scored) Because {
	if s.instead != "" {
		return Because{"no intent: like an example of what is not meant", s.instead, s.likeness}
	}
	b := append(make([]byte, 0, 96), "no intent: "...)
	b = append(append(b, e.names[s.order[0]]...), " is likeliest at "...)
	b = strconv.AppendFloat(b, s.confidence, 'f', 2, 64)
	b = strconv.AppendFloat(append(b, ", wanted "...), m.scope(e), 'f', 2, 64)
	return Because{string(b), s.nearest, s.likeness}
}

func (r *Result) round() {
	r.Confidence, r.Negative, r.Intensity = round4(r.Confidence), round4(r.Negative), round4(r.Intensity)
	r.Grave, r.Urgent = round4(r.Grave), round4(r.Urgent)
	f := &r.Feelings
	f.Anger, f.Frustration, f.Sadness, f.Fear, f.Joy = round4(f.Anger), round4(f.Frustration), round4(f.Sadness), round4(f.Fear), round4(f.Joy)
	for i := range r.Alternatives {
		r.Alternatives[i].Confidence = round4(r.Alternatives[i].Confidence)
	}
	for i := range r.Because {
		r.Because[i].Weight = round4(r.Because[i].Weight)
	}
}
