// Package mask takes out of a text what must not be stored: payment card numbers, Finnish personal identity codes,
// IBAN account numbers, and what follows "password:". It works on the words before they are kept, logged, searched or
// sent on.
package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands where a secret stood. A digit after it is not looked at again, so masking twice changes nothing more.
const hidden = "****"

// span is a secret in a text, and what is to stand in its place.
type span struct {
	start, end int // bytes
	instead    string
}

// Text returns s with its secrets masked, and how many there were. It is pure, takes time linear in len(s), allocates
// nothing when there is no secret, keeps valid UTF-8 valid, and finds nothing new in its own result.
//
// A card number is 13–19 digits with a correct Luhn digit, in one piece or in the groups that cards are written in, and
// keeps its last four: ****1234. An IBAN keeps country and last four: FI****0785. An identity code and a password leave
// only ****.
func Text(s string) (masked string, n int) {
	var out strings.Builder
	kept := 0 // s[:kept] is written
	for i := 0; i < len(s); {
		if !mayMark(s[i]) {
			i++
			continue
		}
		found, next := at(s, i)
		if found.end == 0 || found.start < kept {
			i = next
			continue
		}
		out.WriteString(s[kept:found.start])
		out.WriteString(found.instead)
		kept, i = found.end, found.end
		n++
	}
	if n == 0 {
		return s, 0
	}
	out.WriteString(s[kept:])
	return out.String(), n
}

// mayMark tells whether a secret can be recognised at this byte; most of an ordinary message is passed by it alone.
func mayMark(b byte) bool { return isDigit(b) || b == ':' || b == '=' }

// at looks for a secret at i, where a digit, a colon or an equals sign stands. Without one it says where to go on.
func at(s string, i int) (found span, next int) {
	if !isDigit(s[i]) {
		return password(s, i), i + 1
	}
	return number(s, i), digitsEnd(s, i, len(s))
}

// number looks for a secret whose first digit is at i.
func number(s string, i int) span {
	if found := iban(s, i); found.end != 0 {
		return found
	}
	if !startsWord(s, i) {
		return span{}
	}
	if found := identity(s, i); found.end != 0 {
		return found
	}
	return card(s, i)
}

// startsWord tells whether what stands before i does not belong to the same word: no letter, no digit, no mask.
func startsWord(s string, i int) bool {
	r, size := utf8.DecodeLastRuneInString(s[:i])
	return size == 0 || !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '*')
}

// endsWord tells whether what stands at i does not belong to the word before it.
func endsWord(s string, i int) bool {
	r, size := utf8.DecodeRuneInString(s[i:])
	return size == 0 || !(unicode.IsLetter(r) || unicode.IsDigit(r))
}

// digitsEnd returns the end of the run of digits that begins at i, looking at no more than limit bytes.
func digitsEnd(s string, i, limit int) int {
	end := i
	for end < len(s) && end-i < limit && isDigit(s[end]) {
		end++
	}
	return end
}

// dashes are the characters that people, keyboards and word processors write as a dash.
const dashes = "-\u2010\u2011\u2012\u2013\u2212"

// gap returns where the next group of a number can begin when the last ended at i: after at most three spaces, dots and
// dashes. It is i when there is none.
func gap(s string, i int) int {
	end := i
	for range 3 {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !strings.ContainsRune(dashes+" .\t\u00a0\u2007\u2009\u202f", r) || r == utf8.RuneError {
			break
		}
		end += size
	}
	return end
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
