package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How far is looked, in bytes: before a colon for its word, and after a quote for the one that closes it.
const (
	maxLabel  = 64
	maxQuoted = 256
)

// password looks for what follows the colon or equals sign at i, if the word before it means password.
func password(s string, i int) span {
	if !namesPassword(s[max(0, i-maxLabel):i]) {
		return span{}
	}
	start := i + 1
	for start < len(s) && isSpace(s[start]) {
		start++
	}
	if start == len(s) {
		return span{}
	}
	start, end := secret(s, start)
	if s[start:end] == hidden {
		return span{}
	}
	return span{start, end, hidden}
}

// secret returns what is to be hidden of the value at i: what stands in quotes, a whole number of several groups, or
// else everything up to the next space.
func secret(s string, i int) (start, end int) {
	if quote, size := utf8.DecodeRuneInString(s[i:]); quote == '"' || quote == '\'' || quote == '”' {
		line, _, _ := strings.Cut(s[i+size:min(len(s), i+maxQuoted)], "\n")
		if length := strings.IndexRune(line, quote); length > 0 {
			return i + size, i + size + length
		}
	}
	end = wordEnd(s, i)
	if isDigit(s[i]) {
		end = max(end, number(s, i).end)
	} else if i+2 < len(s) && isDigit(s[i+2]) {
		end = max(end, number(s, i+2).end)
	}
	return i, wordEnd(s, end) // with what clings to the number: else the mask and that would be taken for another value
}

// wordEnd is where the next space stands, or the end.
func wordEnd(s string, i int) int {
	for i < len(s) && !isSpace(s[i]) {
		i++
	}
	return i
}

// namesPassword tells whether label ends in a word for password, in any of its forms and compounds ("salasanani",
// "verkkopankin salasana on", "lösenordet").
func namesPassword(label string) bool {
	word, before := lastWord(label)
	if isCopula(word) {
		word, _ = lastWord(before)
	}
	word = strings.ToLower(word)
	for _, w := range []string{"password", "passwd", "pwd", "salasan", "lösenord", "lo\u0308senord", "losenord"} {
		if strings.Contains(word, w) {
			return true
		}
	}
	return false
}

func isCopula(word string) bool {
	switch strings.ToLower(word) {
	case "is", "on", "är":
		return true
	}
	return false
}

// lastWord cuts the last word off s, spaces and quotes after it left out.
func lastWord(s string) (word, before string) {
	s = strings.TrimRight(s, " \t\"'”")
	before = strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) })
	return s[len(before):], before
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }
