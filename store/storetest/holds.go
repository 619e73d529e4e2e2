package storetest

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// held is a conversation in a state, with an agent, and perhaps offered to another.
func held(i int, state chat.State, agent, offered string) chat.Conversation {
	c := fresh(i, visitorID(i))
	c.State, c.Agent = state, agent
	if offered != "" {
		c.Offer = &chat.Offer{Agent: offered, Until: begin.Add(time.Minute)}
	}
	return c
}

func testHeldBy(t *testing.T, s store.Store) {
	me, other := agentID(1), agentID(2)
	mine := []chat.Conversation{
		tell(t, s, held(1, chat.WithAgent, me, ""), message("Moi")),
		tell(t, s, held(2, chat.Waiting, "", me), message("Moi")),
		tell(t, s, held(3, chat.Waiting, other, me), message("Moi")), // knows the other, and is offered to me
	}
	for _, c := range []chat.Conversation{
		held(4, chat.Snoozed, me, ""), held(5, chat.Closed, me, ""), held(6, chat.Waiting, me, ""), held(7, chat.Waiting, me, other),
		held(8, chat.WithAgent, other, ""), held(9, chat.WithBot, "", ""),
	} {
		tell(t, s, c, message("Moi"))
	}
	same(t, "mine", get[[]chat.Conversation](t)(s.HeldBy(t.Context(), me)), listed(mine))

	// The offer ends, and with it the hold.
	mine[1].Offer = nil
	tell(t, s, mine[1], kind(chat.KindDeclined))
	same(t, "after a decline", get[[]chat.Conversation](t)(s.HeldBy(t.Context(), me)), listed([]chat.Conversation{mine[0], mine[2]}))
	same(t, "nobody's", get[[]chat.Conversation](t)(s.HeldBy(t.Context(), agentID(9))), []chat.Conversation(nil))
}

// testHolds gives many conversations at once to an agent who may have three. Whoever decides on what the agent held a
// moment ago is refused and decides again, so there are never more.
func testHolds(t *testing.T, s store.Store) {
	const most, all = 3, 24
	agent := agentID(1)
	var waiting []chat.Conversation
	for i := range all {
		waiting = append(waiting, tell(t, s, held(i, chat.Waiting, "", ""), message("Moi")))
	}
	var given, refused atomic.Int64
	var group sync.WaitGroup
	for i, c := range waiting {
		group.Go(func() {
			for {
				have, err := s.HeldBy(t.Context(), agent)
				if err != nil || len(have) >= most {
					return
				}
				next := c
				if next.Offer = (&chat.Offer{Agent: agent, Until: begin.Add(time.Minute)}); i%2 == 0 {
					next.State, next.Agent, next.Offer = chat.WithAgent, agent, nil
				}
				a := appendOf(next, kind(chat.KindAssigned))
				a.Holds = &store.Holds{Agent: agent, Count: len(have)}
				switch err := s.Append(t.Context(), a); {
				case err == nil:
					given.Add(1)
					return
				case !errors.Is(err, store.ErrMoved):
					t.Errorf("append: %v", err)
					return
				}
				refused.Add(1)
			}
		})
	}
	group.Wait()
	if n := len(get[[]chat.Conversation](t)(s.HeldBy(t.Context(), agent))); n != most || given.Load() != most {
		t.Errorf("the agent holds %d, was given %d, and may have %d (%d were refused)", n, given.Load(), most, refused.Load())
	}
}

func testInvitedTo(t *testing.T, s store.Store) {
	guest, other := agentID(3), agentID(4)
	ask := func(c chat.Conversation, agents ...string) chat.Conversation {
		for _, a := range agents {
			c.Invited = append(slices.Clone(c.Invited), a)
			e := kind(chat.KindInvited)
			e.Detail.Agent = a
			c = tell(t, s, c, e)
		}
		return c
	}
	one := ask(tell(t, s, held(1, chat.WithAgent, agentID(1), ""), message("Moi")), guest, other)
	two := ask(tell(t, s, held(2, chat.WithAgent, agentID(2), ""), message("Moi")), guest)
	tell(t, s, held(3, chat.WithAgent, agentID(2), ""), message("Moi"))
	same(t, "invited", get[[]chat.Conversation](t)(s.InvitedTo(t.Context(), guest)), listed([]chat.Conversation{one, two}))

	one.Invited = []string{other}
	left := kind(chat.KindLeft)
	left.Detail.Agent = guest
	one = tell(t, s, one, left)
	same(t, "after leaving", get[[]chat.Conversation](t)(s.InvitedTo(t.Context(), guest)), listed([]chat.Conversation{two}))
	two.State, two.Invited = chat.Closed, nil
	tell(t, s, two, kind(chat.KindClosed))
	same(t, "after the end", get[[]chat.Conversation](t)(s.InvitedTo(t.Context(), guest)), []chat.Conversation(nil))
	same(t, "the other", get[[]chat.Conversation](t)(s.InvitedTo(t.Context(), other)), listed([]chat.Conversation{one}))
}
