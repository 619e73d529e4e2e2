package gateway

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// escalated has a visitor wait in the line, and returns visitor and conversation.
func (h *house) escalated() (*peer, string) {
	h.t.Helper()
	v := h.visitor("", nil)
	id := v.post("", "Haluan ihmisen").Conversation
	h.desk.house(id, chat.Escalate{Reason: chat.ReasonAsked, Quote: "Haluan ihmisen", Team: "support"})
	return v, id
}

func TestLostMessageIsHealedByTheNextOne(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "1").Conversation
		h.desk.set(func() { h.desk.lose = func(bus.Message) bool { return true } })
		v.post(id, "2")
		v.post(id, "3")
		if n := len(v.of("event")); n != 1 {
			t.Fatalf("%d events although the bus lost them", n)
		}
		h.desk.set(func() { h.desk.lose = nil })
		v.post(id, "4")
		v.wantLog(id, 1, wire.ToVisitor)
	})
}

func TestLostMessageIsHealedByTheSweep(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		other := h.visitor(v.token(), nil)
		h.desk.set(func() { h.desk.lose = func(bus.Message) bool { return true } })
		id := v.post("", "1").Conversation
		h.desk.heal(id)
		v.wantLog(id, 1, wire.ToVisitor)
		other.wantLog(id, 1, wire.ToVisitor) // also where nothing of the conversation was known
		h.desk.heal(id)
		v.wantLog(id, 1, wire.ToVisitor)
	})
}

func TestMessagesThatComeTwiceOrInTheWrongOrder(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "1").Conversation
		var kept []bus.Message
		h.desk.set(func() { h.desk.lose = func(m bus.Message) bool { kept = append(kept, m); return true } })
		for i := range 4 {
			v.post(id, fmt.Sprint(i))
		}
		for _, i := range []int{2, 0, 0, 3, 1, 2} {
			h.desk.bus.Publish(h.ctx, kept[i])
		}
		v.wantLog(id, 1, wire.ToVisitor)
	})
}

func TestStoreThatCannotBeReadIsAskedAgain(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "1").Conversation
		h.desk.set(func() { h.desk.broken = errors.New("no disk") })
		must(t, v.Send(&wire.Frame{Type: wire.Sync, Conversation: id}))
		if n := len(v.of("synced")); n != 0 {
			t.Fatalf("synced without a store")
		}
		h.desk.set(func() { h.desk.broken = nil })
		time.Sleep(2 * time.Second)
		if n := len(v.of("synced")); n != 1 {
			t.Errorf("%d synced", n)
		}
	})
}

func TestSyncAndSince(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "1").Conversation
		for i := range 5 {
			v.post(id, fmt.Sprint(i))
		}
		back := h.visitor(v.token(), map[string]int64{id: 4, "0192f1c2-77aa-7bbb-8ccc-999999999999": 2})
		back.wantLog(id, 5, wire.ToVisitor)
		if first := back.all()[0]; first.Type != "welcome" {
			t.Errorf("before the welcome: %+v", first)
		}
		if s := back.of("synced"); len(s) != 1 || s[0].Head != 6 {
			t.Errorf("synced %+v", s)
		}
		back.wantError(wire.NotFound)
		for after, want := range map[int64]int{0: 6, 3: 3, 6: 0, 99: 0} {
			before := len(back.of("event"))
			must(t, back.Send(&wire.Frame{Type: wire.Sync, Conversation: id, Seq: after}))
			if got := len(back.of("event")) - before; got != want {
				t.Errorf("after %d came %d events, want %d", after, got, want)
			}
			if last := back.last(); last.Type != "synced" || last.Head != 6 {
				t.Errorf("after %d: the end is %+v", after, last)
			}
		}
		v.post(id, "live")
		if last := back.last(); last.Type != "event" || last.Seq != 7 {
			t.Errorf("after the syncs: %+v", last)
		}
	})
}

