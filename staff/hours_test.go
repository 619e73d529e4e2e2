package staff_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests are there wherever they run

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kohta/kohta/staff"
)

func week(t testing.TB, text string) [7][]staff.Interval {
	t.Helper()
	w, err := staff.ParseWeek(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func hours(t testing.TB, zone, text string) *staff.Hours {
	t.Helper()
	return &staff.Hours{Zone: zone, Week: week(t, text)}
}

// utc reads a moment: "2026-03-29 01:00".
func utc(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

const utcFormat = "2006-01-02 15:04"

// TestHours asks hours at moments in UTC. In Helsinki the clock was put forward on 29 March 2026 at 01:00 UTC, from 3 to
// 4, and is put back on 25 October 2026 at 01:00 UTC, from 4 to 3.
func TestHours(t *testing.T) {
	const helsinki = "Europe/Helsinki"
	office := hours(t, helsinki, "mon-fri 8-11.30 12-16")
	night := hours(t, helsinki, "sun 2-3.30, mon 0-24")
	gap := hours(t, helsinki, "sun 3-4")
	evening := hours(t, helsinki, "fri 20-24, sat 0-2")
	holidays := hours(t, helsinki, "mon-sun 9-21")
	holidays.Holidays = "fi"
	holidays.Exceptions = []staff.Exception{
		{Date: "2026-12-24", Name: "Jouluaatto", Intervals: []staff.Interval{{From: 9 * 60, To: 12 * 60}}},
		{Date: "2026-06-18"},
	}
	fair := &staff.Hours{Zone: helsinki, Exceptions: []staff.Exception{
		{Date: "2028-02-29", Intervals: []staff.Interval{{From: 600, To: 660}}}, {Date: "2027-09-04", Intervals: []staff.Interval{{From: 600, To: 660}}},
		{Date: "2027-09-03"},
	}}
	for _, c := range []struct {
		name  string
		h     *staff.Hours
		now   string
		open  bool
		next  string // empty: never
		until string // empty: not known
	}{
		{"before opening, in winter", office, "2026-01-07 05:59", false, "2026-01-07 06:00", ""},
		{"at opening, in winter", office, "2026-01-07 06:00", true, "2026-01-07 06:00", "2026-01-07 09:30"},
		{"at opening, in summer", office, "2026-07-01 05:00", true, "2026-07-01 05:00", "2026-07-01 08:30"},
		{"before lunch", office, "2026-07-01 08:29", true, "2026-07-01 08:29", "2026-07-01 08:30"},
		{"at lunch", office, "2026-07-01 08:30", false, "2026-07-01 09:00", ""},
		{"at closing", office, "2026-07-01 13:00", false, "2026-07-02 05:00", ""},
		{"a week-end over the clock put forward", office, "2026-03-27 14:00", false, "2026-03-30 05:00", ""},
		{"a week-end over the clock put back", office, "2026-10-23 13:00", false, "2026-10-26 06:00", ""},
		{"an interval into the hour that is missing", night, "2026-03-29 00:30", true, "2026-03-29 00:30", "2026-03-29 01:00"},
		{"an interval in the hour that comes twice, first time", night, "2026-10-25 00:29", true, "2026-10-25 00:29", "2026-10-25 00:30"},
		{"between the two", night, "2026-10-25 00:30", false, "2026-10-25 01:00", ""},
		{"an interval in the hour that comes twice, second time", night, "2026-10-25 01:29", true, "2026-10-25 01:29", "2026-10-25 01:30"},
		{"nothing but the hour that is missing", gap, "2026-03-28 22:00", false, "2026-04-05 00:00", ""},
		{"an hour that is two hours long", gap, "2026-10-25 00:00", true, "2026-10-25 00:00", "2026-10-25 02:00"},
		{"over midnight", evening, "2026-07-03 17:00", true, "2026-07-03 17:00", "2026-07-03 23:00"},
		{"a day without an end", night, "2026-01-04 22:00", true, "2026-01-04 22:00", "2026-01-05 22:00"},
		{"the eve before midsummer's, closed by date", holidays, "2026-06-18 06:00", false, "2026-06-21 06:00", ""},
		{"Christmas Eve with hours of its own", holidays, "2026-12-24 07:00", true, "2026-12-24 07:00", "2026-12-24 10:00"},
		{"after Christmas Eve", holidays, "2026-12-24 10:00", false, "2026-12-27 07:00", ""},
		{"dates alone, in no order", fair, "2026-01-01 00:00", false, "2027-09-04 07:00", ""},
		{"the last of the dates", fair, "2027-09-04 08:00", false, "2028-02-29 08:00", ""},
		{"dates that have passed", fair, "2028-02-29 09:00", false, "", ""},
		{"always", staff.AlwaysOpen(helsinki), "2026-03-29 00:30", true, "2026-03-29 00:30", ""},
		{"no hours are always", nil, "2026-03-29 00:30", true, "2026-03-29 00:30", ""},
		{"no zone that is known", hours(t, "Europe/Nowhere", "mon 8-16"), "2026-01-05 08:00", true, "2026-01-05 08:00", "2026-01-05 16:00"},
		{"a date that is none", &staff.Hours{Exceptions: []staff.Exception{{Date: "x", Intervals: []staff.Interval{{From: 0, To: 60}}}}}, "2026-01-05 08:00", false, "", ""},
	} {
		now := utc(t, c.now)
		if got := c.h.Open(now); got != c.open {
			t.Errorf("%s: open %v", c.name, got)
		}
		if got := shown(c.h.Next(now)); got != c.next {
			t.Errorf("%s: opens next at %s, want %s", c.name, got, c.next)
		}
		if got := shown(c.h.Until(now)); got != c.until {
			t.Errorf("%s: open until %s, want %s", c.name, got, c.until)
		}
	}
}

// TestSince asks since when people are there, of who came before.
func TestSince(t *testing.T) {
	const helsinki = "Europe/Helsinki"
	office := hours(t, helsinki, "mon-fri 8-11.30 12-16")
	shop := hours(t, helsinki, "mon-fri 8-24, sat 0-24")
	for _, c := range []struct {
		name, from, now string
		h               *staff.Hours
		since           string // empty: nobody is there
	}{
		{"came while they were there", "2026-07-01 06:10", "2026-07-01 06:40", office, "2026-07-01 06:10"},
		{"came at the opening", "2026-07-01 05:00", "2026-07-01 05:01", office, "2026-07-01 05:00"},
		{"came before it", "2026-07-01 03:00", "2026-07-01 05:01", office, "2026-07-01 05:00"},
		{"came before lunch", "2026-07-01 08:20", "2026-07-01 09:05", office, "2026-07-01 09:00"},
		{"came last week", "2026-06-24 08:20", "2026-07-01 06:00", office, "2026-07-01 05:00"},
		{"intervals that meet at midnight", "2026-07-03 18:00", "2026-07-04 12:00", shop, "2026-07-03 18:00"},
		{"over the clock put forward", "2026-03-27 13:50", "2026-03-30 05:10", office, "2026-03-30 05:00"},
		{"nobody is there any more", "2026-07-01 12:50", "2026-07-01 13:10", office, ""},
		{"no hours are always", "2026-07-01 12:50", "2026-07-09 13:10", nil, "2026-07-01 12:50"},
		{"from what is yet to come", "2026-07-01 06:50", "2026-07-01 06:40", office, "2026-07-01 06:50"},
	} {
		if got := shown(c.h.Since(utc(t, c.from), utc(t, c.now))); got != c.since {
			t.Errorf("%s: there since %s, want %s", c.name, got, c.since)
		}
	}
}

func shown(at time.Time, ok bool) string {
	if !ok {
		return ""
	}
	return at.UTC().Format(utcFormat)
}

// slow reads the clock on the wall and compares what it shows, as text, with what the hours say.
type slow struct {
	place *time.Location
	week  [7][]staff.Interval
	dates map[string][]staff.Interval
}

func slowly(h *staff.Hours, year int) slow {
	s := slow{zone(h.Zone), h.Week, map[string][]staff.Interval{}}
	for y := year - 1; y <= year+1; y++ {
		for _, e := range staff.Holidays(h.Holidays, y) {
			s.dates[e.Date] = nil
		}
	}
	for _, e := range h.Exceptions {
		s.dates[e.Date] = e.Intervals
	}
	return s
}

func (s slow) open(now time.Time) bool {
	date, clock, _ := strings.Cut(now.In(s.place).Format(utcFormat), " ")
	intervals, ok := s.dates[date]
	if !ok {
		intervals = s.week[(now.In(s.place).Weekday()+6)%7]
	}
	return slices.ContainsFunc(intervals, func(i staff.Interval) bool {
		from, _ := i.From.MarshalText()
		to, _ := i.To.MarshalText()
		return string(from) <= clock && clock < string(to)
	})
}

var drawIntervals = rapid.Custom(func(r *rapid.T) (all []staff.Interval) {
	marks := rapid.SliceOfNDistinct(rapid.IntRange(0, 48), 0, 6, rapid.ID).Draw(r, "half hours")
	slices.Sort(marks)
	for i := 0; i+1 < len(marks); i += 2 {
		all = append(all, staff.Interval{From: staff.Clock(marks[i] * 30), To: staff.Clock(marks[i+1] * 30)})
	}
	return all
})

// drawHours draws hours and a moment near the days on which clocks are changed, somewhere in the world: by half an hour
// on Lord Howe, at midnight in Cairo, by a whole day in Apia.
var drawHours = rapid.Custom(func(r *rapid.T) (drawn struct {
	*staff.Hours
	now time.Time
}) {
	changes := []struct{ zone, at string }{
		{"Europe/Helsinki", "2026-03-29 01:00"}, {"Europe/Helsinki", "2026-10-25 01:00"}, {"America/New_York", "2026-11-01 06:00"},
		{"Australia/Lord_Howe", "2026-04-04 15:00"}, {"Australia/Lord_Howe", "2026-10-03 15:30"}, {"Africa/Cairo", "2026-04-23 22:00"},
		{"Pacific/Apia", "2011-12-30 10:00"}, {"Asia/Kathmandu", "2026-03-29 01:00"}, {"UTC", "2026-12-25 12:00"},
	}
	c := rapid.SampledFrom(changes).Draw(r, "change")
	at, err := time.Parse(utcFormat, c.at)
	if err != nil {
		panic(err)
	}
	drawn.Hours = &staff.Hours{Zone: c.zone, Holidays: rapid.SampledFrom([]string{"", "fi"}).Draw(r, "holidays")}
	for day := range drawn.Week {
		if rapid.IntRange(0, 2).Draw(r, "open") > 0 {
			drawn.Week[day] = drawIntervals.Draw(r, "day")
		}
	}
	for _, days := range rapid.SliceOfNDistinct(rapid.IntRange(-8, 20), 0, 6, rapid.ID).Draw(r, "exceptions") {
		drawn.Exceptions = append(drawn.Exceptions, staff.Exception{Date: at.AddDate(0, 0, days).Format("2006-01-02"), Intervals: drawIntervals.Draw(r, "intervals")})
	}
	drawn.now = at.Add(time.Duration(rapid.IntRange(-3*24*3600, 3*24*3600).Draw(r, "seconds")) * time.Second)
	return drawn
})

func TestHoursProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := drawHours.Draw(r, "hours")
		slow := slowly(h.Hours, h.now.Year())
		if h.Open(h.now) != slow.open(h.now) {
			r.Fatalf("open %v, and the clock says otherwise", h.Open(h.now))
		}
		const far, step = 26 * 24 * time.Hour, 5 * time.Minute // half hours are the least that is drawn
		next, ok := h.Next(h.now)
		switch {
		case ok && (next.Before(h.now) || !slow.open(next)):
			r.Fatalf("next opening %s", next)
		case !ok:
			next = h.now.Add(far)
		}
		for at := h.now; at.Before(next) && at.Before(h.now.Add(far)); at = at.Add(step) {
			if slow.open(at) {
				r.Fatalf("open at %s, before the next opening at %s", at, next)
			}
		}
		since, ok := h.Since(h.now.Add(-far), h.now)
		if ok != slow.open(h.now) {
			r.Fatalf("there since %s, and open %v", since, !ok)
		}
		for at := since; ok && at.Before(h.now); at = at.Add(step) {
			if !slow.open(at) {
				r.Fatalf("closed at %s, after %s", at, since)
			}
		}
		if ok && since.After(h.now.Add(-far)) && slow.open(since.Add(-time.Second)) {
			r.Fatalf("open before %s", since)
		}
		until, ok := h.Until(h.now)
		switch {
		case ok && (!until.After(h.now) || slow.open(until)):
			r.Fatalf("open until %s", until)
		case !ok && h.Open(h.now):
			until = h.now.Add(far)
		case !ok:
			until = h.now
		}
		for at := h.now; at.Before(until); at = at.Add(step) {
			if !slow.open(at) {
				r.Fatalf("closed at %s, before %s", at, until)
			}
		}
	})
}

func TestSlotsProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h, n := drawHours.Draw(r, "hours"), rapid.IntRange(-1, 12).Draw(r, "n")
		slow := slowly(h.Hours, h.now.Year())
		slots, seen := h.Slots(h.now, n), map[string]bool{}
		if len(slots) > max(0, n) {
			r.Fatalf("%d slots of %d", len(slots), n)
		}
		earliest := h.now.Add(30 * time.Minute)
		for _, slot := range slots {
			if shows := slot.Format(utcFormat); slot.Before(earliest) || slot.Minute() != 0 || seen[shows] {
				r.Fatalf("slot %s", shows)
			} else {
				seen[shows] = true
			}
			earliest = slot
			for minute := range 60 {
				if !slow.open(slot.Add(time.Duration(minute) * time.Minute)) {
					r.Fatalf("closed %d minutes into the slot %s", minute, slot)
				}
			}
		}
		if n < 0 || len(slots) == n || h.Zone == "Australia/Lord_Howe" {
			return // there a full hour may come late
		}
		// All there are within three weeks are among them.
		place := h.now.Add(30 * time.Minute).Truncate(time.Hour)
		for at := place; at.Before(h.now.Add(20 * 24 * time.Hour)); at = at.Add(5 * time.Minute) {
			whole := !at.Before(h.now.Add(30 * time.Minute))
			shows := at.In(zone(h.Zone))
			for minute := 0; whole && minute < 60; minute += 5 {
				whole = shows.Minute() == 0 && slow.open(at.Add(time.Duration(minute)*time.Minute))
			}
			if whole && !seen[shows.Format(utcFormat)] {
				r.Fatalf("%s is a slot, and not among %v", shows, slots)
			}
		}
	})
}

