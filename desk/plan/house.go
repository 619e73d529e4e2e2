package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Around is what it is like in the house when somebody waits.
type Around struct {
	Wait   *chat.Wait   // how long it will be; nil: that cannot be told
	Hours  *staff.Hours // when there are people; nil: always
	Nobody bool         // none of those who may take it is there
	Taken  bool         // outside the hours: somebody is there all the same, and is given it at once
	Mail   bool         // answers can be told of by mail
}

// look asks what it is like in the house, once.
func (p *planner) look() Around {
	if p.around == nil {
		p.around = &Around{}
		if p.in.Around != nil {
			*p.around = p.in.Around(p.Conversation)
		}
	}
	return *p.around
}

func (p *planner) now() time.Time { return p.house.At }

// open tells whether there are people at this hour.
func (p *planner) open() bool { return p.look().Hours.Open(p.now()) }

// wait is what can be told of the wait; nothing while nobody works on the line.
func (p *planner) wait() *chat.Wait {
	if a := p.look(); !a.Nobody && p.open() {
		return a.Wait
	}
	return nil
}

// waitIn is wait for a conversation that comes to a team, "" for the one that it is with, and asks for skills.
func (p *planner) waitIn(team string, skills []string) *chat.Wait {
	if c := &p.Conversation; p.around == nil {
		was, had := c.Team, c.Skills
		c.Team, c.Skills = cmp.Or(team, was), skills
		p.look()
		c.Team, c.Skills = was, had
	}
	return p.wait()
}

// What the house offers to who waits, by the option's id, and asks them, by the form's.
const (
	keepWaiting  = "wait"
	callBack     = "call_back"
	leaveMessage = "leave_message"
	cancelCall   = chat.CancelCall
	callAt       = "at."        // with the second since 1970
	callForm     = "call_back." // with the second since 1970
)

// receive tells who begins to wait that nobody is there, and what can be done then. Who is in danger is told where
// somebody answers now.
func (p *planner) receive() {
	p.received = true
	if a := p.look(); a.Taken || p.open() && !a.Nobody {
		return
	}
	w := words(p.Conversation.Language)
	text := p.nobody()
	if p.Conversation.Reason == chat.ReasonCrisis {
		text += " " + w.helpLines
	}
	p.must(chat.RoleSystem, chat.Tell{Text: text, Options: p.choices(), Opens: p.opens(), Reason: chat.Nobody})
}

// farthest is how far ahead the house speaks of an opening, or promises anything.
const farthest = 300 * 24 * time.Hour

// opens is when people are back, zero while they should be there, and where that is too far away to be spoken of.
func (p *planner) opens() time.Time {
	at, ok := p.look().Hours.Next(p.now())
	if !ok || p.open() || at.After(p.now().Add(farthest)) {
		return time.Time{}
	}
	return at
}

// closes is when people leave, zero while they are not there, and where they stay for long.
func (p *planner) closes() time.Time {
	at, ok := p.look().Hours.Until(p.now())
	if !ok {
		return time.Time{}
	}
	return at
}

// slots are the next hours at which somebody can call.
func (p *planner) slots(n int) []time.Time {
	return slices.DeleteFunc(p.look().Hours.Slots(p.now(), n), func(at time.Time) bool { return at.After(p.now().Add(farthest)) })
}

// nobody says that nobody is there, and when people are back.
func (p *planner) nobody() string {
	w := words(p.Conversation.Language)
	if at := p.opens(); !at.IsZero() {
		return fmt.Sprintf(w.nobodyUntil, p.look().Hours.Say(p.Conversation.Language, p.now(), at))
	}
	return w.nobody
}

// choices are what else there is than to wait.
func (p *planner) choices() []chat.Option {
	w, a := words(p.Conversation.Language), p.look()
	options := []chat.Option{{ID: keepWaiting, Label: w.keepWaiting}}
	if a.Mail && (p.Conversation.Contact == nil || p.Conversation.Contact.Email == "") {
		options = append(options, chat.Option{ID: leaveMessage, Label: w.leaveMessage})
	}
	if len(p.slots(1)) > 0 {
		options = append(options, chat.Option{ID: callBack, Label: w.callBack})
	}
	return options
}

// overdue is what a passed deadline is carried out with.
func (p *planner) overdue() chat.Command {
	cmd, _ := p.in.Command.(chat.Overdue)
	c := p.Conversation
	due := c.Deadline()
	if due == nil || due.At.After(p.now()) && !c.Lonely(cmd) {
		return cmd
	}
	w := words(c.Language)
	switch due.What {
	case chat.DueWord:
		cmd.Wait, cmd.Options = p.wait(), p.choices()
		cmd.Words, cmd.Opens, cmd.Closes = p.stand(cmd.Wait), p.opens(), p.closes()
		switch {
		case p.open() && !p.look().Nobody:
			if c.Alone {
				cmd.Reason = chat.Somebody
			}
		case cmd.Early:
			return chat.Overdue{} // nobody has, for this one
		default:
			cmd.Reason = chat.Nobody
		}
	case chat.DueSilent:
		if cmd.Words = w.silent; c.Nudges > 0 {
			cmd.Words = w.closing
		}
	}
	return cmd
}

