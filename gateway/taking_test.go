package gateway

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// taken has an agent take a conversation, and returns visitor, conversation and fence.
func (h *house) taken(agent *peer) (v *peer, id string, fence int64) {
	h.t.Helper()
	v, id = h.escalated()
	a := agent.do(id, wire.Take, chat.Take{})
	if a.Err != nil {
		h.t.Fatal(a.Err)
	}
	return v, id, a.Seq
}

// eventsOf are the events of one conversation that have come.
func (p *peer) eventsOf(id string) []wire.Received {
	var list []wire.Received
	for _, e := range p.of("event") {
		if e.Conversation == id {
			list = append(list, e)
		}
	}
	return list
}

func TestTheNextOneIsTaken(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino := h.agent(ainoID)
		next := func(key string) (wire.Received, bool) {
			before := len(aino.all())
			aino.raw(`{"type":"take","key":"` + key + `","conversation":null}`)
			for _, r := range aino.all()[before:] {
				if r.Type == "ack" || r.Type == "error" {
					return r, r.Type == "ack"
				}
			}
			t.Fatal("no answer")
			return wire.Received{}, false
		}
		const k1, k2, k3 = "0192f1c2-77aa-7bbb-8ccc-0000000000e1", "0192f1c2-77aa-7bbb-8ccc-0000000000e2", "0192f1c2-77aa-7bbb-8ccc-0000000000e3"
		if r, ok := next(k1); ok || r.Code != "not_found" || r.Key != k1 {
			t.Errorf("of an empty line: %+v", r)
		}
		_, first := h.escalated()
		time.Sleep(time.Second)
		_, second := h.escalated()
		r, ok := next(k2)
		if !ok || r.Conversation != first {
			t.Fatalf("the next one is %+v, want %s", r, first)
		}
		if again, _ := next(k2); again.Conversation != first || again.Seq != r.Seq {
			t.Errorf("sent again: %+v, first %+v", again, r)
		}
		if r, _ := next(k3); r.Conversation != second {
			t.Errorf("then came %+v, want %s", r, second)
		}
		if e := aino.eventsOf(first); len(e) != 1 || e[0].Kind != "assigned" {
			t.Errorf("events of it: %+v", e)
		}
	})
}

func TestWhoIsInvitedSeesWhatHappens(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, ville, sari := h.agent(ainoID), h.agent(villeID), h.agent(sariID)
		v, id, _ := h.taken(aino)
		if a := aino.do(id, wire.Invite, chat.Invite{Agent: villeID, Note: "Katsotko laskua?"}); a.Err != nil {
			t.Fatal(a.Err)
		}
		got := ville.of("invite")
		if len(got) != 1 || got[0].From.ID != ainoID || got[0].From.Name != "Aino" || got[0].Note != "Katsotko laskua?" || got[0].Snapshot.Conversation != id {
			t.Fatalf("invited with %+v", got)
		}
		if in := got[0].Snapshot.Invited; len(in) != 1 || in[0].ID != villeID {
			t.Errorf("the snapshot says %+v", in)
		}
		if other := sari.of("invite"); len(other) != 0 || len(v.of("invite")) != 0 {
			t.Errorf("others were told: %+v", other)
		}
		v.post(id, "Onko lasku oikein?")
		seen := ville.eventsOf(id)
		if len(seen) != 2 || seen[0].Kind != "invited" || seen[1].Text != "Onko lasku oikein?" {
			t.Errorf("Ville saw %+v", seen)
		}
		late := h.agent(villeID)
		if w := late.of("welcome")[0]; len(w.Snapshots) != 1 || w.Snapshots[0].Conversation != id {
			t.Errorf("another window is welcomed with %+v", w.Snapshots)
		}
		v.post(id, "Hei?")
		if e := late.eventsOf(id); len(e) != 1 || e[0].Text != "Hei?" {
			t.Errorf("the other window saw %+v", e)
		}
		h.desk.house(id, chat.Lose{}) // whoever owns it, who is invited stays
		v.post(id, "Missä olette?")
		if e := late.eventsOf(id); len(e) != 3 || e[2].Text != "Missä olette?" {
			t.Errorf("after the owner was lost it saw %+v", e)
		}
		if e := aino.eventsOf(id); e[len(e)-1].Kind != "unassigned" {
			t.Errorf("the owner's last is %+v", e[len(e)-1])
		}
		v.wantLog(id, 1, wire.ToVisitor)
	})
}

