package routing

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
)

// How a Pace is read. The figures were chosen on the simulated lines of wait_calibration_test.go.
const (
	halfLife    = 45 * time.Minute // what happened so long ago counts half
	slowSlots   = 6                // where so many slots took longer than that, it is as long as they took
	maxHalfLife = 2 * time.Hour    // at most
	atOnce      = time.Second      // who was served sooner found a free agent, and did not stand in the line
	minServed   = 4                // fewer, by weight, are too few to tell anything by
	usualSlots  = 10               // slots that are taken to have come by chance, beside those observed
	minSpread   = 0.5              // bounds of the spread of the time between two slots
	maxSpread   = 4
	lowShare    = 0.50          // of the customers have an agent before the low end
	highShare   = 0.80          // and before the high end
	maxTold     = 8 * time.Hour // a range that ends later is not told
)

// Estimate is how long it takes from now until an agent is there for who has ahead others before them in the order of
// service, when the one at the head has waited for head (ahead 0: they themselves): from the 50th to the 80th percentile,
// rounded outwards to figures that people use, so that the range is never empty. It rather errs on the long side:
// docs/wait.md has what came of it. It does not fall when ahead grows.
//
// It is nil when too few were served lately to tell by (less than minServed, each weighted by its age), and when the
// range would end after maxTold.
//
// A slot is an agent's becoming free for who waits. While somebody waits, slots are taken to come as a renewal process
// whose rate changes slowly: the mean time between two is the time during which somebody waited over the slots that came
// in it, both weighted by age (the estimate of greatest likelihood of a rate from censored data, Cox and Oakes 1984,
// §3.2). The time that the one at the head has waited counts in full, whether a slot came in it or not: that tells
// soonest that something has changed (Ibrahim and Whitt 2009, on the head of the line as a measure of delay). Those ahead
// give up at a rate estimated in the same way, so with k ahead the line moves at the rate of slots and k times that rate
// together (QL_a, ibid.). The time until one's own slot is then close to a gamma variable of the same mean and variance.
// Since the mean time between two is itself estimated from few slots, the time over its mean has the distribution F: the
// prediction interval of Hahn and Meeker (1991, §4.9), which is the wider the fewer slots were seen.
func (p Pace) Estimate(ahead int, head time.Duration, now time.Time) *chat.Wait {
	ahead, head = max(ahead, 0), min(max(head, 0), maxWaited)
	a, b, ok := p.percentiles(ahead, head, now)
	if !ok || !(b <= maxTold.Seconds()) {
		return nil
	}
	return rounded(a, b)
}

// percentiles are the ends of the range before rounding, in seconds; ok is false when too little is known.
func (p Pace) percentiles(ahead int, head time.Duration, now time.Time) (low, high float64, ok bool) {
	r := p.read(head, now)
	lows, highs := lowShare, highShare
	if ahead == 0 && head < atOnce { // perhaps an agent is free
		lows, highs = beyond(lows, r.free), beyond(highs, r.free)
		if highs == 0 && r.served >= minServed {
			return 0, 0, true
		}
	}
	if r.slots < minServed {
		return 0, 0, false
	}
	return r.until(ahead, lows), r.until(ahead, highs), true
}

// beyond is the share among those who have to wait that a share of all is, when the share free does not have to.
func beyond(share, free float64) float64 { return max(0, (share-free)/(1-free)) }

// reading is a Pace as it looks at one moment. Times are in seconds, and weighted by age.
type reading struct {
	served float64 // all who were served
	free   float64 // of those who came when nobody waited, the share for whom an agent was free; below 1
	slots  float64 // those who were served after having waited
	gap    float64 // mean time between two slots, while somebody waits
	spread float64 // variance of the time between two slots over the square of its mean; 1 if they come by chance
	leave  float64 // how many give up in a second, of one who waits
}

// span is a time during which somebody waited, in seconds before now (so below 0).
type span struct{ from, to float64 }