// stand tells a waiting customer how things stand, and who is in danger where somebody answers now.
func (p *planner) stand(wait *chat.Wait) string {
	text := p.standing(wait)
	if c := p.Conversation; c.InDanger() {
		text += " " + words(c.Language).helpLines
	}
	return text
}

func (p *planner) standing(wait *chat.Wait) string {
	c, a := p.Conversation, p.look()
	w := words(c.Language)
	late := ""
	if c.Promise != nil && c.Promise.Met.IsZero() && c.Promise.Until.Before(p.now()) {
		late = fmt.Sprintf(w.late, a.Hours.Say(c.Language, p.now(), c.Promise.Until)) + " "
	}
	switch {
	case !p.open() || a.Nobody:
		return late + p.nobody()
	case late != "":
		return late + rangeOf(w, wait)
	case c.Alone && wait == nil:
		return w.here
	case c.Alone:
		return w.here + " " + rangeOf(w, wait)
	case !c.ToldUntil.IsZero() && !p.now().Before(c.ToldUntil):
		return w.past + " " + rangeOf(w, wait)
	case wait == nil:
		return w.stand
	}
	return w.thanks + " " + rangeOf(w, wait)
}

// rangeOf tells a range in minutes, or that none can be told.
func rangeOf(w said, wait *chat.Wait) string {
	if wait == nil {
		return w.unknown
	}
	low, high := max(1, wait.Low/60), max(1, (wait.High+59)/60)
	if high == 1 {
		return w.minute
	}
	if low == high {
		high++
	}
	return fmt.Sprintf(w.wait, low, high)
}

// answerChoice does what a customer chose of what the house offered, or wrote into a form of the house's.
func (p *planner) answerChoice(message chat.Event) {
	w := words(p.Conversation.Language)
	option := message.Detail.Option
	if option == cancelCall && p.Conversation.State == chat.WithAgent {
		p.tell(chat.Tell{Text: w.calledOff, Reason: chat.Cancelled})
	}
	form := p.askedForm(message.Detail.Answers)
	if p.Conversation.State != chat.Waiting || option == "" && form == "" {
		return
	}
	p.received = true // what follows is the answer to what they were told
	slot, isSlot := second(option, callAt)
	switch {
	case form != "":
		p.answerForm(form, message)
	case option == keepWaiting:
		p.tell(chat.Tell{Text: w.kept})
	case option == cancelCall:
		p.tell(chat.Tell{Text: w.cancelled, Reason: chat.Cancelled})
	case option == leaveMessage:
		p.ask(w.address, p.messageForm(chat.Field{}))
	case option == callBack:
		p.offerCalls()
	case isSlot && !slot.After(p.now()):
		p.offerCalls()
	case isSlot:
		p.ask(w.number, p.phoneForm(option[len(callAt):], chat.Field{}))
	}
}

// callOff takes back a call that is to come before an agent ends the conversation, or gives it to the bot: the customer
// hears of it, and does not wait for it.
func (p *planner) callOff() {
	switch p.in.Command.(type) {
	case chat.Resolve, chat.ToBot:
	default:
		return
	}
	if c := p.Conversation; c.Promise.Ahead(p.now()) && c.Promise.Channel == chat.ByPhone {
		p.tell(chat.Tell{Text: words(c.Language).calledOff, Reason: chat.Cancelled})
	}
}

// tell answers who chose something. The deadlines stay as they are.
func (p *planner) tell(cmd chat.Tell) { p.must(chat.RoleSystem, cmd) }

