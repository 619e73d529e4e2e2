package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/outbound/mail"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// postbox keeps the letters that it is given, and answers each as the test wants.
type postbox struct {
	letters []mail.Letter
	answers []error // of the next letters; nil when there are none left
	before  func()  // while a letter is under way
}

func (p *postbox) Send(_ context.Context, l mail.Letter) error {
	p.letters = append(p.letters, l)
	if p.before != nil {
		p.before()
	}
	if len(p.answers) == 0 {
		return nil
	}
	err := p.answers[0]
	p.answers = p.answers[1:]
	return err
}

func (p *postbox) last() mail.Letter { return p.letters[len(p.letters)-1] }

// token is what stands in a letter's link.
func token(t *testing.T, l mail.Letter) string {
	t.Helper()
	before, token, ok := strings.Cut(l.Link, "#")
	if !ok || before != "http://desk/chat/?site=demo" || len(token) != 22 {
		t.Fatalf("the link is %s", l.Link)
	}
	return token
}

// talk is a customer who can be reached by mail, and Aino who answers.
type talk struct {
	*testDesk
	box   *postbox
	marja staff.Principal
	aino  staff.Principal
	id    string
}

func newTalk(t *testing.T) *talk {
	d := newTestDesk(t, nil)
	k := &talk{testDesk: d, box: &postbox{}, aino: d.agentPrincipal(ainoID, "Aino")}
	d.letters = k.box
	k.begin(" marja@kuukkeli.example ") // as it is typed
	return k
}

// begin has a new customer be reached by an address and be taken by Aino.
func (k *talk) begin(address string) {
	k.t.Helper()
	k.marja = k.visitor()
	k.id = k.do(k.marja, "", chat.AskHuman{}).Conversation
	k.reachBy(address)
	k.do(k.aino, k.id, chat.Take{})
}

// reachBy is what a customer says in the form of the house.
func (k *talk) reachBy(address string) {
	k.t.Helper()
	c := k.conversation(k.id)
	next, e := chat.Apply(c, chat.Event{At: k.now(), Kind: chat.KindMessage, From: chat.From{Role: chat.RoleVisitor, ID: c.Visitor},
		Detail: chat.Detail{Reach: true}, Contents: chat.Contents{Text: address, Fields: map[string]string{"email": address}}})
	k.must(k.store.Append(k.ctx, store.Append{Pos: c.Pos, Next: next, Events: []chat.Event{e}, At: k.now()}))
	k.conversations.forget(k.id)
}

func (k *talk) answer() { k.do(k.aino, k.id, chat.Post{Text: "Paketti on perillä huomenna."}) }

// due lets the time come at which the letter goes out or is tried again, and has it tried. It tells whether there is one
// to come after that.
func (k *talk) due() bool {
	k.t.Helper()
	c := k.conversation(k.id)
	if c.Letter == nil {
		k.t.Fatal("there is no letter to come")
	}
	k.clock.pass(c.Letter.At.Sub(k.now()))
	read, err := k.hasRead(k.ctx, c)
	k.must(err)
	for c.Letter != nil && !c.Letter.At.After(k.now()) { // another deadline may come first
		k.must(k.step(k.ctx, k.id, func(chat.Conversation) chat.Command { return chat.Overdue{Read: read} }))
		c = k.conversation(k.id)
	}
	if c.Letter != nil {
		k.mail(k.ctx, k.id)
	}
	return k.conversation(k.id).Letter != nil
}

// mails lists what the log says of letters.
func (k *talk) mails() string {
	k.t.Helper()
	events, err := k.store.EventsAfter(k.ctx, k.id, store.ForLog, 0, 1000)
	k.must(err)
	var list []string
	for _, e := range events {
		if e.Kind == chat.KindMailing || e.Kind == chat.KindMailed {
			list = append(list, strings.TrimSpace(string(e.Kind)+" "+e.Detail.Reason))
		}
	}
	return strings.Join(list, ", ")
}

