package understand

// linear is a trained classifier made small: of each feature only the classes that it says something about, in bytes.
// Scores are sums of whole numbers, the same in any order and on every machine. Immutable.
type linear struct {
	features []feature // and the end
	weights  []weight
	bias     []points // of each class
}

// feature is where its weights begin, and what one step of them is worth.
type feature struct {
	from        uint32
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
func press(hinge, soft *matrix) *linear {
	k := hinge.classes
	n := len(hinge.weights) / k
	l := &linear{features: make([]feature, n+1), bias: make([]points, k)}
	for c := range k {
		l.bias[c] = points{hinge.bias[c], soft.bias[c]}
	}
	for f := range n {
		h, s := hinge.row(int32(f)), soft.row(int32(f))
		u := feature{uint32(len(l.weights)), largest(h) / 127, largest(s) / 127}
		l.features[f] = u
		for c := range k {
			if max(h[c], -h[c]) < hingeLeast && max(s[c], -s[c]) < softLeast {
				continue
			}
			if w := (weight{uint16(c), inSteps(h[c], u.hinge), inSteps(s[c], u.soft)}); w.hinge != 0 || w.soft != 0 {
				l.weights = append(l.weights, w)
			}
		}
	}
	l.features[n].from = uint32(len(l.weights))
	l.weights = append([]weight(nil), l.weights...)
	return l
}

func largest(row []float32) float32 {
	most := float32(0)
	for _, x := range row {
		most = max(most, x, -x)
	}
	return most
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
		for _, w := range l.weights[f.from:l.features[c.feature+1].from] {
			p := &to[w.class]
			p.hinge += h * int32(w.hinge)
			p.soft += s * int32(w.soft)
		}
	}
}
