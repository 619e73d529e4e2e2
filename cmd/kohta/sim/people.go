package sim

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// The teams of this world. What support cannot serve for a while, sales may.
var teams = []string{"support", "sales"}

// headStart is what who is angry, or was failed by the bot, has before others.
const headStart = 30 * time.Second

// furnish sets the house up: teams, a site, agents, nodes.
func (w *world) furnish() {
	for _, slug := range teams {
		t := staff.NewTeam(slug, slug)
		t.Assignment = []staff.Assignment{staff.Auto, staff.Offered, staff.Auto}[w.IntN(3)]
		if slug == "sales" && w.IntN(4) == 0 {
			t.Assignment = staff.ByHand
		}
		t.Capacity = 1 + w.IntN(4)
		t.Rings = []staff.Ring{{After: 40 * time.Second, AnyLanguage: true}}
		if slug == "support" {
			t.Rings = append(t.Rings, staff.Ring{After: 90 * time.Second, Team: "sales"})
		}
		t.Patience = staff.Patience{
			FirstAnswer: 20 * time.Second, NextAnswer: 20 * time.Second, Word: 30 * time.Second, Offer: 10 * time.Second,
			Silence: 40 * time.Second, Close: 40 * time.Second, Cooldown: 15 * time.Second,
		}
		t.HeadStarts = map[string]time.Duration{
			"feeling:" + chat.Angry: headStart, "reason:" + chat.ReasonFeeling: headStart, "reason:" + chat.ReasonBotFailed: headStart,
		}
		if w.IntN(2) == 0 {
			t.Rest.After = 20 * time.Second
		}
		if w.IntN(3) == 0 { // who answers, and who is waited for, is given time
			t.Patience.FirstAnswer, t.Patience.NextAnswer, t.Patience.Silence, t.Patience.Close = time.Minute, time.Minute, 3*time.Minute, 3*time.Minute
		}
		w.teams[slug] = t
		w.must(w.store.PutTeam(w.ctx, t))
		w.say("team %s: %s, %d at once, %v after a hard one", slug, t.Assignment, t.Capacity, t.Rest.After)
	}
	w.must(w.store.PutSite(w.ctx, staff.Site{Slug: "shop", Name: "Shop", Team: "support", Language: "fi"}))
	for i := range 2 + w.IntN(11) {
		a := staff.Agent{ID: w.newID(), Name: fmt.Sprint("agent ", i), Email: fmt.Sprintf("a%d@kohta.example", i), Role: staff.RoleAgent, Teams: []string{teams[w.IntN(2)]}}
		if i == 0 || w.IntN(4) == 0 {
			a.Role, a.Teams = staff.RoleSupervisor, teams
		}
		if w.IntN(2) == 0 {
			a.Languages = []string{[]string{"fi", "sv", "en"}[w.IntN(3)]}
		}
		w.must(w.store.PutAgent(w.ctx, store.Agent{Agent: a, CreatedAt: w.clock}))
		w.say("%s %s: %s of %v, writes %v", a.Name, short(a.ID), a.Role, a.Teams, a.Languages)
		w.agents = append(w.agents, newAgent(w, a))
	}
	for i := range 2 + w.IntN(3) {
		w.nodes = append(w.nodes, &node{w: w, name: fmt.Sprint("node ", i), online: map[string]bool{}, lag: w.between(-time.Hour, time.Hour)})
	}
}

func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

// populate lets customers come, most at the beginning, and agents begin to work.
func (w *world) populate() {
	n := 20 + int(180*math.Pow(w.Float64(), 20)) // most houses are small, and some are not
	for i := range n {
		c := newCustomer(w, i)
		w.customers = append(w.customers, c)
		w.after(w.between(0, faultsFor/2), c.live)
	}
	for _, a := range w.agents {
		w.after(w.between(0, 20*time.Second), a.live)
	}
}

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
	patience       int // things that they will still do
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
	c.w.after(c.w.between(2*time.Second, 20*time.Second), c.live)
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

// agent works at a console: takes what is offered, answers, and does all that agents do, sleep included.
type agent struct {
	w *world
	staff.Agent
	conn   *conn
	inbox  *inbox
	outbox outbox
	talks  map[string]*talk
	order  []string
	asleep bool

	left    time.Time     // since when they are not connected; zero: they are
	on      *node         // that they are or were connected to last
	excused time.Duration // of the time since, in which nobody could have found out that they are gone
}

