package gateway

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/wire"
)

func as(c *http.Cookie) func(*http.Request) { return func(r *http.Request) { r.AddCookie(c) } }

// wantProblem fails unless an answer is a problem of this status and code, with nothing of the inside in it.
func wantProblem(t *testing.T, what string, status int, header http.Header, body []byte, wantStatus int, code string) {
	t.Helper()
	var p struct {
		Type, Title, Code, Detail string
		Status                    int
		RequestID                 string `json:"request_id"`
	}
	if err := json.Unmarshal(body, &p); err != nil || header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %s is no problem", what, status, body)
		return
	}
	if status != wantStatus || p.Status != wantStatus || p.Code != code || p.RequestID == "" || p.RequestID != header.Get("X-Request-Id") {
		t.Errorf("%s: %d %+v, want %d %s", what, status, p, wantStatus, code)
	}
}

func TestSignInAndOut(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		w := h.call("POST", "/api/v1/session", `{"email":" Aino@Demo.example ","password":"kohta-demo"}`, nil)
		if w.Code != 200 || w.Body.String() != `{"agent":{"id":"`+ainoID+`","name":"Aino","role":"agent"}}`+"\n" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		cookie := w.Result().Cookies()[0]
		if cookie.Name != "__Host-kohta" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" || len(cookie.Value) < 43 {
			t.Errorf("cookie %+v", cookie)
		}
		if status, body := h.get("/api/v1/session", as(cookie)); status != 200 || !strings.Contains(body, ainoID) {
			t.Errorf("%d %s", status, body)
		}
		again := h.call("POST", "/api/v1/session", `{"email":"aino@demo.example","password":"kohta-demo"}`, as(cookie))
		fresh := again.Result().Cookies()[0]
		if status, _ := h.get("/api/v1/session", as(cookie)); status != 401 || fresh.Value == cookie.Value {
			t.Errorf("the session before a sign-in still holds: %d", status)
		}
		if w := h.call("DELETE", "/api/v1/session", "", as(fresh)); w.Code != 204 || w.Result().Cookies()[0].MaxAge >= 0 {
			t.Errorf("sign-out: %d %v", w.Code, w.Result().Cookies())
		}
		if status, _ := h.get("/api/v1/session", as(fresh)); status != 401 {
			t.Errorf("signed out, and still in: %d", status)
		}
		if w := h.call("DELETE", "/api/v1/session", "", nil); w.Code != 204 {
			t.Errorf("signing out twice: %d", w.Code)
		}
	})
}

func TestCookieOnPlainLoopback(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		for host, name := range map[string]string{"127.0.0.1:8080": session.LoopbackName, "localhost": session.LoopbackName, "[::1]:80": session.LoopbackName, "desk.example": session.Name, "10.0.0.1": session.Name} {
			w := h.call("POST", "/api/v1/session", `{"email":"aino@demo.example","password":"kohta-demo"}`, func(r *http.Request) { r.Host, r.TLS = host, nil })
			c := w.Result().Cookies()[0]
			if c.Name != name || c.Secure != (name == session.Name) || !c.HttpOnly {
				t.Errorf("%s: %+v", host, c)
			}
		}
	})
}

func TestWrongSignIn(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		for _, body := range []string{
			`{"email":"aino@demo.example","password":"wrong"}`, `{"email":"nobody@demo.example","password":"kohta-demo"}`,
		} {
			w := h.call("POST", "/api/v1/session", body, nil)
			wantProblem(t, body, w.Code, w.Header(), w.Body.Bytes(), 401, codeUnauthorized)
			if len(w.Result().Cookies()) != 0 {
				t.Error("a cookie came with a refusal")
			}
		}
	})
}

