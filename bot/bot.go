// Package bot answers customers by rules: it loads a bot folder, understands messages by the folder's examples, fills
// forms, asks for look-ups, and knows when a person is needed. Load is the only part that reads files, through an
// fs.FS; Reply is pure.
package bot

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/kohta/kohta/bot/knowledge"
	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// Bot is a loaded bot folder. Immutable; safe for concurrent use.
type Bot struct {
	version    string
	name       map[string]string
	languages  []string
	team       string
	greeting   string
	thresholds understand.Thresholds
	model      *understand.Model
	finder     *understand.Finder
	answers    map[string]map[string][]template // language → key → variants
	rules      []*rule
	byIntent   map[string][]*rule
	forms      map[string]*form
	days       map[string]bool // names of values that are days
	actions    map[string]*action
	options    map[string]*option
	handoffs   []*rule
	articles   *knowledge.Index                 // nil: there are none
	limits     map[string]understand.Thresholds // of intents that have their own
	handsOver  bool                             // knows no answers: hands over at once
	shortest   map[string]map[string]string     // language → intent → its shortest example, as a label
	ownCrisis  bool                             // it has words of its own for somebody in danger
}

// Version names the folder's content: the same files give the same version.
func (b *Bot) Version() string { return b.version }

// Name is what the bot is called in a language, in its first language where it has none there.
func (b *Bot) Name(language string) string {
	if n := b.name[language]; n != "" {
		return n
	}
	if n := b.name[b.languages[0]]; n != "" {
		return n
	}
	return b.name[""]
}

// Languages are those the bot speaks, its first one first.
func (b *Bot) Languages() []string { return append([]string(nil), b.languages...) }

// Team is where escalations go that name no team; "" leaves it to the desk.
func (b *Bot) Team() string { return b.team }

// Skills are those that handovers ask for, by the team that they go to ("" where the desk chooses it), in order.
func (b *Bot) Skills() map[string][]string {
	all := map[string][]string{}
	ask := func(o outcome) {
		if o.escalate == nil || len(o.escalate.skills) == 0 {
			return
		}
		team := cmp.Or(o.escalate.team, b.team)
		all[team] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(all[team], o.escalate.skills))))
	}
	for _, r := range slices.Concat(b.rules, b.handoffs) {
		ask(r.outcome)
	}
	for _, o := range b.options {
		ask(o.outcome)
	}
	for _, f := range b.forms {
		ask(f.done)
	}
	for _, a := range b.actions {
		ask(a.failed)
		for _, c := range a.cases {
			ask(c.outcome)
		}
	}
	return all
}

// Crisis is what is said to somebody in danger who already waits for a person: the words of bot_crisis, with the help
// lines of the language.
func (b *Bot) Crisis(language string) string {
	if text := b.houseCrisis(language); text != "" {
		return text
	}
	t := &turn{bot: b, language: b.speak(language), mem: recall(nil)}
	return t.words(keyCrisis)
}

// houseCrisis is what the house says to somebody in danger in a language that the bot does not speak otherwise; "" where it
// does, or where the bot has words of its own for that: then its help lines hold for all.
func (b *Bot) houseCrisis(language string) string {
	if b.ownCrisis || slices.Contains(b.languages, language) {
		return ""
	}
	return builtIn[language][keyCrisis]
}

// Understand says what a message means by itself. language is the conversation's, or "".
func (b *Bot) Understand(text, language string) understand.Result {
	return b.model.Understand(understand.Query{Text: text, Language: language})
}

// UnderstandAfter says what a message means after what was said before.
func (b *Bot) UnderstandAfter(text, language string, before []understand.Turn) understand.Result {
	return b.model.Understand(understand.Query{Text: text, Language: language, Before: before})
}

// Feel is what a message carries, nil if it is calm.
func (b *Bot) Feel(text, language string) *chat.Feeling {
	r := b.Understand(text, language)
	if r.Feeling == chat.Calm || r.Feeling == "" {
		return nil
	}
	return &chat.Feeling{Name: r.Feeling, Intensity: r.Intensity, Quote: r.Quote}
}

// Input is what the bot answers to: the customer's words, button, form, or the result of an action; with all that it
// may take into account.
type Input struct {
	Conversation string // with Pos, the seed of variants
	Pos          int64
	Text         string             // the customer's words, masked; for a choice the option's label
	Option       string             // the option's id when a button was chosen
	Fields       map[string]string  // a submitted form's fields, else nil
	Asked        bool               // pressed "Talk to a person"
	Result       *chat.ActionResult // what a started action brought, else nil
	Language     string             // of the conversation
	Memory       chat.Memory        // as the last Output gave it
	Lines        []chat.Line        // the last lines of the conversation, oldest first; may end with this Text
	Feelings     []chat.FeelingMark // the course of feeling so far
	Page         string             // path of the page the customer is on
	Visits       int                // earlier visits
	Now          time.Time          // by the clock of the conversation's opening hours
	First        bool               // the conversation's first words
	Base         string             // the desk's own address, for links to what stands there; "" leaves them out
}

// Output is what the bot does: everything in it belongs to one step.
type Output struct {
	Language string            // to go on in
	Say      []Say             // in order
	Memory   chat.Memory       // to be given back with the next Input; at most MaxMemory bytes
	Feeling  *chat.Feeling     // of this message; nil when there is nothing to note
	Escalate *Escalation       // a person is needed; the bot is silent from here on
	Action   *chat.Action      // to be carried out; its result comes back as Input.Result
	Fields   map[string]string // what is known so far, for the baton
	Intent   string            // what was understood
}

// Say is one message of the bot.
type Say struct {
	Text    string
	Options []chat.Option
	Form    *chat.Form
	Because []chat.Because
}

// Escalation is why a person is needed. Quote is the customer's own words.
type Escalation struct {
	Reason  string
	Quote   string
	Team    string
	Because []chat.Because

	Skills   []string // that the matter needs
	Priority string   // of the team's head starts; "" is none
}

// MaxMemory bounds Output.Memory, in bytes.
const MaxMemory = 4 << 10

// Load reads a bot folder. It returns every fault it finds, with file and line; the Bot is nil when one of them is an
// error. It never panics, whatever the files hold.
func Load(fsys fs.FS) (bot *Bot, faults []Fault) {
	defer func() {
		if p := recover(); p != nil {
			bot, faults = nil, append(faults, Fault{Severity: Error, Message: fmt.Sprintf("this folder breaks the reader (%v)", p), Advice: "Undo the last change, and report it."})
		}
	}()
	l := newLoader(fsys)
	b := l.load()
	sortFaults(l.faults)
	if hasError(l.faults) {
		return nil, l.faults
	}
	return b, l.faults
}
