package understand

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// Entity is a value that stands in a message. Value is what is meant: a synonym is replaced, a date is written
// 2006-01-02 where it is complete, an amount has a point and no spaces.
type Entity struct {
	Name  string `json:"entity"`
	Value string `json:"value"`
	From  int    `json:"from"` // bytes of the message
	To    int    `json:"to"`
}

// Names of the entities that every bot knows.
const (
	EntityOrder = "order_number"
	EntityEmail = "email"
	EntityMoney = "money"
	EntityDate  = "date"
	EntityPhone = "phone"
)

// Finder finds entities of a bot: those of its patterns and lists, and those that every bot knows. Immutable.
type Finder struct {
	patterns []namedPattern
	lookups  map[string]string // folded phrase → entity
	synonyms map[string]string // folded phrase → value
	longest  map[string]int    // folded first word → words in the longest phrase that begins so
	orders   bool              // the bot has its own pattern for order numbers
}

type namedPattern struct {
	name   string
	re     *regexp.Regexp
	digits bool // it matches nothing without a digit
}

// needsDigit tells whether whatever re matches holds a digit. In doubt it does not.
func needsDigit(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return slices.ContainsFunc(re.Rune, isDigit)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if !isDigit(re.Rune[i]) || !isDigit(re.Rune[i+1]) {
				return false
			}
		}
		return len(re.Rune) > 0
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, needsDigit)
	case syntax.OpAlternate:
		return len(re.Sub) > 0 && !slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return !needsDigit(s) })
	case syntax.OpCapture, syntax.OpPlus:
		return needsDigit(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && needsDigit(re.Sub[0])
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

var (
	emailPattern = regexp.MustCompile(`[\p{L}0-9._%+-]{1,64}@[\p{L}0-9-]{1,63}(?:\.[\p{L}0-9-]{1,63}){0,5}\.\p{L}{2,24}`)
	moneyPattern = regexp.MustCompile(`(?i)(?:(€|eur|\$|£)\s?(\d{1,3}(?:[ \x{a0}.]\d{3})+|\d{1,9})([.,]\d{1,2})?)|(?:(\d{1,3}(?:[ \x{a0}.]\d{3})+|\d{1,9})([.,]\d{1,2})?\s?(€|eur(?:o|oa|on|os|olla|osta|oo|oo|ot|osen)?\b|e\b|kr\b|kronor\b|dollars?\b|\$|£))`)
	datePattern  = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?|\b(\d{1,2})/(\d{1,2})/(\d{4})\b`)
	phonePattern = regexp.MustCompile(`(?:\+\d{1,3}[ -]?\(?\d{1,4}\)?|\b0\d{1,3})(?:[ -]?\d{2,4}){2,4}\b`)
	orderPattern = regexp.MustCompile(`\b\d{5,8}\b`)
)

// NewFinder returns a finder. patterns and lookups go from an entity's name to its regular expressions and its words,
// synonyms from what is said to what is meant.
func NewFinder(patterns map[string][]*regexp.Regexp, lookups map[string][]string, synonyms map[string]string) *Finder {
	f := &Finder{lookups: map[string]string{}, synonyms: map[string]string{}, longest: map[string]int{}}
	for _, name := range sortedKeys(patterns) {
		for _, re := range patterns[name] {
			if !slices.ContainsFunc(f.patterns, func(p namedPattern) bool { return p.name == name && p.re.String() == re.String() }) {
				tree, err := syntax.Parse(re.String(), syntax.Perl)
				f.patterns = append(f.patterns, namedPattern{name, re, err == nil && needsDigit(tree)})
			}
		}
		f.orders = f.orders || name == EntityOrder
	}
	for _, name := range sortedKeys(lookups) {
		for _, w := range lookups[name] {
			f.addPhrase(f.lookups, w, name)
		}
	}
	for _, said := range sortedKeys(synonyms) {
		if key, _ := foldPhrase(said); key != "" {
			f.synonyms[key] = synonyms[said]
		}
	}
	return f
}

func (f *Finder) addPhrase(m map[string]string, phrase, value string) {
	key, words := foldPhrase(phrase)
	if key != "" {
		m[key] = value
		first, _, _ := strings.Cut(key, " ")
		f.longest[first] = max(f.longest[first], words)
	}
}

func foldPhrase(phrase string) (string, int) {
	var a analysis
	a.read(phrase)
	var b strings.Builder
	words := 0
	for i := range a.toks {
		if a.toks[i].kind == word {
			if words > 0 {
				b.WriteByte(' ')
			}
			b.Write(a.fold(i))
			words++
		}
	}
	return b.String(), words
}

// maxSearched is how far into a message, in bytes, values are looked for: patterns take long on long texts, and who
// writes a number writes it early.
const maxSearched = 2 << 10

// Find returns the entities in text by their place, at most 32, none overlapping another of the same name.
func (f *Finder) Find(text string) []Entity {
	if len(text) > maxSearched {
		text = strings.ToValidUTF8(text[:maxSearched], "")
	}
	var out []Entity
	add := func(e Entity) {
		if len(out) < 32 && !slices.ContainsFunc(out, func(o Entity) bool { return o.Name == e.Name && o.From < e.To && e.From < o.To }) {
			out = append(out, e)
		}
	}
	if strings.Contains(text, "@") {
		for _, m := range emailPattern.FindAllStringIndex(text, 8) {
			add(Entity{EntityEmail, strings.ToLower(text[m[0]:m[1]]), m[0], m[1]})
		}
	}
	if len(f.lookups) > 0 {
		f.findPhrases(text, add)
	}
	digits := strings.ContainsAny(text, "0123456789")
	if digits {
		findDates(text, add)
		findMoney(text, add)
	}
	for _, p := range f.patterns {
		if p.digits && !digits {
			continue
		}
		for _, m := range p.re.FindAllStringIndex(text, 8) {
			if m[1] > m[0] {
				add(Entity{p.name, f.meant(text[m[0]:m[1]]), m[0], m[1]})
			}
		}
	}
	if digits {
		for _, m := range phonePattern.FindAllStringIndex(text, 4) {
			if n := countDigits(text[m[0]:m[1]]); n >= 7 && n <= 15 {
				add(Entity{EntityPhone, text[m[0]:m[1]], m[0], m[1]})
			}
		}
		if !f.orders {
			findOrders(text, out, add)
		}
	}
	slices.SortStableFunc(out, func(a, b Entity) int { return a.From - b.From })
	return out
}

func findOrders(text string, others []Entity, add func(Entity)) {
	for _, m := range orderPattern.FindAllStringIndex(text, 8) {
		inOther := slices.ContainsFunc(others, func(o Entity) bool { return o.From <= m[0] && m[1] <= o.To && o.To-o.From > m[1]-m[0] })
		if !inOther {
			add(Entity{EntityOrder, text[m[0]:m[1]], m[0], m[1]})
		}
	}
}

func (f *Finder) meant(said string) string {
	if len(f.synonyms) > 0 {
		key, _ := foldPhrase(said)
		if v, ok := f.synonyms[key]; ok {
			return v
		}
	}
	return said
}

// findPhrases looks for the words of the bot's lists.
func (f *Finder) findPhrases(text string, add func(Entity)) {
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	a := &rd.analysis
	a.read(text)
	var buf [64]byte
	for i := range a.toks {
		if a.toks[i].kind != word {
			continue
		}
		key := buf[:0]
		most := f.longest[string(a.fold(i))]
		for j, words := i, 0; j < len(a.toks) && words < most && a.toks[j].kind == word; j++ {
			if words++; words > 1 {
				key = append(key, ' ')
			}
			key = append(key, a.fold(j)...)
			if name, ok := f.lookups[string(key)]; ok {
				said := a.text(i, j+1)
				value := said
				if v, ok := f.synonyms[string(key)]; ok {
					value = v
				}
				add(Entity{name, value, a.toks[i].lo, a.toks[j].hi})
			}
		}
	}
}

func findMoney(text string, add func(Entity)) {
	for _, at := range moneyPattern.FindAllStringSubmatchIndex(text, 8) {
		whole, cents := group(text, at, 2)+group(text, at, 4), group(text, at, 3)+group(text, at, 5)
		whole = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, whole)
		add(Entity{EntityMoney, whole + strings.Replace(cents, ",", ".", 1), at[0], at[1]})
	}
}

// group returns a group of a match, "" where it took no part.
func group(text string, at []int, i int) string {
	if at[2*i] < 0 {
		return ""
	}
	return text[at[2*i]:at[2*i+1]]
}

func findDates(text string, add func(Entity)) {
	for _, at := range datePattern.FindAllStringSubmatchIndex(text, 8) {
		year, month, day := group(text, at, 1), group(text, at, 2), group(text, at, 3)
		if day == "" {
			day, month, year = group(text, at, 4)+group(text, at, 7), group(text, at, 5)+group(text, at, 8), group(text, at, 6)+group(text, at, 9)
		}
		if value := dateValue(year, month, day); value != "" {
			add(Entity{EntityDate, value, at[0], at[1]})
		}
	}
}

func dateValue(year, month, day string) string {
	d, err := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	if err != nil || err2 != nil || d < 1 || d > 31 || m < 1 || m > 12 {
		return ""
	}
	two := func(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	switch len(year) {
	case 4:
		return year + "-" + two(m) + "-" + two(d)
	case 2:
		return "20" + year + "-" + two(m) + "-" + two(d)
	}
	return strconv.Itoa(d) + "." + strconv.Itoa(m) + "."
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// Money returns the largest amount among entities, 0 if there is none.
func Money(entities []Entity) float64 {
	most := 0.0
	for _, e := range entities {
		if e.Name == EntityMoney {
			if v, err := strconv.ParseFloat(e.Value, 64); err == nil && v > most {
				most = v
			}
		}
	}
	return most
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