func (k *talk) comesIn(token string) error {
	_, _, err := k.VisitorHello(k.ctx, "", token, "", nil)
	return err
}

// TestAnAnswerThatIsNotReadGoesOutByMail is the way of a letter, and back in by its link.
func TestAnAnswerThatIsNotReadGoesOutByMail(t *testing.T) {
	k := newTalk(t)
	k.answer()
	answered := k.now()
	if k.due() {
		t.Error("the letter is to be tried again")
	}
	l := k.box.last()
	if l.To != "marja@kuukkeli.example" || l.Who != "Aino" || l.House != "Demo" || l.Language != "fi" || !l.At.Equal(answered) ||
		!l.Until.Equal(k.now().Add(14*24*time.Hour)) || l.Until.Location().String() != "Europe/Helsinki" || !strings.HasPrefix(l.ID, k.id+".") {
		t.Errorf("%+v", l)
	}
	if got := k.mails(); got != "mailing, mailed" {
		t.Errorf("the log says %s", got)
	}
	// On another device: no site is known there, and no token.
	g, views, err := k.VisitorHello(k.ctx, "", token(t, l), "fi", nil)
	k.must(err)
	visitor, _ := k.marja.Visitor()
	if g.Visitor != visitor || g.Site != "demo" || g.Token != token(t, l) || len(views) != 1 || views[0].Conversation.ID != k.id {
		t.Errorf("%+v, %d conversations", g, len(views))
	}
	k.must(k.MarkRead(k.ctx, staff.AsVisitor(g.Visitor), k.id, k.conversation(k.id).VisitorSeq))
	if read, err := k.hasRead(k.ctx, k.conversation(k.id)); err != nil || !read {
		t.Errorf("read is %v, %v", read, err)
	}
	k.do(staff.AsVisitor(g.Visitor), k.id, chat.Post{Text: "Kiitos, kuulostaa hyvältä"})
	k.answer()
	k.must(k.MarkRead(k.ctx, staff.AsVisitor(g.Visitor), k.id, k.conversation(k.id).VisitorSeq))
	if k.due(); len(k.box.letters) != 1 {
		t.Error("what was read went out by mail")
	}
	k.healthy()
}

