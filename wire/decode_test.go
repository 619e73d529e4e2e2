package wire

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/chat"
)

// badFrame is one entry of testdata/bad.json: a frame, and the error that it gets.
type badFrame struct {
	Why   string    `json:"why"`
	From  chat.Role `json:"from"`
	Frame string    `json:"frame"`
	Code  Code      `json:"code"`
	Close int       `json:"close"` // 0: the socket stays open
}

func badFrames(t testing.TB) []badFrame {
	t.Helper()
	b, err := os.ReadFile("testdata/bad.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []badFrame
	if err := json.Unmarshal(b, &list); err != nil || len(list) == 0 {
		t.Fatalf("bad.json: %v", err)
	}
	return list
}

func TestBadFrames(t *testing.T) {
	for _, bad := range badFrames(t) {
		t.Run(bad.Why, func(t *testing.T) {
			f, err := Decode([]byte(bad.Frame), bad.From)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%s: got %+v, error %v", bad.Frame, f, err)
			}
			if e.Code != bad.Code || e.Close != bad.Close {
				t.Errorf("%s: got %s and close %d, want %s and close %d", bad.Frame, e.Code, e.Close, bad.Code, bad.Close)
			}
		})
	}
}

// wrongValues are values that no field of a frame takes but one of their own type.
var wrongValues = map[string]string{
	"object": `{"a":1}`, "array": `["a"]`, "number": `-1.5`, "true": `true`, "empty": `""`,
	"NUL": `"a\u0000b"`, "lone surrogate": `"\ud83d"`, "reversed pair": `"\ude00\ud83d"`, "long": `"` + strings.Repeat("x", MaxAgentFrame+1) + `"`,
}

// TestEveryFieldRefusesWhatItIsNot tries every known field of every frame with each wrong value.
func TestEveryFieldRefusesWhatItIsNot(t *testing.T) {
	mayBeEmpty := map[string]bool{"token": true, "language": true, "note": true, "reason": true, "comment": true, "url": true, "title": true, "referrer": true}
	mayBeLong := map[string]bool{"text": false}
	tried := 0
	for name, c := range clientFrames() {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(AppendFrame(nil, c.from, &c.frame), &fields); err != nil {
			t.Fatal(err)
		}
		for field, original := range fields {
			for what, value := range wrongValues {
				if what == "empty" && mayBeEmpty[field] || what == "long" && mayBeLong[field] || field == "fields" && what == "object" {
					continue
				}
				if what == "object" && field == "page" {
					continue // an object with unknown fields is a page
				}
				fields[field] = json.RawMessage(value)
				frame, err := json.Marshal(fields)
				if err != nil {
					t.Fatal(err)
				}
				tried++
				wantError(t, name+" "+field+" "+what, field, frame, c.from)
			}
			fields[field] = original
		}
	}
	if tried < 500 {
		t.Errorf("only %d tried", tried)
	}
}

func wantError(t *testing.T, what, field string, frame []byte, from chat.Role) {
	t.Helper()
	f, err := Decode(frame, from)
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%s: taken as %+v", what, f)
		return
	}
	if e.Code != BadFrame && !(field == "type" && e.Code == Unsupported) {
		t.Errorf("%s: %s", what, e.Code)
	}
}

func TestMissingFields(t *testing.T) {
	optional := map[string]bool{"token": true, "language": true, "page": true, "since": true, "comment": true, "note": true, "reason": true, "fence": true}
	for name, c := range clientFrames() {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(AppendFrame(nil, c.from, &c.frame), &fields); err != nil {
			t.Fatal(err)
		}
		for field, original := range fields {
			if name == "agent.transfer.to" && (field == "team" || field == "agent") || name == "agent.transfer" && field == "agent" || name == "visitor.hello.link" && field == "site" {
				continue // one of them is enough; a link says the site
			}
			delete(fields, field)
			frame, err := json.Marshal(fields)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Decode(frame, c.from)
			required := !optional[field] || field == "page" && c.frame.Type == Page
			if (err != nil) != required {
				t.Errorf("%s without %s: %v", name, field, err)
			}
			fields[field] = original
		}
	}
}

