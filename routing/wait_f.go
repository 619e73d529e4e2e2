package routing

import "math"

// maxShape bounds the shapes of fQuantile: beyond, the distribution is as good as a point.
const maxShape = 1e4

// fQuantile is the value below which a share of (A/a)/(B/b) lies, A and B being independent gamma variables of shapes a
// and b: the quantile of the distribution F with 2a and 2b degrees of freedom. Shapes are brought within bounds; a share
// of 0 or less gives 0, one of 1 or more infinity.
func fQuantile(share, a, b float64) float64 {
	a, b = min(max(a, 1e-2), maxShape), min(max(b, 1e-2), maxShape)
	switch {
	case !(share > 0):
		return 0
	case share >= 1:
		return math.Inf(1)
	}
	low, high, x := 0.0, 1.0, a/(a+b)
	for range 60 { // Newton's steps, and halves where they lead astray
		over := betaShare(x, a, b) - share
		if over > 0 {
			high = x
		} else {
			low = x
		}
		next := x - over*x*(1-x)/betaFront(x, a, b)
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-x) < 1e-12*x {
			break
		}
		x = next
	}
	return x / (1 - x) * b / a
}

// betaShare is the regularised incomplete beta function, 0 < x < 1: by its continued fraction (Abramowitz and Stegun
// 26.5.8), evaluated from the front as Lentz does.
func betaShare(x, a, b float64) float64 {
	if x > (a+1)/(a+b+2) { // where the fraction is slow
		return 1 - betaShare(1-x, b, a)
	}
	return betaFront(x, a, b) / a / fraction(x, a, b)
}

// betaFront is what stands before the fraction: the density of the beta distribution times x(1−x).
func betaFront(x, a, b float64) float64 {
	lgA, _ := math.Lgamma(a)
	lgB, _ := math.Lgamma(b)
	lgAB, _ := math.Lgamma(a + b)
	return math.Exp(lgAB - lgA - lgB + a*math.Log(x) + b*math.Log1p(-x))
}

func fraction(x, a, b float64) float64 {
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	for i := 1; i <= 1000; i++ {
		m := float64(i / 2)
		term := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		if i%2 == 1 {
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / nonzero(1+term*d, tiny)
		c = nonzero(1+term/c, tiny)
		f *= c * d
		if math.Abs(c*d-1) < 1e-12 {
			break
		}
	}
	return f
}

func nonzero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
