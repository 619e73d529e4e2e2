// Package sim runs the real desk in a world of its own: some nodes over one store, one line and one roster, customers and
// agents who write, leave, sleep and come back, and a network and machines that fail in every way that a seed draws. Time
// is a number, chance is the seed, and one thing happens after another; so a run is the same run again, and a million of
// them cost no more than their arithmetic. An oracle with a record of its own looks after every step whether what the
// desk promises still holds.
package sim

import (
	"context"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/memstore"
)

// world is one schedule.
type world struct {
	*rand.Rand
	seed   uint64
	bug    string // a mistake that is made on purpose; "" for none
	rates  rates
	clock  time.Time
	at     int64 // the same, in nanoseconds since the schedule began
	until  int64 // at which it is looked around, whatever happens
	queue  events
	turn   int64 // breaks ties in the queue, and counts what happened
	ids    int64
	ctx    context.Context
	trace  func(format string, args ...any) // nil: nobody reads
	oracle *oracle

	// For tests of the models: what a node asked of the store, with its answer, whom it met, and what it told the others.
	appended  func(store.Append, error)
	met       func(store.Visitor)
	published func(bus.Message)

	store   *memstore.Store
	line    *memline.Line
	roster  *memline.Roster
	flushed time.Time // when the line was lost last
	away    bool      // the store answers nobody

	teams     map[string]staff.Team
	nodes     []*node
	customers []*customer
	byVisitor map[string]*customer
	heads     map[string]*chat.Conversation // as committed last
	agents    []*agent
	talks     talks
	danger    int  // one of so many words is of somebody in danger
	unwilling bool // hardly anybody accepts what is offered, and the supervisors come late
	healing   bool // faults have ended
}

// rates are how often things go wrong, drawn by the seed. All are shares of one.
type rates struct {
	drop, delay, double float64 // of a frame, to or from a node
	lostSignal          float64 // of what a node tells the others
	refuse, unanswered  float64 // of an append
	crash, pause        float64 // of a node, at any effect
	flush               float64 // of the line, each ten seconds
}

// begin is when every schedule begins: a Tuesday morning.
var begin = time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC)

// calls is shortly before the first hour in which a customer may be called.
var calls = begin.Add(time.Hour - 5*time.Second)

// Times of a schedule. The teams of this world are impatient, so that much happens in a short time.
const (
	faultsFor = 150 * time.Second
	healsFor  = 60 * time.Second
	calmFor   = 30 * time.Second // for what is left when nobody writes any more
	heardBy   = 12 * time.Second // every console has asked how far its conversations are
	drains    = 20 * time.Minute // then the last who wait have been served, or there is something wrong
	callsFor  = 2 * time.Minute  // for the calls that were promised
)

func newWorld(seed uint64, bug string) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), seed: seed, bug: bug, clock: begin, ctx: context.Background(),
		teams: map[string]staff.Team{}, byVisitor: map[string]*customer{}, heads: map[string]*chat.Conversation{}, talks: talks{all: map[string][]*talk{}}}
	w.store = memstore.New()
	w.line, w.roster = memline.New(w.now), memline.NewRoster(w.now)
	w.oracle = newOracle(w)
	w.rates = w.drawRates()
	w.danger = []int{3, 12, 40}[w.IntN(3)]
	return w
}

// drawRates makes each schedule a world of another kind; one in ten has no faults at all.
func (w *world) drawRates() rates {
	if w.IntN(10) == 0 {
		return rates{}
	}
	some := func(most float64) float64 {
		if w.IntN(2) == 0 {
			return 0
		}
		return w.Float64() * most
	}
	return rates{
		drop: some(.2), delay: some(.3), double: some(.2), lostSignal: some(.5),
		refuse: some(.05), unanswered: some(.05), crash: some(.002), pause: some(.002), flush: some(.3),
	}
}

// head is where it stands how a conversation was committed last.
func (w *world) head(id string) *chat.Conversation {
	c := w.heads[id]
	if c == nil {
		c = &chat.Conversation{}
		w.heads[id] = c
	}
	return c
}

func (w *world) now() time.Time { return w.clock }

// chance is true in a share of the cases; never when the faults have ended.
func (w *world) chance(share float64) bool {
	return !w.healing && share > 0 && w.Float64() < share
}

