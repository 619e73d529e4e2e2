package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Decide says which events a command makes, and returns them with their numbers, together with the conversation as it
// is after them. It is pure. Its error has a kind, or is an *Already when the work is done; then nothing changes. No
// events and no error means that there is nothing to do.
func Decide(c Conversation, by Envelope, cmd Command) (Conversation, []Event, error) {
	return Go(nil, c, by, cmd)
}

// Go is Decide for a step that has made events already: what the command makes is put behind them. When there is an error
// they are as they were.
func Go(step []Event, c Conversation, by Envelope, cmd Command) (Conversation, []Event, error) {
	d := &decision{c: c, by: by, events: step, first: len(step)}
	if err := d.check(cmd); err != nil {
		return c, nil, err
	}
	if err := d.decide(cmd); err != nil {
		return c, nil, err
	}
	return d.c, d.events, nil
}

// decision gathers the events of one command.
type decision struct {
	c      Conversation // as it is after events
	by     Envelope
	events []Event
	first  int // of them that is this command's
}

func (d *decision) check(cmd Command) error {
	_, opens := cmd.(Open)
	switch {
	case opens && d.c.ID != "" && d.c.Pos > 0:
		return Errorf(Conflict, "the conversation exists")
	case !opens && d.c.Pos == 0:
		return Errorf(NotFound, "no such conversation")
	case d.c.Erased > 0 && d.by.By.Role == RoleVisitor: // whose it was is nobody any more
		return Errorf(NotFound, "the conversation was erased")
	case d.by.Fence > 0 && d.by.Fence != d.c.Fence, d.by.Fence == FenceNobody && d.c.Fence != 0:
		return Errorf(Conflict, "the conversation has changed hands: fence %d, now %d", d.by.Fence, d.c.Fence)
	}
	return nil
}

func (d *decision) decide(cmd Command) error {
	switch cmd := cmd.(type) {
	case Open:
		return d.open(cmd)
	case Post:
		return d.post(cmd)
	case Choose:
		return d.choose(cmd)
	case Submit:
		return d.submit(cmd)
	case AskHuman:
		return d.askHuman()
	case Rate:
		return d.rate(cmd)
	case End:
		return d.close()
	case Take:
		return d.take(cmd)
	case Accept:
		return d.accept()
	case Decline:
		return d.decline(cmd)
	case Note:
		return d.note(cmd)
	case Invite:
		return d.invite(cmd)
	case Leave:
		return d.leave()
	case Transfer:
		return d.transfer(cmd)
	case Release:
		return d.release()
	case ToBot:
		return d.toBot()
	case Resolve:
		return d.resolve()
	case Snooze:
		return d.snooze(cmd)
	}
	return d.decideHouse(cmd)
}

// add makes an event and folds it in. The first event that the sender sees carries the frame's key.
func (d *decision) add(kind Kind, detail Detail, contents Contents) {
	e := Event{At: d.by.At, Kind: kind, From: d.by.By, Detail: detail, Contents: contents}
	if d.by.Key != "" && !d.keyed() {
		if sees := d.by.By.Role == RoleVisitor && VisitorSees(kind) || d.by.By.Role == RoleAgent && AgentsSee(kind); sees {
			e.Key = d.by.Key
		}
	}
	if d.by.By.Role == RoleAgent && contents.Name == "" {
		e.Contents.Name = d.by.Name
	}
	d.c.add(&e)
	d.events = append(d.events, e)
}

func (d *decision) keyed() bool {
	for i := range d.events[d.first:] {
		if d.events[d.first+i].Key != "" {
			return true
		}
	}
	return false
}

func (d *decision) in(after time.Duration, what DueKind) *Due {
	return &Due{At: d.by.At.Add(after), What: what}
}

// mine tells whether the sender owns the conversation.
func (d *decision) mine() bool {
	return d.by.By.Role == RoleAgent && d.c.Agent == d.by.By.ID && (d.c.State == WithAgent || d.c.State == Snoozed)
}

func (d *decision) ownerOnly() error {
	if d.mine() {
		return nil
	}
	if d.c.State == Closed {
		return Errorf(IsClosed, "the conversation is closed")
	}
	return Errorf(Conflict, "the conversation is not yours")
}

// CheckText returns an Invalid error unless s is something that a person can have said: not empty, valid UTF-8, no NUL.
func CheckText(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return Errorf(Invalid, "the text is empty")
	case !utf8.ValidString(s):
		return Errorf(Invalid, "the text is not UTF-8")
	case strings.IndexByte(s, 0) >= 0:
		return Errorf(Invalid, "the text holds NUL")
	}
	return nil
}

func (d *decision) open(cmd Open) error {
	d.add(KindOpened, Detail{Site: cmd.Site, Visitor: cmd.Visitor, Language: cmd.Language, Team: cmd.Team, Agent: cmd.Agent}, Contents{})
	return nil
}

func (d *decision) post(cmd Post) error {
	if err := CheckText(cmd.Text); err != nil {
		return err
	}
	if d.by.By.Role == RoleAgent {
		return d.answer(cmd)
	}
	d.hear(Detail{}, Contents{Text: cmd.Text, Page: cmd.Page})
	return nil
}

// hear adds a customer's message and what it does to the conversation: it wakes, reopens, or starts the clock.
func (d *decision) hear(detail Detail, contents Contents) {
	detail.Due = d.c.Due
	detail.Owed = d.c.State == WithAgent && d.c.CustomerLast
	if d.c.State == WithAgent && (d.c.Due == nil || !d.c.CustomerLast) {
		detail.Due = d.in(d.soon(d.by.Patience.NextAnswer), DueAnswer)
	}
	d.add(KindMessage, detail, contents)
	d.rouse()
}

