package bench

import "strconv"

// glimpse is what the checks need of a frame of the desk's. Its slices point into the frame.
type glimpse struct {
	typ, kind, key, conversation, role, code []byte
	seq, head                                int64
}

// read takes a frame apart in one pass, in whatever order its members stand, and without a look into what it passes
// over: it trusts the desk to write JSON, as a decoder of everything would cost more than the desk's own work on the
// frame. It returns false where it finds that this is none.
func (g *glimpse) read(frame []byte) bool {
	*g = glimpse{}
	return members(frame, func(name, value []byte) {
		switch string(name) {
		case "type":
			g.typ = inside(value)
		case "kind":
			g.kind = inside(value)
		case "key":
			g.key = inside(value)
		case "conversation":
			g.conversation = inside(value)
		case "code":
			g.code = inside(value)
		case "seq":
			g.seq = number(value)
		case "head":
			g.head = number(value)
		case "from":
			members(value, func(name, value []byte) {
				if string(name) == "role" {
					g.role = inside(value)
				}
			})
		}
	}) && g.typ != nil
}

// members calls see with the members of an object.
func members(b []byte, see func(name, value []byte)) bool {
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return false
	}
	for i = space(b, i+1); i < len(b) && b[i] != '}'; i = space(b, i) {
		if b[i] == ',' {
			i = space(b, i+1)
		}
		end := value(b, i)
		if end <= i+1 || b[i] != '"' {
			return false
		}
		colon := space(b, end)
		if colon >= len(b) || b[colon] != ':' {
			return false
		}
		from := space(b, colon+1)
		to := value(b, from)
		if to <= from {
			return false
		}
		see(b[i+1:end-1], b[from:to])
		i = to
	}
	return i < len(b)
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// value returns the end of the value that begins at i; i or less where it has no end.
func value(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return text(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				if i = text(b, i); i < 0 {
					return -1
				}
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return -1
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	return i
}

// text returns the end of the string that begins at i, -1 if it has none.
func text(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// inside is a string without its quotes, nil for anything else. Ids, keys and words of the protocol have no escapes.
func inside(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' {
		return nil
	}
	return value[1 : len(value)-1]
}

func number(value []byte) int64 {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