// TestBodies tries every field of every unsafe request with everything that it is not.
func TestBodies(t *testing.T) {
	inHouse(t, func(o *Options) { o.Limits = false }, func(t *testing.T, h *house) {
		cookie := h.signIn(sariID)
		for _, c := range []struct{ method, path, good string }{
			{"POST", "/api/v1/session", `{"email":"sari@demo.example","password":"kohta-demo"}`},
			{"PATCH", "/api/v1/teams/support", `{"name":"Tuki","assignment":"offer","capacity":3}`},
			{"PATCH", "/api/v1/sites/demo", `{"name":"Kauppa","origins":["https://shop.example"],"team":"support","language":"sv"}`},
		} {
			sari := as(cookie)
			if c.method == "POST" {
				sari = func(*http.Request) {} // a sign-in ends the session that it comes with
			}
			var fields map[string]json.RawMessage
			must(t, json.Unmarshal([]byte(c.good), &fields))
			for name, original := range fields {
				for _, wrong := range []string{`{}`, `[7]`, `-1.5`, `null`, `true`, `""`, `"a\u0000b"`, `"\ud800"`, `"` + strings.Repeat("x", 1<<20) + `"`} {
					fields[name] = json.RawMessage(wrong)
					body, err := json.Marshal(fields)
					must(t, err)
					w := h.call(c.method, c.path, string(body), sari)
					want, code := 400, codeInvalid
					if len(wrong) > maxBody {
						want, code = 413, codeTooLarge
					}
					wantProblem(t, c.path+" "+name+" "+wrong[:min(20, len(wrong))], w.Code, w.Header(), w.Body.Bytes(), want, code)
				}
				fields[name] = original
			}
			for _, body := range []string{`[]`, `"x"`, `{`, `{"email":"a@b.example","email":"c@d.example"}`, `{"nobody":"knows"}`, strings.Replace(c.good, `"name"`, `"Name"`, 1) + " x", "{\"name\":\"\xff\"}"} {
				w := h.call(c.method, c.path, body, sari)
				wantProblem(t, c.path+" "+body, w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
			}
			w := h.call(c.method, c.path, c.good, func(r *http.Request) { sari(r); r.Header.Set("Content-Type", "text/plain") })
			wantProblem(t, c.path+" as text", w.Code, w.Header(), w.Body.Bytes(), 415, codeMediaType)
			w = h.call(c.method, c.path, c.good, func(r *http.Request) { sari(r); r.Header.Set("Sec-Fetch-Site", "cross-site") })
			wantProblem(t, c.path+" from elsewhere", w.Code, w.Header(), w.Body.Bytes(), 403, codeForbidden)
			w = h.call(c.method, c.path, c.good, func(r *http.Request) { sari(r); r.Header.Set("Idempotency-Key", "k-1") })
			if w.Code != 200 {
				t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
			}
		}
		if team, err := h.store.Team(h.ctx, "support"); err != nil || team.Name != "Tuki" || team.Assignment != "offer" || team.Capacity != 3 {
			t.Errorf("team %+v, %v", team, err)
		}
		if site, err := h.store.Site(h.ctx, "demo"); err != nil || site.Name != "Kauppa" || site.Language != "sv" {
			t.Errorf("site %+v, %v", site, err)
		}
	})
}

// TestWhoMayWhat asks every route with every method as everybody.
func TestWhoMayWhat(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		who := map[string]*http.Cookie{"nobody": {Name: session.Name, Value: "x"}, "agent": h.signIn(ainoID), "administrator": h.signIn(sariID)}
		want := map[string]map[string]int{
			"GET /api/v1/session":                          {"nobody": 401, "agent": 200, "administrator": 200},
			"POST /api/v1/session":                         {"nobody": 415, "agent": 415, "administrator": 415},
			"GET /api/v1/teams":                            {"nobody": 401, "agent": 200, "administrator": 200},
			"GET /api/v1/teams/{slug}":                     {"nobody": 401, "agent": 403, "administrator": 404},
			"PATCH /api/v1/teams/{slug}":                   {"nobody": 401, "agent": 403, "administrator": 404},
			"GET /api/v1/agents":                           {"nobody": 401, "agent": 200, "administrator": 200},
			"GET /api/v1/sites/{slug}":                     {"nobody": 401, "agent": 403, "administrator": 404},
			"PATCH /api/v1/sites/{slug}":                   {"nobody": 401, "agent": 403, "administrator": 404},
			"DELETE /api/v1/visitors/{visitor}":            {"nobody": 401, "agent": 403, "administrator": 404},
			"GET /api/v1/visitors/{visitor}/export":        {"nobody": 401, "agent": 403, "administrator": 404},
			"DELETE /api/v1/visitors/{visitor}/links":      {"nobody": 401, "agent": 404, "administrator": 404},
			"POST /api/v1/links/stop":                      {"nobody": 415, "agent": 415, "administrator": 415},
			"GET /api/v1/visitors/{visitor}/conversations": {"nobody": 401, "agent": 404, "administrator": 404},
			"DELETE /api/v1/session":                       {"nobody": 204, "agent": 204, "administrator": 204},
		}
		asked := 0
		for _, route := range h.gateway.api() {
			for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
				_, exists := route.methods[method]
				row, listed := want[method+" "+route.path]
				if exists != listed {
					t.Errorf("%s %s: is there %v, in this table %v", method, route.path, exists, listed)
				}
				if method == "DELETE" && route.path == "/api/v1/session" {
					continue // it ends the sessions: last
				}
				for name, cookie := range who {
					w := h.call(method, route.path, "", as(cookie))
					if !exists {
						wantProblem(t, method+" "+route.path, w.Code, w.Header(), w.Body.Bytes(), 405, codeMethod)
					} else if w.Code != row[name] {
						t.Errorf("%s %s as %s: %d, want %d", method, route.path, name, w.Code, row[name])
					}
					asked++
				}
			}
		}
		for name, cookie := range who {
			if w := h.call("DELETE", "/api/v1/session", "", as(cookie)); w.Code != 204 {
				t.Errorf("sign-out as %s: %d", name, w.Code)
			}
		}
		if asked == 0 {
			t.Error("nothing was asked")
		}
		w := h.call("GET", "/api/v1/nothing", "", nil)
		wantProblem(t, "no such route", w.Code, w.Header(), w.Body.Bytes(), 404, codeNotFound)
	})
}

