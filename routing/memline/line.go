// Package memline is the line and the roster in the memory of one process. A claim costs the same few microseconds
// among a hundred and among a million waiting.
package memline

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/kohta/kohta/routing"
)

var _ routing.Line = (*Line)(nil)

// memory is for how long a dropped ticket is remembered, so that a slow Reconcile does not bring it back.
const memory = 3 * time.Minute

// Line implements routing.Line. It starts no goroutine, and is away for nobody: its errors are of kind Invalid, or
// the context's.
type Line struct {
	now func() time.Time

	mu    sync.Mutex
	turn  int64 // counts puts and drops, so that Reconcile knows what came while it read
	teams map[string]*team
	spare *team // empty, for the next team in whose line somebody stands
}

// New returns an empty line whose leases go by now.
func New(now func() time.Time) *Line {
	return &Line{now: now, teams: map[string]*team{}}
}

// team is the line of one team. Each entry is in all, and in its class or in held.
type team struct {
	entries map[string]*entry
	all     tree              // by score
	classes map[string]*class // that somebody waits in
	held    tree              // by the end of the lease
	holds   map[string]int    // weight of the tickets held, by agent
	dropped map[string]drop
	gone    tree // dropped, by when

	heads   []routing.Ticket // as they were given away last, headsOf of each class; nil when one of those waiting has changed
	headsOf int
}

// class is the waiting of one Class, by score.
type class struct {
	tree
	asks routing.Ticket // any of its tickets
	left int            // of it, while some are gone through
}

// drop is the memory of a ticket that was taken out.
type drop struct{ at, turn int64 }

type entry struct {
	ticket routing.Ticket
	class  string
	in     *class // its class, while it waits
	put    int64  // the turn of the latest Put
	holder string // empty: waiting
	weight int    // to the holder, when it was claimed
	until  int64  // end of the holder's lease, in milliseconds
}

func (e *entry) place() key { return key{e.ticket.Score(), e.ticket.Conversation, e} }
func (e *entry) lease() key { return key{e.until, e.ticket.Conversation, e} }

// with runs do on the team's line, after the leases that have ended are back.
func (l *Line) with(slug string, do func(t *team, now int64)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().UnixMilli()
	t, there := l.teams[slug]
	if !there {
		if t, l.spare = l.spare, nil; t == nil {
			t = newTeam()
		}
	}
	t.expire(now)
	do(t, now)
	switch empty := len(t.entries) == 0 && len(t.dropped) == 0; {
	case empty && there:
		delete(l.teams, slug) // an empty team costs nothing
		l.spare = t
	case empty:
		l.spare = t
	case !there:
		l.teams[slug] = t
	}
}

func newTeam() *team {
	return &team{entries: map[string]*entry{}, classes: map[string]*class{}, holds: map[string]int{}, dropped: map[string]drop{}}
}

func (t *team) expire(now int64) {
	for k, ok := t.held.first(); ok && k.n <= now; k, ok = t.held.first() {
		t.letGo(k.of)
	}
	for k, ok := t.gone.first(); ok && k.n <= now-memory.Milliseconds(); k, ok = t.gone.first() {
		t.forget(k.name)
	}
}

// Put implements routing.Line.
func (l *Line) Put(ctx context.Context, t routing.Ticket) error {
	if err := checked(ctx, t.Check()); err != nil {
		return err
	}
	t = clone(t)
	l.with(t.Team, func(line *team, _ int64) {
		l.turn++
		e := line.entries[t.Conversation]
		if e != nil {
			t = routing.Merge(e.ticket, t)
		}
		line.set(t).put = l.turn
	})
	return nil
}

// set makes t what stands in the line, waiting if it is new.
func (t *team) set(ticket routing.Ticket) *entry {
	e := t.entries[ticket.Conversation]
	if e == nil {
		e = &entry{}
		t.entries[ticket.Conversation] = e
	} else {
		t.all.remove(e.place())
		if e.holder == "" {
			t.unwait(e)
		}
	}
	e.ticket = ticket
	t.all.add(e.place())
	if e.holder == "" {
		t.wait(e)
	}
	return e
}

// wait puts e at its place in its class.
func (t *team) wait(e *entry) {
	t.heads = nil
	e.class = e.ticket.Class()
	c := t.classes[e.class]
	if c == nil {
		c = &class{asks: e.ticket}
		t.classes[e.class] = c
	}
	c.add(e.place())
	e.in = c
}

