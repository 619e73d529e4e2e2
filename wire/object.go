package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// field is one member of a JSON object: its name and its value as it stands in the frame.
type field struct {
	name  []byte
	value []byte
}

// object is a JSON object taken apart one level deep. The values point into the frame. encoding/json alone would not
// do: it finds "TYPE" for "type", takes the last of two fields of one name, and turns a lone surrogate into U+FFFD
// without a word.
type object struct {
	fields []field
	first  [12]field // room for most frames
}

var (
	errNotObject = errors.New("not a JSON object")
	errString    = errors.New("not a string that can be stored")
	errNumber    = errors.New("not a whole number")
	errTwice     = errors.New("a field stands twice")
)

// parse takes apart a frame. Its error means that the frame is not a JSON object in UTF-8.
func (o *object) parse(frame []byte) error {
	frame = bytes.Trim(frame, " \t\r\n")
	if len(frame) == 0 || frame[0] != '{' || !utf8.Valid(frame) || !json.Valid(frame) {
		return errNotObject
	}
	o.split(frame)
	return nil
}

// split takes apart an object that is known to be valid JSON.
func (o *object) split(b []byte) {
	o.fields = o.first[:0]
	for i := skipSpace(b, 1); b[i] != '}'; {
		end := skipValue(b, i)
		name, ok := inside(b[i:end])
		i = skipSpace(b, skipSpace(b, end)+1) // over the colon
		end = skipValue(b, i)
		if ok { // a name that is no text cannot be one that we know
			o.fields = append(o.fields, field{name, b[i:end]})
		}
		if i = skipSpace(b, end); b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
}

// get returns the value of a field, nil if it is not there.
func (o *object) get(name string) (value []byte, err error) {
	for _, f := range o.fields {
		if string(f.name) != name {
			continue
		}
		if value != nil {
			return nil, errTwice
		}
		value = f.value
	}
	return value, nil
}

func skipSpace(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n' {
		i++
	}
	return i
}

// skipValue returns the end of the value that begins at i, in valid JSON.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		for depth := 0; ; i++ {
			switch b[i] {
			case '"':
				i = skipString(b, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for i < len(b) && strings.IndexByte(",]} \t\r\n", b[i]) < 0 {
		i++
	}
	return i
}

func skipString(b []byte, i int) int {
	for i++; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// text reads a JSON string that can be stored: without NUL, and without a lone surrogate, which has no place in UTF-8.
func text(value []byte) (string, error) {
	b, ok := inside(value)
	if !ok {
		return "", errString
	}
	return string(b), nil
}

// inside returns what a JSON string stands for; it points into value where it can.
func inside(value []byte) (b []byte, ok bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	b = value[1 : len(value)-1]
	if bytes.IndexByte(b, '\\') < 0 {
		return b, true
	}
	if !wholeEscapes(b) {
		return nil, false
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return nil, false
	}
	return []byte(s), true
}

// wholeEscapes tells whether no \u escape of a valid string's inside is NUL or half of a pair.
func wholeEscapes(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		if i++; b[i] != 'u' {
			continue
		}
		r := hex4(b[i+1:])
		i += 4
		switch {
		case r == 0:
			return false
		case utf16.IsSurrogate(r):
			if len(b)-i <= 6 || b[i+1] != '\\' || b[i+2] != 'u' || utf16.DecodeRune(r, hex4(b[i+3:])) == utf8.RuneError {
				return false
			}
			i += 6
		}
	}
	return true
}

func hex4(b []byte) rune {
	r, err := strconv.ParseUint(string(b[:4]), 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(r)
}

// whole reads a JSON number that is a whole one, from 0 on.
func whole(value []byte) (int64, error) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || n < 0 || value[0] == '-' {
		return 0, errNumber
	}
	return n, nil
}

func isNull(value []byte) bool { return value == nil || string(value) == "null" }

// Object takes apart a JSON object for those who are as strict as a socket: it must be UTF-8, no name may stand twice,
// and no string in it, however deep, may hold NUL or a lone surrogate.
func Object(body []byte) (map[string][]byte, error) {
	var o object
	if err := o.parse(body); err != nil {
		return nil, err
	}
	for i := 0; i < len(body); i++ {
		if body[i] != '"' {
			continue
		}
		end := skipString(body, i)
		if _, ok := inside(body[i:end]); !ok {
			return nil, errString
		}
		i = end - 1
	}
	members := make(map[string][]byte, len(o.fields))
	for _, f := range o.fields {
		if _, twice := members[string(f.name)]; twice {
			return nil, errTwice
		}
		members[string(f.name)] = f.value
	}
	return members, nil
}
