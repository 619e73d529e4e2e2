package understand

// linear is a trained classifier made small: of each feature only the classes that it says something about, in bytes.
// Scores are sums of whole numbers, the same in any order and on every machine. Immutable.
type linear struct {
	features []feature
	weights  []weight
	bias     []points // of each class
}

// feature is where its weights are, which it may share with others, and what one step of them is worth.
type feature struct {
	from, to    uint32
	hinge, soft float32
}

type weight struct {
	class       uint16
	hinge, soft int8
}

// points are a class's scores by both classifiers.
type points struct{ hinge, soft float32 }

// rawScore is a class's score in the making, in units of sumUnit or of denseUnit.
type rawScore struct{ hinge, soft int32 }

const (
	sumUnit   = 1 << 14
	denseUnit = 1 << 22
)

// Weights that are smaller by both classifiers are left out. Chosen on validation lines: half of them go, and no
// figure falls.
const (
	hingeLeast = 0.03
	softLeast  = 0.1
)

// press makes one small classifier of two of the same lesson.
func press(hinge, soft *matrix, cols *columns) *linear {
	l := &linear{features: make([]feature, len(cols.of)), bias: make([]points, hinge.classes)}
	for c := range l.bias {
		l.bias[c] = points{hinge.bias[c], soft.bias[c]}
	}
	pressed := make([]feature, len(cols.size))
	l.weights = make([]weight, 0, len(hinge.weights)/4)
	for c := range pressed {
		pressed[c] = l.press(hinge.row(int32(c)), soft.row(int32(c)))
	}
	for f, c := range cols.of {
		l.features[f] = pressed[c]
	}
	l.weights = append([]weight(nil), l.weights...)
	return l
}

// press takes a row of weights by both classifiers.
func (l *linear) press(hinge, soft []float32) feature {
	u := feature{from: uint32(len(l.weights)), hinge: largest(hinge) / 127, soft: largest(soft) / 127}
	for c, h := range hinge {
		s := soft[c]
		if max(h, -h) < hingeLeast && max(s, -s) < softLeast {
			continue
		}
		if w := (weight{uint16(c), inSteps(h, u.hinge), inSteps(s, u.soft)}); w.hinge != 0 || w.soft != 0 {
			l.weights = append(l.weights, w)
		}
	}
	u.to = uint32(len(l.weights))
	return u
}

func largest(row []float32) float32 {
	least, most := float32(0), float32(0)
	for _, x := range row {
		if x > most {
			most = x
		} else if x < least {
			least = x
		}
	}
	return max(most, -least)
}

func inSteps(x, unit float32) int8 {
	if unit == 0 {
		return 0
	}
	x /= unit
	if x < 0 {
		return int8(x - 0.5)
	}
	return int8(x + 0.5)
}

// add adds a vector's cells, times unit, to the classes' scores.
func (l *linear) add(cells []cell, unit float32, to []rawScore) {
	for _, c := range cells {
		f := &l.features[c.feature]
		h, s := int32(c.value*f.hinge*unit), int32(c.value*f.soft*unit)
		for _, w := range l.weights[f.from:f.to] {
			p := &to[w.class]
			p.hinge += h * int32(w.hinge)
			p.soft += s * int32(w.soft)
		}
	}
}
