// Package desk is what happens in the house: it takes what customers and agents want, plans it, has it stored, and
// tells everybody. It holds the clock, carries out deadlines, keeps line and store in agreement, and gives waiting
// conversations to agents. The store decides; everything that desk keeps in memory may be lost at any moment.
package desk

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// Actions makes the bot's requests to the outside. It returns within the action's own time-outs.
type Actions interface {
	Do(ctx context.Context, a chat.Action) chat.ActionResult
}

// Options are what a desk is built of. What has no default named beside it must be given.
type Options struct {
	Store   store.Store
	Line    routing.Line
	Roster  routing.Roster
	Bus     bus.Bus
	Bot     func() plan.Bot // the one in force; asked for each step
	Actions Actions
	Base    func() string // the desk's own address, for actions that name it as {base}
	Letters Letters       // to customers by mail; none are promised if nil
	Public  func() string // the desk's address as customers reach it, for links in letters; Base if nil
	Log     *zap.Logger

	// Turn tells whether it is this node's turn to do for a while what one node can do for all; nil: it always is. It may
	// be several nodes' turn at once: they do the same twice, and no harm.
	Turn func(ctx context.Context, part string, lease time.Duration) bool

	Plan func(plan.Input) (plan.Result, error) // plan.Plan if nil; a simulation puts mistakes in

	Now    func() time.Time // the reference clock; the wall clock if nil
	NewID  func() string    // UUIDv7 in lower case if nil
	Random func([]byte)     // of the quality of crypto/rand; that if nil
}

// Desk is safe for any number of callers at once. Run must run for deadlines, healing, actions and assignment.
type Desk struct {
	store   store.Store
	line    routing.Line
	roster  routing.Roster
	bus     bus.Bus
	bot     func() plan.Bot
	doer    Actions
	base    func() string
	letters Letters
	public  func() string
	log     *zap.Logger
	turn    func(ctx context.Context, part string, lease time.Duration) bool
	plan    func(plan.Input) (plan.Result, error)
	clock   func() time.Time
	newID   func() string
	random  func([]byte)

	conversations *conversations
	pages         *lru[string, []chat.Page]
	directory     directory
	presence      presence
	waits         waits
	unplaced      unplaced
	alarmed       *lru[string, int64] // conversations of who may be in danger: the fence behind which the supervisors heard of it
	actionQueue   chan errand
	letterQueue   chan errand   // letters, which a mail server that hangs may hold up
	kick          chan struct{} // something may be assigned
	came          atomic.Bool   // an agent came online here, since those who wait were told of it
	started       time.Time
	healing       sync.Mutex          // guards cursor and late
	heard         *lru[string, int64] // how far this node has heard of conversations
	cursor        int64
	late          []store.Head             // changed, and not heard of when the last sweep saw it
	reconcileAt   time.Time                // used by reconcile alone, as are
	reconciled    time.Time                //
	stuck         map[string]stuck         // by conversation; used by carryOut alone
	strangers     atomic.Pointer[[]string] // teams that nobody set up, and that somebody waits for
	stats         Stats
}

// Stats counts what operators watch. All of it only grows.
type Stats struct {
	Steps      atomic.Int64 // committed
	Conflicts  atomic.Int64 // steps that were decided again because the conversation had moved
	Repairs    atomic.Int64 // tickets that the line had lost, or had too many
	Overdue    atomic.Int64 // deadlines carried out
	BotFailed  atomic.Int64 // messages on which the bot panicked
	Errands    atomic.Int64 // outside actions made
	LostAgents atomic.Int64 // conversations taken from agents who were gone
	Missed     atomic.Int64 // offers that nobody answered
	Healed     atomic.Int64 // conversations that this node was told of by its own sweep

	PromisesKept   atomic.Int64 // an agent had the conversation in time
	PromisesBroken atomic.Int64

	Letters       atomic.Int64 // mails that went out
	LettersHeld   atomic.Int64 // tries that did not go well, or were put off
	LettersFailed atomic.Int64 // mails that will never go out
}