func TestOpenAPIDescribesTheRoutes(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	must(t, json.Unmarshal(openAPI, &doc))
	described := map[string][]string{}
	for path, methods := range doc.Paths {
		described[path] = slices.Sorted(maps.Keys(methods))
	}
	g := &Gateway{}
	for _, route := range g.api() {
		var methods []string
		for m := range route.methods {
			methods = append(methods, strings.ToLower(m))
		}
		slices.Sort(methods)
		if !slices.Equal(described[route.path], methods) {
			t.Errorf("%s: described %v, served %v", route.path, described[route.path], methods)
		}
		delete(described, route.path)
	}
	if len(described) > 0 {
		t.Errorf("described and not served: %v", described)
	}
}

func TestLists(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, id := h.escalated()
		visitor := v.of("welcome")[0].Visitor
		sari := as(h.signIn(sariID))
		for path, want := range map[string]string{
			"/api/v1/teams":                                      `{"items":[{"team":"billing","name":"Billing","assignment":"auto","capacity":4},{"team":"support","name":"Support","assignment":"auto","capacity":4}],"next":null}`,
			"/api/v1/teams?limit=1":                              `{"items":[{"team":"billing","name":"Billing","assignment":"auto","capacity":4}],"next":"billing"}`,
			"/api/v1/teams?limit=1&after=billing":                `{"items":[{"team":"support","name":"Support","assignment":"auto","capacity":4}],"next":null}`,
			"/api/v1/agents?limit=1":                             `{"items":[{"id":"` + ainoID + `","name":"Aino","role":"agent","status":"offline","skills":[],"teams":["support"]}],"next":"` + ainoID + `"}`,
			"/api/v1/sites/demo":                                 `{"site":"demo","name":"Demo","origins":["https://shop.example"],"team":"support","language":"fi","hours":null,"advice":[]}`,
			"/api/v1/visitors/" + visitor + "/conversations":     `{"items":[{"conversation":"` + id + `","state":"waiting","opened_at":"2000-01-01T00:00:00.000Z","closed_at":null,"about":"","outcome":"open","feeling":"calm","quote":"Haluan ihmisen","agent":null,"rating":null}],"next":null}`,
			"/api/v1/visitors/" + visitor + "/conversations?x=y": `{"items":[{"conversation":"` + id + `","state":"waiting","opened_at":"2000-01-01T00:00:00.000Z","closed_at":null,"about":"","outcome":"open","feeling":"calm","quote":"Haluan ihmisen","agent":null,"rating":null}],"next":null}`,
		} {
			if status, body := h.get(path, sari); status != 200 || body != want+"\n" {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		for _, query := range []string{"limit=0", "limit=x", "limit=201", "after=" + strings.Repeat("x", 257)} {
			w := h.call("GET", "/api/v1/teams?"+query, "", sari)
			wantProblem(t, query, w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
		}
	})
}

// hole is a folder in which one file cannot be read.
type hole struct {
	fstest.MapFS
	file string
}

func (h hole) ReadFile(name string) ([]byte, error) {
	if name == h.file {
		return nil, fs.ErrPermission
	}
	return h.MapFS.ReadFile(name)
}

func TestABuildIsWholeOrNotThere(t *testing.T) {
	build := fstest.MapFS{"index.html": {Data: []byte("x")}, "a.js": {Data: []byte("1")}, "z.js": {Data: []byte("2")}}
	for file, want := range map[string]int{"": 3, "z.js": 0, "index.html": 0} {
		if got := len(newBuilt("widget", hole{build, file}).files); got != want {
			t.Errorf("without %q it has %d files, not %d", file, got, want)
		}
	}
}

func TestPagesAndTheirHeaders(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		w := h.call("GET", "/widget/?site=demo", "", nil)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != 200 || !strings.Contains(policy, "frame-ancestors 'self' https://shop.example") || strings.Contains(policy, "unsafe") || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("widget: %d %v", w.Code, w.Header())
		}
		script := between(w.Body.String(), `src="`, `"`)
		if !strings.HasPrefix(script, "/widget/") || strings.Contains(script, "./") {
			t.Fatalf("the widget asks for %q", script)
		}
		w = h.call("GET", script, "", func(r *http.Request) { r.Header.Set("Accept-Encoding", "br, gzip;q=0.8") })
		z, err := gzip.NewReader(w.Body)
		must(t, err)
		body, err := io.ReadAll(z)
		must(t, err)
		if !bytes.Equal(body, make([]byte, 2000)) || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("asset: %v", w.Header())
		}
		tag := w.Header().Get("ETag")
		w = h.call("GET", script, "", func(r *http.Request) {
			r.Header.Set("Accept-Encoding", "gzip")
			r.Header.Set("If-None-Match", tag)
		})
		if w.Code != 304 || w.Body.Len() != 0 {
			t.Errorf("known asset: %d", w.Code)
		}
		if w = h.call("GET", script, "", nil); w.Header().Get("Content-Encoding") != "" || w.Body.Len() != 2000 {
			t.Errorf("without gzip: %v", w.Header())
		}
		for _, path := range []string{"/widget/", "/widget/?site=nowhere", "/widget/?site=../x"} {
			if w = h.call("GET", path, "", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "<h1>") {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		if status, _ := h.get("/widget/0000000000000000/app.js", nil); status != 404 {
			t.Errorf("an asset of another build: %d", status)
		}
		w = h.call("GET", "/chat/", "", nil)
		header := w.Header()
		if p := header.Get("Content-Security-Policy"); w.Code != 200 || !strings.HasSuffix(p, "frame-ancestors 'none'") || !strings.Contains(p, "script-src 'self';") {
			t.Errorf("chat: %d %s", w.Code, p)
		}
		if header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-cache" || header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(w.Body.String(), script) {
			t.Errorf("chat: %v %s", header, w.Body)
		}
		if status, _ := h.get("/chat/?site=demo", nil); status != 200 {
			t.Errorf("chat of a site: %d", status)
		}
		for _, path := range []string{"/chat/?site=nowhere", "/chat/?site=", "/chat/?site=../x", "/chat/app.js", "/chat/demo"} {
			if status, _ := h.get(path, nil); status != 404 {
				t.Errorf("%s: %d", path, status)
			}
		}
		if w = h.call("POST", "/chat/", "", nil); w.Code != 405 {
			t.Errorf("a post to the page: %d", w.Code)
		}
		w = h.call("GET", "/api/openapi.json", "", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
		if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() >= len(openAPI) {
			t.Errorf("openapi.json: %v", w.Header())
		}
		w = h.call("GET", "/console/", "", nil)
		if p := w.Header().Get("Content-Security-Policy"); w.Code != 200 || !strings.HasSuffix(p, "frame-ancestors 'none'") {
			t.Errorf("console: %d %s", w.Code, p)
		}
		w = h.call("GET", "/widget.js", "", nil)
		if w.Code != 200 || w.Header().Get("ETag") == "" || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("widget.js: %d %v", w.Code, w.Header())
		}
		for _, path := range []string{"/", "/widget.js", "/console/", "/api/v1/session", "/nothing", "/healthz"} {
			w := h.call("GET", path, "", nil)
			for _, name := range []string{"Content-Security-Policy", "Referrer-Policy", "X-Request-Id", "Strict-Transport-Security"} {
				if w.Header().Get(name) == "" {
					t.Errorf("%s has no %s", path, name)
				}
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s may be sniffed", path)
			}
		}
	})
}

