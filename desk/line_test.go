package desk

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// team changes the settings of the only team.
func (d *testDesk) team(change func(*staff.Team)) {
	d.t.Helper()
	team, err := d.store.Team(d.ctx, "support")
	d.must(err)
	change(&team)
	d.must(d.store.PutTeam(d.ctx, team))
	d.must(d.refresh(d.ctx))
}

// staff changes what is known of an agent.
func (d *testDesk) staff(id, name string, change func(*store.Agent)) {
	d.t.Helper()
	a := store.Agent{Agent: agentNamed(id, name), CreatedAt: d.clock.Now()}
	change(&a)
	d.must(d.store.PutAgent(d.ctx, a))
	d.must(d.refresh(d.ctx))
}

// awaits makes a customer wait, and returns the conversation.
func (d *testDesk) awaits() string {
	d.t.Helper()
	return d.do(d.visitor(), "", chat.AskHuman{}).Conversation
}

func (d *testDesk) held(agent string) int {
	d.t.Helper()
	held, err := d.store.HeldBy(d.ctx, agent)
	d.must(err)
	return len(held)
}

func (d *testDesk) status(agent string) routing.Presence {
	d.t.Helper()
	p, err := d.roster.Get(d.ctx, agent)
	d.must(err)
	return p
}

// Two nodes that give out the same line at the same time bring nobody over their capacity, whatever each of them had
// read a moment before.
func TestTwoNodesTogetherKeepToTheCapacity(t *testing.T) {
	one := newTestDesk(t, nil)
	two := nodeOn(t, one.store, one.clock, one.line, one.roster, nil)
	two.must(two.refresh(two.ctx))
	for _, way := range []staff.Assignment{staff.Auto, staff.Offered} {
		one.team(func(t *staff.Team) { t.Assignment = way })
		two.must(two.refresh(two.ctx))
		one.online(ainoID, "Aino")
		for range 12 {
			one.awaits()
		}
		var all sync.WaitGroup
		for i := range 16 {
			d := []*testDesk{one, two}[i%2]
			all.Go(func() {
				if err := d.assign(d.ctx, d.people().teams); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := one.held(ainoID); n != staff.DefaultCapacity {
			t.Errorf("%s: she holds %d", way, n)
		}
	}
	one.healthy()
}

func TestAHardConversationWeighsMore(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) { t.Capacity = 2 })
	d.online(ainoID, "Aino")
	angry := d.do(d.visitor(), "", chat.Post{Text: "olen aivan raivoissani, tämä on täysin naurettavaa ja haluan ihmisen nyt"}).Conversation
	if c := d.conversation(angry); c.State != chat.Waiting || c.Feeling.Name != chat.Angry {
		t.Fatalf("state %s, feeling %q", c.State, c.Feeling.Name)
	}
	d.dispatchOnce()
	d.awaits()
	d.dispatchOnce()
	if n := d.held(ainoID); n != 1 {
		t.Errorf("beside an angry customer she has room for half a conversation, and holds %d", n)
	}
	events, err := d.store.EventsAfter(d.ctx, angry, store.ForLog, 0, 100)
	d.must(err)
	i := slices.IndexFunc(events, func(e chat.Event) bool { return e.Kind == chat.KindAssigned })
	if i < 0 || events[i].Detail.Weight != routing.Hard || events[i].Detail.Capacity != 200 || events[i].Detail.Load != 0 {
		t.Errorf("the log says %+v", events[i].Detail)
	}
}

// Who cannot be served by anybody free holds up nobody, however many of them there are.
func TestTheUnservableHoldUpNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	d.staff(ainoID, "Aino", func(a *store.Agent) { a.Languages = []string{"fi"} })
	for range 30 {
		g, _, err := d.VisitorHello(d.ctx, "demo", "", "en", nil)
		d.must(err)
		d.do(staff.AsVisitor(g.Visitor), "", chat.AskHuman{})
	}
	d.clock.pass(time.Second)
	mine := d.awaits()
	d.online(ainoID, "Aino")
	d.dispatchOnce()
	if c := d.conversation(mine); c.Agent != ainoID {
		t.Errorf("the only one whom she can serve is %s with %q", c.State, c.Agent)
	}
	if n := d.held(ainoID); n != 1 {
		t.Errorf("she holds %d", n)
	}
	// The circle widens with the wait: then better in another language than not at all.
	d.clock.pass(6 * time.Minute)
	d.must(d.reconcile(d.ctx))
	d.online(ainoID, "Aino")
	d.dispatchOnce()
	if n := d.held(ainoID); n != staff.DefaultCapacity {
		t.Errorf("after six minutes she holds %d", n)
	}
}

