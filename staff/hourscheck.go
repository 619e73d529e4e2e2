package staff

import (
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// Bounds of opening hours.
const (
	MaxExceptions = 400
	maxIntervals  = 12 // of one day
	firstYear     = 2000
	lastYear      = 2100
)

// check refuses hours that cannot be kept. of names whose they are: "team support". Nil hours are good.
func (h *Hours) check(of string) error {
	if h == nil {
		return nil
	}
	// The empty name and Local are places to the library, and no zone that a person meant.
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" || h.Zone == "Local" {
		return chat.Errorf(chat.Invalid, "%s: there is no time zone %q; it is written like Europe/Helsinki", of, h.Zone)
	}
	if h.Holidays != "" && !slices.Contains(Countries(), h.Holidays) {
		return chat.Errorf(chat.Invalid, "%s: the holidays of %q are not known here; known are: %s", of, h.Holidays, strings.Join(Countries(), ", "))
	}
	for day, intervals := range h.Week {
		if err := checkIntervals(of+", "+weekdays[day].english, intervals); err != nil {
			return err
		}
	}
	if err := h.checkExceptions(of); err != nil {
		return err
	}
	if !h.everOpen() {
		return chat.Errorf(chat.Invalid, "%s never opens: give it hours, such as mon-fri 8-16", of)
	}
	return nil
}

func (h *Hours) everOpen() bool {
	open := func(e Exception) bool { return len(e.Intervals) > 0 }
	return slices.ContainsFunc(h.Week[:], func(day []Interval) bool { return len(day) > 0 }) || slices.ContainsFunc(h.Exceptions, open)
}

func checkIntervals(of string, all []Interval) error {
	if len(all) > maxIntervals {
		return chat.Errorf(chat.Invalid, "%s: a day has at most %d intervals, not %d", of, maxIntervals, len(all))
	}
	for i, in := range all {
		switch {
		case in.From < 0 || in.To > EndOfDay:
			return chat.Errorf(chat.Invalid, "%s: an interval lies between 0 and 24, not %s", of, in)
		case in.From == in.To:
			return chat.Errorf(chat.Invalid, "%s: the interval %s is empty", of, in)
		case in.From > in.To:
			return chat.Errorf(chat.Invalid, "%s: the interval %s ends before it begins; hours over midnight are two: until 24, and from 0 on the next day", of, in)
		case i > 0 && all[i-1].To > in.From && all[i-1].From < in.To:
			return chat.Errorf(chat.Invalid, "%s: the intervals %s and %s overlap", of, all[i-1], in)
		case i > 0 && all[i-1].From > in.From:
			return chat.Errorf(chat.Invalid, "%s: the interval %s comes before %s", of, in, all[i-1])
		}
	}
	return nil
}

func (h *Hours) checkExceptions(of string) error {
	if len(h.Exceptions) > MaxExceptions {
		return chat.Errorf(chat.Invalid, "%s: at most %d dates have hours of their own, not %d", of, MaxExceptions, len(h.Exceptions))
	}
	seen := map[string]bool{}
	for _, e := range h.Exceptions {
		if _, err := ParseDate(e.Date); err != nil {
			return chat.Errorf(chat.Invalid, "%s: %s", of, err)
		}
		if seen[e.Date] {
			return chat.Errorf(chat.Invalid, "%s: the date %s stands twice", of, e.Date)
		}
		seen[e.Date] = true
		if e.Name != "" {
			if err := checkName("the name of "+e.Date, e.Name); err != nil {
				return err
			}
		}
		if err := checkIntervals(of+", "+e.Date, e.Intervals); err != nil {
			return err
		}
	}
	return nil
}

// ParseDate reads a date as exceptions have it. The time is midnight in UTC.
func ParseDate(s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		return day, chat.Errorf(chat.Invalid, "a date is written like 2026-12-24 and lies in %d to %d, not %q", firstYear, lastYear, s)
	}
	return day, nil
}