// second reads the time at the end of an option's or a form's id.
func second(id, prefix string) (time.Time, bool) {
	digits, ok := strings.CutPrefix(id, prefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	return time.Unix(n, 0).UTC(), ok && err == nil
}

// offeredCalls is how many hours a call back is offered for.
const offeredCalls = 4

func (p *planner) offerCalls() {
	w, hours := words(p.Conversation.Language), p.look().Hours
	var options []chat.Option
	for _, at := range p.slots(offeredCalls) {
		options = append(options, chat.Option{
			ID: callAt + strconv.FormatInt(at.Unix(), 10), Label: capital(hours.SaySlot(p.Conversation.Language, p.now(), at)),
		})
	}
	p.tell(chat.Tell{Text: w.whenCall, Options: append(options, chat.Option{ID: keepWaiting, Label: w.keepWaiting})})
}

func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// ask puts a form before the customer, who may also go on waiting.
func (p *planner) ask(text string, form *chat.Form) {
	w := words(p.Conversation.Language)
	p.tell(chat.Tell{Text: text, Form: form, Options: []chat.Option{{ID: keepWaiting, Label: w.keepWaiting}}})
}

// messageForm and phoneForm ask how to reach the customer; last is what was written before, and why it was not taken.
func (p *planner) messageForm(last chat.Field) *chat.Form {
	w := words(p.Conversation.Language)
	return &chat.Form{ID: leaveMessage, Fields: []chat.Field{
		{Name: "email", Label: w.email, Type: "email", Required: true, Value: last.Value, Wrong: last.Wrong},
		{Name: "message", Label: w.message, Type: "text"},
	}}
}

func (p *planner) phoneForm(second string, last chat.Field) *chat.Form {
	w := words(p.Conversation.Language)
	return &chat.Form{ID: callForm + second, Fields: []chat.Field{
		{Name: "phone", Label: w.phone, Type: "phone", Required: true, Value: last.Value, Wrong: last.Wrong},
	}}
}

// What is taken for an address or a number. Whether it is somebody's shows when it is used.
var (
	email = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@" +
		`([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`) // as in outbound/mail
	phone = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{3,24}$`)
)

// maxEmail is the longest address there is, by RFC 5321.
const maxEmail = 254

// reachable says of a form's answer whether the customer can be reached by it.
func (p *planner) reachable(cmd chat.Command) chat.Command {
	submit, ok := cmd.(chat.Submit)
	if !ok {
		return cmd
	}
	form := p.askedForm(submit.Seq)
	if form == "" {
		return cmd
	}
	for name, value := range submit.Fields { // a copy, made when it was masked
		submit.Fields[name] = strings.TrimSpace(value)
	}
	if strings.HasPrefix(form, callForm) {
		submit.Reach = phone.MatchString(submit.Fields["phone"])
	} else {
		submit.Reach = len(submit.Fields["email"]) <= maxEmail && email.MatchString(submit.Fields["email"])
	}
	return submit
}

// answerForm asks again if the customer cannot be reached so, and puts off until then what nobody could answer before.
func (p *planner) answerForm(form string, message chat.Event) {
	w, hours, fields := words(p.Conversation.Language), p.look().Hours, message.Contents.Fields
	at, isCall := second(form, callForm)
	switch {
	case isCall && !message.Detail.Reach:
		p.ask(w.number, p.phoneForm(form[len(callForm):], chat.Field{Value: fields["phone"], Wrong: w.wrongPhone}))
	case isCall && !at.After(p.now()):
		p.offerCalls() // the hour went by while they thought
	case isCall:
		text := fmt.Sprintf(w.call, hours.SaySlot(p.Conversation.Language, p.now(), at))
		p.putOff(chat.Promise{At: at, Until: at.Add(time.Hour), Channel: chat.ByPhone},
			chat.Tell{Text: text, Options: []chat.Option{{ID: cancelCall, Label: w.cancelCall}}})
	case !message.Detail.Reach:
		p.ask(w.address, p.messageForm(chat.Field{Value: fields["email"], Wrong: w.wrongEmail}))
	default:
		p.promiseMail()
	}
}

// promiseMail promises an answer for the morning to who left a message; while people are there they keep their place.
func (p *planner) promiseMail() {
	w, hours, at := words(p.Conversation.Language), p.look().Hours, p.opens()
	if at.IsZero() {
		p.tell(chat.Tell{Text: w.mailWaiting})
		return
	}
	until, ok := hours.Until(at)
	if !ok || until.After(at.Add(answerWithin)) {
		until = at.Add(answerWithin)
	}
	p.putOff(chat.Promise{At: at, Until: until, Channel: chat.ByEmail},
		chat.Tell{Text: fmt.Sprintf(w.mailPromised, hours.Say(p.Conversation.Language, p.now(), at))})
}

// answerWithin is how long after the opening who left a message in the night is answered at the latest.
const answerWithin = 4 * time.Hour

// putOff promises an answer and says so.
func (p *planner) putOff(promise chat.Promise, say chat.Tell) {
	p.must(chat.RoleSystem, chat.PutOff{Promise: promise})
	p.tell(say)
}

// askedForm is the id of the form of the house's that a message answers, "" if it answers none.
func (p *planner) askedForm(seq int64) string {
	for _, a := range p.Conversation.Asked {
		if seq != 0 && a.VisitorSeq == seq && a.House {
			return a.Form
		}
	}
	return ""
}
