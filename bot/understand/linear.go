package understand

// linear is a trained classifier made small: of each feature only the classes that it says something about, in bytes.
// Immutable.
type linear struct {
	classes   int
	from      []uint32 // of each feature in weights, and the end
	weights   []weight
	hingeUnit []float32 // of each feature: what one step of its weights is worth
	softUnit  []float32
	hingeBias []float32
	softBias  []float32
}

type weight struct {
	class       uint16
	hinge, soft int8
}

// Weights that are smaller by both classifiers are left out.
const (
	hingeLeast = 0.01
	softLeast  = 0.03
)

// press makes one small classifier of two of the same lesson.
func press(hinge, soft *matrix) *linear {
	k := hinge.classes
	n := len(hinge.weights) / k
	l := &linear{classes: k, from: make([]uint32, n+1), hingeUnit: make([]float32, n), softUnit: make([]float32, n), hingeBias: hinge.bias, softBias: soft.bias}
	for f := range n {
		h, s := hinge.weights[f*k:][:k], soft.weights[f*k:][:k]
		hu, su := largest(h)/127, largest(s)/127
		l.hingeUnit[f], l.softUnit[f] = hu, su
		for c := range k {
			if max(h[c], -h[c]) < hingeLeast && max(s[c], -s[c]) < softLeast {
				continue
			}
			if w := (weight{uint16(c), steps(h[c], hu), steps(s[c], su)}); w.hinge != 0 || w.soft != 0 {
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

func steps(x, unit float32) int8 {
	if unit == 0 {
		return 0
	}
	x /= unit
	if x < 0 {
		return int8(x - 0.5)
	}
	return int8(x + 0.5)
}

// sum fills hinge and soft with the classes' scores of a vector.
func (l *linear) sum(cells []cell, hinge, soft []float32) {
	copy(hinge, l.hingeBias)
	copy(soft, l.softBias)
	soft = soft[:len(hinge)]
	for _, c := range cells {
		hx, sx := float32(c.value*l.hingeUnit[c.feature]), float32(c.value*l.softUnit[c.feature])
		for _, w := range l.weights[l.from[c.feature]:l.from[c.feature+1]] {
			hinge[w.class] += float32(hx * float32(w.hinge))
			soft[w.class] += float32(sx * float32(w.soft))
		}
	}
}
