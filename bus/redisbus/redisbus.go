// Package redisbus is the bus of many nodes, over Redis' pub/sub.
//
// What is published is delivered on the own node at once, as membus does it, and does not go through Redis; for the other
// nodes it is queued, and one goroutine sends what has gathered in one round trip: alone when it is quiet, many together
// when there is much, without a timer. What Redis brings back of a node's own is passed over by its first bytes. Every node
// looks at whose each message is, and leaves what nobody there watches: docs/decisions has the figures.
//
// Redis may be away for as long as it likes. What is published meanwhile reaches the own node, is dropped for the others,
// and counted; nobody waits for Redis but the two goroutines of Run. The nodes find by themselves what they have missed.
package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/bus/membus"
	"github.com/kohta/kohta/chat"
)

var _ bus.Bus = (*Bus)(nil)

// channel is the one channel of Redis that all nodes of a house publish to. Its own number is that of the encoding's kind: it
// changes only with a release that cannot run beside the one before.
const channel = "kohta:bus:1"

// channelOf is the channel of a house on a number of Redis: keys are apart by it, and channels are not.
func channelOf(number int) string {
	if number == 0 {
		return channel
	}
	return fmt.Sprintf("%s:%d", channel, number)
}

// Bounds of the bus.
const (
	// Depth is how much waits for the handlers of this node at most; twice as much waits for Redis.
	Depth      = membus.Depth
	depthOut   = 2 * Depth
	together   = 256             // of what waits, sent in one round trip at most
	heavy      = 1 << 20         // bytes of it
	sendWithin = time.Second     // then the other nodes count as not reachable
	lastWords  = 2 * time.Second // for what waits still, when Run ends
)

// Times by which a node judges whether it hears the others. Every beatEvery it says something, which must come back.
const (
	beatEvery = time.Second
	deafAfter = 3 * time.Second
)

// Bus implements bus.Bus for one of many nodes.
type Bus struct {
	local  *membus.Bus // for the handlers of this node
	client *redis.Client
	where  string // the channel
	self   node
	began  time.Time

	queue   chan item // for the other nodes
	ended   atomic.Bool
	waiting atomic.Int64 // in queue

	messages, signals atomic.Uint64 // dropped on their way to others
	unreadable        atomic.Uint64
	received          atomic.Uint64
	passed            atomic.Uint64 // nobody here wanted to read them

	subscribing sync.Mutex
	glances     atomic.Pointer[[]*glancer] // replaced, never changed

	silence breaker
	mu      sync.Mutex
	ear     ear
}

// item is one of the two.
type item struct {
	message *bus.Message
	signal  *bus.Signal
}

// Open connects to Redis and returns a bus that hears the other nodes from here on; what they publish is delivered once Run
// runs. Its errors are of kind Unavailable if Redis does not answer, and Invalid, with what to change, if it does not let this
// user listen or speak. options stay the caller's; Close frees what Open took.
func Open(ctx context.Context, options *redis.Options) (*Bus, error) {
	b := closed(options)
	if err := b.join(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// Later is a bus for a node that begins while Redis is away: it hears the others from when Redis is there and Run runs.
func Later(options *redis.Options) *Bus {
	b := closed(options)
	b.ear.pubsub, b.ear.deaf = b.client.Subscribe(context.Background(), b.where), true
	return b
}

func closed(options *redis.Options) *Bus {
	own := *options
	own.MaxRetries = -1 // what may have gone out is not sent again: at most once
	own.PoolSize, own.MinIdleConns = 2, 0
	own.ReadTimeout, own.WriteTimeout, own.DialTimeout = sendWithin, sendWithin, sendWithin
	b := &Bus{
		local: membus.New(), client: redis.NewClient(&own), where: channelOf(own.DB), began: time.Now(),
		queue: make(chan item, depthOut),
	}
	b.glances.Store(&[]*glancer{})
	rand.Read(b.self[:]) // never fails, by its own word
	return b
}

// join subscribes, waits until Redis says so, and tries to publish.
func (b *Bus) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*sendWithin)
	defer cancel()
	b.ear.pubsub = b.client.Subscribe(ctx, b.where)
	if _, err := b.ear.pubsub.ReceiveTimeout(ctx, 2*sendWithin); err != nil {
		return refused("listen to the other nodes", err)
	}
	frame, err := encodeBeat(b.self, b.since())
	if err != nil {
		return err
	}
	if err := b.client.Publish(ctx, b.where, frame).Err(); err != nil {
		return refused("speak to the other nodes", err)
	}
	return nil
}

