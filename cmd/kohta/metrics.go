package main

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/kohta/kohta/desk"
)

// registry has what operators watch of the desk and of the process; the gateway adds its own.
func registry(s *desk.Stats) *prometheus.Registry {
	r := prometheus.NewRegistry()
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
		{"kohta_letters_total", "Mails to customers that went out.", &s.Letters},
		{"kohta_letters_held_total", "Tries to send a mail that did not go well or were put off.", &s.LettersHeld},
		{"kohta_letters_failed_total", "Mails to customers that will never go out.", &s.LettersFailed},
	} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help},
			func() float64 { return float64(c.count.Load()) }))
	}
	return r
}
