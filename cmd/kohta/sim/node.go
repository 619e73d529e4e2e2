package sim

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/routing"
)

// node is one process of the desk. It works on one thing at a time; at each of its effects (every call to store, line or
// roster) the world may let another node go on, let it wait, or end it for good.
type node struct {
	w    *world
	name string
	desk *desk.Desk    // nil: it does not run
	lag  time.Duration // how far its own clock is off; no deadline may go by it

	tasks   []task
	busy    bool                // has something to do
	under   bool                // and has begun
	now     task                // that it works on
	goOn    func() (bool, bool) // to the next effect; false: the task is done
	end     func()              // of the worker, when the schedule is over
	yield   func(bool) bool
	dies    bool               // in the middle of what it does
	crashes bool               // at the effect at which it rests
	resumes int64              // when it goes on from there
	online  []seen             // the roster's answers within this task, as they really were
	all     []routing.Presence // the whole of it, as it was read last within this task; online are the answers since
	listed  time.Time          // when that was
	sound   time.Time          // since when it has run without standing still
	sweep   task               // looks at deadlines
	giving  task               // gives out the line
	life    int                // counts starts: what was meant for an earlier one is dropped
	sent    bool               // something to the outside is to be asked
	conns   map[*conn]bool
	heard   bus.Message // by abroad
}

// task is something that a node is to do.
type task struct {
	name string
	do   func(context.Context)
}

// seen is how an agent stood when the roster was asked.
type seen struct {
	agent          string
	online, atWork bool
}

func stands(p *routing.Presence) seen {
	return seen{p.Agent, p.Status == routing.Online, p.Status == routing.Online || p.Status == routing.Busy}
}

func (n *node) sees(p *routing.Presence) {
	s := stands(p)
	n.online = append(n.online, s)
	if s.atWork {
		n.w.oracle.agentOf(s.agent).atWork = n.w.clock
	}
}

// seesAll takes in the whole of the roster: who is not in it is not there.
func (n *node) seesAll(list []routing.Presence) {
	n.online, n.listed = n.online[:0], n.w.clock
	n.all = list
	n.w.oracle.found(list)
}

// saw is how an agent stood when the roster was asked last: not there, if it knew nothing of them or was not asked.
func (n *node) saw(agent string) seen {
	for _, s := range slices.Backward(n.online) {
		if s.agent == agent {
			return s
		}
	}
	for i := range n.all {
		if n.all[i].Agent == agent {
			return stands(&n.all[i])
		}
	}
	return seen{}
}

// crashed unwinds what a node was doing when it ended.
type crashed struct{}

func (n *node) up() bool { return n.desk != nil }

func (n *node) clock() time.Time {
	if n.w.bug == "deadlines by a node's own clock" {
		return n.w.now().Add(n.lag)
	}
	return n.w.now()
}

// start begins anew with nothing in memory, and does again and again what a desk does by itself. The real pauses would
// be mostly idle here, so some are longer; deadlines are looked at when one has passed.
func (n *node) start() {
	if n.up() {
		return
	}
	n.life++
	n.sound = n.w.clock
	n.desk, n.tasks, n.busy, n.conns = n.w.newDesk(n), nil, false, map[*conn]bool{}
	n.giving = task{"assign", func(ctx context.Context) { n.desk.Assign(ctx) }}
	n.w.say("%s starts", n.name)
	life := n.life
	for _, part := range n.desk.Parts() {
		pause := max(part.Every, pauses[part.Name])
		if n.w.bug == "the line is never mended" && part.Name == "line" || n.w.bug == "nobody looks at deadlines" && part.Name == "deadlines" {
			continue
		}
		if part.Name == "directory" { // before anything else can be done
			n.put(task{part.Name, func(ctx context.Context) { part.Do(ctx) }})
		}
		do := task{part.Name, func(ctx context.Context) { part.Do(ctx) }}
		if part.Name == "deadlines" {
			n.sweep = do
			continue
		}
		n.w.every(pause, func() bool {
			if n.life == life && !n.queued(part.Name) {
				n.put(do)
			}
			return n.life == life
		})
	}
	n.w.every(8*time.Second, func() bool {
		if n.life == life {
			n.assign()
		}
		return n.life == life
	})
}

