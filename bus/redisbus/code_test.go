package redisbus

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
)

// fill sets every field of a value, so that one which is forgotten on the wire is seen.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(1e12 + r.Int64N(1e12)).UTC()))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(fmt.Sprintf(`{"n":%d}`, r.IntN(1000)))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("sana %d ä\u2028\"", r.IntN(1000)))
	case reflect.Int, reflect.Int64:
		v.SetInt(1 + r.Int64N(1000))
	case reflect.Float64:
		v.SetFloat(float64(1+r.IntN(9)) / 10)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(r, key)
		fill(r, value)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	default:
		panic("no such field was foreseen: " + v.Type().String())
	}
}

func filled[T any](r *rand.Rand) (v T) {
	fill(r, reflect.ValueOf(&v).Elem())
	return v
}

// roundTrip is a frame as another node reads it.
func roundTrip(t *testing.T, frame []byte, err error) (kind byte, body string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	kind, from, body, err := split(string(frame))
	if err != nil {
		t.Fatal(err)
	}
	if from != (node{1}) {
		t.Errorf("it is from %x", from)
	}
	return kind, body
}

func TestEveryFieldArrives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []chat.Kind{chat.KindMessage, chat.KindOffered, chat.KindInvited} {
		m := filled[bus.Message](r)
		m.Next.ID = m.Conversation
		m.Events[0].Kind = kind
		frame, err := encodeMessage(node{1}, &m)
		what, body := roundTrip(t, frame, err)
		g, rest, err := decodeGlance(body)
		if err == nil {
			err = decodeMessage(&g, rest)
		}
		got := *g.message
		if err != nil || what != aMessage || g.attention == (kind == chat.KindMessage) {
			t.Fatal(what, g.attention, err)
		}
		want := m
		if kind == chat.KindMessage { // then what a node needs who shows nothing of the fold
			n := m.Next
			want.Next = chat.Conversation{ID: n.ID, Site: n.Site, Visitor: n.Visitor, Language: n.Language, State: n.State, Pos: n.Pos, AgentSeq: n.AgentSeq,
				VisitorSeq: n.VisitorSeq, Team: n.Team, Agent: n.Agent, Fence: n.Fence, Invited: n.Invited, Raised: n.Raised, CustomerLast: n.CustomerLast}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-sent +received):\n%s", kind, diff)
		}
	}
	s := filled[bus.Signal](r)
	frame, err := encodeSignal(node{1}, &s)
	what, body := roundTrip(t, frame, err)
	got, err := decodeSignal(body)
	if err != nil || what != aSignal {
		t.Fatal(what, err)
	}
	if diff := cmp.Diff(s, got); diff != "" {
		t.Errorf("signal (-sent +received):\n%s", diff)
	}
}

// What is written is JSON, for nodes that read it in another way, and what was cut off is not read; what was changed is read
// somehow, or not.
func TestWrittenAsJSON(t *testing.T) {
	m := filled[bus.Message](rand.New(rand.NewPCG(3, 4)))
	m.Events[0].Kind, m.Events = chat.KindMessage, m.Events[:1]
	m.Events[0].Contents.Text = "\x00 \"\\ \n \u2028 \xff"
	frame, err := encodeMessage(node{1}, &m)
	_, body := roundTrip(t, frame, err)
	g, rest, err := decodeGlance(body)
	if err != nil {
		t.Fatal(err)
	}
	first := body[2 : len(body)-len(rest)]
	if !json.Valid([]byte(first)) || !json.Valid([]byte(rest)) {
		t.Fatalf("no JSON: %s %s", first, rest)
	}
	if err := decodeMessage(&g, rest); err != nil || g.message.Events[0].Contents.Text != "\x00 \"\\ \n \u2028 \ufffd" {
		t.Errorf("it reads %q, %v", g.message.Events[0].Contents.Text, err)
	}
	for i := 0; i < len(rest); i += 13 { // more would take long, and 13 meets every kind of place
		if decodeMessage(&glance{message: &bus.Message{}}, rest[:i]) == nil {
			t.Errorf("%q was read, which is cut off", rest[:i])
		}
		for _, c := range []string{`"`, "}", ",", "x"} {
			decodeMessage(&glance{message: &bus.Message{}}, rest[:i]+c+rest[i+1:]) // ends
		}
	}
}