// TestLinksOfLettersEnd in each way there is.
func TestLinksOfLettersEnd(t *testing.T) {
	sari := staff.Agent{ID: "01930000-0000-7000-8000-00000000000c", Name: "Sari", Role: staff.RoleAdministrator}
	stranger := staff.Agent{ID: villeID, Name: "Ville", Role: staff.RoleAgent, Teams: []string{"sales"}}
	for _, c := range []struct {
		name   string
		end    func(k *talk, token, visitor string) error
		kind   chat.ErrorKind
		live   bool
		signal string
		actor  string
	}{
		{"it is young", func(k *talk, _, _ string) error { k.clock.pass(14*24*time.Hour - time.Second); return nil }, "", true, "", ""},
		{"it is old", func(k *talk, _, _ string) error { k.clock.pass(14 * 24 * time.Hour); return nil }, "", false, "", ""},
		{"the customer says stop", func(k *talk, token, _ string) error { return k.StopLink(k.ctx, token, "192.0.2.7") }, "", false, bus.Links, "visitor"},
		{"somebody guesses", func(k *talk, _, _ string) error { return k.StopLink(k.ctx, "AAAAAAAAAAAAAAAAAAAAAA", "192.0.2.7") }, "", true, "", ""},
		{"its agent says so", func(k *talk, _, visitor string) error {
			return k.RevokeLinks(k.ctx, k.aino, visitor, store.Act{At: k.now(), Actor: ainoID})
		}, "", false, bus.Links, ainoID},
		{"an administrator says so", func(k *talk, _, visitor string) error {
			return k.RevokeLinks(k.ctx, staff.AsAgent(sari), visitor, store.Act{At: k.now(), Actor: sari.ID})
		}, "", false, bus.Links, sari.ID},
		{"a stranger says so", func(k *talk, _, visitor string) error {
			return k.RevokeLinks(k.ctx, staff.AsAgent(stranger), visitor, store.Act{At: k.now(), Actor: villeID})
		}, chat.NotFound, true, "", ""},
		{"of nobody", func(k *talk, _, _ string) error {
			return k.RevokeLinks(k.ctx, staff.AsAgent(sari), villeID, store.Act{At: k.now()})
		}, chat.NotFound, true, "", ""},
		{"the visitor is erased", func(k *talk, _, visitor string) error {
			return k.Erase(k.ctx, visitor, store.Act{At: k.now(), Actor: sari.ID, Verb: "erase_visitor", Object: visitor})
		}, "", false, "erased", sari.ID},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			k.answer()
			k.due()
			link, visitor := token(t, k.box.last()), k.conversation(k.id).Visitor
			k.must(k.comesIn(link))
			if _, _, err := k.VisitorHello(k.ctx, "demo", link, "", nil); err != nil {
				t.Errorf("with its site: %v", err)
			}
			if _, _, err := k.VisitorHello(k.ctx, "default", link, "", nil); err == nil {
				t.Error("the link is good on another site")
			}
			if err := c.end(k, link, visitor); chat.KindOf(err) != c.kind {
				t.Errorf("ending: %v", err)
			}
			if err := k.comesIn(link); c.live != (err == nil) || err != nil && err != ErrToken {
				t.Errorf("coming in: %v", err)
			}
			signal := ""
			for _, s := range k.bus.signals {
				if id, _ := k.marja.Visitor(); s.Kind == bus.Revoked && s.From.ID == id {
					if signal = s.Reason; signal == "" {
						signal = "erased"
					}
				}
			}
			if signal != c.signal {
				t.Errorf("the signal is %q, want %q", signal, c.signal)
			}
			acts, err := k.store.Acts(k.ctx, 0, 10)
			k.must(err)
			if c.actor == "" && len(acts) > 0 || c.actor != "" && (len(acts) != 1 || acts[0].Act.Actor != c.actor) {
				t.Errorf("the audit has %+v, want one of %q", acts, c.actor)
			}
		})
	}
}

// TestWhoSaysStopIsNotWrittenTo, until they give an address anew.
func TestWhoSaysStopIsNotWrittenTo(t *testing.T) {
	k := newTalk(t)
	k.answer()
	k.due()
	k.clock.pass(time.Hour)
	k.must(k.StopLink(k.ctx, token(t, k.box.last()), "192.0.2.7"))
	k.answer()
	if k.due() || len(k.box.letters) != 1 || k.mails() != "mailing, mailed, mailing, mailed failed" {
		t.Errorf("%d letters; the log says %s", len(k.box.letters), k.mails())
	}
	k.clock.pass(time.Hour)
	k.reachBy("toinen@kuukkeli.example")
	k.answer()
	if k.due(); len(k.box.letters) != 2 || k.box.last().To != "toinen@kuukkeli.example" {
		t.Errorf("%d letters", len(k.box.letters))
	}
	visitor := k.conversation(k.id).Visitor
	if !strings.Contains(everything(k.testDesk, visitor), `"letters_stopped_at":"2026-03-17T`) {
		t.Error("the export does not say that letters were stopped")
	}
	k.must(k.Erase(k.ctx, visitor, store.Act{At: k.clock.Now(), Verb: "erase", Object: visitor}))
	if strings.Contains(everything(k.testDesk, visitor), "letters_stopped_at") {
		t.Error("it is known still after the visitor was erased")
	}
}

var (
	errLater = chat.Errorf(chat.Unavailable, "the mail server does not answer")
	errNever = chat.Errorf(chat.Invalid, "the mail server does not take the letter (550)")
)