func between(s, left, right string) string {
	_, s, _ = strings.Cut(s, left)
	s, _, _ = strings.Cut(s, right)
	return s
}

func TestHealth(t *testing.T) {
	var down []Down
	inHouse(t, func(o *Options) { o.Ready = func(context.Context) []Down { return down } }, func(t *testing.T, h *house) {
		if status, body := h.get("/healthz", nil); status != 200 || body != "ok\n" {
			t.Errorf("healthz: %d %s", status, body)
		}
		for _, c := range []struct {
			down   []Down
			status int
			body   string
		}{
			{nil, 200, "[]\n"},
			{[]Down{{Part: "bot", Words: "a fault in line 3", Harmless: true}}, 200, `[{"part":"bot","words":"a fault in line 3","harmless":true}]` + "\n"},
			{[]Down{{Part: "database", Words: "away"}}, 503, `[{"part":"database","words":"away"}]` + "\n"},
		} {
			down = c.down
			if status, body := h.get("/readyz", nil); status != c.status || body != c.body {
				t.Errorf("readyz: %d %s, want %d %s", status, body, c.status, c.body)
			}
		}
	})
}

func TestMetrics(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v := h.visitor("", nil)
		v.post("", "Moi")
		v.raw(`{"type":"dance"}`)
		v.wantError("unsupported")
		synctest.Wait() // until the reader has its turn back
		w := callHandler(h.gateway.MetricsHandler())
		for _, line := range []string{`kohta_sockets 1`, `kohta_acks_total{role="visitor"} 1`, `kohta_errors_total{code="unsupported"} 1`, `kohta_hellos_total 1`, `kohta_ack_seconds_count 1`, `kohta_unacknowledged 0`} {
			if !strings.Contains(w, line+"\n") {
				t.Errorf("no %s", line)
			}
		}
		if strings.Contains(w, "Moi") || strings.Contains(w, "dance") {
			t.Error("metrics hold what people said")
		}
		if status, _ := h.get("/metrics", nil); status != 404 {
			t.Errorf("metrics at the public address: %d", status)
		}
	})
}

