//go:build !race

// One goroutine computes here, so that the race detector has nothing to find, and is slow. make check and make test play it
// without.

package routing_test

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// scene is a line with its customers and agents, as the calibration plays it. Times are in minutes.
type scene struct {
	name     string
	days     float64
	arrivals func(at float64) float64 // a minute
	most     float64                  // bound of arrivals
	agents   func(at float64) int     // how many take customers
	chats    int                      // that each has at once
	handling func(*rand.Rand) float64
	patience func(*rand.Rand) float64
	told     float64 // the share of those who ask that is told something, at least
}

func exponential(mean float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return r.ExpFloat64() * mean }
}

// lognormal has the shape that handling times of contact centres were found to have (Brown et al. 2005, §4.3).
func lognormal(mean, cv float64) func(*rand.Rand) float64 {
	s := math.Log1p(cv * cv)
	return func(r *rand.Rand) float64 { return mean * math.Exp(math.Sqrt(s)*r.NormFloat64()-s/2) }
}

func steadily(x float64) func(float64) float64 { return func(float64) float64 { return x } }
func always(n int) func(float64) int           { return func(float64) int { return n } }

// hour is the hour of the day.
func hour(at float64) float64 { return math.Mod(at/60, 24) }

// byDay is a working day's wave: little at night, most before noon and again in the afternoon.
func byDay(most float64) func(float64) float64 {
	return func(at float64) float64 {
		h := hour(at)
		return most * (0.05 + 0.95*max(math.Exp(-(h-10.5)*(h-10.5)/4), 0.8*math.Exp(-(h-15)*(h-15)/5)))
	}
}

// shifts are none at night, few early and late, more at noon.
func shifts(most int) func(float64) int {
	return func(at float64) int {
		switch h := hour(at); {
		case h < 8 || h >= 20:
			return 0
		case h < 9 || h >= 16:
			return (most + 1) / 2
		}
		return most
	}
}

func scenes() []scene {
	return []scene{
		{"M/M/4, load 0.95", 4, steadily(0.475), 0.475, always(4), 1, exponential(8), exponential(1e6), 0.95},
		{"M/M/4, load 0.8, gives up", 4, steadily(0.4), 0.4, always(4), 1, exponential(8), exponential(12), 0.9},
		{"M/M/4, load 1.4, gives up", 4, steadily(0.7), 0.7, always(4), 1, exponential(8), exponential(20), 0.95},
		{"one agent, load 1.1, gives up", 8, steadily(0.11), 0.11, always(1), 1, exponential(10), exponential(30), 0.9},
		{"M/M/30, load 1.2, gives up", 2, steadily(4.5), 4.5, always(30), 1, exponential(8), exponential(10), 0.95},
		{"lognormal, 5 agents with 3 chats", 6, steadily(1.15), 1.15, always(5), 3, lognormal(12, 1.3), lognormal(15, 1), 0.95},
		{"a day's wave, no agents at night", 10, byDay(0.9), 0.9, shifts(6), 1, lognormal(9, 1.2), exponential(25), 0.6},
		{"a small team's day", 20, byDay(0.25), 0.25, shifts(2), 1, lognormal(9, 1.2), exponential(25), 0.5},
		{"arrivals jump each two hours", 6, func(at float64) float64 {
			if math.Mod(hour(at), 4) < 2 {
				return 0.35
			}
			return 0.75
		}, 0.75, always(4), 1, exponential(8), exponential(20), 0.95},
		{"half of the agents go at noon", 8, steadily(0.6), 0.6, func(at float64) int {
			if hour(at) >= 12 && hour(at) < 18 {
				return 3
			}
			return 6
		}, 1, lognormal(9, 1.2), exponential(25), 0.95},
	}
}

// tally counts what became of what was told.
type tally struct {
	asked, told                           int
	below, inside, above, unknown, widths int
	served, by50, by80                    int // of those served: before the percentiles, as they are before rounding
}

func (t tally) known() int          { return t.below + t.inside + t.above }
func (t tally) share(n int) float64 { return float64(n) / float64(max(t.known(), 1)) }
func (t tally) within() float64     { return t.share(t.below + t.inside) }
func (t *tally) add(o tally) {
	*t = tally{t.asked + o.asked, t.told + o.told, t.below + o.below, t.inside + o.inside, t.above + o.above, t.unknown + o.unknown, t.widths + o.widths, t.served + o.served, t.by50 + o.by50, t.by80 + o.by80}
}

// exact counts one against the percentiles.
func (t *tally) exact(served, by50, by80 bool) {
	if !served {
		return
	}
	t.served++
	if by50 {
		t.by50++
	}
	if by80 {
		t.by80++
	}
}

func (t tally) String() string {
	return fmt.Sprintf("%6d asked %6d told | below %4.1f %%  inside %4.1f %%  above %4.1f %%  within the high end %4.1f %% | gave up before it was known %5d | mean width %4.1f min | before rounding %4.1f %% by the 50th, %4.1f %% by the 80th percentile",
		t.asked, t.told, 100*t.share(t.below), 100*t.share(t.inside), 100*t.share(t.above), 100*t.within(), t.unknown, float64(t.widths)/60/float64(max(t.told, 1)),
		100*float64(t.by50)/float64(max(t.served, 1)), 100*float64(t.by80)/float64(max(t.served, 1)))
}

// customer is one in the scene.
type customer struct {
	came, gone float64 // gone: when they give up
	told       []promise
}

type promise struct {
	at        float64
	wait      chat.Wait
	low, high float64 // before rounding, in seconds
}