func TestWhoLeavesSeesNoMore(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino := h.agent(ainoID)
		v, id, _ := h.taken(aino)
		sari, twice := h.agent(sariID), h.agent(sariID)
		aino.do(id, wire.Invite, chat.Invite{Agent: sariID})
		if a := sari.do(id, wire.Leave, chat.Leave{}); a.Err != nil {
			t.Fatal(a.Err)
		}
		v.post(id, "Hei?")
		for _, p := range []*peer{sari, twice} {
			if e := p.eventsOf(id); len(e) != 2 || e[1].Kind != "left" || e[1].Agent.ID != sariID {
				t.Errorf("saw %+v", e)
			}
		}
		aino.do(id, wire.Invite, chat.Invite{Agent: sariID}) // and once more
		v.post(id, "Kiitos")
		e := twice.eventsOf(id)
		if len(e) != 4 || e[2].Kind != "invited" || e[3].Text != "Kiitos" {
			t.Errorf("invited again, it saw %+v", e)
		}
		aino.do(id, wire.Resolve, chat.Resolve{})
		if e := twice.eventsOf(id); e[len(e)-1].Kind != "closed" {
			t.Errorf("its end is %+v", e[len(e)-1])
		}
		v.post(id, "Vielä yksi")
		if e := twice.eventsOf(id); e[len(e)-1].Kind != "closed" {
			t.Errorf("after the end it saw %+v", e[len(e)-1])
		}
	})
}

// TestInvitationThatWasLost: who was asked in while the bus lost it has it by position.
func TestInvitationThatWasLost(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, ville := h.agent(ainoID), h.agent(villeID)
		v, id, _ := h.taken(aino)
		h.desk.set(func() { h.desk.lose = func(bus.Message) bool { return true } })
		aino.do(id, wire.Invite, chat.Invite{Agent: villeID})
		h.desk.set(func() { h.desk.lose = nil })
		h.desk.heal(id)
		must(t, ville.Send(&wire.Frame{Type: wire.Ping}))
		heads := ville.last().Heads
		if want := int64(len(h.desk.log(id, wire.ToAgent))); heads[id] != want {
			t.Fatalf("the heartbeat tells %v, want %d", heads, want)
		}
		must(t, ville.Send(&wire.Frame{Type: wire.Sync, Conversation: id}))
		ville.wantLog(id, 1, wire.ToAgent)
		v.post(id, "Hei?")
		ville.wantLog(id, 1, wire.ToAgent)
	})
}

// TestStaleFenceIsToldWhatHappened: a laptop slept; its conversation went to a colleague. What it then sends is refused,
// and followed by what happened since it was given the conversation, without being asked.
func TestStaleFenceIsToldWhatHappened(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		v, id, fence := h.taken(aino)
		sari.do(id, wire.Take, chat.Take{})
		v.post(id, "Hei Sari")
		sari.post(id, "Hei, tässä Sari.")
		asleep := h.agent(ainoID) // it knows of nothing but the fence
		for _, p := range []*peer{aino, asleep} {
			before := len(p.all())
			p.raw(`{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-0000000000e1","conversation":"` + id + `","text":"x","fence":` + strconv.FormatInt(fence, 10) + `}`)
			got := p.all()[before:]
			head := int64(len(h.desk.log(id, wire.ToAgent)))
			if len(got) != int(head-fence)+2 || got[0].Type != "error" || got[0].Code != "conflict" || got[len(got)-1].Type != "synced" || got[len(got)-1].Head != head {
				t.Fatalf("the stale post got %+v", got)
			}
			for i, e := range got[1 : len(got)-1] {
				if e.Type != "event" || e.Seq != fence+1+int64(i) {
					t.Errorf("%d: %+v", i, e)
				}
			}
			if last := got[len(got)-2]; last.Text != "Hei, tässä Sari." {
				t.Errorf("the last is %+v", last)
			}
		}
		v.post(id, "Selvä") // it was told once, and watches nothing
		if e := asleep.last(); e.Type != "synced" {
			t.Errorf("afterwards came %+v", e)
		}
		sari.raw(`{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-0000000000e2","conversation":"` + id + `","text":"x","fence":1}`)
		if e := sari.last(); e.Type != "error" || e.Code != "conflict" { // she follows it: there is nothing that she missed
			t.Errorf("who follows it got %+v", e)
		}
	})
}