// read weighs what p remembers. Who asks, and finds nobody waiting, counts among those who had to wait: so it takes some
// who did not before it is said that nobody has to.
func (p Pace) read(head time.Duration, now time.Time) (r reading) {
	f, began := p.fade(now), math.Inf(-1)
	if len(p.outcomes) == maxOutcomes { // what ended before the oldest is forgotten
		began = p.outcomes[0].before(now)
	}
	spans := []span{{-head.Seconds(), 0}}
	var slots []float64 // when
	var people, left, free float64
	for _, o := range p.outcomes {
		at := o.before(now)
		switch {
		case at <= began:
			continue
		case o.free():
			free += f.weight(at)
			continue
		case o.left:
			left += f.weight(at)
		default:
			r.slots += f.weight(at)
			slots = append(slots, at)
		}
		s := span{max(at-float64(o.waited)/1000, began), at}
		people += f.weighed(s)
		spans = append(spans, s)
	}
	spans = joined(spans)
	var busy, begun float64 // begun: who came when nobody waited, and had to
	for _, s := range spans {
		busy += f.weighed(s)
		begun += f.weight(s.from)
	}
	r.served, r.free = r.slots+free, free/max(free+begun, 1)
	r.gap = max(busy/max(r.slots, 1), 0.1)
	r.spread = f.spread(slots, spans, r.gap)
	r.leave = left / max(people, 1)
	return r
}

// before is when it was, in seconds before now; what seems to lie in the future is now.
func (o outcome) before(now time.Time) float64 { return min(0, float64(o.at-now.UnixMilli())/1000) }

// free tells whether there was a free agent for them when they came.
func (o outcome) free() bool { return !o.left && o.waited < atOnce.Milliseconds() }

// fade is how memory fades: the half-life in seconds.
type fade float64

// fade is slower where slots are few, so that a small team's wait can be told too.
func (p Pace) fade(now time.Time) fade {
	n := 0
	for i := len(p.outcomes) - 1; i >= 0; i-- {
		o := p.outcomes[i]
		if o.left || o.free() {
			continue
		}
		if n++; n == slowSlots {
			return fade(min(max(-o.before(now), halfLife.Seconds()), maxHalfLife.Seconds()))
		}
	}
	return fade(maxHalfLife.Seconds())
}

// weight is what something counts that happened at seconds before now.
func (f fade) weight(at float64) float64 { return math.Exp2(at / float64(f)) }

// weighed is the length of a span, each second by its weight.
func (f fade) weighed(s span) float64 {
	return (f.weight(s.to) - f.weight(s.from)) * float64(f) / math.Ln2
}

// joined are the times that are in one span at least, in order.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.from <= last.to {
			last.to = max(last.to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// spread is how unevenly slots came: the mean of (time between two / gap − 1)², on a clock that stands still while nobody
// waits. It starts from 1, the value for many agents who become free independently of one another (Palm and Khintchine),
// with the weight of usualSlots.
func (f fade) spread(slots []float64, spans []span, gap float64) float64 {
	slices.Sort(slots)
	sum, n := float64(usualSlots), float64(usualSlots)
	clock, previous, first := 0.0, 0.0, true
	for _, s := range spans {
		for len(slots) > 0 && slots[0] <= s.to {
			at := clock + slots[0] - s.from
			if !first {
				w, d := f.weight(slots[0]), (at-previous)/gap-1
				sum, n = sum+w*d*d, n+w
			}
			previous, first, slots = at, false, slots[1:]
		}
		clock += s.to - s.from
	}
	return min(max(sum/n, minSpread), maxSpread)
}

// until is the time within which a share of those with so many ahead has an agent.
func (r reading) until(ahead int, share float64) float64 {
	sum, squares := 0.0, 0.0
	x := r.leave * r.gap // of one who is ahead, the chance to give up before the next slot, while it is small
	const each = 256     // terms that are added one by one; the rest is an integral
	for k := range min(ahead+1, each) {
		m := 1 / (1 + float64(k)*x)
		sum, squares = sum+m, squares+m*m
	}
	if rest := float64(ahead) + 1 - each; rest > 0 {
		from, to := 1+(each-0.5)*x, 1+(float64(ahead)+0.5)*x
		if x*rest < 1e-6 {
			sum, squares = sum+rest/from, squares+rest/(from*from)
		} else {
			sum, squares = sum+math.Log(to/from)/x, squares+(1/from-1/to)/x
		}
	}
	return r.gap * sum * fQuantile(share, sum*sum/squares/r.spread, r.slots/r.spread)
}

// rounded is a range for people: outwards to whole minutes, from a quarter of an hour on to five, from an hour on to
// fifteen. The least is 0 to 1 minute.
func rounded(low, high float64) *chat.Wait {
	w := chat.Wait{Low: step(low, math.Floor), High: max(step(high, math.Ceil), 60)}
	if w.Low >= w.High {
		w.High = step(float64(w.Low)+1, math.Ceil)
	}
	return &w
}

func step(seconds float64, round func(float64) float64) int {
	of := 60.0
	switch {
	case seconds > 60*60:
		of = 15 * 60
	case seconds > 15*60:
		of = 5 * 60
	}
	return int(round(seconds/of) * of)
}