func TestWhoMissesTwoOffersIsAwayAndToldSo(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	id := d.awaits()
	for range 2 {
		d.dispatchOnce()
		if c := d.conversation(id); c.Offer == nil {
			t.Fatal("nothing is offered")
		}
		d.clock.pass(31 * time.Second)
		d.must(d.renewNow())
		d.must(d.carryOut(d.ctx))
		d.clock.pass(chat.Usual.Cooldown)
		d.must(d.renewNow())
		d.must(d.reconcile(d.ctx))
	}
	p := d.status(ainoID)
	if p.Status != routing.Away || p.Reason != missedMore {
		t.Fatalf("she is %s, %q", p.Status, p.Reason)
	}
	last := d.bus.signals[slices.IndexFunc(d.bus.signals, func(s bus.Signal) bool { return s.Status == "away" })]
	if last.From.ID != ainoID || last.Reason != missedMore {
		t.Errorf("she is told %+v", last)
	}
	d.dispatchOnce()
	if c := d.conversation(id); c.Offer != nil {
		t.Error("offered to who is away")
	}
	d.healthy()
}

// An offer is held for its agent as long as it stands, also the longest that there may be, and that of a team that was set up
// when there could be longer ones.
func TestTheLongestOfferIsHeld(t *testing.T) {
	for _, long := range []time.Duration{staff.MaxOffer, 2 * time.Hour} {
		d := newTestDesk(t, nil)
		d.furnish(staff.Offered)
		d.team(func(t *staff.Team) { t.Patience.Offer = long })
		d.online(ainoID, "Aino")
		id := d.awaits()
		d.dispatchOnce()
		d.clock.pass(staff.MaxOffer - time.Second)
		breaches, err := d.LineBreaches(d.ctx)
		d.must(err)
		if o := d.conversation(id).Offer; o == nil || o.Until.Before(d.now()) || len(breaches) > 0 {
			t.Errorf("set to %s, it is offered %+v a second before the end: %v", long, o, breaches)
		}
	}
}

func TestOneMissedOfferIsForgottenByTakingTheNext(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.Offered)
	d.online(ainoID, "Aino")
	d.awaits()
	d.dispatchOnce()
	d.sweepAfter(31 * time.Second)
	d.online(ainoID, "Aino")
	second := d.awaits()
	d.dispatchOnce()
	d.do(d.agentPrincipal(ainoID, "Aino"), second, chat.Accept{})
	if p := d.status(ainoID); p.Status != routing.Online || p.Reason != "" {
		t.Errorf("she is %s, %q", p.Status, p.Reason)
	}
}

func TestATransferIsRefusedAndReturns(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	d.online(villeID, "Ville")
	aino, ville := d.agentPrincipal(ainoID, "Aino"), d.agentPrincipal(villeID, "Ville")
	id := d.awaits()
	d.do(aino, id, chat.Take{})
	d.do(aino, id, chat.Transfer{Agent: villeID, Note: "sinun alaasi"})
	if c := d.conversation(id); c.Offer == nil || c.Offer.From != ainoID {
		t.Fatalf("offered %+v", c.Offer)
	}
	d.do(ville, id, chat.Decline{Reason: "täynnä"})
	if c := d.conversation(id); c.State != chat.WithAgent || c.Agent != ainoID {
		t.Errorf("%s with %q", c.State, c.Agent)
	}
	d.healthy()
}

func TestABreatherAfterAHardConversation(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) { t.Rest.After = 5 * time.Minute })
	d.online(ainoID, "Aino")
	aino := d.agentPrincipal(ainoID, "Aino")
	hard := d.do(d.visitor(), "", chat.Post{Text: "olen aivan raivoissani, tämä on täysin naurettavaa ja haluan ihmisen nyt"}).Conversation
	d.dispatchOnce()
	d.do(aino, hard, chat.Resolve{})
	if p := d.status(ainoID); p.Strain == 0 || !p.RestUntil.After(d.clock.Now()) {
		t.Fatalf("after a hard conversation %+v", p)
	}
	next := d.awaits()
	d.dispatchOnce()
	if c := d.conversation(next); c.State != chat.Waiting {
		t.Fatalf("in her breather she is given one: %s", c.State)
	}
	crisis := d.do(d.visitor(), "", chat.Post{Text: "en jaksa enää elää, haluan kuolla"}).Conversation
	d.dispatchOnce()
	if c := d.conversation(crisis); c.Agent != ainoID {
		t.Errorf("somebody in danger waits for the end of a breather: %s", c.State)
	}
	d.must(d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, "online", routing.Ready))
	d.dispatchOnce()
	if c := d.conversation(next); c.Agent != ainoID {
		t.Errorf("she is ready, and the next one is %s", c.State)
	}
}

