package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// dated is a day that words name, with its place in them.
type dated struct {
	day      time.Time // its beginning, UTC
	from, to int       // bytes
}

// isoDay is how a day is kept: 2026-03-24.
const isoDay = "2006-01-02"

// findDays returns the days that a text names, in order: 24.3., 24.3.2026, 24. maaliskuuta, huomenna, ensi tiistaina, and
// their like in Swedish and English. now says which day is meant; language, which short forms of weekdays count.
func findDays(text, language string, now time.Time) []dated {
	if now.IsZero() {
		return nil
	}
	if len(text) > maxDayText {
		text = strings.ToValidUTF8(text[:maxDayText], "")
	}
	r := dayReader{pieces: cutPieces(text), language: language, today: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)}
	var out []dated
	for r.at < len(r.pieces) {
		before := r.lone
		r.lone = none
		day, n := r.read()
		if n == 0 {
			r.lone = before
			r.at++
			continue
		}
		d := dated{day, r.pieces[r.at].from, r.pieces[r.at+n-1].to}
		if r.lone == none && r.follows(before) { // "tiistaina 24.3.": one day, and the figures count
			d.from = out[len(out)-1].from
			out = out[:len(out)-1]
		}
		r.at += n
		out = append(out, d)
	}
	return out
}

// maxDayText is how far into a message, in bytes, days are looked for.
const maxDayText = 2 << 10

// piece is a word, a number or a sign of a text.
type piece struct {
	text     string // folded: small letters, no dots and accents
	number   int    // -1: it is none
	from, to int
	close    bool // nothing stands between it and the piece before
}

// cutPieces cuts a text into words, numbers and signs.
func cutPieces(text string) []piece {
	var out []piece
	class := func(r rune) int {
		switch {
		case r >= '0' && r <= '9':
			return 1
		case unicode.IsLetter(r), unicode.IsMark(r):
			return 2
		}
		return 0
	}
	was, end := -1, 0
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		if r, size = utf8.DecodeRuneInString(text[i:]); unicode.IsSpace(r) {
			was = -1
			continue
		}
		c := class(r)
		if c == 0 || c != was {
			out = append(out, piece{number: -1, from: i, close: end == i && i > 0})
		}
		was, end = c, i+size
		out[len(out)-1].to = end
	}
	for i := range out {
		p := &out[i]
		p.text = foldWord(text[p.from:p.to])
		if n, err := strconv.Atoi(p.text); err == nil && len(p.text) <= 4 {
			p.number = n
		}
	}
	return out
}

var foldLetters = strings.NewReplacer("ä", "a", "å", "a", "ö", "o", "é", "e", "a\u0308", "a", "o\u0308", "o", "a\u030a", "a")

func foldWord(s string) string { return foldLetters.Replace(strings.ToLower(s)) }

// dayReader reads days out of pieces. Each of its readings returns how many pieces it took, 0 where there is no day.
type dayReader struct {
	pieces   []piece
	at       int
	language string
	today    time.Time
	lone     int // the piece after the weekday that was read last; none: it was no weekday by itself
}

// none is a place before all pieces.
const none = 0

func (r *dayReader) peek(i int) piece {
	if r.at+i < 0 || r.at+i >= len(r.pieces) {
		return piece{number: -1}
	}
	return r.pieces[r.at+i]
}

// words tells whether these words stand here, in this order.
func (r *dayReader) words(words ...string) bool {
	for i, w := range words {
		if r.peek(i).text != w {
			return false
		}
	}
	return true
}

func (r *dayReader) read() (time.Time, int) {
	for _, read := range []func() (time.Time, int){r.figures, r.nearDay, r.inSome, r.weekday, r.monthFirst} {
		if day, n := read(); n > 0 {
			return day, n
		}
	}
	return time.Time{}, 0
}

// follows tells whether a weekday that ended before piece lone stands right before here.
func (r *dayReader) follows(lone int) bool {
	between := r.peek(-1).text
	return lone != none && (lone == r.at || lone == r.at-1 && slices.Contains([]string{",", "den", "the"}, between))
}

