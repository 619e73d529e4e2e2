package routing

import "time"

// FQuantile is fQuantile, for tests.
func FQuantile(share, a, b float64) float64 { return fQuantile(share, a, b) }

// Percentiles are the ends of Estimate's range before rounding, in seconds.
func (p Pace) Percentiles(ahead int, head time.Duration, now time.Time) (low, high float64) {
	low, high, _ = p.percentiles(ahead, head, now)
	return low, high
}
