package routing_test

import (
	"testing"

	"github.com/kohta/kohta/routing"
)

// A ring lets in who would do; who was asked for goes first all the same.
func TestWhoWasAskedForGoesFirst(t *testing.T) {
	ticket := routing.Ticket{Conversation: "c", Team: "support", AskedFor: routing.Asked{Language: "sv", Skills: []string{"care"}}}
	free := func(agent string, load int, languages, skills []string) routing.Candidate {
		return routing.Candidate{Agent: agent, Teams: []string{"support"}, Status: routing.Online, Capacity: 400, Load: load, Languages: languages, Skills: skills}
	}
	got, ok := routing.Pick(ticket, []routing.Candidate{
		free("aino", 0, []string{"fi"}, []string{"care"}), free("ville", 200, []string{"sv"}, []string{"care"}), free("sari", 0, []string{"sv"}, nil),
	}, now)
	if !ok || got != "ville" {
		t.Errorf("given to %q", got)
	}
	if got, ok := routing.Pick(ticket, []routing.Candidate{free("aino", 0, []string{"fi"}, nil)}, now); !ok || got != "aino" {
		t.Errorf("when nobody has it all, it is given to %q", got)
	}
}
