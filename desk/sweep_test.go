package desk

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/routing/memline"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

func (d *testDesk) online(id, name string) {
	d.t.Helper()
	d.Connected(id)
	d.must(d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(id, name)}, "online", ""))
}

func (d *testDesk) dispatchOnce() {
	d.t.Helper()
	d.must(d.assign(d.ctx, d.people().teams))
}

func (d *testDesk) sweepAfter(pause time.Duration) {
	d.t.Helper()
	d.clock.pass(pause)
	d.must(d.carryOut(d.ctx))
}

func TestAWaitingCustomerGetsAFreeAgent(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	d.clock.pass(time.Second)
	d.online(villeID, "Ville")
	d.clock.pass(time.Second)
	first := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	second := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	d.dispatchOnce()
	if got := d.conversation(first); got.State != chat.WithAgent || got.Agent != ainoID {
		t.Errorf("the first is %s with %q, not with who has been idle longest", got.State, got.Agent)
	}
	if got := d.conversation(second); got.Agent != villeID {
		t.Errorf("the second is with %q", got.Agent)
	}
	d.healthy()
}

func TestNobodyIsGivenMoreThanTheirCapacity(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	for range staff.DefaultCapacity + 3 {
		d.do(d.visitor(), "", chat.AskHuman{})
		d.dispatchOnce()
	}
	owned, err := d.store.OwnedBy(d.ctx, ainoID)
	d.must(err)
	if len(owned) != staff.DefaultCapacity {
		t.Errorf("she has %d conversations", len(owned))
	}
	_, waiting, err := d.line.List(d.ctx, "support", 10)
	d.must(err)
	if waiting != 3 {
		t.Errorf("%d wait", waiting)
	}
}

func TestAnOfferIsAcceptedDeclinedOrGoesOn(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	d.dispatchOnce()
	if c := d.conversation(id); c.State != chat.Waiting || c.Offer == nil || c.Offer.Agent != ainoID {
		t.Fatalf("state %s, offer %+v", c.State, c.Offer)
	}
	d.sweepAfter(31 * time.Second)
	if c := d.conversation(id); c.Offer != nil {
		t.Fatalf("the offer still stands: %+v", c.Offer)
	}
	d.online(ainoID, "Aino")
	d.online(villeID, "Ville")
	d.dispatchOnce()
	if c := d.conversation(id); c.Offer == nil || c.Offer.Agent != villeID {
		t.Fatalf("after no answer it is offered to %+v", c.Offer)
	}
	d.do(d.agentPrincipal(villeID, "Ville"), id, chat.Accept{})
	if c := d.conversation(id); c.State != chat.WithAgent || c.Agent != villeID {
		t.Errorf("accepted, and %s with %q", c.State, c.Agent)
	}
	d.healthy()
}

func TestAnAgentWhoNeverAnswersIsNudgedThenReplaced(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	marja := d.visitor()
	id := d.do(marja, "", chat.AskHuman{}).Conversation
	since := d.conversation(id).WaitingSince
	d.dispatchOnce()
	patience := staff.DefaultPatience()
	d.sweepAfter(patience.FirstAnswer)
	if c := d.conversation(id); c.State != chat.WithAgent || c.Nudges != 1 {
		t.Fatalf("state %s, %d nudges", c.State, c.Nudges)
	}
	d.sweepAfter(patience.NextAnswer / 2)
	if c := d.conversation(id); c.State != chat.WithAgent || c.Nudges != 2 {
		t.Fatalf("state %s, %d nudges: the supervisors have not heard of it", c.State, c.Nudges)
	}
	d.sweepAfter(patience.NextAnswer / 2)
	c := d.conversation(id)
	if c.State != chat.Waiting || !c.WaitingSince.Equal(since) {
		t.Fatalf("state %s, waiting since %v, not %v", c.State, c.WaitingSince, since)
	}
	d.online(villeID, "Ville")
	d.dispatchOnce()
	if c := d.conversation(id); c.Agent != villeID {
		t.Errorf("it went to %q", c.Agent)
	}
	d.healthy()
}

func TestAWaitingCustomerIsToldHowThingsStand(t *testing.T) {
	d := newTestDesk(t, nil)
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	for range 3 {
		before := d.conversation(id).VisitorSeq
		d.sweepAfter(time.Hour)
		if c := d.conversation(id); c.VisitorSeq != before+1 || c.Due == nil || !c.Due.At.After(d.clock.Now()) {
			t.Fatalf("told %d times, due %+v", c.VisitorSeq-before, c.Due)
		}
	}
	d.healthy()
}

