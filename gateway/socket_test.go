package gateway

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

func TestPostIsAckedAndSeenByEverySocketOfTheVisitor(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		phone := h.visitor("", nil)
		laptop := h.visitor(phone.token(), nil)
		a := phone.post("", "Moi!")
		if a.Seq != 1 || a.Conversation == "" {
			t.Errorf("ack %+v", a)
		}
		phone.post(a.Conversation, "Missä tilaus?")
		phone.wantLog(a.Conversation, 1, wire.ToVisitor)
		laptop.wantLog(a.Conversation, 1, wire.ToVisitor)
		if events := laptop.of("event"); events[0].Text != "Moi!" || events[0].Key == "" || events[0].From.Role != "visitor" {
			t.Errorf("got %+v", events[0])
		}
	})
}

func TestBadFramesGetTheContractsErrorAndChangeNothing(t *testing.T) {
	b, err := os.ReadFile("../wire/testdata/bad.json")
	must(t, err)
	var list []struct {
		Why, From, Frame string
		Code             wire.Code
		Close            int
	}
	must(t, json.Unmarshal(b, &list))
	for _, bad := range list {
		inHouse(t, nil, func(t *testing.T, h *house) {
			var p *peer
			if bad.From == "agent" {
				p = h.agent(ainoID)
			} else {
				p = h.visitor("", nil)
			}
			p.raw(bad.Frame)
			p.wantError(bad.Code)
			if bad.Close != 0 {
				p.wantClosed(bad.Close)
			} else {
				p.wantOpen()
			}
			if len(h.desk.folds) != 0 {
				t.Errorf("%s: something was stored", bad.Why)
			}
		})
	}
}

func TestWhatIsNotThereOrNotYours(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		owner, stranger := h.visitor("", nil), h.visitor("", nil)
		mine := owner.post("", "Moi").Conversation
		for _, id := range []string{mine, "0192f1c2-77aa-7bbb-8ccc-999999999999"} {
			for _, f := range []*wire.Frame{
				{Type: wire.Post, Command: chat.Post{Text: "x"}}, {Type: wire.End, Command: chat.End{}},
				{Type: wire.Rate, Command: chat.Rate{Survey: "csat", Score: 5}},
				{Type: wire.Choose, Command: chat.Choose{Seq: 1, Option: "a"}},
				{Type: wire.Submit, Command: chat.Submit{Seq: 1, Fields: map[string]string{"a": "b"}}},
				{Type: wire.Sync}, {Type: wire.Read, Seq: 1}, {Type: wire.Typing},
			} {
				f.Conversation, f.Key = id, ""
				if f.Command != nil {
					a, err := stranger.Do(h.ctx, f)
					must(t, err)
					if a.Err == nil || a.Err.Code != wire.NotFound {
						t.Errorf("%s: %+v", f.Type, a)
					}
				} else {
					must(t, stranger.Send(f))
					stranger.wantError(wire.NotFound)
				}
				time.Sleep(5 * time.Second) // the rate is another test's
			}
		}
		if n := len(h.desk.log(mine, wire.ToAgent)); n != 1 {
			t.Errorf("the conversation has %d events", n)
		}
		if got := stranger.of("event"); len(got) != 0 {
			t.Errorf("a stranger got %+v", got)
		}
		stranger.wantOpen()
	})
}

