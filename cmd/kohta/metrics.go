package main

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"

	"github.com/kohta/kohta/bus/redisbus"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/gateway"
)

// registry has what operators watch of the desk and of the process; the gateway adds its own.
func registry(d *desk.Desk, log *zap.Logger) *prometheus.Registry {
	r, s := prometheus.NewRegistry(), d.Stats()
	r.MustRegister(&standing{gauges: d.Gauges, now: time.Now, log: log})
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, c := range []struct {
		name, help string
		count      *atomic.Int64
	}{
		{"kohta_steps_total", "Steps of conversations that were committed.", &s.Steps},
		{"kohta_conflicts_total", "Steps that were decided again because the conversation had moved.", &s.Conflicts},
		{"kohta_line_repairs_total", "Tickets that a line had lost, or had too many.", &s.Repairs},
		{"kohta_deadlines_total", "Deadlines that passed and were carried out.", &s.Overdue},
		{"kohta_bot_failures_total", "Messages on which the bot failed and a person took over.", &s.BotFailed},
		{"kohta_actions_total", "Requests that the bot had made outside.", &s.Errands},
		{"kohta_lost_agents_total", "Conversations given back to the line because their agent was gone.", &s.LostAgents},
		{"kohta_healed_total", "Conversations that this node was told of by its own sweep, because the bus had not.", &s.Healed},
		{"kohta_offers_missed_total", "Offers that the agent did not answer.", &s.Missed},
		{"kohta_promises_kept_total", "Promised answers and calls for which an agent was there in time.", &s.PromisesKept},
		{"kohta_promises_broken_total", "Promised answers and calls that came too late or never.", &s.PromisesBroken},
		{"kohta_letters_total", "Mails to customers that went out.", &s.Letters},
		{"kohta_letters_held_total", "Tries to send a mail that did not go well or were put off.", &s.LettersHeld},
		{"kohta_letters_failed_total", "Mails to customers that will never go out.", &s.LettersFailed},
	} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help},
			func() float64 { return float64(c.count.Load()) }))
	}
	return r
}

// watchNodes adds how a node stands with the others. Without --redis there are none.
func watchNodes(r *prometheus.Registry, fleet *redisbus.Bus, n *nodes) {
	if fleet == nil {
		return
	}
	for _, of := range []struct {
		name, help string
		value      func(redisbus.Stats) float64
	}{
		{"kohta_bus_cut_off", "1 while this node does not hear the others, or they do not hear it.", func(s redisbus.Stats) float64 {
			if s.Cut {
				return 1
			}
			return 0
		}},
		{"kohta_bus_lag_seconds", "How long the last beat took to Redis and back.", func(s redisbus.Stats) float64 { return s.Lag.Seconds() }},
		{"kohta_bus_waiting", "Messages and signals that wait for Redis.", func(s redisbus.Stats) float64 { return float64(s.Waiting) }},
	} {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: of.name, Help: of.help}, func() float64 { return of.value(fleet.Stats()) }))
	}
	r.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kohta_nodes", Help: "Nodes that stand on this Redis, this one included."},
			func() float64 { return float64(n.live.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "kohta_bus_received_total", Help: "Messages and signals of other nodes."},
			func() float64 { return float64(fleet.Stats().Received) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "kohta_bus_passed_total", Help: "Messages of other nodes that nobody on this one watches."},
			func() float64 { return float64(fleet.Stats().Passed) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "kohta_bus_unreadable_total", Help: "Frames of other nodes that this one does not understand."},
			func() float64 { return float64(fleet.Stats().Unreadable) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "kohta_bus_signals_dropped_total", Help: "Signals that the bus dropped: typing and the like."},
			func() float64 { return float64(fleet.Dropped().Signals) }),
	)
}

// standing tells how things stand in the line. It is read from the store, at most so often however many ask, and on
// every node alike: what counts is the largest that is told, not the sum.
type standing struct {
	gauges func(context.Context) (desk.Gauges, error)
	now    func() time.Time
	log    *zap.Logger

	mu    sync.Mutex
	tried time.Time
	at    time.Time // of last
	last  desk.Gauges
}

const (
	standingEvery  = 10 * time.Second
	standingWithin = 5 * time.Second
)

