package knowledge

import (
	"strings"
	"unicode"
)

// fold writes a word in small letters without dots and accents, so that "säilytys", "sailytys" and "SÄILYTYS" are one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); r {
		case 'ä', 'å', 'á', 'à', 'â', 'ã':
			return 'a'
		case 'ö', 'ø', 'ó', 'ò', 'ô', 'õ':
			return 'o'
		case 'é', 'è', 'ê', 'ë':
			return 'e'
		case 'ü', 'ú', 'ù', 'û':
			return 'u'
		case 'í', 'ì', 'î', 'ï':
			return 'i'
		}
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
}

// words calls f with each word of text, folded, and with where it stands.
func words(text string, f func(folded string, from, to int)) {
	from := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		if in && from < 0 {
			from = i
		}
		if !in && from >= 0 {
			f(fold(text[from:i]), from, i)
			from = -1
		}
	}
	if from >= 0 {
		f(fold(text[from:]), from, len(text))
	}
}
