// Package mail sends customers a letter that leads back into their conversation, through a mail server of the
// operator's. Its errors and what it tells of its state never hold an address, a link or a server's words: servers
// quote whom a letter was for.
package mail

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/kohta/kohta/chat"
)

// Options say through what and as whom letters are sent.
type Options struct {
	Server  Server
	From    mail.Address   // see ParseFrom
	Secrecy Secrecy        // empty: Auto
	Roots   *x509.CertPool // who vouches for the server; nil: whom this machine trusts
	Timeout time.Duration  // of a whole letter; 0: Timeout
}

// Timeout is how long one letter may take.
const Timeout = 10 * time.Second

// Sender sends letters. It may be used from any number of goroutines; each letter has a connection of its own.
type Sender struct {
	server  Server
	from    mail.Address
	tls     bool
	roots   *x509.CertPool
	timeout time.Duration
	fault   atomic.Pointer[string]
}

// New makes a sender. It speaks to nobody yet.
func New(o Options) *Sender {
	s := &Sender{server: o.Server, from: o.From, roots: o.Roots, timeout: o.Timeout, tls: o.Server.Implicit || !o.Server.local()}
	switch {
	case o.Secrecy == On:
		s.tls = true
	case o.Secrecy == Off && !o.Server.Implicit:
		s.tls = false
	}
	if s.timeout <= 0 {
		s.timeout = Timeout
	}
	return s
}

// Fault says what is wrong between this desk and its mail server, as it was found the last time, in words for an
// operator; "" if nothing is known to be.
func (s *Sender) Fault() string {
	if words := s.fault.Load(); words != nil {
		return *words
	}
	return ""
}

// What Fault says.
const (
	faultAway   = "the mail server does not answer"
	faultSecret = "the mail server's certificate is not good, so nothing is sent to it"
	faultLogin  = "the mail server refuses the login"
	faultSpeech = "the mail server does not offer what is needed: STARTTLS, or a login that this desk knows"
	faultSender = "the mail server does not take letters from the sender that is set"
)

// Send gives a letter to the mail server, and returns nil when the server has taken it over. The same letter may be
// sent again: it has the same Message-ID. Kind Unavailable: it may pass later, or with other settings; whether it was
// taken cannot always be known then (see Unsure). Kind Invalid: the server will never take it for this address.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	if err := l.Check(); err != nil {
		return err
	}
	message, err := s.message(l)
	if err != nil {
		return chat.Errorf(chat.Invalid, "the letter cannot be written")
	}
	err = s.speak(ctx, func(c *gomail.Client, dial context.Context) error {
		return c.DialAndSendWithContext(dial, message)
	})
	if err == nil || message.IsDelivered() { // what goes wrong after the server's yes is no fault of the letter's
		s.fault.Store(nil)
		return nil
	}
	return s.failed(err)
}

// Check greets the server and signs in, without sending anything, so that Fault is known. Kind Unavailable: no letter
// could be sent right now.
func (s *Sender) Check(ctx context.Context) error {
	err := s.speak(ctx, func(c *gomail.Client, dial context.Context) error {
		conversation, err := c.DialToSMTPClientWithContext(dial)
		if err != nil {
			return err
		}
		return c.CloseWithSMTPClient(conversation)
	})
	if err == nil {
		s.fault.Store(nil)
		return nil
	}
	return s.failed(err)
}

// How often Run looks.
const (
	lookAgain = 10 * time.Minute // while all is well
	lookSoon  = time.Minute      // while something is wrong
)

// Run looks after the server now and then, so that an operator hears of a fault before a customer's letter meets it. It
// returns when ctx ends.
func (s *Sender) Run(ctx context.Context) error {
	for {
		pause := lookAgain
		if s.Check(ctx) != nil {
			pause = lookSoon
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-t.C:
		}
	}
}

// speak lets use talk to the server, on a connection that is closed when it returns or the time is over, whichever way
// the talk went.
func (s *Sender) speak(ctx context.Context, use func(c *gomail.Client, ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var mu sync.Mutex
	var open []net.Conn
	closeAll := func() {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			c.Close()
		}
	}
	defer closeAll()
	defer context.AfterFunc(ctx, closeAll)()
	client, err := s.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := s.dial(ctx, network, address)
		if err == nil {
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
		}
		return conn, err
	})
	if err != nil {
		return err
	}
	err = use(client, ctx)
	if ctx.Err() != nil && err != nil {
		err = errors.Join(ctx.Err(), err)
	}
	return err
}