// New makes a desk. It starts nothing.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Turn == nil {
		o.Turn = func(context.Context, string, time.Duration) bool { return true }
	}
	if o.Plan == nil {
		o.Plan = plan.Plan
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.Random == nil {
		o.Random = func(b []byte) { rand.Read(b) } // never fails, by its own word
	}
	d := &Desk{
		store: o.Store, line: o.Line, roster: o.Roster, bus: o.Bus, bot: o.Bot, doer: o.Actions, base: o.Base, log: o.Log,
		letters: o.Letters, public: o.Public, plan: o.Plan, turn: o.Turn,
		clock: o.Now, newID: o.NewID, random: o.Random,
		conversations: newConversations(maxRemembered),
		pages:         newLRU[string, []chat.Page](maxPages),
		heard:         newLRU[string, int64](maxHeard),
		alarmed:       newLRU[string, int64](maxRemembered),
		actionQueue:   make(chan errand, maxErrands),
		letterQueue:   make(chan errand, maxErrands),
		kick:          make(chan struct{}, 1),
		stuck:         map[string]stuck{},
	}
	if d.public == nil {
		d.public = d.address
	}
	d.started = d.now()
	d.cursor = -1
	d.presence = presence{sockets: map[string]int{}, status: map[string]attendance{}, looked: map[string]looked{}, unknown: map[string]time.Time{}}
	return d
}

// Bounds of what a desk remembers; what falls out is read from the store again.
const (
	maxRemembered = 1024 // conversations
	maxPages      = 4096 // visitors with the pages they are on
	maxErrands    = 256  // outside actions that wait for a worker; letters, too
	errandWorkers = 16
	letterWorkers = 8
)

// Stats returns the counters.
func (d *Desk) Stats() *Stats { return &d.stats }

// now is by the reference clock, in whole milliseconds.
func (d *Desk) now() time.Time {
	t := d.clock().UTC().Round(0)
	return t.Add(-time.Duration(t.Nanosecond()) % time.Millisecond)
}

// Run works until ctx ends, and returns when all that it started has ended.
func (d *Desk) Run(ctx context.Context) error {
	if err := d.refresh(ctx); ctx.Err() != nil {
		return nil // ended before it had begun
	} else if err != nil {
		return err
	}
	defer d.bus.Subscribe(d.Handler())()
	var all sync.WaitGroup
	for range errandWorkers {
		all.Go(func() { d.runErrands(ctx, d.actionQueue) })
	}
	for range letterWorkers {
		all.Go(func() { d.runErrands(ctx, d.letterQueue) })
	}
	for _, part := range d.Parts() {
		all.Go(func() { d.every(ctx, part) })
	}
	all.Go(func() { d.dispatch(ctx) })
	all.Wait()
	return nil
}

// Part is something that a desk does again and again. What fails is tried again the next time.
type Part struct {
	Name  string
	Every time.Duration
	Do    func(context.Context) error
}

// Parts are all that Run does by itself but for outside actions and giving out the line, which Errand and Assign do. Who
// calls them in their stead, one at a time, needs no Run: a simulation, for which time is a number.
func (d *Desk) Parts() []Part {
	return []Part{
		{"deadlines", 500 * time.Millisecond, d.carryOut},
		{"healing", healEvery, d.heal},
		{"line", 5 * time.Second, d.reconcile},
		{"directory", time.Second, d.refresh},
		{"presence", time.Second, d.watchAgents},
		{"waits", time.Minute, d.keepWaits},
		{"old keys", time.Hour, d.forget},
	}
}

// Leases of what one node does for all: a little longer than the time between two rounds, so that who has it keeps it, and
// another goes on soon when that one is gone.
const (
	reconcileLease = 8 * time.Second
	forgetLease    = 50 * time.Minute
)

// lookAnyway is how often a node without the lease looks all the same: it may know something the others do not, or the
// holder may be stuck.
const lookAnyway = time.Minute

// every does a part at once and then again and again.
func (d *Desk) every(ctx context.Context, part Part) {
	tick := time.NewTicker(part.Every)
	defer tick.Stop()
	for {
		if err := part.Do(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("will be tried again", zap.String("part", part.Name), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (d *Desk) forget(ctx context.Context) error {
	if !d.turn(ctx, "keys", forgetLease) {
		return nil
	}
	if _, err := d.store.ForgetKeys(ctx, d.now().Add(-30*24*time.Hour)); err != nil {
		return err
	}
	if _, err := d.store.ForgetLinks(ctx, d.now().Add(-linkRemember)); err != nil {
		return err
	}
	_, err := d.store.ForgetSessions(ctx, d.now())
	return err
}
