package chat

import (
	"slices"
	"time"
)

// answer is a message of an agent to the customer.
func (d *decision) answer(cmd Post) error {
	if err := d.ownerOnly(); err != nil {
		return err
	}
	detail := Detail{Due: d.in(d.silence(), DueSilent)}
	if d.c.Contact != nil && d.c.Contact.Email != "" {
		at := d.by.At.Add(d.by.Patience.Letter)
		detail.Letter = &at
	}
	d.add(KindMessage, detail, Contents{Text: cmd.Text})
	if d.c.State == Snoozed { // who writes is there, and the customer is not waiting
		d.add(KindWoken, Detail{State: WithAgent, Agent: d.c.Agent, Due: d.c.Due}, Contents{})
	}
	return nil
}

func (d *decision) take(cmd Take) error {
	if cmd.Waiting && d.c.State != Waiting && !d.mine() {
		return Errorf(Conflict, "the conversation does not wait")
	}
	switch d.c.State {
	case Closed:
		return Errorf(Conflict, "the conversation is closed")
	case WithAgent:
		if d.mine() {
			return &Already{d.c.Given.Assigned}
		}
		d.add(KindUnassigned, Detail{Agent: d.c.Agent, Reason: "taken_over", Due: d.c.Due}, Contents{Whom: d.c.Names[d.c.Agent]})
	}
	d.assign(Detail{Agent: d.by.By.ID, ByHand: true}, d.by.Name)
	return nil
}

func (d *decision) assign(detail Detail, name string) {
	detail.Due = d.in(d.silence(), DueSilent)
	if d.c.CustomerLast || d.c.State == WithBot {
		detail.Due = d.in(d.firstAnswer(), DueAnswer)
	}
	d.add(KindAssigned, detail, Contents{Name: name})
}

// silence is how long a customer may be silent before they are asked; during the hour of a promise, at least until that
// hour ends.
func (d *decision) silence() time.Duration {
	if p := d.c.Promise; p != nil && !p.At.After(d.by.At) {
		return max(d.by.Patience.Silence, p.Until.Sub(d.by.At))
	}
	return d.by.Patience.Silence
}

// callTakes is how long an agent may be on the phone with a customer who was promised a call.
const callTakes = 30 * time.Minute

// firstAnswer is how long an agent has for the first answer. In the hour of a promised call they are on the phone.
func (d *decision) firstAnswer() time.Duration {
	if p := d.c.Promise; p != nil && p.Channel == ByPhone && !p.At.After(d.by.At) && d.by.At.Before(p.Until) {
		return max(d.by.Patience.FirstAnswer, callTakes)
	}
	return d.soon(d.by.Patience.FirstAnswer)
}

// soon is a patience with agents: a third of it where somebody may be in danger.
func (d *decision) soon(patience time.Duration) time.Duration {
	if d.c.InDanger() {
		return patience / 3
	}
	return patience
}

func (d *decision) accept() error {
	if d.c.State == WithAgent && d.mine() {
		return &Already{d.c.Given.Assigned}
	}
	if !d.offered() {
		return Errorf(Conflict, "there is no offer to you")
	}
	d.assign(Detail{Agent: d.by.By.ID}, d.by.Name)
	return nil
}

func (d *decision) decline(cmd Decline) error {
	if !d.offered() {
		return Errorf(Conflict, "there is no offer to you")
	}
	d.refused(Detail{Agent: d.by.By.ID}, Contents{Note: cmd.Reason})
	return nil
}

// maxMissed is how many offers may come to nothing before supervisors are to see to the conversation.
const maxMissed = 5

// refused ends an offer. What a colleague passed on returns to them if they are there; what too many let pass is raised. Who
// is gone has let nothing pass, and may be asked again when they are back.
func (d *decision) refused(detail Detail, contents Contents) {
	from, word := d.c.Offer.From, d.c.Offer.Word
	again := d.by.At.Add(d.by.Patience.Cooldown)
	detail.Due = d.in(d.by.Patience.Word, DueWord)
	if detail.Reason != agentLost {
		detail.Until = &again
	}
	if !word.IsZero() && word.Before(detail.Due.At) { // what is offered to agents is no word to the customer
		detail.Due.At = word
		if word.Before(d.by.At) {
			detail.Due.At = d.by.At
		}
	}
	d.add(KindDeclined, detail, contents)
	d.by.By, d.by.Name = From{Role: RoleSystem}, "" // what follows is the house's doing
	if from != "" && d.by.Online {
		d.assign(Detail{Agent: from, ByHand: true, Reason: "refused"}, d.c.Names[from])
		return
	}
	if d.c.Missed >= maxMissed && !d.c.Raised {
		d.add(KindRaised, Detail{}, Contents{})
	}
}

