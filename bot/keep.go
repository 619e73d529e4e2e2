package bot

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/kohta/kohta/bot/understand"
	"github.com/kohta/kohta/chat"
)

// keepPlain writes a memory as encoding/json does, byte for byte, many times quicker. ok is false for what recallPlain
// does not read, which encoding/json then has to write: a form, or a text that needs an escape.
func keepPlain(m *memory) (_ chat.Memory, ok bool) {
	if m.Form != nil || m.Last != nil {
		return nil, false
	}
	w := plainWriter{b: append(make([]byte, 0, 256), '{'), ok: true}
	w.text("v", m.Version)
	w.texts("slots", m.Slots)
	w.whole("misses", m.Misses)
	w.truth("refused", m.Refused)
	w.list("said", m.Said)
	w.texts("choices", m.Choices)
	w.text("action", m.Action)
	w.text("intent", m.Intent)
	w.truth("hello", m.Hello)
	if m.Course != (understand.Course{}) {
		w.name("course")
		w.b = append(w.b, '{')
		w.course(&m.Course)
		w.b = append(w.b, '}')
	}
	return append(w.b, '}'), w.ok
}

// plainWriter writes JSON without spaces and escapes, and leaves out what is empty.
type plainWriter struct {
	b  []byte
	ok bool
}

func (w *plainWriter) course(c *understand.Course) {
	w.whole("t", c.Turns)
	w.whole("r", c.Replies)
	w.whole("m", c.Misses)
	w.truth("q", c.Asked)
	w.truth("a", c.Answered)
	w.truth("e", c.Repeated)
	w.whole("u", c.Unmet)
	w.truth("n", c.Refused)
	w.truth("o", c.Aside)
	w.figure("f", c.Upset)
	w.text("l", c.Last)
	w.text("w", c.Near)
}

func (w *plainWriter) name(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.quote(name)
	w.b = append(w.b, ':')
}

func (w *plainWriter) quote(s string) {
	w.ok = w.ok && isPlain(s)
	w.b = append(append(append(w.b, '"'), s...), '"')
}

// isPlain tells whether encoding/json writes a text as it is, in all likelihood: it says no to a few that it does.
func isPlain(s string) bool {
	for _, r := range s {
		switch r {
		case '"', '\\', '<', '>', '&', '\u2028', '\u2029', utf8.RuneError:
			return false
		}
		if r < ' ' {
			return false
		}
	}
	return true
}

func (w *plainWriter) text(name, s string) {
	if s != "" {
		w.name(name)
		w.quote(s)
	}
}

func (w *plainWriter) texts(name string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	w.name(name)
	w.b = append(w.b, '{')
	var room [8]string
	keys := room[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for i, k := range keys {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.quote(k)
		w.b = append(w.b, ':')
		w.quote(m[k])
	}
	w.b = append(w.b, '}')
}

func (w *plainWriter) list(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.name(name)
	for i, s := range list {
		w.b = append(w.b, "[,"[min(i, 1)])
		w.quote(s)
	}
	w.b = append(w.b, ']')
}

func (w *plainWriter) whole(name string, n int) {
	if n != 0 {
		w.name(name)
		w.b = strconv.AppendInt(w.b, int64(n), 10)
	}
}

func (w *plainWriter) truth(name string, is bool) {
	if is {
		w.name(name)
		w.b = append(w.b, "true"...)
	}
}

func (w *plainWriter) figure(name string, x float64) {
	if x == 0 {
		return
	}
	w.ok = w.ok && x >= 1e-6 && x < 1e21
	w.name(name)
	w.b = strconv.AppendFloat(w.b, x, 'f', -1, 64)
}