func TestSizes(t *testing.T) {
	post := func(n int) string {
		head, tail := `{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-000000000001","conversation":null,"text":"`, `"}`
		return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
	}
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		p.raw(post(wire.MaxVisitorFrame))
		if len(p.of("ack")) != 1 {
			t.Errorf("the largest frame got %+v", p.last())
		}
		p.raw(post(wire.MaxVisitorFrame + 1))
		p.wantError(wire.TooLarge)
		p.wantClosed(wire.CloseTooLarge)
	})
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		// The server may have had enough before all of it is sent.
		_ = p.SendRaw(1, []byte(`{"type":"post","key":"0192f1c2-77aa-7bbb-8ccc-000000000001","conversation":null,"text":"`+strings.Repeat("🙂", 10_000)+`"}`))
		p.wantError(wire.TooLarge)
		p.wantClosed(wire.CloseTooLarge)
	})
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.agent(ainoID)
		p.raw(strings.Repeat(" ", wire.MaxAgentFrame-15) + `{"type":"ping"}`)
		if len(p.of("heartbeat")) != 1 {
			t.Errorf("the largest frame of an agent got %+v", p.last())
		}
		p.raw(strings.Repeat(" ", wire.MaxAgentFrame-14) + `{"type":"ping"}`)
		p.wantError(wire.TooLarge)
		p.wantClosed(wire.CloseTooLarge)
	})
}

func TestBinaryFrame(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		must(t, p.SendRaw(2, []byte(`{"type":"ping"}`)))
		p.wantError(wire.BadFrame)
		p.wantClosed(wire.CloseBadFrame)
	})
}

func TestHello(t *testing.T) {
	for _, c := range []struct {
		name, frame string
		code        wire.Code
		close       int
	}{
		{"another frame first", `{"type":"ping"}`, wire.HelloFirst, wire.CloseBadFrame},
		{"a wrong frame first", `{"type":"post"}`, wire.HelloFirst, wire.CloseBadFrame},
		{"an unknown frame first", `{"type":"dance"}`, wire.HelloFirst, wire.CloseBadFrame},
		{"no JSON first", `hello`, wire.BadFrame, wire.CloseBadFrame},
		{"too large", `{"type":"hello","site":"demo","x":"` + strings.Repeat("x", 4096) + `"}`, wire.TooLarge, wire.CloseBadFrame},
		{"a token that is not good", `{"type":"hello","site":"demo","token":"nobody"}`, wire.Unauthorized, wire.CloseUnauthorized},
		{"no such site", `{"type":"hello","site":"nowhere"}`, wire.NotFound, wire.CloseNoSite},
		{"a field that is wrong", `{"type":"hello","site":7}`, wire.BadFrame, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, nil, func(t *testing.T, h *house) {
				p := h.silent(t)
				p.raw(c.frame)
				p.wantError(c.code)
				if c.close != 0 {
					p.wantClosed(c.close)
					return
				}
				p.raw(`{"type":"hello","site":"demo"}`)
				if p.last().Type != "welcome" {
					t.Errorf("the right hello after it got %+v", p.last())
				}
				p.raw(`{"type":"hello","site":"demo"}`)
				p.wantError(wire.BadFrame)
				p.wantOpen()
			})
		})
	}
}

// TestAHelloThatCannotBeCarriedOut: who said hello while the database was away comes back, and is not sent away for good.
func TestAHelloThatCannotBeCarriedOut(t *testing.T) {
	for name, away := range map[string]error{"of a kind": chat.Errorf(chat.Unavailable, "no database"), "without a kind": io.ErrUnexpectedEOF} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, nil, func(t *testing.T, h *house) {
				h.desk.set(func() { h.desk.away = away })
				p := h.silent(t)
				p.raw(`{"type":"hello","site":"demo"}`)
				p.wantError(wire.Unavailable)
				p.wantClosed(wire.CloseUnavailable)
			})
		})
	}
}

func TestNoHelloWithinFiveSeconds(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		start := time.Now()
		p := h.silent(t)
		p.wantClosed(wire.CloseBadFrame)
		p.wantError(wire.HelloFirst)
		if took := time.Since(start); took < wire.HelloWithin || took > wire.HelloWithin+time.Second {
			t.Errorf("closed after %s", took)
		}
	})
}

