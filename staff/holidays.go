package staff

import "time"

// Countries lists those whose public holidays are known here.
func Countries() []string { return []string{"fi"} }

// Holidays are the days of a year on which people are not there in a country, by date: its public holidays and the
// eves on which offices are closed. They are nil where the country is not known.
func Holidays(country string, year int) []Exception {
	var all []Exception
	for day := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		if name := holiday(country, day); name != "" {
			all = append(all, Exception{Date: day.Format(time.DateOnly), Name: name})
		}
	}
	return all
}

// holiday is the name of the holiday that a day is; empty where it is none.
func holiday(country string, day time.Time) string {
	if country != "fi" {
		return ""
	}
	switch sinceEaster(day) {
	case -2:
		return "pitkäperjantai"
	case 0:
		return "pääsiäispäivä"
	case 1:
		return "toinen pääsiäispäivä"
	case 39:
		if day.Month() == time.May && day.Day() == 1 {
			return "vappu" // and Ascension Day on the same date, as in 2008
		}
		return "helatorstai"
	case 49:
		return "helluntaipäivä"
	}
	return finnishByDate(day)
}

// finnishByDate are those of a fixed date, and those of the Friday or Saturday of a fixed week.
func finnishByDate(day time.Time) string {
	_, month, date := day.Date()
	weekday := day.Weekday()
	switch {
	case month == time.January && date == 1:
		return "uudenvuodenpäivä"
	case month == time.January && date == 6:
		return "loppiainen"
	case month == time.May && date == 1:
		return "vappu"
	case month == time.June && weekday == time.Friday && date >= 19 && date <= 25:
		return "juhannusaatto"
	case month == time.June && weekday == time.Saturday && date >= 20 && date <= 26:
		return "juhannuspäivä"
	case weekday == time.Saturday && (month == time.October && date == 31 || month == time.November && date <= 6):
		return "pyhäinpäivä"
	case month == time.December && date == 6:
		return "itsenäisyyspäivä"
	case month == time.December && date == 24:
		return "jouluaatto"
	case month == time.December && date == 25:
		return "joulupäivä"
	case month == time.December && date == 26:
		return "tapaninpäivä"
	}
	return ""
}

// sinceEaster is how many days a day comes after the Easter Sunday of its year.
func sinceEaster(day time.Time) int {
	year, month, date := day.Date()
	easterMonth, easterDate := easter(year)
	return dayOfYear(year, month, date) - dayOfYear(year, easterMonth, easterDate)
}

func dayOfYear(year int, month time.Month, date int) int {
	return time.Date(year, month, date, 12, 0, 0, 0, time.UTC).YearDay()
}

// easter is the date of Easter Sunday in the Gregorian calendar, by the rule in Meeus, Astronomical Algorithms, chapter 8.
func easter(year int) (time.Month, int) {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Month(n / 31), n%31 + 1
}