func TestKindsHaveOneStatus(t *testing.T) {
	for kind, want := range map[chat.ErrorKind]int{
		chat.Invalid: 400, chat.NotFound: 404, chat.Forbidden: 403, chat.Conflict: 409, chat.IsClosed: 409, chat.Unavailable: 503, "": 500,
	} {
		if got := statusOf(kind); got != want {
			t.Errorf("%q: %d, want %d", kind, got, want)
		}
	}
}

// TestDataOfAVisitor exports and erases over REST.
func TestDataOfAVisitor(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		v, sari := h.visitor("", nil), as(h.signIn(sariID))
		visitor, token := v.of("welcome")[0].Visitor, v.token()
		w := h.call("GET", "/api/v1/visitors/"+visitor+"/export", "", sari)
		if w.Code != 200 || w.Header().Get("Content-Disposition") != `attachment; filename="visitor-`+visitor+`.json"` ||
			w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), visitor) {
			t.Errorf("export: %d %v %s", w.Code, w.Header(), w.Body)
		}
		w = h.call("DELETE", "/api/v1/visitors/"+visitor, "", func(r *http.Request) { sari(r); r.Header.Set("Sec-Fetch-Site", "cross-site") })
		wantProblem(t, "from elsewhere", w.Code, w.Header(), w.Body.Bytes(), 403, codeForbidden)
		if w = h.call("DELETE", "/api/v1/visitors/"+visitor, "", sari); w.Code != 204 {
			t.Errorf("erasure: %d %s", w.Code, w.Body)
		}
		v.wantError(wire.Unauthorized)
		v.wantClosed(wire.CloseUnauthorized)
		p, err := h.dial(chat.RoleVisitor, nil, wire.Greeting{Site: "demo", Token: token})
		must(t, err)
		p.wantClosed(wire.CloseUnauthorized)
		w = h.call("GET", "/api/v1/visitors/"+visitor+"/export", "", sari)
		wantProblem(t, "who is nobody to this double", w.Code, w.Header(), w.Body.Bytes(), 404, codeNotFound)
		if acts := h.desk.acts; len(acts) != 2 || acts[0].Verb != "export_visitor" || acts[1].Verb != "erase_visitor" ||
			acts[1].Actor != sariID || acts[1].Object != visitor || acts[1].Address != "192.0.2.1" || acts[1].At.IsZero() {
			t.Errorf("audited: %+v", acts)
		}
	})
}

