package chat

import "time"

// answer is a message of an agent to the customer.
func (d *decision) answer(cmd Post) error {
	if err := d.ownerOnly(); err != nil {
		return err
	}
	if d.c.State == Snoozed {
		d.by.Online = true // who writes is there
		defer d.wakeAnswered()
	}
	d.add(KindMessage, Detail{}, Contents{Text: cmd.Text})
	return nil
}

// wakeAnswered ends a snooze by the owner's own message: the customer is not waiting.
func (d *decision) wakeAnswered() {
	d.add(KindWoken, Detail{State: WithAgent, Agent: d.c.Agent}, Contents{})
}

func (d *decision) take() error {
	switch d.c.State {
	case Closed:
		return Errorf(Conflict, "the conversation is closed")
	case WithAgent:
		if d.mine() {
			return &Already{d.c.Given.Assigned}
		}
		d.add(KindUnassigned, Detail{Agent: d.c.Agent, Reason: "taken_over", Due: d.c.Due}, Contents{Whom: d.c.Names[d.c.Agent]})
	}
	d.assign(d.by.By.ID, d.by.Name, true)
	return nil
}

func (d *decision) assign(agent, name string, byHand bool) {
	var due *Due
	if d.c.CustomerLast {
		due = d.in(d.by.Patience.FirstAnswer, DueAnswer)
	}
	d.add(KindAssigned, Detail{Agent: agent, ByHand: byHand, Due: due}, Contents{Name: name})
}

func (d *decision) accept() error {
	if d.c.State == WithAgent && d.mine() {
		return &Already{d.c.Given.Assigned}
	}
	if !d.offered() {
		return Errorf(Conflict, "there is no offer to you")
	}
	d.assign(d.by.By.ID, d.by.Name, false)
	return nil
}

func (d *decision) decline(cmd Decline) error {
	if !d.offered() {
		return Errorf(Conflict, "there is no offer to you")
	}
	d.add(KindDeclined, Detail{Agent: d.by.By.ID, Due: d.in(d.by.Patience.Word, DueWord)}, Contents{Note: cmd.Reason})
	return nil
}

func (d *decision) offered() bool {
	return d.c.State == Waiting && d.c.Offer != nil && d.c.Offer.Agent == d.by.By.ID
}

// note may be written by who has the conversation, or by any colleague while nobody has it.
func (d *decision) note(cmd Note) error {
	if err := CheckText(cmd.Text); err != nil {
		return err
	}
	if d.c.State == WithAgent && !d.mine() {
		return Errorf(Conflict, "the conversation is a colleague's")
	}
	d.add(KindNote, Detail{}, Contents{Text: cmd.Text})
	return nil
}

func (d *decision) transfer(cmd Transfer) error {
	if cmd.Team == "" && cmd.Agent == "" {
		return Errorf(Invalid, "a transfer needs a team or an agent")
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	if cmd.Agent == d.by.By.ID {
		return Errorf(Invalid, "the conversation is yours already")
	}
	team := cmd.Team
	if team == "" {
		team = d.c.Team
	}
	contents := Contents{Note: cmd.Note}
	if cmd.Agent != "" {
		contents.Whom = d.by.To
	}
	d.add(KindTransferred, Detail{Team: team, Agent: cmd.Agent, Due: d.in(d.by.Patience.Word, DueWord)}, contents)
	if cmd.Agent != "" && d.by.Online {
		d.by.By = From{Role: RoleSystem} // the house holds it out: the event's name is the colleague's
		return d.hold(Hold{Agent: cmd.Agent, Name: d.by.To, Until: d.by.At.Add(d.by.Patience.Offer)})
	}
	return nil
}

func (d *decision) release() error {
	if d.c.State == Waiting && d.c.Given.By == d.by.By.ID {
		return &Already{d.c.Given.Released}
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	d.unassign("released")
	return nil
}

func (d *decision) unassign(reason string) {
	d.add(KindUnassigned, Detail{Agent: d.c.Agent, Reason: reason, Due: d.in(d.by.Patience.Word, DueWord)}, Contents{Name: d.c.Names[d.c.Agent]})
}

func (d *decision) toBot() error {
	if d.c.State == WithBot && d.c.Given.Returned != (Numbers{}) {
		return &Already{d.c.Given.Returned}
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	d.add(KindReturned, Detail{}, Contents{})
	return nil
}

func (d *decision) resolve() error {
	if d.c.State == Closed {
		return d.close()
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	return d.close()
}

// maxSnooze keeps a conversation from being put aside for good.
const maxSnooze = 366 * 24 * time.Hour

func (d *decision) snooze(cmd Snooze) error {
	if !cmd.Until.After(d.by.At) || cmd.Until.After(d.by.At.Add(maxSnooze)) {
		return Errorf(Invalid, "a snooze ends in the future, within a year")
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	until := cmd.Until.UTC().Truncate(time.Millisecond)
	d.add(KindSnoozed, Detail{Until: &until, Promise: cmd.Promise, Due: &Due{At: until, What: DueWake}}, Contents{})
	return nil
}