func TestStaleFenceOfWhatIsNotTheirsToSee(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, ville := h.agent(ainoID), h.agent(villeID)
		_, id, fence := h.taken(aino)
		before := len(ville.all())
		ville.raw(`{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-0000000000e1","conversation":"` + id + `","text":"x","fence":` + strconv.FormatInt(fence, 10) + `}`)
		if got := ville.all()[before:]; len(got) != 1 || got[0].Code != "not_found" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSupervisorsAreAlerted(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		v, id, _ := h.taken(aino)
		v.post(id, "Hei?")
		wait := func(kind chat.Kind) { // until the deadlines have brought this
			for range 100 {
				time.Sleep(30 * time.Second)
				h.desk.house(id, chat.Overdue{Words: "Hetki vielä."})
				if log := h.desk.log(id, wire.ToAgent); log[len(log)-1].Kind == kind && (kind != chat.KindNudged || log[len(log)-1].Detail.Reason == nudgesSupervisor) {
					synctest.Wait()
					return
				}
			}
			t.Fatalf("no %s", kind)
		}
		wait(chat.KindNudged)
		got := sari.of("alert")
		if len(got) != 1 || got[0].What != wire.Silent || got[0].Conversation != id || got[0].Agent == nil || got[0].Agent.ID != ainoID || got[0].Agent.Name != "Aino" {
			t.Fatalf("Sari was told %+v", got)
		}
		if n := len(aino.of("alert")) + len(v.of("alert")); n != 0 {
			t.Errorf("%d alerts to others", n)
		}
		if w := h.agent(sariID).of("welcome")[0]; len(w.Alerts) != 1 || w.Alerts[0].Conversation != id || w.Alerts[0].What != wire.Silent {
			t.Errorf("who comes later is welcomed with %+v", w.Alerts)
		}
		if w := h.agent(ainoID).of("welcome")[0]; len(w.Alerts) != 0 {
			t.Errorf("an agent is welcomed with %+v", w.Alerts)
		}
		aino.post(id, "Anteeksi, tässä olen.")
		if w := h.agent(sariID).of("welcome")[0]; len(w.Alerts) != 0 {
			t.Errorf("after the answer still %+v", w.Alerts)
		}
	})
}

