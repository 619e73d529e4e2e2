package understand

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBeginning(t *testing.T) {
	long := strings.Repeat("Äiti ÖLJY ", 60)
	for text, want := range map[string]string{
		"": "", "  Hei,\n\tMarja  ": "hei, marja", "ÄÖ Å": "äö å", "a\xffb": "a\ufffdb", long: strings.TrimSpace(strings.ToLower(long)),
	} {
		got := beginning(text)
		if !strings.HasPrefix(want, got) || len(want) <= maxLast-utf8.UTFMax && got != want || len(got) > maxLast || !utf8.ValidString(got) {
			t.Errorf("%.20q: %q, want %.40q", text, got, want)
		}
	}
}