// The patience is that of the team in whose line somebody comes to stand, from the first frame on.
func TestPatienceIsOfTheTeamOneComesTo(t *testing.T) {
	d := newTestDesk(t, nil)
	sales := staff.NewTeam("sales", "Sales")
	sales.Patience.Word = 40 * time.Second
	d.must(d.store.PutTeam(d.ctx, sales))
	d.team(func(t *staff.Team) { t.Patience.Word = 20 * time.Second })
	due := func(id string) time.Duration {
		c := d.conversation(id)
		if c.State != chat.Waiting || c.Due == nil || c.Due.What != chat.DueWord {
			t.Fatalf("%s, due %+v", c.State, c.Due)
		}
		return c.Due.At.Sub(d.clock.Now())
	}
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	if got := due(id); got != 20*time.Second {
		t.Errorf("who begins by asking for a person hears how it stands after %s, not 20s", got)
	}
	aino := d.agentPrincipal(ainoID, "Aino")
	d.do(aino, id, chat.Take{})
	d.do(aino, id, chat.Transfer{Team: "sales"})
	if got := due(id); got != 40*time.Second {
		t.Errorf("who is passed on to another team hears how it stands after %s, not 40s", got)
	}
}

func TestWhoIsGoneGivesBack(t *testing.T) {
	d := newTestDesk(t, nil)
	aino := d.agentPrincipal(ainoID, "Aino")
	d.online(ainoID, "Aino")
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	since := d.conversation(id).WaitingSince
	d.do(aino, id, chat.Take{})
	d.must(d.watchAgents(d.ctx))
	d.Disconnected(ainoID)
	d.clock.pass(20 * time.Second)
	d.must(d.watchAgents(d.ctx))
	if c := d.conversation(id); c.State != chat.WithAgent {
		t.Fatal("there was no grace")
	}
	for range 40 { // at the latest 60 s after the loss
		d.clock.pass(time.Second)
		d.must(d.watchAgents(d.ctx))
	}
	c := d.conversation(id)
	if c.State != chat.Waiting || !c.WaitingSince.Equal(since) {
		t.Fatalf("state %s since %v, was %v", c.State, c.WaitingSince, since)
	}
	if _, err := d.Do(d.ctx, aino, id, uuid.NewString(), c.Fence, chat.Post{Text: "täällä taas"}); chat.KindOf(err) != chat.Conflict {
		t.Errorf("she writes from sleep: %v", err)
	}
	d.healthy()
}

func TestTheLineIsMendedFromTheStore(t *testing.T) {
	d := newTestDesk(t, nil)
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	d.line = memline.New(d.clock.Now) // flushed
	breaches, err := d.LineBreaches(d.ctx)
	d.must(err)
	if len(breaches) != 1 {
		t.Fatalf("breaches %v", breaches)
	}
	d.must(d.line.Put(d.ctx, routing.Ticket{Conversation: uuid.NewString(), Team: "support", Since: d.clock.Now()}))
	d.must(d.reconcile(d.ctx))
	tickets, total, err := d.line.List(d.ctx, "support", 10)
	d.must(err)
	if total != 1 || tickets[0].Conversation != id || d.Stats().Repairs.Load() != 2 {
		t.Errorf("in the line %v, repairs %d", tickets, d.Stats().Repairs.Load())
	}
}

// What is offered is held for its agent again when the line was emptied, though nobody is free whom it could be given to.
func TestAnOfferIsHeldAgain(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	id, declined := d.awaits(), d.awaits()
	d.dispatchOnce()
	d.line = memline.New(d.clock.Now) // flushed
	d.must(d.reconcile(d.ctx))
	if breaches, err := d.LineBreaches(d.ctx); err != nil || len(breaches) > 0 {
		t.Errorf("%v, %v", breaches, err)
	}
	was := d.conversation(declined)
	d.do(d.agentPrincipal(ainoID, "Aino"), declined, chat.Decline{})
	d.must(d.holdAgain(d.ctx, []chat.Conversation{was, d.conversation(id)})) // read before she declined
	free, _, err := d.line.List(d.ctx, "support", 10)
	d.must(err)
	if len(free) != 1 || free[0].Conversation != declined {
		t.Errorf("free for others: %v", free)
	}
	d.sweepAfter(31 * time.Second)
	if free, _, err = d.line.List(d.ctx, "support", 10); err != nil || len(free) != 2 {
		t.Errorf("after the offers free for others: %v, %v", free, err)
	}
}

