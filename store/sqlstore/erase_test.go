package sqlstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/store/sqlstore"
)

// files reads all that lies beside a database, by name.
func files(t *testing.T, path string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		if all[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func contains(all map[string][]byte, word string) (where []string) {
	for name, text := range all {
		if bytes.Contains(text, []byte(word)) {
			where = append(where, name)
		}
	}
	return where
}

// TestErasedIsNowhereInTheFiles reads the files themselves. What an erased visitor said was written between others',
// grew, shrank and moved from page to page, and was in the log; what the others said stays.
func TestErasedIsNowhereInTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	s := open(t, path)
	defer s.Close()
	ctx := t.Context()
	folds := map[int]chat.Conversation{}
	say := func(v int, words string) {
		c := folds[v]
		if c.ID == "" {
			c = chat.Conversation{ID: id("c", v), Site: "shop", Visitor: id("v", v), State: chat.WithBot, OpenedAt: start}
			must(t, s.PutVisitor(ctx, store.Visitor{ID: c.Visitor, Site: "shop", TokenHash: secret(v) + "-token", Name: secret(v) + "-name", CreatedAt: start, SeenAt: start}))
		}
		before := c.Pos
		c.Pos, c.AgentSeq, c.VisitorSeq = c.Pos+1, c.AgentSeq+1, c.VisitorSeq+1
		c.About = words[:min(80, len(words))]
		c.Lines = append(c.Lines[max(0, len(c.Lines)-19):len(c.Lines):len(c.Lines)], chat.Line{Seq: c.Pos, At: start, Role: chat.RoleVisitor, Text: words[:min(200, len(words))]})
		e := chat.Event{Pos: c.Pos, AgentSeq: c.AgentSeq, VisitorSeq: c.VisitorSeq, At: start, Kind: chat.KindMessage,
			From: chat.From{Role: chat.RoleVisitor, ID: c.Visitor}, Contents: chat.Contents{Text: words}}
		must(t, s.Append(ctx, store.Append{Pos: before, Next: c, Events: []chat.Event{e}, At: start}))
		folds[v] = c
	}
	const visitors = 12
	for round := range 40 {
		for v := range visitors {
			say(v, strings.Repeat(secret(v)+" ", 1+(round*7+v*13)%300)) // from one line to more than a page holds
		}
	}
	if where := contains(files(t, path), secret(3)); len(where) == 0 {
		t.Fatal("the words of a conversation are not in the files at all, so this test would prove nothing")
	}
	for v := range visitors {
		if v%3 != 0 {
			continue
		}
		must(t, s.EraseVisitor(ctx, id("v", v), start))
		c := chat.Conversation{ID: id("c", v), Site: "shop", Visitor: id("v", v), State: chat.Closed, OpenedAt: start, ClosedAt: start,
			Pos: folds[v].Pos + 1, AgentSeq: folds[v].AgentSeq, VisitorSeq: folds[v].VisitorSeq, Erased: folds[v].Pos + 1}
		erased := chat.Event{Pos: c.Pos, At: start, Kind: chat.KindErased, From: chat.From{Role: chat.RoleSystem}}
		must(t, s.Append(ctx, store.Append{Pos: folds[v].Pos, Next: c, Events: []chat.Event{erased}, At: start}))
	}
	must(t, s.Scrub(ctx))
	all := files(t, path)
	for v := range visitors {
		where := contains(all, secret(v))
		if erased := v%3 == 0; erased && len(where) > 0 {
			t.Errorf("visitor %d was erased, and is still in %v", v, where)
		} else if !erased && len(where) == 0 {
			t.Errorf("visitor %d was not erased, and is gone", v)
		}
	}
}

func id(kind string, n int) string { return fmt.Sprintf("0195e3a0-%s000-7000-8000-%012d", kind, n) }

// secret is a word that stands nowhere else.
func secret(v int) string { return fmt.Sprintf("salaisuus%02d", v) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestScrubWaitsForWhoReads is refused while somebody reads, when the caller's time is over.
func TestScrubWaitsForWhoReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kohta.db")
	s := open(t, path)
	defer s.Close()
	reading, err := sqlstore.Open(t.Context(), sqlstore.Options{Path: path, ReadOnly: true})
	must(t, err)
	defer reading.Close()
	k := talk{}
	must(t, s.Append(t.Context(), k.step()))
	must(t, s.Scrub(t.Context()))
	if log := files(t, path)["kohta.db-wal"]; len(log) != 0 {
		t.Errorf("the log still has %d bytes", len(log))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Scrub(ctx); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("nobody waits: %v", err)
	}
	if err := reading.Scrub(t.Context()); chat.KindOf(err) != chat.Unavailable {
		t.Errorf("a store that only reads: %v", err)
	}
}

// TestOnlyNamesStayAfterAnErasure fills every field there is with a text of its own, and looks at what an erasure
// leaves.
func TestOnlyNamesStayAfterAnErasure(t *testing.T) {
	// The places that may hold text and stay: ids, names that the desk gives to things, and what was decided. A field
	// that is added to package chat is either a content, or comes here after a thought.
	staying := map[string]bool{}
	for place := range strings.FieldsSeq(`
		.id .site .visitor .language .team .skills .agent .known .avoid .reason .feeling.feeling .feelings.feeling.feeling .given.by .rating.survey
		.key .kind .from.id .from.role
		.detail.site .detail.visitor .detail.language .detail.state .detail.team .detail.agent .detail.by .detail.skills .detail.reason
		.detail.survey .detail.intent .detail.option .detail.action .detail.because.rule .detail.due.what .detail.feeling.feeling
		.detail.promise.channel .detail.sender .detail.priority .priority .detail.asks.form .detail.asks.fields.name .detail.asks.fields.type .detail.asks.options.id`) {
		staying[place] = true
	}
	path := filepath.Join(t.TempDir(), "kohta.db")
	s := open(t, path)
	defer s.Close()
	var c chat.Conversation
	var e chat.Event
	n := 0
	texts := map[string]string{}
	fill(reflect.ValueOf(&c).Elem(), "", &n, texts)
	fill(reflect.ValueOf(&e).Elem(), "", &n, texts)
	c.Pos, e.Pos, e.AgentSeq, e.VisitorSeq = 1, 1, 1, 1
	must(t, s.Append(t.Context(), store.Append{Next: c, Events: []chat.Event{e}, At: start}))
	next, erased, err := chat.Decide(c, chat.Envelope{At: start, By: chat.From{Role: chat.RoleSystem}}, chat.Erase{})
	must(t, err)
	must(t, s.Append(t.Context(), store.Append{Pos: 1, Next: next, Events: erased, At: start}))
	must(t, s.Scrub(t.Context()))
	all := files(t, path)
	if len(texts) < 60 {
		t.Errorf("only %d fields were filled", len(texts))
	}
	for text, place := range texts {
		if where := contains(all, text); len(where) > 0 && !staying[place] {
			t.Errorf("%s stays after an erasure, in %v", place, where)
		}
	}
}

// fill gives every text below v a value of its own, and notes where it stands.
func fill(v reflect.Value, place string, n *int, texts map[string]string) {
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = start
		return
	case *json.RawMessage:
		*at = json.RawMessage(`"` + word(n, place, texts) + `"`)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(word(n, place, texts))
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), place, n, texts)
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag != "" {
				name = tag
			}
			fill(v.Field(i), place+"."+strings.ToLower(name), n, texts)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), place, n, texts)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, place, n, texts)
		fill(value, place, n, texts)
		v.SetMapIndex(key, value)
	}
}

func word(n *int, place string, texts map[string]string) string {
	*n++
	text := fmt.Sprintf("sana-%04d-x", *n)
	texts[text] = place
	return text
}
