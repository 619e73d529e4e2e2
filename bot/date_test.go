package bot

import (
	"strings"
	"testing"
	"time"
)

// The days of one week in three languages, as people write them on Wednesday 18 March 2026.
func TestFindDays(t *testing.T) {
	now := time.Date(2026, 3, 18, 23, 30, 0, 0, time.FixedZone("Helsinki", 2*3600))
	for _, c := range []struct{ language, text, want string }{
		{"fi", "huomenna", "2026-03-19"}, {"fi", "HUOMENNA klo 10", "2026-03-19"}, {"fi", "ylihuomenna aamulla", "2026-03-20"}, {"fi", "tänään", "2026-03-18"}, {"fi", "tanaan kay", "2026-03-18"},
		{"fi", "tänä iltana", "2026-03-18"}, {"fi", "huomiseksi", "2026-03-19"}, {"fi", "eilen", "2026-03-17"}, {"fi", "toissapäivänä", "2026-03-16"},
		{"fi", "tiistaina", "2026-03-24"}, {"fi", "ensi tiistaina", "2026-03-24"}, {"fi", "torstaina", "2026-03-19"}, {"fi", "ensi torstaina", "2026-03-26"}, {"fi", "keskiviikkona", "2026-03-25"},
		{"fi", "viime perjantaina", "2026-03-13"}, {"fi", "ensi viikon maanantaina", "2026-03-23"}, {"fi", "ensi viikolla perjantaina", "2026-03-27"}, {"fi", "perjantaina ensi viikolla", "2026-03-27"},
		{"fi", "ti klo 10", "2026-03-24"}, {"fi", "ensi to", "2026-03-26"}, {"fi", "to 26.3.", "2026-03-26"}, {"fi", "tiistaina 31.3. klo 10.30", "2026-03-31"}, {"fi", "maanantaiaamuna", "2026-03-23"},
		{"fi", "24.3.", "2026-03-24"}, {"fi", "24.3", "2026-03-24"}, {"fi", "24.3 klo 9", "2026-03-24"}, {"fi", "24.3.2026", "2026-03-24"}, {"fi", "24. 3. 2026", "2026-03-24"}, {"fi", "24.3.26", "2026-03-24"},
		{"fi", "1.3.", "2026-03-01"}, {"fi", "1.2.", "2027-02-01"}, {"fi", "29.2.", "2028-02-29"}, {"fi", "24. maaliskuuta", "2026-03-24"}, {"fi", "24. maaliskuuta 2027", "2027-03-24"}, {"fi", "maaliskuun 24. päivä", "2026-03-24"},
		{"fi", "viikon päästä", "2026-03-25"}, {"fi", "kahden viikon kuluttua", "2026-04-01"}, {"fi", "3 päivän päästä", "2026-03-21"}, {"fi", "ei 24.3. vaan 25.3.", "2026-03-24 2026-03-25"},
		{"sv", "i morgon", "2026-03-19"}, {"sv", "imorgon kl. 10", "2026-03-19"}, {"sv", "i övermorgon", "2026-03-20"}, {"sv", "i dag", "2026-03-18"}, {"sv", "på tisdag", "2026-03-24"}, {"sv", "nästa torsdag", "2026-03-26"},
		{"sv", "torsdag nästa vecka", "2026-03-26"}, {"sv", "nästa vecka på fredag", "2026-03-27"}, {"sv", "förra fredagen", "2026-03-13"}, {"sv", "lördagmorgon", "2026-03-21"}, {"sv", "tis", "2026-03-24"},
		{"sv", "den 24 mars", "2026-03-24"}, {"sv", "tisdag den 31 mars", "2026-03-31"}, {"sv", "24/3", "2026-03-24"}, {"sv", "om två veckor", "2026-04-01"}, {"sv", "om 3 dagar", "2026-03-21"}, {"sv", "2026-03-24", "2026-03-24"},
		{"en", "tomorrow", "2026-03-19"}, {"en", "the day after tomorrow", "2026-03-20"}, {"en", "today at 10", "2026-03-18"}, {"en", "on Tuesday", "2026-03-24"}, {"en", "next Thursday", "2026-03-26"}, {"en", "Thursday next week", "2026-03-26"},
		{"en", "March 24", "2026-03-24"}, {"en", "March 24th, 2027", "2027-03-24"}, {"en", "24th of March", "2026-03-24"}, {"en", "24 March 2026", "2026-03-24"}, {"en", "24/03/2026", "2026-03-24"}, {"en", "in a week", "2026-03-25"},
		{"en", "last Friday", "2026-03-13"}, {"en", "Tue, 31 March", "2026-03-31"},

		{"fi", "klo 10.11", ""}, {"fi", "kello 9.10.", ""}, {"fi", "2.5 kg", ""}, {"fi", "versio 2.10.3", ""}, {"fi", "31.2.", ""}, {"fi", "24.13.", ""}, {"fi", "tiistaisin", ""}, {"fi", "ma en tie", ""}, {"fi", "to be", ""},
		{"en", "sat on it", ""}, {"en", "Tuesdays", ""}, {"en", "ti", ""}, {"sv", "i tisdags", ""}, {"fi", "0401234567", ""}, {"fi", "10234", ""}, {"fi", "", ""}, {"fi", "...", ""}, {"fi", "10.0.0.1", ""}, {"en", "you may 5", "2026-05-05"},
	} {
		var got []string
		for _, d := range findDays(c.text, c.language, now) {
			got = append(got, d.day.Format(isoDay))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %q: %v, want %q", c.language, c.text, got, c.want)
		}
	}
	if got := findDays("huomenna", "fi", time.Time{}); got != nil {
		t.Errorf("without a clock: %v", got)
	}
}

func TestSayDay(t *testing.T) {
	for _, c := range [][3]string{{"fi", "2026-03-04", "4.3.2026"}, {"sv", "2026-03-24", "24.3.2026"}, {"en", "2026-03-24", "24 March 2026"}, {"et", "2026-03-24", "2026-03-24"}, {"fi", "24.3.", "24.3."}, {"fi", "2026-99-99", "2026-99-99"}} {
		if got := sayDay(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// What is shown is read again as the same day, and no words break the reader.
func FuzzFindDays(f *testing.F) {
	for _, s := range []string{"huomenna 24.3.2026 klo 10.30", "i övermorgon", "the day after", "ensi", "24.", ".24", "24.3.-26.3.", "ensi viikon", "maaliskuun", "\xff24.3.", "2026-03-", "om", "viime", "99999.1.1", "٣.٣."} {
		f.Add(s, "fi")
	}
	now := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, language string) {
		end := 0
		for _, d := range findDays(text, language, now) {
			if d.from < end || d.to <= d.from || d.to > len(text) {
				t.Fatalf("%q: %v after %d", text, d, end)
			}
			end = d.to
			kept := d.day.Format(isoDay)
			for _, lang := range []string{"fi", "sv", "en"} {
				again := findDays(sayDay(lang, kept), lang, now)
				if len(again) != 1 || again[0].day.Format(isoDay) != kept {
					t.Fatalf("%q is shown as %q, which reads %v", kept, sayDay(lang, kept), again)
				}
			}
		}
	})
}
