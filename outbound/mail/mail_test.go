package mail_test

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/outbound/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func letter() mail.Letter {
	at := time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)
	return mail.Letter{ID: "0195e3a0-c000-7000-8000-000000000001.14", To: "marja@kuukkeli.example", Language: "fi", Who: "Aino", House: "Kauppa",
		Link: "https://desk.example/chat/?site=shop#AAAAAAAAAAAAAAAAAAAAAA", Until: at.Add(14 * 24 * time.Hour), At: at}
}

func wantKind(t *testing.T, what string, err error, kind chat.ErrorKind) {
	t.Helper()
	if err == nil || chat.KindOf(err) != kind {
		t.Errorf("%s: %v, of kind %q, want %q", what, err, chat.KindOf(err), kind)
	}
}

// read takes a letter apart.
func read(t *testing.T, text string) (h netmail.Header, plain, html string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return m.Header, plain, html
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			html = string(b)
		} else {
			plain = string(b)
		}
	}
}

func subject(t *testing.T, h netmail.Header) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLetters holds the words against testdata; run with GOLDEN=write to make them anew.
func TestLetters(t *testing.T) {
	for _, language := range []string{"fi", "sv", "en"} {
		s := newServer(t, nil)
		l := letter()
		l.Language = language
		if err := s.sender().Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		got := s.taken()
		if len(got) != 1 || got[0].from != "FROM:<tuki@kauppa.example> BODY=8BITMIME" || got[0].to != "TO:<marja@kuukkeli.example>" {
			t.Fatalf("%+v", got)
		}
		h, plain, html := read(t, got[0].text)
		for name, want := range map[string]string{"From": `"Kauppa" <tuki@kauppa.example>`, "To": "<marja@kuukkeli.example>", "Auto-Submitted": "auto-generated",
			"Content-Language": language, "Date": "Sun, 22 Nov 2026 08:30:00 +0000", "List-Unsubscribe": "", "User-Agent": "", "X-Mailer": ""} {
			if h.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, h.Get(name), want)
			}
		}
		for name, text := range map[string]string{"txt": "Subject: " + subject(t, h) + "\n\n" + plain, "html": html} {
			golden(t, language+"."+name, strings.ReplaceAll(text, "\r\n", "\n"))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("GOLDEN") == "write" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
	}
}

// TestASecondTryIsTheSameLetter sends one letter twice, and another: mail programs know the first two for one.
func TestASecondTryIsTheSameLetter(t *testing.T) {
	s := newServer(t, nil)
	other := letter()
	other.ID += "5"
	for _, l := range []mail.Letter{letter(), letter(), other} {
		if err := s.sender().Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	got := s.taken()
	if got[0].text != got[1].text {
		t.Errorf("the second try is another letter:\n%s\n%s", got[0].text, got[1].text)
	}
	first, _, _ := read(t, got[0].text)
	third, _, _ := read(t, got[2].text)
	id := first.Get("Message-ID")
	if id == third.Get("Message-ID") || !strings.HasSuffix(id, "@kauppa.example>") || strings.Contains(id, "0195e3a0") {
		t.Errorf("ids %s and %s", id, third.Get("Message-ID"))
	}
}

// TestWayToTheServer tries each way of secrecy, and the logins.
func TestWayToTheServer(t *testing.T) {
	login := func(o *mail.Options) { o.Server.User, o.Server.Password = "desk", "salasana" }
	on := func(o *mail.Options) { o.Secrecy = mail.On }
	for _, c := range []struct {
		name   string
		server func(*smtpServer)
		set    []func(*mail.Options)
		secret bool
		user   string
		fault  string // empty: the letter arrives
	}{
		{"in the clear on this machine", func(s *smtpServer) { s.starttls = true }, nil, false, "", ""},
		{"in the clear with a login", func(s *smtpServer) { s.login = "desk:salasana" }, []func(*mail.Options){login}, false, "desk:salasana", ""},
		{"STARTTLS", func(s *smtpServer) { s.starttls = true; s.login = "desk:salasana" }, []func(*mail.Options){on, login}, true, "desk:salasana", ""},
		{"TLS from the start", func(s *smtpServer) { s.implicit = true; s.login = "desk:salasana" }, []func(*mail.Options){login}, true, "desk:salasana", ""},
		{"TLS from the start cannot be switched off", func(s *smtpServer) { s.implicit = true }, []func(*mail.Options){func(o *mail.Options) { o.Secrecy = mail.Off }}, true, "", ""},
		{"STARTTLS is wanted and not there", func(s *smtpServer) {}, []func(*mail.Options){on}, false, "",
			"the mail server does not offer what is needed: STARTTLS, or a login that this desk knows"},
		{"a stranger's certificate", func(s *smtpServer) { s.starttls = true }, []func(*mail.Options){on, func(o *mail.Options) { o.Roots = nil }}, false, "",
			"the mail server's certificate is not good, so nothing is sent to it"},
		{"a wrong password", func(s *smtpServer) { s.login = "desk:toinen"; s.starttls = true }, []func(*mail.Options){on, login}, false, "", "the mail server refuses the login"},
		{"a login where none is offered", func(s *smtpServer) {}, []func(*mail.Options){login}, false, "",
			"the mail server does not offer what is needed: STARTTLS, or a login that this desk knows"},
		{"nobody wanted", func(s *smtpServer) { s.answers["greeting"] = "554 go away" }, nil, false, "", "the mail server refuses the login"},
		{"too busy", func(s *smtpServer) { s.answers["greeting"] = "421 later" }, nil, false, "", "the mail server does not answer"},
		{"a sender that is not theirs", func(s *smtpServer) { s.answers["MAIL"] = "550 5.7.1 not yours" }, nil, false, "",
			"the mail server does not take letters from the sender that is set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.server)
			sender := s.sender(c.set...)
			err := sender.Send(t.Context(), letter())
			if sender.Fault() != c.fault {
				t.Errorf("the fault is %q, want %q", sender.Fault(), c.fault)
			}
			if c.fault != "" {
				wantKind(t, "sending", err, chat.Unavailable)
				if mail.Unsure(err) || len(s.taken()) > 0 {
					t.Errorf("%v; %d letters were taken", err, len(s.taken()))
				}
				if strings.Contains(fmt.Sprint(err), "kuukkeli") {
					t.Errorf("an error names a customer: %v", err)
				}
				return
			}
			if got := s.taken(); err != nil || len(got) != 1 || got[0].secret != c.secret || got[0].user != c.user {
				t.Errorf("%v, %+v", err, got)
			}
		})
	}
}

