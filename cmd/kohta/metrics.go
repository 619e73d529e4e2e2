package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"

	"github.com/kohta/kohta/desk"
)

// registry has what operators watch of the desk and of the process; the gateway adds its own.
func registry(d *desk.Desk, log *zap.Logger) *prometheus.Registry {
	r, s := prometheus.NewRegistry(), d.Stats()
	r.MustRegister(&standing{desk: d, log: log})
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

// standing tells how things stand in the line. It is read from the store, at most so often however many ask, and on
// every node alike: what counts is the largest that is told, not the sum.
type standing struct {
	desk *desk.Desk
	log  *zap.Logger

	mu   sync.Mutex
	at   time.Time
	last desk.Gauges
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
)

// Describe is of prometheus.Collector.
func (s *standing) Describe(out chan<- *prometheus.Desc) {
	out <- waitingGauge
	out <- longestGauge
	out <- raisedGauge
	out <- silenceGauge
}

// Collect is of prometheus.Collector. When the store does not answer, there is nothing to tell.
func (s *standing) Collect(out chan<- prometheus.Metric) {
	g, ok := s.read()
	if !ok {
		return
	}
	for team, n := range g.Waiting {
		out <- prometheus.MustNewConstMetric(waitingGauge, prometheus.GaugeValue, float64(n), team)
		out <- prometheus.MustNewConstMetric(longestGauge, prometheus.GaugeValue, g.Longest[team].Seconds(), team)
	}
	out <- prometheus.MustNewConstMetric(raisedGauge, prometheus.GaugeValue, float64(g.Raised))
	out <- prometheus.MustNewConstMetric(silenceGauge, prometheus.GaugeValue, g.Silence.Seconds())
}

func (s *standing) read() (desk.Gauges, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.at.IsZero() && time.Since(s.at) < standingEvery {
		return s.last, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), standingWithin)
	defer cancel()
	g, err := s.desk.Gauges(ctx)
	if err != nil {
		s.log.Warn("how the line stands could not be read", zap.Error(err))
		return g, false
	}
	s.at, s.last = time.Now(), g
	return g, true
}