func TestBusyIsGivenNothing(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	d.must(d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, "busy", ""))
	id := d.awaits()
	d.dispatchOnce()
	if c := d.conversation(id); c.State != chat.Waiting {
		t.Errorf("given to who is busy: %s", c.State)
	}
	if err := d.SetPresence(d.ctx, store.Agent{Agent: agentNamed(ainoID, "Aino")}, "asleep", ""); chat.KindOf(err) != chat.Invalid {
		t.Errorf("an unheard-of status: %v", err)
	}
}

func TestTheNextOneIsTakenByHand(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	d.staff(ainoID, "Aino", func(a *store.Agent) { a.Languages = []string{"fi"} })
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "sv", nil)
	d.must(err)
	d.do(staff.AsVisitor(g.Visitor), "", chat.AskHuman{}) // first, and not hers to serve
	d.clock.pass(time.Second)
	first, second := d.awaits(), ""
	d.clock.pass(time.Second)
	second = d.awaits()
	a := agentNamed(ainoID, "Aino")
	a.Languages = []string{"fi"}
	key := uuid.NewString()
	for range 2 { // the second is the same frame again
		ack, err := d.Next(d.ctx, staff.AsAgent(a), key)
		d.must(err)
		if ack.Conversation != first {
			t.Errorf("took %s", ack.Conversation)
		}
	}
	ack, err := d.Next(d.ctx, staff.AsAgent(a), uuid.NewString())
	d.must(err)
	if ack.Conversation != second {
		t.Errorf("then took %s", ack.Conversation)
	}
	if _, err := d.Next(d.ctx, staff.AsAgent(a), uuid.NewString()); chat.KindOf(err) != chat.NotFound {
		t.Errorf("then %v", err)
	}
}

// Whom a ring has let in takes the next one as those of the team do, and reads it before.
func TestTheNextOneIsOpenToAnotherTeam(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	d.team(func(t *staff.Team) { t.Rings = []staff.Ring{{After: time.Minute, Team: "sales"}} })
	id := d.awaits()
	sari := agentNamed(villeID, "Sari")
	sari.Teams = []string{"sales"}
	for _, want := range []chat.ErrorKind{chat.NotFound, ""} {
		d.must(d.reconcile(d.ctx))
		if _, err := d.Conversation(d.ctx, staff.AsAgent(sari), id); chat.KindOf(err) != want {
			t.Errorf("seen: %v, want %q", err, want)
		}
		if shown, total, err := d.Line(d.ctx, sari, 10); err != nil || len(shown) != total || (total == 1) != (want == "") {
			t.Errorf("the list shows %d of %d, %v, want %q", len(shown), total, err, want)
		}
		ack, err := d.Next(d.ctx, staff.AsAgent(sari), uuid.NewString())
		if chat.KindOf(err) != want || want == "" && ack.Conversation != id {
			t.Errorf("the next one is %v, %v, want %q", ack, err, want)
		}
		d.clock.pass(61 * time.Second)
	}
}

func TestWhoIsInvitedFindsItAgain(t *testing.T) {
	d := newTestDesk(t, nil)
	aino, ville := d.agentPrincipal(ainoID, "Aino"), d.agentPrincipal(villeID, "Ville")
	id := d.awaits()
	d.do(aino, id, chat.Take{})
	d.do(aino, id, chat.Invite{Agent: villeID, Note: "Tunnetko tämän?"})
	views, err := d.AgentConversations(d.ctx, villeID)
	d.must(err)
	if len(views) != 1 || views[0].Conversation.ID != id || views[0].Conversation.Names[villeID] != "Ville" {
		t.Fatalf("he finds %+v", views)
	}
	d.do(ville, id, chat.Note{Text: "Tunnen"})
	if _, err := d.Do(d.ctx, aino, id, uuid.NewString(), 0, chat.Invite{Agent: uuid.NewString()}); chat.KindOf(err) != chat.Invalid {
		t.Errorf("a colleague whom nobody knows: %v", err)
	}
}