// TestNoSecretInTheClear looks at what is said to a server that offers no TLS where TLS is wanted: no login.
func TestNoSecretInTheClear(t *testing.T) {
	s := newServer(t, func(s *smtpServer) { s.login = "desk:salasana" })
	err := s.sender(func(o *mail.Options) { o.Secrecy, o.Server.User, o.Server.Password = mail.On, "desk", "salasana" }).Send(t.Context(), letter())
	wantKind(t, "sending", err, chat.Unavailable)
	if said := s.said(); strings.Contains(said, "AUTH") || strings.Contains(said, "MAIL") {
		t.Errorf("said in the clear: %s", said)
	}
}

// TestAnswers tells apart what may pass from what will not, and what may have been taken.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		verb, answer string
		kind         chat.ErrorKind
		unsure       bool
		fault        bool
	}{
		{"RCPT", "550 5.1.1 <marja@kuukkeli.example>: nobody here", chat.Invalid, false, false},
		{"RCPT", "450 4.2.1 <marja@kuukkeli.example>: greylisted", chat.Unavailable, false, false},
		{"DATA", "554 5.7.1 no", chat.Invalid, false, false},
		{".", "554 5.6.0 marja@kuukkeli.example does not want this", chat.Invalid, false, false},
		{".", "452 4.3.1 full", chat.Unavailable, false, false},
		{"MAIL", "451 4.3.0 later", chat.Unavailable, false, true},
	} {
		t.Run(c.verb+" "+c.answer, func(t *testing.T) {
			s := newServer(t, func(s *smtpServer) { s.answers[c.verb] = c.answer })
			sender := s.sender()
			err := sender.Send(t.Context(), letter())
			wantKind(t, "sending", err, c.kind)
			if mail.Unsure(err) != c.unsure || (sender.Fault() != "") != c.fault || len(s.taken()) > 0 {
				t.Errorf("unsure %v, fault %q, %d letters", mail.Unsure(err), sender.Fault(), len(s.taken()))
			}
			if strings.Contains(fmt.Sprint(err), "kuukkeli") || strings.Contains(sender.Fault(), "kuukkeli") {
				t.Errorf("a customer is named: %v, %s", err, sender.Fault())
			}
		})
	}
}

// TestSecondTryIsTaken is greylisting: no at first, then yes.
func TestSecondTryIsTaken(t *testing.T) {
	s := newServer(t, func(s *smtpServer) { s.answers["RCPT"] = "450 4.7.1 come back\nyes" })
	sender := s.sender()
	wantKind(t, "the first try", sender.Send(t.Context(), letter()), chat.Unavailable)
	if err := sender.Send(t.Context(), letter()); err != nil || len(s.taken()) != 1 {
		t.Errorf("the second try: %v, %d letters", err, len(s.taken()))
	}
}

