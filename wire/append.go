package wire

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// The functions of this file append pieces of JSON. encoding/json would cost three times as much for an event, and
// every event is encoded for both audiences.

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. What is not UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	if plain(s) {
		return append(append(b, s...), '"')
	}
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

// plain tells whether s stands in JSON as it is, as nearly all of it does.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// appendName begins a member: `,"name":`. Names are constants of this package and need no escaping.
func appendName(b []byte, name string) []byte {
	if last := b[len(b)-1]; last != '{' && last != '[' {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), name...), '"', ':')
}

func appendText(b []byte, name, s string) []byte { return appendString(appendName(b, name), s) }

// appendSome appends a member unless it is empty.
func appendSome(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendText(b, name, s)
}

// appendOrNull appends a member that is null when empty.
func appendOrNull(b []byte, name, s string) []byte {
	if s == "" {
		return append(appendName(b, name), "null"...)
	}
	return appendText(b, name, s)
}

func appendInt(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(appendName(b, name), n, 10)
}

func appendBool(b []byte, name string, v bool) []byte {
	return strconv.AppendBool(appendName(b, name), v)
}

func appendFloat(b []byte, name string, f float64) []byte {
	return strconv.AppendFloat(appendName(b, name), f, 'f', -1, 64)
}

// TimeFormat is RFC 3339 in UTC with milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

func appendTime(b []byte, name string, t time.Time) []byte {
	t = t.UTC()
	b = t.AppendFormat(append(appendName(b, name), '"'), time.RFC3339) // which package time is quick at, as at no other format
	ms := t.Nanosecond() / int(time.Millisecond)
	b = append(b[:len(b)-len("Z")], '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10))
	return append(b, 'Z', '"')
}

// appendTimeOrNull appends a time that is null when it is zero.
func appendTimeOrNull(b []byte, name string, t time.Time) []byte {
	if t.IsZero() {
		return append(appendName(b, name), "null"...)
	}
	return appendTime(b, name, t)
}

func appendStrings(b []byte, name string, list []string) []byte {
	b = append(appendName(b, name), '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

// appendEach appends an array, each member by fn.
func appendEach[T any](b []byte, name string, list []T, fn func([]byte, *T) []byte) []byte {
	b = append(appendName(b, name), '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = fn(b, &list[i])
	}
	return append(b, ']')
}