// happening is something that happens at a time: a customer comes, an agent is free, somebody looks at their place.
type happening struct {
	at   float64
	what byte // 'c' comes, 'f' an agent has finished, 'g' gives up, 'w' is told anew, 's' a shift may have changed
	who  *customer
	n    int // order among equals
}

type happenings []happening

func (h happenings) Len() int { return len(h) }
func (h happenings) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].n < h[j].n
}
func (h happenings) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *happenings) Push(x any)   { *h = append(*h, x.(happening)) }
func (h *happenings) Pop() any {
	x := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return x
}

// play plays a scene and says what became of what was told.
type play struct {
	scene
	r     *rand.Rand
	queue happenings
	n     int
	line  []*customer
	busy  int
	pace  routing.Pace
	tally tally
}

var dayOne = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func moment(at float64) time.Time     { return dayOne.Add(minutes(at)) }
func minutes(x float64) time.Duration { return time.Duration(x * float64(time.Minute)) }

func (p *play) at(when float64, what byte, who *customer) {
	p.n++
	heap.Push(&p.queue, happening{when, what, who, p.n})
}

func (p *play) nextArrival(at float64) {
	for {
		at += p.r.ExpFloat64() / p.most
		if at > p.days*24*60 {
			return
		}
		if p.r.Float64()*p.most < p.arrivals(at) {
			p.at(at, 'c', nil)
			return
		}
	}
}

func (p *play) run(seed uint64) tally {
	p.r = rand.New(rand.NewPCG(seed, 1))
	p.nextArrival(0)
	for at := 0.0; at < p.days*24*60; at += 30 {
		p.at(at, 's', nil)
	}
	for len(p.queue) > 0 {
		h := heap.Pop(&p.queue).(happening)
		switch h.what {
		case 'c':
			c := &customer{came: h.at, gone: h.at + p.patience(p.r)}
			p.line = append(p.line, c)
			p.at(c.gone, 'g', c)
			p.at(h.at+3, 'w', c)
			p.tell(c, h.at)
			p.nextArrival(h.at)
		case 'f':
			p.busy--
		case 'g':
			p.giveUp(h.who, h.at)
		case 'w':
			if slices.Contains(p.line, h.who) {
				p.tell(h.who, h.at)
				p.at(h.at+5, 'w', h.who)
			}
		}
		p.serve(h.at)
	}
	return p.tally
}

// tell tells a customer of the wait.
func (p *play) tell(c *customer, at float64) {
	p.tally.asked++
	ahead := slices.Index(p.line, c)
	if w := p.pace.Estimate(ahead, minutes(at-p.line[0].came), moment(at)); w != nil {
		p.tally.told++
		p.tally.widths += w.High - w.Low
		low, high := p.pace.Percentiles(ahead, minutes(at-p.line[0].came), moment(at))
		c.told = append(c.told, promise{at, *w, low, high})
	}
}

func (p *play) serve(at float64) {
	for len(p.line) > 0 && p.busy < p.agents(at)*p.chats {
		c := p.line[0]
		p.line = p.line[1:]
		p.busy++
		p.at(at+p.handling(p.r), 'f', nil)
		p.pace = p.pace.Served(moment(at), minutes(at-c.came))
		p.outcome(c, at, true)
	}
}

func (p *play) giveUp(c *customer, at float64) {
	i := slices.Index(p.line, c)
	if i < 0 {
		return
	}
	p.line = slices.Delete(p.line, i, i+1)
	p.pace = p.pace.Left(moment(at), minutes(at-c.came))
	p.outcome(c, at, false)
}

// outcome holds what was told against what came. Who gave up within the range would have had an answer nobody knows
// when; who gave up after its high end waited for longer than told.
func (p *play) outcome(c *customer, at float64, served bool) {
	for _, t := range c.told {
		waited := (at - t.at) * 60
		p.tally.exact(served, waited <= t.low, waited <= t.high)
		switch {
		case waited > float64(t.wait.High):
			p.tally.above++
		case !served:
			p.tally.unknown++
		case waited < float64(t.wait.Low):
			p.tally.below++
		default:
			p.tally.inside++
		}
	}
}

// check holds a tally to what Estimate says: at most half before the low end, and with rounding about nine of ten before
// the high end, some of them within the range.
func check(t *testing.T, name string, sum tally, least, most float64) {
	t.Helper()
	if w := sum.within(); w < least || w > most {
		t.Errorf("%s: %.3f within the high end, not %.2f to %.2f", name, w, least, most)
	}
	if below := sum.share(sum.below); below > 0.6 {
		t.Errorf("%s: %.3f before the low end", name, below)
	}
	if inside := sum.share(sum.inside); inside < 0.3 {
		t.Errorf("%s: %.3f within the range", name, inside)
	}
}

// seeds is how often each scene is played.
const seeds = 1

// What is told holds as often as it says, on lines of many kinds. The figures are printed with -v.
func TestCalibration(t *testing.T) {
	var all tally
	for _, s := range scenes() {
		var sum tally
		for seed := range uint64(seeds) {
			sum.add((&play{scene: s}).run(seed + 1))
		}
		all.add(sum)
		t.Logf("%-34s %s", s.name, sum)
		check(t, s.name, sum, 0.80, 0.97)
		if told := float64(sum.told) / float64(sum.asked); told < s.told {
			t.Errorf("%s: only %.2f are told something", s.name, told)
		}
	}
	t.Logf("%-34s %s", "all", all)
	check(t, "all", all, 0.85, 0.95)
}
