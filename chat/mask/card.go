package mask

// The shortest and the longest card number, in digits (ISO/IEC 7812-1).
const (
	minCard = 13
	maxCard = 19
)

// card looks for a card number whose first digit is at i. What begins with 0 or stands after a plus is a telephone
// number: no card begins so.
func card(s string, i int) span {
	if s[i] == '0' || i > 0 && s[i-1] == '+' {
		return span{}
	}
	var digits [maxCard + 1]byte
	var groups, ends [5]int // length in digits and end in s of each group
	n, best := 0, span{}
	for g, from := 0, i; g < len(groups); g++ {
		end := digitsEnd(s, from, maxCard+1)
		groups[g], ends[g] = end-from, end
		if end == from || n+groups[g] > maxCard {
			break
		}
		n += copy(digits[n:], s[from:end])
		if n >= minCard && written(groups[:g+1]) && endsWord(s, end) && luhn(digits[:n]) {
			best = span{i, end, hidden + string(digits[n-4:n])}
		}
		if from = gap(s, end); from == end {
			break
		}
	}
	return best
}

// written tells whether card numbers are written in such groups: in one piece, in fours with a shorter last group, or
// as 4-6-5 and 4-6-4. Others (dates, lists of order numbers, telephone numbers) are no card.
func written(groups []int) bool {
	last := len(groups) - 1
	if last == 0 {
		return true
	}
	if last == 2 && groups[0] == 4 && groups[1] == 6 {
		return groups[2] == 4 || groups[2] == 5
	}
	for _, g := range groups[:last] {
		if g != 4 {
			return false
		}
	}
	return groups[last] <= 4
}

// luhn checks the last digit (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		v := int(d - '0')
		if (len(digits)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
