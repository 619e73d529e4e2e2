package gateway

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// occupied fills the turns of an admission.
func occupied(a *admission) (free func()) {
	for range welcomesAtOnce {
		a.enter()
	}
	return func() {
		for range welcomesAtOnce {
			a.leave()
		}
	}
}

// While others are being welcomed a hello waits, and those who are there are served.
func TestAHelloWaitsForItsTurn(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		there := h.visitor("", nil)
		free := occupied(h.gateway.admission)
		late := h.silent(t)
		late.raw(`{"type":"hello","site":"demo"}`)
		synctest.Wait()
		if n := h.gateway.admission.waiting.Load(); n != 1 {
			t.Errorf("%d wait", n)
		}
		there.post("", "Moi")
		time.Sleep(welcomeWithin / 2) // by the clock of the test
		free()
		if len(late.of("welcome")) != 1 {
			t.Errorf("no welcome but %+v", late.last())
		}
	})
}

// Who waited too long comes back, and so does who waits when the node ends.
func TestAHelloThatIsNotReached(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		free := occupied(h.gateway.admission)
		defer free()
		late := h.silent(t)
		late.raw(`{"type":"hello","site":"demo"}`)
		late.wantClosed(wire.CloseUnavailable)
		late.wantError(wire.Unavailable)
		last := h.silent(t)
		last.raw(`{"type":"hello","site":"demo"}`)
		synctest.Wait()
		h.gateway.admission.close()
		last.wantClosed(wire.CloseUnavailable)
	})
}

// When so many wait that nobody more may, nobody more is let in.
func TestAFullHouseTurnsAway(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		h.gateway.admission.waiting.Store(maxWelcomes)
		free := occupied(h.gateway.admission)
		if h.gateway.admission.enter() {
			t.Error("one more may wait")
		}
		h.wantRefused(chat.RoleVisitor, nil, http.StatusServiceUnavailable)
		free()
		h.gateway.admission.waiting.Store(0)
		h.visitor("", nil)
	})
}
