package understand

import (
	"math"
	"slices"
	"sync"
)

// Intent is one thing that customers want, with messages that say it and near misses that do not.
type Intent struct {
	Name     string
	Examples []string
	Not      []string
}

// engine tells intents of one language apart: a linear classifier, one against the rest, over words and character
// n-grams. Immutable; safe for concurrent use.
type engine struct {
	space    *space
	names    []string  // of the classes; the last is "" and stands for what is nobody's, if hasNone
	hasNone  bool      // there are examples of what is nobody's
	classes  int       // columns of weights
	weights  []float32 // feature by feature, all classes of it side by side
	bias     []float32
	examples []exampleRef // by class, in order
	cells    []cell       // of all examples
	texts    []string     // of all examples
	first    []int32      // of each class: its first example
	pool     sync.Pool    // *vectorizer
}

type exampleRef struct {
	from, to int32 // in cells
	class    int32
}

// scored is what the engine says about a message.
type scored struct {
	order      []int32   // best classes, best first, at most five, none of them the class of nobody
	score      []float32 // their scores
	prob       []float64 // their shares
	confidence float64   // how likely the best is right and the message is in scope
	nearest    string    // the example of the best class most like the message
	likeness   float64   // how like, 0 to 1
}

const (
	cost     = 0.5 // C of the squared hinge
	passes   = 5
	biasUnit = 0.5
)

// isNobodys tells whether an intent holds what is out of scope.
func isNobodys(name string) bool { return name == "oos" || name == "out_of_scope" }

// trainEngine learns from examples. The same intents give the same engine, on any machine.
func trainEngine(language string, intents []Intent) *engine {
	e := &engine{}
	var texts []string
	var class []int32
	for _, in := range intents {
		if isNobodys(in.Name) {
			continue
		}
		e.first = append(e.first, int32(len(texts)))
		for _, t := range in.Examples {
			texts, class = append(texts, t), append(class, int32(len(e.names)))
		}
		e.names = append(e.names, in.Name)
	}
	e.first = append(e.first, int32(len(texts)))
	taken := make(map[string]bool, len(texts))
	for _, t := range texts {
		taken[t] = true
	}
	nobody := int32(len(e.names))
	for _, in := range intents {
		others := in.Not
		if isNobodys(in.Name) {
			others = in.Examples
		}
		for _, t := range others {
			if !taken[t] {
				texts, class = append(texts, t), append(class, nobody)
				e.hasNone = true
			}
		}
	}
	if len(e.names) == 0 || len(texts) == 0 {
		return nil
	}
	e.classes = len(e.names)
	if e.hasNone {
		e.classes++
	}
	e.learn(styleOf(language), texts, class)
	return e
}

func (e *engine) learn(st style, texts []string, class []int32) {
	read := make([]analysis, len(texts))
	for i, t := range texts {
		read[i].read(t)
	}
	var features [][]int32
	e.space, features = buildSpace(st, read)
	e.texts = texts
	v := newVectorizer(len(e.space.idf))
	for i := range read {
		from := len(e.cells)
		v.begin()
		for _, f := range features[i] {
			v.add(f)
		}
		e.cells = append(e.cells, v.weigh(e.space)...)
		e.examples = append(e.examples, exampleRef{int32(from), int32(len(e.cells)), class[i]})
	}
	e.descend()
	size := len(e.space.idf)
	e.pool.New = func() any { return newVectorizer(size) }
}

// descend fits the weights by dual coordinate descent for the squared hinge loss (Hsieh et al., ICML 2008), all classes of an
// example in one sweep. Sums run in a fixed order, so the result is the same everywhere.
func (e *engine) descend() {
	k, n := e.classes, len(e.examples)
	e.weights = make([]float32, len(e.space.idf)*k)
	e.bias = make([]float32, k)
	alpha := make([]float32, n*k)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	scores := make([]float32, k)
	steps := make([]float32, k)
	moved := make([]int32, 0, k)
	const slack = 1 / (2 * cost)
	seed := uint64(1)
	for pass := range passes {
		shuffle(order, &seed)
		largest := float32(0)
		for _, i := range order {
			x := e.examples[i]
			cells := e.cells[x.from:x.to]
			e.sum(cells, scores)
			q := float32(biasUnit * biasUnit)
			for _, c := range cells {
				q += float32(c.value * c.value)
			}
			moved = moved[:0]
			for c := range k {
				y := float32(-1)
				if int32(c) == x.class {
					y = 1
				}
				al := alpha[int(i)*k+c]
				g := float32(y*scores[c]) - 1 + float32(al*slack)
				if al == 0 && g >= 0 {
					continue
				}
				next := max(al-g/(q+slack), 0)
				if d := next - al; d > 1e-6 || d < -1e-6 {
					alpha[int(i)*k+c] = next
					steps[c] = d * y
					moved = append(moved, int32(c))
					largest = max(largest, d, -d)
				}
			}
			e.move(cells, moved, steps)
		}
		if pass > 3 && largest < 0.01 {
			break
		}
	}
}

