package sqlstore

import "github.com/kohta/kohta/chat"

// lists are steps as the statement takes them: a list for each column, as long as there are steps; as long as there are
// keys; events; what events change beside the log.
type lists struct {
	agents []string // whose capacity is counted
	begins []string // visitors who begin a conversation

	conversation, site, visitor, state, team, agent, offered, snapshot, contents, holder []string
	pos, next, agentSeq, visitorSeq, opened, held                                        []int64
	closed, due                                                                          []*int64
	bare                                                                                 []bool

	keyOf, sender, key, keyTo []string
	keySeq, keyAt             []int64

	eventOf, kind, role, actor, eventKey, detail, said []string
	eventPos, eventAgent, eventVisitor, eventAt        []int64

	emptied   []string // conversations of which the events up to emptiedTo are emptied
	emptiedTo []int64
	leftOf    []string // conversations that an agent is no guest of any more; all agents: ''
	left      []string
	invitedTo []string
	invited   []string
}

func listsOf(batch []*job[*step]) *lists {
	l := &lists{}
	for _, j := range batch {
		st := j.what
		l.add(st)
		for _, k := range st.Keys {
			l.keyOf, l.sender, l.key = append(l.keyOf, st.Next.ID), append(l.sender, k.Sender), append(l.key, k.Key)
			l.keyTo, l.keySeq, l.keyAt = append(l.keyTo, k.Ack.Conversation), append(l.keySeq, k.Ack.Seq), append(l.keyAt, millis(st.At))
		}
		for i, e := range st.Events {
			l.eventOf, l.eventPos = append(l.eventOf, st.Next.ID), append(l.eventPos, e.Pos)
			l.eventAgent, l.eventVisitor = append(l.eventAgent, e.AgentSeq), append(l.eventVisitor, e.VisitorSeq)
			l.eventAt, l.kind, l.role = append(l.eventAt, millis(e.At)), append(l.kind, string(e.Kind)), append(l.role, string(e.From.Role))
			l.actor, l.eventKey = append(l.actor, e.From.ID), append(l.eventKey, e.Key)
			l.detail, l.said = append(l.detail, st.rows[i].detail), append(l.said, st.rows[i].contents)
		}
		l.follow(st)
	}
	return l
}

func (l *lists) add(st *step) {
	c := st.Next
	l.conversation, l.site, l.visitor = append(l.conversation, c.ID), append(l.site, c.Site), append(l.visitor, c.Visitor)
	l.state, l.team, l.agent = append(l.state, string(c.State)), append(l.team, c.Team), append(l.agent, c.Agent)
	l.offered, l.snapshot, l.contents = append(l.offered, offered(c)), append(l.snapshot, st.fold.fold), append(l.contents, st.fold.contents)
	l.pos, l.next = append(l.pos, st.Pos), append(l.next, c.Pos)
	l.agentSeq, l.visitorSeq = append(l.agentSeq, c.AgentSeq), append(l.visitorSeq, c.VisitorSeq)
	l.opened, l.bare = append(l.opened, millis(c.OpenedAt)), append(l.bare, len(st.Events) == 0)
	l.closed, l.due = append(l.closed, millisOf(millisOrNull(c.ClosedAt))), append(l.due, millisOf(st.due))
	if st.Pos == 0 {
		l.begins = append(l.begins, c.Visitor)
	}
	if h := st.Holds; h != nil {
		l.agents = append(l.agents, h.Agent)
		l.holder, l.held = append(l.holder, h.Agent), append(l.held, int64(h.Count))
	} else {
		l.holder, l.held = append(l.holder, ""), append(l.held, 0)
	}
}

func millisOf(v any) *int64 {
	if ms, ok := v.(int64); ok {
		return &ms
	}
	return nil
}

// follow lists what the events of a step change beside the log and the fold: what is left of it when they have all
// happened, for one statement sees nothing of what it does itself.
func (l *lists) follow(st *step) {
	var all bool // are guests no more
	guests := map[string]bool{}
	for _, e := range st.Events {
		switch e.Kind {
		case chat.KindErased:
			l.emptied, l.emptiedTo = append(l.emptied, st.Next.ID), append(l.emptiedTo, e.Pos)
		case chat.KindInvited:
			guests[e.Detail.Agent] = true
		case chat.KindLeft, chat.KindAssigned:
			guests[e.Detail.Agent] = false
		case chat.KindClosed, chat.KindReturned:
			all = true
			clear(guests)
		}
	}
	for agent, is := range guests {
		if is {
			l.invitedTo, l.invited = append(l.invitedTo, st.Next.ID), append(l.invited, agent)
		} else {
			l.leftOf, l.left = append(l.leftOf, st.Next.ID), append(l.left, agent)
		}
	}
	if all {
		l.leftOf, l.left = append(l.leftOf, st.Next.ID), append(l.left, everybody)
	}
}

// everybody is no agent's id.
const everybody = "*"

// plain tells whether the steps change nothing but logs and folds, as nearly all messages do.
func (l *lists) plain() bool {
	return len(l.agents)+len(l.emptied)+len(l.leftOf)+len(l.invitedTo) == 0
}

// ofMessages is how many of the arguments the statement for messages takes.
const ofMessages = 36

func (l *lists) arguments() []any {
	return []any{
		l.conversation, l.pos, l.bare, l.site, l.visitor, l.state, l.team, l.agent, l.offered, l.next, l.agentSeq, l.visitorSeq,
		l.opened, l.closed, l.due, l.snapshot, l.contents, l.holder, l.held,
		l.keyOf, l.sender, l.key, l.keyTo, l.keySeq, l.keyAt,
		l.eventOf, l.eventPos, l.eventAgent, l.eventVisitor, l.eventAt, l.kind, l.role, l.actor, l.eventKey, l.detail, l.said,
		l.emptied, l.emptiedTo, l.leftOf, l.left, l.invitedTo, l.invited,
	}
}
