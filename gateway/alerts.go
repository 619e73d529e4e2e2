package gateway

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// maxAlerts bounds what is kept for supervisors who come later; what is beyond it is told once.
const maxAlerts = 1000

// nudgesSupervisor is the reason of a nudged event that tells the supervisors: the agent was reminded in vain, or somebody may be
// in danger. It names no agent where it is of who waits, whom nobody could be given.
const nudgesSupervisor = "supervisor"

// alerts are what supervisors are told at once, kept as long as it holds. They follow from what is committed, so every
// node has them; one that has just begun knows those that came since.
type alerts struct {
	mu   sync.Mutex
	hold map[string]wire.Alert // by conversation
}

// see takes in one commit, and returns the alerts that it raises.
func (a *alerts) see(m *bus.Message) (raised []wire.Alert) {
	for i := range m.Events {
		if alert, ok := alertOf(&m.Events[i], &m.Next); ok {
			raised = append(raised, alert)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if held, ok := a.hold[m.Conversation]; ok && !holds(&held, &m.Next) {
		delete(a.hold, m.Conversation)
	}
	for _, alert := range raised {
		if len(a.hold) < maxAlerts && holds(&alert, &m.Next) {
			a.hold[m.Conversation] = alert
		}
	}
	return raised
}

// alertOf is the alert that an event is, if it is one.
func alertOf(e *chat.Event, c *chat.Conversation) (wire.Alert, bool) {
	alert := wire.Alert{Conversation: c.ID, At: e.At}
	switch {
	case e.Kind == chat.KindRaised:
		alert.What = wire.Raised
		return alert, true
	case e.Kind == chat.KindNudged && e.Detail.Reason == nudgesSupervisor:
		alert.What = wire.Silent
		if id := e.Detail.Agent; id != "" {
			alert.Agent = &wire.Person{ID: id, Name: cmp.Or(c.Names[id], e.Contents.Name)}
		}
		return alert, true
	}
	return alert, false
}

// holds tells whether there is still a reason for an alert.
func holds(a *wire.Alert, c *chat.Conversation) bool {
	switch {
	case a.What == wire.Raised:
		return c.State == chat.Waiting && c.Raised
	case a.Agent == nil:
		return c.State == chat.Waiting
	}
	return c.State == chat.WithAgent && c.CustomerLast && a.Agent.ID == c.Agent
}

// standing are the alerts that hold, oldest first.
func (a *alerts) standing() []wire.Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.SortedFunc(maps.Values(a.hold), func(x, y wire.Alert) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Conversation, y.Conversation))
	})
}