func zone(name string) *time.Location {
	place, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return place
}

func TestSlots(t *testing.T) {
	office := hours(t, "Europe/Helsinki", "mon-fri 8.30-11 12-16")
	for _, c := range []struct {
		now  string
		n    int
		want []string
	}{
		{"2026-07-01 20:00", 4, []string{"2026-07-02 06:00", "2026-07-02 07:00", "2026-07-02 09:00", "2026-07-02 10:00"}},
		{"2026-07-01 10:31", 3, []string{"2026-07-01 12:00", "2026-07-02 06:00", "2026-07-02 07:00"}},
		{"2026-07-01 10:30", 1, []string{"2026-07-01 11:00"}},
		{"2026-07-01 11:40", 1, []string{"2026-07-02 06:00"}},
	} {
		var got []string
		for _, at := range office.Slots(utc(t, c.now), c.n) {
			got = append(got, at.UTC().Format(utcFormat))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.now, got, c.want)
		}
	}
	// From 3 to 4 comes twice in the one night, and is a slot once; in the other it does not come.
	for now, want := range map[string]string{"2026-10-24 23:00": "3 4 5", "2026-03-28 23:00": "2 4 5"} {
		var hours []string
		for _, at := range staff.AlwaysOpen("Europe/Helsinki").Slots(utc(t, now), 3) {
			hours = append(hours, at.Format("3"))
		}
		if got := strings.Join(hours, " "); got != want {
			t.Errorf("after %s: %s, want %s", now, got, want)
		}
	}
	var none *staff.Hours
	if got := none.Slots(utc(t, "2026-07-01 20:00"), 1000); len(got) != 100 {
		t.Errorf("%d slots of always", len(got))
	}
	if got := (&staff.Hours{Zone: "UTC"}).Slots(utc(t, "2026-07-01 20:00"), 3); got != nil {
		t.Errorf("never open, and %v", got)
	}
	if got := hours(t, "UTC", "mon-sun 8-8.59").Slots(utc(t, "2026-07-01 20:00"), 3); got != nil {
		t.Errorf("no whole hour, and %v", got)
	}
}

