package chat

import (
	"fmt"
	"time"
)

// decideHouse decides the commands of bot and system.
func (d *decision) decideHouse(cmd Command) error {
	switch cmd := cmd.(type) {
	case Say:
		return d.say(cmd)
	case Remember:
		if d.c.State == WithBot {
			d.add(KindBotState, Detail{}, Contents{Memory: cmd.Memory})
		}
		return nil
	case Feel:
		return d.feel(cmd)
	case Act:
		return d.act(cmd)
	case Finish:
		return d.finish(cmd)
	case Escalate:
		return d.escalate(cmd)
	case Hold:
		return d.hold(cmd)
	case Assign:
		if d.c.State != Waiting || d.c.Offer != nil {
			return Errorf(Conflict, "the conversation is not free to be assigned")
		}
		d.assign(cmd.Agent, cmd.Name, false)
		return nil
	case Lose:
		return d.lose()
	case Overdue:
		return d.overdue(cmd)
	case Erase:
		return d.erase()
	}
	return fmt.Errorf("chat: command %T has no decision", cmd)
}

// say is the bot's message. The bot is silent from the moment a person has been brought in, but for one: who waits and
// turns out to be in danger is told where help is, before that is put to the front of the line.
func (d *decision) say(cmd Say) error {
	danger := d.c.State == Waiting && d.c.Feeling.Name == InCrisis && d.c.Reason != ReasonCrisis
	if d.c.State != WithBot && !danger {
		return Errorf(Conflict, "the bot does not own the conversation")
	}
	detail := Detail{Because: cmd.Because, Intent: cmd.Intent, Language: cmd.Language}
	if len(cmd.Options) > 0 || cmd.Form != nil {
		detail.Asks = asks(cmd)
	}
	d.add(KindMessage, detail, Contents{Text: cmd.Text, Options: cmd.Options, Form: cmd.Form, Memory: cmd.Memory, Fields: cmd.Fields})
	return nil
}

func asks(cmd Say) *Asked {
	a := &Asked{Options: cmd.Options}
	if cmd.Form == nil {
		return a
	}
	a.Form = cmd.Form.ID
	for _, f := range cmd.Form.Fields {
		f.Value, f.Wrong = "", ""
		a.Fields = append(a.Fields, f)
	}
	return a
}

func (d *decision) feel(cmd Feel) error {
	if d.c.State == Closed {
		return Errorf(IsClosed, "the conversation is closed")
	}
	f := cmd.Feeling
	quote := cut(f.Quote)
	f.Quote = ""
	d.add(KindFeeling, Detail{Feeling: &f, Of: cmd.Of}, Contents{Quote: quote})
	return nil
}

func (d *decision) act(cmd Act) error {
	if d.c.State != WithBot || d.c.Action != nil {
		return Errorf(Conflict, "an action cannot start now")
	}
	a := cmd.Action
	hangs := a.Timeout*time.Duration(1+a.Retries) + d.by.Patience.Action
	d.add(KindActionStarted, Detail{ActionID: a.ID, Due: d.in(hangs, DueAction)}, Contents{Action: &a})
	return nil
}

func (d *decision) finish(cmd Finish) error {
	if d.c.Action == nil || d.c.Action.ID != cmd.Result.ID {
		return nil
	}
	d.add(KindActionEnded, Detail{ActionID: cmd.Result.ID}, Contents{Result: &cmd.Result})
	return nil
}

// escalate brings a person in. Who waits already is only moved by a crisis.
func (d *decision) escalate(cmd Escalate) error {
	worse := d.c.State == Waiting && cmd.Reason == ReasonCrisis && d.c.Reason != ReasonCrisis
	switch {
	case d.c.State == Closed:
		return Errorf(IsClosed, "the conversation is closed")
	case d.c.State != WithBot && !worse:
		return &Already{d.c.Given.Escalated}
	}
	contents := Contents{Quote: cmd.Quote, Baton: cmd.Baton}
	if cmd.Baton != nil {
		contents.About = cutTo(cmd.Baton.Wants, maxAbout)
	}
	due, team := d.in(d.by.Patience.Word, DueWord), cmd.Team
	if worse {
		due = d.c.Due
	}
	if team == "" {
		team = d.c.Team
	}
	d.add(KindEscalated, Detail{Reason: cmd.Reason, Team: team, Skills: cmd.Skills, Because: cmd.Because, Due: due}, contents)
	return nil
}

func (d *decision) hold(cmd Hold) error {
	if d.c.State != Waiting || d.c.Offer != nil {
		return Errorf(Conflict, "the conversation is not free to be offered")
	}
	until := cmd.Until.UTC().Truncate(time.Millisecond)
	d.add(KindOffered, Detail{Agent: cmd.Agent, Until: &until, Due: &Due{At: until, What: DueOffer}}, Contents{Name: cmd.Name})
	return nil
}

func (d *decision) lose() error {
	if d.c.State != WithAgent {
		return nil
	}
	d.unassign("agent_lost")
	return nil
}

// overdue carries out what the passed deadline asks for, and sets the next.
func (d *decision) overdue(cmd Overdue) error {
	if d.c.Due == nil || d.c.Due.At.After(d.by.At) {
		return nil
	}
	switch d.c.Due.What {
	case DueWord:
		d.add(KindPromised, Detail{Wait: cmd.Wait, Due: d.in(d.nextWord(), DueWord)}, Contents{Text: cmd.Words})
	case DueOffer:
		d.add(KindDeclined, Detail{Agent: d.c.Offer.Agent, Reason: "no_answer", Due: d.in(d.by.Patience.Word, DueWord)}, Contents{})
	case DueAnswer:
		if d.c.Nudges > 0 {
			d.unassign("no_answer")
			return nil
		}
		d.add(KindNudged, Detail{Agent: d.c.Agent, Due: d.in(d.by.Patience.NextAnswer, DueAnswer)}, Contents{Name: d.c.Names[d.c.Agent]})
	case DueAction:
		return d.finish(Finish{Result: ActionResult{ID: d.c.Action.ID, Error: "timeout"}})
	case DueWake:
		d.wake()
	}
	return nil
}

// nextWord makes the reports to a waiting customer rarer, up to every half hour: often enough to be believed, not so
// often as to nag.
func (d *decision) nextWord() time.Duration {
	return min(d.by.Patience.Word*time.Duration(2+d.c.Nudges), 30*time.Minute)
}
