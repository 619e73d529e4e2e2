package replay

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
)

// Fate is how a conversation goes with another bot, beside how it went.
type Fate int

// The fates, the worst first.
const (
	Broken    Fate = iota // the bot fails, where it did not
	Kept                  // a person was brought in, and would not have been
	Stuck                 // the bot gets stuck, where it did not
	Later                 // a person comes later
	Fetched               // a person comes, where none did, or earlier
	Different             // something else is answered
	Same
	fates
)

var fateWords = [fates]string{"fails", "keeps from a person", "gets stuck", "hands over later", "hands over earlier", "answers otherwise", "the same"}

// Step is one exchange, as it was and as it would be.
type Step struct {
	Text     string // of the customer
	Was, Now string // what carried the answer: a rule, an article, a reason for handing over
	Handed   bool   // a person was brought in there
	Hands    bool   // a person would be
}

// answered stands for an answer of which the log does not say by what rule it came.
const answered = "an answer"

// Changed tells whether something else is done. An answer of which no rule is known counts as the same as any answer.
func (s Step) Changed() bool {
	if s.Was == answered {
		return s.Hands || s.Now == bot.RuleMiss || s.Now == bot.RuleWhich
	}
	return s.Was != s.Now
}

// Outcome is one conversation.
type Outcome struct {
	ID       string
	At       time.Time
	Language string
	Fate     Fate
	Steps    []Step
}

// Run lets a bot go through a conversation's log. ok is false when nobody spoke to a bot in it, or its words have been
// erased. Look-ups bring what they brought then, and the hour is that of the zone's clock. After a handover, of one or the
// other, nothing can be compared.
func Run(b *bot.Bot, id string, events []chat.Event, zone *time.Location) (out Outcome, ok bool) {
	c := cut(id, events)
	out = Outcome{ID: id, At: c.at, Language: c.language, Fate: Same}
	r := runner{bot: b, c: c, zone: zone, language: c.language}
	for i := range c.exchanges {
		x := &c.exchanges[i]
		if x.text == "" && !x.asked && x.fields == nil {
			continue
		}
		now := r.step(x)
		step := Step{Text: x.text, Was: x.was(), Now: carried(now), Handed: x.escalated != "", Hands: now.Escalate != nil}
		if x.asked {
			step.Text = "(asks for a person)"
		}
		out.Steps = append(out.Steps, step)
		if step.Handed || step.Hands {
			out.Fate = fateOf(x, now, out.Steps)
			return out, true
		}
		if step.Changed() {
			out.Fate = Different
		}
	}
	return out, len(out.Steps) > 0
}

// fateOf judges the last step, where one of the two or both handed over.
func fateOf(x *exchange, now bot.Output, steps []Step) Fate {
	last := steps[len(steps)-1]
	switch {
	case last.Handed && last.Hands:
		if now.Escalate.Reason == chat.ReasonBotFailed && x.escalated != chat.ReasonBotFailed {
			return Broken
		}
		if slices.ContainsFunc(steps, Step.Changed) {
			return Different
		}
		return Same
	case last.Handed && x.escalated == chat.ReasonStuck, last.Handed && x.escalated == chat.ReasonBotFailed:
		if last.Now == bot.RuleMiss || last.Now == bot.RuleWhich {
			return Later
		}
		return Different // it knows an answer now
	case last.Handed:
		return Kept
	case now.Escalate.Reason == chat.ReasonBotFailed:
		return Broken
	case now.Escalate.Reason == chat.ReasonStuck:
		return Stuck
	}
	return Fetched
}

// was names what carried the answer then.
func (x *exchange) was() string {
	if x.escalated != "" {
		return "hands over: " + x.escalated
	}
	if rule := x.rule(); rule != "" || len(x.said) == 0 {
		return rule
	}
	return answered
}

func carried(out bot.Output) string {
	if out.Escalate != nil {
		return "hands over: " + out.Escalate.Reason
	}
	if len(out.Say) > 0 && len(out.Say[0].Because) > 0 {
		return out.Say[0].Because[0].Rule
	}
	if out.Action != nil {
		return "looks up " + out.Action.ID
	}
	return out.Intent
}