func TestHolidays(t *testing.T) {
	var got []string
	for _, year := range []int{2024, 2026, 2027} {
		for _, e := range staff.Holidays("fi", year) {
			got = append(got, e.Date+" "+e.Name)
		}
	}
	want := []string{
		"2024-01-01 uudenvuodenpäivä", "2024-01-06 loppiainen", "2024-03-29 pitkäperjantai", "2024-03-31 pääsiäispäivä",
		"2024-04-01 toinen pääsiäispäivä", "2024-05-01 vappu", "2024-05-09 helatorstai", "2024-05-19 helluntaipäivä",
		"2024-06-21 juhannusaatto", "2024-06-22 juhannuspäivä", "2024-11-02 pyhäinpäivä", "2024-12-06 itsenäisyyspäivä",
		"2024-12-24 jouluaatto", "2024-12-25 joulupäivä", "2024-12-26 tapaninpäivä",
		"2026-01-01 uudenvuodenpäivä", "2026-01-06 loppiainen", "2026-04-03 pitkäperjantai", "2026-04-05 pääsiäispäivä",
		"2026-04-06 toinen pääsiäispäivä", "2026-05-01 vappu", "2026-05-14 helatorstai", "2026-05-24 helluntaipäivä",
		"2026-06-19 juhannusaatto", "2026-06-20 juhannuspäivä", "2026-10-31 pyhäinpäivä", "2026-12-06 itsenäisyyspäivä",
		"2026-12-24 jouluaatto", "2026-12-25 joulupäivä", "2026-12-26 tapaninpäivä",
		"2027-01-01 uudenvuodenpäivä", "2027-01-06 loppiainen", "2027-03-26 pitkäperjantai", "2027-03-28 pääsiäispäivä",
		"2027-03-29 toinen pääsiäispäivä", "2027-05-01 vappu", "2027-05-06 helatorstai", "2027-05-16 helluntaipäivä",
		"2027-06-25 juhannusaatto", "2027-06-26 juhannuspäivä", "2027-11-06 pyhäinpäivä", "2027-12-06 itsenäisyyspäivä",
		"2027-12-24 jouluaatto", "2027-12-25 joulupäivä", "2027-12-26 tapaninpäivä",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(staff.Holidays("xx", 2026)) != 0 {
		t.Error("a country that is not known has holidays")
	}
}

// Easter Sundays at the edges of what can be, and of years around now.
func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		1961: "04-02", 2000: "04-23", 2008: "03-23", 2011: "04-24", 2019: "04-21", 2025: "04-20", 2028: "04-16", 2029: "04-01",
		2030: "04-21", 2038: "04-25", 2049: "04-18", 2076: "04-19", 2100: "03-28",
	} {
		for _, e := range staff.Holidays("fi", year) {
			if e.Name == "pääsiäispäivä" && e.Date != fmt.Sprintf("%d-%s", year, want) {
				t.Errorf("%s, want %s", e.Date, want)
			}
		}
	}
}

