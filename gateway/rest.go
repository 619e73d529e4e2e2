package gateway

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// maxBody is the largest body of a request.
const maxBody = 64 << 10

//go:embed openapi.json
var openAPI []byte

func serveOpenAPI() http.HandlerFunc {
	spec := &file{body: openAPI, kind: "application/json"}
	return func(w http.ResponseWriter, r *http.Request) { spec.serve(w, r, uncached) }
}

// signedIn lets those in who have a session, and gives the handler who they are.
func (g *Gateway) signedIn(do func(http.ResponseWriter, *http.Request, store.Agent)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		current, agent, err := g.sessions.Who(r.Context(), session.Token(r, g.proxies.secure(r)))
		if err == nil {
			err = g.sessions.Used(r.Context(), current)
		}
		if err != nil {
			g.refuse(w, r, err)
			return
		}
		do(w, r, agent)
	}
}

// may tells whether an agent may do something in the house.
func may(a store.Agent, v staff.Verb) error {
	if kind := staff.Can(staff.AsAgent(a.Agent), v, staff.Object{}); kind != "" {
		return chat.Errorf(kind, "%s", v)
	}
	return nil
}

// fault is a request that says something that cannot be. Its words are for whoever wrote the request.
type fault struct {
	status int
	words  string
}

func (f *fault) Error() string { return f.words }

func invalid(words string) error { return &fault{http.StatusBadRequest, words} }

// answer sends what a handler came to: a value as JSON, nil as 204, or a problem.
func (g *Gateway) answer(w http.ResponseWriter, r *http.Request, value any, err error) {
	var f *fault
	switch {
	case errors.As(err, &f):
		problem(w, r, f.status, "", f.words)
	case err != nil:
		g.refuse(w, r, err)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		json.NewEncoder(w).Encode(value) // a client that is gone does not read it
	}
}

// decode reads a body into v, whose JSON names are allowed and no others. null is no value.
func decode(w http.ResponseWriter, r *http.Request, v any, allowed ...string) error {
	body, members, err := readObject(w, r)
	if err != nil {
		return err
	}
	for name, value := range members {
		if !slices.Contains(allowed, name) {
			return unknownField("A field", allowed)
		}
		if string(value) == "null" {
			return invalid("The field " + name + " may not be null.")
		}
	}
	if err := json.Unmarshal(body, v); err != nil {
		return invalid("A field has the wrong type.")
	}
	return nil
}

func unknownField(what string, allowed []string) error {
	return invalid(what + " is not known here. Known are: " + strings.Join(allowed, ", ") + ".")
}

// readObject reads a body that is a JSON object.
func readObject(w http.ResponseWriter, r *http.Request) (body []byte, members map[string][]byte, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, nil, &fault{http.StatusUnsupportedMediaType, "Send application/json."}
	}
	if len(r.Header.Get("Idempotency-Key")) > 255 {
		return nil, nil, invalid("Idempotency-Key has at most 255 characters.")
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, nil, &fault{http.StatusRequestEntityTooLarge, "The body has at most 65536 bytes."}
		}
		return nil, nil, invalid("The body did not arrive whole.")
	}
	if members, err = wire.Object(body); err != nil {
		return nil, nil, invalid("The body is a JSON object in UTF-8, with each name once and without NUL or lone surrogates.")
	}
	return body, members, nil
}

// me is an agent as sign-in tells it.
type me struct {
	Agent struct {
		ID   string     `json:"id"`
		Name string     `json:"name"`
		Role staff.Role `json:"role"`
	} `json:"agent"`
}

func meOf(a store.Agent) me {
	var m me
	m.Agent.ID, m.Agent.Name, m.Agent.Role = a.ID, a.Name, a.Role
	return m
}

func (g *Gateway) getSession(w http.ResponseWriter, r *http.Request, a store.Agent) {
	g.answer(w, r, meOf(a), nil)
}

// postSession signs in.
func (g *Gateway) postSession(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	err := decode(w, r, &in, "email", "password")
	if err == nil && (in.Email == "" || in.Password == "" || len(in.Email) > 254 || len(in.Password) > session.MaxPassword) {
		err = invalid("email and password are needed, of at most 254 and 1024 bytes.")
	}
	if err != nil {
		g.answer(w, r, nil, err)
		return
	}
	secure := g.proxies.secure(r)
	token, agent, err := g.sessions.SignIn(r.Context(), in.Email, in.Password, session.Token(r, secure), counted(g.proxies.client(r)), r.UserAgent())
	if err != nil {
		g.answer(w, r, nil, err)
		return
	}
	http.SetCookie(w, session.Cookie(r, secure, token))
	g.answer(w, r, meOf(agent), nil)
}

// deleteSession signs out; who is not signed in is signed out already.
func (g *Gateway) deleteSession(w http.ResponseWriter, r *http.Request) {
	secure := g.proxies.secure(r)
	if err := g.sessions.SignOut(r.Context(), session.Token(r, secure), counted(g.proxies.client(r))); err != nil {
		g.answer(w, r, nil, err)
		return
	}
	g.chore(func(ctx context.Context) { g.checkSessions(ctx, "") })
	http.SetCookie(w, session.Cookie(r, secure, ""))
	g.answer(w, r, nil, nil)
}

// list is a part of a list, with the cursor of the next.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// Bounds of a list's parts.
const (
	usualLimit = 50
	maxLimit   = 200
)

// pageOf reads after and limit.
func pageOf(r *http.Request) (store.Page, error) {
	p := store.Page{After: r.URL.Query().Get("after"), Limit: usualLimit}
	if s := r.URL.Query().Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxLimit {
			return p, invalid("limit is a number from 1 to 200.")
		}
		p.Limit = n
	}
	if len(p.After) > 256 {
		return p, invalid("after is the next of the part before.")
	}
	return p, nil
}

// cursor is the cursor of the next part, nil at the end.
func cursor(next string) *string {
	if next == "" {
		return nil
	}
	return &next
}

// part cuts the part that a request asks for out of a list that is sorted by key.
func part[T any](all []T, p store.Page, key func(T) string) list[T] {
	rest := slices.DeleteFunc(all, func(item T) bool { return p.After != "" && key(item) <= p.After })
	if len(rest) <= p.Limit {
		return list[T]{Items: append([]T{}, rest...)}
	}
	return list[T]{Items: rest[:p.Limit], Next: cursor(key(rest[p.Limit-1]))}
}
