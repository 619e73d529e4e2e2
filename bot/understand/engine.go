package understand

import (
	"math"
	"sync"
)

// Intent is one thing that customers want, with messages that say it and near misses that do not.
type Intent struct {
	Name     string
	Examples []string
	Not      []string
}

// engine tells intents of one language apart: two linear classifiers over words, character n-grams and the shipped
// vectors, and a judgement of how sure they are. Immutable; safe for concurrent use.
type engine struct {
	space     *space
	names     []string // of the classes; what is nobody's comes after them, if hasNone
	hasNone   bool     // there are examples of what is nobody's
	nobodys   float64  // their share of all examples
	linear    *linear
	known     *dictionary
	examples  *examples
	exact     exact
	trust     *trust
	hingeUnit float32 // how much each classifier counts in a class's share
	softUnit  float32
	pool      sync.Pool // *scratch
}

// scratch is the working memory of one message.
type scratch struct {
	*vectorizer
	repeats           repeats
	word, gram, whole []rawScore     // of the classes: by words, by n-grams, and what needs no scale
	points            []points       // their scores
	cells             []cell         // of the shipped vectors
	seen              []bool         // of words: the best class has it
	marks             []int32        // where words are, by their features
	sieve             [4]uint64      // one bit for each word: most others fall through
	strange           [blocks][]cell // features whose scores are not known beforehand
}

// scored is what the engine says about a message.
type scored struct {
	order      [5]int32 // best classes, best first, none of them the class of nobody
	prob       [5]float64
	count      int     // how many of them there are
	confidence float64 // how likely the best is right and the message is in scope
	nearest    string  // the example of the best class most like the message
	likeness   float64 // how like, 0 to 1
	instead    string  // where it looks like what is nobody's: the example of that most like it
	signals    signals
}

// isNobodys tells whether an intent holds what is out of scope.
func isNobodys(name string) bool { return name == "oos" || name == "out_of_scope" }

// lines are examples with their classes.
type lines struct {
	texts   []string
	class   []int32
	against []bool // it is held against an intent
}

func (l *lines) add(text string, class int, against bool) {
	l.texts, l.class, l.against = append(l.texts, text), append(l.class, int32(class)), append(l.against, against)
}

// gather lists the examples, those of the intents first, then those of nobody.
func (e *engine) gather(intents []Intent) *lines {
	taken := map[string]bool{}
	l := &lines{}
	for _, in := range intents {
		if isNobodys(in.Name) {
			continue
		}
		for _, t := range in.Examples {
			l.add(t, len(e.names), false)
			taken[t] = true
		}
		e.names = append(e.names, in.Name)
	}
	of := len(l.texts)
	for _, in := range intents {
		others := in.Not
		if isNobodys(in.Name) {
			others = in.Examples
		}
		for _, t := range others {
			if !taken[t] {
				taken[t] = true
				l.add(t, len(e.names), !isNobodys(in.Name))
				e.hasNone = true
			}
		}
	}
	e.nobodys = float64(len(l.texts)-of) / float64(max(1, len(l.texts)))
	return l
}

// trainEngine learns from examples; nil if there are none. The same intents give the same engine, on any machine. It
// returns the words of the examples too.
func trainEngine(language string, intents []Intent, with *Shipped) (*engine, *vocabulary) {
	e := &engine{}
	l := e.gather(intents)
	if len(e.names) == 0 || len(l.texts) == 0 {
		return nil, nil
	}
	read := make([]analysis, len(l.texts))
	for i, t := range l.texts {
		read[i].read(t)
	}
	// The fewer examples an intent has, the more count the shipped vectors and the softmax.
	each := float64(len(l.texts)) / float64(len(e.names))
	e.hingeUnit, e.softUnit = float32(0.5+4.5*min(1, each/60)), 0.6
	d := &draft{vocabulary: cutExamples(styleOf(language), read, l.against)}
	e.space, d.pairsAt, d.gramsAt = buildSpace(d.vocabulary, with.vectors[language], float32(max(0.65, min(1, math.Sqrt(10/each)))))
	d.space, d.dense = e.space, make([]float32, e.space.dims())
	e.trust = with.trust(e.space.vectors != nil)
	if groupsOf(language) != nil {
		e.trust = e.trust.doubting()
	}
	e.examples, e.exact = &examples{}, exact{}
	cols := d.columns()
	taught := d.lesson(l.class, e.classes(), cols, func(i int) {
		e.examples.add(l.texts[i], l.class[i], d)
		e.exact.add(&read[i], l.class[i])
	})
	e.examples.end()
	e.learn(d, taught, cols)
	return e, d.vocabulary
}