// pauses are longer than the desk's own where nothing depends on them.
var pauses = map[string]time.Duration{
	"healing": 10 * time.Second, "line": 12 * time.Second, "directory": time.Hour,
	"presence": 6 * time.Second, "waits": time.Hour, "old keys": time.Hour,
}

// sweepDeadlines lets each node look at deadlines, in its own half of a second, when one has passed.
func (w *world) sweepDeadlines() bool {
	if !w.oracle.due() {
		return true
	}
	for _, n := range w.nodes {
		w.after(w.between(0, sweepEvery), func() {
			if n.up() && n.sweep.do != nil && !n.queued(n.sweep.name) && w.oracle.due() {
				n.put(n.sweep)
			}
		})
	}
	return true
}

// sweepEvery is how often a node looks at deadlines.
const sweepEvery = 500 * time.Millisecond

// assign gives out the line, and makes what the bot wants made.
func (n *node) assign() {
	if len(n.w.oracle.waits) > 0 && !n.queued("assign") {
		n.put(n.giving)
	}
}

func (n *node) errands() {
	if n.sent {
		n.sent = false
		n.put(task{"errands", func(ctx context.Context) {
			for n.desk.Errand(ctx) {
			}
		}})
	}
}

func (n *node) queued(name string) bool {
	for _, t := range n.tasks {
		if t.name == name {
			return true
		}
	}
	return false
}

// put gives the node something to do.
func (n *node) put(t task) {
	if !n.up() {
		return
	}
	n.tasks = append(n.tasks, t)
	if !n.busy { // it begins when whoever wants it is done with what they are at
		n.busy = true
		n.w.queue.push(event{at: n.w.at, turn: n.w.nextTurn(), node: n, life: n.life, begins: true})
	}
}

// next begins the next task.
func (n *node) next() {
	if n.busy = len(n.tasks) > 0; !n.busy {
		return
	}
	n.now = n.tasks[0]
	n.tasks = slices.Delete(n.tasks, 0, 1) // few, in a place of their own
	if n.w.trace != nil {
		n.w.say("  %s begins %s, %d behind", n.name, n.now.name, len(n.tasks))
	}
	n.online, n.all, n.listed = n.online[:0], nil, time.Time{}
	if n.goOn == nil {
		n.goOn, n.end = iter.Pull(n.work)
		n.goOn() // to where it waits for a task
	}
	n.step()
}

// work does task after task, as a coroutine that rests at every effect. It lives as long as the schedule: what the node
// knows is lost with the desk, and a stack that has grown is worth keeping.
func (n *node) work(yield func(bool) bool) {
	n.yield = yield
	for yield(false) {
		n.perform()
	}
}

func (n *node) perform() {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(crashed); !ok {
				panic(p)
			}
		}
	}()
	n.now.do(n.w.ctx)
}

// step lets the node go on to where somebody else comes between, or to its end.
func (n *node) step() {
	if n.under, _ = n.goOn(); !n.under {
		n.next()
		return
	}
	if n.crashes {
		n.stop("crashes")
		n.w.after(n.w.between(time.Second, 20*time.Second), n.start)
		return
	}
	n.w.queue.push(event{at: n.resumes, turn: n.w.nextTurn(), node: n, life: n.life})
}

// effect is a moment at which others may come between. It is called by what the node is doing.
func (n *node) effect() {
	if !n.dies && n.passes() {
		return
	}
	if n.dies || !n.yield(true) || n.dies {
		n.dies = true
		panic(crashed{})
	}
}

