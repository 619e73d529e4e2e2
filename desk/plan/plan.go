// Package plan decides, purely, all that follows from one command: the words are masked, chat.Decide makes its
// events, the bot answers, and what the bot wants is decided in turn, until nothing is left to do. The result is
// committed as one step, so the customer's words, the bot's answer and the handover stand in the log together.
package plan

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/bot/baton"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/chat/mask"
)

// Bot is what plan needs of the rules-based bot. It must not keep what it is given.
type Bot interface {
	Reply(bot.Input) bot.Output
	Feel(text, language string) *chat.Feeling
	Crisis(language string) string
}

// Input is all that a step depends on.
type Input struct {
	Conversation chat.Conversation // ID is set; Pos 0 when it has not begun
	Begin        chat.Open         // how it begins then
	By           chat.Envelope
	Command      chat.Command
	Bot          Bot
	Visits       []chat.Visit
	Page         string         // path of the page that the customer is on
	Base         string         // the desk's own address, for links
	Zone         *time.Location // where the bot's clock hangs; nil: in UTC

	// Knows tells whether there is such a team; nil: all that are named are there.
	Knows func(team string) bool

	// Patience is that of a team to which the bot's rules lead from another; nil: By's.
	Patience func(team string) chat.Patience

	// Around is asked for what it is like in the house, at most once a step, and only where somebody begins to wait, is
	// still waiting or was silent; for the conversation as it is by then. nil: always open, and nothing can be told of
	// the wait.
	Around func(chat.Conversation) Around
}

// Result is a step, ready to be committed. No events: nothing is left to do.
type Result struct {
	Conversation chat.Conversation // after the events
	Events       []chat.Event
	Action       *chat.Action // that has to go out after the commit, with the id that its Finish must bring
	BotFailure   any          // what the bot panicked with, for the log; nil if it did not
}

// Plan decides one step. Errors are those of chat.Decide for the command itself; then nothing is to be committed.
func Plan(in Input) (Result, error) {
	p := &planner{in: in, house: in.By}
	p.Conversation = in.Conversation
	if _, due := in.Command.(chat.Overdue); due {
		p.in.Command = p.overdue()
	}
	p.house.Key, p.house.Fence, p.house.Name, p.house.To = "", 0, "", ""
	if in.Conversation.Pos == 0 {
		if !begins(in.Command) {
			return Result{}, chat.Errorf(chat.NotFound, "no such conversation")
		}
		if err := p.decide(p.as(chat.RoleSystem), p.begin()); err != nil {
			return Result{}, err
		}
	}
	p.callOff()
	if err := p.decide(in.By, p.reachable(masked(p.in.Command))); err != nil {
		return Result{}, err
	}
	p.follow()
	return p.Result, nil
}

// begin is how the conversation begins, with whom the customer knows from the latest of their visits that a person had.
func (p *planner) begin() chat.Open {
	open, latest := p.in.Begin, time.Time{}
	for _, v := range p.in.Visits {
		if v.Agent != "" && (open.Agent == "" || v.At.After(latest)) {
			open.Agent, latest = v.Agent, v.At
		}
	}
	return open
}

func begins(cmd chat.Command) bool {
	switch cmd.(type) {
	case chat.Post, chat.AskHuman:
		return true
	}
	return false
}

// planner folds a step.
type planner struct {
	Result
	in       Input
	house    chat.Envelope // of what the house does by itself
	around   *Around
	received bool // who came to wait was told what there is to tell
}

func (p *planner) as(role chat.Role) chat.Envelope {
	e := p.house
	e.By = chat.From{Role: role}
	return e
}

// usualEvents is how many events most steps have in which the bot answers a customer.
const usualEvents = 3

func (p *planner) decide(by chat.Envelope, cmd chat.Command) error {
	step := p.Events
	if c := &p.in.Conversation; step == nil && p.in.By.By.Role == chat.RoleVisitor && (c.Pos == 0 || c.State == chat.WithBot) {
		step = make([]chat.Event, 0, usualEvents)
	}
	c, events, err := chat.Go(step, p.Conversation, by, cmd)
	if err != nil {
		return err
	}
	p.Conversation = c
	if len(events) > 0 {
		p.Events = events
	}
	return nil
}

// must decides what the house wants. The state was looked at before, so a refusal is a fault of this package.
func (p *planner) must(role chat.Role, cmd chat.Command) {
	if err := p.decide(p.as(role), cmd); err != nil {
		panic(fmt.Sprintf("plan: %T in state %s: %v", cmd, p.Conversation.State, err))
	}
}

// follow does what the command's events ask for.
func (p *planner) follow() {
	p.followCommand()
	before := p.in.Conversation.State
	if p.Conversation.State == chat.Waiting && before != chat.Waiting && !p.received && p.Conversation.Offer == nil {
		p.receive()
	}
}

