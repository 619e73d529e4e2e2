package understand

import "math"

// Powers of two between 1 and 2, in steps of a 64th: few, so that they are near at hand.
var powers = func() (p [64]float64) {
	for i := range p {
		x := float64(i) / 64 * math.Ln2
		sum := 1.0
		for k := 18.0; k > 0; k-- { // the series of the exponential
			sum = 1 + float64(float64(x*sum)/k)
		}
		p[i] = sum
	}
	return p
}()

// exp is e to the power of x. The library's own uses fused operations where a processor has them; this one gives the
// same on every machine, to about twelve digits.
func exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -700:
		return 0
	case x > 700:
		return math.Inf(1)
	}
	n := int64(math.Floor(float64(x*(64*math.Log2E)) + 0.5))
	r := x - float64(float64(n)*(math.Ln2/64))
	y := 1 + float64(r*(1+float64(r*(0.5+float64(r*(1.0/6+float64(r*(1.0/24))))))))
	return float64(powers[n&63]*y) * math.Float64frombits(uint64(1023+n>>6)<<52)
}

// sigmoid turns log odds into a chance.
func sigmoid(z float64) float64 { return 1 / (1 + exp(-z)) }
