package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kohta/kohta/chat"
)

// reader reads fields of a frame and remembers the first that is wrong.
type reader struct {
	object object
	from   chat.Role
	wrong  *Error
}

func (r *reader) fail(code Code, name string) {
	if r.wrong == nil {
		r.wrong = &Error{Code: code, Words: "field " + name}
	}
}

func (r *reader) bad(name string) { r.fail(BadFrame, name) }

func (r *reader) value(name string) []byte {
	v, err := r.object.get(name)
	if err != nil {
		r.bad(name)
	}
	return v
}

// text reads a required string of so many bytes.
func (r *reader) text(name string, least, most int) string {
	s, err := text(r.value(name))
	if err != nil || len(s) < least || len(s) > most {
		r.bad(name)
		return ""
	}
	return s
}

// optionalText reads a string that may be missing or null.
func (r *reader) optionalText(name string, most int) string {
	if isNull(r.value(name)) {
		return ""
	}
	return r.text(name, 0, most)
}

// words reads what somebody says: something must be said.
func (r *reader) words(name string) string {
	s := r.text(name, 1, MaxAgentFrame)
	if strings.IndexFunc(s, func(c rune) bool { return !unicode.IsSpace(c) }) < 0 {
		r.bad(name)
	}
	return s
}

func (r *reader) whole(name string) int64 {
	n, err := whole(r.value(name))
	if err != nil {
		r.bad(name)
	}
	return n
}

func (r *reader) optionalWhole(name string) int64 {
	if isNull(r.value(name)) {
		return 0
	}
	return r.whole(name)
}

// position reads the number of an event: from 1 on.
func (r *reader) position(name string) int64 {
	n := r.whole(name)
	if n == 0 {
		r.bad(name)
	}
	return n
}

func (r *reader) id(name string) string {
	s := r.text(name, 36, 36)
	if !IsID(s) {
		r.bad(name)
	}
	return s
}

// idOrNull reads an id that may be null, but must be there.
func (r *reader) idOrNull(name string) string {
	if v := r.value(name); v != nil && isNull(v) {
		return ""
	}
	return r.id(name)
}

func (r *reader) optionalID(name string) string {
	if isNull(r.value(name)) {
		return ""
	}
	return r.id(name)
}

func (r *reader) slug(name string) string {
	s := r.text(name, 1, 64)
	if !IsSlug(s) {
		r.bad(name)
	}
	return s
}

func (r *reader) oneOf(name string, choices ...string) string {
	s := r.text(name, 1, 64)
	for _, c := range choices {
		if s == c {
			return s
		}
	}
	r.bad(name)
	return s
}

// objectOrNull reads an object that may be missing or null: nil then.
func (r *reader) objectOrNull(name string) *object {
	v := r.value(name)
	if isNull(v) {
		return nil
	}
	if v[0] != '{' {
		r.bad(name)
		return nil
	}
	inner := &object{}
	inner.split(v)
	return inner
}

// echo returns a field that an error may repeat, so that the sender knows what it was about.
func (r *reader) echo(name string) string {
	v, err := r.object.get(name)
	if err != nil || len(v) > maxEcho {
		return ""
	}
	s, err := text(v)
	if err != nil {
		return ""
	}
	return s
}

// IsID tells whether s is a UUID in lower case.
func IsID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// IsSlug tells whether s is a slug: [a-z0-9_.-]{1,64}.
func IsSlug(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// cut shortens s to at most so many bytes, between characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
