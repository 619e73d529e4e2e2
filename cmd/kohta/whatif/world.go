package whatif

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// After is how long those are followed who came within the counted time; all goes on meanwhile as before.
const After = time.Hour

// maxMissed is how many offers may come to nothing before supervisors alone are given a conversation, as chat has it.
const maxMissed = 5

// raised is the stage of who stands in the supervisors' lane.
const raised = -1

type state uint8

const (
	gone state = iota
	waiting
	served
)

// customer is one who is in the house. Slots are used again.
type customer struct {
	id       string
	n        uint64
	kind     int32
	state    state
	counted  bool
	turn     uint32 // moves on when the customer's place in the line does, and when the slot is another's
	visit    uint32 // another for each customer of the slot
	offer    uint32 // the latest offer's number: an event of another one is void
	stage    int16  // how many rings have opened, or raised
	reply    reply  // to the offer under way
	missed   int16
	agent    int32 // who has the conversation
	offered  int32 // whom it is held out to; -1: nobody
	came     int64
	handling int64
	avoid    []string
	until    int64 // avoid holds until then
}

// world is one run.
type world struct {
	*stage0
	now       int64
	from, to  int64 // counted
	agenda    agenda
	customers []customer
	free      []int32
	n         uint64
	offers    uint32
	lines     [][]class // by team, by class
	agents    []agent
	arrive    []*rand.Rand // by group: when, and who
	chance    *rand.Rand   // of what agents do
	records   []record
	next      []head
	tickets   []routing.Ticket
	open      []routing.Candidate
}

// stage0 is what all runs of a scenario share, and nobody changes.
type stage0 struct {
	s        *Scenario
	kinds    []kind
	groups   []draws
	most     []float64 // by group: the most arrivals an hour
	openings [][]time.Duration
	order    []int // teams by slug, as the desk goes through them
	classes  []int
}

func newStage(s *Scenario) *stage0 {
	st := &stage0{s: s}
	st.kinds, st.groups, st.classes = kindsOf(s)
	for _, c := range s.Customers {
		st.most = append(st.most, slices.Max(c.Hourly[:]))
	}
	for i, t := range s.Teams {
		st.openings = append(st.openings, openings(t.Team))
		st.order = append(st.order, i)
	}
	slices.SortFunc(st.order, func(a, b int) int {
		if s.Teams[a].Slug < s.Teams[b].Slug {
			return -1
		}
		return 1
	})
	return st
}

// Streams of chance, so that a change of one thing leaves the others as they were.
const (
	ofChance = iota << 32
	ofPresence
	ofArrivals
)

func (st *stage0) rand(run int, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(st.s.Seed, uint64(run)<<40^stream))
}

func newWorld(st *stage0, run int) *world {
	w := &world{stage0: st, chance: st.rand(run, ofChance)}
	w.from = int64(24*time.Hour) + int64(st.s.Start)*int64(time.Minute)
	for w.from < int64(st.s.warmUp()) {
		w.from += int64(24 * time.Hour)
	}
	w.now, w.to = w.from-int64(st.s.warmUp()), w.from+int64(st.s.Length)
	for _, n := range st.classes {
		w.lines = append(w.lines, make([]class, n))
	}
	w.hire(run)
	w.plan(w.from, opens, 0, 0)
	w.plan(w.to, finishes, 0, 0)
	w.plan(midnight(w.now)+int64(24*time.Hour), dawns, 0, 0)
	for g := range st.s.Customers {
		w.arrive = append(w.arrive, st.rand(run, ofArrivals+uint64(g)))
		w.nextArrival(g)
	}
	return w
}

func midnight(t int64) int64 { return t - t%int64(24*time.Hour) }

func hourOf(t int64) int { return int(t / int64(time.Hour) % 24) }

func clockOf(t int64) staff.Clock { return staff.Clock(t / int64(time.Minute) % (24 * 60)) }

func (w *world) plan(at int64, what what, who int32, turn uint32) {
	w.agenda.push(event{at: at, what: what, who: who, turn: turn})
}

func (w *world) time() time.Time { return epoch.Add(time.Duration(w.now)) }

// play goes on until those who came in time have been followed for long enough. It gives up, and says so, when stop does.
func (w *world) play(stop func() bool) bool {
	end := w.to + int64(After)
	for i := 1; len(w.agenda.list) > 0; i++ {
		if i%4096 == 0 && stop() {
			return false
		}
		e := w.agenda.pop()
		if e.at > end {
			break
		}
		w.now = e.at
		w.happen(e)
	}
	w.now = end
	for i := range w.customers {
		if c := &w.customers[i]; c.state == waiting && c.counted {
			w.record(c, stays)
		}
	}
	return true
}

