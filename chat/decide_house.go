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
	case Tell:
		return d.tell(cmd)
	case PutOff:
		return d.putOff(cmd)
	case Hold:
		return d.hold(cmd)
	case Assign:
		if d.c.State != Waiting || d.c.Offer != nil {
			return Errorf(Conflict, "the conversation is not free to be assigned")
		}
		d.assign(shared(cmd.Agent, cmd.Share), cmd.Name)
		return nil
	case Mailed:
		return d.mailed(cmd)
	case Alarm:
		return d.alarm()
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
// turns out to be in danger is told where help is, before that is put to the front of the line; and so is who is with an agent.
func (d *decision) say(cmd Say) error {
	danger := (d.c.State == Waiting || d.c.State == WithAgent) && d.c.Feeling.Name == InCrisis && d.c.Reason != ReasonCrisis
	if d.c.State != WithBot && !danger {
		return Errorf(Conflict, "the bot does not own the conversation")
	}
	detail := Detail{Because: cmd.Because, Intent: cmd.Intent, Language: cmd.Language}
	if len(cmd.Options) > 0 || cmd.Form != nil {
		detail.Asks = asks(cmd.Options, cmd.Form)
	}
	d.add(KindMessage, detail, Contents{Text: cmd.Text, Options: cmd.Options, Form: cmd.Form, Memory: cmd.Memory, Fields: cmd.Fields})
	return nil
}

