package sqlstore

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// object writes a JSON object, field by field, and leaves out what is empty, as encoding/json reads it. Every message
// writes a few of them, and reflection takes longer over their many empty fields than SQLite over storing them. The
// conformance suite fills every field there is, so one that is forgotten here does not come back from the store.
type object struct {
	b     []byte
	begin int   // where in b it begins
	err   error // the first
}

func (o *object) name(name string) {
	if len(o.b) == o.begin {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), name...), '"', ':')
}

// text writes a string that is not empty.
func (o *object) text(name, s string) {
	if s == "" {
		return
	}
	o.name(name)
	o.quote(s)
}

func (o *object) quote(s string) {
	if plain(s) {
		o.b = append(append(append(o.b, '"'), s...), '"')
		return
	}
	if !utf8.ValidString(s) {
		o.value(s)
		return
	}
	o.b = append(o.b, '"')
	from := 0
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			o.b = append(append(o.b, s[from:i]...), '\\')
			switch c {
			case '\n':
				o.b = append(o.b, 'n')
			case '"', '\\':
				o.b = append(o.b, c)
			default:
				o.b = append(o.b, 'u', '0', '0', '0'+c>>4, "0123456789abcdef"[c&15])
			}
			from = i + 1
		}
	}
	o.b = append(append(o.b, s[from:]...), '"')
}

// texts writes a list that is not empty.
func (o *object) texts(name string, list []string) {
	if len(list) == 0 {
		return
	}
	o.name(name)
	for i, s := range list {
		o.b = append(o.b, "[,"[min(i, 1)])
		o.quote(s)
	}
	o.b = append(o.b, ']')
}

// objects writes a list of n objects, if there are any, each by write.
func (o *object) objects(name string, n int, write func(i int, inner *object)) {
	if n == 0 {
		return
	}
	o.name(name)
	for i := range n {
		o.b = append(o.b, "[,"[min(i, 1)])
		inner := object{b: o.b, begin: len(o.b)}
		write(i, &inner)
		if len(inner.b) == inner.begin {
			inner.b = append(inner.b, '{')
		}
		o.b = append(inner.b, '}')
	}
	o.b = append(o.b, ']')
}

// part writes an object that write fills, if it is there.
func (o *object) part(name string, there bool, write func(inner *object)) {
	if !there {
		return
	}
	o.name(name)
	inner := object{b: o.b, begin: len(o.b)}
	write(&inner)
	if len(inner.b) == inner.begin {
		inner.b = append(inner.b, '{')
	}
	o.b = append(inner.b, '}')
}

// raw writes what is JSON already.
func (o *object) raw(name string, text json.RawMessage) {
	switch {
	case len(text) == 0:
	case json.Valid(text):
		o.name(name)
		o.b = append(o.b, text...)
	default:
		o.rare(name, true, text) // which says what is wrong
	}
}

// plain tells whether a string stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// number writes a number that is not 0.
func (o *object) number(name string, n int64) {
	if n != 0 {
		o.name(name)
		o.b = strconv.AppendInt(o.b, n, 10)
	}
}

func (o *object) truth(name string, is bool) {
	if is {
		o.name(name)
		o.b = append(o.b, "true"...)
	}
}

// time writes a time that is not zero.
func (o *object) time(name string, t time.Time) {
	if !t.IsZero() {
		o.name(name)
		o.b = append(t.AppendFormat(append(o.b, '"'), time.RFC3339Nano), '"')
	}
}

// pairs writes texts by their names, which come in order, if there are any.
func (o *object) pairs(name string, texts map[string]string) {
	if len(texts) == 0 {
		return
	}
	o.name(name)
	for i, key := range slices.Sorted(maps.Keys(texts)) {
		o.b = append(o.b, "{,"[min(i, 1)])
		o.quote(key)
		o.b = append(o.b, ':')
		o.quote(texts[key])
	}
	o.b = append(o.b, '}')
}

// rare writes what has a structure of its own, if it is there.
func (o *object) rare(name string, there bool, v any) {
	if there {
		o.name(name)
		o.value(v)
	}
}

func (o *object) value(v any) {
	text, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.b = append(o.b, text...)
}

// String is the object; one that is empty is the empty text.
func (o *object) String() string {
	if len(o.b) == 0 {
		return ""
	}
	return string(append(o.b, '}'))
}