// day makes a day of figures; ok is false where the calendar has none. Without a year (0) it is the next such day, or
// the one before where that is at most a month ago.
func (r *dayReader) day(year, month, d int) (time.Time, bool) {
	if year > 0 && year < 100 {
		year += 2000
	}
	if year != 0 && (year < 1900 || year > 2199) {
		return time.Time{}, false
	}
	from, to := year, year
	if year == 0 {
		from, to = r.today.Year()-1, r.today.Year()+8 // 29 February comes at last
	}
	for y := from; y <= to; y++ {
		t := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
		exists := month >= 1 && month <= 12 && t.Day() == d && t.Month() == time.Month(month)
		if exists && (year != 0 || !t.Before(r.today.AddDate(0, 0, -monthAgo))) {
			return t, true
		}
	}
	return time.Time{}, false
}

// monthAgo is how many days a day without a year may have passed.
const monthAgo = 31

// figures reads 2026-03-24, 24.3.2026, 24.3., 24.3, 24/3/2026, 24 mars, 24th of March.
func (r *dayReader) figures() (time.Time, int) {
	one, sign, two := r.peek(0), r.peek(1), r.peek(2)
	before := r.peek(-1)
	inChain := one.close && before.close && (before.text == "." || before.text == "/")
	if one.number < 0 || inChain || r.clock() {
		return time.Time{}, 0
	}
	if sign.text == "-" && sign.close && two.close && two.number >= 0 && len(one.text) == 4 && r.peek(3).text == "-" && r.peek(4).number >= 0 {
		return r.taken(5, one.number, two.number, r.peek(4).number)
	}
	if (sign.text == "." || sign.text == "/") && sign.close && two.number >= 0 && (two.close || sign.text == ".") {
		return r.dayMonth(sign.text)
	}
	n := 1
	switch sign.text {
	case ".", "th", "st", "nd", "rd":
		n = 2
	}
	if w := r.peek(n).text; w == "of" {
		n++
	}
	month := monthOf(r.peek(n).text)
	if month == 0 {
		return time.Time{}, 0
	}
	n++
	if y := r.peek(n); len(y.text) == 4 && y.number >= 0 {
		return r.taken(n+1, y.number, month, one.number)
	}
	return r.taken(n, 0, month, one.number)
}

// dayMonth reads 24.3.2026, 24.3., 24.3 and the same with strokes.
func (r *dayReader) dayMonth(sign string) (time.Time, int) {
	day, month, after, year := r.peek(0), r.peek(2), r.peek(3), r.peek(4)
	if after.text == sign && after.close {
		if (len(year.text) == 4 || len(year.text) == 2 && year.close) && year.number >= 0 {
			return r.taken(5, year.number, month.number, day.number)
		}
		if sign == "." && !(year.close && year.number >= 0) { // 2.10.3 is a version
			return r.taken(4, 0, month.number, day.number)
		}
		return time.Time{}, 0
	}
	// "24.3" is a day at the end of words, or before a time: "2.5 kg" is none.
	if !month.close || after.number >= 0 || unicode.IsLetter(firstRune(after.text)) && !isClock(after.text) {
		return time.Time{}, 0
	}
	return r.taken(3, 0, month.number, day.number)
}

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return 0
}

func (r *dayReader) taken(n, year, month, day int) (time.Time, int) {
	if t, ok := r.day(year, month, day); ok {
		return t, n
	}
	return time.Time{}, 0
}

func isClock(word string) bool { return slices.Contains([]string{"klo", "kello", "kl", "at"}, word) }

// clock tells whether the figure here belongs to a time: "klo 10.11", "kl. 9.30".
func (r *dayReader) clock() bool {
	before := r.peek(-1).text
	if before == "." {
		before = r.peek(-2).text
	}
	if isClock(before) {
		return true
	}
	sign := r.peek(-1).text // the minutes
	return r.peek(0).close && (sign == "." || sign == ":") && (isClock(r.peek(-3).text) || isClock(r.peek(-4).text))
}