func TestSyncThatComesWhileTheStoreIsRead(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "1").Conversation
		for i := range 4 {
			v.post(id, fmt.Sprint(i))
		}
		reading := make(chan struct{})
		h.desk.set(func() { h.desk.reading = reading })
		before := len(v.of("event"))
		must(t, v.Send(&wire.Frame{Type: wire.Sync, Conversation: id, Seq: 3}))
		synctest.Wait()
		must(t, v.Send(&wire.Frame{Type: wire.Sync, Conversation: id, Seq: 1})) // it has lost more than it thought
		synctest.Wait()
		h.desk.set(func() { h.desk.reading = nil })
		close(reading)
		next := int64(2)
		for _, e := range v.of("event")[before:] {
			if e.Seq != next {
				t.Errorf("event %d, want %d", e.Seq, next)
			}
			next++
		}
		if next != 6 || len(v.of("synced")) != 2 {
			t.Errorf("events end at %d, with %d synced", next-1, len(v.of("synced")))
		}
	})
}

func TestLongAnswerIsPacedAndLiveEventsWaitForIt(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "first").Conversation
		long := strings.Repeat("pitkä ", 2200)
		for range 400 { // of some 15 kB each: five times what a queue may hold
			v.post(id, long)
		}
		back := h.visitor(v.token(), map[string]int64{id: 0})
		for range 20 {
			v.post(id, "live")
		}
		back.wantLog(id, 1, wire.ToVisitor)
		back.wantOpen()
		if s := back.of("synced"); len(s) != 1 {
			t.Errorf("synced %+v", s)
		}
	})
}

func TestOrderUnderConcurrency(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		lost := 0
		h.desk.lose = func(bus.Message) bool { lost++; return lost%5 == 0 }
		sari := h.agent(sariID)
		var peers []*peer
		var ids []string
		for range 6 {
			v := h.visitor("", nil)
			id := v.post("", "Moi").Conversation
			must(t, sari.Send(&wire.Frame{Type: wire.Watch, Conversation: id}))
			peers, ids = append(peers, v, h.visitor(v.token(), map[string]int64{id: 0})), append(ids, id)
		}
		synctest.Wait()
		var all sync.WaitGroup
		for i, p := range peers {
			all.Go(func() {
				for n := range 40 {
					if _, err := p.Post(h.ctx, ids[i/2], fmt.Sprint(n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for _, id := range ids {
			h.desk.heal(id)
		}
		for i, p := range peers {
			p.wantLog(ids[i/2], 1, wire.ToVisitor)
		}
		for _, id := range ids {
			sari.wantLog(id, 1, wire.ToAgent)
		}
	})
}

func TestAgentGetsWhatIsTheirsFromTheAssignmentOn(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, other := h.agent(ainoID), h.agent(ainoID)
		v, id := h.escalated()
		if n := len(aino.of("event")); n != 0 {
			t.Fatalf("%d events of a conversation that is nobody's", n)
		}
		fence := aino.do(id, wire.Take, chat.Take{}).Seq
		v.post(id, "Hei?")
		aino.wantLog(id, fence, wire.ToAgent)
		other.wantLog(id, fence, wire.ToAgent)
		if e := aino.of("event")[0]; e.Kind != "assigned" || e.Agent.ID != ainoID {
			t.Errorf("the first event is %+v", e)
		}
		aino.do(id, wire.Release, chat.Release{})
		if e := aino.of("event"); e[len(e)-1].Kind != "unassigned" {
			t.Errorf("the last event is %+v", e[len(e)-1])
		}
		before := len(aino.of("event"))
		v.post(id, "Oletko siellä?")
		if n := len(aino.of("event")); n != before {
			t.Errorf("%d events after the loss", n-before)
		}
		must(t, aino.Send(&wire.Frame{Type: wire.Ping}))
		if heads := aino.last().Heads; len(heads) != 0 {
			t.Errorf("heads %v", heads)
		}
	})
}

func TestLossWhileBeingWelcomed(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		v, id := h.escalated()
		aino.do(id, wire.Take, chat.Take{})
		aino.Close()
		welcoming := make(chan struct{})
		h.desk.set(func() { h.desk.welcoming = welcoming })
		back, err := h.dial(chat.RoleAgent, wireclient.AgentHeader(origin, h.signIn(ainoID)), wire.Greeting{})
		must(t, err)
		synctest.Wait() // what is hers has been read, and is on its way
		sari.do(id, wire.Take, chat.Take{})
		synctest.Wait()
		close(welcoming)
		synctest.Wait()
		v.post(id, "for Sari alone")
		events := back.of("event")
		if len(events) == 0 || events[0].Kind != "unassigned" {
			t.Errorf("she was told %+v", events)
		}
		for _, e := range events {
			if e.Kind == "message" {
				t.Errorf("she saw %q", e.Text)
			}
		}
	})
}

