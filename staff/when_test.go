package staff_test

import (
	"testing"
	"time"

	"github.com/kohta/kohta/staff"
)

func TestSay(t *testing.T) {
	h := hours(t, "Europe/Helsinki", "mon-fri 8-16")
	for _, c := range []struct{ now, at, fi, sv, en string }{
		// Tuesday 17 March 2026, 16:32 in Helsinki.
		{"2026-03-17 14:32", "2026-03-17 16:30", "tänään klo 18.30", "i dag kl. 18.30", "today at 18:30"},
		{"2026-03-17 14:32", "2026-03-18 06:00", "huomenna klo 8", "i morgon kl. 8", "tomorrow at 8"},
		{"2026-03-17 14:32", "2026-03-17 22:00", "huomenna klo 0", "i morgon kl. 0", "tomorrow at 0:00"},
		{"2026-03-17 14:32", "2026-03-19 06:30", "torstaina klo 8.30", "på torsdag kl. 8.30", "on Thursday at 8:30"},
		{"2026-03-17 14:32", "2026-03-23 06:00", "maanantaina klo 8", "på måndag kl. 8", "on Monday at 8"},
		{"2026-03-17 14:32", "2026-03-24 06:00", "24.3. klo 8", "den 24 mars kl. 8", "on 24 March at 8"},
		{"2026-03-17 14:32", "2026-10-26 12:00", "26.10. klo 14", "den 26 oktober kl. 14", "on 26 October at 14:00"},
		{"2026-12-23 14:32", "2027-01-04 06:00", "4.1. klo 8", "den 4 januari kl. 8", "on 4 January at 8"},
		{"2026-03-17 14:32", "2027-03-15 06:00", "15.3.2027 klo 8", "den 15 mars 2027 kl. 8", "on 15 March 2027 at 8"},
		{"2026-03-17 14:32", "2026-03-16 06:00", "16.3.2026 klo 8", "den 16 mars 2026 kl. 8", "on 16 March 2026 at 8"},
		// It is tomorrow in Helsinki already, and in the night between the clock is put forward.
		{"2026-03-28 22:30", "2026-03-29 05:00", "tänään klo 8", "i dag kl. 8", "today at 8"},
		{"2026-03-28 21:30", "2026-03-29 05:00", "huomenna klo 8", "i morgon kl. 8", "tomorrow at 8"},
		{"2026-10-24 12:00", "2026-10-25 06:00", "huomenna klo 8", "i morgon kl. 8", "tomorrow at 8"},
	} {
		for language, want := range map[string]string{"fi": c.fi, "sv": c.sv, "en": c.en, "de": c.en} {
			if got := h.Say(language, utc(t, c.now), utc(t, c.at)); got != want {
				t.Errorf("%s at %s in %s: %q, want %q", c.at, c.now, language, got, want)
			}
		}
	}
}

// Every day of the week has its name in each language.
func TestSayNamesDays(t *testing.T) {
	h := staff.AlwaysOpen("UTC")
	for i, want := range []struct{ fi, sv, en string }{
		{"maanantaina klo 9", "på måndag kl. 9", "on Monday at 9"},
		{"tiistaina klo 9", "på tisdag kl. 9", "on Tuesday at 9"},
		{"keskiviikkona klo 9", "på onsdag kl. 9", "on Wednesday at 9"},
		{"torstaina klo 9", "på torsdag kl. 9", "on Thursday at 9"},
		{"perjantaina klo 9", "på fredag kl. 9", "on Friday at 9"},
		{"lauantaina klo 9", "på lördag kl. 9", "on Saturday at 9"},
		{"sunnuntaina klo 9", "på söndag kl. 9", "on Sunday at 9"},
	} {
		at := utc(t, "2026-06-01 09:00").AddDate(0, 0, i) // a Monday
		now := at.AddDate(0, 0, -3)
		if fi, sv, en := h.Say("fi", now, at), h.Say("sv", now, at), h.Say("en", now, at); fi != want.fi || sv != want.sv || en != want.en {
			t.Errorf("%q, %q, %q; want %+v", fi, sv, en, want)
		}
	}
}

func TestSaySlot(t *testing.T) {
	h := hours(t, "Europe/Helsinki", "mon-fri 8-16")
	for _, c := range []struct{ now, at, fi, sv, en string }{
		{"2026-03-17 14:32", "2026-03-18 06:00", "huomenna klo 8–9", "i morgon kl. 8–9", "tomorrow between 8 and 9"},
		{"2026-03-17 05:32", "2026-03-17 10:00", "tänään klo 12–13", "i dag kl. 12–13", "today between 12:00 and 13:00"},
		{"2026-03-17 05:32", "2026-03-17 09:00", "tänään klo 11–12", "i dag kl. 11–12", "today between 11 and 12"},
		{"2026-03-17 05:32", "2026-03-17 21:00", "tänään klo 23–24", "i dag kl. 23–24", "today between 23:00 and midnight"},
		{"2026-03-17 05:32", "2026-03-17 22:00", "huomenna klo 0–1", "i morgon kl. 0–1", "tomorrow between 0:00 and 1:00"},
		{"2026-03-27 14:32", "2026-03-30 05:00", "maanantaina klo 8–9", "på måndag kl. 8–9", "on Monday between 8 and 9"},
		{"2026-03-17 14:32", "2026-04-07 05:00", "7.4. klo 8–9", "den 7 april kl. 8–9", "on 7 April between 8 and 9"},
	} {
		for language, want := range map[string]string{"fi": c.fi, "sv": c.sv, "en": c.en} {
			if got := h.SaySlot(language, utc(t, c.now), utc(t, c.at)); got != want {
				t.Errorf("%s at %s in %s: %q, want %q", c.at, c.now, language, got, want)
			}
		}
	}
}

// A desk that names no hours speaks by the clock of Helsinki.
func TestSayWithoutHours(t *testing.T) {
	var h *staff.Hours
	now := time.Date(2026, 7, 1, 5, 0, 0, 0, time.UTC)
	if got := h.Say("fi", now, now.Add(time.Hour)); got != "tänään klo 9" {
		t.Error(got)
	}
}
