package routing_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// every is a pace of n who were served one after the other, one each gap, the latest just now; the line was never empty.
func every(n int, gap time.Duration) (p routing.Pace) {
	for i := range n {
		p = p.Served(now.Add(-time.Duration(n-1-i)*gap), 2*gap)
	}
	return p
}

func TestEstimate(t *testing.T) {
	wait := func(low, high int) *chat.Wait { return &chat.Wait{Low: low * 60, High: high * 60} }
	var atOnce, nights routing.Pace
	for i := range 20 {
		atOnce = atOnce.Served(minutesAgo(20-i), 100*time.Millisecond)
		nights = nights.Left(minutesAgo(20-i), 15*time.Minute)
	}
	for _, c := range []struct {
		name  string
		pace  routing.Pace
		ahead int
		head  time.Duration
		want  *chat.Wait
	}{
		{"nothing is known", routing.Pace{}, 0, 0, nil},
		{"three are too few", every(3, time.Minute), 0, 0, nil},
		{"a slot a minute, next", every(40, time.Minute), 0, time.Minute, wait(0, 2)},
		{"a slot a minute, ten ahead", every(40, time.Minute), 10, time.Minute, wait(11, 14)},
		{"a slot a minute, thirty ahead", every(40, time.Minute), 30, time.Minute, wait(30, 40)},
		{"the head has waited for long, and was overtaken by many", every(40, time.Minute), 10, 30 * time.Minute, wait(11, 14)},
		{"from an hour on in quarters", every(40, 10*time.Minute), 10, time.Minute, wait(90, 150)},
		{"too far away to be told", every(40, 10*time.Minute), 60, time.Minute, nil},
		{"everybody is served at once", atOnce, 0, 0, wait(0, 1)},
		{"everybody was, but somebody waits now", atOnce, 1, 3 * time.Second, nil},
		{"all gave up", nights, 0, time.Hour, nil},
		{"a negative place", every(40, time.Minute), -3, -time.Minute, wait(0, 2)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.pace.Estimate(c.ahead, c.head, now)
			if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("Estimate = %s, want %s", told(got), told(c.want))
			}
		})
	}
}

func told(w *chat.Wait) string {
	if w == nil {
		return "nothing"
	}
	return (time.Duration(w.Low) * time.Second).String() + " to " + (time.Duration(w.High) * time.Second).String()
}

// Those ahead who give up shorten the wait, and the fewer have been seen the wider is the range.
func TestEstimateGoesByWhatIsKnown(t *testing.T) {
	stays, leaves := every(40, time.Minute), every(40, time.Minute)
	for i := range 20 {
		leaves = leaves.Left(minutesAgo(i), 10*time.Minute)
	}
	if a, b := stays.Estimate(30, 0, now), leaves.Estimate(30, 0, now); b.High >= a.Low {
		t.Errorf("when a third gives up it takes %s, when nobody does %s", told(b), told(a))
	}
	few, many := every(6, time.Minute).Estimate(10, 0, now), every(100, time.Minute).Estimate(10, 0, now)
	if few.High-few.Low <= many.High-many.Low {
		t.Errorf("by 6 it takes %s, by 100 %s", told(few), told(many))
	}
	quiet := now.Add(30 * time.Minute) // no slot came since
	if a, b := every(40, time.Minute).Estimate(10, 0, quiet), every(40, time.Minute).Estimate(10, 30*time.Minute, quiet); b.Low <= a.Low {
		t.Errorf("when nobody waited meanwhile it takes %s, when somebody waited in vain %s", told(a), told(b))
	}
	if later := every(40, time.Minute).Estimate(1, 0, now.Add(24*time.Hour)); later != nil {
		t.Errorf("by yesterday's figures it takes %s", told(later))
	}
	if back := every(40, time.Minute).Estimate(10, time.Minute, now.Add(-time.Hour)); back == nil {
		t.Error("a clock that was put back makes it forget")
	}
}

func drawPace(r *rapid.T) (p routing.Pace) {
	anyTime := rapid.OneOf(rapid.Int64Range(-7200, 7200), rapid.Int64Range(-1<<40, 1<<40))
	anyWait := rapid.OneOf(rapid.Int64Range(0, 3600), rapid.Int64Range(-1<<33, 1<<33))
	for range rapid.IntRange(0, 200).Draw(r, "outcomes") {
		at, waited := now.Add(time.Duration(anyTime.Draw(r, "at"))*time.Second), time.Duration(anyWait.Draw(r, "waited"))*time.Second
		if rapid.IntRange(0, 3).Draw(r, "left") == 0 {
			p = p.Left(at, waited)
		} else {
			p = p.Served(at, waited)
		}
	}
	return p
}

