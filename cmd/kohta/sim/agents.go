package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// agent works at a console: takes what is offered, answers, and does all that agents do, sleep included.
type agent struct {
	w *world
	staff.Agent
	conn   *conn
	inbox  *inbox
	outbox outbox
	index  int     // among the agents
	order  []*talk // as they came to be known
	asleep bool
	goOn   func() // live

	left    time.Time     // since when they are not connected; zero: they are
	on      *node         // that they are or were connected to last
	excused time.Duration // of the time since, in which nobody could have found out that they are gone

	// What the oracle knows of them.
	held   int       // conversations that they have or are offered
	had    time.Time // when they had something last, or were offered it
	atWork time.Time // when they were last found to be at work
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

// unknown is what a roster knows of an agent that was lost: who is gone has a grace once more before that is found out.
func (a *agent) unknown() {
	const grace = 35 * time.Second
	if !a.left.IsZero() {
		a.excused = max(a.excused, a.w.clock.Sub(a.left)-(goneFor-grace))
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

// talks are what each agent knows of each conversation. One after the other asks of the same one.
type talks struct {
	all  map[string][]*talk // by agent
	id   string             // that was asked of last
	last []*talk
}

// of is what an agent knows of a conversation, nil for nothing.
func (t *talks) of(conversation string, a *agent) *talk {
	if t.id != conversation {
		t.id, t.last = conversation, t.all[conversation]
	}
	if t.last == nil {
		return nil
	}
	return t.last[a.index]
}

func (t *talks) set(conversation string, a *agent, what *talk) {
	if t.of(conversation, a); t.last == nil {
		t.last = make([]*talk, len(a.w.agents))
		t.all[conversation] = t.last
	}
	t.last[a.index] = what
}

func newAgent(w *world, of staff.Agent) *agent {
	a := &agent{w: w, Agent: of, index: len(w.agents)}
	me := staff.AsAgent(of)
	by, who := func() staff.Principal { return me }, func() string { return of.ID }
	a.goOn = a.live
	a.inbox = newInbox(w, a, chat.RoleAgent, by, who, func(of *chat.Conversation) bool {
		if of.Agent == a.ID || of.Offer != nil && of.Offer.Agent == a.ID || slices.Contains(of.Invited, a.ID) {
			return true
		}
		t := w.talks.of(of.ID, a) // what leaves them is told of, too
		return t != nil && (t.owner == a.ID || t.offered)
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
	for _, t := range a.order {
		if t.owner == a.ID && !t.closed {
			a.outbox.put(a.conn, &frame{conversation: t.id, cmd: chat.Post{Text: "anteeksi, että kesti"}, fence: t.fence})
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
	a.w.after(a.w.between(2*time.Second, 10*time.Second), a.goOn)
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
	} else if len(w.oracle.waits) > 0 && w.IntN(2) == 0 { // the console shows the line
		a.outbox.put(a.conn, &frame{next: true})
	}
	for _, t := range a.order {
		switch {
		case t.closed:
		case t.offered:
			a.offered(t)
		case t.owner == a.ID:
			a.mine(t)
		case !w.healing && w.IntN(200) == 0:
			a.outbox.put(a.conn, &frame{conversation: t.id, cmd: chat.Take{}})
		}
		if a.conn == nil {
			return
		}
	}
}

func (a *agent) offered(t *talk) {
	switch k := a.w.IntN(10); {
	case k > 0 && a.w.unwilling && !a.w.healing:
		a.outbox.put(a.conn, &frame{conversation: t.id, cmd: chat.Decline{Reason: "busy"}})
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
	t := a.w.talks.of(conversation, a)
	if t == nil {
		t = &talk{id: conversation}
		a.w.talks.set(conversation, a, t)
		a.order = append(a.order, t)
	}
	d := &e.Detail
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
