package redisbus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// coder writes or reads the fields of a JSON object, so that each is named once for both. Reflection takes twice as long over
// the many fields of an event that are empty, and every node pays for each message. What is empty is left out; names that
// nobody knows are passed over.
type coder interface {
	text(name string, s *string)
	texts(name string, list *[]string)
	whole(name string, n *int64)
	count(name string, n *int)
	truth(name string, is *bool)
	moment(name string, t *time.Time)    // in whole milliseconds, whatever it is
	rare(name string, there bool, v any) // what v points to, by encoding/json; there is of no interest when it is read
}

// object codes an object within the object; there is of no interest when it is read.
func object[T any](c coder, name string, there bool, v *T, fields func(coder, *T)) {
	switch c := c.(type) {
	case *writer:
		if there {
			c.name(name)
			writeFields(c, v, fields)
		}
	case *reader:
		if c.is(name) {
			readFields(c, v, fields)
			c.done = true
		}
	}
}

// list codes a list of objects.
func list[T any](c coder, name string, all *[]T, fields func(coder, *T)) {
	switch c := c.(type) {
	case *writer:
		if len(*all) == 0 {
			return
		}
		c.name(name)
		for i := range *all {
			c.b = append(c.b, "[,"[min(i, 1)])
			writeFields(c, &(*all)[i], fields)
		}
		c.b = append(c.b, ']')
	case *reader:
		if c.is(name) {
			*all = make([]T, 0, 2) // most have no more
			c.elements(func() {
				*all = append(*all, *new(T))
				readFields(c, &(*all)[len(*all)-1], fields)
			})
			c.done = true
		}
	}
}

// writer appends.
type writer struct {
	b   []byte
	err error // the first
}

func (w *writer) name(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
}

func (w *writer) text(name string, s *string) {
	if *s != "" {
		w.name(name)
		w.quote(*s)
	}
}

func (w *writer) quote(s string) {
	if plain(s) && utf8.ValidString(s) {
		w.b = append(append(append(w.b, '"'), s...), '"')
	} else {
		w.value(s)
	}
}

// plain tells whether a string of UTF-8 stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (w *writer) texts(name string, list *[]string) {
	if len(*list) == 0 {
		return
	}
	w.name(name)
	for i, s := range *list {
		w.b = append(w.b, "[,"[min(i, 1)])
		w.quote(s)
	}
	w.b = append(w.b, ']')
}

func (w *writer) whole(name string, n *int64) {
	if *n != 0 {
		w.name(name)
		w.b = strconv.AppendInt(w.b, *n, 10)
	}
}

func (w *writer) count(name string, n *int) {
	whole := int64(*n)
	w.whole(name, &whole)
}

func (w *writer) truth(name string, is *bool) {
	if *is {
		w.name(name)
		w.b = append(w.b, "true"...)
	}
}

func (w *writer) moment(name string, t *time.Time) {
	w.name(name)
	w.b = strconv.AppendInt(w.b, t.UnixMilli(), 10)
}

func writeFields[T any](w *writer, v *T, fields func(coder, *T)) {
	w.b = append(w.b, '{')
	fields(w, v)
	w.b = append(w.b, '}')
}

func (w *writer) rare(name string, there bool, v any) {
	if there {
		w.name(name)
		w.value(v)
	}
}

func (w *writer) value(v any) {
	text, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.b = append(w.b, text...)
}

// reader reads what a writer or encoding/json has written: no space stands between its parts. Strings are copied, so that
// what is kept of a frame does not keep all of it. After an error it reads nothing more.
type reader struct {
	rest string
	at   string // the name of the field whose value comes next
	done bool   // it was read
	err  error
}

func (r *reader) fail(wanted string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is wanted %d bytes before the end", wanted, len(r.rest))
	}
	r.rest = ""
}

