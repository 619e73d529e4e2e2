package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// canaries are fifty secrets. Those that are masked may be nowhere at all; tokens and passwords of people who sign in
// are stored as hashes; the rest may be stored, and in no log and no figure.
type canaries struct {
	masked, hashed, plain []string
}

func newCanaries() canaries {
	var c canaries
	for i := range 10 {
		c.masked = append(c.masked, card(fmt.Sprintf("453957%09d", 31415926*(i+1)%1_000_000_000)))
		c.masked = append(c.masked, identityCode(i))
	}
	for i := range 5 {
		c.masked = append(c.masked, fmt.Sprintf("Kultakala-%d!x", 7411+i))
		c.hashed = append(c.hashed, fmt.Sprintf("Hiirenloukku-%d?y", 9821+i))
	}
	for i := range 5 {
		c.plain = append(c.plain, fmt.Sprintf("Tervapääsky%04d", 3301+i), fmt.Sprintf("Marjatta Kuukkeli%04d", 5500+i),
			fmt.Sprintf("marjatta%04d@kuukkeli.example", 6600+i), fmt.Sprintf("Verkkokaupan otsikko %04d", 8800+i))
	}
	return c
}

// card is a card number that Luhn's sum holds for.
func card(digits string) string {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}

// identityCode is a Finnish personal identity code of nobody: its number is of those that are never given.
func identityCode(n int) string {
	number := fmt.Sprintf("0%d0%d8%d", n%9+1, n%8+1, n)
	var value int
	fmt.Sscan(strings.TrimLeft(number, "0")+fmt.Sprintf("9%02d", n+10), &value)
	return fmt.Sprintf("%s-9%02d%c", number, n+10, "0123456789ABCDEFHJKLMNPRSTUVWXY"[value%31])
}

// TestCanary sends fifty secrets down every way in, and looks for them in what the desk writes down.
func TestCanary(t *testing.T) {
	t.Parallel()
	c := newCanaries()
	if n := len(c.masked) + len(c.hashed) + len(c.plain); n != 50 {
		t.Fatalf("%d canaries", n)
	}
	dir, metrics := t.TempDir(), freeAddress(t)
	p := startDesk(t, dir, "127.0.0.1:0", "--demo", "--limits", "off", "--metrics-listen", metrics, "--log-level", "debug")
	sockets := c.send(t, p)
	c.knock(t, p)
	figures := read(t, "http://"+metrics+"/metrics")
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}
	log := p.stderr.String()
	if !strings.Contains(figures, "kohta_acks_total") || !strings.Contains(log, `"level":"debug"`) {
		t.Errorf("there is nothing to look through:\n%s\n%s", figures, log)
	}
	all := append(append(append(append([]string{}, c.masked...), c.hashed...), c.plain...), sockets...)
	for _, secret := range all {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
		if strings.Contains(figures, secret) {
			t.Errorf("%q is in the figures", secret)
		}
	}
	for _, secret := range append(append(append([]string{}, c.masked...), c.hashed...), sockets...) {
		if where := inFolder(t, dir, secret); len(where) > 0 {
			t.Errorf("%q is stored, in %v", secret, where)
		}
	}
	stored := 0
	for _, text := range c.plain {
		if len(inFolder(t, dir, text)) > 0 {
			stored++
		}
	}
	if stored < len(c.plain)/2 {
		t.Errorf("only %d of %d texts arrived at all: this test proves little", stored, len(c.plain))
	}
}

