package routing

// FQuantile is fQuantile, for tests.
func FQuantile(share, a, b float64) float64 { return fQuantile(share, a, b) }
