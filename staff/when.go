package staff

import (
	"fmt"
	"time"
)

// Say is a moment as the house says it to a customer, by the clock of the hours' zone and seen from now: "huomenna klo
// 8", "på måndag kl. 8", "on 17 March at 8". It stands in the middle of a sentence; English is spoken where the language
// is not known.
func (h *Hours) Say(language string, now, at time.Time) string {
	place := h.Location()
	now, at = now.In(place), at.In(place)
	day := sayDay(language, now, at)
	switch language {
	case "fi":
		return day + " klo " + dotted(at)
	case "sv":
		return day + " kl. " + dotted(at)
	}
	return day + " at " + plain(at)
}

// SaySlot is the hour that begins at a moment, in the manner of Say: "huomenna klo 8–9", "i morgon kl. 8–9", "tomorrow
// between 8 and 9".
func (h *Hours) SaySlot(language string, now, at time.Time) string {
	place := h.Location()
	now, at = now.In(place), at.In(place)
	end := at.Add(time.Hour)
	day := sayDay(language, now, at)
	switch language {
	case "fi":
		return day + " klo " + dotted(at) + "–" + dottedEnd(end)
	case "sv":
		return day + " kl. " + dotted(at) + "–" + dottedEnd(end)
	}
	from, to := plain(at), plain(end)
	if !short(at) || !short(end) { // both in the same manner
		from, to = minutes(at), minutes(end)
	}
	if midnight(end) {
		to = "midnight"
	}
	return day + " between " + from + " and " + to
}

// dotted is the time of day in Finnish and Swedish: 8, 14.30.
func dotted(t time.Time) string {
	if t.Minute() == 0 {
		return fmt.Sprint(t.Hour())
	}
	return fmt.Sprintf("%d.%02d", t.Hour(), t.Minute())
}

// dottedEnd calls midnight 24, for at the end of something 0 reads as its beginning.
func dottedEnd(t time.Time) string {
	if midnight(t) {
		return "24"
	}
	return dotted(t)
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 }

// plain is the time of day in English: 8, 8:30, 14:00.
func plain(t time.Time) string {
	if short(t) {
		return fmt.Sprint(t.Hour())
	}
	return minutes(t)
}

// short tells whether English leaves the minutes out: of a full hour of the morning, which nobody takes for another.
func short(t time.Time) bool { return t.Minute() == 0 && t.Hour() >= 1 && t.Hour() <= 12 }

func minutes(t time.Time) string { return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute()) }

// sayDay names the day of at as seen from the day of now: today, tomorrow, the next days by their names, then the date,
// with the year where the date alone would be taken for a nearer one.
func sayDay(language string, now, at time.Time) string {
	days := int(date(at).Sub(date(now)) / (24 * time.Hour))
	switch {
	case days == 0:
		return in(language, "tänään", "i dag", "today")
	case days == 1:
		return in(language, "huomenna", "i morgon", "tomorrow")
	case days > 1 && days < 7:
		name := weekdays[weekday(at)]
		return in(language, name.finnish, "på "+name.swedish, "on "+name.english)
	}
	_, month, day := at.Date()
	text := in(language, fmt.Sprintf("%d.%d.", day, month), fmt.Sprintf("den %d %s", day, swedishMonths[month-1]), fmt.Sprintf("on %d %s", day, month))
	if days < 0 || days > 300 {
		return text + in(language, "", " ", " ") + fmt.Sprint(at.Year())
	}
	return text
}

// date is the day of local, where days are all of one length.
func date(local time.Time) time.Time {
	year, month, day := local.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

var swedishMonths = [12]string{
	"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
}

func in(language, finnish, swedish, english string) string {
	switch language {
	case "fi":
		return finnish
	case "sv":
		return swedish
	}
	return english
}
