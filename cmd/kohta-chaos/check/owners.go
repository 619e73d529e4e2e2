package check

import "fmt"

// owners: one agent at a time has a conversation, and nobody else writes into it.
func (j *judge) owners() {
	for _, id := range sorted(j.Logs) {
		j.owner(id, j.Logs[id])
	}
	of := map[string]string{}
	for _, p := range j.Participants {
		for _, id := range p.Owns {
			if other, two := of[id]; two {
				j.breach(DoubleOwned, "owner "+id, "conversation %s is with %s and with %s", id, other, p.Name)
			}
			of[id] = p.Name
		}
	}
}

// owner goes through one log. An assignment to another comes only after the one before it has ended.
func (j *judge) owner(id string, log []Event) {
	owner := ""
	for _, e := range log {
		subject := fmt.Sprint("owner ", id, " ", e.Seq)
		switch e.Kind {
		case "assigned":
			if owner != "" && owner != e.Agent {
				j.breach(DoubleOwned, subject, "conversation %s is given to %s at %d, while %s has it", id, j.names[e.Agent], e.Seq, j.names[owner])
			}
			owner = e.Agent
		case "unassigned", "transferred", "returned", "reopened", "escalated":
			owner = ""
		case "message", "closed":
			if e.Role == "agent" && e.From != owner {
				j.breach(DoubleOwned, subject, "%s writes at %d of conversation %s, which %s has", j.names[e.From], e.Seq, id, j.names[owner])
			}
			if e.Kind == "closed" {
				owner = ""
			}
		}
	}
}
