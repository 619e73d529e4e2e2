// Package replay reads past conversations with the eyes of a bot: what a changed bot would have done in them, and
// which messages could teach it. Everything is pure and works on the log of a conversation as it was stored.
package replay

import (
	"net/url"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// exchange is one thing that a customer did while the bot had the conversation, and what the bot did then.
type exchange struct {
	at      time.Time
	pos     int64
	text    string // empty for a button "Talk to a person", and where it has been erased
	option  string
	fields  map[string]string
	page    string
	asked   bool // pressed "Talk to a person"
	first   bool
	results []chat.ActionResult // that came before the customer's next word

	said      []string       // texts of the bot
	why       []chat.Because // of its first message, or of the handover
	intent    string
	escalated string // the reason, "" if the bot kept it
}

// rule is the first rule that carried what the bot did.
func (x exchange) rule() string {
	if len(x.why) > 0 {
		return x.why[0].Rule
	}
	if x.escalated != "" {
		return x.escalated
	}
	return x.intent
}

// conversation is a log, cut into exchanges with the bot.
type conversation struct {
	id        string
	language  string
	at        time.Time
	exchanges []exchange
	agentSaid map[int]string // after which exchange an agent spoke first, and what
}

// cut makes exchanges of a log. What was said to people is left out.
func cut(id string, events []chat.Event) conversation {
	c := conversation{id: id, agentSaid: map[int]string{}}
	withBot, page := true, ""
	for _, e := range events {
		last := len(c.exchanges) - 1
		switch e.Kind {
		case chat.KindOpened:
			c.language, c.at = e.Detail.Language, e.At
		case chat.KindMessage:
			if e.Contents.Page != nil {
				page = pathOf(e.Contents.Page.URL)
			}
			switch {
			case e.From.Role == chat.RoleAgent && last >= 0 && c.agentSaid[last] == "":
				c.agentSaid[last] = e.Contents.Text
			case e.From.Role == chat.RoleVisitor && withBot:
				c.exchanges = append(c.exchanges, exchange{at: e.At, pos: e.Pos, text: e.Contents.Text, option: e.Detail.Option, fields: e.Contents.Fields, page: page, first: last < 0})
			case e.From.Role == chat.RoleBot && last >= 0:
				c.exchanges[last].answered(e)
			}
		case chat.KindActionEnded:
			if last >= 0 && e.Contents.Result != nil {
				c.exchanges[last].results = append(c.exchanges[last].results, *e.Contents.Result)
			}
		case chat.KindEscalated:
			if withBot {
				c.escalated(e)
			}
			withBot = false
		case chat.KindAssigned:
			withBot = false
		case chat.KindReturned:
			withBot = true
		case chat.KindReopened:
			withBot = e.Detail.State == chat.WithBot
		}
	}
	return c
}

func (x *exchange) answered(e chat.Event) {
	x.said = append(x.said, e.Contents.Text)
	if len(x.why) == 0 {
		x.why = e.Detail.Because
	}
	if x.intent == "" {
		x.intent = e.Detail.Intent
	}
}

// escalated notes a handover: of the last exchange, or, by the button, of one of its own.
func (c *conversation) escalated(e chat.Event) {
	if e.From.Role == chat.RoleVisitor || len(c.exchanges) == 0 {
		c.exchanges = append(c.exchanges, exchange{at: e.At, pos: e.Pos, asked: true, first: len(c.exchanges) == 0})
	}
	x := &c.exchanges[len(c.exchanges)-1]
	x.escalated = e.Detail.Reason
	if len(x.why) == 0 {
		x.why = e.Detail.Because
	}
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// short is a text on one line, cut.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
