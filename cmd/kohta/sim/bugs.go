package sim

import (
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
)

// mistaken is plan.Plan with the mistake of this world in it.
func (w *world) mistaken(in plan.Input) (plan.Result, error) { return plan.Plan(in) }

func (w *world) mistakenTicket(t routing.Ticket) routing.Ticket       { return t }
func (w *world) mistakenHeads(list []routing.Ticket) []routing.Ticket { return list }
func (w *world) mistakenLine(list []routing.Ticket) []routing.Ticket  { return list }
func (w *world) mistakenPresence(p routing.Presence) routing.Presence { return p }

var _ = slices.Contains[[]string]
var _ = time.Second
var _ chat.State