// TestAServerThatHangs is left when the time is over, wherever it hangs; only after the whole letter it is not known
// what became of it.
func TestAServerThatHangs(t *testing.T) {
	for _, at := range []string{"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."} {
		t.Run(at, func(t *testing.T) {
			s := newServer(t, func(s *smtpServer) {
				s.hang, s.login = at, "desk:salasana"
				if at == "greeting" {
					s.answers[at] = "hang"
				}
			})
			sender := s.sender(func(o *mail.Options) {
				o.Timeout, o.Server.User, o.Server.Password = 200*time.Millisecond, "desk", "salasana"
			})
			began := time.Now()
			err := sender.Send(t.Context(), letter())
			wantKind(t, "sending", err, chat.Unavailable)
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("it took %v", took)
			}
			if mail.Unsure(err) != (at == ".") || sender.Fault() == "" {
				t.Errorf("unsure %v, fault %q", mail.Unsure(err), sender.Fault())
			}
		})
	}
}

// TestWhoIsToldToStopStops gives up at once when its caller does.
func TestWhoIsToldToStopStops(t *testing.T) {
	s := newServer(t, func(s *smtpServer) { s.hang = "EHLO" })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.sender(func(o *mail.Options) { o.Timeout = time.Hour }).Send(ctx, letter()) }()
	for !strings.Contains(s.said(), "EHLO") {
		select {
		case err := <-done:
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	stopped := time.Now()
	wantKind(t, "sending", <-done, chat.Unavailable)
	if took := time.Since(stopped); took > 15*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestWhatWasTakenIsSent whatever becomes of the talk after the server's yes.
func TestWhatWasTakenIsSent(t *testing.T) {
	for _, at := range []string{"RSET", "QUIT"} {
		s := newServer(t, func(s *smtpServer) { s.hang = at })
		sender := s.sender(func(o *mail.Options) { o.Timeout = 200 * time.Millisecond })
		if err := sender.Send(t.Context(), letter()); err != nil || len(s.taken()) != 1 || sender.Fault() != "" {
			t.Errorf("a server that hangs at %s: %v, %q, %d letters", at, err, sender.Fault(), len(s.taken()))
		}
	}
}

// TestNobodyListens has no server at all.
func TestNobodyListens(t *testing.T) {
	s := newServer(t, nil)
	sender := s.sender()
	s.listener.Close()
	wantKind(t, "sending", sender.Send(t.Context(), letter()), chat.Unavailable)
	wantKind(t, "looking", sender.Check(t.Context()), chat.Unavailable)
	if sender.Fault() != "the mail server does not answer" {
		t.Errorf("%q", sender.Fault())
	}
}

// TestCheck signs in and sends nothing.
func TestCheck(t *testing.T) {
	s := newServer(t, func(s *smtpServer) { s.login = "desk:salasana" })
	login := func(password string) func(*mail.Options) {
		return func(o *mail.Options) { o.Server.User, o.Server.Password = "desk", password }
	}
	good, bad := s.sender(login("salasana")), s.sender(login("toinen"))
	if err := good.Check(t.Context()); err != nil || good.Fault() != "" || strings.Contains(s.said(), "MAIL") {
		t.Errorf("%v, %q, %s", err, good.Fault(), s.said())
	}
	wantKind(t, "a wrong password", bad.Check(t.Context()), chat.Unavailable)
	if bad.Fault() != "the mail server refuses the login" {
		t.Errorf("%q", bad.Fault())
	}
}

// TestNothingSlipsIntoTheHeadings puts line ends and more into every field that a customer or an agent fills.
func TestNothingSlipsIntoTheHeadings(t *testing.T) {
	nasty := "Aino\r\nBcc: all@kuukkeli.example\r\n\r\n<script>alert(1)</script>\u202e\u200b\x00"
	s := newServer(t, nil)
	l := letter()
	l.Who, l.House = nasty, nasty
	if err := s.sender(func(o *mail.Options) { o.From.Name = "" }).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got := s.taken()[0]
	h, plain, html := read(t, got.text)
	if len(h["Bcc"]) > 0 || strings.Count(s.said(), "RCPT") != 1 {
		t.Errorf("a heading slipped in: %v", h)
	}
	for _, text := range []string{subject(t, h), plain, html} {
		if strings.ContainsAny(text, "\u202e\u200b\x00") {
			t.Errorf("what cannot be seen is there: %q", text)
		}
	}
	if strings.Contains(html, "<script") {
		t.Errorf("markup slipped in: %s", html)
	}
	for _, to := range []string{"", "marja", "marja@localhost", "marja@kuukkeli.example\r\nRCPT TO:<x@y.example>", "a@b.example>", "a b@c.example",
		"Marja <marja@kuukkeli.example>", `"a b"@c.example`, "a@[127.0.0.1]", "a@b..example", ".a@b.example", "a,b@c.example,d@e.example", "a@b@c.example",
		strings.Repeat("a", 65) + "@b.example", "a@" + strings.Repeat("b.", 130) + "example", "a@b.example\n", "ä@b.example"} {
		l := letter()
		l.To = to
		wantKind(t, fmt.Sprintf("to %q", to), s.sender().Send(t.Context(), l), chat.Invalid)
	}
	for _, link := range []string{"", "javascript:alert(1)", "https://", "desk.example/chat/", "https://desk.example/\"><script>", "https://desk.example/\r\nX: y"} {
		l := letter()
		l.Link = link
		wantKind(t, fmt.Sprintf("the link %q", link), s.sender().Send(t.Context(), l), chat.Invalid)
	}
	if n := strings.Count(s.said(), "EHLO"); n != 1 {
		t.Errorf("a letter that cannot be sent was begun: %d talks", n)
	}
}

// TestLettersWithoutNames have their words all the same.
func TestLettersWithoutNames(t *testing.T) {
	s := newServer(t, nil)
	l := letter()
	l.Who, l.House = "", ""
	if err := s.sender(func(o *mail.Options) { o.From.Name = "" }).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	h, plain, _ := read(t, s.taken()[0].text)
	if subject(t, h) != "Sinulle on vastattu" || !strings.HasPrefix(plain, "Sinulle on vastattu.\r\n") || h.Get("From") != "<tuki@kauppa.example>" {
		t.Errorf("%q from %q: %q", subject(t, h), h.Get("From"), plain)
	}
}

// TestRun looks by itself, and ends when it is told.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sender := mail.New(mail.Options{Server: mail.Server{Host: "127.0.0.1", Port: 1, Implicit: true}, Timeout: time.Nanosecond})
		done := make(chan error)
		go func() { done <- sender.Run(ctx) }()
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		if sender.Fault() == "" {
			t.Error("no fault was seen")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestParseServer(t *testing.T) {
	for _, c := range []struct {
		address, password string
		want              mail.Server
	}{
		{"smtp://mail.example", "", mail.Server{Host: "mail.example", Port: 587}},
		{"smtps://mail.example/", "", mail.Server{Host: "mail.example", Port: 465, Implicit: true}},
		{"smtp://desk%40shop.example:a%2Fb%23c@mail.example:25", "", mail.Server{Host: "mail.example", Port: 25, User: "desk@shop.example", Password: "a/b#c"}},
		{"smtp://desk@[::1]:2525", "x:y", mail.Server{Host: "::1", Port: 2525, User: "desk", Password: "x:y"}},
		{"smtp://desk:old@mail.example", "new", mail.Server{Host: "mail.example", Port: 587, User: "desk", Password: "new"}},
	} {
		got, err := mail.ParseServer(c.address, c.password)
		if err != nil || got != c.want {
			t.Errorf("%s is %+v, %v", c.address, got, err)
		}
	}
	for _, bad := range []string{"", "mail.example:587", "http://desk:salasana@mail.example", "smtp://", "smtp://desk:salasana@", "smtp://desk:salasana@mail.example:0",
		"smtp://desk:salasana@mail.example:99999", "smtp://desk:sala/sana@mail.example", "smtp://desk:salasana#@mail.example", "smtp://mail.example/inbox",
		"smtp://desk:salasana@mail.example?x=y", "smtp://:salasana@mail.example", "smtp://desk@mail.example", "smtp://desk:sala sana%@mail.example"} {
		_, err := mail.ParseServer(bad, "")
		wantKind(t, bad, err, chat.Invalid)
		if strings.Contains(fmt.Sprint(err), "sala") {
			t.Errorf("%s: the error tells the secret: %v", bad, err)
		}
	}
}

func TestParseFrom(t *testing.T) {
	for _, good := range []string{"tuki@kauppa.example", "Kaupan väki <tuki@kauppa.example>", `"Kauppa, Oy" <tuki@kauppa.example>`} {
		if a, err := mail.ParseFrom(good); err != nil || a.Address != "tuki@kauppa.example" {
			t.Errorf("%s is %v, %v", good, a, err)
		}
	}
	for _, bad := range []string{"", "tuki", "tuki@localhost", "a@b.example, c@d.example", "Kauppa <>", "tuki@kauppa.example\r\nBcc: x@y.example"} {
		_, err := mail.ParseFrom(bad)
		wantKind(t, bad, err, chat.Invalid)
	}
}