// The night, as its customer sees it: nobody is there, a message is left, and in the morning it is next.
func TestTheNight(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) {
		t.Hours = &staff.Hours{Zone: "Europe/Helsinki"}
		for day := range 5 {
			t.Hours.Week[day] = []staff.Interval{{From: 8 * 60, To: 16 * 60}}
		}
	})
	d.letters = &postbox{}
	d.clock.pass(11 * time.Hour) // three in the morning
	marja := d.visitor()
	id := d.do(marja, "", chat.AskHuman{}).Conversation
	last := func() chat.Asked { c := d.conversation(id); return c.Asked[len(c.Asked)-1] }
	d.do(marja, id, chat.Choose{Seq: last().VisitorSeq, Option: "leave_message"})
	d.do(marja, id, chat.Submit{Seq: last().VisitorSeq, Fields: map[string]string{"email": "marja@esimerkki.fi"}})
	c := d.conversation(id)
	if c.State != chat.Snoozed || c.Promise == nil {
		t.Fatalf("state %s, promise %+v", c.State, c.Promise)
	}
	d.sweepAfter(c.Due.At.Sub(d.clock.Now()))
	d.must(d.reconcile(d.ctx))
	d.online(ainoID, "Aino")
	d.dispatchOnce()
	if c := d.conversation(id); c.Agent != ainoID || c.State != chat.WithAgent || c.Contact.Email != "marja@esimerkki.fi" {
		t.Errorf("in the morning it is %s with %q", c.State, c.Agent)
	}
	d.healthy()
}

// renewNow is a sign of life of all who are connected here.
func (d *testDesk) renewNow() error {
	d.presence.mu.Lock()
	d.presence.renewed = time.Time{}
	d.presence.mu.Unlock()
	return d.renew(d.ctx)
}

// Who lets a customer wait through every reminder is away, and told so: nobody else shall wait for them.
func TestWhoNeverAnswersIsAway(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	id := d.awaits()
	d.dispatchOnce()
	for range 3 {
		d.clock.pass(d.conversation(id).Due.At.Sub(d.clock.Now()))
		d.must(d.renewNow())
		d.must(d.carryOut(d.ctx))
	}
	if p := d.status(ainoID); d.conversation(id).State != chat.Waiting || p.Status != routing.Away || p.Reason != missedMore {
		t.Errorf("the conversation is %s, and she is %s, %q", d.conversation(id).State, p.Status, p.Reason)
	}
}

// Two lines are given out as one to who serves both: the one with the earlier name does not starve the other.
func TestLinesOfTwoTeamsAreOneToWhoServesBoth(t *testing.T) {
	d := newTestDesk(t, nil)
	d.must(d.store.PutTeam(d.ctx, staff.NewTeam("aftersales", "After sales")))
	d.must(d.store.PutSite(d.ctx, staff.Site{Slug: "other", Name: "Other", Team: "aftersales", Language: "fi"}))
	d.staff(ainoID, "Aino", func(a *store.Agent) { a.Teams, a.Capacity = []string{"support", "aftersales"}, 1 })
	first := d.awaits()
	for range 5 {
		d.clock.pass(time.Second)
		g, _, err := d.VisitorHello(d.ctx, "other", "", "fi", nil)
		d.must(err)
		d.do(staff.AsVisitor(g.Visitor), "", chat.AskHuman{})
	}
	d.online(ainoID, "Aino")
	d.Assign(d.ctx)
	if c := d.conversation(first); c.Agent != ainoID {
		t.Errorf("who waits longest is %s", c.State)
	}
}

// Who has no more room in a team keeps none of its customers from a colleague who has, however much room another team
// would leave them.
func TestWhoIsFullInOneTeamIsNotWaitedFor(t *testing.T) {
	d := newTestDesk(t, nil)
	sales := staff.NewTeam("sales", "Sales")
	sales.Capacity, sales.Patience.Cooldown = 6, time.Hour
	d.must(d.store.PutTeam(d.ctx, sales))
	d.must(d.store.PutSite(d.ctx, staff.Site{Slug: "shop", Name: "Shop", Team: "sales", Language: "fi"}))
	d.team(func(t *staff.Team) { t.Capacity = 1 })
	both := agentNamed(ainoID, "Aino")
	both.Teams = []string{"support", "sales"}
	d.staff(ainoID, "Aino", func(a *store.Agent) { a.Teams = both.Teams })
	d.staff(villeID, "Ville", func(a *store.Agent) { a.Capacity = 2 })
	d.online(ainoID, "Aino")
	d.awaits()
	d.dispatchOnce() // she is full in support
	d.online(villeID, "Ville")
	d.awaits()
	d.dispatchOnce() // he has half of what he may have
	g, _, err := d.VisitorHello(d.ctx, "shop", "", "fi", nil)
	d.must(err)
	kept := d.do(staff.AsVisitor(g.Visitor), "", chat.AskHuman{}).Conversation
	d.do(staff.AsAgent(both), kept, chat.Take{})
	d.do(staff.AsAgent(both), kept, chat.Release{}) // so that somebody of sales waits whom she is not to be given again
	id := d.awaits()
	d.dispatchOnce()
	if c := d.conversation(id); c.Agent != villeID {
		t.Errorf("beside a colleague with room, it is %s with %q", c.State, c.Agent)
	}
}

