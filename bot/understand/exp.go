package understand

import "math"

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
	n := math.Floor(float64(x*math.Log2E) + 0.5)
	r := float64(x-float64(n*6.93147180369123816490e-01)) - float64(n*1.90821492927058770002e-10)
	sum := 1.0
	for k := 11.0; k > 0; k-- {
		sum = 1 + float64(float64(r*sum)/k)
	}
	return sum * math.Float64frombits(uint64(1023+int64(n))<<52)
}

// sigmoid turns log odds into a chance.
func sigmoid(z float64) float64 { return 1 / (1 + exp(-z)) }
