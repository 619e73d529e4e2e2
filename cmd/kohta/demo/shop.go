// Package demo is the demonstration beside the desk: the web shop “Kahvila Kohta” with the chat on its page, the
// order look-up that its bot asks over HTTP, and the earlier conversations that the desk is seeded with.
package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/bot/knowledge"
)

//go:embed pages
var pages embed.FS

// Options says how the shop behaves. Delay, Fail and Garbage are for the order look-up alone, so that tests can see
// what the bot makes of a shop that is slow, broken or talking nonsense.
type Options struct {
	Now     func() time.Time // the shop's clock; time.Now if nil. Its zone is the shop's
	Delay   time.Duration    // before each answer of the look-up, or until the asker leaves
	Fail    bool             // the look-up answers 500
	Garbage bool             // the look-up answers 200 with what is no JSON
}

// policy lets the page load what the desk itself serves, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type shop struct {
	options Options
	css     document
	icon    document
	front   map[string]document // by language
	tills   map[string]document // by language and coffee
	guides  map[string]document // by language/name
}

// New gives the handler of “/” and of everything under “/demo/”. It draws the pages once; it keeps no other state and
// may be called by any number of requests at once. It panics if the pages built into the program cannot be drawn,
// which no input can bring about.
func New(options Options) http.Handler {
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &shop{options: options, css: newDocument(mustRead("pages/shop.css")), icon: newDocument(mustRead("pages/icon.svg"))}
	s.draw()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.serveFront)
	mux.HandleFunc("GET /demo/checkout", s.serveCheckout)
	mux.HandleFunc("GET /demo/articles/{language}/{name}", s.serveGuide)
	mux.HandleFunc("GET /demo/shop.css", s.serveCSS)
	mux.HandleFunc("GET /demo/icon.svg", s.serveIcon)
	mux.HandleFunc("GET /demo/api/orders/{number}", s.serveOrder)
	return mux
}

func mustRead(name string) []byte {
	text, err := fs.ReadFile(pages, name)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return text
}

// view is what a page is drawn from.
type view struct {
	W         words
	CSS       string // the style sheet's address
	Path      string // of this page, for the links between languages
	Languages []language
	Coffees   []coffee
	Chosen    *coffee
	Orders    []order
	Article   *knowledge.Article
}

type language struct{ Code, Name string }

func (s *shop) draw() {
	t := template.Must(template.New("").Funcs(template.FuncMap{
		"price": price, "upTo": upTo, "stateOf": stateOf, "number": func(o order) string { return o.number },
		"email": func(o order) string { return o.email }, "parts": partsOf,
	}).ParseFS(pages, "pages/*.html"))
	s.front, s.tills, s.guides = map[string]document{}, map[string]document{}, map[string]document{}
	for _, w := range []words{finnish(), swedish(), english()} {
		v := view{
			W: w, CSS: "/demo/shop.css?v=" + s.css.tag, Path: "/?", Coffees: coffees(), Orders: orders(),
			Languages: []language{{"fi", "Suomi"}, {"sv", "Svenska"}, {"en", "English"}},
		}
		s.front[w.Lang] = drawn(t, "front", v)
		v.Path = "/demo/checkout?"
		s.tills[w.Lang] = drawn(t, "checkout", v)
		for _, c := range coffees() {
			v.Chosen, v.Path = &c, "/demo/checkout?coffee="+c.Art+"&"
			s.tills[w.Lang+c.Art] = drawn(t, "checkout", v)
		}
		v.Chosen = nil
		s.drawGuides(t, v)
	}
}

func drawn(t *template.Template, name string, v view) document {
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, v); err != nil {
		panic("demo: " + err.Error())
	}
	return newDocument(out.Bytes())
}

// price writes euros as the language does: “9,50 €” or “€9.50”.
func price(lang, amount string) string {
	if lang == "en" {
		return "€" + strings.ReplaceAll(amount, ",", ".")
	}
	return amount + " €"
}

// upTo gives five marks, of which the first n are set.
func upTo(n int) []bool {
	marks := make([]bool, 5)
	for i := range n {
		marks[i] = true
	}
	return marks
}

func stateOf(w words, o order) string {
	if o.late {
		return w.StateLate
	}
	return map[string]string{
		received: w.StateReceived, roasting: w.StateRoasting, packed: w.StatePacked,
		shipped: w.StateShipped, delivered: w.StateDelivered,
	}[o.state]
}

func (s *shop) serveFront(w http.ResponseWriter, r *http.Request) {
	s.servePage(w, r, s.front[languageOf(r)])
}

func (s *shop) serveCheckout(w http.ResponseWriter, r *http.Request) {
	lang := languageOf(r)
	page, ok := s.tills[lang+r.URL.Query().Get("coffee")]
	if !ok {
		page = s.tills[lang]
	}
	s.servePage(w, r, page)
}

// languageOf is ?lang= if the shop speaks it, else the first language of the browser that it speaks, else Finnish.
func languageOf(r *http.Request) string {
	wishes := r.URL.Query().Get("lang") + "," + r.Header.Get("Accept-Language")
	for wish := range strings.SplitSeq(wishes, ",") {
		code, _, _ := strings.Cut(strings.TrimSpace(wish), ";")
		code, _, _ = strings.Cut(strings.ToLower(code), "-")
		switch code {
		case "fi", "sv", "en":
			return code
		}
	}
	return "fi"
}

func (s *shop) servePage(w http.ResponseWriter, r *http.Request, page document) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language")
	page.serve(w, r, "text/html; charset=utf-8")
}

// serveCSS lets a cache keep the sheet for good under the address with its tag, since another sheet has another one.
func (s *shop) serveCSS(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("v") == s.css.tag {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	s.css.serve(w, r, "text/css; charset=utf-8")
}

func (s *shop) serveIcon(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	s.icon.serve(w, r, "image/svg+xml")
}

// serveOrder answers 404 alike for an order that is not there and for another's e-mail address.
func (s *shop) serveOrder(w http.ResponseWriter, r *http.Request) {
	if !s.wait(r) {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case s.options.Fail:
		problem(w, http.StatusInternalServerError, "internal", "The order system is not answering.")
		return
	case s.options.Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("<!doctype html><p>Moved"))
		return
	}
	o, ok := find(r.PathValue("number"), r.URL.Query().Get("email"))
	if !ok {
		problem(w, http.StatusNotFound, "not_found", "No order has this number and e-mail address.")
		return
	}
	respond(w, http.StatusOK, "application/json", o.view(s.options.Now()))
}

// wait lets the set delay pass and says whether the asker is still there.
func (s *shop) wait(r *http.Request) bool {
	if s.options.Delay <= 0 {
		return true
	}
	timer := time.NewTimer(s.options.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func problem(w http.ResponseWriter, status int, code, detail string) {
	respond(w, status, "application/problem+json", map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code, "detail": detail,
	})
}

func respond(w http.ResponseWriter, status int, kind string, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // who is no longer there needs no answer
}
