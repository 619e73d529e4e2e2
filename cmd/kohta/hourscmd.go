package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/staff"
)

// hoursFlags set opening hours. What is not named stays as it is.
type hoursFlags struct {
	Hours    *string  `placeholder:"WEEK" help:"Opening hours, such as \"mon-fri 8-16, sat 10-14\"; always: day and night."`
	Zone     *string  `help:"Time zone of the hours, such as Europe/Helsinki."`
	Holidays *string  `placeholder:"fi" help:"Closed on the public holidays of a country, year after year; none: open on them."`
	Closed   []string `sep:"none" placeholder:"DATE" help:"A date on which nobody is there, such as \"2026-12-23\" or \"2026-07-06..2026-07-31 Kesäloma\". May be given again."`
	Open     []string `sep:"none" placeholder:"\"DATE HOURS\"" help:"A date with hours of its own, such as \"2026-12-31 8-12\". May be given again."`
	Usual    []string `sep:"none" placeholder:"DATE" help:"A date that goes by the week again; all: every date."`
}

func (f *hoursFlags) given() bool {
	return f.Hours != nil || f.Zone != nil || f.Holidays != nil || len(f.Closed)+len(f.Open)+len(f.Usual) > 0
}

// apply returns hours as the flags would have them, and leaves the given ones alone. Dates that have passed go.
func (f *hoursFlags) apply(old *staff.Hours, now time.Time) (*staff.Hours, error) {
	if !f.given() {
		return old, nil
	}
	h := old.Clone()
	if h == nil {
		h = staff.AlwaysOpen(staff.DefaultZone)
	}
	if f.Hours != nil {
		week, err := staff.ParseWeek(*f.Hours)
		if err != nil {
			return nil, err
		}
		h.Week = week
	}
	if f.Zone != nil {
		h.Zone = *f.Zone
	}
	if f.Holidays != nil {
		if h.Holidays = *f.Holidays; h.Holidays == "none" {
			h.Holidays = ""
		}
	}
	if err := f.dates(h); err != nil {
		return nil, err
	}
	yesterday := now.AddDate(0, 0, -1).Format(time.DateOnly) // somewhere it still is
	h.Exceptions = slices.DeleteFunc(h.Exceptions, func(e staff.Exception) bool { return e.Date < yesterday })
	slices.SortFunc(h.Exceptions, func(a, b staff.Exception) int { return strings.Compare(a.Date, b.Date) })
	return h, nil
}

// dates changes the exceptions: first those that are taken back, then those that are set.
func (f *hoursFlags) dates(h *staff.Hours) error {
	for _, words := range f.Usual {
		if words == "all" {
			h.Exceptions = nil
			continue
		}
		dates, _, err := readDates(words)
		if err != nil {
			return fmt.Errorf("--usual: %w", err)
		}
		h.Exceptions = slices.DeleteFunc(h.Exceptions, func(e staff.Exception) bool { return slices.Contains(dates, e.Date) })
	}
	for _, words := range f.Closed {
		dates, name, err := readDates(words)
		if err != nil {
			return fmt.Errorf("--closed: %w", err)
		}
		except(h, dates, name, nil)
	}
	for _, words := range f.Open {
		dates, rest, err := readDates(words)
		if err != nil {
			return fmt.Errorf("--open: %w", err)
		}
		name := strings.TrimLeft(rest, "0123456789.:-–— ")
		intervals, err := staff.ParseIntervals(strings.TrimSuffix(rest, name))
		if err != nil {
			return fmt.Errorf("--open %q: %w", words, err)
		}
		except(h, dates, name, intervals)
	}
	return nil
}

func except(h *staff.Hours, dates []string, name string, intervals []staff.Interval) {
	for _, date := range dates {
		h.Exceptions = slices.DeleteFunc(h.Exceptions, func(e staff.Exception) bool { return e.Date == date })
		h.Exceptions = append(h.Exceptions, staff.Exception{Date: date, Name: name, Intervals: intervals})
	}
}

// readDates reads a date, or two with .. between them and all that lie there, and the words after it.
func readDates(words string) (dates []string, rest string, err error) {
	span, rest, _ := strings.Cut(strings.TrimSpace(words), " ")
	left, right, isSpan := strings.Cut(span, "..")
	first, err := readDate(left)
	if err != nil {
		return nil, "", err
	}
	last := first
	if isSpan {
		if last, err = readDate(right); err != nil {
			return nil, "", err
		}
	}
	if last.Before(first) {
		return nil, "", fmt.Errorf("%s ends before it begins", span)
	}
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		if len(dates) == staff.MaxExceptions {
			return nil, "", fmt.Errorf("%s is longer than %d days", span, staff.MaxExceptions)
		}
		dates = append(dates, day.Format(time.DateOnly))
	}
	return dates, strings.TrimSpace(rest), nil
}

// readDate also takes a date as it is written in Finland: 24.12.2026.
func readDate(s string) (time.Time, error) {
	if day, err := time.Parse("2.1.2006", s); err == nil {
		s = day.Format(time.DateOnly)
	}
	return staff.ParseDate(s)
}

// hoursLines are what a list says of opening hours, in lines of a name and its words.
func hoursLines(h *staff.Hours, now time.Time) [][2]string {
	if h == nil {
		return [][2]string{{"hours", staff.Always}}
	}
	words := staff.WeekText(h.Week)
	if words == "" {
		words = "on dates alone"
	}
	words += " (" + h.Zone + ")"
	if h.Holidays != "" {
		words += ", closed on the holidays of " + h.Holidays
	}
	lines := [][2]string{{"hours", words}}
	for i := 0; i < len(h.Exceptions); {
		last := i + runOf(h.Exceptions[i:]) - 1
		lines = append(lines, [2]string{"", exceptionWords(h.Exceptions[i], h.Exceptions[last])})
		i = last + 1
	}
	return append(lines, [2]string{"now", nowWords(h, now)})
}

// runOf is how many dates from the first on follow each other and are alike.
func runOf(all []staff.Exception) int {
	n := 1
	for ; n < len(all); n++ {
		day, err := staff.ParseDate(all[n-1].Date)
		if err != nil || day.AddDate(0, 0, 1).Format(time.DateOnly) != all[n].Date ||
			all[n].Name != all[0].Name || !slices.Equal(all[n].Intervals, all[0].Intervals) {
			break
		}
	}
	return n
}

func exceptionWords(first, last staff.Exception) string {
	words := first.Date
	if last.Date != first.Date {
		words += ".." + last.Date
	}
	if len(first.Intervals) == 0 {
		words += " closed"
	} else {
		words += " " + staff.IntervalsText(first.Intervals)
	}
	if first.Name != "" {
		words += " " + first.Name
	}
	return words
}

func nowWords(h *staff.Hours, now time.Time) string {
	if until, ok := h.Until(now); ok {
		return "open; closes " + h.Say("en", now, until)
	}
	if h.Open(now) {
		return "open"
	}
	if next, ok := h.Next(now); ok {
		return "closed; opens " + h.Say("en", now, next)
	}
	return "closed for good: its dates have passed"
}