func TestAlertsHoldAsLongAsTheirReason(t *testing.T) {
	a := alerts{hold: map[string]wire.Alert{}}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	commit := func(id string, c chat.Conversation, events ...chat.Event) []wire.Alert {
		c.ID = id
		return a.see(&bus.Message{Conversation: id, Events: events, Next: c})
	}
	raised := chat.Conversation{State: chat.Waiting, Raised: true}
	if got := commit("a", raised, chat.Event{At: at, Kind: chat.KindRaised}); len(got) != 1 || got[0].What != wire.Raised || got[0].Agent != nil {
		t.Errorf("raised: %+v", got)
	}
	silent := chat.Conversation{State: chat.WithAgent, Agent: ainoID, CustomerLast: true, Names: map[string]string{ainoID: "Aino"}}
	nudge := chat.Event{At: at.Add(-time.Hour), Kind: chat.KindNudged, Detail: chat.Detail{Agent: ainoID, Reason: nudgesSupervisor}}
	commit("b", silent, nudge)
	if got := a.standing(); len(got) != 2 || got[0].Conversation != "b" || got[1].Conversation != "a" {
		t.Errorf("oldest first: %+v", got)
	}
	commit("a", raised) // where it stands, once more
	commit("b", silent)
	if got := a.standing(); len(got) != 2 {
		t.Errorf("nothing has changed, and there is %+v", got)
	}
	silent.Agent = sariID // somebody else has it now
	commit("b", silent)
	commit("a", chat.Conversation{State: chat.WithAgent})
	if got := a.standing(); len(got) != 0 {
		t.Errorf("nothing holds any more, and there is %+v", got)
	}
	if got := commit("c", chat.Conversation{State: chat.Closed}, nudge); len(got) != 1 || len(a.standing()) != 0 {
		t.Errorf("it is over already: %+v, %+v", got, a.standing())
	}
	own := chat.Event{Kind: chat.KindNudged, Detail: chat.Detail{Agent: ainoID, Reason: "agent"}}
	if got := commit("d", silent, own); len(got) != 0 {
		t.Errorf("the agent's own reminder alerts: %+v", got)
	}
	danger := chat.Conversation{State: chat.Waiting, CustomerLast: true}
	waits := chat.Event{At: at, Kind: chat.KindNudged, Detail: chat.Detail{Reason: nudgesSupervisor}}
	if got := commit("e", danger, waits); len(got) != 1 || got[0].What != wire.Silent || got[0].Agent != nil || len(a.standing()) != 1 {
		t.Errorf("who waits in danger: %+v", got)
	}
	commit("e", silent)
	if got := a.standing(); len(got) != 0 {
		t.Errorf("an agent has it, and there is %+v", got)
	}
	for i := range 2 * maxAlerts {
		commit("x"+strconv.Itoa(i), raised, chat.Event{Kind: chat.KindRaised})
	}
	if got := len(a.standing()); got != maxAlerts {
		t.Errorf("%d are kept", got)
	}
}

func TestWhyOneIsAway(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, ville := h.agent(ainoID), h.agent(villeID)
		aino.raw(`{"type":"presence","status":"busy","reason":"Kok\u200bous"}`)
		if got := ville.of("presence"); len(got) != 1 || got[0].Status != "busy" || got[0].Reason != "Kokous" || got[0].Agent.ID != ainoID {
			t.Errorf("Ville was told %+v", got)
		}
		if w := h.agent(ainoID).of("welcome")[0]; w.Agent.Status != "busy" || w.Agent.Reason != "Kokous" {
			t.Errorf("another window is welcomed as %+v", w.Agent)
		}
		end := now().Add(5 * time.Minute)
		h.gateway.signal(bus.Signal{Kind: bus.Presence, From: chat.From{Role: chat.RoleAgent, ID: ainoID}, Name: "Aino", Status: "online", Until: end})
		own, other := aino.of("presence"), ville.of("presence")
		if last := own[len(own)-1]; !last.RestUntil.Equal(end) || last.Status != "online" {
			t.Errorf("Aino was told %+v", last)
		}
		if last := other[len(other)-1]; !last.RestUntil.IsZero() || last.Status != "online" { // a breather is hers to know
			t.Errorf("Ville was told %+v", last)
		}
		for rest, want := range map[time.Duration]bool{time.Minute: true, -time.Minute: false, 0: false} {
			until := now().Add(rest)
			h.desk.set(func() { h.desk.status[ainoID] = wire.Attendance{Status: "online", RestUntil: until} })
			raw := h.agent(ainoID).of("welcome")[0].Agent.RestUntil
			if raw.Equal(until) != want || !want && !raw.IsZero() {
				t.Errorf("with %s of a breather left, the welcome says %s", rest, raw)
			}
			h.gateway.signal(bus.Signal{Kind: bus.Presence, From: chat.From{Role: chat.RoleAgent, ID: ainoID}, Name: "Aino", Status: "online", Until: until})
			own := aino.of("presence")
			if got := own[len(own)-1].RestUntil; got.Equal(until) != want {
				t.Errorf("with %s of a breather left, the signal says %s", rest, got)
			}
		}
	})
}

