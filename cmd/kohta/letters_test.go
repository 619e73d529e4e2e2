package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// postOffice is a mail server that takes everything, or refuses the login.
type postOffice struct {
	listener net.Listener
	refuses  bool
	letters  chan string
}

func newPostOffice(t *testing.T, refuses bool) *postOffice {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &postOffice{listener: l, refuses: refuses, letters: make(chan string, 10)}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.talk(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return p
}

func (p *postOffice) talk(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	r := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 post\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
		case "EHLO":
			fmt.Fprint(conn, "250-post\r\n250 AUTH PLAIN\r\n")
		case "AUTH":
			if p.refuses {
				fmt.Fprint(conn, "535 no\r\n")
			} else {
				fmt.Fprint(conn, "235 yes\r\n")
			}
		case "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			var text bytes.Buffer
			for line != ".\r\n" {
				if line, err = r.ReadString('\n'); err != nil {
					return
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			p.letters <- text.String()
			fmt.Fprint(conn, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func (p *postOffice) flags(t *testing.T, password string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	must(t, os.WriteFile(file, []byte(password+"\n"), 0o600))
	return []string{"--smtp", "smtp://desk@" + p.listener.Addr().String(), "--smtp-password-file", file, "--mail-from", "Tuki <tuki@kauppa.example>"}
}

// TestAnswerByMailAndBackByItsLink is a night and a morning with the real program: nobody is there, a customer leaves a
// message and closes the page; the answer goes out by mail, and on another device its link opens the conversation. What
// must not stand in logs, figures or the database does not.
func TestAnswerByMailAndBackByItsLink(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	t.Parallel() // the letter waits for half a minute, so that whoever is still there can read
	const address, password = "marja.kuukkeli@kuukkeli.example", "Hiirenloukku-7711"
	post := newPostOffice(t, false)
	dir, metrics := t.TempDir(), freeAddress(t)
	p := startDesk(t, dir, "127.0.0.1:0", append(post.flags(t, password), "--demo", "--metrics-listen", metrics, "--log-level", "debug")...)
	g := p.guest(wire.Greeting{Language: "fi"})
	id := g.do(wire.AskHuman, "", chat.AskHuman{}).Conversation
	offered := g.await("choice", func(r wire.Received) bool { return r.Kind == "promised" && len(r.Options) > 0 })
	g.do(wire.Choose, id, chat.Choose{Seq: offered.Seq, Option: "leave_message"})
	form := g.await("form", func(r wire.Received) bool { return r.Form != nil })
	g.do(wire.Submit, id, chat.Submit{Seq: form.Seq, Fields: map[string]string{"email": address, "message": "Missä pakettini on?"}})
	g.settled()
	g.Close()

	aino := p.colleague(t, "aino@demo.example")
	must(t, aino.Send(&wire.Frame{Type: wire.Presence, Status: "online"}))
	aino.do(wire.Take, id, chat.Take{})
	aino.do(wire.Post, id, chat.Post{Text: "Paketti on perillä huomenna."})
	var letter string
	select {
	case letter = <-post.letters:
	case <-time.After(90 * time.Second):
		t.Fatalf("no letter came:\n%s", p.stderr)
	}
	link, token := linkIn(t, letter)
	if !strings.HasPrefix(link, p.base+"/chat/?site=demo#") || !strings.Contains(letter, "To: <"+address+">") || strings.Contains(letter, "perill") {
		t.Errorf("the letter is\n%s", letter)
	}
	if status, _ := p.call("GET", "/chat/?site=demo", "", nil); status != 200 {
		t.Errorf("the page of the link answers %d", status)
	}
	phone := p.connect(wireclient.Options{URL: p.socket("/ws/visitor"), Role: chat.RoleVisitor, Hello: wire.Greeting{Link: token, Since: map[string]int64{id: 0}}})
	phone.welcome()
	phone.await("answer", func(r wire.Received) bool { return r.Kind == "message" && r.Text == "Paketti on perillä huomenna." })
	phone.do(wire.Post, id, chat.Post{Text: "Kiitos, puhelimesta"})
	aino.await("word from the phone", func(r wire.Received) bool { return r.Kind == "message" && r.Text == "Kiitos, puhelimesta" })
	aino.await("mark of the letter", func(r wire.Received) bool { return r.Kind == "mailed" })

	// "This was not me": the phone is out within moments, and does not come back.
	if status, _ := p.call("POST", "/api/v1/links/stop", `{"link":"`+token+`"}`, nil); status != http.StatusNoContent {
		t.Errorf("stopping: %d", status)
	}
	select {
	case <-phone.Ended():
	case <-time.After(patience):
		t.Error("the phone is still in")
	}
	again, err := wireclient.Dial(t.Context(), wireclient.Options{URL: p.socket("/ws/visitor"), Role: chat.RoleVisitor, Hello: wire.Greeting{Link: token}}, nil)
	must(t, err)
	<-again.Ended()
	if err := again.Err(); err == nil || !strings.Contains(err.Error(), fmt.Sprint(wire.CloseUnauthorized)) {
		t.Errorf("the link after its end: %v", err)
	}

	figures := read(t, "http://"+metrics+"/metrics")
	if !strings.Contains(figures, "kohta_letters_total 1\n") {
		t.Error("the letter is not counted")
	}
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}
	for _, secret := range []string{token, address, "kuukkeli", password} {
		if strings.Contains(p.stderr.String(), secret) || strings.Contains(figures, secret) {
			t.Errorf("%q is in the log or the figures", secret)
		}
	}
	for _, secret := range []string{token, password} {
		if where := inFolder(t, dir, secret); len(where) > 0 {
			t.Errorf("%q is stored, in %v", secret, where)
		}
	}
}

// linkIn finds the link in a letter.
func linkIn(t *testing.T, letter string) (link, token string) {
	t.Helper()
	plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(letter)))
	must(t, err)
	for word := range strings.FieldsSeq(string(plain)) {
		if _, token, ok := strings.Cut(word, "#"); ok && strings.HasPrefix(word, "http") {
			return word, token
		}
	}
	t.Fatalf("there is no link in\n%s", letter)
	return "", ""
}

// TestAMailServerThatRefusesIsToldOf in /readyz, and keeps nobody away.
func TestAMailServerThatRefusesIsToldOf(t *testing.T) {
	t.Parallel()
	post := newPostOffice(t, true)
	p := startDesk(t, t.TempDir(), "127.0.0.1:0", post.flags(t, "Hiirenloukku-7712")...)
	type down struct {
		Part, Words string
		Harmless    bool
	}
	var list []down
	for late := time.Now().Add(patience); len(list) == 0 && time.Now().Before(late); time.Sleep(20 * time.Millisecond) {
		must(t, json.Unmarshal([]byte(read(t, p.base+"/readyz")), &list))
	}
	if len(list) != 1 || list[0] != (down{"mail", "the mail server refuses the login", true}) {
		t.Errorf("%+v", list)
	}
	if status, _ := p.call("GET", "/readyz", "", nil); status != 200 {
		t.Errorf("it is not ready: %d", status)
	}
	if p.stop(); strings.Contains(p.stderr.String(), "Hiirenloukku") {
		t.Error("the password is in the log")
	}
}

// TestPublicAddress is what links begin with.
func TestPublicAddress(t *testing.T) {
	for address, want := range map[string]string{"": "http://127.0.0.1:8080", "https://desk.example": "https://desk.example", "https://desk.example:8443/": "https://desk.example:8443"} {
		if got := (mailFlags{PublicURL: address}).public("http://127.0.0.1:8080"); got != want {
			t.Errorf("%q leads to %s", address, got)
		}
	}
	for _, bad := range []string{"desk.example", "ftp://desk.example", "https://", "https://a:b@desk.example", "https://desk.example/x", "https://desk.example?x", "https://desk.example/#x", "https://desk.example/ x"} {
		if err := (mailFlags{PublicURL: bad}).check("127.0.0.1:8080"); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