func TestChangeOfALine(t *testing.T) {
	line := func(ids string) []wire.View {
		var views []wire.View
		for _, id := range strings.Fields(ids) {
			id, seq, _ := strings.Cut(id, ":")
			views = append(views, wire.View{Conversation: chat.Conversation{ID: id, AgentSeq: int64(len(seq))}})
		}
		return views
	}
	for _, c := range []struct{ before, now, added, removed, order string }{
		{"", "", "", "", ""},
		{"", "a b", "a b", "", ""},
		{"a b", "a b", "", "", ""},
		{"a b", "a b c", "c", "", ""},
		{"a b c", "b c", "", "a", ""},
		{"a b", "c a b", "c", "", "c a b"},
		{"a b", "a c b", "c", "", "a c b"},
		{"a b", "b a", "", "", "b a"},
		{"a b c", "c a d", "d", "b", "c a d"},
		{"a b", "a:x b", "a", "", ""},
		{"a b", "a:x b c", "a c", "", ""},
	} {
		got := changeOf(line(c.before), line(c.now))
		var added []string
		for _, v := range got.Added {
			added = append(added, v.Conversation.ID)
		}
		if strings.Join(added, " ") != c.added || strings.Join(got.Removed, " ") != c.removed || strings.Join(got.Order, " ") != c.order {
			t.Errorf("from %q to %q: added %v, removed %v, order %v", c.before, c.now, added, got.Removed, got.Order)
		}
	}
}

func TestTakenOver(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		v, id := h.escalated()
		aino.do(id, wire.Take, chat.Take{})
		sari.do(id, wire.Take, chat.Take{})
		v.post(id, "Hei?")
		last := aino.last()
		for _, e := range aino.of("event") {
			last = e
		}
		if last.Kind != "unassigned" || last.Reason != "taken_over" {
			t.Errorf("the last that Aino saw is %+v", last)
		}
		if e := sari.of("event"); e[0].Kind != "assigned" || e[len(e)-1].Text != "Hei?" {
			t.Errorf("Sari saw %+v", e)
		}
		if a := aino.do(id, wire.Post, chat.Post{Text: "x"}); a.Err == nil || a.Err.Code != wire.Conflict {
			t.Errorf("Aino's post got %+v", a)
		}
	})
}

func TestWatch(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		ville, sari := h.agent(villeID), h.agent(sariID)
		v, id := h.escalated()
		must(t, ville.Send(&wire.Frame{Type: wire.Watch, Conversation: id}))
		ville.wantError(wire.NotFound) // another team's
		must(t, sari.Send(&wire.Frame{Type: wire.Watch, Conversation: id, Seq: 1}))
		sari.wantLog(id, 2, wire.ToAgent)
		if s := sari.of("snapshot"); len(s) != 1 || s[0].Snapshot.Conversation != id || s[0].Snapshot.State != chat.Waiting || len(ville.of("snapshot")) != 0 {
			t.Errorf("shown %+v", s)
		}
		if s := sari.of("synced"); len(s) != 1 {
			t.Errorf("synced %+v", s)
		}
		v.post(id, "live")
		sari.wantLog(id, 2, wire.ToAgent)
		sari.do(id, wire.Take, chat.Take{})
		must(t, sari.Send(&wire.Frame{Type: wire.Unwatch, Conversation: id}))
		v.post(id, "still hers")
		sari.wantLog(id, 2, wire.ToAgent)
		must(t, sari.Send(&wire.Frame{Type: wire.Watch, Conversation: id, Seq: 99}))
		sari.do(id, wire.Resolve, chat.Resolve{})
		v.do(id, wire.Rate, chat.Rate{Survey: "csat", Score: 5})
		sari.wantLog(id, 2, wire.ToAgent)
		must(t, sari.Send(&wire.Frame{Type: wire.Unwatch, Conversation: id}))
		before := len(sari.of("event"))
		v.do(id, wire.Rate, chat.Rate{Survey: "csat", Score: 1})
		if n := len(sari.of("event")); n != before {
			t.Errorf("%d events after unwatch", n-before)
		}
	})
}