// TestALetterIsTriedAgain until it goes out; the tries are one letter, and links that went nowhere are gone.
func TestALetterIsTriedAgain(t *testing.T) {
	k := newTalk(t)
	k.box.answers = []error{errLater, errLater, nil}
	k.answer()
	began := k.now()
	for k.due() {
	}
	if took := k.now().Sub(began); took != 30*time.Second+time.Minute+2*time.Minute {
		t.Errorf("it went out after %v", took)
	}
	if k.mails() != "mailing, mailing, mailing, mailed" || len(k.box.letters) != 3 {
		t.Errorf("%d tries; the log says %s", len(k.box.letters), k.mails())
	}
	for i, l := range k.box.letters {
		if l.ID != k.box.last().ID {
			t.Errorf("try %d is another letter: %s, %s", i, l.ID, k.box.last().ID)
		}
		if err := k.comesIn(token(t, l)); (err == nil) != (i == 2) {
			t.Errorf("the link of try %d: %v", i, err)
		}
	}
	if s := k.Stats(); s.Letters.Load() != 1 || s.LettersHeld.Load() != 2 || s.LettersFailed.Load() != 0 {
		t.Errorf("%d sent, %d held, %d failed", s.Letters.Load(), s.LettersHeld.Load(), s.LettersFailed.Load())
	}
}

// TestALetterIsGivenUp when the server will never take it, when it was not taken for an hour, and when there is nobody
// to send it.
func TestALetterIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		name    string
		set     func(k *talk)
		letters int
		mails   string
	}{
		{"never", func(k *talk) { k.box.answers = []error{errNever} }, 1, "mailing, mailed failed"},
		{"not for an hour", func(k *talk) { k.box.answers = []error{errLater, errLater, errLater, errLater, errLater, errLater} }, 6,
			"mailing, mailing, mailing, mailing, mailing, mailing, mailed failed"},
		{"no mail any more", func(k *talk) { k.letters = nil }, 0, "mailing, mailed failed"},
		{"no address", func(k *talk) { k.reachBy("marja@kuukkeli"); k.answer() }, 0, "mailing, mailed failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			k.answer()
			c.set(k)
			for k.due() {
			}
			if len(k.box.letters) != c.letters || k.mails() != c.mails {
				t.Errorf("%d letters; the log says %s", len(k.box.letters), k.mails())
			}
			if links, err := k.store.LinksOf(k.ctx, k.conversation(k.id).Visitor); err != nil || len(links) > 0 {
				t.Errorf("links are left: %v, %v", links, err)
			}
			k.healthy()
		})
	}
}

// TestWhatMayHaveGoneOutIsSentAgainLater, as the same letter, and both links lead back.
func TestWhatMayHaveGoneOutIsSentAgainLater(t *testing.T) {
	k := newTalk(t)
	k.box.answers = []error{mail.AsUnsure(errLater), nil}
	k.answer()
	began := k.now()
	for k.due() {
	}
	if len(k.box.letters) != 2 || k.now().Sub(began) < letterEvery || k.box.letters[0].ID != k.box.letters[1].ID {
		t.Fatalf("%d letters, after %v", len(k.box.letters), k.now().Sub(began))
	}
	for i, l := range k.box.letters {
		if err := k.comesIn(token(t, l)); err != nil {
			t.Errorf("the link of try %d: %v", i, err)
		}
	}
}

