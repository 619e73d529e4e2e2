package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
)

// inFolder lists the files below a folder in which a word stands.
func inFolder(t *testing.T, dir, word string) (where []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(word)) {
			where = append(where, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return where
}

// TestErasureFromTheShellAndOverREST erases two of three customers of a desk that runs, and reads the files.
func TestErasureFromTheShellAndOverREST(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	aino, sari := p.colleague(t, "aino@demo.example"), signIn(t, p.base, "sari@demo.example")
	words := []string{"Salamanteri", "Kameleontti", "Sisilisko"}
	var guests []*guest
	var ids []string
	for _, word := range words {
		g := p.guest(wire.Greeting{Language: "fi", Page: &chat.Page{URL: "https://shop.example/" + word, Title: word}})
		id := g.do(wire.Post, "", chat.Post{Text: "Minun nimeni on " + word + " ja tilaukseni 10234 on myöhässä"}).Conversation
		g.do(wire.AskHuman, id, chat.AskHuman{})
		aino.do(wire.Take, id, chat.Take{})
		aino.do(wire.Note, id, chat.Note{Text: word + " on vakioasiakas"})
		aino.do(wire.Post, id, chat.Post{Text: "Hei " + word})
		guests, ids = append(guests, g), append(ids, id)
	}
	visitor := func(i int) string { return guests[i].welcome().Visitor }

	out, errs, status := runKohta(t, "", "visitor", "export", visitor(0), "--data", dir)
	if status != 0 || strings.Count(out, words[0]) < 4 || strings.Contains(out, words[1]) {
		t.Errorf("export: status %d\n%s%s", status, out, errs)
	}
	if out, errs, status = runKohta(t, "", "visitor", "erase", visitor(0), "--data", dir); status != 0 {
		t.Errorf("erase: status %d\n%s%s", status, out, errs)
	}
	if status, _ := p.call("DELETE", "/api/v1/visitors/"+visitor(1), "", func(r *http.Request) { r.AddCookie(sari) }); status != http.StatusNoContent {
		t.Errorf("erase over REST: status %d", status)
	}
	for i, word := range words {
		if where := inFolder(t, dir, word); (len(where) > 0) != (i == 2) {
			t.Errorf("while the desk runs, %s is in %v", word, where)
		}
	}
	for _, g := range guests[:2] {
		<-g.Ended()
		if g.CloseCode() != wire.CloseUnauthorized {
			t.Errorf("an erased visitor's socket ended with %d", g.CloseCode())
		}
	}
	if a := aino.try(wire.Post, ids[0], chat.Post{Text: "Oletko vielä siellä?"}); a.Err == nil || a.Err.Code != wire.IsClosed {
		t.Errorf("a post to an erased conversation: %+v", a)
	}
	aino.do(wire.Post, ids[2], chat.Post{Text: "Hei taas"})
	for _, id := range []string{"01930000-0000-7000-8000-ffffffffffff", "x"} {
		if _, errs, status := runKohta(t, "", "visitor", "erase", id, "--data", dir); status != 1 || !strings.Contains(errs, "no visitor") {
			t.Errorf("the erasure of nobody: status %d, %s", status, errs)
		}
		if _, errs, status := runKohta(t, "", "visitor", "export", id, "--data", dir); status != 1 || !strings.Contains(errs, "no visitor") {
			t.Errorf("the export of nobody: status %d, %s", status, errs)
		}
	}
	if out, _, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
	if status := p.stop(); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}
	if out, errs, status = runKohta(t, "", "visitor", "erase", visitor(2), "--data", dir); status != 0 {
		t.Errorf("erase without a desk: status %d\n%s%s", status, out, errs)
	}
	for _, word := range words {
		if where := inFolder(t, dir, word); len(where) > 0 {
			t.Errorf("%s is in %v", word, where)
		}
	}
	if out, _, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
}

// TestErasureAfterARestore puts back a copy of the database from before an erasure.
func TestErasureAfterARestore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startDesk(t, dir, "127.0.0.1:0", "--demo")
	g := p.guest(wire.Greeting{Language: "fi"})
	g.do(wire.Post, "", chat.Post{Text: "Minä olen Salamanteri"})
	token := g.welcome().Token
	if status := p.stop(); status != 0 {
		t.Fatalf("status %d", status)
	}
	path := filepath.Join(dir, "kohta.db")
	before, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(before, []byte("Salamanteri")) {
		t.Fatalf("the copy is of no use: %v", err)
	}
	if out, errs, status := runKohta(t, "", "visitor", "erase", g.welcome().Visitor, "--data", dir); status != 0 {
		t.Fatalf("erase: status %d\n%s%s", status, out, errs)
	}
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	p = startDesk(t, dir, "127.0.0.1:0", "--demo")
	if where := inFolder(t, dir, "Salamanteri"); len(where) > 0 {
		t.Errorf("after the restore it is in %v", where)
	}
	again := p.guest(wire.Greeting{Token: token})
	<-again.Ended()
	if again.CloseCode() != wire.CloseUnauthorized {
		t.Errorf("the old token: closed with %d", again.CloseCode())
	}
	if out, _, status := runKohta(t, "", "doctor", "--data", dir); status != 0 {
		t.Errorf("the doctor finds:\n%s", out)
	}
}