func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.server.Implicit {
		return (&tls.Dialer{Config: s.config()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (s *Sender) config() *tls.Config {
	return &tls.Config{ServerName: s.server.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

func (s *Sender) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.server.Port), gomail.WithTimeout(s.timeout), gomail.WithTLSConfig(s.config()),
		gomail.WithDialContextFunc(dial), gomail.WithoutNoop(),
	}
	switch {
	case s.server.Implicit:
		options = append(options, gomail.WithSSL())
	case s.tls:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.server.User != "" {
		ways := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
		if !s.tls { // on this machine, or by the operator's word
			ways = append(ways[:2], gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
		}
		options = append(options, gomail.WithUsername(s.server.User), gomail.WithPassword(s.server.Password), gomail.WithOpportunisticSMTPAuth(ways...))
	}
	return gomail.NewClient(s.server.Host, options...)
}

// message writes a letter out. The same letter gives the same bytes.
func (s *Sender) message(l Letter) (*gomail.Msg, error) {
	sum := sha256.Sum256([]byte(l.ID))
	id := hex.EncodeToString(sum[:16])
	_, domain, _ := strings.Cut(s.from.Address, "@")
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("kohta-"+id))
	from := s.from
	if from.Name == "" {
		from.Name = clean(l.House)
	}
	m.FromMailAddress(&from)
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	m.Subject(l.subject())
	m.SetDateWithValue(l.At.UTC())
	m.SetMessageIDWithValue(id + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	m.SetGenHeader("Content-Language", l.Language)
	m.SetBodyString(gomail.TypeTextPlain, l.text())
	m.AddAlternativeString(gomail.TypeTextHTML, l.html())
	return m, nil
}

// Unsure tells of an error of Send whether the server may have taken the letter all the same.
func Unsure(err error) bool {
	var u *unsure
	return errors.As(err, &u)
}

// unsure is the error of a talk that broke off after the letter had gone out and before the server's answer.
type unsure struct{ error }

func (u *unsure) Unwrap() error { return u.error }

// AsUnsure is an error of which Unsure says yes, for who plays a Sender.
func AsUnsure(err error) error { return &unsure{err} }

// failed makes of a talk's error one that may be logged, and keeps what an operator should know.
func (s *Sender) failed(err error) error {
	var answer *textproto.Error
	var sending *gomail.SendError
	var certificate *tls.CertificateVerificationError
	code := 0
	if errors.As(err, &answer) {
		code = answer.Code
	}
	switch {
	case errors.As(err, &sending) && sending != nil:
		return s.refused(sending, code)
	case errors.As(err, &certificate):
		return s.faulty(faultSecret, code)
	case code >= 500: // in the greeting or the login
		return s.faulty(faultLogin, code)
	case code > 0 || away(err):
		return s.faulty(faultAway, code)
	}
	return s.faulty(faultSpeech, code)
}

// away tells whether there was nobody to talk to, or not to the end.
func away(err error) bool {
	var broken net.Error
	return errors.As(err, &broken) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// refused is for what the server said to the letter itself.
func (s *Sender) refused(e *gomail.SendError, code int) error {
	if code == 0 {
		code = e.ErrorCode()
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrNoUnencoded:
		if code >= 500 {
			s.fault.Store(nil) // the server is well, and its answer is no
			return chat.Errorf(chat.Invalid, "the mail server does not take the letter (%d)", code)
		}
		if code > 0 {
			return chat.Errorf(chat.Unavailable, "the mail server does not take the letter now (%d)", code)
		}
	case gomail.ErrSMTPMailFrom:
		if code >= 500 {
			return s.faulty(faultSender, code)
		}
	}
	err := s.faulty(faultAway, code)
	if code == 0 && e.Reason == gomail.ErrSMTPDataClose {
		return AsUnsure(err)
	}
	return err
}

func (s *Sender) faulty(words string, code int) error {
	s.fault.Store(&words)
	if code > 0 {
		return chat.Errorf(chat.Unavailable, "%s (%d)", words, code)
	}
	return chat.Errorf(chat.Unavailable, "%s", words)
}
