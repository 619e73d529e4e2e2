package whatif

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

type outcome uint8

const (
	answered outcome = iota
	leftLine
	stays // waited still when the time was over
)

// record is what became of one counted customer.
type record struct {
	wait    uint32 // milliseconds
	kind    uint16
	hour    uint8 // of the day, at which they came
	outcome outcome
}

func (w *world) record(c *customer, o outcome) {
	if !c.counted {
		return
	}
	wait := min((w.now-c.came)/int64(time.Millisecond), math.MaxUint32)
	w.records = append(w.records, record{wait: uint32(wait), kind: uint16(c.kind), hour: uint8(hourOf(c.came)), outcome: o})
}

// Range is a figure over all runs together, and between which values it lies in eight of ten runs: from the 10th to the
// 90th percentile.
type Range struct {
	Value float64 `json:"value"`
	Low   float64 `json:"p10"`
	High  float64 `json:"p90"`

	unknown bool // no run tells it: nobody was answered whose wait it could be
}

// MarshalJSON implements json.Marshaler. What no run tells is null.
func (r Range) MarshalJSON() ([]byte, error) {
	if r.unknown {
		return []byte("null"), nil
	}
	type plain Range
	return json.Marshal(plain(r))
}

// Figures are what some of the customers met. Counts are of a run; waits are in seconds and, but for Longest, of those who
// were answered. Shares are of all who came.
type Figures struct {
	Customers Range `json:"customers"`
	Answered  Range `json:"answered"`
	GaveUp    Range `json:"gave_up"`
	Waiting   Range `json:"waiting"`       // still, an hour after the end
	Within    Range `json:"within_target"` // share answered within the target
	Abandoned Range `json:"abandonment"`   // share who gave up
	Mean      Range `json:"wait_mean_s"`
	P50       Range `json:"wait_p50_s"`
	P80       Range `json:"wait_p80_s"`
	P95       Range `json:"wait_p95_s"`
	Longest   Range `json:"wait_longest_s"` // of anybody, however it ended; on average over the runs
}

// each calls fn with every figure and its name.
func (f *Figures) each(fn func(i int, r *Range)) {
	for i, r := range []*Range{
		&f.Customers, &f.Answered, &f.GaveUp, &f.Waiting, &f.Within, &f.Abandoned, &f.Mean, &f.P50, &f.P80, &f.P95, &f.Longest,
	} {
		fn(i, r)
	}
}

const figures = 11

// plainly are the figures of some records, in the order of Figures.each. NaN is what they do not tell.
func plainly(records []record, keep func(record) bool, target time.Duration) (f [figures]float64) {
	waits := make([]uint32, 0, len(records))
	n, within, longest, sum := 0.0, 0.0, 0.0, 0.0
	var ways [3]float64
	for _, r := range records {
		if keep != nil && !keep(r) {
			continue
		}
		n++
		ways[r.outcome]++
		longest = max(longest, float64(r.wait)/1000)
		if r.outcome == answered {
			waits = append(waits, r.wait)
			sum += float64(r.wait) / 1000
			if int64(r.wait) <= target.Milliseconds() {
				within++
			}
		}
	}
	if n == 0 {
		longest = math.NaN()
	}
	slices.Sort(waits)
	return [figures]float64{
		n, ways[answered], ways[leftLine], ways[stays], within / n, ways[leftLine] / n, sum / float64(len(waits)),
		percentile(waits, 0.5), percentile(waits, 0.8), percentile(waits, 0.95), longest,
	}
}

// percentile is the least value that a share of the sorted ones does not pass (nearest rank), in seconds.
func percentile(sorted []uint32, share float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	i := int(math.Ceil(share*float64(len(sorted)))) - 1
	return float64(sorted[min(max(i, 0), len(sorted)-1)]) / 1000
}

// figuresOf puts the runs together.
func figuresOf(runs []run, keep func(record) bool, target time.Duration) (f Figures) {
	var all []record
	of := make([][figures]float64, len(runs))
	for i, r := range runs {
		of[i] = plainly(r.records, keep, target)
		all = append(all, r.records...)
	}
	pooled := plainly(all, keep, target)
	f.each(func(i int, r *Range) {
		*r = rangeOf(of, func(one [figures]float64) float64 { return one[i] })
		if i < 4 || i == figures-1 {
			return // counts and the longest are means over the runs
		}
		r.Value = finite(pooled[i])
	})
	return f
}

// rangeOf is the mean over runs and the range of eight in ten; runs that do not tell are left out.
func rangeOf[T any](runs []T, of func(T) float64) (r Range) {
	var values []float64
	for _, one := range runs {
		if x := of(one); !math.IsNaN(x) {
			values = append(values, x)
			r.Value += x
		}
	}
	if len(values) == 0 {
		return Range{unknown: true}
	}
	slices.Sort(values)
	r.Value /= float64(len(values))
	r.Low, r.High = quantile(values, 0.1), quantile(values, 0.9)
	return r
}

// quantile is between the two nearest of the sorted values.
func quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
