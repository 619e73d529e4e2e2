package understand

// lesson is a set of examples as vectors, with the class of each.
type lesson struct {
	cells    []cell
	from     []int32 // of each example, and the end
	class    []int32
	features int
	classes  int
}

func (l *lesson) example(i int32) []cell { return l.cells[l.from[i]:l.from[i+1]] }

// matrix holds the weights of a linear classifier, feature by feature, all classes of one side by side.
type matrix struct {
	classes int
	weights []float32
	bias    []float32
}

func newMatrix(features, classes int) *matrix {
	return &matrix{classes, make([]float32, features*classes), make([]float32, classes)}
}

// sum fills scores with each class's score of the vector. Sums run in a fixed order and without fused operations, so
// that they are the same on every machine.
func (m *matrix) sum(cells []cell, scores []float32) {
	k := m.classes
	copy(scores, m.bias)
	scores = scores[:k]
	for len(cells) >= 4 {
		a, b, c, d := cells[0], cells[1], cells[2], cells[3]
		ra, rb, rc, rd := m.row(a.feature)[:k], m.row(b.feature)[:k], m.row(c.feature)[:k], m.row(d.feature)[:k]
		for j := range scores {
			s := scores[j] + float32(a.value*ra[j])
			s += float32(b.value * rb[j])
			s += float32(c.value * rc[j])
			scores[j] = s + float32(d.value*rd[j])
		}
		cells = cells[4:]
	}
	for _, c := range cells {
		for j, w := range m.row(c.feature)[:len(scores)] {
			scores[j] += float32(c.value * w)
		}
	}
}

func (m *matrix) row(f int32) []float32 { return m.weights[int(f)*m.classes:][:m.classes] }

// move adds steps[c] × the vector to the weights of each class c that moved.
func (m *matrix) move(cells []cell, moved []int32, steps []float32, unit float32) {
	k := m.classes
	for _, c := range cells {
		row := m.weights[int(c.feature)*k:][:k]
		for _, j := range moved {
			row[j] += float32(steps[j] * c.value)
		}
	}
	for _, j := range moved {
		m.bias[j] += float32(steps[j] * unit)
	}
}

// Chosen on validation lines.
const (
	hingeCost   = 0.5 // C of the squared hinge
	hingePasses = 5
	softPasses  = 4
	softRate    = 1.5 // at first
	softDecay   = 0.6 // of the rate, with each pass
	softIgnored = 0.004
	biasUnit    = 0.25 // what the constant of a score counts as a feature, squared
)

// passes is how often the examples are gone through. Where there are few of each class, nothing is gained after the
// third time.
func (l *lesson) passes(most int) int {
	if len(l.class) < 50*l.classes {
		return 3
	}
	return most
}

// hinge fits one class against the rest by dual coordinate descent for the squared hinge loss (Hsieh et al., ICML
// 2008), all classes of an example in one sweep.
func (l *lesson) hinge() *matrix {
	n, k := len(l.class), l.classes
	m := newMatrix(l.features, k)
	alpha := make([]float32, n*k)
	scores, steps, moved := make([]float32, k), make([]float32, k), make([]int32, 0, k)
	const slack = 1 / (2 * hingeCost)
	order, seed := countUp(n), uint64(1)
	for range l.passes(hingePasses) {
		shuffle(order, &seed)
		for _, i := range order {
			cells := l.example(i)
			m.sum(cells, scores)
			q := float32(biasUnit + slack)
			for _, c := range cells {
				q += float32(c.value * c.value)
			}
			moved = moved[:0]
			a := alpha[int(i)*k:][:k]
			for c, score := range scores {
				y := float32(-1)
				if int32(c) == l.class[i] {
					y = 1
				}
				g := float32(y*score) - 1 + float32(a[c]*slack)
				if a[c] == 0 && g >= 0 {
					continue
				}
				next := max(a[c]-g/q, 0)
				if d := next - a[c]; d > 1e-6 || d < -1e-6 {
					a[c] = next
					steps[c] = d * y
					moved = append(moved, int32(c))
				}
			}
			m.move(cells, moved, steps, biasUnit)
		}
	}
	return m
}

// soft fits softmax regression by stochastic gradient descent with a falling rate. Classes that an example hardly
// speaks of are left alone.
func (l *lesson) soft() *matrix {
	n, k := len(l.class), l.classes
	m := newMatrix(l.features, k)
	scores, steps, moved := make([]float32, k), make([]float32, k), make([]int32, 0, k)
	order, seed := countUp(n), uint64(2)
	rate := float32(softRate)
	for range l.passes(softPasses) {
		shuffle(order, &seed)
		for _, i := range order {
			cells := l.example(i)
			m.sum(cells, scores)
			softmax(scores)
			moved = moved[:0]
			for c, p := range scores {
				g := -p
				if int32(c) == l.class[i] {
					g = 1 - p
				}
				if g > softIgnored || g < -softIgnored {
					steps[c] = rate * g
					moved = append(moved, int32(c))
				}
			}
			m.move(cells, moved, steps, biasUnit)
		}
		rate *= softDecay
	}
	return m
}

// softmax turns scores into shares.
func softmax(scores []float32) {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	total := float32(0)
	for c, s := range scores {
		x := float32(0)
		if s > top-16 {
			x = float32(exp(float64(s - top)))
		}
		scores[c] = x
		total += x
	}
	for c := range scores {
		scores[c] /= total
	}
}

func countUp(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

func shuffle(order []int32, seed *uint64) {
	for i := len(order) - 1; i > 0; i-- {
		*seed = *seed*6364136223846793005 + 1442695040888963407
		j := int((*seed >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