// rouse wakes a snoozed conversation and reopens a closed one.
func (d *decision) rouse() {
	switch d.c.State {
	case Snoozed:
		d.wake()
	case Closed:
		to, due := WithBot, (*Due)(nil)
		if d.c.Agent != "" {
			to, due = Waiting, d.in(d.by.Patience.Word, DueWord)
		}
		d.add(KindReopened, Detail{State: to, Owed: true, Due: due}, Contents{})
	}
}

func (d *decision) wake() {
	if d.by.Online && d.c.Agent != "" {
		d.add(KindWoken, Detail{State: WithAgent, Agent: d.c.Agent, Owed: true, Due: d.in(d.firstAnswer(), DueAnswer)}, Contents{})
		return
	}
	d.add(KindWoken, Detail{State: Waiting, Owed: true, Due: d.in(d.by.Patience.Word, DueWord)}, Contents{})
}

func (d *decision) choose(cmd Choose) error {
	asked, err := d.asked(cmd.Seq, cmd.Option)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(asked.Options, func(o Option) bool { return o.ID == cmd.Option })
	if i < 0 {
		return Errorf(Invalid, "event %d offers no option %q", cmd.Seq, cmd.Option)
	}
	d.hear(Detail{Answers: cmd.Seq, Option: cmd.Option}, Contents{Text: asked.Options[i].Label})
	return nil
}

func (d *decision) submit(cmd Submit) error {
	asked, err := d.asked(cmd.Seq, "")
	if err != nil {
		return err
	}
	if asked.Form == "" {
		return Errorf(Invalid, "event %d has no form", cmd.Seq)
	}
	var lines []string
	for _, f := range asked.Fields {
		if v := cmd.Fields[f.Name]; v != "" {
			lines = append(lines, fmt.Sprintf("%s: %s", f.Label, v))
		}
	}
	for name := range cmd.Fields {
		if !slices.ContainsFunc(asked.Fields, func(f Field) bool { return f.Name == name }) {
			return Errorf(Invalid, "form %s has no field %q", asked.Form, name)
		}
	}
	text := strings.Join(lines, "\n")
	if err := CheckText(text); err != nil {
		return err
	}
	d.hear(Detail{Answers: cmd.Seq, Reach: asked.House && cmd.Reach}, Contents{Text: text, Fields: cmd.Fields})
	return nil
}

// CancelCall is the button that takes back a call that was promised.
const CancelCall = "cancel_call"

// asked finds the question with this number, if it may still be answered by this option: the bot's while the bot has the
// conversation, the house's while it does, and until a promised call is over, that it shall not come.
func (d *decision) asked(seq int64, option string) (Asked, error) {
	if d.c.State == Closed {
		return Asked{}, Errorf(IsClosed, "the conversation is closed")
	}
	i := slices.IndexFunc(d.c.Asked, func(a Asked) bool { return a.VisitorSeq == seq })
	switch {
	case i < 0 && (seq < 1 || seq > d.c.VisitorSeq || len(d.c.Asked) == 0 || seq > d.c.Asked[0].VisitorSeq):
		return Asked{}, Errorf(Invalid, "event %d asks nothing", seq)
	case i < 0 || d.c.Asked[i].Answered:
		return Asked{}, Errorf(Conflict, "event %d has been answered", seq)
	case d.c.Asked[i].House && option == CancelCall && d.c.State == WithAgent && d.c.Promise != nil && d.by.At.Before(d.c.Promise.Until):
	case d.c.Asked[i].House != (d.c.State == Waiting || d.c.State == Snoozed):
		return Asked{}, Errorf(Conflict, "who asked this does not have the conversation any more")
	}
	return d.c.Asked[i], nil
}

func (d *decision) askHuman() error {
	switch d.c.State {
	case Waiting, WithAgent:
		if d.c.Given.Escalated == (Numbers{}) {
			return &Already{d.c.Given.Assigned}
		}
		return &Already{d.c.Given.Escalated}
	}
	d.rouse()
	return nil
}

func (d *decision) rate(cmd Rate) error {
	scales := map[string][2]int{"csat": {1, 5}, "nps": {0, 10}, "ces": {1, 7}}
	scale, ok := scales[cmd.Survey]
	if !ok || cmd.Score < scale[0] || cmd.Score > scale[1] {
		return Errorf(Invalid, "%s of %d is not on the scale", cmd.Survey, cmd.Score)
	}
	if !utf8.ValidString(cmd.Comment) || strings.IndexByte(cmd.Comment, 0) >= 0 {
		return Errorf(Invalid, "the comment is not text")
	}
	d.add(KindRated, Detail{Survey: cmd.Survey, Score: cmd.Score}, Contents{Comment: cmd.Comment})
	return nil
}

func (d *decision) close() error {
	if d.c.State == Closed {
		return &Already{d.c.Given.Closed}
	}
	d.add(KindClosed, Detail{By: d.by.By.Role}, Contents{})
	return nil
}

// AlreadyDone returns the numbers of the event that did the work, when err says so.
func AlreadyDone(err error) (Numbers, bool) {
	if err == nil {
		return Numbers{}, false
	}
	var a *Already
	if errors.As(err, &a) {
		return a.Numbers, true
	}
	return Numbers{}, false
}
