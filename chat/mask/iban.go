package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// iban looks for an account number (ISO 13616) whose check digits begin at i, right after the two letters of its
// country.
func iban(s string, i int) span {
	start := i - 2
	if start >= 1 && s[i-1] == ' ' {
		start-- // FI 21 1234 …
	}
	if start < 0 || !isLetter(s[start]) || !isLetter(s[start+1]) || !startsWord(s, start) {
		return span{}
	}
	country := string([]byte{upper(s[start]), upper(s[start+1])})
	length, lettersToo := account(country)
	if length == 0 {
		return span{}
	}
	var digits [maxIBAN]byte
	n, end := copy(digits[:], country), i
	for n < length {
		if end == len(s) || !isDigit(s[end]) && !(lettersToo && n >= 4 && isLetter(s[end])) {
			return span{}
		}
		digits[n] = upper(s[end])
		n++
		end++
		if n < length {
			end = gap(s, end)
		}
	}
	if !endsWord(s, end) || !checked(digits[:n]) {
		return span{}
	}
	return span{start, end, country + hidden + string(digits[n-4:n])}
}

// checked computes the check of ISO 7064 mod 97-10: the first four characters moved to the end, letters as 10 to 35,
// leaves 1.
func checked(account []byte) bool {
	rest := 0
	for i := range account {
		c := account[(i+4)%len(account)]
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}

// maxIBAN is the length that the standard allows.
const maxIBAN = 34

// Countries by the length of their account numbers, from the registry of ISO 13616. Those in mixed have letters in
// them beside the country's.
const (
	byLength = "15 NO,16 BE,18 DK FI FO GL NL SD FK,19 MK SI,20 AT BA EE KZ LT LU XK MN," +
		"21 CH HR LI LV,22 BG BH CR DE GB GE IE ME RS VA,23 AE GI IL IQ OM TL SO," +
		"24 AD CZ ES MD PK RO SA SE SK TN VG,25 LY PT ST,26 IS TR,27 BI DJ FR GR IT MC MR SM," +
		"28 AL AZ BY CY DO GT HN HU LB NI PL SV,29 BR EG PS QA UA,30 JO KW MU YE,31 MT SC,32 LC,33 RU"
	mixed = "AD AE AL AZ BG BH BR BY CH CY DO FK FR GB GE GI GR GT HN IE IQ IT JO KW KZ LB LC LI LU LV MC MD MK MT MU NI NL OM PK PS QA RO RU SA SC SM SV TR UA VG YE"
)

// account returns how many characters an account number of the country has, 0 if it has none, and whether its own part
// may have letters.
func account(country string) (length int, lettersToo bool) {
	at := strings.Index(byLength, " "+country)
	if at < 0 {
		return 0, false
	}
	head := strings.LastIndexByte(byLength[:at], ',') + 1
	return two(byLength[head:]), strings.Contains(mixed, country)
}

func isLetter(b byte) bool { return b < utf8.RuneSelf && unicode.IsLetter(rune(b)) }