// nearDays are the words for days around today, the longest first.
var nearDays = []struct {
	words []string
	days  int
}{
	{[]string{"day", "after", "tomorrow"}, 2}, {[]string{"day", "before", "yesterday"}, -2},
	{[]string{"i", "dag"}, 0}, {[]string{"i", "kvall"}, 0}, {[]string{"i", "eftermiddag"}, 0}, {[]string{"i", "morgon"}, 1}, {[]string{"i", "morron"}, 1},
	{[]string{"i", "overmorgon"}, 2}, {[]string{"i", "gar"}, -1}, {[]string{"i", "forrgar"}, -2},
	{[]string{"tana", "iltana"}, 0}, {[]string{"tana", "aamuna"}, 0}, {[]string{"tana", "paivana"}, 0}, {[]string{"this", "afternoon"}, 0}, {[]string{"this", "evening"}, 0}, {[]string{"this", "morning"}, 0},
	{[]string{"tanaan"}, 0}, {[]string{"tanaa"}, 0}, {[]string{"tan", "illaksi"}, 0}, {[]string{"idag"}, 0}, {[]string{"ikvall"}, 0}, {[]string{"today"}, 0}, {[]string{"tonight"}, 0},
	{[]string{"huomenna"}, 1}, {[]string{"huomen"}, 1}, {[]string{"huomiseksi"}, 1}, {[]string{"huomiseks"}, 1}, {[]string{"huomiselle"}, 1}, {[]string{"huominen"}, 1}, {[]string{"huomisaamuna"}, 1}, {[]string{"huomisiltana"}, 1},
	{[]string{"imorgon"}, 1}, {[]string{"imorron"}, 1}, {[]string{"tomorrow"}, 1}, {[]string{"tmrw"}, 1},
	{[]string{"ylihuomenna"}, 2}, {[]string{"ylihuomen"}, 2}, {[]string{"ylihuomiseksi"}, 2}, {[]string{"ylihuomiselle"}, 2}, {[]string{"ylihuominen"}, 2}, {[]string{"overmorgon"}, 2},
	{[]string{"eilen"}, -1}, {[]string{"igar"}, -1}, {[]string{"yesterday"}, -1}, {[]string{"toissapaivana"}, -2}, {[]string{"forrgar"}, -2},
}

// nearDay reads huomenna, i övermorgon, the day after tomorrow.
func (r *dayReader) nearDay() (time.Time, int) {
	for i := range nearDays {
		if d := &nearDays[i]; r.words(d.words...) {
			return r.today.AddDate(0, 0, d.days), len(d.words)
		}
	}
	return time.Time{}, 0
}