// passes draws what befalls the node at an effect, and how long that takes. When nothing else happens meanwhile, time passes
// at once: there is nobody to let go first.
func (n *node) passes() bool {
	w := n.w
	pause := w.between(0, 2*time.Millisecond)
	if w.IntN(16) == 0 { // what is far away takes its time
		pause *= 100
	}
	if n.crashes = w.chance(w.rates.crash); n.crashes {
		return false
	}
	if w.chance(w.rates.pause) {
		pause = w.between(time.Second, 40*time.Second)
		n.standsStill(pause)
	}
	n.resumes = w.at + int64(pause)
	if n.resumes >= w.queue.next() || n.resumes > w.until || w.oracle.broken() {
		return false
	}
	w.nextTurn()
	w.pass(n.resumes)
	return true
}

func (n *node) standsStill(pause time.Duration) {
	n.sound = n.w.clock.Add(pause)
	for _, a := range n.w.agents {
		a.excuse(n, pause)
	}
	n.w.say("%s stands still for %v", n.name, pause)
}

// handOver is what a node does that ends on purpose: who is connected to it goes on elsewhere.
func (n *node) handOver() {
	n.desk.HandOver()
	for _, a := range n.w.agents {
		if a.conn != nil && n.conns[a.conn] {
			n.desk.Disconnected(a.ID)
		}
	}
}

// stop ends the node in the middle of whatever it does. Its connections break.
func (n *node) stop(how string) {
	n.w.say("%s %s", n.name, how)
	n.desk, n.tasks = nil, nil
	n.life++
	if n.under {
		n.dies = true
		n.goOn() // to its end
		n.dies = false
	}
	n.busy, n.under = false, false
	for _, c := range n.connected() {
		c.broken()
	}
	clear(n.conns)
}

// hearOf takes in what another node has committed, as far as somebody here wants it.
func (n *node) hearOf(m *bus.Message) {
	m = n.abroad(m)
	h := n.desk.Handler()
	if wanted := h.Glance(&m.Next, draws(m)); wanted || n.watches(&m.Next) { // each is shown it
		n.hear(m)
		return
	}
	h.Passed(&m.Next)
}

// draws tells whether a message may matter to who looks after all.
func draws(m *bus.Message) bool {
	return slices.ContainsFunc(m.Events, func(e chat.Event) bool {
		switch e.Kind {
		case chat.KindOffered, chat.KindInvited, chat.KindRaised, chat.KindNudged, chat.KindErased:
			return true
		}
		return false
	})
}

// watches tells whether a conversation is of somebody who is connected here.
func (n *node) watches(next *chat.Conversation) bool {
	here := func(c *conn) bool { return c != nil && c.n == n && !c.closed && c.inbox.follows(next) }
	if c := n.w.byVisitor[next.Visitor]; c != nil && (here(c.conn) || here(c.tab)) {
		return true
	}
	return slices.ContainsFunc(n.w.agents, func(a *agent) bool { return here(a.conn) })
}

// hear takes in what a node has committed: it is shown to whoever is connected here.
func (n *node) hear(m *bus.Message) {
	n.desk.Handler().Message(*m)
	if c := n.w.byVisitor[m.Next.Visitor]; c != nil {
		n.show(c.conn, m)
		n.show(c.tab, m)
	}
	for _, a := range n.w.agents {
		n.show(a.conn, m)
	}
	if len(m.Events) > 0 && (m.Next.State == chat.Waiting || m.Next.State == chat.Closed) && n.w.IntN(4) == 0 {
		n.assign() // its own second had just come
	}
}

func (n *node) show(c *conn, m *bus.Message) {
	if c != nil && c.n == n && !c.closed {
		c.show(m)
	}
}

// connected are the connections, in an order that does not depend on memory.
func (n *node) connected() (list []*conn) {
	add := func(c *conn) {
		if c != nil && n.conns[c] {
			list = append(list, c)
		}
	}
	for _, c := range n.w.customers {
		add(c.conn)
		add(c.tab)
	}
	for _, a := range n.w.agents {
		add(a.conn)
	}
	return list
}