func TestDecodeIsBlindToWhatItDoesNotKnow(t *testing.T) {
	frame := `{"x":"\ud800","\ud800":1,"TYPE":"hello","type":"post","nested":{"type":[{"a":"}\"]"}]},"key":"` + key1 + `","conversation":null,"Text":"no","t\u0065xt":"yes"}`
	got, err := Decode([]byte(frame), chat.RoleVisitor)
	if err != nil {
		t.Fatal(err)
	}
	want := Frame{Type: Post, Key: key1, Command: chat.Post{Text: "yes"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsNameTheFrame(t *testing.T) {
	_, err := Decode([]byte(`{"type":"post","key":"`+key1+`","conversation":"`+conv1+`","text":7}`), chat.RoleAgent)
	var e *Error
	if !errors.As(err, &e) || e.Key != key1 || e.Conversation != conv1 {
		t.Errorf("got %#v", err)
	}
}

func TestHelloLanguage(t *testing.T) {
	for tag, want := range map[string]string{"fi": "fi", "fi-FI": "fi", "SV_se": "sv", "en-GB": "en", "de": "", "": "", "finglish": ""} {
		f, err := Decode([]byte(`{"type":"hello","site":"demo","language":"`+tag+`"}`), chat.RoleVisitor)
		if err != nil || f.Hello.Language != want {
			t.Errorf("%q: %v, error %v", tag, f.Hello, err)
		}
	}
}

func TestLongPageIsCutBetweenCharacters(t *testing.T) {
	f, err := Decode([]byte(`{"type":"hello","site":"demo","page":{"title":"`+"x"+strings.Repeat("\u00e4", 600)+`"}}`), chat.RoleVisitor)
	if err != nil {
		t.Fatal(err)
	}
	if want := "x" + strings.Repeat("\u00e4", 499); f.Hello.Page.Title != want {
		t.Errorf("got %d bytes", len(f.Hello.Page.Title))
	}
}

// FuzzDecode holds the reader of objects against encoding/json: what one takes as an object, so does the other, and a
// frame that was read is written and read again as the same frame.
func FuzzDecode(f *testing.F) {
	for _, c := range clientFrames() {
		f.Add(AppendFrame(nil, c.from, &c.frame))
	}
	for _, bad := range badFrames(f) {
		f.Add([]byte(bad.Frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		for _, from := range []chat.Role{chat.RoleVisitor, chat.RoleAgent} {
			fuzzOne(t, frame, from)
		}
	})
}

func fuzzOne(t *testing.T, frame []byte, from chat.Role) {
	var members map[string]json.RawMessage
	isObject := utf8.Valid(frame) && json.Unmarshal(frame, &members) == nil && members != nil
	got, err := Decode(frame, from)
	var e *Error
	if errors.As(err, &e) {
		if notObject := e.Words == errNotObject.Error(); notObject == isObject {
			t.Fatalf("%q: an object is %v, but the error is %v", frame, isObject, e)
		}
		if !json.Valid(AppendError(nil, e)) {
			t.Fatalf("%q: the error is not JSON", frame)
		}
		return
	}
	if err != nil || !isObject {
		t.Fatalf("%q was taken: %v", frame, err)
	}
	again, err := Decode(AppendFrame(nil, from, &got), from)
	if err != nil {
		t.Fatalf("%q, written again, is refused: %v", frame, err)
	}
	if got.Hello != nil && got.Hello.Since == nil {
		got.Hello.Since = map[string]int64{}
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Fatalf("%q changes when it is written again: %s", frame, diff)
	}
}

func BenchmarkDecodePost(b *testing.B) {
	c := clientFrames()["visitor.post"]
	frame := AppendFrame(nil, c.from, &c.frame)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(frame, c.from); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	e := events()["message"]
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendEvent(buf[:0], ToAgent, conv1, e, botName)
	}
}

// TestPagesAreWhatTheyLookLike: a title or an address that a website gives is shown to agents, so nothing in it may
// pretend to be something else.
func TestPagesAreWhatTheyLookLike(t *testing.T) {
	for given, want := range map[string]chat.Page{
		`{"title":"Lasku \u202egnp.exe","url":"https://shop.example/\u200bcart"}`:      {Title: "Lasku gnp.exe", URL: "https://shop.example/cart"},
		`{"title":"a\u2066b\u2069\ufeffc\td\u2028e","url":"HTTP://shop.example"}`:      {Title: "abcde", URL: "HTTP://shop.example"},
		`{"title":"<b>Kori</b> ä 🙂","url":"javascript:alert(1)//https://x"}`:           {Title: "<b>Kori</b> ä 🙂"},
		`{"url":"data:text/html,x","referrer":"java\u200bscript:alert(1)","title":""}`: {},
		`{"url":"//shop.example/x","referrer":"https://news.example/a?b#c"}`:           {Referrer: "https://news.example/a?b#c"},
	} {
		f, err := Decode([]byte(`{"type":"page","page":`+given+`}`), chat.RoleVisitor)
		if err != nil {
			t.Fatalf("%s: %v", given, err)
		}
		if *f.Page != want {
			t.Errorf("%s is read as %+v, want %+v", given, *f.Page, want)
		}
	}
}
