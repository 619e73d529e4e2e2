package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/outbound/mail"
)

// smtpServer is a mail server of a few lines, whose answers a test chooses.
type smtpServer struct {
	t        *testing.T
	listener net.Listener
	cert     tls.Certificate
	roots    *x509.CertPool
	all      sync.WaitGroup

	implicit bool              // TLS from the first byte
	starttls bool              // is offered
	login    string            // user:password that is let in; empty: no login is offered
	answers  map[string]string // what a command (its first word, or "." for the end of the letter) is answered with, instead of yes
	hang     string            // the command that gets no answer

	mu      sync.Mutex
	letters []received
	talk    []string // all that clients said, but for the letters
}

type received struct {
	from, to, text string
	secret         bool // came over TLS
	user           string
}

// newServer starts a server; set it up in the function.
func newServer(t *testing.T, set func(*smtpServer)) *smtpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{t: t, listener: l, answers: map[string]string{}}
	s.cert, s.roots = certificate(t)
	if set != nil {
		set(s)
	}
	s.all.Go(s.serve)
	t.Cleanup(func() { l.Close(); s.all.Wait() })
	return s
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(own)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func (s *smtpServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// sender speaks to the server.
func (s *smtpServer) sender(set ...func(*mail.Options)) *mail.Sender {
	s.t.Helper()
	from, err := mail.ParseFrom("Kauppa <tuki@kauppa.example>")
	if err != nil {
		s.t.Fatal(err)
	}
	o := mail.Options{Server: mail.Server{Host: "127.0.0.1", Port: s.port(), Implicit: s.implicit}, From: from, Roots: s.roots, Timeout: 5 * time.Second}
	for _, f := range set {
		f(&o)
	}
	return mail.New(o)
}

func (s *smtpServer) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.all.Go(func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(20 * time.Second))
			if s.implicit {
				secret := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
				s.converse(secret, true)
				return
			}
			s.converse(conn, false)
		})
	}
}

// converse is one connection.
func (s *smtpServer) converse(conn net.Conn, secret bool) {
	r := bufio.NewReader(conn)
	say := func(lines ...string) { fmt.Fprint(conn, strings.Join(lines, "\r\n")+"\r\n") }
	read := func() (string, bool) {
		line, err := r.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.talk = append(s.talk, line)
		s.mu.Unlock()
		return line, err == nil
	}
	letter := received{secret: secret}
	if !s.answer("greeting", say, "220 mail.example ready") {
		<-s.over(conn)
		return
	}
	for {
		line, ok := read()
		if !ok {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		if verb == s.hang {
			<-s.over(conn)
			return
		}
		switch verb {
		case "EHLO":
			offers := []string{"250-mail.example", "250-8BITMIME"}
			if s.starttls && !letter.secret {
				offers = append(offers, "250-STARTTLS")
			}
			if s.login != "" {
				offers = append(offers, "250-AUTH PLAIN LOGIN")
			}
			say(append(offers, "250 ENHANCEDSTATUSCODES")...)
		case "STARTTLS":
			say("220 go ahead")
			over := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			if over.Handshake() != nil {
				return
			}
			conn, r, letter.secret = over, bufio.NewReader(over), true
		case "AUTH":
			_, word, _ := strings.Cut(rest, " ")
			given, _ := base64.StdEncoding.DecodeString(word)
			letter.user = strings.ReplaceAll(strings.Trim(string(given), "\x00"), "\x00", ":")
			if letter.user != s.login {
				say("535 5.7.8 marja@kuukkeli.example: wrong")
				continue
			}
			s.answer(verb, say, "235 2.7.0 welcome")
		case "MAIL":
			letter.from = rest
			s.answer(verb, say, "250 2.1.0 ok")
		case "RCPT":
			letter.to = rest
			s.answer(verb, say, "250 2.1.5 ok")
		case "DATA":
			if !s.answer(verb, say, "354 go on") {
				continue
			}
			letter.text = ""
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				letter.text += strings.TrimPrefix(line, ".") // RFC 5321, 4.5.2
			}
			if s.hang == "." {
				<-s.over(conn)
				return
			}
			if s.answer(".", say, "250 2.0.0 taken") {
				s.mu.Lock()
				s.letters = append(s.letters, letter)
				s.mu.Unlock()
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// answer says yes, unless the test wants something else, once for each line of it; it tells whether it was yes.
func (s *smtpServer) answer(verb string, say func(...string), yes string) bool {
	s.mu.Lock()
	other, ok := s.answers[verb]
	now, later, more := strings.Cut(other, "\n")
	if ok && more {
		s.answers[verb] = later
	}
	s.mu.Unlock()
	switch {
	case !ok || now == "yes":
		say(yes)
		return true
	case now == "hang up" || now == "hang":
		return false
	}
	say(now)
	return false
}

// over is closed when the other side is gone.
func (s *smtpServer) over(conn net.Conn) <-chan struct{} {
	gone := make(chan struct{})
	s.all.Go(func() {
		defer close(gone)
		b := make([]byte, 256)
		for {
			if _, err := conn.Read(b); err != nil {
				return
			}
		}
	})
	return gone
}

func (s *smtpServer) taken() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.letters...)
}

func (s *smtpServer) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.talk, "\n")
}
