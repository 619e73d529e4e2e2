package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kohta/kohta/wire"
)

// TestStopALink has whoever holds a link end it: without signing in, without learning which links there are, and in
// measure. In this double each visitor's token is a link as well.
func TestStopALink(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, other := h.visitor("", nil), h.visitor("", nil)
		visitor := v.of("welcome")[0].Visitor
		w := h.call("POST", "/api/v1/links/stop", `{"link":"`+v.token()+`"}`, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		wantProblem(t, "from elsewhere", w.Code, w.Header(), w.Body.Bytes(), 403, codeForbidden)
		for _, body := range []string{`{}`, `{"link":""}`, `{"link":null}`, `{"link":1}`, `{"link":["x"]}`, `{"link":"x","visitor":"y"}`, `{"link":"` + strings.Repeat("x", 257) + `"}`} {
			w := h.call("POST", "/api/v1/links/stop", body, nil)
			wantProblem(t, body, w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
		}
		for _, link := range []string{v.token(), "AAAAAAAAAAAAAAAAAAAAAA"} {
			if w := h.call("POST", "/api/v1/links/stop", `{"link":"`+link+`"}`, nil); w.Code != 204 || w.Body.Len() > 0 {
				t.Errorf("%s: %d %s", link, w.Code, w.Body)
			}
		}
		v.wantClosed(wire.CloseRestart) // and who has a token of their own comes back with it
		other.wantOpen()
		if acts := h.desk.acts; len(acts) != 1 || acts[0].Verb != "stop_links" || acts[0].Object != visitor || acts[0].Address != "192.0.2.1" {
			t.Errorf("audited: %+v", acts)
		}
		for n := 2; n < stopsFrom; n++ {
			h.call("POST", "/api/v1/links/stop", `{"link":"AAAAAAAAAAAAAAAAAAAAAA"}`, nil)
		}
		w = h.call("POST", "/api/v1/links/stop", `{"link":"`+other.token()+`"}`, nil)
		wantProblem(t, "one more", w.Code, w.Header(), w.Body.Bytes(), 429, codeTooMany)
		if w.Header().Get("Retry-After") == "" || len(h.desk.acts) != 1 {
			t.Errorf("%v, %d acts", w.Header(), len(h.desk.acts))
		}
		other.wantOpen()
	})
}

// TestRevokeLinks has an agent end a customer's links.
func TestRevokeLinks(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, aino := h.visitor("", nil), as(h.signIn(ainoID))
		visitor := v.of("welcome")[0].Visitor
		for path, status := range map[string]int{visitor: 204, ainoID: 404, "x": 404} {
			if w := h.call("DELETE", "/api/v1/visitors/"+path+"/links", "", aino); w.Code != status {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		v.wantClosed(wire.CloseRestart)
		if acts := h.desk.acts; len(acts) != 1 || acts[0].Verb != "revoke_links" || acts[0].Actor != ainoID || acts[0].Object != visitor {
			t.Errorf("audited: %+v", acts)
		}
	})
}