var (
	waitingGauge = prometheus.NewDesc("kohta_waiting", "Conversations that wait for a person.", []string{"team"}, nil)
	longestGauge = prometheus.NewDesc("kohta_longest_wait_seconds", "How long who waits longest for a person has waited.", []string{"team"}, nil)
	raisedGauge  = prometheus.NewDesc("kohta_raised", "Conversations that wait in the supervisors' lane.", nil, nil)
	silenceGauge = prometheus.NewDesc("kohta_longest_silence_seconds", "How long a customer who is owed an answer of a person is owed it at most.", nil, nil)
	dangerGauge  = prometheus.NewDesc("kohta_crisis_silence_seconds", "How long somebody who may be in danger is owed an answer of a person at most.", nil, nil)
)

// Describe is of prometheus.Collector.
func (s *standing) Describe(out chan<- *prometheus.Desc) {
	out <- waitingGauge
	out <- longestGauge
	out <- raisedGauge
	out <- silenceGauge
	out <- dangerGauge
}

// Collect is of prometheus.Collector. Until the store has answered once, there is nothing to tell.
func (s *standing) Collect(out chan<- prometheus.Metric) {
	g, away, ok := s.read()
	if !ok {
		return
	}
	seconds := func(d time.Duration) float64 {
		if d > 0 {
			d += away
		}
		return d.Seconds()
	}
	for team, n := range g.Waiting {
		out <- prometheus.MustNewConstMetric(waitingGauge, prometheus.GaugeValue, float64(n), team)
		out <- prometheus.MustNewConstMetric(longestGauge, prometheus.GaugeValue, seconds(g.Longest[team]), team)
	}
	out <- prometheus.MustNewConstMetric(raisedGauge, prometheus.GaugeValue, float64(g.Raised))
	out <- prometheus.MustNewConstMetric(silenceGauge, prometheus.GaugeValue, seconds(g.LongestOwed))
	out <- prometheus.MustNewConstMetric(dangerGauge, prometheus.GaugeValue, seconds(g.Danger))
}

// read is how things stood when the store last answered, and how long it has been away since. While it is away nothing is
// stored, so nobody can have been answered: who was owed an answer still is, and whom an alert was about is not forgotten.
func (s *standing) read() (g desk.Gauges, away time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.tried.IsZero() || now.Sub(s.tried) >= standingEvery {
		ctx, cancel := context.WithTimeout(context.Background(), standingWithin)
		defer cancel()
		g, err := s.gauges(ctx)
		s.tried = now
		if err == nil {
			s.at, s.last = now, g
		} else {
			s.log.Warn("how the line stands could not be read; what was read last is told", zap.Error(err))
		}
	}
	return s.last, s.tried.Sub(s.at), !s.at.IsZero()
}

// watchParts adds which parts /readyz names, so that somebody can be woken who is not asking it.
func watchParts(r *prometheus.Registry, ready func(context.Context) []gateway.Down) {
	r.MustRegister(downParts{ready})
}

// downParts tells what is down. Each part is there as long as it is well, too: what is never told cannot be told from what
// is never wrong.
type downParts struct {
	ready func(context.Context) []gateway.Down
}

// downWithin bounds the look at the parts, as /readyz does; Prometheus gives up after ten seconds.
const downWithin = 3 * time.Second

var downGauge = prometheus.NewDesc("kohta_down", "1 while /readyz names the part. With harmless=\"false\" the balancer sends nobody here for it.", []string{"part", "harmless"}, nil)

// Describe is of prometheus.Collector.
func (p downParts) Describe(out chan<- *prometheus.Desc) { out <- downGauge }

// Collect is of prometheus.Collector.
func (p downParts) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), downWithin)
	defer cancel()
	named := map[[2]string]float64{}
	for _, part := range []string{"database", "line", "redis", "bus", "bot", "mail"} {
		named[[2]string{part, "false"}], named[[2]string{part, "true"}] = 0, 0
	}
	for _, d := range p.ready(ctx) {
		named[[2]string{d.Part, strconv.FormatBool(d.Harmless)}] = 1
	}
	for labels, value := range named {
		out <- prometheus.MustNewConstMetric(downGauge, prometheus.GaugeValue, value, labels[:]...)
	}
}