func (w *world) happen(e event) {
	switch e.what {
	case arrives:
		w.come(int(e.who))
	case leaves:
		if c := &w.customers[e.who]; c.state == waiting && c.visit == e.turn {
			w.giveUp(e.who)
		}
	case widens:
		if c := &w.customers[e.who]; c.state == waiting && c.turn == e.turn {
			c.stage++
			w.stand(e.who)
			w.dispatch()
		}
	case answers:
		if c := &w.customers[e.who]; c.state == waiting && c.offered >= 0 && c.offer == e.turn {
			w.answer(e.who)
		}
	case ends:
		w.end(e.who)
	case works:
		w.nextEnds(e.who, e.turn)
	case turns:
		w.turn(int(e.who))
	case returns:
		w.comeBack(int(e.who))
	case dawns:
		w.dawn()
	case looks:
		w.dispatch()
	case opens, finishes:
		for i := range w.agents {
			w.agents[i].touch(w.now)
			w.agents[i].counting = e.what == opens
		}
	}
}

// nextArrival plans when the next of a group comes: by thinning of the busiest hour's process (Lewis and Shedler 1979).
func (w *world) nextArrival(g int) {
	most, at, r := w.most[g], w.now, w.arrive[g]
	if most == 0 {
		return
	}
	for end := w.to + int64(After); at <= end; {
		at += int64(r.ExpFloat64() / most * float64(time.Hour))
		if r.Float64()*most < w.s.Customers[g].Hourly[hourOf(at)] {
			w.plan(at, arrives, int32(g), 0)
			return
		}
	}
}

func (w *world) come(g int) {
	r, group := w.arrive[g], &w.s.Customers[g]
	who := w.seat()
	c := &w.customers[who]
	k := w.groups[g].draw(r)
	w.n++
	*c = customer{
		id: number(w.n), n: w.n, kind: int32(k), state: waiting, turn: c.turn + 1, visit: c.visit + 1, agent: -1, offered: -1,
		came: w.now, counted: w.now >= w.from && w.now < w.to, handling: group.takes(r, w.kinds[k].weight > routing.Usual),
	}
	patience := r.ExpFloat64()
	if group.Patience > 0 {
		w.plan(w.now+int64(patience*float64(group.Patience)), leaves, who, c.visit)
	}
	for len(w.openings[w.kinds[k].team]) > int(c.stage) && w.openings[w.kinds[k].team][c.stage] <= 0 {
		c.stage++
	}
	w.stand(who)
	w.nextArrival(g)
	w.dispatch()
}

// takes is how long a conversation takes.
func (c *Customers) takes(r *rand.Rand, hard bool) int64 {
	mean, factor := float64(c.Handling.Mean), 0.0
	if hard {
		mean *= c.Harder
	}
	if c.Handling.Exponential {
		factor = r.ExpFloat64()
	} else {
		s := math.Log1p(c.Handling.Spread * c.Handling.Spread)
		factor = math.Exp(math.Sqrt(s)*r.NormFloat64() - s/2)
	}
	return int64(min(mean*factor, float64(30*24*time.Hour)))
}

// number is n in digits that sort as numbers do.
func number(n uint64) string {
	var b [11]byte
	for i := range b {
		b[len(b)-1-i] = '0' + byte(n%10)
		n /= 10
	}
	return string(b[:])
}

// seat is a slot that nobody uses.
func (w *world) seat() int32 {
	if last := len(w.free) - 1; last >= 0 {
		who := w.free[last]
		w.free = w.free[:last]
		return who
	}
	w.customers = append(w.customers, customer{})
	return int32(len(w.customers) - 1)
}

// stand gives a customer the place in the line that their wait so far has earned.
func (w *world) stand(who int32) {
	c := &w.customers[who]
	k := &w.kinds[c.kind]
	c.turn++
	st := &k.raised
	if c.stage != raised {
		st = &k.stages[c.stage]
		if next := w.openings[k.team]; int(c.stage) < len(next) {
			w.plan(c.came+int64(next[c.stage]), widens, who, c.turn)
		}
	}
	t := w.ticket(who)
	w.lines[k.team][st.class].put(place{score: t.Score(), n: c.n, who: who, turn: c.turn})
}

// ticket is the customer's, as routing.Of makes it.
func (w *world) ticket(who int32) routing.Ticket {
	c := &w.customers[who]
	t := w.kinds[c.kind].raised.ticket
	if c.stage != raised {
		t = w.kinds[c.kind].stages[c.stage].ticket
	}
	t.Conversation, t.Since = c.id, epoch.Add(time.Duration(c.came))
	if w.now < c.until {
		t.Except = c.avoid[max(0, len(c.avoid)-routing.MaxExcept):]
	}
	return t
}

// leaveLine takes a customer out of it.
func (w *world) leaveLine(who int32) {
	c := &w.customers[who]
	k := &w.kinds[c.kind]
	st := &k.raised
	if c.stage != raised {
		st = &k.stages[c.stage]
	}
	w.lines[k.team][st.class].dead++
	c.turn++
}

func (w *world) giveUp(who int32) {
	c := &w.customers[who]
	if c.offered >= 0 {
		w.takeBack(c)
	}
	w.record(c, leftLine)
	w.leaveLine(who)
	c.state, c.avoid = gone, nil
	w.free = append(w.free, who)
	w.dispatch()
}
