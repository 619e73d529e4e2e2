package staff

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultZone is where the clock of a desk hangs that names no time zone.
const DefaultZone = "Europe/Helsinki"

// Clock is what a clock on the wall says, in minutes since midnight: 0 is 0:00, EndOfDay is 24:00. In JSON it is "08:30".
type Clock int

// EndOfDay is 24:00, at which an interval may end and none can begin.
const EndOfDay Clock = 24 * 60

// Interval is a time of a day from From until To, without To.
type Interval struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Exception is a date that goes by other hours than its weekday.
type Exception struct {
	Date      string     `json:"date"` // 2026-12-24
	Name      string     `json:"name"`
	Intervals []Interval `json:"intervals"` // none: closed
}

// Hours are when people are there, by the clock on the wall of a time zone: in the night in which the clock is put back
// an hour may come twice, in that in which it is put forward it may not come at all. Nil hours are always open, by the
// clock of DefaultZone. Methods of hours that Check refuses are total all the same, and go by UTC where the zone is not
// known.
type Hours struct {
	Zone       string        `json:"zone"`       // by the names of the IANA: Europe/Helsinki
	Week       [7][]Interval `json:"week"`       // Monday first; each day's intervals in order
	Holidays   string        `json:"holidays"`   // whose public holidays are closed, year after year: "fi"; empty: nobody's
	Exceptions []Exception   `json:"exceptions"` // an exception goes before the holidays and the week
}

// AlwaysOpen are hours of every day and night, for who has a zone to name.
func AlwaysOpen(zone string) *Hours {
	h := &Hours{Zone: zone}
	for day := range h.Week {
		h.Week[day] = []Interval{{0, EndOfDay}}
	}
	return h
}

// HoursOf are the hours of a site's conversations: its own, else its team's.
func HoursOf(s Site, t Team) *Hours {
	if s.Hours != nil {
		return s.Hours
	}
	return t.Hours
}

// Clone returns a copy that shares nothing with h.
func (h *Hours) Clone() *Hours {
	if h == nil {
		return nil
	}
	c := *h
	for day := range c.Week {
		c.Week[day] = slices.Clone(c.Week[day])
	}
	c.Exceptions = slices.Clone(c.Exceptions)
	for i := range c.Exceptions {
		c.Exceptions[i].Intervals = slices.Clone(c.Exceptions[i].Intervals)
	}
	return &c
}

// Open tells whether people are there.
func (h *Hours) Open(now time.Time) bool {
	return h == nil || h.open(now.In(h.Location()))
}

