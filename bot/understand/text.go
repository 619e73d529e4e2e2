package understand

import (
	"unicode"
	"unicode/utf8"
)

// MaxText is how many bytes of a message are looked at; what is beyond has no influence.
const MaxText = 16 << 10

type tokenKind uint8

const (
	word  tokenKind = iota // letters and digits
	mark                   // one punctuation sign
	emoji                  // one picture or emoticon
)

// token is a piece of a message: where it stands in the message and in the folded text.
type token struct {
	lo, hi int // bytes of the message
	a, b   int // bytes of the folded text
	kind   tokenKind
	upper  bool // at least two letters, all of them capital
	letter bool // holds a letter
}

// analysis is a message cut into tokens, each folded: lower case, without dots and accents, so that "Näin", "nain"
// and "NÄIN" are one; runs of three or more of a letter become one.
type analysis struct {
	raw    string
	folded []byte
	toks   []token
}

func (a *analysis) fold(i int) []byte    { return a.folded[a.toks[i].a:a.toks[i].b] }
func (a *analysis) text(i, j int) string { return a.raw[a.toks[i].lo:a.toks[j-1].hi] }

// isMark tells whether token i is the punctuation sign c.
func (a *analysis) isMark(i int, c byte) bool {
	return a.toks[i].kind == mark && a.folded[a.toks[i].a] == c
}

// What a message wants, and in which language, is read from so many tokens of its beginning and of its end; a longer
// one is a story, whose middle costs time and tells no more.
const (
	gistHead = 200
	gistTail = 100
)

// after returns the token that follows i where the gist is read.
func (a *analysis) after(i int) int {
	if i == gistHead-1 && len(a.toks) > gistHead+gistTail {
		return len(a.toks) - gistTail
	}
	return i + 1
}

// read cuts text into a, reusing a's memory. Invalid UTF-8 is skipped.
func (a *analysis) read(text string) {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	a.raw, a.folded, a.toks = text, a.folded[:0], a.toks[:0]
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case isWordRune(r):
			i = a.readWord(i)
		case emoticonAt(text[i:]) > 0:
			n = emoticonAt(text[i:])
			a.add(emoji, i, i+n, ":"+text[i+n-1:i+n])
			i += n
		case isPicture(r):
			a.add(emoji, i, i+n, text[i:i+n])
			i += n
		case unicode.IsPunct(r) && r < 128:
			a.add(mark, i, i+n, text[i:i+n])
			i += n
		case r == '…' || r == '–' || r == '—':
			a.add(mark, i, i+n, ".")
			i += n
		case r == '\n':
			a.add(mark, i, i+n, "\n")
			i += n
		default:
			i += n
		}
	}
}

func (a *analysis) add(kind tokenKind, lo, hi int, folded string) {
	from := len(a.folded)
	a.folded = append(a.folded, folded...)
	a.toks = append(a.toks, token{lo: lo, hi: hi, a: from, b: len(a.folded), kind: kind})
}

func (a *analysis) readWord(lo int) int {
	t := token{lo: lo, a: len(a.folded), kind: word}
	letters, capitals, i := 0, 0, lo
	for i < len(a.raw) {
		r, n := utf8.DecodeRuneInString(a.raw[i:])
		if !isWordRune(r) {
			if isApostrophe(r) && i+n < len(a.raw) {
				next, _ := utf8.DecodeRuneInString(a.raw[i+n:])
				if unicode.IsLetter(next) {
					i += n
					continue
				}
			}
			break
		}
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				capitals++
			}
		}
		a.folded = appendFolded(a.folded, r)
		i += n
	}
	t.hi = i
	a.folded = squeeze(a.folded, t.a)
	t.b = len(a.folded)
	t.upper, t.letter = letters >= 2 && capitals == letters, letters > 0
	if t.b > t.a {
		a.toks = append(a.toks, t)
	}
	return i
}

// squeeze makes each run of three or more equal letters in b[from:] one letter; digits stay.
func squeeze(b []byte, from int) []byte {
	out := from
	for i := from; i < len(b); {
		j := i + 1
		for j < len(b) && b[j] == b[i] {
			j++
		}
		keep := j - i
		if keep > 2 && b[i] >= 'a' && b[i] <= 'z' {
			keep = 1
		}
		for range keep {
			b[out] = b[i]
			out++
		}
		i = j
	}
	return b[:out]
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '´' || r == '`' }

func isWordRune(r rune) bool {
	if r < 128 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// appendFolded appends r in lower case without its marks.
func appendFolded(b []byte, r rune) []byte {
	if r < 128 {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if unicode.Is(unicode.Mn, r) {
		return b // a combining accent, or a variation selector
	}
	switch r = unicode.ToLower(r); r {
	case 'ä', 'å', 'á', 'à', 'â', 'ã', 'ā':
		return append(b, 'a')
	case 'ö', 'ø', 'ó', 'ò', 'ô', 'õ', 'ő':
		return append(b, 'o')
	case 'é', 'è', 'ê', 'ë', 'ē':
		return append(b, 'e')
	case 'ü', 'ú', 'ù', 'û':
		return append(b, 'u')
	case 'í', 'ì', 'î', 'ï':
		return append(b, 'i')
	case 'š':
		return append(b, 's')
	case 'ž':
		return append(b, 'z')
	case 'æ':
		return append(b, "ae"...)
	case 'ß':
		return append(b, "ss"...)
	}
	return utf8.AppendRune(b, r)
}

// isPicture tells whether r is an emoji. Skin tones and joiners are none of their own.
func isPicture(r rune) bool {
	switch {
	case r >= 0x1F3FB && r <= 0x1F3FF:
		return false
	case r >= 0x1F190 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r == 0x2B50, r == 0x2757, r == 0x2764:
		return true
	}
	return false
}

// emoticonAt returns the length of the emoticon that s begins with, 0 if none. Its last byte tells its mood.
func emoticonAt(s string) int {
	if len(s) < 2 || s[0] != ':' && s[0] != ';' && s[0] != '=' {
		return 0
	}
	n := 1
	if s[1] == '-' || s[1] == '\'' {
		n = 2
	}
	if len(s) > n && (s[n] == '(' || s[n] == ')' || s[n] == '/' && !(len(s) > n+1 && s[n+1] == '/') || s[n] == 'D' && !(len(s) > n+1 && isWordRune(rune(s[n+1])))) {
		return n + 1
	}
	return 0
}