func TestHealingTellsAgainWhatChanged(t *testing.T) {
	d := newTestDesk(t, nil)
	d.must(d.heal(d.ctx))
	id := d.do(d.visitor(), "", chat.Post{Text: "aukioloajat"}).Conversation
	d.bus.messages = nil // lost between commit and publish
	d.healed()
	if len(d.bus.messages) != 1 || d.bus.messages[0].Conversation != id || d.bus.messages[0].Next.VisitorSeq != 2 {
		t.Errorf("told %+v", d.bus.messages)
	}
}

func TestAnActionsResultIsBroughtBack(t *testing.T) {
	asked := ""
	d := newTestDesk(t, func(a chat.Action) chat.ActionResult {
		asked = a.URL
		return chat.ActionResult{Status: 200, Body: `{}`}
	})
	id := d.do(d.visitor(), "", chat.Post{Text: "missä tilaukseni on?"}).Conversation
	d.runErrand(d.ctx, <-d.actionQueue)
	if got := d.said(id); got != "Tilaus on matkalla." || asked != "http://desk/orders" {
		t.Errorf("asked %q, the bot said %q", asked, got)
	}
	d.healthy()
}

// A desk whose address nobody has told makes an action's request as far as it can.
func TestAnActionOfADeskWithoutAnAddress(t *testing.T) {
	asked := ""
	d := newTestDesk(t, func(a chat.Action) chat.ActionResult {
		asked = a.URL
		return chat.ActionResult{Status: 200, Body: `{}`}
	})
	d.Desk.base = nil
	d.do(d.visitor(), "", chat.Post{Text: "missä tilaukseni on?"})
	if d.Errand(d.ctx); asked != "/orders" {
		t.Errorf("asked %q", asked)
	}
}

func TestAnActionThatHangsBringsAPerson(t *testing.T) {
	d := newTestDesk(t, nil)
	id := d.do(d.visitor(), "", chat.Post{Text: "missä tilaukseni on?"}).Conversation
	e := <-d.actionQueue // and the node dies with it
	d.sweepAfter(10 * time.Second)
	if c := d.conversation(id); c.State != chat.Waiting || c.Reason != chat.ReasonBotFailed {
		t.Fatalf("state %s, reason %q", c.State, c.Reason)
	}
	pos := d.conversation(id).Pos
	d.doer = actions(func(chat.Action) chat.ActionResult { return chat.ActionResult{Status: 200} })
	d.runErrand(d.ctx, e)
	if d.conversation(id).Pos != pos {
		t.Error("a result that came too late changed the conversation")
	}
	d.healthy()
}

func TestTheDoctorSeesWhatIsBroken(t *testing.T) {
	d := newTestDesk(t, nil)
	id := d.do(d.visitor(), "", chat.AskHuman{}).Conversation
	log, err := wholeLog(d.ctx, d.store, d.conversation(id))
	d.must(err)
	now := d.clock.Now()
	for name, spoil := range map[string]func(*chat.Conversation, *[]chat.Event){
		"S1":  func(c *chat.Conversation, _ *[]chat.Event) { c.State = "lost" },
		"S12": func(c *chat.Conversation, _ *[]chat.Event) { c.Due = nil },
		"S4":  func(_ *chat.Conversation, log *[]chat.Event) { *log = (*log)[:len(*log)-1] },
	} {
		c, events := d.conversation(id), append([]chat.Event(nil), log...)
		spoil(&c, &events)
		found := diagnose(c, events, now, true)
		if len(found) == 0 || found[0].Invariant != name {
			t.Errorf("a breach of %s is seen as %v", name, found)
		}
	}
	if found := diagnose(d.conversation(id), log, now.Add(time.Hour), true); len(found) != 1 || found[0].Invariant != "S12" {
		t.Errorf("a deadline that nobody carried out: %v", found)
	}
	if found := diagnose(d.conversation(id), log, now, true); len(found) != 0 {
		t.Errorf("a healthy conversation: %v", found)
	}
}

// TestRunMayBeEndedAtOnce: a desk that is ended while it begins has not failed.
func TestRunMayBeEndedAtOnce(t *testing.T) {
	d := newTestDesk(t, nil)
	ctx, cancel := context.WithCancel(d.ctx)
	cancel()
	if err := d.Run(ctx); err != nil {
		t.Error(err)
	}
}
