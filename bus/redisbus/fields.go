package redisbus

import (
	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// glance is a message on the wire.
type glance struct {
	message   *bus.Message
	attention bool // of those who look after all teams
	whole     bool // all of the fold goes along
}

// glanceFields are the first part: what every node needs of a message.
func glanceFields(c coder, g *glance) {
	c.text("c", &g.message.Conversation)
	object(c, "n", true, &g.message.Next, nextFields)
	c.truth("x", &g.attention)
}

// nextFields are what of the fold every node needs: whose conversation it is, and how far it came.
func nextFields(c coder, n *chat.Conversation) {
	c.text("si", &n.Site)
	c.text("v", &n.Visitor)
	c.text("l", &n.Language)
	c.text("s", (*string)(&n.State))
	c.whole("p", &n.Pos)
	c.whole("as", &n.AgentSeq)
	c.whole("vs", &n.VisitorSeq)
	c.text("t", &n.Team)
	c.text("a", &n.Agent)
	c.whole("f", &n.Fence)
	c.texts("i", &n.Invited)
	c.truth("r", &n.Raised)
	c.truth("o", &n.CustomerLast)
}

// messageFields are the second part: what happened.
func messageFields(c coder, g *glance) {
	list(c, "e", &g.message.Events, eventFields)
	c.rare("w", g.whole, &g.message.Next)
}

func eventFields(c coder, e *chat.Event) {
	c.whole("p", &e.Pos)
	c.whole("as", &e.AgentSeq)
	c.whole("vs", &e.VisitorSeq)
	c.moment("t", &e.At)
	c.text("k", (*string)(&e.Kind))
	object(c, "f", e.From != chat.From{}, &e.From, fromFields)
	c.text("y", &e.Key)
	object(c, "d", true, &e.Detail, detailFields)
	object(c, "c", true, &e.Contents, contentsFields)
}

func fromFields(c coder, f *chat.From) {
	c.text("role", (*string)(&f.Role))
	c.text("id", &f.ID)
}

func detailFields(c coder, d *chat.Detail) {
	c.text("site", &d.Site)
	c.text("visitor", &d.Visitor)
	c.text("language", &d.Language)
	c.rare("asks", d.Asks != nil, &d.Asks)
	c.whole("answers", &d.Answers)
	c.text("option", &d.Option)
	c.text("intent", &d.Intent)
	list(c, "because", &d.Because, becauseFields)
	c.text("reason", &d.Reason)
	c.text("team", &d.Team)
	c.texts("skills", &d.Skills)
	c.text("agent", &d.Agent)
	c.text("sender", &d.Sender)
	c.text("by", (*string)(&d.By))
	c.truth("by_hand", &d.ByHand)
	c.rare("until", d.Until != nil, &d.Until)
	c.rare("promise", d.Promise != nil, &d.Promise)
	c.text("state", (*string)(&d.State))
	c.text("survey", &d.Survey)
	c.count("score", &d.Score)
	c.rare("feeling", d.Feeling != nil, &d.Feeling)
	c.whole("of", &d.Of)
	c.text("action", &d.ActionID)
	c.rare("due", d.Due != nil, &d.Due)
	c.rare("wait", d.Wait != nil, &d.Wait)
	c.rare("letter", d.Letter != nil, &d.Letter)
	c.rare("word", d.Word != nil, &d.Word)
	c.text("priority", &d.Priority)
	c.truth("owed", &d.Owed)
	c.truth("reach", &d.Reach)
	c.count("load", &d.Load)
	c.count("weight", &d.Weight)
	c.count("capacity", &d.Capacity)
}

func becauseFields(c coder, b *chat.Because) {
	c.text("rule", &b.Rule)
	c.text("evidence", &b.Evidence)
}

func contentsFields(c coder, k *chat.Contents) {
	c.text("text", &k.Text)
	c.text("quote", &k.Quote)
	c.text("name", &k.Name)
	c.text("whom", &k.Whom)
	list(c, "options", &k.Options, optionFields)
	c.rare("form", k.Form != nil, &k.Form)
	c.rare("fields", len(k.Fields) > 0, &k.Fields)
	c.rare("page", k.Page != nil, &k.Page)
	c.text("comment", &k.Comment)
	c.text("note", &k.Note)
	c.rare("baton", k.Baton != nil, &k.Baton)
	c.rare("memory", len(k.Memory) > 0, &k.Memory)
	c.rare("action", k.Action != nil, &k.Action)
	c.rare("result", k.Result != nil, &k.Result)
	c.text("about", &k.About)
}

func optionFields(c coder, o *chat.Option) {
	c.text("id", &o.ID)
	c.text("label", &o.Label)
}
