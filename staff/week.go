package staff

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kohta/kohta/chat"
)

// weekdays are what days are called, Monday first: in settings as people write them, and to customers.
var weekdays = [7]struct {
	short                     [3]string // en, fi, sv; listed by the first
	english, finnish, swedish string
}{
	{[3]string{"mon", "ma", "mån"}, "Monday", "maanantaina", "måndag"},
	{[3]string{"tue", "ti", "tis"}, "Tuesday", "tiistaina", "tisdag"},
	{[3]string{"wed", "ke", "ons"}, "Wednesday", "keskiviikkona", "onsdag"},
	{[3]string{"thu", "to", "tor"}, "Thursday", "torstaina", "torsdag"},
	{[3]string{"fri", "pe", "fre"}, "Friday", "perjantaina", "fredag"},
	{[3]string{"sat", "la", "lör"}, "Saturday", "lauantaina", "lördag"},
	{[3]string{"sun", "su", "sön"}, "Sunday", "sunnuntaina", "söndag"},
}

// Always is what ParseWeek takes for all hours of all days.
const Always = "always"

var (
	aroundDash = regexp.MustCompile(`\s*[-–—]\s*`)
	aTime      = regexp.MustCompile(`^([0-9]{1,2})(?:[.:]([0-9]{2}))?$`)
)

// ParseWeek reads opening hours as people write them: "mon-fri 8-16, sat 10-14", "ma-to 8.30-11 12-16, pe 8-14". Days
// are in English, Finnish or Swedish; a day that is not named is closed. The error, of kind Invalid, says what it does
// not understand.
func ParseWeek(text string) (week [7][]Interval, err error) {
	text = strings.TrimSpace(strings.ToLower(text))
	if text == Always {
		return AlwaysOpen("").Week, nil
	}
	var days []int
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
		more, intervals, err := parsePart(part)
		if err != nil {
			return week, err
		}
		if days = append(days, more...); len(days) == 0 && len(intervals) > 0 {
			return week, chat.Errorf(chat.Invalid, "opening hours: which days is %q for? Write mon-fri %s", strings.TrimSpace(part), intervals[0])
		}
		if len(intervals) == 0 {
			continue // "mon, wed 8-12": the hours come with a later day
		}
		for _, d := range days {
			week[d] = append(week[d], intervals...)
		}
		days = nil
	}
	if len(days) > 0 {
		return week, chat.Errorf(chat.Invalid, "opening hours: %s has no hours; leave out the days that are closed", weekdays[days[0]].short[0])
	}
	for day := range week {
		sortIntervals(week[day])
		if err := checkIntervals("opening hours, "+weekdays[day].english, week[day]); err != nil {
			return week, err
		}
	}
	return week, nil
}

// ParseIntervals reads the hours of one day: "8-11.30 12-16".
func ParseIntervals(text string) ([]Interval, error) {
	days, intervals, err := parsePart(text)
	if err != nil {
		return nil, err
	}
	if len(days) > 0 || len(intervals) == 0 {
		return nil, chat.Errorf(chat.Invalid, "the hours of a day are written like 8-11.30 12-16, not %q", text)
	}
	sortIntervals(intervals)
	return intervals, checkIntervals("hours", intervals)
}

func sortIntervals(all []Interval) {
	slices.SortFunc(all, func(a, b Interval) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

// parsePart reads days and then intervals.
func parsePart(part string) (days []int, intervals []Interval, err error) {
	for _, word := range strings.Fields(aroundDash.ReplaceAllString(part, "-")) {
		left, right, span := strings.Cut(word, "-")
		if word[0] >= '0' && word[0] <= '9' {
			from, ok := parseClock(left)
			to, good := parseClock(right)
			if !span || !ok || !good {
				return nil, nil, chat.Errorf(chat.Invalid, "opening hours: an interval is like 8-16 or 8.30-16.15, not %q", word)
			}
			intervals = append(intervals, Interval{from, to})
			continue
		}
		first, last := parseDay(left), parseDay(left)
		if span {
			last = parseDay(right)
		}
		if first < 0 || last < 0 {
			return nil, nil, chat.Errorf(chat.Invalid, "opening hours: a day is mon, tue, wed, thu, fri, sat or sun, not %q", word)
		}
		if len(intervals) > 0 {
			return nil, nil, chat.Errorf(chat.Invalid, "opening hours: put a comma before %q", word)
		}
		for d := first; ; d = (d + 1) % 7 {
			if days = append(days, d); d == last {
				break
			}
		}
	}
	return days, intervals, nil
}

func parseDay(s string) int {
	for day, names := range weekdays {
		if slices.Contains(names.short[:], s) {
			return day
		}
	}
	return -1
}

func parseClock(s string) (Clock, bool) {
	m := aTime.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2]) // nothing is 0
	c := Clock(hour*60 + minute)
	return c, minute < 60 && c <= EndOfDay
}

// WeekText writes a week as ParseWeek reads it.
func WeekText(week [7][]Interval) string {
	if slices.EqualFunc(week[:], AlwaysOpen("").Week[:], slices.Equal[[]Interval]) {
		return Always
	}
	var parts []string
	for first := 0; first < 7; {
		last := first
		for last < 6 && slices.Equal(week[last+1], week[first]) {
			last++
		}
		if len(week[first]) > 0 {
			words := []string{weekdays[first].short[0]}
			if last > first {
				words[0] += "-" + weekdays[last].short[0]
			}
			parts = append(parts, strings.Join(append(words, IntervalsText(week[first])), " "))
		}
		first = last + 1
	}
	return strings.Join(parts, ", ")
}

// IntervalsText writes the hours of a day as ParseIntervals reads them.
func IntervalsText(all []Interval) string {
	words := make([]string, len(all))
	for i, in := range all {
		words[i] = in.String()
	}
	return strings.Join(words, " ")
}