// A node reads what a later one adds, drops what it cannot read, and counts it.
func TestOldAndNewNodes(t *testing.T) {
	b := open(t, shared)
	hear := hears(b)
	run(t, b)
	other := node{1}
	b.read(t.Context(), frameOf(other, `{"c":"c","n":{"p":3,"s":"waiting","later":{"x":[1]}},"later":"x"}`,
		`{"e":[{"p":3,"k":"message","t":1,"later":true,"c":{"text":"Moi","later":1}}],"later":"x"}`))
	if m := next1(t, hear); m.Next.Pos != 3 || m.Events[0].Contents.Text != "Moi" || m.Next.State != chat.Waiting {
		t.Errorf("it reads %+v", m)
	}
	for _, frame := range []string{
		"", "short", strings.Repeat("x", headSize-1),
		string(append([]byte{version + 1, aMessage}, make([]byte, 20)...)),
		string(append([]byte{0, aMessage}, make([]byte, 20)...)),
		string(append(head(nil, aMessage, other), "no JSON"...)),
		frameOf(other, `{"c":7}`, `{}`), frameOf(other, `{}`, `{}`), frameOf(other, `{"c":"c"}`, `[]`), frameOf(other, `{"c":"c"}`, ``),
		string(append(head(nil, aSignal, other), `[]`...)),
	} {
		before := b.Stats().Unreadable
		b.read(t.Context(), frame)
		if n := b.Stats().Unreadable - before; n != 1 {
			t.Errorf("%q is counted %d times as not readable", frame, n)
		}
	}
	b.read(t.Context(), string(append(head(nil, 'z', other), "a kind of a later day"...)))
	if len(hear) > 0 {
		t.Errorf("%d came of what cannot be read", len(hear))
	}
}

// frameOf is a message of two parts.
func frameOf(from node, first, second string) string {
	return string(append(binary.BigEndian.AppendUint16(head(nil, aMessage, from), uint16(len(first))), first+second...))
}

// What nobody wants is not read, though all are shown whose it is; what one wants all are told.
func TestOnlyWhatIsWantedIsRead(t *testing.T) {
	one, two := open(t, shared), open(t, shared)
	glanced, passed := make(chan string, 100), make(chan string, 100)
	wants := func(conversation string) bus.Handler {
		return bus.Handler{
			Glance: func(c *chat.Conversation, _ bool) bool { glanced <- c.ID; return c.ID == conversation },
			Passed: func(c *chat.Conversation) { passed <- c.ID }, Message: func(bus.Message) {},
		}
	}
	two.Subscribe(wants("first"))
	cancel := two.Subscribe(wants("second"))
	heard := make(chan bus.Message, 100)
	two.Subscribe(bus.Handler{Glance: func(*chat.Conversation, bool) bool { return false }, Message: func(m bus.Message) { heard <- m }})
	run(t, one, two)
	for _, c := range []string{"nobody's", "first", "second"} {
		one.Publish(t.Context(), said(c, 1))
	}
	for _, want := range []string{"first", "second"} {
		if m := next1(t, heard); m.Conversation != want || len(m.Events) != 1 {
			t.Errorf("%s was heard, with %d events, not %s", m.Conversation, len(m.Events), want)
		}
	}
	cancel()
	one.Publish(t.Context(), said("second", 2))
	one.Publish(t.Context(), said("first", 2))
	if m := next1(t, heard); m.Conversation != "first" {
		t.Errorf("%s was heard, which nobody wants any more", m.Conversation)
	}
	if n := len(glanced); n != 3*2+2 {
		t.Errorf("%d were shown", n)
	}
	if n := len(passed); n != 2+1 {
		t.Errorf("%d were told that nobody wanted it", n)
	}
	if s := two.Stats(); s.Passed != 2 || s.Received != 3 {
		t.Errorf("%+v", s)
	}
}

// FuzzRead holds any frame of anybody to ending in a message, a signal or nothing.
func FuzzRead(f *testing.F) {
	m := said("c", 1)
	frame, err := encodeMessage(node{1}, &m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(frame))
	f.Add("")
	f.Add(string(head(nil, aSignal, node{})))
	f.Fuzz(func(t *testing.T, frame string) {
		kind, _, body, err := split(frame)
		if err != nil {
			return
		}
		switch kind {
		case aMessage:
			g, rest, err := decodeGlance(body)
			if err == nil && g.message.Conversation == "" {
				t.Error("a message about nothing was read")
			}
			if err == nil {
				decodeMessage(&g, rest)
			}
		case aSignal:
			decodeSignal(body)
		}
	})
}