// learn fits both classifiers at the same time, and makes them small.
func (e *engine) learn(d *draft, l *lesson, cols *columns) {
	var hinge, soft *matrix
	var fitting, pressing sync.WaitGroup
	pressing.Go(func() { e.space.spell = buildSpeller(d.cuts) })
	fitting.Go(func() { soft = l.soft() })
	hinge = l.hinge()
	fitting.Wait()
	pressing.Go(func() { e.linear = press(hinge, soft, cols) })
	e.known = buildDictionary(d, hinge, soft, cols)
	pressing.Wait()
}

func (e *engine) classes() int {
	if e.hasNone {
		return len(e.names) + 1
	}
	return len(e.names)
}

func (e *engine) scratch() *scratch {
	if d, ok := e.pool.Get().(*scratch); ok {
		return d
	}
	k := e.classes()
	return &scratch{vectorizer: newVectorizer(e.space), word: make([]rawScore, k), gram: make([]rawScore, k), whole: make([]rawScore, k), points: make([]points, k)}
}

// classify scores an analysed message.
func (e *engine) classify(a *analysis, out *scored) {
	d := e.scratch()
	defer e.pool.Put(d)
	e.score(d, d.repeats.without(a))
	e.rank(d, out)
	class, known := e.exact.find(a)
	if known && int(class) < len(e.names) {
		out.putFirst(class)
	}
	like := e.examples.compare(d, out.order[0])
	out.nearest, out.likeness = "", like.best
	if like.which >= 0 {
		out.nearest = e.examples.texts[like.which]
	}
	out.signals = e.signals(d, out, &like)
	out.confidence = e.trust.confidence(&out.signals)
	switch {
	case known && int(class) < len(e.names):
		out.confidence = max(out.confidence, sureOfExact)
	case known:
		out.confidence = 0
	}
	out.instead = ""
	if e.hasNone && out.confidence < 0.5 && out.signals[noneShare] >= 0.5 {
		if like := e.examples.compare(d, int32(len(e.names))); like.which >= 0 && like.best > 0 {
			out.instead, out.likeness = e.examples.texts[like.which], like.best
		}
	}
	if e.classes() == 1 { // there is nothing to tell it from, so it must be like what its author wrote
		out.confidence = min(out.confidence, like.best)
	}
	if len(d.words)+len(d.chars)+d.known[charBlock] == 0 {
		out.confidence = 0
	}
}

// mixed is a class's score by both classifiers.
func (e *engine) mixed(d *scratch, c int32) float32 {
	return float32(e.hingeUnit*d.hinge(c)) + float32(e.softUnit*d.soft(c))
}

func (d *scratch) hinge(c int32) float32 { return d.points[c].hinge }
func (d *scratch) soft(c int32) float32  { return d.points[c].soft }

// rank puts the best classes in order and gives each its share.
func (e *engine) rank(d *scratch, out *scored) {
	var score [len(out.order)]float32
	out.count = 0
	for c := range int32(len(e.names)) {
		x := e.mixed(d, c)
		if out.count == len(score) && x <= score[out.count-1] {
			continue
		}
		out.count = min(out.count+1, len(score))
		i := out.count - 1
		for ; i > 0 && x > score[i-1]; i-- {
			score[i], out.order[i] = score[i-1], out.order[i-1]
		}
		score[i], out.order[i] = x, c
	}
	total := 0.0
	for c := range int32(len(d.points)) {
		if x := e.mixed(d, c) - score[0]; x > -16 {
			total += exp(float64(x))
		}
	}
	for i := range out.count {
		out.prob[i] = exp(float64(score[i]-score[0])) / total
	}
}