// TestExportThatFailsIsNotWhole has the connection cut when the answer has begun: a client must not take it for whole.
func TestExportThatFailsIsNotWhole(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		visitor := h.visitor("", nil).of("welcome")[0].Visitor
		h.desk.set(func() { h.desk.broken = io.ErrUnexpectedEOF })
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("ended with %v", p)
			}
		}()
		h.call("GET", "/api/v1/visitors/"+visitor+"/export", "", as(h.signIn(sariID)))
	})
}

// TestAnUnsafeRequestMayComeAgain holds openapi.json to its word about Idempotency-Key.
func TestAnUnsafeRequestMayComeAgain(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h *house) {
		sari := as(h.signIn(sariID))
		keyed := func(r *http.Request) { sari(r); r.Header.Set("Idempotency-Key", "the same") }
		for _, c := range []struct{ path, body string }{
			{"/api/v1/teams/support", `{"name":"Tuki","assignment":"offer","capacity":3}`},
			{"/api/v1/sites/demo", `{"origins":["https://a.example"],"language":"en"}`},
		} {
			first, second := h.call("PATCH", c.path, c.body, keyed), h.call("PATCH", c.path, c.body, keyed)
			if first.Code != 200 || second.Code != 200 || first.Body.String() != second.Body.String() {
				t.Errorf("%s: %d %s, then %d %s", c.path, first.Code, first.Body, second.Code, second.Body)
			}
		}
		for range 2 {
			if w := h.call("DELETE", "/api/v1/session", "", keyed); w.Code != 204 {
				t.Errorf("sign-out: %d", w.Code)
			}
		}
		w := h.call("PATCH", "/api/v1/teams/support", `{}`, func(r *http.Request) {
			as(h.signIn(sariID))(r)
			r.Header.Set("Idempotency-Key", strings.Repeat("k", 256))
		})
		wantProblem(t, "a key that is too long", w.Code, w.Header(), w.Body.Bytes(), 400, codeInvalid)
	})
}
