package wire

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What is written as a string is read as it was; each byte that is not UTF-8 as U+FFFD.
func TestStringsAreReadAsTheyWere(t *testing.T) {
	pieces := []string{"", "moi", "käykö huomenna?", "\"", "\\", "\n", "\r\t", "\x00", "\x1f", "\x7f", "\xff", "\xc3", "ä", "\u2028", "🙂", "\ufffd", "<b>&"}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 3000 {
		var s strings.Builder
		for range n % 7 {
			s.WriteString(pieces[random.IntN(len(pieces))])
		}
		var want strings.Builder
		for _, r := range s.String() { // a byte that is not UTF-8 is U+FFFD here
			want.WriteRune(r)
		}
		text := appendString([]byte("x"), s.String())
		var got string
		if err := json.Unmarshal(text[1:], &got); err != nil || got != want.String() || !utf8.Valid(text) || text[0] != 'x' {
			t.Fatalf("%q is written as %q, and read as %q (%v)", s.String(), text, got, err)
		}
	}
}

func TestTimesAreAsTheFormatSays(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	east := time.FixedZone("east", 3*60*60+17)
	times := []time.Time{{}, time.Unix(0, 0), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(2026, 3, 29, 1, 2, 3, 9_000_000, east)}
	for range 3000 {
		times = append(times, time.Unix(random.Int64N(4e9), random.Int64N(1e9)).In([]*time.Location{time.UTC, east}[random.IntN(2)]))
	}
	for _, at := range times {
		got := string(appendTime([]byte("{"), "at", at))
		if want := `{"at":"` + at.UTC().Format(TimeFormat) + `"`; got != want {
			t.Fatalf("%v is written as %s, want %s", at, got, want)
		}
	}
}
