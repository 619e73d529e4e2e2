package session

import (
	"net"
	"net/http"
	"net/netip"
	"time"
)

// The cookie's name. Over TLS, and wherever it is not on the machine itself, the browser holds us to the rules of the
// __Host- prefix; on a plain loopback address, where it would refuse them, the cookie has another name.
const (
	Name         = "__Host-kohta"
	LoopbackName = "kohta_session"
)

// plain tells whether a request came without TLS to a loopback address.
func plain(r *http.Request, secure bool) bool {
	if secure {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(trimBrackets(host))
	return err == nil && a.IsLoopback()
}

func trimBrackets(host string) string {
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

// Token is the token that a request came with, "" if none. secure says whether the client speaks TLS.
func Token(r *http.Request, secure bool) string {
	name := Name
	if plain(r, secure) {
		name = LoopbackName
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// Cookie is the cookie that gives a browser its token; an empty token takes it away.
func Cookie(r *http.Request, secure bool, token string) *http.Cookie {
	c := &http.Cookie{
		Name: Name, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(Absolute / time.Second),
	}
	if plain(r, secure) {
		c.Name, c.Secure = LoopbackName, false
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}