// between draws a duration.
func (w *world) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.Int64N(int64(most-least)+1))
}

// newID gives out ids that are ordered as those of the desk are.
func (w *world) newID() string {
	w.ids++
	id := []byte("01930000-0000-7000-8000-000000000000")
	for i, n := len(id)-1, w.ids; n > 0; i, n = i-1, n/10 {
		id[i] += byte(n % 10)
	}
	return string(id)
}

func (w *world) say(format string, args ...any) {
	if w.trace != nil {
		w.trace("%8.3f  "+format, append([]any{w.clock.Sub(begin).Seconds()}, args...)...)
	}
}

// after lets something happen later.
func (w *world) after(d time.Duration, do func()) {
	w.queue.push(event{at: w.at + int64(d), turn: w.nextTurn(), do: do})
}

// run lets time pass until a moment, or until a promise is broken.
func (w *world) run(until time.Time) {
	for w.until = int64(until.Sub(begin)); w.queue.next() <= w.until && !w.oracle.broken(); {
		e := w.queue.pop()
		w.pass(e.at)
		switch {
		case e.node == nil:
			e.do()
		case e.node.life != e.life:
		case e.own:
			e.node.hear(e.m)
		case e.m != nil:
			e.node.hearOf(e.m)
		case e.begins:
			e.node.next()
		default:
			e.node.step()
		}
	}
	if w.at < w.until && !w.oracle.broken() {
		w.pass(w.until)
	}
}

// pass lets time pass until a moment at which something happens.
func (w *world) pass(at int64) {
	if at != w.at { // much happens in the same moment
		w.at, w.clock = at, begin.Add(time.Duration(at))
	}
	w.oracle.look()
}

func (w *world) nextTurn() int64 {
	w.turn++
	return w.turn
}

// every lets something happen again and again, while it returns true.
func (w *world) every(d time.Duration, do func() bool) {
	var tick func()
	tick = func() {
		if do() {
			w.after(d, tick)
		}
	}
	w.after(w.between(0, d), tick)
}

// live plays a schedule from beginning to end.
func (w *world) live() {
	w.furnish()
	defer w.close()
	for _, n := range w.nodes {
		n.start()
	}
	w.every(10*time.Second, w.misfortune)
	w.every(sweepEvery, w.sweepDeadlines)
	w.populate()
	w.run(begin.Add(faultsFor))
	w.heal()
	w.run(begin.Add(faultsFor + healsFor))
	for _, c := range w.customers {
		c.quiet = true
	}
	w.drain()
	if w.oracle.promised() {
		w.skip(calls.Sub(w.clock))
		w.run(calls.Add(callsFor))
		w.drain()
	}
	if !w.oracle.broken() {
		w.oracle.end()
	}
}

// drain lets time pass until nobody waits, and nothing has happened for as long as every client needs to hear of what
// happened last; a house with few agents takes its time.
func (w *world) drain() {
	w.run(w.clock.Add(calmFor))
	end := w.clock.Add(drains)
	for last, steps := w.clock, w.oracle.steps; w.clock.Sub(last) < heardBy && w.clock.Before(end); {
		w.run(w.clock.Add(time.Second))
		if w.oracle.broken() {
			break
		}
		if len(w.oracle.waits) > 0 || w.oracle.steps != steps {
			last, steps = w.clock, w.oracle.steps
		}
	}
}

// skip lets time pass in which nothing happens: the house is asleep, machines and all.
func (w *world) skip(d time.Duration) {
	w.say("the house sleeps for %v", d)
	w.at, w.clock = w.at+int64(d), w.clock.Add(d)
	w.queue.later(int64(d))
	for _, n := range w.nodes {
		n.sound = w.clock
	}
}

// close ends what the nodes are doing.
func (w *world) close() {
	for _, n := range w.nodes {
		if n.end != nil {
			n.end()
		}
	}
}