// However many in front are kept from the only one who is free, who stands behind them is served.
func TestManyWhoAreKeptFromAnAgentHoldUpNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	d.team(func(t *staff.Team) { t.Capacity, t.Patience.Cooldown = 100, time.Hour })
	d.online(ainoID, "Aino")
	aino := d.agentPrincipal(ainoID, "Aino")
	for range 20 {
		id := d.awaits()
		d.do(aino, id, chat.Take{})
		d.do(aino, id, chat.Release{})
		d.clock.pass(time.Millisecond)
	}
	behind := d.awaits()
	d.dispatchOnce()
	if c := d.conversation(behind); c.Agent != ainoID {
		t.Errorf("behind twenty whom she gave back, the next is %s", c.State)
	}
}

// A roster that was away for a while, and is as it was, takes nobody's conversations: who is connected was there all along.
func TestARosterThatWasAway(t *testing.T) {
	d := newTestDesk(t, nil)
	d.online(ainoID, "Aino")
	id := d.awaits()
	d.dispatchOnce()
	for range 8 { // the lease has long ended by the time that it answers again
		d.clock.pass(10 * time.Second)
	}
	for range 60 {
		d.must(d.watchAgents(d.ctx))
		d.clock.pass(time.Second)
	}
	if c := d.conversation(id); c.State != chat.WithAgent || c.Agent != ainoID {
		t.Errorf("it is %s with %q", c.State, c.Agent)
	}
	d.Disconnected(ainoID)
	for range 40 {
		d.must(d.watchAgents(d.ctx))
		d.clock.pass(time.Second)
	}
	if c := d.conversation(id); c.State != chat.Waiting {
		t.Errorf("40 s after her connection broke it is %s", c.State)
	}
}

// A team that nobody set up has a line all the same, and supervisors see it.
func TestALineThatNobodySetUpIsSeen(t *testing.T) {
	d := newTestDesk(t, nil)
	d.must(d.store.PutSite(d.ctx, staff.Site{Slug: "demo", Name: "Demo", Team: "ghost", Language: "fi"}))
	d.must(d.refresh(d.ctx))
	id := d.awaits()
	d.must(d.reconcile(d.ctx))
	sari := agentNamed(villeID, "Sari")
	sari.Role = staff.RoleSupervisor
	views, total, err := d.Line(d.ctx, sari, 10)
	d.must(err)
	if total != 1 || len(views) != 1 || views[0].Conversation.ID != id {
		t.Fatalf("a supervisor sees %d of %d", len(views), total)
	}
	if ack, err := d.Next(d.ctx, staff.AsAgent(sari), uuid.NewString()); err != nil || ack.Conversation != id {
		t.Errorf("the next one is %v, %v", ack, err)
	}
	d.must(d.reconcile(d.ctx))
	if lines := d.lines(); slices.Contains(lines, "ghost") {
		t.Errorf("nobody waits there any more, and the lines are still %v", lines)
	}
}

// An old line does not make anybody take from a colleague.
func TestTheNextOneIsNotAColleagues(t *testing.T) {
	d := newTestDesk(t, nil)
	d.furnish(staff.ByHand)
	id := d.awaits()
	c := d.conversation(id)
	ticket := d.ticket(&c, nil)
	d.do(d.agentPrincipal(villeID, "Ville"), id, chat.Take{})
	d.must(d.line.Put(d.ctx, ticket)) // as a replica would have it that had not heard of it
	if _, err := d.Next(d.ctx, d.agentPrincipal(ainoID, "Aino"), uuid.NewString()); chat.KindOf(err) != chat.NotFound {
		t.Errorf("took %v", err)
	}
	if c := d.conversation(id); c.Agent != villeID {
		t.Errorf("it is %q's", c.Agent)
	}
}