func (t *team) unwait(e *entry) {
	t.heads = nil
	c := t.classes[e.class]
	if c.remove(e.place()); c.len() == 0 {
		delete(t.classes, e.class)
	}
}

// forget ends the memory of a drop.
func (t *team) forget(conversation string) {
	if d, ok := t.dropped[conversation]; ok {
		t.gone.remove(key{n: d.at, name: conversation})
		delete(t.dropped, conversation)
	}
}

// Claim implements routing.Line.
func (l *Line) Claim(ctx context.Context, slug string, by routing.Taker) (ticket routing.Ticket, ok bool, err error) {
	if err := checked(ctx, routing.CheckTeam(slug), by.Check()); err != nil {
		return ticket, false, err
	}
	l.with(slug, func(t *team, now int64) {
		if e := t.next(by); e != nil && t.holds[by.Agent]+e.ticket.Weighs() <= by.Free {
			ticket, ok = t.hold(e, by, now), true
		}
	})
	return ticket, ok, nil
}

// next is the first of the heads that the taker can be given.
func (t *team) next(by routing.Taker) (first *entry) {
	for _, c := range t.classes {
		if !by.Serves(c.asks) {
			continue
		}
		looked := 0
		c.from(key{n: math.MinInt64}, func(k key) bool {
			looked++
			e := k.of
			if !slices.Contains(e.ticket.Except, by.Agent) {
				if first == nil || k.compare(first.place()) < 0 {
					first = e
				}
				return false
			}
			return looked < routing.LookAhead
		})
	}
	return first
}

// ClaimTicket implements routing.Line.
func (l *Line) ClaimTicket(ctx context.Context, slug, conversation string, by routing.Taker) (ticket routing.Ticket, ok bool, err error) {
	if err := checked(ctx, routing.CheckTeam(slug), by.Check()); err != nil {
		return ticket, false, err
	}
	l.with(slug, func(t *team, now int64) {
		e := t.entries[conversation]
		switch {
		case e == nil || e.holder != "" && e.holder != by.Agent:
		case e.holder == "" && t.holds[by.Agent]+e.ticket.Weighs() > by.Free:
		default:
			ticket, ok = t.hold(e, by, now), true
		}
	})
	return ticket, ok, nil
}

// hold gives e to an agent, who may have it already.
func (t *team) hold(e *entry, by routing.Taker, now int64) routing.Ticket {
	if e.holder == "" {
		t.unwait(e)
		e.weight = e.ticket.Weighs()
		t.holds[by.Agent] += e.weight
	} else {
		t.held.remove(e.lease())
	}
	e.holder, e.until = by.Agent, now+by.For().Milliseconds()
	t.held.add(e.lease())
	return clone(e.ticket)
}

// letGo takes e from its holder and puts it back at its place.
func (t *team) letGo(e *entry) {
	t.unhold(e)
	t.wait(e)
}

func (t *team) unhold(e *entry) {
	t.held.remove(e.lease())
	if t.holds[e.holder] -= e.weight; t.holds[e.holder] <= 0 {
		delete(t.holds, e.holder)
	}
	e.holder = ""
}

// Renew implements routing.Line.
func (l *Line) Renew(ctx context.Context, slug, conversation, agent string, lease time.Duration) (ok bool, err error) {
	by := routing.Taker{Agent: agent, Lease: lease}
	if err := checked(ctx, routing.CheckTeam(slug), by.Check()); err != nil {
		return false, err
	}
	l.with(slug, func(t *team, now int64) {
		if e := t.entries[conversation]; e != nil && e.holder == agent {
			t.hold(e, by, now)
			ok = true
		}
	})
	return ok, nil
}

// Release implements routing.Line.
func (l *Line) Release(ctx context.Context, slug, conversation, agent string) error {
	if err := checked(ctx, routing.CheckTeam(slug), routing.Taker{Agent: agent}.Check()); err != nil {
		return err
	}
	l.with(slug, func(t *team, _ int64) {
		if e := t.entries[conversation]; e != nil && e.holder == agent {
			t.letGo(e)
		}
	})
	return nil
}