func TestVisitorSeesNothingOfTheHouse(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino := h.agent(ainoID)
		v, id := h.escalated()
		aino.do(id, wire.Take, chat.Take{})
		aino.do(id, wire.Note, chat.Note{Text: "secret note"})
		aino.post(id, "Hei!")
		v.wantLog(id, 1, wire.ToVisitor)
		for _, e := range v.all() {
			if e.Kind == "note" || e.Baton != nil || e.Text == "secret note" {
				t.Errorf("a visitor saw %+v", e)
			}
		}
	})
}

func TestSlowReaderAloneIsClosed(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		slow := h.visitor(v.token(), nil)
		id := v.post("", "Moi").Conversation
		slow.stall()
		for i := range 2 * maxQueuedFrames {
			v.post(id, fmt.Sprint(i))
		}
		time.Sleep(writeWithin + lingerWithin)
		slow.resume()
		select {
		case <-slow.Ended():
		case <-time.After(time.Minute):
			t.Error("the slow one is still open")
		}
		v.wantLog(id, 1, wire.ToVisitor)
		v.wantOpen()
		back := h.visitor(v.token(), map[string]int64{id: 1})
		back.wantLog(id, 2, wire.ToVisitor)
	})
}

func TestSlowReaderThatWakesIsToldToComeBack(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		slow := h.visitor(v.token(), nil)
		id := v.post("", "Moi").Conversation
		slow.stall()
		for i := range 2 * maxQueuedFrames {
			v.post(id, fmt.Sprint(i))
		}
		slow.resume()
		slow.wantClosed(wire.CloseTooSlow)
		next := int64(1)
		for _, e := range slow.of("event") {
			if e.Seq != next {
				t.Fatalf("event %d, want %d: nothing may be left out", e.Seq, next)
			}
			next++
		}
	})
}

func TestLineIsShownToThoseWhoMayTake(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, ville := h.agent(ainoID), h.agent(villeID)
		_, id := h.escalated()
		time.Sleep(time.Second)
		got := aino.of("line")
		if len(got) != 1 || len(got[0].Added) != 1 || got[0].Added[0].Conversation != id || got[0].Added[0].Reason != "asked" {
			t.Fatalf("Aino was shown %+v", got)
		}
		if other := ville.of("line"); len(other) != 0 {
			t.Errorf("Ville was shown %+v", other)
		}
		late := h.agent(ainoID)
		if w := late.of("welcome")[0]; w.Line.Total != 1 || w.Line.Waiting[0].Conversation != id || w.Line.Version != got[0].Version {
			t.Errorf("who came later was welcomed with %+v", w.Line)
		}
		aino.do(id, wire.Take, chat.Take{})
		h.gateway.signal(bus.Signal{Kind: bus.Line, Team: "support"})
		time.Sleep(time.Second)
		got = late.of("line")
		if last := got[len(got)-1]; len(last.Removed) != 1 || last.Removed[0] != id {
			t.Errorf("after the take: %+v", last)
		}
		must(t, late.Send(&wire.Frame{Type: wire.Ping}))
		if beat := late.last(); beat.Line == nil || beat.Line.Total != 0 || beat.Line.Version != got[len(got)-1].Version {
			t.Errorf("heartbeat %+v", beat)
		}
	})
}

