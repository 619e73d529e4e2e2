package mask

import (
	"strings"
	"time"
	"unicode/utf8"
)

// checks are the check characters of an identity code, by remainder.
const checks = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// identity looks for a Finnish personal identity code whose first digit is at i: day, month and year of birth, a sign
// for the century, three digits, and a check character that is the nine digits as a number modulo 31.
func identity(s string, i int) span {
	if digitsEnd(s, i, 7) != i+6 {
		return span{}
	}
	century, size := century(s[i+6:])
	serial := i + 6 + size
	if century == 0 || digitsEnd(s, serial, 3) != serial+3 || serial+3 >= len(s) {
		return span{}
	}
	end := serial + 4
	if !isDate(century+two(s[i+4:]), two(s[i+2:]), two(s[i:])) || !endsWord(s, end) {
		return span{}
	}
	number := 0
	for _, d := range s[i:i+6] + s[serial:serial+3] {
		number = number*10 + int(d-'0')
	}
	if upper(s[serial+3]) != checks[number%31] {
		return span{}
	}
	return span{i, end, hidden}
}

// century reads the sign at the beginning of s: the year it counts from, and its length; 0 if it is none.
func century(s string) (year, size int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case size == 0 || r == utf8.RuneError:
		return 0, size
	case r == '+':
		return 1800, size
	case strings.ContainsRune(dashes+"UVWXYuvwxy", r):
		return 1900, size
	case strings.ContainsRune("ABCDEFabcdef", r):
		return 2000, size
	}
	return 0, size
}

func isDate(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t.Month() == time.Month(month) && t.Day() == day
}

// two reads the two digits at the beginning of s.
func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - 'a' + 'A'
	}
	return b
}
