package session

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MinPassword is the least length of a password, in characters: what is long need not be complicated.
const MinPassword = 10

// common are passwords that are tried first, and the words that they are made of, a line each, in lower case.
//
//go:embed common.txt
var common string

// CheckPassword tells whether a password may be chosen by a person with these names and addresses. Its error says in
// one sentence what is wrong with it. What is refused is short, or among the first that somebody tries: one of the
// common ones or no more than a common word with figures around it, one thing repeated, a run of the alphabet, of
// figures or of keys, or the person's own name or address.
func CheckPassword(password string, own ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return fmt.Errorf("the password needs at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		return fmt.Errorf("the password may have at most %d bytes", MaxPassword)
	}
	folded := strings.ToLower(password)
	switch {
	case repeats(folded):
		return errors.New("the password is one thing again and again; take several words that do not belong together")
	case runs(folded):
		return errors.New("the password is a run of neighbours (letters, figures or keys); take several words that do not belong together")
	case isOwn(folded, own):
		return errors.New("the password is little more than the person's own name or address; take several words that have nothing to do with them")
	case isCommon(folded):
		return errors.New("the password is among those that are tried first; take several words that do not belong together")
	}
	return nil
}

// repeats tells whether a text is a piece of at most five characters, again and again.
func repeats(s string) bool {
	r := []rune(s)
	for size := 1; size <= 5; size++ {
		same := true
		for i := size; i < len(r) && same; i++ {
			same = r[i] == r[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// rows are what fingers and children run along.
const rows = "abcdefghijklmnopqrstuvwxyzåäö 01234567890 qwertyuiopå asdfghjklöä zxcvbnm,.- 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0pö- !\"#¤%&/()= !@#$%^&*()"

// runs tells whether a text is made of at most three runs along a row, in either direction, with at most two
// characters that belong to none.
func runs(s string) bool {
	r := []rune(s)
	parts, loose := 0, 0
	for i := 0; i < len(r); {
		n := runAt(r[i:])
		if n < 3 {
			loose++
			i++
			continue
		}
		parts++
		i += n
	}
	return parts >= 1 && parts <= 3 && loose <= 2
}

// runAt is how many characters at the beginning of r run along a row.
func runAt(r []rune) int {
	n := 1
	for n < len(r) && (strings.Contains(rows, string(r[:n+1])) || strings.Contains(rows, backwards(r[:n+1]))) {
		n++
	}
	return n
}

func backwards(r []rune) string {
	b := make([]rune, len(r))
	for i, c := range r {
		b[len(r)-1-i] = c
	}
	return string(b)
}

// leastRest is how much of a password must be left when what everybody knows is taken out of it.
const leastRest = 6

// isOwn tells whether a password is the person's own name or address and little else.
func isOwn(password string, own []string) bool {
	rest := letters(password)
	before := len(rest)
	for _, o := range own {
		for _, piece := range strings.FieldsFunc(strings.ToLower(o), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			if utf8.RuneCountInString(piece) >= 3 {
				rest = strings.ReplaceAll(rest, letters(piece), "")
			}
		}
	}
	return len(rest) < before && utf8.RuneCountInString(rest) < leastRest
}

// isCommon tells whether a password is in the list, or is made of words of the list alone, whatever figures and signs
// stand around and between them and in the place of letters.
func isCommon(password string) bool {
	listed := map[string]bool{}
	for line := range strings.Lines(common) {
		if w := strings.TrimSpace(line); w != "" && w[0] != '#' {
			listed[w] = true
		}
	}
	if listed[password] {
		return true
	}
	bare := strings.TrimRightFunc(password, notLetter)
	unsigned := strings.TrimRightFunc(password, func(c rune) bool { return notLetter(c) && !unicode.IsDigit(c) })
	for _, s := range []string{password, unleet(bare), unleet(unsigned), unleet(password)} {
		if plain := letters(s); plain != "" && madeOf([]rune(plain), listed) {
			return true
		}
	}
	return false
}

// longestWord bounds the words of the list, in characters, so that a long password is looked through soon.
const longestWord = 24

// madeOf tells whether r is one to three words of the list in a row.
func madeOf(r []rune, listed map[string]bool) bool {
	least := make([]int, len(r)+1) // words that it takes to come so far; 0: it cannot be done
	for end := 1; end <= len(r); end++ {
		for from := max(0, end-longestWord); from < end; from++ {
			if (from == 0 || least[from] > 0) && listed[string(r[from:end])] && (least[end] == 0 || least[from]+1 < least[end]) {
				least[end] = least[from] + 1
			}
		}
	}
	n := least[len(r)]
	return n > 0 && n <= 3
}

func notLetter(c rune) bool { return !unicode.IsLetter(c) }

// letters leaves out what is no letter.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if notLetter(c) {
			return -1
		}
		return c
	}, s)
}

// unleet reads figures and signs that stand for letters.
func unleet(s string) string {
	return strings.NewReplacer("4", "a", "@", "a", "3", "e", "1", "i", "!", "i", "0", "o", "5", "s", "$", "s", "7", "t", "8", "b", "6", "g").Replace(s)
}