// refused says what to change where Redis does not let this user; all else is unavailable.
func refused(what string, err error) error {
	var reply redis.Error
	if errors.As(err, &reply) && strings.HasPrefix(reply.Error(), "NOPERM") {
		return chat.Errorf(chat.Invalid, "the user of the Redis address may not %s: allow +publish +subscribe and the channels &kohta:* (%v)", what, err)
	}
	return fmt.Errorf("%s: %w: %w", what, chat.Errorf(chat.Unavailable, "Redis is away"), err)
}

// Close frees the connections. Run must have returned, or never have been called.
func (b *Bus) Close() error {
	b.hangUp()
	return b.client.Close()
}

func (b *Bus) since() time.Duration { return time.Since(b.began) }

// Publish implements bus.Bus. A message without events stays on this node.
func (b *Bus) Publish(_ context.Context, m bus.Message) {
	b.local.Deliver(&m)
	if len(m.Events) > 0 && !b.ended.Load() && !b.take(item{message: &m}, depthOut) {
		b.messages.Add(1)
	}
}

// Signal implements bus.Bus.
func (b *Bus) Signal(ctx context.Context, s bus.Signal) {
	b.local.Signal(ctx, s)
	if !b.ended.Load() && !b.take(item{signal: &s}, depthOut/2) {
		b.signals.Add(1)
	}
}

// take queues what comes for the others, unless upTo are queued already.
func (b *Bus) take(i item, upTo int64) bool {
	if b.waiting.Add(1) > upTo {
		b.waiting.Add(-1)
		return false
	}
	b.queue <- i // has room: waiting says so
	return true
}

// Subscribe implements bus.Bus.
func (b *Bus) Subscribe(h bus.Handler) (cancel func()) {
	g := &glancer{glance: h.Glance, passed: h.Passed}
	if g.glance == nil {
		g.glance = func(*chat.Conversation, bool) bool { return h.Message != nil }
	}
	if g.passed == nil {
		g.passed = func(*chat.Conversation) {}
	}
	b.change(func(all []*glancer) []*glancer { return append(all, g) })
	end := b.local.Subscribe(h)
	return func() {
		end()
		b.change(func(all []*glancer) []*glancer {
			return slices.DeleteFunc(all, func(other *glancer) bool { return other == g })
		})
	}
}

// glancer is a subscriber before it reads.
type glancer struct {
	glance func(next *chat.Conversation, attention bool) bool
	passed func(next *chat.Conversation)
}

// change replaces the list by a changed copy, so that who receives walks over it without a lock.
func (b *Bus) change(do func([]*glancer) []*glancer) {
	b.subscribing.Lock()
	defer b.subscribing.Unlock()
	all := do(slices.Clone(*b.glances.Load()))
	b.glances.Store(&all)
}

// Run implements bus.Bus.
func (b *Bus) Run(ctx context.Context) error {
	// The handlers of this node come last: what the others say until the end is still delivered.
	hear, deaf := context.WithCancel(context.WithoutCancel(ctx))
	defer deaf()
	var local, parts sync.WaitGroup
	var failed error
	local.Go(func() { failed = b.local.Run(hear) })
	parts.Go(func() { b.receive(ctx) })
	parts.Go(func() { b.listen(ctx) })
	parts.Go(func() { b.send(ctx) })
	parts.Wait()
	deaf()
	local.Wait()
	return failed
}

// Dropped implements bus.Bus.
func (b *Bus) Dropped() bus.Dropped {
	d := b.local.Dropped()
	d.Messages += b.messages.Load()
	d.Signals += b.signals.Load()
	return d
}

// Stats is how the bus stands with Redis and the other nodes.
type Stats struct {
	Cut        bool          // this node does not hear the others, or they do not hear it
	Lag        time.Duration // how long the last beat took through Redis and back
	Waiting    int64         // for Redis
	Received   uint64        // messages and signals of other nodes, those that were not read not among them
	Passed     uint64        // messages of other nodes that nobody here wanted to read
	Unreadable uint64        // of other nodes, and not understood: of a newer version, or not of a node at all
}

// Stats returns how the bus stands. It is cheap.
func (b *Bus) Stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Stats{
		Cut: b.ear.deaf || b.silence.open(), Lag: b.ear.lag, Waiting: b.waiting.Load(),
		Received: b.received.Load(), Passed: b.passed.Load(), Unreadable: b.unreadable.Load(),
	}
}
