package understand

import (
	"math"
	"testing"
)

func TestExpIsTheExponential(t *testing.T) {
	for x := -700.0; x <= 700; x += 0.0837 {
		if got, want := exp(x), math.Exp(x); math.Abs(got/want-1) > 1e-11 {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
	if !math.IsNaN(exp(math.NaN())) || exp(-1e9) != 0 || !math.IsInf(exp(1e9), 1) || exp(0) != 1 {
		t.Error("the ends are wrong")
	}
}
