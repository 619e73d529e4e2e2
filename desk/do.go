package desk

import (
	"cmp"
	"context"
	"errors"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Do carries out a frame that writes. conversation is empty for a customer's open conversation, or a new one. When it
// returns an ack, what the frame asked for is durable, once, however often the frame is sent; its Seq is in the
// sender's numbers. Its errors have a kind, or are internal; then the frame did nothing.
func (d *Desk) Do(ctx context.Context, by staff.Principal, conversation, key string, fence int64, cmd chat.Command) (store.Ack, error) {
	f := frame{by: by, sender: d.sender(by), key: key, fence: fence, cmd: cmd}
	if f.sender.from.ID == "" {
		return store.Ack{}, chat.Errorf(chat.Forbidden, "nobody may do nothing")
	}
	for try := range maxTries {
		id, begin, err := d.target(ctx, f, conversation)
		if err != nil {
			return d.answered(ctx, f, err)
		}
		ack, err := d.attempt(ctx, f, id, begin, try > 0)
		if !errors.Is(err, store.ErrMoved) {
			return ack, err
		}
		d.stats.Conflicts.Add(1)
		d.conversations.forget(id)
		if v, ok := by.Visitor(); ok {
			d.conversations.open.forget(openKey(begin.Site, v))
			d.conversations.from.forget(v)
		}
	}
	return store.Ack{}, chat.Errorf(chat.Unavailable, "the conversation did not stand still")
}

// maxTries bounds what one frame may cost. On one node a conversation's frames are worked on one after the other; when
// many on two nodes want the same one, each try still has about an even chance.
const maxTries = 64

// frame is what somebody sent.
type frame struct {
	by     staff.Principal
	sender sender
	key    string
	fence  int64
	cmd    chat.Command
}

// sender is who sent it, as the log names them.
type sender struct {
	from chat.From
	name string
}

func (d *Desk) sender(by staff.Principal) sender {
	if a, ok := by.Agent(); ok {
		return sender{chat.From{Role: chat.RoleAgent, ID: a.ID}, a.Name}
	}
	v, _ := by.Visitor()
	return sender{chat.From{Role: chat.RoleVisitor, ID: v}, ""}
}

// target finds the conversation that a frame goes to, "" for a new one, and how it would begin if it does not exist.
func (d *Desk) target(ctx context.Context, f frame, conversation string) (id string, begin chat.Open, err error) {
	visitor, ok := f.by.Visitor()
	if !ok {
		if conversation == "" {
			return "", begin, chat.Errorf(chat.Invalid, "an agent's frame names its conversation")
		}
		return conversation, begin, nil
	}
	if conversation != "" {
		of, isOpen, err := d.whose(ctx, conversation)
		if err != nil {
			return "", begin, err
		}
		if of.visitor != visitor {
			return "", begin, chat.Errorf(chat.NotFound, "conversation %s is not the visitor's", conversation)
		}
		if !reopens(f.cmd) || isOpen {
			return conversation, chat.Open{Site: of.site, Visitor: visitor}, nil
		}
		open, err := d.openOf(ctx, of.site, visitor)
		if open == "" {
			open = conversation
		}
		return open, chat.Open{Site: of.site, Visitor: visitor}, err
	}
	if !reopens(f.cmd) {
		return "", begin, chat.Errorf(chat.Invalid, "%T names its conversation", f.cmd)
	}
	return d.openOrNew(ctx, visitor)
}

// reopens tells whether a customer's frame may go to another conversation than it names, or begin one.
func reopens(cmd chat.Command) bool {
	switch cmd.(type) {
	case chat.Post, chat.AskHuman:
		return true
	}
	return false
}

func (d *Desk) openOrNew(ctx context.Context, visitor string) (string, chat.Open, error) {
	o, err := d.origin(ctx, visitor)
	if err != nil {
		return "", chat.Open{}, err
	}
	begin := chat.Open{Site: o.site, Visitor: visitor, Language: o.language, Team: d.teamOf(ctx, o.site)}
	if begin.Language == "" {
		begin.Language = d.languageOf(ctx, o.site)
	}
	id, err := d.openOf(ctx, o.site, visitor)
	return id, begin, err
}

// attempt plans a frame on the conversation as it is known, and commits the plan. ErrMoved means: forget, and again. Nobody
// is refused by what is only remembered, which another node may have made old: again says that it was forgotten before.
func (d *Desk) attempt(ctx context.Context, f frame, id string, begin chat.Open, again bool) (store.Ack, error) {
	isNew := id == ""
	if isNew {
		id = d.newID()
	}
	defer d.conversations.lock(id).Unlock()
	k, visitor, err := d.standing(ctx, id, begin, isNew)
	if err == nil {
		k, err = d.meet(ctx, k, visitor)
	}
	if err != nil {
		return d.answered(ctx, f, err)
	}
	begun := k.Pos > 0
	refuse := func(err error) (store.Ack, error) {
		if !again && begun {
			return store.Ack{}, store.ErrMoved
		}
		return d.answered(ctx, f, err)
	}
	if err := d.may(ctx, f, k.Conversation, begin); err != nil {
		return refuse(err)
	}
	in := d.input(ctx, k, begin, d.withPage(f))
	in.By.By, in.By.Name, in.By.Key, in.By.Fence = f.sender.from, f.sender.name, f.key, f.fence
	result, err := d.plan(in)
	if done, ok := chat.AlreadyDone(err); ok {
		return d.recordDone(ctx, f, k, done)
	}
	if err != nil {
		return refuse(err)
	}
	ack := store.Ack{Conversation: id, Seq: firstSeq(result.Events, f.sender.from.Role)}
	err = d.commit(ctx, &k, &result, f.keys(ack), nil)
	if known := (*store.Known)(nil); errors.As(err, &known) {
		return known.Key.Ack, nil
	}
	return ack, err
}

// standing is a conversation as it is known, and whose it is. One that is not there yet begins, where begin says how; for a
// new one the store is not asked.
func (d *Desk) standing(ctx context.Context, id string, begin chat.Open, isNew bool) (known, string, error) {
	if !isNew {
		k, err := d.load(ctx, id)
		if chat.KindOf(err) != chat.NotFound || begin.Language == "" {
			return k, k.Visitor, err
		}
	}
	return known{Conversation: chat.Conversation{ID: id}}, begin.Visitor, nil
}

func (f frame) keys(ack store.Ack) []store.Key {
	if f.key == "" {
		return nil
	}
	return []store.Key{{Sender: f.sender.from.ID, Key: f.key, Ack: ack}}
}

// withPage adds to a customer's message the page that it was written on.
func (d *Desk) withPage(f frame) chat.Command {
	post, ok := f.cmd.(chat.Post)
	if !ok || f.sender.from.Role != chat.RoleVisitor {
		return f.cmd
	}
	post.Page = d.PageOf(f.sender.from.ID)
	return post
}

// firstSeq is the number of the first event that a role sees.
func firstSeq(events []chat.Event, role chat.Role) int64 {
	for _, e := range events {
		if n := seqFor(e, role); n > 0 {
			return n
		}
	}
	return 0
}

func seqFor(e chat.Event, role chat.Role) int64 {
	if role == chat.RoleVisitor {
		return e.VisitorSeq
	}
	return e.AgentSeq
}

// answered returns the ack that a frame got earlier, if it did, and otherwise the error that it got now: a frame that
// is sent again is answered the same, however much has changed since.
func (d *Desk) answered(ctx context.Context, f frame, err error) (store.Ack, error) {
	if f.key == "" || chat.KindOf(err) == chat.Unavailable {
		return store.Ack{}, err
	}
	ack, ok, lookup := d.store.Known(ctx, f.sender.from.ID, f.key)
	switch {
	case lookup != nil:
		return store.Ack{}, lookup
	case ok:
		return ack, nil
	}
	return store.Ack{}, err
}

// recordDone stores the key of a frame whose work was done before, with the ack of what did it.
func (d *Desk) recordDone(ctx context.Context, f frame, k known, done chat.Numbers) (store.Ack, error) {
	ack := store.Ack{Conversation: k.ID, Seq: done.Agent}
	if f.sender.from.Role == chat.RoleVisitor {
		ack.Seq = done.Visitor
	}
	if f.key == "" {
		return ack, nil
	}
	err := d.store.Append(ctx, store.Append{Pos: k.Pos, Next: k.Conversation, Keys: f.keys(ack), At: d.now()})
	if known := (*store.Known)(nil); errors.As(err, &known) {
		return known.Key.Ack, nil
	}
	return ack, err
}

func (d *Desk) may(ctx context.Context, f frame, c chat.Conversation, begin chat.Open) error {
	team := ""
	if c.Site != "" {
		if s, err := d.site(ctx, c.Site); err == nil {
			team = s.Team
		}
	}
	o := d.object(c, team)
	if c.Pos == 0 {
		o.Visitor, o.State = begin.Visitor, chat.WithBot
	}
	if kind := staff.Can(f.by, verb(f.cmd), o); kind != "" {
		return chat.Errorf(kind, "%T on conversation %s", f.cmd, c.ID)
	}
	return d.mayGive(f.cmd)
}

// object is what a conversation is to who wants something of it: while it waits it is also that of the teams whom its rings
// have let in.
func (d *Desk) object(c chat.Conversation, siteTeam string) staff.Object {
	o := staff.Of(c, siteTeam)
	if c.State == chat.Waiting {
		o.Open = d.ticket(&c, nil).Also
	}
	return o
}

// mayGive checks that a transfer goes to somebody.
func (d *Desk) mayGive(cmd chat.Command) error {
	if i, ok := cmd.(chat.Invite); ok {
		return d.isThere(i.Agent)
	}
	t, ok := cmd.(chat.Transfer)
	if !ok {
		return nil
	}
	if _, ok := d.people().teams[t.Team]; t.Team != "" && !ok {
		return chat.Errorf(chat.Invalid, "there is no team %q", t.Team)
	}
	return d.isThere(t.Agent)
}

// isThere refuses an agent who is not one of the house; "" is nobody in particular.
func (d *Desk) isThere(agent string) error {
	if a, ok := d.people().agents[agent]; agent != "" && (!ok || a.DisabledAt != nil) {
		return chat.Errorf(chat.Invalid, "there is no agent %q", agent)
	}
	return nil
}

func verb(cmd chat.Command) staff.Verb {
	switch cmd.(type) {
	case chat.Post:
		return staff.Post
	case chat.AskHuman:
		return staff.AskHuman
	case chat.Choose, chat.Submit:
		return staff.Answer
	case chat.Rate:
		return staff.Rate
	case chat.End:
		return staff.End
	case chat.Take:
		return staff.Take
	case chat.Accept:
		return staff.Accept
	case chat.Decline:
		return staff.Decline
	case chat.Note:
		return staff.Note
	case chat.Transfer:
		return staff.Transfer
	case chat.Release:
		return staff.Release
	case chat.Resolve:
		return staff.Resolve
	case chat.Snooze:
		return staff.Snooze
	case chat.ToBot:
		return staff.ToBot
	case chat.Invite:
		return staff.Invite
	case chat.Leave:
		return staff.Leave
	}
	return "" // which nobody may
}

// input gathers what a step on a conversation depends on.
func (d *Desk) input(ctx context.Context, k known, begin chat.Open, cmd chat.Command) plan.Input {
	agent := concerned(k.Conversation, cmd)
	online := d.there // what one has had comes back also to who wants nothing new
	team := cmp.Or(k.Team, begin.Team)
	if t, ok := cmd.(chat.Transfer); ok {
		online, team = d.online, cmp.Or(t.Team, team)
	}
	by := chat.Envelope{At: d.now(), Online: online(ctx, agent), Patience: d.patience(team)}
	if agent != "" {
		by.To = d.people().agents[agent].Name
	}
	p := d.people()
	return plan.Input{
		Conversation: k.Conversation,
		Begin:        begin,
		By:           by,
		Command:      cmd,
		Bot:          d.bot(),
		Visits:       k.visits,
		Page:         d.page(k.Visitor),
		Base:         d.address(),
		Zone:         staff.HoursOf(p.sites[cmp.Or(k.Site, begin.Site)], p.teams[cmp.Or(k.Team, begin.Team)]).Location(),
		Knows:        func(team string) bool { _, ok := d.people().teams[team]; return ok },
		Patience:     d.patience,
		Around:       func(c chat.Conversation) plan.Around { return d.around(ctx, c) },
	}
}

// around is what it is like in the house for a conversation. What cannot be read is told as what is usual.
func (d *Desk) around(ctx context.Context, c chat.Conversation) plan.Around {
	a := plan.Around{Hours: d.hoursOf(&c), Mail: d.CanMail(), Nobody: d.nobody(ctx, &c)}
	if a.Hours.Open(d.now()) {
		a.Wait = d.waitFor(ctx, c)
	} else {
		a.Taken = d.goesAtOnce(ctx, c)
	}
	return a
}

// address is the desk's own, "" where nobody has said it.
func (d *Desk) address() string {
	if d.base == nil {
		return ""
	}
	return d.base()
}

// concerned is the agent whose presence decides where a conversation goes, "" if none does.
func concerned(c chat.Conversation, cmd chat.Command) string {
	switch cmd := cmd.(type) {
	case chat.Transfer:
		return cmd.Agent
	case chat.Invite:
		return cmd.Agent
	}
	switch {
	case c.Offer != nil: // where a refused transfer returns to
		return c.Offer.From
	case c.State == chat.Snoozed:
		return c.Agent
	}
	return ""
}

func (d *Desk) teamOf(ctx context.Context, site string) string {
	if s, err := d.site(ctx, site); err == nil && s.Team != "" {
		return s.Team
	}
	return DefaultTeam
}

// languageOf is what a visitor is greeted in when nobody knows better.
func (d *Desk) languageOf(ctx context.Context, site string) string {
	if s, err := d.site(ctx, site); err == nil && s.Language != "" {
		return s.Language
	}
	return "fi"
}

// DefaultTeam and DefaultSite are made by the first start.
const (
	DefaultTeam = "support"
	DefaultSite = "default"
)