func (p *planner) followCommand() {
	switch cmd := p.in.Command.(type) {
	case chat.Post, chat.Choose, chat.Submit:
		if p.in.By.By.Role == chat.RoleVisitor {
			p.followWords()
		}
	case chat.AskHuman:
		if p.Conversation.State == chat.WithBot {
			in := p.input()
			in.Asked = true
			p.reply(in)
		}
	case chat.Finish:
		p.followResult(cmd.Result)
	case chat.Overdue:
		if r, ok := p.ended(); ok {
			p.followResult(r)
		}
	case chat.ToBot:
		if len(p.Events) > 0 {
			p.must(chat.RoleBot, chat.Say{Text: words(p.Conversation.Language).back})
		}
	}
}

// ended returns the result of the action that the deadline gave up.
func (p *planner) ended() (chat.ActionResult, bool) {
	for _, e := range p.Events {
		if e.Kind == chat.KindActionEnded {
			return *e.Contents.Result, true
		}
	}
	return chat.ActionResult{}, false
}

// message returns the customer's message among the events of this step.
func (p *planner) message() (chat.Event, bool) {
	for _, e := range p.Events {
		if e.Kind == chat.KindMessage && e.From.Role == chat.RoleVisitor {
			return e, true
		}
	}
	return chat.Event{}, false
}

// followWords lets the bot answer while it owns the conversation, and otherwise only notes what the words carry.
func (p *planner) followWords() {
	said, ok := p.message()
	if !ok {
		return
	}
	if p.Conversation.State != chat.WithBot {
		p.overhear(said)
		p.answerChoice(said)
		return
	}
	in := p.input()
	in.Text, in.Option, in.Fields = said.Contents.Text, said.Detail.Option, said.Contents.Fields
	p.reply(in)
}

// overhear notes the feeling of words that are for a person. A crisis moves who waits to the front, and the bot says
// where help is.
func (p *planner) overhear(said chat.Event) {
	f := p.feel(said.Contents.Text)
	if f == nil {
		return
	}
	p.must(chat.RoleBot, chat.Feel{Feeling: *f, Of: said.AgentSeq})
	if c := p.Conversation; f.Name == chat.InCrisis && c.State == chat.Waiting && c.Reason != chat.ReasonCrisis {
		why := []chat.Because{{Rule: "crisis", Evidence: string(first([]rune(f.Quote), chat.MaxQuote))}}
		if text := p.in.Bot.Crisis(c.Language); text != "" {
			p.must(chat.RoleBot, chat.Say{Text: text, Because: why})
		}
		p.escalate(bot.Escalation{Reason: chat.ReasonCrisis, Quote: f.Quote, Because: why})
	} else if f.Name == chat.InCrisis && c.State == chat.WithAgent && p.in.Conversation.Feeling.Name != chat.InCrisis {
		if text := p.in.Bot.Crisis(c.Language); text != "" && c.Reason != chat.ReasonCrisis {
			p.must(chat.RoleBot, chat.Say{Text: text, Because: []chat.Because{{Rule: "crisis", Evidence: string(first([]rune(f.Quote), chat.MaxQuote))}}})
		}
		p.must(chat.RoleSystem, chat.Alarm{})
	}
}

func first(s []rune, n int) []rune { return s[:min(len(s), n)] }

func (p *planner) feel(text string) (f *chat.Feeling) {
	defer func() {
		if r := recover(); r != nil {
			p.BotFailure, f = r, nil
		}
	}()
	return p.in.Bot.Feel(text, p.Conversation.Language)
}

func (p *planner) followResult(r chat.ActionResult) {
	if len(p.Events) == 0 || p.Conversation.State != chat.WithBot {
		return
	}
	in := p.input()
	r.ID, _, _ = strings.Cut(r.ID, "@")
	in.Result = &r
	p.reply(in)
}

func (p *planner) input() bot.Input {
	c := p.Conversation
	return bot.Input{
		Conversation: c.ID, Pos: c.Pos,
		Language: c.Language, Memory: c.Memory, Lines: c.Lines, Feelings: c.Feelings,
		Page: p.in.Page, Base: p.in.Base, Visits: len(p.in.Visits), Now: p.local(),
		First: p.in.Conversation.Pos == 0,
	}
}

// local is the time of the step by the bot's clock.
func (p *planner) local() time.Time {
	if p.in.Zone == nil {
		return p.house.At
	}
	return p.house.At.In(p.in.Zone)
}

// reply asks the bot and does what it wants. A bot that fails hands over.
func (p *planner) reply(in bot.Input) {
	out, failure := ask(p.in.Bot, in)
	if failure != nil {
		p.BotFailure = failure
		out = bot.Output{
			Say:      []bot.Say{{Text: words(p.Conversation.Language).failed}},
			Escalate: &bot.Escalation{Reason: chat.ReasonBotFailed, Quote: in.Text},
		}
	}
	p.note(out)
	p.say(out)
	switch {
	case out.Escalate != nil:
		p.escalate(*out.Escalate)
	case out.Action != nil:
		p.act(*out.Action)
	}
}

func ask(b Bot, in bot.Input) (out bot.Output, failure any) {
	defer func() {
		if r := recover(); r != nil {
			out, failure = bot.Output{}, r
		}
	}()
	return b.Reply(in), nil
}

