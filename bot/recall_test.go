package bot

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

func TestRecallPlain(t *testing.T) {
	whole := memory{Version: "0a1b", Slots: map[string]string{"order_number": "10234", "email": "ä@b.example"}, Misses: 1, Refused: true, Said: []string{"hours", "article:a#b"},
		Choices: map[string]string{"intent.pay": "pay"}, Action: "look_up", Intent: "pay", Hello: true,
		Course: understand.Course{Turns: 3, Replies: 2, Misses: 1, Asked: true, Answered: true, Repeated: true, Unmet: 1, Refused: true, Aside: true, Upset: 0.4512, Last: "Hei.", Near: "too calm"}}
	for _, m := range []memory{whole, {}, {Misses: 2}, {Slots: map[string]string{}}} {
		raw := m.keep()
		if got, ok := recallPlain(raw); !ok {
			t.Errorf("%s is not read", raw)
		} else if d := cmp.Diff(byJSON(t, raw), got); d != "" {
			t.Errorf("%s: %s", raw, d)
		}
	}
	for _, raw := range []string{"", "null", "[]", `{"slots":5}`, "{", `{"v":"a\"b"}`, `{"form":{"id":"a","fields":null,"done":{}}}`, `{"v":"a"} `, ` {"v":"a"}`, `{"misses":01}`, `{"misses":1.5}`, `{"misses":-1}`, `{"v":"a",}`, `{"said":["a",]}`,
		`{"new":1}`, "{\"v\":\"\xff\"}", `{"v":null}`, `{"course":{"f":1e3}}`, `{"V":"a"}`} {
		if m, ok := recallPlain([]byte(raw)); ok {
			t.Errorf("%q is read as %+v", raw, m)
		}
	}
}

// What is written quickly is what encoding/json writes, and what cannot be is left to it.
func TestKeepPlain(t *testing.T) {
	for _, c := range []struct {
		name  string
		m     memory
		plain bool
	}{
		{"empty", memory{}, true},
		{"all", memory{Version: "0a1b", Slots: map[string]string{"z": "1", "a": "ä", "m": ""}, Misses: 1, Refused: true, Said: []string{"hours", "a#b"}, Choices: map[string]string{"b": "c"}, Action: "x", Intent: "pay", Hello: true,
			Course: understand.Course{Turns: 3, Replies: 2, Misses: 1, Asked: true, Answered: true, Repeated: true, Unmet: 1, Refused: true, Aside: true, Upset: 0.1 + 0.2, Last: "hei.", Near: "calm"}}, true},
		{"course alone", memory{Course: understand.Course{Upset: 1e-6}}, true},
		{"emptied", memory{Slots: map[string]string{}, Said: []string{}}, true},
		{"tiny", memory{Course: understand.Course{Upset: 1e-7}}, false},
		{"quote", memory{Intent: `a"b`}, false},
		{"backslash", memory{Slots: map[string]string{`a\`: "b"}}, false},
		{"markup", memory{Said: []string{"a<b"}}, false},
		{"line break", memory{Said: []string{"a\nb"}}, false},
		{"line separator", memory{Said: []string{"a\u2028b"}}, false},
		{"no text", memory{Action: "\xff"}, false},
		{"form", memory{Form: &running{ID: "a"}}, false},
		{"last form", memory{Last: &running{ID: "a"}}, false},
	} {
		raw, ok := keepPlain(&c.m)
		want, err := json.Marshal(c.m)
		if err != nil {
			t.Fatal(err)
		}
		if ok != c.plain || ok && string(raw) != string(want) {
			t.Errorf("%s: %s (%v), want %s", c.name, raw, ok, want)
		}
	}
}

func byJSON(t testing.TB, raw []byte) memory {
	var m memory
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return m
}

// Whatever the quick reader takes, encoding/json reads the same.
func FuzzRecall(f *testing.F) {
	for _, s := range []string{"{}", `{"v":"a","slots":{"b":"c"},"said":["d"],"misses":1}`, `{"course":{"t":1,"f":0.5,"a":true}}`, `{"said":[]}`, `{"misses":1.0}`, `{"slots":{"a":"b","a":"c"}}`, `{"slots":{"a":"b"},"slots":{"c":"d"}}`, `{"said":["a"],"said":["b"]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := recallPlain(chat.Memory(s))
		if !ok {
			return
		}
		if d := cmp.Diff(byJSON(t, []byte(s)), got); d != "" {
			t.Errorf("%q: %s", s, d)
		}
	})
}