func TestWaitIsToldInMeasure(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, _ := h.escalated()
		told := func() []wire.Received { return v.of("line") }
		set := func(low, high int) { h.desk.set(func() { h.desk.wait = &chat.Wait{Low: low, High: high} }) }
		moved := func() { h.gateway.signal(bus.Signal{Kind: bus.Line, Team: "support"}) }
		time.Sleep(2 * time.Second)
		if got := told(); len(got) != 1 || got[0].Wait != nil || *got[0].Position != 1 {
			t.Fatalf("first told %+v", got)
		}
		set(60, 180) // the first that can be told is told at once
		moved()
		time.Sleep(1500 * time.Millisecond)
		if got := told(); len(got) != 2 || got[1].Wait == nil || *got[1].Wait != (chat.Wait{Low: 60, High: 180}) {
			t.Fatalf("then told %+v", got)
		}
		for i := range 8 { // figures that change each second are told each five
			set(60, 240+i)
			moved()
			time.Sleep(time.Second)
		}
		if got := told(); len(got) < 3 || len(got) > 4 {
			t.Errorf("in eight seconds told %d times", len(got)-2)
		}
		time.Sleep(10 * time.Second)
		settled := told()
		if last := settled[len(settled)-1]; last.Wait.High != 247 {
			t.Errorf("in the end told %+v", last)
		}
		time.Sleep(time.Minute)
		if got := told(); len(got) != len(settled) {
			t.Errorf("nothing has changed, and yet came %+v", got[len(settled):])
		}
		set(300, 600) // nobody moves, but the wait grows
		time.Sleep(lookAgain + 2*time.Second)
		if got := told(); len(got) != len(settled)+1 || got[len(settled)].Wait.Low != 300 {
			t.Errorf("a wait that grew is told as %+v", got[len(settled):])
		}
	})
}

// TestPlaceIsToldAnewInTheLine: who comes back to the line is told the place, be it the same as before.
func TestPlaceIsToldAnewInTheLine(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, id := h.escalated()
		time.Sleep(2 * time.Second)
		aino := h.agent(ainoID)
		aino.do(id, wire.Take, chat.Take{})
		aino.do(id, wire.Release, chat.Release{})
		time.Sleep(2 * time.Second)
		if got := v.of("line"); len(got) != 2 || *got[1].Position != 1 {
			t.Errorf("told %+v", got)
		}
	})
}

func TestLinks(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "Soittakaa huomenna").Conversation
		h.desk.set(func() { h.desk.links["lnk-1"] = v.token() })
		phone, err := h.dial(chat.RoleVisitor, nil, wire.Greeting{Link: "lnk-1"})
		must(t, err)
		w := phone.last()
		if w.Type != "welcome" || w.Visitor != v.of("welcome")[0].Visitor || w.Site != "demo" || w.Token != "lnk-1" || len(w.Snapshots) != 1 || w.Snapshots[0].Conversation != id {
			t.Fatalf("the link is welcomed with %+v", w)
		}
		phone.post(id, "Puhelimesta")
		v.wantLog(id, 1, wire.ToVisitor)
		for name, c := range map[string]struct {
			hello wire.Greeting
			from  string
			code  wire.Code
			close int
		}{
			"one that is not good":         {wire.Greeting{Link: "lnk-2"}, "", wire.Unauthorized, wire.CloseUnauthorized},
			"of another site":              {wire.Greeting{Link: "lnk-1", Site: "other"}, "", wire.NotFound, wire.CloseNoSite},
			"on another website":           {wire.Greeting{Link: "lnk-1"}, "https://evil.example", wire.Forbidden, wire.CloseUnauthorized},
			"on a website without a site":  {wire.Greeting{Link: "lnk-1"}, "https://shop.example", wire.Forbidden, wire.CloseUnauthorized},
			"on a website of another site": {wire.Greeting{Link: "lnk-1", Site: "demo"}, "https://evil.example", wire.Forbidden, wire.CloseUnauthorized},
		} {
			header := map[string][]string{}
			if c.from != "" {
				header["Origin"] = []string{c.from}
			}
			p, err := h.dial(chat.RoleVisitor, header, c.hello)
			must(t, err)
			p.wantClosed(c.close)
			if errs := p.of("error"); len(errs) != 1 || errs[0].Code != string(c.code) {
				t.Errorf("%s: %+v", name, errs)
			}
		}
		if _, err := h.store.Site(h.ctx, "demo"); err != nil {
			t.Fatal(err)
		}
		good, err := h.dial(chat.RoleVisitor, map[string][]string{"Origin": {"https://shop.example"}}, wire.Greeting{Link: "lnk-1", Site: "demo"})
		must(t, err)
		if w := good.last(); w.Type != "welcome" {
			t.Errorf("on the site's own page: %+v", w)
		}
	})
}