// skip passes over a byte, if it is the next one.
func (r *reader) skip(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// readFields reads an object: it calls fields with each name that it meets.
func readFields[T any](r *reader, v *T, fields func(coder, *T)) {
	if !r.skip('{') {
		r.fail("an object")
	}
	for r.err == nil && !r.skip('}') {
		name := r.literal()
		if !r.skip(':') {
			r.fail("a value")
			return
		}
		r.at, r.done = strings.Trim(name, `"`), false
		if fields(r, v); !r.done {
			r.passOver()
		}
		r.separate('}')
	}
}

// separate passes over the comma before another element; else the end has to come.
func (r *reader) separate(end byte) {
	more := r.skip(',')
	if more == (r.next() == end) {
		r.fail("another element, or the end,")
	}
}

// is tells whether the next value is a field's.
func (r *reader) is(name string) bool {
	if r.done || r.at != name {
		return false
	}
	r.done = true
	return true
}

// end is where the string ends that comes next, 0 where none does.
func (r *reader) end() (end int, escaped bool) {
	if r.rest == "" || r.rest[0] != '"' {
		return 0, false
	}
	for i := 1; i < len(r.rest); i++ {
		switch r.rest[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			i++
		}
	}
	return 0, false
}

// literal takes a string as it stands, with its quotes.
func (r *reader) literal() string {
	end, _ := r.end()
	if end == 0 {
		r.fail("a string")
		return ""
	}
	s := r.rest[:end]
	r.rest = r.rest[end:]
	return s
}

func (r *reader) string() (s string) {
	_, escaped := r.end()
	literal := r.literal()
	switch {
	case r.err != nil:
	case !escaped && utf8.ValidString(literal):
		s = strings.Clone(literal[1 : len(literal)-1])
	case json.Unmarshal([]byte(literal), &s) != nil:
		r.fail("a string in UTF-8")
	}
	return s
}

func (r *reader) text(name string, s *string) {
	if r.is(name) {
		*s = r.string()
	}
}

// elements reads a list: it calls one for each element.
func (r *reader) elements(one func()) {
	if !r.skip('[') {
		r.fail("a list")
	}
	for r.err == nil && !r.skip(']') {
		one()
		r.separate(']')
	}
}

func (r *reader) texts(name string, list *[]string) {
	if r.is(name) {
		r.elements(func() { *list = append(*list, r.string()) })
	}
}

func (r *reader) whole(name string, n *int64) {
	if !r.is(name) {
		return
	}
	end := strings.IndexAny(r.rest, ",}]")
	v, err := strconv.ParseInt(r.rest[:max(end, 0)], 10, 64)
	if err != nil {
		r.fail("a whole number")
		return
	}
	*n, r.rest = v, r.rest[end:]
}

func (r *reader) count(name string, n *int) {
	whole := int64(*n)
	r.whole(name, &whole)
	*n = int(whole)
}

func (r *reader) truth(name string, is *bool) {
	if !r.is(name) {
		return
	}
	switch {
	case strings.HasPrefix(r.rest, "true"):
		*is, r.rest = true, r.rest[len("true"):]
	case strings.HasPrefix(r.rest, "false"):
		*is, r.rest = false, r.rest[len("false"):]
	default:
		r.fail("true or false")
	}
}

func (r *reader) moment(name string, t *time.Time) {
	if r.at == name && !r.done {
		var ms int64
		r.whole(name, &ms)
		*t = time.UnixMilli(ms).UTC()
	}
}

func (r *reader) rare(name string, _ bool, v any) {
	if r.is(name) {
		if err := json.Unmarshal([]byte(r.passOver()), v); err != nil {
			r.fail(err.Error())
		}
	}
}

// passOver takes a value as it stands, whatever it is.
func (r *reader) passOver() string {
	all, depth := r.rest, 0
	for r.err == nil {
		c := r.next()
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if c == '"' {
			r.literal()
		} else {
			r.skip(c)
		}
		if next := r.next(); depth == 0 && (next == ',' || next == '}' || next == ']') {
			return all[:len(all)-len(r.rest)]
		}
	}
	return ""
}

// next is the next byte.
func (r *reader) next() byte {
	if r.rest == "" {
		r.fail("a value")
		return 0
	}
	return r.rest[0]
}