// A line that nobody sees any more is forgotten, and shown anew to who comes then.
func TestALineThatNobodySeesIsForgotten(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		first, second := h.agent(ainoID), h.agent(ainoID)
		views := func() int {
			synctest.Wait()
			h.gateway.lines.mu.Lock()
			defer h.gateway.lines.mu.Unlock()
			return len(h.gateway.lines.views)
		}
		if first.Close(); views() != 1 {
			t.Errorf("%d views while one is looked at", views())
		}
		if second.Close(); views() != 0 {
			t.Errorf("%d views that nobody looks at", views())
		}
		aino := h.agent(ainoID)
		_, id := h.escalated()
		time.Sleep(time.Second)
		if got := aino.of("line"); len(got) != 1 || len(got[0].Added) != 1 || got[0].Added[0].Conversation != id {
			t.Errorf("who came back was shown %+v", got)
		}
	})
}

// While the line is away agents come in all the same: with who waited when it was last read, or with nobody where nobody has
// watched since. When it is back they are shown what has changed.
func TestAgentsComeInWithoutTheLine(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		away := func(err error) { h.desk.set(func() { h.desk.lineAway = err }) }
		aino := h.agent(ainoID)
		one, first := h.escalated()
		time.Sleep(time.Second)
		away(chat.Errorf(chat.Unavailable, "Redis is away"))
		two, second := h.escalated()
		time.Sleep(time.Second)
		late, sari := h.agent(ainoID), h.agent(sariID)
		if w := late.of("welcome")[0]; w.Line.Total != 1 || len(w.Line.Waiting) != 1 || w.Line.Waiting[0].Conversation != first {
			t.Errorf("beside another she is welcomed with %+v", w.Line)
		}
		if w := sari.of("welcome")[0]; w.Line.Total != 0 || len(w.Line.Waiting) != 0 {
			t.Errorf("who comes first is welcomed with %+v", w.Line)
		}
		away(nil)
		time.Sleep(time.Second)
		for _, a := range []*peer{aino, late} {
			got := a.of("line")
			if last := got[len(got)-1]; len(last.Added) != 1 || last.Added[0].Conversation != second {
				t.Errorf("when it is back she is shown %+v", last)
			}
		}
		if got := sari.of("line"); len(got) != 1 || len(got[0].Added) != 2 {
			t.Errorf("when it is back she is shown %+v", got)
		}
		aino.Close()
		late.Close()
		sari.Close()
		time.Sleep(time.Second)
		one.do(first, wire.End, chat.End{})
		two.do(second, wire.End, chat.End{})
		h.gateway.signal(bus.Signal{Kind: bus.Line, Team: "support"})
		time.Sleep(time.Second)
		away(chat.Errorf(chat.Unavailable, "Redis is away"))
		if w := h.agent(ainoID).of("welcome")[0]; w.Line.Total != 0 || len(w.Line.Waiting) != 0 {
			t.Errorf("who comes after all have gone is welcomed with %+v", w.Line)
		}
	})
}

func TestWaitingVisitorIsToldThePlace(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		_, first := h.escalated()
		time.Sleep(time.Second)
		v, second := h.escalated()
		time.Sleep(2 * time.Second)
		places := v.of("line")
		if len(places) != 1 || places[0].Position == nil || *places[0].Position != 2 {
			t.Fatalf("places %+v", places)
		}
		aino := h.agent(ainoID)
		aino.do(first, wire.Take, chat.Take{})
		h.gateway.signal(bus.Signal{Kind: bus.Line, Team: "support"})
		time.Sleep(2 * time.Second)
		places = v.of("line")
		if last := places[len(places)-1]; len(places) != 2 || *last.Position != 1 || last.Conversation != second {
			t.Errorf("places %+v", places)
		}
	})
}

func TestOffer(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		aino, sari := h.agent(ainoID), h.agent(sariID)
		_, id := h.escalated()
		h.desk.house(id, chat.Hold{Agent: ainoID, Until: now().Add(30 * time.Second)})
		got := aino.of("offer")
		if len(got) != 1 || got[0].Snapshot.Conversation != id || got[0].Snapshot.Offer.Agent != ainoID {
			t.Fatalf("offers %+v", got)
		}
		if other := sari.of("offer"); len(other) != 0 {
			t.Errorf("another agent was offered %+v", other)
		}
		if a := aino.do(id, wire.Accept, chat.Accept{}); a.Err != nil {
			t.Error(a.Err)
		}
	})
}