func TestOriginOfVisitors(t *testing.T) {
	for from, want := range map[string]int{
		"": 0, "https://desk.example": 0, "https://shop.example": 0,
		"https://evil.example": wire.CloseUnauthorized, "http://shop.example": wire.CloseUnauthorized,
		"https://shop.example.evil.example": wire.CloseUnauthorized, "null": wire.CloseUnauthorized,
	} {
		inHouse(t, nil, func(t *testing.T, h *house) {
			header := map[string][]string{}
			if from != "" {
				header["Origin"] = []string{from}
			}
			p, err := h.dial(chat.RoleVisitor, header, wire.Greeting{Site: "demo"})
			must(t, err)
			if want != 0 {
				p.wantError(wire.Forbidden)
				p.wantClosed(want)
			} else if p.last().Type != "welcome" {
				t.Errorf("from %q: %+v", from, p.last())
			}
		})
	}
}

func TestHeartbeatAndSilence(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		a := p.post("", "Moi")
		time.Sleep(3*wire.Heartbeat + time.Second)
		p.wantOpen() // it answers pings
		beats := p.of("heartbeat")
		if len(beats) < 3 || len(beats) > 4 || beats[0].Heads[a.Conversation] != 1 {
			t.Errorf("heartbeats %+v", beats)
		}
		must(t, p.Send(&wire.Frame{Type: wire.Ping}))
		if n := len(p.of("heartbeat")); n != len(beats)+1 {
			t.Errorf("%d heartbeats after a ping", n)
		}
	})
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		p.Mute()
		start := time.Now()
		p.wantClosed(wire.CloseSilent)
		if took := time.Since(start); took < wire.Silence || took > wire.Silence+3*time.Second {
			t.Errorf("closed after %s", took)
		}
	})
}

func TestInternalErrorsKeepTheirWords(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		for _, err := range []error{os.ErrInvalid, chat.Errorf(chat.Unavailable, "disk full at /secret")} {
			h.desk.set(func() { h.desk.fail = err })
			a := p.do("", wire.Post, chat.Post{Text: "x"})
			if a.Err == nil || a.Err.Code != wire.Unavailable {
				t.Errorf("got %+v", a)
			}
			if e := p.last(); e.RetryAfter < 1 || strings.Contains(e.Message, "secret") || strings.Contains(e.Message, "invalid") {
				t.Errorf("got %+v", e)
			}
		}
		p.wantOpen()
	})
}

func TestPanicEndsItsFrameAlone(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		h.desk.set(func() { h.desk.visitors = nil })
		q, err := h.dial(chat.RoleVisitor, nil, wire.Greeting{Site: "demo"}) // writing to a nil map panics
		must(t, err)
		q.wantError(wire.Unavailable)
		p.post("", "Moi")
	})
}

func TestReadAndTyping(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		id := v.post("", "Moi").Conversation
		a := h.agent(ainoID)
		if r := a.do(id, wire.Take, chat.Take{}); r.Err != nil {
			t.Fatal(r.Err)
		}
		a.do(id, wire.Note, chat.Note{Text: "agents alone see this"})
		a.post(id, "Hei!")
		for range 3 {
			must(t, a.Send(&wire.Frame{Type: wire.Typing, Conversation: id}))
		}
		if got := v.of("typing"); len(got) != 1 || got[0].From.Name != "Aino" {
			t.Errorf("typing: %+v", got)
		}
		if got := a.of("typing"); len(got) != 0 {
			t.Errorf("the agent's own typing came back: %+v", got)
		}
		head := int64(len(h.desk.log(id, wire.ToVisitor)))
		must(t, v.Send(&wire.Frame{Type: wire.Read, Conversation: id, Seq: head}))
		if got := a.of("read"); len(got) != 1 || got[0].By != "visitor" || got[0].Seq != int64(len(h.desk.log(id, wire.ToAgent))) {
			t.Errorf("read: %+v", got)
		}
		must(t, a.Send(&wire.Frame{Type: wire.Presence, Status: "away"}))
		if got := a.of("presence"); len(got) != 1 || got[0].Agent.Name != "Aino" || got[0].Status != "away" {
			t.Errorf("presence: %+v", got)
		}
		if got := v.of("presence"); len(got) != 0 {
			t.Errorf("a visitor saw %+v", got)
		}
	})
}
