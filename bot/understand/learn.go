package understand

// lesson is a set of examples as vectors over columns, with the class of each.
type lesson struct {
	cells   []lessonCell
	from    []int32   // of each example, and the end
	square  []float32 // of each example: the squared length of its vector
	class   []int32
	columns int
	classes int
}

// lessonCell is what an example has in a column: all its features together, and each of them.
type lessonCell struct {
	column    int32
	all, each float32
}

func (l *lesson) example(i int32) []lessonCell { return l.cells[l.from[i]:l.from[i+1]] }

// matrix holds the weights of a linear classifier, column by column, all classes of one side by side.
type matrix struct {
	classes int
	weights []float32
	bias    []float32
}

func newMatrix(columns, classes int) *matrix {
	m := &matrix{classes, make([]float32, columns*classes), make([]float32, classes)}
	for i := 0; i < len(m.weights); i += 1024 {
		m.weights[i] = 0 // pages that are written to first need not be copied later
	}
	return m
}

// sum fills scores with each class's score of the vector.
func (m *matrix) sum(cells []lessonCell, scores []float32) {
	copy(scores, m.bias)
	m.add(cells, scores)
}

// add adds what the vector's cells say of each class. Sums run in a fixed order and without fused operations, so that
// they are the same on every machine.
func (m *matrix) add(cells []lessonCell, scores []float32) {
	k := m.classes
	scores = scores[:k]
	for len(cells) >= 4 {
		a, b, c, d := cells[0], cells[1], cells[2], cells[3]
		ra, rb, rc, rd := m.row(a.column)[:k], m.row(b.column)[:k], m.row(c.column)[:k], m.row(d.column)[:k]
		for j := range scores {
			s := scores[j] + float32(a.all*ra[j])
			s += float32(b.all * rb[j])
			s += float32(c.all * rc[j])
			scores[j] = s + float32(d.all*rd[j])
		}
		cells = cells[4:]
	}
	for _, c := range cells {
		for j, w := range m.row(c.column)[:len(scores)] {
			scores[j] += float32(c.all * w)
		}
	}
}

func (m *matrix) row(c int32) []float32 { return m.weights[int(c)*m.classes:][:m.classes] }

// nudge is how far the weights of a class are to be moved.
type nudge struct {
	class int32
	step  float32
}

// move adds step × the vector to the weights of each class that moved. even has room for all classes.
func (m *matrix) move(cells []lessonCell, moved []nudge, even []float32) {
	for _, t := range moved {
		m.bias[t.class] += float32(t.step * biasUnit)
	}
	if 3*len(moved) > 2*m.classes { // quicker without looking which
		clear(even)
		for _, t := range moved {
			even[t.class] = t.step
		}
		m.moveAll(cells, even)
		return
	}
	for len(cells) >= 4 {
		a, b, c, d := cells[0].each, cells[1].each, cells[2].each, cells[3].each
		ra, rb, rc, rd := m.row(cells[0].column), m.row(cells[1].column), m.row(cells[2].column), m.row(cells[3].column)
		for _, t := range moved {
			ra[t.class] += float32(t.step * a)
			rb[t.class] += float32(t.step * b)
			rc[t.class] += float32(t.step * c)
			rd[t.class] += float32(t.step * d)
		}
		cells = cells[4:]
	}
	for _, c := range cells {
		row := m.row(c.column)
		for _, t := range moved {
			row[t.class] += float32(t.step * c.each)
		}
	}
}

// moveAll is move where nearly all classes do.
func (m *matrix) moveAll(cells []lessonCell, steps []float32) {
	k := m.classes
	steps = steps[:k]
	for len(cells) >= 4 {
		a, b, c, d := cells[0].each, cells[1].each, cells[2].each, cells[3].each
		ra, rb, rc, rd := m.row(cells[0].column)[:k], m.row(cells[1].column)[:k], m.row(cells[2].column)[:k], m.row(cells[3].column)[:k]
		for j, s := range steps {
			ra[j] += float32(s * a)
			rb[j] += float32(s * b)
			rc[j] += float32(s * c)
			rd[j] += float32(s * d)
		}
		cells = cells[4:]
	}
	for _, c := range cells {
		row := m.row(c.column)[:k]
		for j, s := range steps {
			row[j] += float32(s * c.each)
		}
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
	m := newMatrix(l.columns, k)
	alpha := make([]float32, n*k)
	scores, even, moved := make([]float32, k), make([]float32, k), make([]nudge, 0, k)
	const slack = 1 / (2 * hingeCost)
	order, seed := countUp(n), uint64(1)
	for range l.passes(hingePasses) {
		shuffle(order, &seed)
		for _, i := range order {
			cells := l.example(i)
			m.sum(cells, scores)
			q := biasUnit + slack + l.square[i]
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
					moved = append(moved, nudge{int32(c), d * y})
				}
			}
			m.move(cells, moved, even)
		}
	}
	return m
}

// soft fits softmax regression by stochastic gradient descent with a falling rate. Classes that an example hardly
// speaks of are left alone.
func (l *lesson) soft() *matrix {
	n, k := len(l.class), l.classes
	m := newMatrix(l.columns, k)
	scores, even, moved := make([]float32, k), make([]float32, k), make([]nudge, 0, k)
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
					moved = append(moved, nudge{int32(c), rate * g})
				}
			}
			m.move(cells, moved, even)
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
