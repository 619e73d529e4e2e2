package bot

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/kohta/kohta/bot/understand"
)

// recallPlain reads a memory as keep writes it while no form is open, many times quicker than encoding/json. ok is
// false for all else, which encoding/json then has to read: a form, an escape in a text, another shape. Where it is
// true, both read the same.
func recallPlain(raw []byte) (m memory, ok bool) {
	r := plainReader{rest: raw}
	ok = r.object(func(key string) bool {
		switch key {
		case "v":
			return r.text(&m.Version)
		case "slots":
			return r.texts(&m.Slots)
		case "misses":
			return r.whole(&m.Misses)
		case "refused":
			return r.truth(&m.Refused)
		case "said":
			return r.list(&m.Said)
		case "choices":
			return r.texts(&m.Choices)
		case "action":
			return r.text(&m.Action)
		case "intent":
			return r.text(&m.Intent)
		case "hello":
			return r.truth(&m.Hello)
		case "course":
			return r.course(&m.Course)
		}
		return false
	})
	return m, ok && len(r.rest) == 0
}

// plainReader reads JSON without spaces and escapes. Each method takes what it reads off the rest.
type plainReader struct{ rest []byte }

func (r *plainReader) course(c *understand.Course) bool {
	return r.object(func(key string) bool {
		switch key {
		case "t":
			return r.whole(&c.Turns)
		case "r":
			return r.whole(&c.Replies)
		case "m":
			return r.whole(&c.Misses)
		case "q":
			return r.truth(&c.Asked)
		case "a":
			return r.truth(&c.Answered)
		case "e":
			return r.truth(&c.Repeated)
		case "u":
			return r.whole(&c.Unmet)
		case "n":
			return r.truth(&c.Refused)
		case "o":
			return r.truth(&c.Aside)
		case "f":
			return r.figure(&c.Upset)
		case "l":
			return r.text(&c.Last)
		case "w":
			return r.text(&c.Near)
		}
		return false
	})
}

func (r *plainReader) take(c byte) bool {
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// object calls value for each key, which has to read what stands there.
func (r *plainReader) object(value func(key string) bool) bool {
	if !r.take('{') {
		return false
	}
	for first := true; !r.take('}'); first = false {
		if !first && !r.take(',') {
			return false
		}
		key, ok := r.bytes()
		if !ok || !r.take(':') || !value(string(key)) {
			return false
		}
	}
	return true
}

func (r *plainReader) bytes() ([]byte, bool) {
	if !r.take('"') {
		return nil, false
	}
	n := bytes.IndexByte(r.rest, '"')
	if n < 0 {
		return nil, false
	}
	s := r.rest[:n]
	for _, c := range s {
		if c < ' ' || c == '\\' {
			return nil, false
		}
	}
	r.rest = r.rest[n+1:]
	return s, utf8.Valid(s)
}

func (r *plainReader) text(to *string) bool {
	s, ok := r.bytes()
	*to = string(s)
	return ok
}

func (r *plainReader) texts(to *map[string]string) bool {
	if *to == nil {
		*to = map[string]string{}
	}
	return r.object(func(key string) bool {
		var s string
		ok := r.text(&s)
		(*to)[key] = s
		return ok
	})
}

func (r *plainReader) list(to *[]string) bool {
	if !r.take('[') {
		return false
	}
	*to = []string{}
	for !r.take(']') {
		if len(*to) > 0 && !r.take(',') {
			return false
		}
		var s string
		if !r.text(&s) {
			return false
		}
		*to = append(*to, s)
	}
	return true
}

func (r *plainReader) truth(to *bool) bool {
	for _, v := range [...]struct {
		word string
		is   bool
	}{{"true", true}, {"false", false}} {
		if bytes.HasPrefix(r.rest, []byte(v.word)) {
			r.rest, *to = r.rest[len(v.word):], v.is
			return true
		}
	}
	return false
}

// number is the digits that stand next: what JSON allows without an exponent.
func (r *plainReader) number() string {
	n := 0
	for n < len(r.rest) && (r.rest[n] >= '0' && r.rest[n] <= '9' || r.rest[n] == '.') {
		n++
	}
	s := r.rest[:n]
	if n == 0 || s[0] == '.' || s[n-1] == '.' || n > 1 && s[0] == '0' && s[1] != '.' {
		return ""
	}
	r.rest = r.rest[n:]
	return string(s)
}

func (r *plainReader) whole(to *int) bool {
	v, err := strconv.Atoi(r.number())
	*to = v
	return err == nil
}

func (r *plainReader) figure(to *float64) bool {
	v, err := strconv.ParseFloat(r.number(), 64)
	*to = v
	return err == nil
}