// runner plays the customer's part to a bot.
type runner struct {
	bot      *bot.Bot
	c        conversation
	zone     *time.Location
	language string
	memory   chat.Memory
	lines    []chat.Line
	feelings []chat.FeelingMark
}

// step lets the bot answer one exchange, look-ups included.
func (r *runner) step(x *exchange) bot.Output {
	r.heard(chat.RoleVisitor, x.at, x.text)
	out := r.reply(x, bot.Input{Text: x.text, Option: x.option, Fields: x.fields, Asked: x.asked, First: x.first})
	for i := 0; out.Action != nil && i < len(x.results); i++ {
		result := x.results[i]
		result.ID, _, _ = strings.Cut(result.ID, "@")
		if result.ID != out.Action.ID {
			continue // of a look-up that this bot does not do there
		}
		out = r.reply(x, bot.Input{Result: &result})
	}
	return out
}

func (r *runner) reply(x *exchange, in bot.Input) bot.Output {
	in.Conversation, in.Pos, in.Language, in.Memory = r.c.id, x.pos, r.language, r.memory
	in.Lines, in.Feelings, in.Page, in.Now = r.lines, r.feelings, x.page, x.at.In(r.zone)
	out := r.bot.Reply(in)
	r.memory, r.language = out.Memory, out.Language
	if out.Feeling != nil {
		r.feelings = append(r.feelings, chat.FeelingMark{Feeling: *out.Feeling, Seq: x.pos})
		r.feelings = r.feelings[max(0, len(r.feelings)-chat.MaxFeelings):]
	}
	for _, s := range out.Say {
		r.heard(chat.RoleBot, x.at, s.Text)
	}
	return out
}

func (r *runner) heard(role chat.Role, at time.Time, text string) {
	if text == "" {
		return
	}
	r.lines = append(r.lines, chat.Line{Seq: int64(len(r.lines) + 1), At: at, Role: role, Text: text})
	r.lines = r.lines[max(0, len(r.lines)-chat.MaxLines):]
}

// Report gathers outcomes. It keeps the worst, at most Most of them.
type Report struct {
	Most int

	conversations, messages, changed int
	count                            [fates]int
	worst                            []Outcome
}

// Add counts an outcome.
func (p *Report) Add(o Outcome) {
	p.conversations++
	p.count[o.Fate]++
	for _, s := range o.Steps {
		p.messages++
		if s.Changed() {
			p.changed++
		}
	}
	if o.Fate == Same {
		return
	}
	at, _ := slices.BinarySearchFunc(p.worst, o, byBadness)
	if at < p.Most {
		p.worst = slices.Insert(p.worst, at, o)
		p.worst = p.worst[:min(len(p.worst), p.Most)]
	}
}

// byBadness orders the worst first, of the same fate the latest, then by id.
func byBadness(a, b Outcome) int {
	return cmp.Or(cmp.Compare(a.Fate, b.Fate), b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
}

// Write prints the kept outcomes, the worst first, and the sums.
func (p *Report) Write(w io.Writer) error {
	var b strings.Builder
	for _, o := range p.worst {
		fmt.Fprintf(&b, "%s  %s  %s  %s\n", o.ID, o.At.UTC().Format("2006-01-02 15:04"), o.Language, fateWords[o.Fate])
		for _, s := range o.Steps {
			sign := " "
			if s.Changed() {
				sign = "*"
			}
			fmt.Fprintf(&b, "  %s %-50s  was: %s", sign, short(s.Text, 50), s.Was)
			if s.Was != s.Now {
				fmt.Fprintf(&b, "  now: %s", s.Now)
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "%d conversations, %d messages, %d answered otherwise\n", p.conversations, p.messages, p.changed)
	for f, words := range fateWords {
		fmt.Fprintf(&b, "%6d  %s\n", p.count[f], words)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Worst says whether something went wrong that was right: a failure, or somebody kept from a person.
func (p *Report) Worst() bool { return p.count[Broken]+p.count[Kept] > 0 }
