package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// told is a visitor with a closed conversation that an agent had, and an open one in the line.
func told(d *testDesk, secret string) (visitor, token string, by staff.Principal, ids []string) {
	d.t.Helper()
	g, _, err := d.VisitorHello(d.ctx, "demo", "", "fi", &chat.Page{URL: "https://shop.example/" + secret + "/cart", Title: secret})
	d.must(err)
	by = staff.AsVisitor(g.Visitor)
	first := d.do(by, "", chat.Post{Text: secret + " aukioloajat"}).Conversation
	d.do(by, first, chat.AskHuman{})
	aino := d.agentPrincipal(ainoID, "Aino")
	d.do(aino, first, chat.Take{})
	d.do(aino, first, chat.Note{Text: secret + " is a regular"})
	d.do(aino, first, chat.Post{Text: "Hei " + secret})
	d.do(aino, first, chat.Resolve{})
	d.do(by, first, chat.Rate{Survey: "csat", Score: 4, Comment: secret + " kiittää"})
	second := d.do(by, "", chat.Post{Text: secret + " on ihan surkeeta"}).Conversation
	d.do(by, second, chat.AskHuman{})
	return g.Visitor, g.Token, by, []string{first, second}
}

func eraseAct(d *testDesk, visitor string) store.Act {
	return store.Act{At: d.clock.Now(), Actor: ainoID, Verb: "erase_visitor", Object: visitor}
}

// everything is all that a store gives away of a visitor.
func everything(d *testDesk, visitor string) string {
	d.t.Helper()
	var b bytes.Buffer
	d.must(Export(d.ctx, d.store, visitor, store.Act{At: d.clock.Now(), Verb: "look", Object: visitor}, &b))
	return b.String()
}

func TestEraseMakesAVisitorNobody(t *testing.T) {
	d := newTestDesk(t, nil)
	visitor, token, by, ids := told(d, "Marjatta")
	other, _, _, others := told(d, "Kaarina")
	if n := strings.Count(everything(d, visitor), "Marjatta"); n < 8 {
		t.Fatalf("the export names Marjatta %d times:\n%s", n, everything(d, visitor))
	}
	d.must(d.Erase(d.ctx, visitor, eraseAct(d, visitor)))

	if text := everything(d, visitor); strings.Contains(text, "Marjatta") || !strings.Contains(text, `"erased":true`) {
		t.Errorf("after the erasure the store gives away\n%s", text)
	}
	for i, id := range ids {
		c := d.conversation(id)
		if c.State != chat.Closed || c.Erased != c.Pos {
			t.Errorf("conversation %d: state %s, erased up to %d of %d", i, c.State, c.Erased, c.Pos)
		}
		k, err := d.load(d.ctx, id)
		d.must(err)
		if k, err = d.meet(d.ctx, k, k.Visitor); err != nil || strings.Contains(string(flat(k.Conversation)), "Marjatta") || strings.Contains(mustText(k.visits), "Marjatta") {
			t.Errorf("the desk remembers %+v, %v", k, err)
		}
		if _, err := d.Do(d.ctx, by, id, uuid.NewString(), 0, chat.Post{Text: "Olen taas täällä"}); chat.KindOf(err) != chat.NotFound {
			t.Errorf("a post to an erased conversation: %v", err)
		}
	}
	if d.PageOf(visitor) != nil {
		t.Error("the desk remembers the page")
	}
	if _, err := d.Do(d.ctx, by, "", uuid.NewString(), 0, chat.Post{Text: "Moi"}); chat.KindOf(err) != chat.NotFound {
		t.Errorf("a new conversation of somebody who is nobody: %v", err)
	}
	if _, _, err := d.VisitorHello(d.ctx, "demo", token, "sv", nil); !errors.Is(err, ErrToken) {
		t.Errorf("the old token: %v", err)
	}
	if n, _, err := d.line.Place(d.ctx, "support", ids[1]); err != nil || n != 0 {
		t.Errorf("an erased conversation waits in the line at %d, %v", n, err)
	}
	if !revoked(d, visitor) {
		t.Error("the visitor's sockets are not told")
	}
	if text := everything(d, other); strings.Count(text, "Kaarina") < 8 || d.conversation(others[1]).State != chat.Waiting {
		t.Errorf("another visitor lost something:\n%s", text)
	}
	rows, err := d.store.Acts(d.ctx, 0, 100)
	d.must(err)
	if n := count(rows, "erase_visitor", visitor); n != 1 {
		t.Errorf("the audit has %d erasures of them", n)
	}
	d.healthy()

	before := d.conversation(ids[0]).Pos
	d.must(d.Erase(d.ctx, visitor, eraseAct(d, visitor)))
	if after := d.conversation(ids[0]).Pos; after != before {
		t.Errorf("erasing again took the log from %d to %d", before, after)
	}
	if err := d.Erase(d.ctx, uuid.NewString(), eraseAct(d, "x")); chat.KindOf(err) != chat.NotFound {
		t.Errorf("the erasure of nobody: %v", err)
	}
}