// counts are the small numbers in words.
var counts = map[string]int{
	"yhden": 1, "kahden": 2, "parin": 2, "kolmen": 3, "neljan": 4, "viiden": 5, "kuuden": 6,
	"en": 1, "ett": 1, "tva": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6,
	"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}

// inSome reads "kahden viikon päästä", "om tre dagar", "in a week".
func (r *dayReader) inSome() (time.Time, int) {
	i, many := 0, 0
	if w := r.peek(0).text; w == "om" || w == "in" {
		i = 1
	}
	if n := r.peek(i).number; n > 0 && n < 100 {
		many, i = n, i+1
	} else if n := counts[r.peek(i).text]; n > 0 {
		many, i = n, i+1
	}
	days := 0
	switch r.peek(i).text {
	case "paivan", "dag", "dagar", "day", "days":
		days = 1
	case "viikon", "vecka", "veckor", "week", "weeks":
		days = 7
	}
	finnish := r.peek(i+1).text == "paasta" || r.peek(i+1).text == "kuluttua"
	switch w := r.peek(0).text; {
	case days == 0:
		return time.Time{}, 0
	case finnish && w != "om" && w != "in":
		return r.today.AddDate(0, 0, days*max(many, 1)), i + 2
	case (w == "om" || w == "in") && many > 0:
		return r.today.AddDate(0, 0, days*many), i + 1
	}
	return time.Time{}, 0
}

var (
	weekdayNames = [][]string{ // from Monday on; by their beginnings
		{"maanantai", "mandag", "monday"}, {"tiistai", "tisdag", "tuesday"}, {"keskiviikko", "onsdag", "wednesday"}, {"torstai", "torsdag", "thursday"},
		{"perjantai", "fredag", "friday"}, {"lauantai", "lordag", "saturday"}, {"sunnuntai", "sondag", "sunday"},
	}
	weekdayEnds = []string{
		"", "na", "ksi", "ks", "lle", "sta", "aamuna", "iltana", "aamuksi", "illaksi", "aamupaivana", "iltapaivana", "aamupaivalla", "iltapaivalla",
		"en", "morgon", "kvall", "smorgon", "skvall", "formiddag", "eftermiddag", "sformiddag", "seftermiddag",
	}
	shortWeekdays = map[string][]string{
		"fi": {"ma", "ti", "ke", "to", "pe", "la", "su"}, "sv": {"man", "tis", "ons", "tors", "fre", "lor", "son"}, "en": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
	}
	nextWords = []string{"ensi", "nasta", "next"}
	lastWords = []string{"viime", "forra", "last"}
	thisWords = []string{"tana", "tulevana", "pa", "nu", "den", "this", "on", "coming", "kommande"}
)

// weekday reads "tiistaina", "ensi tiistaina", "ensi viikon tiistaina", "tisdag nästa vecka", "last Friday".
func (r *dayReader) weekday() (time.Time, int) {
	n, week, plain := 0, 0, true
	switch w := r.peek(0).text; {
	case slices.Contains(nextWords, w):
		n, week, plain = 1, 1, false
	case slices.Contains(lastWords, w):
		n, week, plain = 1, -1, false
	case slices.Contains(thisWords, w):
		n = 1
	}
	if w := r.peek(n).text; n == 1 && (w == "viikon" || w == "viikolla" || w == "vecka" || w == "week") {
		if n = 2; slices.Contains([]string{"pa", "on"}, r.peek(n).text) {
			n++
		}
	}
	day := r.weekdayAt(n)
	if day < 0 {
		return time.Time{}, 0
	}
	n++
	if slices.Contains(nextWords, r.peek(n).text) && slices.Contains([]string{"viikolla", "vecka", "week"}, r.peek(n+1).text) {
		n, week, plain = n+2, 1, false
	}
	today := (int(r.today.Weekday()) + 6) % 7
	if plain {
		r.lone = r.at + n
		return r.today.AddDate(0, 0, (day-today+6)%7+1), n
	}
	if week < 0 {
		return r.today.AddDate(0, 0, -((today-day+6)%7 + 1)), n
	}
	return r.today.AddDate(0, 0, day-today+7*week), n
}

// weekdayAt is the weekday that piece i names, 0 Monday, -1 where it names none. A short form counts in its language, and
// where no other word follows it: "ti", "ti klo 10", "ti 24.3.".
func (r *dayReader) weekdayAt(i int) int {
	w := r.peek(i).text
	for day, names := range weekdayNames {
		for _, name := range names {
			if end, ok := strings.CutPrefix(w, name); ok && slices.Contains(weekdayEnds, end) {
				return day
			}
		}
	}
	day := slices.Index(shortWeekdays[r.language], w)
	next := r.peek(i + 1).text
	if next != "" && unicode.IsLetter(firstRune(next)) && !isClock(next) && !slices.Contains(nextWords, next) {
		return -1
	}
	if before := r.peek(i - 1).text; day >= 0 && i == 0 && before != "" && unicode.IsLetter(firstRune(before)) {
		return -1
	}
	return day
}

var monthNames = [][]string{
	{"tammikuu", "januari", "january", "jan"}, {"helmikuu", "februari", "february", "feb"}, {"maaliskuu", "mars", "march", "mar"}, {"huhtikuu", "april", "apr"},
	{"toukokuu", "maj", "may"}, {"kesakuu", "juni", "june", "jun"}, {"heinakuu", "juli", "july", "jul"}, {"elokuu", "augusti", "august", "aug"},
	{"syyskuu", "september", "sep", "sept"}, {"lokakuu", "oktober", "october", "okt", "oct"}, {"marraskuu", "november", "nov"}, {"joulukuu", "december", "dec"},
}

// monthOf is the month that a word names, 0 where it names none.
func monthOf(w string) int {
	for i, names := range monthNames {
		for k, name := range names {
			if w == name || k == 0 && (w == name+"ta" || w == name+"n") {
				return i + 1
			}
		}
	}
	return 0
}

// monthFirst reads "March 24, 2026" and "maaliskuun 24.".
func (r *dayReader) monthFirst() (time.Time, int) {
	month, d := monthOf(r.peek(0).text), r.peek(1)
	if month == 0 || d.number < 1 || d.number > 31 {
		return time.Time{}, 0
	}
	n := 2
	switch r.peek(n).text {
	case "th", "st", "nd", "rd", ".":
		n++
	}
	y := n
	if r.peek(y).text == "," {
		y++
	}
	if p := r.peek(y); len(p.text) == 4 && p.number >= 1900 {
		return r.taken(y+1, p.number, month, d.number)
	}
	return r.taken(n, 0, month, d.number)
}

var isoShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// sayDay writes a kept day as a language writes it: 24.3.2026, 24 March 2026. What is no day stays as it is.
func sayDay(language, value string) string {
	if !isoShape.MatchString(value) {
		return value
	}
	day, err := time.Parse(isoDay, value)
	if err != nil {
		return value
	}
	switch language {
	case "fi", "sv":
		return day.Format("2.1.2006")
	case "en":
		return day.Format("2 January 2006")
	}
	return value
}
