package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/bot"
	"github.com/kohta/kohta/chat"
)

// botTalkCmd is for authors who want to hear their bot.
type botTalkCmd struct {
	botDir
	Language string `help:"Of the conversation at its beginning; the bot's first one if left out." placeholder:"fi"`
}

// Run answers a line for a line until the end of standard input. A figure alone presses that button; after a look-up
// the next line is what it brings: a status and a body, or nothing when no answer comes.
func (c *botTalkCmd) Run(p program) error {
	b, err := c.load()
	if err != nil {
		return err
	}
	t := &talk{bot: b, out: p.stdout, language: c.Language}
	lines := bufio.NewScanner(p.stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		t.take(lines.Text())
	}
	return lines.Err()
}

// talk is one conversation after the other, each until a person would have it.
type talk struct {
	bot      *bot.Bot
	out      io.Writer
	language string
	memory   chat.Memory
	lines    []chat.Line
	feelings []chat.FeelingMark
	options  []chat.Option
	action   *chat.Action
	pos      int64
}

// take takes a line. An empty one is no message, but for a look-up, whose answer then does not come.
func (t *talk) take(line string) {
	in := bot.Input{Text: strings.TrimSpace(line), First: t.pos == 0}
	if in.Text == "" && t.action == nil {
		return
	}
	switch n, err := strconv.Atoi(in.Text); {
	case t.action != nil:
		in = bot.Input{Result: resultOf(t.action.ID, in.Text)}
	case err == nil && n >= 1 && n <= len(t.options):
		in.Text, in.Option = t.options[n-1].Label, t.options[n-1].ID
	}
	t.pos++
	if in.Text != "" {
		t.heard(chat.RoleVisitor, in.Text)
	}
	in.Conversation, in.Pos, in.Language, in.Memory, in.Lines, in.Feelings, in.Now = "talk", t.pos, t.language, t.memory, t.lines, t.feelings, time.Now()
	out := t.bot.Reply(in)
	t.memory, t.language, t.action, t.options = out.Memory, out.Language, out.Action, nil
	if out.Feeling != nil {
		t.feelings = append(t.feelings, chat.FeelingMark{Feeling: *out.Feeling, Seq: t.pos})
	}
	t.tell(out)
	if out.Escalate != nil {
		fmt.Fprintln(t.out, "  (from here on a person answers, and the bot is silent; the next line begins a new conversation)")
		*t = talk{bot: t.bot, out: t.out, language: t.language}
	}
}

func (t *talk) heard(role chat.Role, text string) {
	t.lines = append(t.lines, chat.Line{Seq: int64(len(t.lines) + 1), At: time.Now(), Role: role, Text: text})
	t.lines = t.lines[max(0, len(t.lines)-chat.MaxLines):]
}

// resultOf reads "200 {…}"; an empty line is an answer that does not come.
func resultOf(id, line string) *chat.ActionResult {
	status, body, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(status)
	if err != nil {
		return &chat.ActionResult{ID: id, Error: "timeout"}
	}
	return &chat.ActionResult{ID: id, Status: n, Body: body}
}

// tell prints what the bot does, and under it, in brackets, why.
func (t *talk) tell(out bot.Output) {
	for _, s := range out.Say {
		t.heard(chat.RoleBot, s.Text)
		fmt.Fprintln(t.out, strings.ReplaceAll(s.Text, "\n", "\n  "))
		for _, o := range s.Options {
			t.options = append(t.options, o)
			fmt.Fprintf(t.out, "  %d. %s\n", len(t.options), o.Label)
		}
		if s.Form != nil {
			for _, f := range s.Form.Fields {
				fmt.Fprintf(t.out, "  %s: %s\n", f.Label, f.Value)
			}
		}
	}
	if out.Action != nil {
		fmt.Fprintf(t.out, "  (looks up %s %s; write what it brings, like: 200 {\"a\": 1})\n", out.Action.Method, out.Action.URL)
	}
	var why []chat.Because
	switch {
	case out.Escalate != nil:
		fmt.Fprintf(t.out, "  (to a person: %s)\n", out.Escalate.Reason)
		why = out.Escalate.Because
	case len(out.Say) > 0:
		why = out.Say[0].Because
	}
	for _, w := range why {
		if w.Rule == "not earlier" {
			w.Rule = "why no person came sooner"
		}
		if w.Evidence == "" {
			fmt.Fprintf(t.out, "  (%s)\n", w.Rule)
			continue
		}
		fmt.Fprintf(t.out, "  (%s: %s)\n", w.Rule, w.Evidence)
	}
}