func (d *decision) offered() bool {
	return d.c.State == Waiting && d.c.Offer != nil && d.c.Offer.Agent == d.by.By.ID
}

// note may be written by who has the conversation or was invited, or by any colleague while nobody has it.
func (d *decision) note(cmd Note) error {
	if err := CheckText(cmd.Text); err != nil {
		return err
	}
	if d.c.State == WithAgent && !d.mine() && !d.invited() {
		return Errorf(Conflict, "the conversation is a colleague's")
	}
	d.add(KindNote, Detail{}, Contents{Text: cmd.Text})
	return nil
}

func (d *decision) invited() bool {
	return d.by.By.Role == RoleAgent && slices.Contains(d.c.Invited, d.by.By.ID)
}

func (d *decision) invite(cmd Invite) error {
	if err := d.ownerOnly(); err != nil {
		return err
	}
	switch {
	case cmd.Agent == "" || cmd.Agent == d.by.By.ID:
		return Errorf(Invalid, "a colleague is invited, not %q", cmd.Agent)
	case slices.Contains(d.c.Invited, cmd.Agent):
		return Errorf(Conflict, "the colleague is here already")
	case len(d.c.Invited) >= MaxInvited:
		return Errorf(Conflict, "at most %d colleagues are invited", MaxInvited)
	}
	d.add(KindInvited, Detail{Agent: cmd.Agent}, Contents{Whom: d.by.To, Note: cmd.Note})
	return nil
}

func (d *decision) leave() error {
	if !d.invited() {
		return Errorf(Conflict, "you are not invited here")
	}
	d.add(KindLeft, Detail{Agent: d.by.By.ID}, Contents{})
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
	from := d.by.By.ID
	again := d.by.At.Add(d.by.Patience.Cooldown)
	d.add(KindTransferred, Detail{Team: team, Agent: cmd.Agent, Sender: from, Until: &again, Owed: true,
		Due: d.in(d.by.Patience.Word, DueWord)}, contents)
	if cmd.Agent != "" && d.by.Online {
		d.by.By = From{Role: RoleSystem} // the house holds it out: the event's name is the colleague's
		d.offer(Detail{Agent: cmd.Agent, Sender: from}, d.by.To, d.by.At.Add(d.by.Patience.Offer))
	}
	return nil
}

func (d *decision) release() error {
	if d.c.State == Waiting && d.c.Given.By == d.by.By.ID && d.c.Given.Released.Agent > d.c.Fence {
		return &Already{d.c.Given.Released}
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	d.unassign("released")
	return nil
}

func (d *decision) unassign(reason string) {
	again := d.by.At.Add(d.by.Patience.Cooldown)
	d.add(KindUnassigned, Detail{Agent: d.c.Agent, Reason: reason, Owed: true, Until: &again, Due: d.in(d.by.Patience.Word, DueWord)},
		Contents{Name: d.c.Names[d.c.Agent]})
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

// snooze puts aside. What the customer was promised for an earlier time wakes it then.
func (d *decision) snooze(cmd Snooze) error {
	if !cmd.Until.After(d.by.At) || cmd.Until.After(d.by.At.Add(maxSnooze)) {
		return Errorf(Invalid, "a snooze ends in the future, within a year")
	}
	if err := d.ownerOnly(); err != nil {
		return err
	}
	until, promise := cmd.Until.UTC().Truncate(time.Millisecond), cmd.Promise
	if p := d.c.Promise; promise == nil && p.Ahead(d.by.At) {
		promise = p
		if p.At.Before(until) {
			until = p.At
		}
	}
	d.add(KindSnoozed, Detail{Until: &until, Promise: promise, Due: &Due{At: until, What: DueWake}}, Contents{})
	return nil
}