// Drop implements routing.Line.
func (l *Line) Drop(ctx context.Context, slug, conversation string) error {
	if err := checked(ctx, routing.CheckTeam(slug)); err != nil {
		return err
	}
	l.with(slug, func(t *team, now int64) {
		l.turn++
		t.forget(conversation)
		t.dropped[conversation] = drop{now, l.turn}
		t.gone.add(key{n: now, name: conversation})
		t.out(conversation)
	})
	return nil
}

func (t *team) out(conversation string) {
	e := t.entries[conversation]
	if e == nil {
		return
	}
	if e.holder != "" {
		t.unhold(e)
	} else {
		t.unwait(e)
	}
	t.all.remove(e.place())
	delete(t.entries, conversation)
}

// Place implements routing.Line.
func (l *Line) Place(ctx context.Context, slug, conversation string) (place, total int, err error) {
	if err := checked(ctx, routing.CheckTeam(slug)); err != nil {
		return 0, 0, err
	}
	l.with(slug, func(t *team, _ int64) {
		total = t.all.len()
		if e := t.entries[conversation]; e != nil {
			place = 1 + t.all.before(e.place())
		}
	})
	return place, total, nil
}

// List implements routing.Line.
func (l *Line) List(ctx context.Context, slug string, limit int) (first []routing.Ticket, total int, err error) {
	if err := checked(ctx, routing.CheckTeam(slug)); err != nil {
		return nil, 0, err
	}
	limit = min(limit, routing.MaxList)
	l.with(slug, func(t *team, _ int64) {
		total = t.all.len() - t.held.len()
		t.all.from(key{n: math.MinInt64}, func(k key) bool {
			if len(first) >= limit {
				return false
			}
			if e := k.of; e.holder == "" {
				first = append(first, clone(e.ticket))
			}
			return true
		})
	})
	return first, total, nil
}

// Heads implements routing.Line. Who asks twice while nothing changes shares what is returned, and changes nothing in it.
func (l *Line) Heads(ctx context.Context, slug string, n int) (heads []routing.Ticket, err error) {
	if err := checked(ctx, routing.CheckTeam(slug)); err != nil {
		return nil, err
	}
	if n = min(n, routing.MaxList); n <= 0 {
		return nil, nil
	}
	l.with(slug, func(t *team, _ int64) {
		if len(t.classes) == 0 {
			return
		}
		n = min(n, max(1, routing.MaxList/len(t.classes)))
		if t.heads == nil || t.headsOf != n {
			t.heads, t.headsOf = t.first(n), n
		}
		heads = t.heads
	})
	return heads, nil
}

// first are the first n waiting of each class, and MaxList in all, next first.
func (t *team) first(n int) []routing.Ticket {
	if t.all.len() <= fewEnough {
		return t.inOrder(n)
	}
	places := make([]key, 0, min(t.all.len(), n*len(t.classes)))
	for _, c := range t.classes {
		left := n
		c.from(key{n: math.MinInt64}, func(k key) bool {
			places = append(places, k)
			left--
			return left > 0
		})
	}
	slices.SortFunc(places, key.compare)
	heads := make([]routing.Ticket, min(len(places), routing.MaxList))
	for i := range heads {
		heads[i] = places[i].of.ticket // as it was cloned when it came
	}
	return heads
}

// fewEnough is how many may stand in a line that is gone through as it stands, in place of class by class.
const fewEnough = 64

// inOrder is first for a line of few.
func (t *team) inOrder(n int) []routing.Ticket {
	some := 0
	for _, c := range t.classes {
		c.left = min(n, c.len())
		some += c.left
	}
	heads := make([]routing.Ticket, 0, some)
	t.all.from(key{n: math.MinInt64}, func(k key) bool {
		if e := k.of; e.holder == "" && e.in.left > 0 {
			e.in.left--
			heads = append(heads, e.ticket)
		}
		return len(heads) < some
	})
	return heads
}

// Ping implements routing.Line.
func (l *Line) Ping(ctx context.Context) error { return ctx.Err() }

// checked is the first reason not to begin.
func checked(ctx context.Context, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// clone keeps what is in the line apart from what a caller holds.
func clone(t routing.Ticket) routing.Ticket {
	t.Skills, t.Also, t.Except = slices.Clone(t.Skills), slices.Clone(t.Also), slices.Clone(t.Except)
	t.AskedFor.Skills = slices.Clone(t.AskedFor.Skills)
	t.Since = time.UnixMilli(t.Since.UnixMilli()).UTC()
	t.HeadStart = t.HeadStart.Truncate(time.Millisecond)
	return t
}
