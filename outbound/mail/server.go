package mail

import (
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/kohta/kohta/chat"
)

// Secrecy says whether letters may travel to the mail server in the clear.
type Secrecy string

// The values of Secrecy.
const (
	Auto Secrecy = "auto" // TLS, but to a server on this machine
	On   Secrecy = "on"   // TLS in any case
	Off  Secrecy = "off"  // no TLS, whatever the server offers
)

// Server is the mail server that letters are given to.
type Server struct {
	Host     string
	Port     int
	Implicit bool // TLS from the first byte, instead of STARTTLS
	User     string
	Password string
}

// ParseServer reads an address such as smtp://user:password@mail.example:587 or smtps://mail.example. Ports are 587 and
// 465 where none is given. A password that is not empty goes before the one in the address. Errors have the kind
// Invalid and never quote the address, for it holds a secret.
func ParseServer(address, password string) (Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Server{}, chat.Errorf(chat.Invalid, "not an address such as smtp://user:password@mail.example:587 (a character such as @, / or # in the password is written as %%40, %%2F, %%23)")
	}
	s := Server{Host: u.Hostname(), Implicit: u.Scheme == "smtps", Port: 587}
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return Server{}, chat.Errorf(chat.Invalid, "a mail server's address begins with smtp:// or smtps://")
	case s.Host == "":
		return Server{}, chat.Errorf(chat.Invalid, "the address names no mail server")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return Server{}, chat.Errorf(chat.Invalid, "a mail server's address ends with its port (a character such as /, ? or # in the password is written as %%2F, %%3F, %%23)")
	}
	if s.Implicit {
		s.Port = 465
	}
	if p := u.Port(); p != "" {
		if s.Port, err = strconv.Atoi(p); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, chat.Errorf(chat.Invalid, "the mail server's port is not from 1 to 65535")
		}
	}
	s.User = u.User.Username()
	s.Password, _ = u.User.Password()
	if password != "" {
		s.Password = password
	}
	if s.User == "" && s.Password != "" {
		return Server{}, chat.Errorf(chat.Invalid, "there is a password and no user to go with it")
	}
	if s.User != "" && s.Password == "" {
		return Server{}, chat.Errorf(chat.Invalid, "there is a user and no password to go with it")
	}
	return s, nil
}

// local tells whether the server is on this machine.
func (s Server) local() bool {
	if strings.EqualFold(s.Host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(s.Host)
	return err == nil && a.Unmap().IsLoopback()
}

// ParseFrom reads the sender of letters, such as support@shop.example or "Kauppa <tuki@kauppa.example>". Its error has
// the kind Invalid.
func ParseFrom(from string) (mail.Address, error) {
	a, err := mail.ParseAddress(from)
	if err != nil || !Deliverable(a.Address) {
		return mail.Address{}, chat.Errorf(chat.Invalid, "%q is not a sender such as support@shop.example or \"Shop <support@shop.example>\"", from)
	}
	a.Name = clean(a.Name)
	return *a, nil
}

// maxAddress is by RFC 5321, 4.5.3.1.3, without the angle brackets.
const maxAddress = 254

// The plain form of an address (dot-atom, RFC 5322) with a domain of names. Quotes, comments, routes and addresses of
// machines in brackets are forms that nobody's mailbox has and that servers read in different ways.
var plain = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@" +
	`([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// Deliverable tells whether a letter can be addressed to this at all.
func Deliverable(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return len(address) <= maxAddress && len(local) <= 64 && plain.MatchString(address)
}

// maxName is in characters.
const maxName = 80

// clean makes a name that may stand in a heading: one line, nothing that cannot be seen or turns the direction of what
// follows.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > maxName {
		name = strings.TrimSpace(string(runes[:maxName-1])) + "…"
	}
	return name
}