// send says all of them where a customer and an agent say things, and returns the tokens that the desk gave out.
func (c canaries) send(t *testing.T, p *process) (tokens []string) {
	aino := p.colleague(t, "aino@demo.example")
	ville := p.colleague(t, "ville@demo.example").welcome().Agent.ID
	cookie := signIn(t, p.base, "ville@demo.example")
	tokens = append(tokens, cookie.Value)
	said := func(i int) string {
		return fmt.Sprintf("%s, korttini %s, tunnukseni %s ja salasana: %s", c.plain[i%len(c.plain)], c.masked[2*i%20], c.masked[(2*i+1)%20], c.masked[20+i%5])
	}
	for i := range 10 {
		page := &chat.Page{URL: "https://shop.example/pay/" + c.masked[2*i] + "?token=" + c.hashed[i%5], Title: said(i), Referrer: "https://shop.example/" + c.masked[2*i+1]}
		g := p.guest(wire.Greeting{Language: "fi", Page: page})
		tokens = append(tokens, g.welcome().Token)
		id := g.do(wire.Post, "", chat.Post{Text: said(i)}).Conversation
		g.do(wire.Post, id, chat.Post{Text: "Missä tilaukseni on?"})
		form := g.await("form", func(r wire.Received) bool { return r.Kind == "message" && r.Form != nil })
		g.try(wire.Submit, id, chat.Submit{Seq: form.Seq, Fields: map[string]string{"order_number": c.masked[2*i], "email": c.plain[(4*i+2)%len(c.plain)]}})
		must(t, g.Send(&wire.Frame{Type: wire.Page, Page: page}))
		g.do(wire.AskHuman, id, chat.AskHuman{})
		aino.do(wire.Take, id, chat.Take{})
		aino.do(wire.Note, id, chat.Note{Text: said(i + 1)})
		aino.do(wire.Post, id, chat.Post{Text: said(i + 2)})
		aino.do(wire.Invite, id, chat.Invite{Agent: ville, Note: said(i + 5)})
		aino.do(wire.Transfer, id, chat.Transfer{Team: demoTeam, Note: said(i + 3)})
		g.do(wire.End, id, chat.End{})
		g.do(wire.Rate, id, chat.Rate{Survey: "csat", Score: 5, Comment: said(i + 4)})
		// What is refused is looked at as well.
		g.try(wire.Choose, id, chat.Choose{Seq: 1, Option: "pay"})
		must(t, g.SendRaw(1, []byte(`{"type":"post","key":"`+said(i)+`","text":"`+said(i)+`"}`)))
		must(t, g.SendRaw(1, []byte(`{"type":"`+c.plain[i]+`","text":{"`+c.masked[i]+`":1}}`)))
		g.settled()
		g.Close()
	}
	aino.settled()
	return tokens
}

// knock tries them where people sign in, and where nobody should.
func (c canaries) knock(t *testing.T, p *process) {
	for i, secret := range append(append([]string{}, c.hashed...), c.masked[:5]...) {
		// In a hurry the password ends up in the field for the address.
		for _, body := range []string{
			fmt.Sprintf(`{"email":"aino@demo.example","password":%q}`, secret), fmt.Sprintf(`{"email":%q,"password":%q}`, secret, secret),
			fmt.Sprintf(`{"email":%q,"password":"x"}`, c.plain[4*(i%5)+2]), fmt.Sprintf(`{%q:1}`, secret), secret,
		} {
			if status, _ := p.call("POST", "/api/v1/session", body, nil); status < 400 {
				t.Errorf("%s signs in with %d", body, status)
			}
		}
		for _, path := range []string{"/api/v1/visitors/" + secret, "/nothing/" + secret, "/widget/?site=" + secret, "/console/" + secret, "/ws/visitor?token=" + secret,
			"/chat/?site=demo&link=" + secret, "/chat/" + secret, "/api/v1/links/" + secret} {
			p.call("GET", path, "", func(r *http.Request) {
				for _, name := range []string{"User-Agent", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "Idempotency-Key", "Origin"} {
					r.Header.Set(name, "kohta_session="+secret)
				}
			})
		}
		if status, _ := p.call("POST", "/api/v1/links/stop", fmt.Sprintf(`{"link":%q}`, secret), nil); status != http.StatusNoContent {
			t.Errorf("stopping a link that is none: %d", status)
		}
		for _, greeting := range []wire.Greeting{{Site: "demo", Token: secret}, {Site: "demo", Link: secret}, {Link: secret}} {
			hello, err := wireclient.Dial(t.Context(), wireclient.Options{URL: p.socket("/ws/visitor"), Role: chat.RoleVisitor, Hello: greeting}, nil)
			if err != nil {
				t.Fatal(err)
			}
			<-hello.Ended()
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	must(t, err)
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return string(text)
}
