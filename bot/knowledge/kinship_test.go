package knowledge

import "testing"

func TestKinship(t *testing.T) {
	for _, c := range []struct {
		a, b, language string
		want           float64
	}{
		{"toimit", "toimitusmaks", "fi", 0.7}, {"maks", "toimitusmaks", "fi", 0.6}, {"leverans", "leveransvillkor", "sv", 0.7}, {"puhdist", "puhdisr", "fi", 0.8},
		{"kahp", "kahpila", "fi", 0}, {"coffee", "coffeehouse", "en", 0}, {"deliv", "delivery", "en", 0.7}, {"kalk", "palkk", "fi", 0}, {"hundra", "under", "sv", 0},
	} {
		if got := kinship(c.a, c.b, c.language); got != c.want {
			t.Errorf("%s, %s in %s: %.1f, want %.1f", c.a, c.b, c.language, got, c.want)
		}
	}
}