// Whatever came and whatever is asked, a range is a range of figures that people use, and further back it is no shorter.
func TestEstimateHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawPace(r)
		ahead := rapid.OneOf(rapid.IntRange(-2, 300), rapid.Int()).Draw(r, "ahead")
		head := time.Duration(rapid.OneOf(rapid.Int64Range(0, int64(2*time.Hour)), rapid.Int64()).Draw(r, "head"))
		at := now.Add(time.Duration(rapid.Int64Range(-1<<33, 1<<33).Draw(r, "jump")) * time.Microsecond)
		w := p.Estimate(ahead, head, at)
		if w != nil {
			checkForPeople(r, *w)
		}
		if ahead == math.MaxInt {
			return
		}
		further := p.Estimate(ahead+1, head, at)
		switch {
		case w == nil && further != nil && ahead > 0: // (for the first, more is known when nobody waits than when somebody does)
			r.Fatalf("with %d ahead nothing is told, with one more %s", ahead, told(further))
		case w != nil && further != nil && (further.Low < w.Low || further.High < w.High):
			r.Fatalf("with %d ahead it takes %s, with one more %s", ahead, told(w), told(further))
		}
	})
}

func checkForPeople(r *rapid.T, w chat.Wait) {
	if w.Low < 0 || w.High <= w.Low || w.High > 9*3600 {
		r.Fatalf("the range is %s", told(&w))
	}
	for _, s := range []int{w.Low, w.High} {
		if s%60 != 0 || s > 15*60 && s%(5*60) != 0 || s > 60*60 && s%(15*60) != 0 {
			r.Fatalf("nobody says %s", told(&w))
		}
	}
}

// A pace is kept over a restart as it was, is bounded, and what two nodes know is joined without counting twice.
func TestPaceIsKept(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, q := drawPace(r), drawPace(r)
		b, err := json.Marshal(p)
		if err != nil || len(b) > 8<<10 {
			r.Fatalf("%d bytes, %v", len(b), err)
		}
		var back routing.Pace
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(p) {
			r.Fatalf("kept as %s it comes back otherwise, %v", b, err)
		}
		one, other := p.Merge(q), q.Merge(p)
		if !one.Equal(other) || !one.Merge(p).Equal(one) || !one.Merge(one).Equal(one) {
			r.Fatal("it matters in which order, or how often, two are merged")
		}
	})
}

func TestAPaceIsReadWithCare(t *testing.T) {
	was := every(10, time.Minute)
	for _, s := range []string{"", "{", "7", `{"outcomes":"x"}`, `{"outcomes":[["a",1,2]]}`, `[]`} {
		p := was
		if err := json.Unmarshal([]byte(s), &p); err == nil || !p.Equal(was) {
			t.Errorf("%q is read: %v", s, err)
		}
	}
	var p routing.Pace
	if err := json.Unmarshal([]byte(`{"outcomes":[[9223372036854775807,-9223372036854775808,7],[0,9223372036854775807,0]],"more":1}`), &p); err != nil {
		t.Fatal(err)
	}
	p.Estimate(3, time.Hour, now)
}

// What is told before stays told: a pace that somebody else goes on with does not change.
func TestAPaceIsAValue(t *testing.T) {
	p := every(200, time.Minute)
	before, _ := json.Marshal(p)
	p.Served(now, time.Second)
	p.Left(now, time.Second)
	p.Merge(every(5, time.Hour))
	if after, _ := json.Marshal(p); string(after) != string(before) {
		t.Error("it has changed")
	}
}

// The quantile of F against values of the usual tables, and the closed form for whole shapes.
func TestFQuantile(t *testing.T) {
	for _, c := range []struct{ share, d1, d2, want float64 }{
		{0.95, 2, 10, 4.1028}, {0.95, 10, 20, 2.3479}, {0.95, 120, 120, 1.3519}, {0.95, 1, 1, 161.45}, {0.99, 6, 4, 15.207}, {0.5, 8, 8, 1},
	} {
		if got := routing.FQuantile(c.share, c.d1/2, c.d2/2); math.Abs(got/c.want-1) > 1e-4 {
			t.Errorf("F(%v; %v, %v) = %v, not %v", c.share, c.d1, c.d2, got, c.want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.IntRange(1, 40).Draw(r, "a"), rapid.IntRange(1, 40).Draw(r, "b")
		share := rapid.Float64Range(0.01, 0.99).Draw(r, "share")
		f := routing.FQuantile(share, float64(a), float64(b)) * float64(a) / float64(b)
		if got := binomialTail(a, a+b-1, f/(1+f)); math.Abs(got-share) > 1e-6 {
			r.Fatalf("F(%v; %d, %d): %v lie below", share, 2*a, 2*b, got)
		}
	})
}

// binomialTail is the chance of at least k of n, each with chance x.
func binomialTail(k, n int, x float64) (sum float64) {
	for i := k; i <= n; i++ {
		c, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(i))).Float64()
		sum += c * math.Pow(x, float64(i)) * math.Pow(1-x, float64(n-i))
	}
	return sum
}

func BenchmarkEstimate(b *testing.B) {
	p := every(200, time.Minute)
	for b.Loop() {
		p.Estimate(12, 5*time.Minute, now)
	}
}