// leave ends the connection, from the agent's side.
func (a *agent) leave() {
	a.conn, a.left, a.excused = nil, a.w.clock, max(0, a.on.sound.Sub(a.w.clock))
}

// excuse counts in a time in which the node that an agent was connected to last could do nothing.
func (a *agent) excuse(n *node, d time.Duration) {
	if !a.left.IsZero() && a.on == n {
		a.excused += d
	}
}

// talk is what an agent knows of a conversation, which may be old.
type talk struct {
	id      string
	owner   string
	fence   int64
	offered bool // to me
	owed    bool // the customer had the last word
	closed  bool
}

func newAgent(w *world, of staff.Agent) *agent {
	a := &agent{w: w, Agent: of, talks: map[string]*talk{}}
	by, who := func() staff.Principal { return staff.AsAgent(a.Agent) }, func() string { return a.ID }
	a.inbox = newInbox(w, a, chat.RoleAgent, by, who, func(of *chat.Conversation) bool {
		t := a.talks[of.ID] // what leaves them is told of, too
		return t != nil && (t.owner == a.ID || t.offered) || of.Agent == a.ID || of.Offer != nil && of.Offer.Agent == a.ID || slices.Contains(of.Invited, a.ID)
	})
	a.outbox = outbox{w: w, by: by, sender: who, acks: func(*frame, store.Ack) {}}
	return a
}

func (a *agent) connection() *conn { return a.conn }

func (a *agent) lost(c *conn) {
	if a.conn == c {
		a.leave()
		if !a.asleep {
			a.w.after(a.w.between(time.Second, 5*time.Second), a.come)
		}
	}
}

// come opens the console and says that one is there.
func (a *agent) come() {
	if a.conn != nil || a.asleep {
		return
	}
	if a.conn = a.w.connect(a, a.inbox); a.conn == nil {
		a.w.after(2*time.Second, a.come)
		return
	}
	a.left, a.on = time.Time{}, a.conn.n
	a.w.say("%s %s comes to %s", a.Name, short(a.ID), a.conn.n.name)
	a.conn.n.desk.Connected(a.ID)
	a.say("online", "")
	a.outbox.again(a.conn)
	a.inbox.heartbeat()
	a.welcome()
}

// welcome is what a console is given when it connects: what is mine.
func (a *agent) welcome() {
	held, err := a.w.store.HeldBy(a.w.ctx, a.ID)
	a.w.must(err)
	for _, c := range held {
		a.inbox.sync(c.ID, c.AgentSeq)
	}
}

func (a *agent) say(status, reason string) {
	on := a.conn
	on.n.put(task{"presence", func(ctx context.Context) {
		for range 3 {
			if on.closed {
				return
			}
			if err := on.n.desk.SetPresence(ctx, store.Agent{Agent: a.Agent}, status, reason); chat.KindOf(err) != chat.Unavailable {
				return
			}
		}
	}})
}

// sleep closes the laptop: nobody is told. The node notices when nothing is heard any more.
func (a *agent) sleep() {
	c := a.conn
	a.leave()
	a.asleep = true
	a.w.say("%s %s sleeps, on %s", a.Name, short(a.ID), c.n.name)
	a.w.after(30*time.Second, func() {
		if c.n.conns[c] {
			c.close()
			c.n.desk.Disconnected(a.ID)
		}
	})
	a.w.after(a.w.between(5*time.Second, 3*time.Minute), a.wake)
}

// wake opens it again: what was on the screen is still there, and is answered at once.
func (a *agent) wake() {
	if !a.asleep {
		return
	}
	a.asleep = false
	a.w.say("%s wakes", a.Name)
	a.come()
	if a.conn == nil {
		return
	}
	for _, id := range a.order {
		if t := a.talks[id]; t.owner == a.ID && !t.closed {
			a.outbox.put(a.conn, &frame{conversation: id, cmd: chat.Post{Text: "anteeksi, että kesti"}, fence: t.fence})
		}
	}
}

func (a *agent) heal() {
	if a.asleep {
		a.wake()
	}
}