// TestNobodyIsFlooded: one letter about a conversation in ten minutes, five a day to a visitor, twenty an hour to an
// address.
func TestNobodyIsFlooded(t *testing.T) {
	t.Run("a conversation", func(t *testing.T) {
		k := newTalk(t)
		k.answer()
		k.due()
		first := k.now()
		k.answer()
		for k.due() {
		}
		if wait := k.now().Sub(first); len(k.box.letters) != 2 || wait < letterEvery || wait > 20*time.Minute {
			t.Errorf("%d letters, the second after %v", len(k.box.letters), wait)
		}
		if k.box.letters[0].ID == k.box.letters[1].ID {
			t.Error("two answers are one letter")
		}
	})
	t.Run("a visitor", func(t *testing.T) {
		k := newTalk(t)
		for range 8 {
			k.answer()
			for k.due() {
			}
			k.clock.pass(11 * time.Minute)
		}
		if len(k.box.letters) != lettersADay {
			t.Errorf("%d letters", len(k.box.letters))
		}
		k.clock.pass(24 * time.Hour)
		k.answer()
		if k.due(); len(k.box.letters) != lettersADay+1 {
			t.Errorf("%d letters after a day", len(k.box.letters))
		}
	})
	t.Run("an address", func(t *testing.T) {
		k := newTalk(t)
		for n := range 25 {
			k.begin([]string{"Marja@kuukkeli.example", "marja@KUUKKELI.example"}[n%2])
			k.answer()
			k.due()
		}
		if len(k.box.letters) != lettersAnHour {
			t.Errorf("%d letters", len(k.box.letters))
		}
		k.begin("muu@kuukkeli.example")
		k.answer()
		if k.due(); len(k.box.letters) != lettersAnHour+1 {
			t.Error("another address has to wait as well")
		}
	})
}

// TestANewAnswerHasALetterOfItsOwn, also when it is written while the one before is under way.
func TestANewAnswerHasALetterOfItsOwn(t *testing.T) {
	k := newTalk(t)
	k.answer()
	k.box.before = func() { k.box.before = nil; k.answer() }
	if !k.due() {
		t.Fatal("the second answer has no letter")
	}
	for k.due() {
	}
	if len(k.box.letters) != 2 || k.box.letters[0].ID == k.box.letters[1].ID {
		t.Errorf("%d letters", len(k.box.letters))
	}
}

// TestNothingGoesOutOfWhatIsReadMeanwhile, between the deadline and the worker.
func TestNothingGoesOutOfWhatIsReadMeanwhile(t *testing.T) {
	k := newTalk(t)
	k.answer()
	k.clock.pass(30 * time.Second)
	k.must(k.step(k.ctx, k.id, func(chat.Conversation) chat.Command { return chat.Overdue{} }))
	k.must(k.MarkRead(k.ctx, k.marja, k.id, k.conversation(k.id).VisitorSeq))
	k.mail(k.ctx, k.id)
	if len(k.box.letters) > 0 || k.due() || k.mails() != "mailing, mailing" {
		t.Errorf("%d letters; the log says %s", len(k.box.letters), k.mails())
	}
}

// TestLinksAreExportedAndForgotten tells the customer which links there were, and forgets them a month after their end.
func TestLinksAreExportedAndForgotten(t *testing.T) {
	k := newTalk(t)
	k.answer()
	k.due()
	visitor, at := k.conversation(k.id).Visitor, k.now()
	export := func() string {
		var b strings.Builder
		k.must(k.Export(k.ctx, visitor, store.Act{At: k.now(), Verb: "export_visitor", Object: visitor}, &b))
		return b.String()
	}
	want := fmt.Sprintf(`"links":[{"conversation":%q,"created_at":%q,"expires_at":%q}]`, k.id, at.Format(time.RFC3339Nano), at.Add(linkLife).Format(time.RFC3339Nano))
	if got := export(); !strings.Contains(got, want) || strings.Contains(got, token(t, k.box.last())) || strings.Contains(got, hashToken(token(t, k.box.last()))) {
		t.Errorf("the export is\n%s\nwant in it\n%s", got, want)
	}
	k.clock.pass(linkLife + linkRemember)
	k.must(k.forget(k.ctx))
	if got := export(); !strings.Contains(got, want) {
		t.Error("the link was forgotten too early")
	}
	k.clock.pass(time.Millisecond)
	k.must(k.forget(k.ctx))
	if got := export(); !strings.Contains(got, `"links":[]`) {
		t.Error("the link was not forgotten")
	}
}