func (e *engine) move(cells []cell, moved []int32, steps []float32) {
	k := e.classes
	for _, c := range cells {
		row := e.weights[int(c.feature)*k : int(c.feature)*k+k]
		for _, m := range moved {
			row[m] += float32(steps[m] * c.value)
		}
	}
	for _, m := range moved {
		e.bias[m] += float32(steps[m] * biasUnit * biasUnit)
	}
}

// sum fills scores with each class's score of the vector.
func (e *engine) sum(cells []cell, scores []float32) {
	k := e.classes
	copy(scores, e.bias)
	scores = scores[:k]
	for _, c := range cells {
		row := e.weights[int(c.feature)*k:][:k]
		x, j := c.value, 0
		for ; j+4 <= k; j += 4 {
			s, r := scores[j:j+4:j+4], row[j:j+4:j+4]
			s[0] += float32(x * r[0])
			s[1] += float32(x * r[1])
			s[2] += float32(x * r[2])
			s[3] += float32(x * r[3])
		}
		for ; j < k; j++ {
			scores[j] += float32(x * row[j])
		}
	}
}

func shuffle(order []int32, seed *uint64) {
	for i := len(order) - 1; i > 0; i-- {
		*seed = *seed*6364136223846793005 + 1442695040888963407
		j := int((*seed >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

// signals are what the confidence is made of.
type signals [9]float64

// The weights of the signals, fitted by BenchmarkFit on bots of several sizes made of the training and validation lines
// of CLINC150 (CC BY 3.0), HWU64 and Banking77 (CC BY 4.0), and shipped; a folder's own examples only set the intents
// apart.
var stack = struct {
	bias   float64
	weight signals
}{-1.681, signals{3.269, 1.382, -1.430, 2.599, -0.402, -3.039, 0.377, -1.493, 0.663}}

// sharpness turns scores into shares.
const sharpness = 3.5

// classify scores an analysed message.
func (e *engine) classify(a *analysis, out *scored) {
	v := e.pool.Get().(*vectorizer)
	defer e.pool.Put(v)
	cells := v.vector(e.space, a)
	scores := make([]float32, e.classes)
	e.sum(cells, scores)
	real := scores[:len(e.names)]
	out.order, out.score, out.prob = out.order[:0], out.score[:0], out.prob[:0]
	for range min(5, len(real)) {
		best := int32(-1)
		for c := range real {
			if (best < 0 || real[c] > real[best]) && !slices.Contains(out.order, int32(c)) {
				best = int32(c)
			}
		}
		out.order, out.score = append(out.order, best), append(out.score, real[best])
	}
	total := 0.0
	for _, s := range scores {
		total += math.Exp(sharpness * float64(s-out.score[0]))
	}
	for _, s := range out.score {
		out.prob = append(out.prob, math.Exp(sharpness*float64(s-out.score[0]))/total)
	}
	sig := e.signals(v, cells, scores, out)
	z := stack.bias
	for i, x := range sig {
		z += float64(stack.weight[i] * x)
	}
	out.confidence = 1 / (1 + math.Exp(-z))
	if len(cells) == 0 {
		out.confidence = 0
	}
}

func (e *engine) signals(v *vectorizer, cells []cell, scores []float32, out *scored) signals {
	var s signals
	s[0] = float64(out.score[0])
	s[1] = float64(out.score[0]) + 1
	if len(out.score) > 1 {
		s[1] = float64(out.score[0] - out.score[1])
	}
	s[2] = out.prob[0]
	near, second, which := e.nearest(v, cells, out.order[0])
	out.likeness, out.nearest = near, e.texts[which]
	s[3], s[4] = near, second
	s[5] = share(v.unknown[wordBlock], v.known[wordBlock])
	s[6] = share(v.unknown[charBlock], v.known[charBlock])
	if e.hasNone {
		s[7] = float64(scores[e.classes-1]) + 1
	}
	s[8] = math.Log(float64(1 + v.known[wordBlock] + v.unknown[wordBlock]))
	return s
}

func share(part, rest int) float64 {
	if part+rest == 0 {
		return 1
	}
	return float64(part) / float64(part+rest)
}

// nearest returns how like the message is to the most and the second most like example of a class.
func (e *engine) nearest(v *vectorizer, cells []cell, class int32) (best, second float64, which int32) {
	dense := v.dense(len(e.space.idf))
	for _, c := range cells {
		dense[c.feature] = c.value
	}
	which = e.first[class]
	for i := e.first[class]; i < e.first[class+1]; i++ {
		sum := float32(0)
		for _, c := range e.cells[e.examples[i].from:e.examples[i].to] {
			sum += float32(c.value * dense[c.feature])
		}
		if like := float64(sum) / blocks; like > best {
			best, second, which = like, best, i
		} else if like > second {
			second = like
		}
	}
	for _, c := range cells {
		dense[c.feature] = 0
	}
	return best, second, which
}
