// Package gateway is the door: HTTP, both sockets, and sign-in. It decodes, checks size, rate and who it is, has the
// desk do it, answers, and shows what was committed to everybody who is to see it. What kind of error becomes which
// code is decided here and nowhere else.
package gateway

import (
	"context"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/wire"
)

// Options are what a gateway is built of. Desk, Store, Bus and Log must be given.
type Options struct {
	Desk  Desk
	Store Store
	Bus   bus.Bus
	Log   *zap.Logger
	Clock func() time.Time // the wall clock if nil

	Limits         bool                             // of rate and of number; sizes always hold
	Rates          Rates                            // UsualRates if zero
	Shared         Shared                           // limits that all nodes share; nil: this is the only one
	MaxConnections int                              // sockets at once; 0: no cap
	Short          func() bool                      // memory is short: no new socket is taken while it returns true; nil: never
	Proxies        []netip.Prefix                   // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Bot            func(language string) string     // what the bot is called; nil: nothing
	Ready          func(ctx context.Context) []Down // what does not work; nil: everything does
	Outcast        func() bool                      // agents are to work on another node as long as it says so; nil: never
	Metrics        *prometheus.Registry             // a new one if nil

	Widget  fs.FS        // built front ends: index.html, widget.js and what they refer to
	Console fs.FS        //
	Home    http.Handler // at /; nil: a short page that says what runs here
}

// Gateway serves HTTP and sockets. Run must run while it does.
type Gateway struct {
	desk     Desk
	store    Store
	bus      bus.Bus
	log      *zap.Logger
	clock    func() time.Time
	limits   bool
	shared   Shared
	most     int
	proxies  proxies
	bot      func(language string) string
	ready    func(ctx context.Context) []Down
	outcast  func() bool
	short    func() bool
	sessions *session.Sessions
	metrics  *metrics
	handler  http.Handler
	upgrader websocket.Upgrader

	buffers *buffers
	hub     *hub
	lines   *lines
	alerts  *alerts
	workers *workers
	counts  *counts

	admission *admission
	wheel     *wheel
	chores    chan func(context.Context)

	base     context.Context // of all work on frames; ends with the gateway
	stop     context.CancelFunc
	all      sync.WaitGroup // readers, writers and what catches up
	started  time.Time
	draining atomic.Bool
}

// maxChores is how many signals wait to be worked out. Signals may be lost.
const maxChores = 1024

// New makes a gateway. It starts nothing.
func New(o Options) *Gateway {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Bot == nil {
		o.Bot = func(string) string { return "" }
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) []Down { return nil }
	}
	if o.Outcast == nil {
		o.Outcast = func() bool { return false }
	}
	if o.Short == nil {
		o.Short = func() bool { return false }
	}
	if o.Rates == (Rates{}) {
		o.Rates = UsualRates
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	g := &Gateway{
		desk: o.Desk, store: o.Store, bus: o.Bus, log: o.Log, clock: o.Clock, limits: o.Limits, shared: o.Shared, most: o.MaxConnections,
		proxies: o.Proxies, bot: o.Bot, ready: o.Ready, outcast: o.Outcast, short: o.Short,
		sessions: session.New(o.Store, o.Clock, o.Limits),
		counts:   newCounts(o.Rates),
		chores:   make(chan func(context.Context), maxChores),
		started:  time.Now(),
	}
	g.base, g.stop = context.WithCancel(context.Background())
	g.buffers = newBuffers()
	g.hub = newHub(g)
	g.lines = &lines{gateway: g, views: map[string]*lineView{}}
	g.alerts = &alerts{hold: map[string]wire.Alert{}}
	g.workers = newWorkers(job.run)
	g.admission = newAdmission()
	g.wheel = newWheel(g)
	g.metrics = newMetrics(o.Metrics, g)
	g.upgrader = websocket.Upgrader{
		HandshakeTimeout: wire.HelloWithin, ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer,
		WriteBufferPool: &sync.Pool{}, Subprotocols: []string{wire.Protocol},
		CheckOrigin: func(*http.Request) bool { return true }, // checked before, where who it is decides
		Error:       func(w http.ResponseWriter, r *http.Request, status int, _ error) { problem(w, r, status, "") },
	}
	g.handler = g.routes(o)
	return g
}