func asks(options []Option, form *Form) *Asked {
	a := &Asked{Options: options}
	if form == nil {
		return a
	}
	a.Form = form.ID
	for _, f := range form.Fields {
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
	due, team := until(d.in(d.firstWord(cmd.Wait), DueWord), cmd.Closes), cmd.Team
	if worse {
		due = d.c.Due
	}
	if team == "" {
		team = d.c.Team
	}
	d.add(KindEscalated, Detail{Reason: cmd.Reason, Team: team, Skills: cmd.Skills, Priority: cmd.Priority, Because: cmd.Because,
		Due: due, Wait: cmd.Wait}, contents)
	return nil
}

// firstWord is how long somebody who begins to wait gets no further word: until the told range ends, else Patience.Word.
func (d *decision) firstWord(told *Wait) time.Duration {
	if told == nil {
		return d.by.Patience.Word
	}
	return min(max(time.Duration(told.High)*time.Second, time.Minute), longestWord)
}

// until is a deadline, or when people leave if that comes before: who waits hears of it then.
func until(due *Due, closes time.Time) *Due {
	if closes = closes.UTC().Truncate(time.Millisecond); !closes.IsZero() && closes.Before(due.At) {
		due.At = closes
	}
	return due
}

// tell says something to who waits, or was put off, and may ask.
func (d *decision) tell(cmd Tell) error {
	if d.c.State != Waiting && d.c.State != Snoozed && !(d.c.State == WithAgent && cmd.Reason == Cancelled) {
		return Errorf(Conflict, "nobody waits")
	}
	due := d.c.Due
	if soon := d.in(d.soon(d.by.Patience.FirstAnswer), DueAnswer); cmd.Reason == Cancelled && due != nil && due.What == DueAnswer && due.At.After(soon.At) {
		due = soon // nobody is on the phone any more: the answer is a word
	}
	d.promise(cmd, due)
	return nil
}

func (d *decision) promise(cmd Tell, due *Due) {
	detail := Detail{Wait: cmd.Wait, Due: due, Reason: cmd.Reason}
	if !cmd.Opens.IsZero() {
		at := cmd.Opens.UTC().Truncate(time.Millisecond)
		detail.Until = &at
	}
	if len(cmd.Options) > 0 || cmd.Form != nil {
		detail.Asks = asks(cmd.Options, cmd.Form)
		detail.Asks.House = true
	}
	d.add(KindPromised, detail, Contents{Text: cmd.Text, Options: cmd.Options, Form: cmd.Form})
}

func (d *decision) putOff(cmd PutOff) error {
	p := cmd.Promise
	switch {
	case d.c.State != Waiting: // an offer that stands is cancelled by it
		return Errorf(Conflict, "the conversation cannot be put off now")
	case !p.At.After(d.by.At) || p.At.After(d.by.At.Add(maxSnooze)) || p.Until.Before(p.At):
		return Errorf(Invalid, "a promise is for a time to come, within a year")
	}
	p.At, p.Until = p.At.UTC().Truncate(time.Millisecond), p.Until.UTC().Truncate(time.Millisecond)
	d.add(KindSnoozed, Detail{Until: &p.At, Promise: &p, Due: &Due{At: p.At, What: DueWake}}, Contents{})
	return nil
}

func (d *decision) hold(cmd Hold) error {
	if d.c.State != Waiting || d.c.Offer != nil {
		return Errorf(Conflict, "the conversation is not free to be offered")
	}
	if !cmd.Until.After(d.by.At) { // who decided it stood still meanwhile
		return Errorf(Conflict, "the time to accept was over before it was offered")
	}
	d.offer(shared(cmd.Agent, cmd.Share), cmd.Name, cmd.Until)
	return nil
}

func (d *decision) offer(detail Detail, name string, until time.Time) {
	until = until.UTC().Truncate(time.Millisecond)
	if due := d.c.Due; due != nil && due.What == DueWord {
		detail.Word = &due.At
	}
	detail.Until, detail.Due = &until, &Due{At: until, What: DueOffer}
	d.add(KindOffered, detail, Contents{Name: name})
}

// shared is the detail of what the house gives to an agent.
func shared(agent string, s Share) Detail {
	return Detail{Agent: agent, Load: s.Load, Weight: s.Weight, Capacity: s.Capacity}
}

// agentLost is the reason why it leaves an agent who is gone, or is not held out to them any more.
const agentLost = "agent_lost"

func (d *decision) lose() error {
	switch {
	case d.c.State == WithAgent:
		d.unassign(agentLost)
	case d.c.Offer != nil:
		d.refused(Detail{Agent: d.c.Offer.Agent, Reason: agentLost}, Contents{})
	}
	return nil
}

// overdue carries out what the passed deadline asks for, and sets the next.
func (d *decision) overdue(cmd Overdue) error {
	due := d.c.Deadline()
	if due == nil || due.At.After(d.by.At) && !d.c.Lonely(cmd) {
		return nil
	}
	switch due.What {
	case DueWord:
		next := d.in(d.nextWord(cmd.Wait), DueWord)
		if !cmd.Opens.IsZero() { // nothing is new before
			next.At = cmd.Opens.UTC().Truncate(time.Millisecond).Add(d.by.Patience.Word)
		}
		d.promise(Tell{Text: cmd.Words, Options: cmd.Options, Wait: cmd.Wait, Opens: cmd.Opens, Reason: cmd.Reason}, until(next, cmd.Closes))
	case DueOffer:
		d.refused(Detail{Agent: d.c.Offer.Agent, Reason: "no_answer"}, Contents{})
	case DueAnswer:
		d.remind()
	case DueAction:
		return d.finish(Finish{Result: ActionResult{ID: d.c.Action.ID, Error: "timeout"}})
	case DueWake:
		d.wake()
	case DueSilent:
		d.silent(cmd)
	case DueLetter:
		d.letter(cmd)
	}
	return nil
}

// Lonely tells whether who waits hears before the deadline that somebody has come.
func (c *Conversation) Lonely(cmd Overdue) bool {
	due := c.Deadline()
	return cmd.Early && c.Alone && due != nil && due.What == DueWord
}

// remind sees to an answer that an agent owes: the agent is nudged, then the supervisors hear of it, then somebody else
// shall answer.
func (d *decision) remind() {
	whom := [...]string{"agent", "supervisor"}
	if d.c.Nudges >= len(whom) {
		d.unassign("no_answer")
		return
	}
	d.add(KindNudged, Detail{Agent: d.c.Agent, Reason: whom[d.c.Nudges], Due: d.in(d.soon(d.by.Patience.NextAnswer)/2, DueAnswer)},
		Contents{Name: d.c.Names[d.c.Agent]})
}

// silent sees to a customer who does not go on: they are asked once, gently, and later the conversation is closed.
func (d *decision) silent(cmd Overdue) {
	if p := d.c.Promise; p != nil && p.At.After(d.by.At) { // they are promised an answer later, and left in peace until then
		d.add(KindSnoozed, Detail{Until: &p.At, Promise: p, Due: &Due{At: p.At, What: DueWake}}, Contents{})
		return
	}
	asked := d.c.Nudges > 0
	due := d.in(d.by.Patience.Close, DueSilent)
	if asked {
		due = nil
	}
	d.add(KindMessage, Detail{Due: due}, Contents{Text: cmd.Words})
	if asked {
		d.add(KindClosed, Detail{By: RoleSystem}, Contents{})
	}
}

// alarm tells the supervisors of a customer in danger: who is with an agent, and leaves that agent less time; or who waits, whom
// nobody could be given.
func (d *decision) alarm() error {
	switch {
	case d.c.State == WithAgent:
		d.add(KindNudged, Detail{Agent: d.c.Agent, Reason: "supervisor", Due: d.in(d.soon(d.by.Patience.FirstAnswer), DueAnswer)},
			Contents{Name: d.c.Names[d.c.Agent]})
	case d.c.State == Waiting && d.c.Offer == nil && d.c.InDanger():
		d.add(KindNudged, Detail{Reason: "supervisor", Due: d.c.Due}, Contents{})
	}
	return nil
}

// maxLetters is how often a letter is tried, each time after twice as long.
const maxLetters = 6

// letter lets an agent's word go out by mail, unless the customer has read it in the chat.
func (d *decision) letter(cmd Overdue) {
	switch {
	case cmd.Read:
		d.add(KindMailing, Detail{}, Contents{})
	case d.c.Letter.Tries >= maxLetters:
		d.add(KindMailed, Detail{Reason: "failed"}, Contents{})
	default:
		next := d.by.At.Add(time.Minute << d.c.Letter.Tries)
		d.add(KindMailing, Detail{Letter: &next}, Contents{})
	}
}

// mailed notes what became of a letter that went out.
func (d *decision) mailed(cmd Mailed) error {
	if d.c.Erased > 0 {
		return nil
	}
	reason := ""
	if cmd.Failed {
		reason = "failed"
	}
	d.add(KindMailed, Detail{Reason: reason}, Contents{})
	return nil
}

// longestWord is how long nobody who waits is left without a word.
const longestWord = 30 * time.Minute

// nextWord makes the reports to a waiting customer rarer, up to every half hour: often enough to be believed, not so
// often as to nag. A range that was told holds until it ends.
func (d *decision) nextWord(told *Wait) time.Duration {
	rarer := min(d.by.Patience.Word*time.Duration(2+d.c.Nudges), longestWord)
	if told == nil {
		return rarer
	}
	return max(d.firstWord(told), min(rarer, longestWord))
}