// misfortune is what befalls the house as a whole.
func (w *world) misfortune() bool {
	if w.chance(w.rates.flush) {
		switch w.IntN(4) {
		case 0:
			w.say("the line is lost")
			w.line, w.flushed = memline.New(w.now), w.clock
		case 1:
			w.say("the line is what it was some time ago")
			w.stale()
		case 2:
			w.say("the roster is lost")
			w.roster = memline.NewRoster(w.now)
			for _, a := range w.agents {
				a.unknown()
			}
		case 3:
			w.say("the store is away")
			w.away = true
			back := w.between(time.Second, 10*time.Second)
			w.after(back, func() { w.away = false })
			for _, a := range w.agents {
				a.excuse(a.on, back)
			}
		}
	}
	if w.rates != (rates{}) && w.chance(.05) {
		w.deploy()
	}
	return !w.healing
}

// stale puts the line back to some of what stands in it: a replica that had not heard of the rest.
func (w *world) stale() {
	old := w.line
	w.line, w.flushed = memline.New(w.now), w.clock
	for _, team := range teams {
		list, _, err := old.List(w.ctx, team, 1000)
		if err != nil {
			panic(err)
		}
		for _, t := range list {
			if w.IntN(2) == 0 {
				if err := w.line.Put(w.ctx, t); err != nil {
					panic(err)
				}
			}
		}
	}
}

// deploy ends the nodes one after the other, in order, and starts them anew.
func (w *world) deploy() {
	w.say("a rolling deploy")
	for i, n := range w.nodes {
		w.after(time.Duration(i)*5*time.Second, func() {
			if n.up() {
				n.handOver()
				n.stop("is replaced")
				w.after(w.between(time.Second, 3*time.Second), n.start)
			}
		})
	}
}

// heal ends all faults: everybody is back, and everybody works.
func (w *world) heal() {
	w.say("everything works again")
	w.healing, w.away = true, false
	for _, n := range w.nodes {
		if !n.up() {
			n.start()
		}
	}
	for _, a := range w.agents {
		a.heal()
	}
	for _, c := range w.customers {
		c.heal()
	}
}

// publish brings what a node tells to all nodes, its own included.
func (w *world) publish(from *node, m *bus.Message) {
	if w.published != nil {
		w.published(*m)
	}
	for _, n := range w.nodes {
		switch {
		case n == from && n.up():
			w.tell(n, m, true)
		case n.up() && !w.chance(w.rates.lostSignal):
			w.tell(n, m, false)
		}
	}
}

// tell brings a message to a node in a moment, if it still lives as it did.
func (w *world) tell(n *node, m *bus.Message, own bool) {
	at := w.at + int64(w.between(0, 5*time.Millisecond))
	w.queue.push(event{at: at, turn: w.nextTurn(), node: n, life: n.life, m: m, own: own})
}

// abroad is what of another node's message comes to this one. It holds until the next.
func (n *node) abroad(m *bus.Message) *bus.Message {
	for i := range m.Events {
		if k := m.Events[i].Kind; k == chat.KindOffered || k == chat.KindInvited {
			return m
		}
	}
	next, all := &n.heard.Next, &m.Next // of which nothing but this is ever set
	n.heard.Conversation, n.heard.Events = m.Conversation, m.Events
	next.ID, next.Site, next.Visitor, next.Language, next.State = all.ID, all.Site, all.Visitor, all.Language, all.State
	next.Pos, next.AgentSeq, next.VisitorSeq = all.Pos, all.AgentSeq, all.VisitorSeq
	next.Team, next.Agent, next.Fence, next.Invited = all.Team, all.Agent, all.Fence, all.Invited
	next.Raised, next.CustomerLast = all.Raised, all.CustomerLast
	return &n.heard
}

// newDesk is a desk as serve puts it together, over the node's own view of the world.
func (w *world) newDesk(n *node) *desk.Desk {
	o := desk.Options{
		Store: simStore{w.store, n}, Line: simLine{n}, Roster: simRoster{n}, Bus: simBus{n: n}, Bot: scriptedBot,
		Actions: outside{n}, Letters: outside{n}, Base: func() string { return "http://desk" }, Log: zap.NewNop(),
		Now: n.clock, NewID: w.newID, Random: func(b []byte) {
			for i := range b {
				b[i] = byte(w.Uint32())
			}
		},
	}
	o.Plan = w.mistaken
	if w.bug == "" {
		o.Plan = nil
	}
	return desk.New(o)
}

// visible tells whether a role sees an event, and under which number.
func seqOf(e *chat.Event, role chat.Role) int64 {
	if role == chat.RoleVisitor {
		return e.VisitorSeq
	}
	return e.AgentSeq
}