// Handler serves the public address.
func (g *Gateway) Handler() http.Handler { return g.handler }

// MetricsHandler serves /metrics, for an address that is not public.
func (g *Gateway) MetricsHandler() http.Handler { return g.metrics.handler() }

// NewServer returns an HTTP server with the bounds that a public address needs: a client that is slow to say what it
// wants, or to take the answer, loses its connection. What the server would write to its log, a client can make it
// write, so it goes nowhere; what a handler has to say is logged by the handler.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
}

// Run works until ctx ends: heartbeats, the line, sessions, what the bus brings. Sockets are closed by Drain.
func (g *Gateway) Run(ctx context.Context) error {
	cancel := g.bus.Subscribe(bus.Handler{Message: g.committed, Signal: g.signal, Glance: g.hub.wants, Passed: g.passed})
	defer cancel()
	var parts sync.WaitGroup
	parts.Go(func() { g.wheel.turn(ctx) })
	parts.Go(func() { g.doChores(ctx) })
	parts.Go(func() { g.every(ctx, linesEvery, g.lines.show) })
	parts.Go(func() { g.every(ctx, placesEvery, g.hub.tellPlaces) })
	parts.Go(func() {
		g.every(ctx, time.Second, func(ctx context.Context) {
			g.checkSessions(ctx, "")
			g.sendAgentsElsewhere()
			g.hub.retry()
			g.counts.sweep(g.since())
			g.workers.trim(time.Now())
		})
	})
	parts.Wait()
	return nil
}

// linesEvery is how soon agents see that the line has moved.
const linesEvery = 200 * time.Millisecond

// every does a part again and again until ctx ends.
func (g *Gateway) every(ctx context.Context, pause time.Duration, do func(context.Context)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		}
	}
}

// chore has Run do something that the bus must not wait for. When there is too much, it is left out.
func (g *Gateway) chore(do func(context.Context)) {
	select {
	case g.chores <- do:
	default:
	}
}

func (g *Gateway) doChores(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case do := <-g.chores:
			within, cancel := context.WithTimeout(ctx, workWithin)
			do(within)
			cancel()
		}
	}
}

// since is how long the gateway is there, by a clock that nobody can set.
func (g *Gateway) since() time.Duration { return time.Since(g.started) }

func (g *Gateway) ms() int64 { return g.since().Milliseconds() }

// Drain ends the gateway's part in the order that loses nothing:
//
//  1. No more upgrades, and /readyz says so: the balancer sends people elsewhere.
//  2. Every socket is told to come back elsewhere, after the answer to the frame that is in work. They are told one
//     after the other over a moment, so that they do not all arrive at the other nodes at once.
//  3. Readers and writers are waited for, each of which ends by itself within its own time-outs, and then the workers,
//     who have nothing to do any more.
//  4. What is still there when ctx ends is cut off: its clients have their outbox.
//
// The listener is the caller's to close, after 1; Run must go on until Drain has returned. It is called once.
func (g *Gateway) Drain(ctx context.Context) error {
	g.draining.Store(true)
	g.admission.close()
	sockets := g.wheel.sockets()
	pause := min(drainOver/time.Duration(max(1, len(sockets))), 10*time.Millisecond)
	due := time.Now()
	for _, s := range sockets {
		s.close(wire.CloseDraining)
		if due = due.Add(pause); time.Until(due) > time.Millisecond && !sleep(ctx, time.Until(due)) {
			break
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		g.all.Wait()
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		g.stop()
		for _, s := range g.wheel.sockets() {
			s.net.Close()
		}
		<-ended
	}
	g.workers.stop()
	g.stop()
	return ctx.Err()
}

// drainOver is over how long sockets are told to come back, when there are many; few are told sooner.
const drainOver = 5 * time.Second

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