// live is what an agent does again and again.
func (a *agent) live() {
	switch {
	case a.asleep:
	case a.conn == nil:
		a.come()
	default:
		a.outbox.again(a.conn)
		a.inbox.heartbeat()
		if a.w.IntN(4) == 0 || a.w.healing {
			a.welcome()
		}
		if a.w.healing && a.w.IntN(3) == 0 {
			a.say("online", "")
		}
		a.act()
	}
	a.w.after(a.w.between(2*time.Second, 10*time.Second), a.live)
}

func (a *agent) act() {
	w := a.w
	if !w.healing {
		switch w.IntN(60) {
		case 0:
			a.sleep()
			return
		case 1:
			a.say("away", "lunch")
			return
		case 2:
			a.say("busy", "")
			return
		case 3, 4, 5:
			a.say("online", "")
		case 6:
			a.conn.n.desk.Disconnected(a.ID) // the browser is closed, and opened again by the next turn
			a.conn.close()
			a.leave()
			return
		case 7:
			a.outbox.put(a.conn, &frame{next: true})
		case 8:
			a.inbox.pry()
		}
	} else if w.IntN(2) == 0 {
		a.outbox.put(a.conn, &frame{next: true})
	}
	for _, id := range a.order {
		t := a.talks[id]
		switch {
		case t.closed:
		case t.offered:
			a.offered(t)
		case t.owner == a.ID:
			a.mine(t)
		case !w.healing && w.IntN(200) == 0:
			a.outbox.put(a.conn, &frame{conversation: id, cmd: chat.Take{}})
		}
		if a.conn == nil {
			return
		}
	}
}

func (a *agent) offered(t *talk) {
	switch k := a.w.IntN(10); {
	case k < 5 || a.w.healing:
		a.outbox.put(a.conn, &frame{conversation: t.id, cmd: chat.Accept{}})
	case k < 7:
		a.outbox.put(a.conn, &frame{conversation: t.id, cmd: chat.Decline{Reason: "busy"}})
	}
}

func (a *agent) mine(t *talk) {
	w, fence := a.w, t.fence
	put := func(cmd chat.Command) { a.outbox.put(a.conn, &frame{conversation: t.id, cmd: cmd, fence: fence}) }
	if w.healing {
		if t.owed {
			put(chat.Post{Text: "vastaus"})
		}
		put(chat.Resolve{})
		return
	}
	switch k := w.IntN(40); {
	case k < 14:
		if t.owed {
			put(chat.Post{Text: "vastaus"})
		}
	case k < 16:
		put(chat.Resolve{})
	case k == 16:
		put(chat.Release{})
	case k == 17:
		put(chat.Transfer{Team: teams[w.IntN(2)]})
	case k == 18:
		put(chat.Transfer{Agent: w.agents[w.IntN(len(w.agents))].ID})
	case k == 19:
		put(chat.Snooze{Until: w.clock.Add(w.between(5*time.Second, time.Minute))})
	case k == 20:
		put(chat.Note{Text: "muista tämä"})
	case k == 21:
		put(chat.Invite{Agent: w.agents[w.IntN(len(w.agents))].ID})
	case k == 22:
		put(chat.ToBot{})
	}
}

// hears keeps what the screen shows.
func (a *agent) hears(conversation string, e *chat.Event) {
	t := a.talks[conversation]
	if t == nil {
		t = &talk{id: conversation}
		a.talks[conversation] = t
		a.order = append(a.order, conversation)
	}
	d := e.Detail
	switch e.Kind {
	case chat.KindMessage:
		t.owed = e.From.Role == chat.RoleVisitor
	case chat.KindAssigned:
		t.owner, t.fence, t.offered, t.owed = d.Agent, e.AgentSeq, false, true
	case chat.KindUnassigned, chat.KindTransferred, chat.KindReturned, chat.KindEscalated:
		t.owner, t.offered = "", false
	case chat.KindOffered:
		t.offered = d.Agent == a.ID
	case chat.KindDeclined:
		t.offered = false
	case chat.KindWoken:
		if d.State != chat.WithAgent {
			t.owner = ""
		} else {
			t.owner, t.owed = d.Agent, true
		}
	case chat.KindClosed:
		t.closed, t.offered, t.owner = true, false, ""
	case chat.KindReopened:
		t.closed = false
	}
}

func (a *agent) String() string { return strings.ToLower(a.Name) }