func (p *planner) note(out bot.Output) {
	if said, ok := p.message(); ok && out.Feeling != nil {
		p.must(chat.RoleBot, chat.Feel{Feeling: *out.Feeling, Of: said.AgentSeq})
	}
}

// say turns the bot's words into messages; the last carries what the bot wants to remember, so that no event of its
// own is needed for it.
func (p *planner) say(out bot.Output) {
	memory := out.Memory
	if string(memory) == string(p.Conversation.Memory) {
		memory = nil
	}
	fields := news(p.Conversation.Fields, out.Fields)
	for i, s := range out.Say {
		cmd := chat.Say{Text: s.Text, Options: s.Options, Form: s.Form, Because: s.Because, Intent: out.Intent, Language: out.Language}
		if i == len(out.Say)-1 {
			cmd.Memory, cmd.Fields = memory, fields
		}
		p.must(chat.RoleBot, cmd)
	}
	if len(out.Say) == 0 && memory != nil {
		p.must(chat.RoleBot, chat.Remember{Memory: memory})
	}
}

// news returns what is in now and not, or otherwise, in before.
func news(before, now map[string]string) map[string]string {
	now = maps.Clone(now)
	maps.DeleteFunc(now, func(k, v string) bool { return before[k] == v })
	return now
}

func (p *planner) escalate(e bot.Escalation) {
	b := baton.Of(p.Conversation, p.in.Visits, baton.Cause{Reason: e.Reason, Quote: e.Quote})
	by := p.as(chat.RoleBot)
	if _, asked := p.in.Command.(chat.AskHuman); asked {
		by = p.in.By
		by.Fence = 0
		if p.keyed() {
			by.Key = ""
		}
	}
	if p.in.Knows != nil && e.Team != "" && !p.in.Knows(e.Team) {
		e.Team = "" // a rule names nobody: better the site's own team than a line that nobody serves
	}
	if p.in.Patience != nil && e.Team != "" && e.Team != p.Conversation.Team {
		p.house.Patience = p.in.Patience(e.Team)
		by.Patience = p.house.Patience
	}
	waits := p.Conversation.State == chat.Waiting
	err := p.decide(by, chat.Escalate{Reason: e.Reason, Quote: e.Quote, Team: e.Team, Skills: e.Skills, Priority: e.Priority,
		Because: e.Because, Baton: &b, Wait: p.waitIn(e.Team, e.Skills), Closes: p.closes()})
	if err != nil {
		panic(fmt.Sprintf("plan: escalate in state %s: %v", p.Conversation.State, err))
	}
	if !waits {
		p.receive()
	}
}

func (p *planner) keyed() bool {
	for _, e := range p.Events {
		if e.Key != "" {
			return true
		}
	}
	return false
}

// act starts an outside action, and gives up one that is under way: its answer is no longer waited for.
func (p *planner) act(a chat.Action) {
	if pending := p.Conversation.Action; pending != nil {
		p.must(chat.RoleBot, chat.Finish{Result: chat.ActionResult{ID: pending.ID, Error: "superseded"}})
	}
	a.ID = fmt.Sprintf("%s@%d", a.ID, p.Conversation.Pos+1)
	p.must(chat.RoleBot, chat.Act{Action: a})
	p.Action = &a
}

// masked returns the command with card numbers and the like made unreadable, before anything else sees them.
func masked(cmd chat.Command) chat.Command {
	text := func(s string) string { s, _ = mask.Text(s); return s }
	switch c := cmd.(type) {
	case chat.Post:
		c.Text = text(c.Text)
		if c.Page != nil { // titles and addresses of pages are made by shops, out of what customers type
			c.Page = &chat.Page{URL: text(c.Page.URL), Title: text(c.Page.Title), Referrer: text(c.Page.Referrer)}
		}
		return c
	case chat.Note:
		c.Text = text(c.Text)
		return c
	case chat.Rate:
		c.Comment = text(c.Comment)
		return c
	case chat.Transfer:
		c.Note = text(c.Note)
		return c
	case chat.Invite:
		c.Note = text(c.Note)
		return c
	case chat.Decline:
		c.Reason = text(c.Reason)
		return c
	case chat.Submit:
		c.Fields = maps.Clone(c.Fields)
		for k, v := range c.Fields {
			c.Fields[k] = text(v)
		}
		return c
	}
	return cmd
}

// Visit tells an earlier conversation in short.
func Visit(c chat.Conversation) chat.Visit {
	v := chat.Visit{Conversation: c.ID, At: c.OpenedAt, About: c.About, Agent: cmp.Or(c.Agent, c.Known), Outcome: "open", Feeling: chat.Calm}
	if n := len(c.Feelings); n > 0 {
		v.Feeling = c.Feelings[n-1].Name
	}
	switch {
	case c.State != chat.Closed:
	case c.Agent != "":
		v.Outcome = "resolved"
	case c.Given.Escalated != (chat.Numbers{}):
		v.Outcome = "left"
	default:
		v.Outcome = "bot"
	}
	if c.Promise != nil {
		v.Promises = append(v.Promises, c.Promise.At.Format(time.RFC3339))
	}
	return v
}
