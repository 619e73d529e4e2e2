package sim

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// customer writes, waits, leaves and comes back.
type customer struct {
	w     *world
	index int
	lang  string

	visitor, token string
	conn, tab      *conn
	inbox          *inbox
	outbox         outbox
	conversation   string // that they know of last
	asked          []question
	quiet          bool
	patience       int    // things that they will still do
	goOn           func() // live
}

// question is what may be pressed or filled in.
type question struct {
	conversation string
	seq          int64
	options      []string
	fields       []string
}

func newCustomer(w *world, i int) *customer {
	c := &customer{w: w, index: i, lang: []string{"fi", "fi", "sv", "en"}[w.IntN(4)], patience: 2 + w.IntN(6)}
	by, who := func() staff.Principal { return staff.AsVisitor(c.visitor) }, func() string { return c.visitor }
	c.goOn = c.live
	c.inbox = newInbox(w, c, chat.RoleVisitor, by, who, func(of *chat.Conversation) bool { return c.visitor != "" && of.Visitor == c.visitor })
	c.outbox = outbox{w: w, by: by, sender: who,
		acks: func(_ *frame, ack store.Ack) {
			c.conversation = ack.Conversation
			c.inbox.sync(ack.Conversation, ack.Seq)
		}}
	return c
}

func (c *customer) connection() *conn { return c.conn }

func (c *customer) lost(which *conn) {
	if c.tab == which {
		c.tab = nil
	}
	if c.conn == which {
		c.conn = nil
		c.w.after(c.w.between(time.Second, 5*time.Second), c.come)
	}
}

// come connects and says hello; then all that is unanswered is sent again.
func (c *customer) come() {
	if c.conn != nil {
		return
	}
	if c.conn = c.w.connect(c, c.inbox); c.conn == nil {
		c.w.after(2*time.Second, c.come)
		return
	}
	on := c.conn
	on.n.put(task{"hello", func(ctx context.Context) {
		g, views, err := on.n.desk.VisitorHello(ctx, "shop", c.token, c.lang, nil)
		if err != nil || c.visitor != "" && g.Visitor != c.visitor {
			return // and tried again by the next word
		}
		c.visitor, c.token = g.Visitor, g.Token
		c.w.byVisitor[c.visitor] = c
		for _, v := range views {
			if v.Conversation.Visitor != c.visitor {
				c.w.oracle.breach("S7", v.Conversation.ID, "%s is welcomed with it, and it is %s's", short(c.visitor), short(v.Conversation.Visitor))
			}
			c.inbox.sync(v.Conversation.ID, v.Conversation.VisitorSeq)
		}
		c.outbox.again(on)
		c.inbox.heartbeat()
	}})
}

// live is what a customer does again and again.
func (c *customer) live() {
	switch {
	case c.conn == nil:
		c.come()
	case c.visitor == "":
		c.leave()
		c.come()
	default:
		c.outbox.again(c.conn)
		c.inbox.heartbeat()
		if c.patience > 0 && !c.quiet {
			c.patience--
			c.act()
		}
	}
	c.w.after(c.w.between(2*time.Second, 20*time.Second), c.goOn)
}

func (c *customer) heal() { c.patience = min(c.patience, 3) }

func (c *customer) leave() {
	if c.conn != nil {
		c.conn.close()
		c.conn = nil
	}
}

func (c *customer) act() {
	w := c.w
	word := []string{"moi", "entä sitten", wantsHuman, wantsHuman, wantsLookup, feelsBad, "kiitos"}[w.IntN(7)]
	if w.IntN(w.danger) == 0 {
		word = inDanger
	}
	switch k := w.IntN(20); {
	case w.IntN(40) == 0: // what is another's is asked for, and written into
		c.inbox.pry()
		if id := w.anyConversation(); id != "" {
			c.outbox.put(c.conn, &frame{customer: true, conversation: id, cmd: chat.Post{Text: "moi"}})
		}
	case len(c.asked) > 0 && w.IntN(3) == 0:
		c.answer(c.asked[len(c.asked)-1])
	case k < 9:
		c.outbox.put(c.conn, &frame{customer: true, conversation: c.sometimes(), cmd: chat.Post{Text: word}})
	case k < 12:
		c.outbox.put(c.conn, &frame{customer: true, conversation: c.sometimes(), cmd: chat.AskHuman{}})
	case k < 14 && len(c.asked) > 0:
		c.answer(c.asked[w.IntN(len(c.asked))])
	case k < 15 && c.conversation != "":
		c.outbox.put(c.conn, &frame{customer: true, conversation: c.conversation, cmd: chat.End{}})
	case k < 16:
		c.leave()
	case k < 18: // a second tab, on whatever node, says something in the same moment
		if c.tab == nil {
			c.tab = w.connect(c, c.inbox)
		}
		if c.tab != nil {
			c.outbox.put(c.conn, &frame{customer: true, cmd: chat.Post{Text: word}})
			c.outbox.put(c.tab, &frame{customer: true, cmd: chat.Post{Text: wantsHuman}})
		}
	default:
		c.outbox.put(c.conn, &frame{customer: true, cmd: chat.Post{Text: wantsHuman}})
	}
}

// sometimes names the conversation, as a client does once it knows it.
func (c *customer) sometimes() string {
	if c.w.IntN(2) == 0 {
		return ""
	}
	return c.conversation
}

func (c *customer) answer(q question) {
	if len(q.fields) > 0 {
		values := map[string]string{}
		for _, f := range q.fields {
			values[f] = map[string]string{"email": "marja@esimerkki.fi", "phone": "040 123 4567"}[f]
		}
		if c.w.IntN(5) == 0 {
			values[q.fields[0]] = "en tiedä"
		}
		c.outbox.put(c.conn, &frame{customer: true, conversation: q.conversation, cmd: chat.Submit{Seq: q.seq, Fields: values}})
		return
	}
	c.outbox.put(c.conn, &frame{customer: true, conversation: q.conversation, cmd: chat.Choose{Seq: q.seq, Option: q.options[c.w.IntN(len(q.options))]}})
}

func (c *customer) hears(conversation string, e *chat.Event) {
	q := question{conversation: conversation, seq: e.VisitorSeq}
	for _, o := range e.Contents.Options {
		q.options = append(q.options, o.ID)
	}
	if e.Contents.Form != nil {
		for _, f := range e.Contents.Form.Fields {
			q.fields = append(q.fields, f.Name)
		}
	}
	if len(q.options)+len(q.fields) > 0 {
		c.asked = append(c.asked[max(0, len(c.asked)-2):], q)
	}
}
