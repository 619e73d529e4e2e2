package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// lane are the supervisors who are at work. What was raised is theirs alone, as far as one of them could be given it.
type lane []routing.Candidate

// supervisors reads which of them are online or busy.
func (d *Desk) supervisors(ctx context.Context) (l lane, err error) {
	p := d.people()
	if len(p.supervisors) == 0 {
		return nil, nil
	}
	there, err := d.roster.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is present: %w", err)
	}
	for _, at := range there {
		if (at.Status == routing.Online || at.Status == routing.Busy) && slices.Contains(p.supervisors, at.Agent) {
			l = append(l, plan.Candidate(p.agents[at.Agent], staff.Team{}, at, nil, time.Time{}))
		}
	}
	return l, nil
}

// ticket is a waiting conversation's place in the line. Where none of those at work in the lane could be given what was
// raised, raising it tells of it, and its agents go on being asked: else it would wait for nobody.
func (d *Desk) ticket(c *chat.Conversation, l lane) routing.Ticket {
	team := d.people().teams[c.Team]
	return ticketIn(&team, c, l, d.now())
}

// ticketIn is ticket, for many of a team in the same moment.
func ticketIn(team *staff.Team, c *chat.Conversation, l lane, now time.Time) routing.Ticket {
	t := routing.OfThis(c, team, now)
	t.Raised = t.Raised && slices.ContainsFunc(l, func(s routing.Candidate) bool { return t.Serves(&s) })
	return t
}

// ticketNow is the ticket as it stands with the supervisors by now. What cannot be read counts as nobody there: before
// anybody is given what was raised, it is looked again.
func (d *Desk) ticketNow(ctx context.Context, c *chat.Conversation) routing.Ticket {
	var l lane
	if c.Raised {
		var err error
		l, err = d.supervisors(ctx)
		d.soft("look for supervisors", err)
	}
	return d.ticket(c, l)
}

// theirs tells whether a conversation is the supervisors' alone by now, whatever the line says.
func (d *Desk) theirs(ctx context.Context, c *chat.Conversation) (bool, error) {
	if !c.Raised {
		return false, nil
	}
	l, err := d.supervisors(ctx)
	return d.ticket(c, l).Raised, err
}