func TestParseWeek(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mon-fri 8-16, sat 10-14", "mon-fri 8-16, sat 10-14"},
		{"ma–pe 8.00 – 16.15; la 10-14", "mon-fri 8-16:15, sat 10-14"},
		{"mån-tor 8:30-11 12-16, fre 8-12", "mon-thu 8:30-11 12-16, fri 8-12"},
		{"mon-fri 12-16, MON-FRI 8-11", "mon-fri 8-11 12-16"},
		{"mon, wed 8-12", "mon 8-12, wed 8-12"},
		{"sat-mon 0-24", "mon 0-24, sat-sun 0-24"},
		{"mon-sun 0-24", "always"},
		{" always ", "always"},
		{"su 9-24", "sun 9-24"},
		{"", ""},
	} {
		w, err := staff.ParseWeek(c.text)
		if got := staff.WeekText(w); err != nil || got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.want)
		}
	}
	for text, names := range map[string]string{
		"8-16":                  "which days",
		"mon-fri":               "mon has no hours",
		"mon-fri 8":             `"8"`,
		"mon-fri 8-25":          `"8-25"`,
		"mon-fri 8.60-9":        `"8.60-9"`,
		"mon-fri 8-16 sat 9-12": `a comma before "sat"`,
		"maanantai 8-16":        `"maanantai"`,
		"mon-xyz 8-16":          `"mon-xyz"`,
		"mon 8-8":               "empty",
		"fri 22-4":              "over midnight",
		"mon 8-12 11-16":        "8-12 and 11-16 overlap",
		"mon-fri 8-16, fri 8-9": "Friday",
		"mon -":                 `"mon-"`,
		"mon 8-9, sun":          "sun has no hours",
	} {
		if _, err := staff.ParseWeek(text); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("%q: %v; want an error that names %q", text, err, names)
		}
	}
}

