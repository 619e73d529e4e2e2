package understand

import (
	"regexp/syntax"
	"testing"
)

func TestNeedsDigit(t *testing.T) {
	for pattern, want := range map[string]bool{
		`\b\d{5,7}\b`: true, `[0-9]+`: true, `A-\d`: true, `(\d|x\d)`: true, `order ?4`: true, `(?i)t\d+`: true,
		`\d*`: false, `\d?x`: false, `(\d|x)`: false, `\w{3}`: false, `\pN+`: false, ``: false, `x{0,2}`: false, `.`: false,
	} {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := needsDigit(tree); got != want {
			t.Errorf("%s: %v, want %v", pattern, got, want)
		}
	}
}