func mustText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func revoked(d *testDesk, visitor string) bool {
	d.bus.mu.Lock()
	defer d.bus.mu.Unlock()
	for _, s := range d.bus.signals {
		if s.Kind == bus.Revoked && s.From == (chat.From{Role: chat.RoleVisitor, ID: visitor}) {
			return true
		}
	}
	return false
}

func count(rows []store.AuditRow, verb, object string) (n int) {
	for _, r := range rows {
		if r.Act.Verb == verb && r.Act.Object == object {
			n++
		}
	}
	return n
}

// TestEraseIsFinishedAtTheNextStart cuts an erasure off after its first transaction.
func TestEraseIsFinishedAtTheNextStart(t *testing.T) {
	d := newTestDesk(t, nil)
	visitor, _, _, ids := told(d, "Marjatta")
	d.must(d.store.EraseVisitor(d.ctx, visitor, d.clock.Now(), eraseAct(d, visitor)))
	act := store.Act{At: d.clock.Now().Add(12345678).Local(), Actor: "kohta serve", Verb: "erase_visitor"} // any time will do
	again, err := EraseLeftovers(d.ctx, d.store, act)
	d.must(err)
	if len(again) != 1 || again[0] != visitor || strings.Contains(everything(d, visitor), "Marjatta") || d.conversation(ids[1]).State != chat.Closed {
		t.Errorf("erased %v, and there is left\n%s", again, everything(d, visitor))
	}
	if again, err = EraseLeftovers(d.ctx, d.store, act); err != nil || len(again) != 0 {
		t.Errorf("the next start erases %v, %v", again, err)
	}
	d.healthy()
}

// TestExportIsWhole compares an export with the store, event by event.
func TestExportIsWhole(t *testing.T) {
	d := newTestDesk(t, nil)
	visitor, _, by, ids := told(d, "Marjatta")
	for range exportAtOnce {
		d.do(by, ids[1], chat.Post{Text: "ja vielä"})
	}
	var got struct {
		Visitor       struct{ ID, Site, Language string }
		Conversations []struct {
			Conversation chat.Conversation
			Events       []struct {
				Pos      int64
				Kind     chat.Kind
				From     chat.From
				Contents chat.Contents
			}
		}
	}
	d.must(json.Unmarshal([]byte(everything(d, visitor)), &got))
	if got.Visitor.ID != visitor || got.Visitor.Site != "demo" || got.Visitor.Language != "fi" || len(got.Conversations) != 2 {
		t.Fatalf("%+v", got)
	}
	for _, c := range got.Conversations {
		log, err := wholeLog(d.ctx, d.store, d.conversation(c.Conversation.ID))
		d.must(err)
		if len(log) != len(c.Events) {
			t.Errorf("%d events of %d", len(c.Events), len(log))
			continue
		}
		for i, e := range c.Events {
			if e.Pos != log[i].Pos || e.Kind != log[i].Kind || e.From != log[i].From || mustText(e.Contents) != mustText(log[i].Contents) {
				t.Errorf("event %d is exported as %+v", i+1, e)
			}
		}
	}
	rows, err := d.store.Acts(d.ctx, 0, 100)
	d.must(err)
	if n := count(rows, "look", visitor); n != 1 {
		t.Errorf("the audit has %d exports", n)
	}
	var b bytes.Buffer
	if err := d.Export(d.ctx, uuid.NewString(), store.Act{At: d.clock.Now()}, &b); chat.KindOf(err) != chat.NotFound || b.Len() > 0 {
		t.Errorf("the export of nobody: %q, %v", b.String(), err)
	}
}
