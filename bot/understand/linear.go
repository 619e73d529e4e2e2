package understand

// linear is a trained classifier made small: of each feature only the classes that it says something about, in bytes.
// Scores are sums of whole numbers, the same in any order and on every machine. Immutable.
type linear struct {
	from    []uint32 // of each feature in weights, and the end
	weights []weight
	unit    []unitOf // of each feature: what one step of its weights is worth
	bias    []points // of each class
}

type weight struct {
	class       uint16
	hinge, soft int8
}

type unitOf struct{ hinge, soft float32 }

// points are a class's scores by both classifiers, in pointUnits.
type points struct{ hinge, soft int32 }

const pointUnits = 1 << 22

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
	l := &linear{from: make([]uint32, n+1), unit: make([]unitOf, n), bias: make([]points, k)}
	for c := range k {
		l.bias[c] = points{inUnits(hinge.bias[c]), inUnits(soft.bias[c])}
	}
	for f := range n {
		h, s := hinge.row(int32(f)), soft.row(int32(f))
		u := unitOf{largest(h) / 127, largest(s) / 127}
		l.unit[f] = u
		for c := range k {
			if max(h[c], -h[c]) < hingeLeast && max(s[c], -s[c]) < softLeast {
				continue
			}
			if w := (weight{uint16(c), inSteps(h[c], u.hinge), inSteps(s[c], u.soft)}); w.hinge != 0 || w.soft != 0 {
				l.weights = append(l.weights, w)
			}
		}
		l.from[f+1] = uint32(len(l.weights))
	}
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

func inUnits(x float32) int32 { return int32(x * pointUnits) }

// sum fills scores with the classes' scores of a vector.
func (l *linear) sum(cells []cell, scores []points) {
	copy(scores, l.bias)
	for _, c := range cells {
		u := l.unit[c.feature]
		h, s := inUnits(c.value*u.hinge), inUnits(c.value*u.soft)
		for _, w := range l.weights[l.from[c.feature]:l.from[c.feature+1]] {
			p := &scores[w.class]
			p.hinge += h * int32(w.hinge)
			p.soft += s * int32(w.soft)
		}
	}
}