// Next is the first moment from now on at which people are there: now itself while they are. ok is false when there is
// none.
func (h *Hours) Next(now time.Time) (at time.Time, ok bool) {
	local := now.In(h.Location())
	if h == nil {
		return local, true
	}
	end := local.AddDate(0, 0, h.farthest())
	if at, ok := h.first(local, end, true); ok {
		return at, true
	}
	// Farther away the week has nothing that it did not have before, and a date alone can open.
	for _, e := range h.later(end) {
		day, err := time.ParseInLocation(time.DateOnly, e.Date, local.Location())
		if err != nil {
			continue
		}
		if at, ok := h.first(day.AddDate(0, 0, -1), day.AddDate(0, 0, 2), true); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// Until is when people leave who are there now, however many intervals meet on the way. ok is false when nobody is
// there, and when they stay for more than four weeks.
func (h *Hours) Until(now time.Time) (at time.Time, ok bool) {
	if h == nil || !h.Open(now) {
		return time.Time{}, false
	}
	local := now.In(h.Location())
	return h.first(local, local.AddDate(0, 0, 28), false)
}

// Since is since when people have been there who are there now, however many intervals meet on the way, but not earlier than
// from, nor than four weeks ago. ok is false when nobody is there.
func (h *Hours) Since(from, now time.Time) (at time.Time, ok bool) {
	if !h.Open(now) {
		return time.Time{}, false
	}
	if at = from; at.Before(now.AddDate(0, 0, -28)) {
		at = now.AddDate(0, 0, -28)
	}
	if h == nil {
		return at, true
	}
	at = at.In(h.Location())
	for local, open := at, h.open(at); ; {
		if local = h.edge(local); local.After(now) {
			return at, true
		}
		was := open
		if open = h.open(local); open && !was {
			at = local
		}
	}
}

// slotsAhead is how long before a slot begins it may be chosen at the latest.
const slotsAhead = 30 * time.Minute

// Slots are the next n hours by the clock that lie within the opening hours as a whole and begin half an hour from now
// at the earliest: those in which somebody can be called. They are fewer where four weeks from the next opening have no
// more, and never more than a hundred.
func (h *Hours) Slots(now time.Time, n int) []time.Time {
	at, ok := h.Next(now.Add(slotsAhead))
	if !ok {
		return nil
	}
	n = min(n, 100)
	var slots []time.Time
	for end := at.AddDate(0, 0, 28); len(slots) < n && at.Before(end); {
		if at = fullHour(at); !h.Open(at) {
			if at, ok = h.Next(at); !ok {
				break
			}
			continue
		}
		if until, ok := h.Until(at); ok && until.Before(at.Add(time.Hour)) {
			at = until
			continue
		}
		// An hour that comes twice is asked for once: nobody could tell the two apart.
		if last := len(slots) - 1; last < 0 || reading(slots[last]) != reading(at) {
			slots = append(slots, at)
		}
		at = at.Add(time.Hour)
	}
	return slots
}

// fullHour is the first moment from t on at which the clock shows a full hour.
func fullHour(t time.Time) time.Time {
	for {
		over := sinceMidnight(t) % time.Hour
		if over == 0 {
			return t
		}
		t = t.Add(time.Hour - over)
	}
}

func reading(t time.Time) string { return t.Format("2006-01-02 15:04") }

// Location is where the clock of the hours hangs, of none in DefaultZone. It never is nil.
func (h *Hours) Location() *time.Location {
	zone := DefaultZone
	if h != nil {
		zone = h.Zone
	}
	if place, ok := places.Load(zone); ok {
		return place.(*time.Location)
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	places.Store(zone, place)
	return place
}

// places are the zones that were asked for, by their names: each is read from the disk once, and not for each message.
var places sync.Map // of *time.Location

func (h *Hours) open(local time.Time) bool {
	wall := sinceMidnight(local)
	return slices.ContainsFunc(h.on(local), func(i Interval) bool { return i.From.long() <= wall && wall < i.To.long() })
}

// on are the intervals of the day that local is in.
func (h *Hours) on(local time.Time) []Interval {
	if len(h.Exceptions) > 0 {
		date := local.Format(time.DateOnly)
		for i := range h.Exceptions {
			if h.Exceptions[i].Date == date {
				return h.Exceptions[i].Intervals
			}
		}
	}
	if h.Holidays != "" && holiday(h.Holidays, local) != "" {
		return nil
	}
	return h.Week[weekday(local)]
}

// weekday counts from Monday, which is 0.
func weekday(local time.Time) int { return (int(local.Weekday()) + 6) % 7 }

// first is the first moment from local on, and before end, at which they are open, or are not.
func (h *Hours) first(local, end time.Time, open bool) (time.Time, bool) {
	for ; local.Before(end); local = h.edge(local) {
		if h.open(local) == open {
			return local, true
		}
	}
	return time.Time{}, false
}

// edge is the first moment after local at which anything may change: where an interval begins or ends, at midnight, and
// where the clock is put forward or back.
func (h *Hours) edge(local time.Time) time.Time {
	wall, next := sinceMidnight(local), EndOfDay.long()
	for _, i := range h.on(local) {
		for _, c := range [2]Clock{i.From, i.To} {
			if long := c.long(); wall < long && long < next {
				next = long
			}
		}
	}
	at := local.Add(next - wall)
	if _, end := local.ZoneBounds(); !end.IsZero() && end.Before(at) {
		return end.In(local.Location())
	}
	return at
}

// farthest is how many days ahead the week is looked through. Each exception can take one week's hours away, holidays
// and nights in which the clock is changed a few more.
func (h *Hours) farthest() int { return 7 * (len(h.Exceptions) + 12) }

// later are the exceptions with hours from the day of t on, by date.
func (h *Hours) later(t time.Time) []Exception {
	date := t.Format(time.DateOnly)
	all := slices.DeleteFunc(slices.Clone(h.Exceptions), func(e Exception) bool { return e.Date < date || len(e.Intervals) == 0 })
	slices.SortFunc(all, func(a, b Exception) int { return strings.Compare(a.Date, b.Date) })
	return all
}

func (c Clock) long() time.Duration { return time.Duration(c) * time.Minute }

// sinceMidnight is what the clock shows.
func sinceMidnight(local time.Time) time.Duration {
	hour, minute, second := local.Clock()
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second +
		time.Duration(local.Nanosecond())
}

// String is the clock as it is written in settings: 8, 8:30, 24.
func (c Clock) String() string {
	if c%60 == 0 {
		return fmt.Sprint(int(c / 60))
	}
	return fmt.Sprintf("%d:%02d", c/60, c%60)
}

// MarshalText is the clock as JSON has it: 08:30.
func (c Clock) MarshalText() ([]byte, error) {
	if c < 0 || c > EndOfDay {
		return nil, fmt.Errorf("a clock cannot show %d minutes since midnight", int(c))
	}
	return fmt.Appendf(nil, "%02d:%02d", c/60, c%60), nil
}

// UnmarshalText reads what MarshalText writes, and nothing else.
func (c *Clock) UnmarshalText(text []byte) error {
	var hour, minute Clock
	ok := len(text) == 5 && text[2] == ':'
	for i, digit := range text {
		ok = ok && (i == 2 || '0' <= digit && digit <= '9')
	}
	if ok {
		hour, minute = Clock(text[0]-'0')*10+Clock(text[1]-'0'), Clock(text[3]-'0')*10+Clock(text[4]-'0')
	}
	if !ok || minute > 59 || hour*60+minute > EndOfDay {
		return fmt.Errorf("a time of day is 00:00 to 24:00, not %q", text)
	}
	*c = hour*60 + minute
	return nil
}

func (i Interval) String() string { return i.From.String() + "-" + i.To.String() }