func TestOfferThatIsPassedOn(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		_, id, _ := h.taken(aino)
		h.desk.set(func() { h.desk.online = true })
		if a := aino.do(id, wire.Transfer, chat.Transfer{Agent: sariID, Note: "Katsotko?"}); a.Err != nil {
			t.Fatal(a.Err)
		}
		got := sari.of("offer")
		if len(got) != 1 || got[0].From.ID != ainoID || got[0].From.Name != "Aino" || got[0].Snapshot.Offer.From != ainoID {
			t.Errorf("offered %+v", got)
		}
		if len(aino.of("offer")) != 0 {
			t.Error("who passes it on is offered it")
		}
	})
}

// TestSupervisorReadsWhereInvited: a reading that somebody asked for is no reading behind a team's back.
func TestSupervisorReadsWhereInvited(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		a, err := h.store.Agent(h.ctx, sariID)
		must(t, err)
		a.Role, a.Teams = staff.RoleSupervisor, []string{"billing"}
		must(t, h.store.PutAgent(h.ctx, a))
		aino, sari := h.agent(ainoID), h.agent(sariID)
		_, id, _ := h.taken(aino)
		aino.do(id, wire.Invite, chat.Invite{Agent: sariID})
		must(t, sari.Send(&wire.Frame{Type: wire.Watch, Conversation: id}))
		sari.wantOpen()
		rows, err := h.store.Acts(h.ctx, 0, 100)
		must(t, err)
		for _, r := range rows {
			if r.Act.Verb == "read_conversation" {
				t.Errorf("noted: %+v", r.Act)
			}
		}
	})
}

// TestInvitedWhileBeingWelcomed: what happens while the one who was asked in comes back does not shut them out.
func TestInvitedWhileBeingWelcomed(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino := h.agent(ainoID)
		v, id, _ := h.taken(aino)
		aino.do(id, wire.Invite, chat.Invite{Agent: villeID})
		welcoming := make(chan struct{})
		h.desk.set(func() { h.desk.welcoming = welcoming })
		ville, err := h.dial(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(villeID)), wire.Greeting{})
		must(t, err)
		synctest.Wait() // what he takes part in has been read, and is on its way
		v.post(id, "Oletteko siellä?")
		close(welcoming)
		v.post(id, "Hei?")
		if e := ville.eventsOf(id); len(e) != 2 || e[0].Text != "Oletteko siellä?" || e[1].Text != "Hei?" {
			t.Errorf("he saw %+v", e)
		}
	})
}

// TestWhereAnAgentsPartEnds: with the event that ended it, whatever else was committed with that.
func TestWhereAnAgentsPartEnds(t *testing.T) {
	event := func(seq int64, kind chat.Kind, agent string) chat.Event {
		return chat.Event{AgentSeq: seq, Kind: kind, Detail: chat.Detail{Agent: agent}}
	}
	for name, c := range map[string]struct {
		events []chat.Event
		want   int64
	}{
		"they left":           {[]chat.Event{event(7, chat.KindLeft, villeID), event(8, chat.KindMessage, "")}, 7},
		"somebody else left":  {[]chat.Event{event(7, chat.KindLeft, sariID), event(8, chat.KindLeft, villeID), event(9, chat.KindNote, "")}, 8},
		"it was taken over":   {[]chat.Event{event(7, chat.KindUnassigned, villeID), event(8, chat.KindAssigned, sariID)}, 7},
		"it was closed":       {[]chat.Event{event(7, chat.KindMessage, ""), event(8, chat.KindClosed, ""), event(9, chat.KindReopened, "")}, 8},
		"nobody knows by now": {nil, 9},
	} {
		if got := lossOf(c.events, villeID, 9); got != c.want {
			t.Errorf("%s: it ends at %d, want %d", name, got, c.want)
		}
	}
}
