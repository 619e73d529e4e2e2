package gateway

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// metrics are what operators watch. Labels come from fixed lists: nothing that a client sends becomes one.
type metrics struct {
	registry *prometheus.Registry
	acks     *prometheus.CounterVec
	errors   *prometheus.CounterVec
	closes   *prometheus.CounterVec
	refused  *prometheus.CounterVec
	hellos   prometheus.Counter
	gaps     prometheus.Counter
	took     prometheus.Histogram
}

// ackSeconds are the steps in which the time to an acknowledgement is told: from a quiet disk to the ten seconds within
// which everybody has an answer.
func ackSeconds() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

func newMetrics(registry *prometheus.Registry, g *Gateway) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: registry,
		acks:     counter("kohta_acks_total", "Frames that were stored and acknowledged.", "role"),
		errors:   counter("kohta_errors_total", "Frames that were answered with an error.", "code"),
		closes:   counter("kohta_closes_total", "Sockets that ended, by close code.", "code"),
		refused:  counter("kohta_refused_upgrades_total", "Connections that were turned away.", "status"),
		hellos:   prometheus.NewCounter(prometheus.CounterOpts{Name: "kohta_hellos_total", Help: "Sockets that were welcomed."}),
		gaps:     prometheus.NewCounter(prometheus.CounterOpts{Name: "kohta_gaps_total", Help: "Subscriptions that were caught up from the store."}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "kohta_ack_seconds", Help: "From when a frame that writes was taken up until it was stored.", Buckets: ackSeconds()}),
	}
	registry.MustRegister(m.acks, m.errors, m.closes, m.refused, m.hellos, m.gaps, m.took,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kohta_unacknowledged", Help: "Frames that came in and are not answered yet."},
			func() float64 { return float64(g.workers.unanswered.Load()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kohta_sockets", Help: "Open sockets."},
			func() float64 { return float64(g.counts.connections()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "kohta_bus_dropped_total", Help: "Messages that the bus dropped; the store had them."},
			func() float64 { return float64(g.bus.Dropped().Messages) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kohta_welcomes_waiting", Help: "Sockets that have said hello and wait for their turn."},
			func() float64 { return float64(g.admission.waiting.Load()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kohta_draining", Help: "1 when this node lets nobody in any more, as it ends."},
			func() float64 {
				if g.draining.Load() {
					return 1
				}
				return 0
			}),
	)
	for _, c := range []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := registry.Register(c); err != nil {
			continue // the caller has them in its registry already
		}
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) acked(role chat.Role, took time.Duration) {
	m.acks.WithLabelValues(string(role)).Inc()
	m.took.Observe(took.Seconds())
}

func (m *metrics) failed(code wire.Code) { m.errors.WithLabelValues(string(code)).Inc() }

// closed counts the end of a socket. Codes that a client made up are counted together.
func (m *metrics) closed(code int) {
	label := "other"
	if code == 1000 || closeReason(code) != "" {
		label = strconv.Itoa(code)
	}
	m.closes.WithLabelValues(label).Inc()
}
