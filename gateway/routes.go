package gateway

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"go.uber.org/zap"
)

// route is one address of the REST interface with what may be done there.
type route struct {
	path    string
	methods map[string]http.HandlerFunc
}

// api are the routes of the REST interface. openapi.json describes them, and a test holds the two against each other.
func (g *Gateway) api() []route {
	type methods = map[string]http.HandlerFunc
	return []route{
		{"/api/v1/session", methods{"GET": g.signedIn(g.getSession), "POST": g.postSession, "DELETE": g.deleteSession}},
		{"/api/v1/teams", methods{"GET": g.signedIn(g.getTeams)}},
		{"/api/v1/teams/{slug}", methods{"GET": g.signedIn(g.getTeam), "PATCH": g.signedIn(g.patchTeam)}},
		{"/api/v1/agents", methods{"GET": g.signedIn(g.getAgents)}},
		{"/api/v1/sites/{slug}", methods{"GET": g.signedIn(g.getSite), "PATCH": g.signedIn(g.patchSite)}},
		{"/api/v1/visitors/{visitor}", methods{"DELETE": g.signedIn(g.deleteVisitor)}},
		{"/api/v1/visitors/{visitor}/export", methods{"GET": g.signedIn(g.exportVisitor)}},
		{"/api/v1/visitors/{visitor}/links", methods{"DELETE": g.signedIn(g.revokeLinks)}},
		{"/api/v1/links/stop", methods{"POST": g.stopLink}},
		{"/api/v1/visitors/{visitor}/conversations", methods{"GET": g.signedIn(g.getVisits)}},
	}
}

// routes puts together what answers at the public address.
func (g *Gateway) routes(o Options) http.Handler {
	mux := http.NewServeMux()
	for _, route := range g.api() {
		mux.Handle(route.path, only(route.methods))
	}
	mux.Handle("/api/openapi.json", only(map[string]http.HandlerFunc{"GET": serveOpenAPI()}))
	mux.HandleFunc("/api/", notFound)
	mux.HandleFunc("/ws/visitor", g.visitorSocket)
	mux.HandleFunc("/ws/agent", g.agentSocket)
	mux.HandleFunc("/ws/", notFound)
	mux.Handle("/healthz", only(map[string]http.HandlerFunc{"GET": healthz}))
	mux.Handle("/readyz", only(map[string]http.HandlerFunc{"GET": g.readyz}))

	widget, console := newBuilt("widget", o.Widget), newBuilt("console", o.Console)
	mux.Handle("/widget.js", g.loader(widget))
	mux.Handle("/widget/", g.widgetPages(widget))
	mux.Handle("/chat/", g.chatPage(widget))
	mux.Handle("/console/", g.consolePages(console))
	home := o.Home
	if home == nil {
		home = http.HandlerFunc(homePage)
	}
	mux.Handle("/", home)

	var h http.Handler = mux
	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem(w, r, http.StatusForbidden, codeForbidden, "The request came from another website.")
	}))
	h = protect.Handler(h)
	h = g.headers(h)
	h = g.survive(h)
	return withRequestID(h)
}

// only dispatches by method; HEAD is answered like GET.
func only(methods map[string]http.HandlerFunc) http.Handler {
	allow := strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		do, ok := methods[method]
		if !ok {
			w.Header().Set("Allow", allow)
			problem(w, r, http.StatusMethodNotAllowed, "")
			return
		}
		do(w, r)
	})
}

func notFound(w http.ResponseWriter, r *http.Request) { problem(w, r, http.StatusNotFound, "") }

// survive turns a panic into an answer and a log line, so that one request does not end the house.
func (g *Gateway) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			g.log.Error("a request panicked", zap.String("request", requestID(r.Context())), zap.String("path", r.URL.Path), zap.Any("panic", p), zap.Stack("stack"))
			problem(w, r, http.StatusInternalServerError, "")
		}()
		next.ServeHTTP(w, r)
	})
}

// headers are those of every answer. What is served as a page adds its own policy.
func (g *Gateway) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if g.proxies.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
