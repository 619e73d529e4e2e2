package gateway

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

func TestDrain(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		idle, busy := h.visitor("", nil), h.visitor("", nil)
		hold := make(chan struct{})
		h.desk.set(func() { h.desk.hold = hold })
		must(t, busy.Send(&wire.Frame{Type: wire.Post, Key: "0192f1c2-77aa-7bbb-8ccc-000000000001", Command: chat.Post{Text: "Moi"}}))
		<-h.desk.held
		drained := make(chan error)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			drained <- h.gateway.Drain(ctx)
		}()
		idle.wantClosed(wire.CloseDraining)
		time.Sleep(time.Second) // all have been told by now
		busy.wantOpen()
		if status, body := h.get("/readyz", nil); status != 503 || body != `[{"part":"gateway","words":"draining"}]`+"\n" {
			t.Errorf("readyz: %d %s", status, body)
		}
		h.wantRefused(chat.RoleVisitor, nil, http.StatusServiceUnavailable)
		close(hold)
		if n := len(busy.of("ack")); n != 1 {
			t.Errorf("the frame in work got %d acks", n)
		}
		busy.wantClosed(wire.CloseDraining)
		must(t, <-drained)
		h.drained = true
	})
}

func TestDrainIsBounded(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.visitor("", nil)
		h.desk.set(func() { h.desk.hold = make(chan struct{}) }) // never answers
		must(t, p.Send(&wire.Frame{Type: wire.Post, Key: "0192f1c2-77aa-7bbb-8ccc-000000000001", Command: chat.Post{Text: "Moi"}}))
		<-h.desk.held
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := h.gateway.Drain(ctx); err == nil {
			t.Error("no error although it was cut off")
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("it took %s", took)
		}
		h.drained = true
	})
}

func TestWhatEndsAnAgentsSockets(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*house) error
		code int
	}{
		{"disabled", func(h *house) error {
			a, err := h.store.Agent(h.ctx, ainoID)
			a.Disabled = true
			at := now()
			a.DisabledAt = &at
			must(h.t, err)
			return h.store.PutAgent(h.ctx, a)
		}, wire.CloseRevoked},
		{"session ended", func(h *house) error { return h.store.EndSession(h.ctx, session.Hash("token-of-"+ainoID)) }, wire.CloseRevoked},
		{"all sessions ended", func(h *house) error {
			_, err := h.store.EndSessionsOf(h.ctx, ainoID, "")
			return err
		}, wire.CloseRevoked},
		{"revoked at once", func(h *house) error { h.gateway.Revoke(ainoID); return nil }, wire.CloseRevoked},
		{"another role", func(h *house) error {
			a, err := h.store.Agent(h.ctx, ainoID)
			a.Role = staff.RoleSupervisor
			must(h.t, err)
			return h.store.PutAgent(h.ctx, a)
		}, wire.CloseRestart},
		{"other teams", func(h *house) error {
			a, err := h.store.Agent(h.ctx, ainoID)
			a.Teams = []string{"billing"}
			must(h.t, err)
			return h.store.PutAgent(h.ctx, a)
		}, wire.CloseRestart},
	} {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, nil, func(t *testing.T, h *house) {
				aino, sari := h.agent(ainoID), h.agent(sariID)
				start := time.Now()
				must(t, c.do(h))
				aino.wantClosed(c.code)
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("it took %s", took)
				}
				sari.wantOpen()
			})
		})
	}
}

func TestSessionThatIsNotUsedEndsTheSocket(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		p := h.agent(ainoID)
		time.Sleep(session.Idle - time.Minute)
		p.wantOpen()
		time.Sleep(2 * time.Minute)
		p.wantClosed(wire.CloseRevoked)
	})
}

func TestAgentsUpgrade(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		cookie := h.signIn(ainoID)
		with := func(change func(http.Header)) http.Header {
			header := wireclient.AgentHeader(origin, cookie)
			change(header)
			return header
		}
		for _, c := range []struct {
			name   string
			header http.Header
			status int
		}{
			{"no origin", with(func(h http.Header) { h.Del("Origin") }), 403},
			{"another origin", with(func(h http.Header) { h.Set("Origin", "https://evil.example") }), 403},
			{"a site's origin", with(func(h http.Header) { h.Set("Origin", "https://shop.example") }), 403},
			{"two origins", with(func(h http.Header) { h.Add("Origin", "https://evil.example") }), 403},
			{"null", with(func(h http.Header) { h.Set("Origin", "null") }), 403},
			{"our host in a path", with(func(h http.Header) { h.Set("Origin", "https://evil.example/"+host) }), 403},
			{"our host as user", with(func(h http.Header) { h.Set("Origin", "https://evil@"+host) }), 403},
			{"another scheme", with(func(h http.Header) { h.Set("Origin", "ftp://"+host) }), 403},
			{"no cookie", with(func(h http.Header) { h.Del("Cookie") }), 401},
			{"a made up token", with(func(h http.Header) { h.Set("Cookie", session.Name+"=nothing") }), 401},
			{"the loopback's cookie", with(func(h http.Header) { h.Set("Cookie", session.LoopbackName+"="+cookie.Value) }), 401},
		} {
			t.Log(c.name)
			h.wantRefused(chat.RoleAgent, c.header, c.status)
		}
		h.agent(ainoID).wantOpen()
		synctest.Wait()
		if n := h.desk.sockets[ainoID]; n != 1 {
			t.Errorf("the desk counts %d sockets", n)
		}
	})
}
