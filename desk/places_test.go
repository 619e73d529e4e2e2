package desk

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// stumbling is a line that does not take the next so many tickets.
type stumbling struct {
	routing.Line
	fails int
	asked []string // for which conversations
}

func (s *stumbling) Put(ctx context.Context, t routing.Ticket) error {
	s.asked = append(s.asked, t.Conversation)
	if s.fails > 0 {
		s.fails--
		return chat.Errorf(chat.Unavailable, "the line is away")
	}
	return s.Line.Put(ctx, t)
}

func (d *testDesk) place(id string) int {
	d.t.Helper()
	place, _, err := d.line.Place(d.ctx, "support", id)
	d.must(err)
	return place
}

// A line that stumbles once has the customer nevertheless, before they are answered.
func TestALineThatStumblesIsAskedAgainAtOnce(t *testing.T) {
	d := newTestDesk(t, nil)
	d.line = &stumbling{Line: d.line, fails: 1}
	if id := d.awaits(); d.place(id) != 1 {
		t.Error("the customer does not stand in the line")
	}
}

// A line that is away for a moment has everybody with the next look at the deadlines, who may be in danger first, and
// needs no reconciling; who does not wait any more is not put there.
func TestALineThatWasAwayIsFilledSoon(t *testing.T) {
	d := newTestDesk(t, nil)
	line := &stumbling{Line: d.line, fails: 1000}
	d.line = line
	calm, gone := d.awaits(), d.awaits()
	danger := d.visitor()
	worst := d.do(danger, "", chat.AskHuman{}).Conversation
	d.must(d.step(d.ctx, worst, func(chat.Conversation) chat.Command {
		return chat.Escalate{Reason: chat.ReasonCrisis}
	}))
	d.do(d.agentPrincipal(ainoID, "Aino"), gone, chat.Take{})
	d.must(d.carryOut(d.ctx))
	if d.place(calm)+d.place(worst) != 0 {
		t.Fatal("a line that is away took somebody")
	}
	line.fails, line.asked = 0, nil
	select {
	case <-d.kick:
	default:
	}
	d.must(d.carryOut(d.ctx))
	if !slices.Equal(line.asked, []string{worst, calm}) || d.place(worst) != 1 || d.place(calm) != 2 {
		t.Errorf("the line was given %v; want %s, then %s", line.asked, worst, calm)
	}
	select {
	case <-d.kick:
	default:
		t.Error("nobody is told that there is somebody to be given")
	}
	d.must(d.carryOut(d.ctx))
	if len(line.asked) != 2 {
		t.Errorf("who stands in the line is put there again: %v", line.asked)
	}
}

func TestTheUnplacedAreBounded(t *testing.T) {
	var u unplaced
	for i := range 3 * maxUnplaced {
		u.add(chat.Conversation{ID: fmt.Sprint("c", i)})
	}
	for i := range 3 * maxUnplaced {
		u.add(chat.Conversation{ID: fmt.Sprint("d", i), Reason: chat.ReasonCrisis})
	}
	if list := u.list(); len(list) != 2*maxUnplaced || list[0][0] != 'd' || list[maxUnplaced][0] != 'c' {
		t.Errorf("%d are remembered, %s first and %s after those in danger", len(list), list[0], list[maxUnplaced])
	}
}

// Whom an agent passes on to a colleague is not told of the line while that colleague is asked.
func TestWhoIsPassedOnHasNoPlaceWhileTheColleagueIsAsked(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) { t.Assignment = staff.ByHand })
	d.online(ainoID, "Aino")
	d.online(villeID, "Ville")
	aino, ville := d.agentPrincipal(ainoID, "Aino"), d.agentPrincipal(villeID, "Ville")
	d.do(d.visitor(), "", chat.AskHuman{})
	d.clock.pass(time.Second)
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	d.do(aino, id, chat.Take{})
	d.do(aino, id, chat.Transfer{Agent: villeID})
	if place, wait := d.Place(d.ctx, d.conversation(id)); place != nil || wait != nil {
		t.Errorf("while Ville is asked it has place %d", *place)
	}
	d.must(d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, "offline", ""))
	d.do(ville, id, chat.Decline{})
	c := d.conversation(id)
	if place, _ := d.Place(d.ctx, c); c.State != chat.Waiting || place == nil || *place != 2 {
		t.Errorf("declined, it is %s at %v", c.State, place)
	}
}