// What WeekText writes, ParseWeek reads as the same.
func TestWeekTextComesBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var w [7][]staff.Interval
		for day := range w {
			w[day] = drawIntervals.Draw(r, "day")
		}
		text := staff.WeekText(w)
		back, err := staff.ParseWeek(text)
		if err != nil || staff.WeekText(back) != text || cmp.Diff(w, back) != "" {
			r.Fatalf("%q came back as %q, %v: %s", text, staff.WeekText(back), err, cmp.Diff(w, back))
		}
	})
}

func FuzzParseWeek(f *testing.F) {
	for _, seed := range []string{"mon-fri 8-16, sat 10-14", "ma-pe 8.30 – 11.00", "always", "mån,,;", "-", "mon 8-", "24-24 mon", "mon-fri 8-16\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := staff.ParseWeek(text)
		if err != nil {
			return
		}
		if back, err := staff.ParseWeek(staff.WeekText(w)); err != nil || cmp.Diff(w, back) != "" {
			t.Fatalf("%q: %q comes back as %q, %v", text, staff.WeekText(w), staff.WeekText(back), err)
		}
	})
}

func TestParseIntervals(t *testing.T) {
	all, err := staff.ParseIntervals(" 12-16 8.30-11 ")
	if got := staff.IntervalsText(all); err != nil || got != "8:30-11 12-16" {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", "mon 8-16", "8", "8-9, 10-11", "16-8"} {
		if got, err := staff.ParseIntervals(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestHoursInJSON(t *testing.T) {
	h := hours(t, "Europe/Helsinki", "mon 8.30-24")
	h.Holidays, h.Exceptions = "fi", []staff.Exception{{Date: "2026-12-24", Name: "Jouluaatto", Intervals: []staff.Interval{{From: 0, To: 61}}}}
	text, err := json.Marshal(h)
	want := `{"zone":"Europe/Helsinki","week":[[{"from":"08:30","to":"24:00"}],null,null,null,null,null,null],"holidays":"fi",` +
		`"exceptions":[{"date":"2026-12-24","name":"Jouluaatto","intervals":[{"from":"00:00","to":"01:01"}]}]}`
	if err != nil || string(text) != want {
		t.Fatalf("%s, %v", text, err)
	}
	var back staff.Hours
	if err := json.Unmarshal(text, &back); err != nil || cmp.Diff(*h, back) != "" {
		t.Errorf("%v %s", err, cmp.Diff(*h, back))
	}
	for _, bad := range []string{`"8:30"`, `"24:01"`, `"23:60"`, `"-1:00"`, `"08.30"`, `480`, `"08:30 "`, `""`, `"+8:30"`} {
		var c staff.Clock
		if err := json.Unmarshal([]byte(bad), &c); err == nil {
			t.Errorf("%s is the clock %s", bad, c)
		}
	}
	if _, err := json.Marshal(staff.Clock(1441)); err == nil {
		t.Error("a clock shows 24:01")
	}
}

func BenchmarkHoursNext(b *testing.B) {
	h := hours(b, "Europe/Helsinki", "mon-fri 8-16")
	h.Holidays = "fi"
	now := utc(b, "2026-12-23 20:00")
	for b.Loop() {
		if _, ok := h.Next(now); !ok {
			b.Fatal("never")
		}
	}
}
