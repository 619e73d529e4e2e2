package bot

import (
	"slices"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// valueAt is a value for a field, with its place in the message.
type valueAt struct {
	field int
	value string
	span
}

// valuesIn finds the values for a form's fields in the customer's words. Where several fields of a type are empty, they
// are filled in order; else the last value counts: "ei 10234 vaan 10235".
func (t *turn) valuesIn(run *running) []valueAt {
	var out []valueAt
	done := map[string]bool{}
	for i, d := range run.Fields {
		if d.Kind == "text" {
			if v, ok := t.wordFor(d); ok {
				v.field = i
				out = append(out, v)
			}
			continue
		}
		if done[d.Kind] {
			continue
		}
		done[d.Kind] = true
		out = append(out, t.share(run, d.Kind, t.candidates(run, d.Kind))...)
	}
	return out
}

// wordFor finds a word that fits a text field's pattern.
func (t *turn) wordFor(d runningField) (v valueAt, ok bool) {
	if d.Pattern == "" {
		return v, false
	}
	at := 0
	for _, w := range strings.Fields(t.in.Text) {
		from := at + strings.Index(t.in.Text[at:], w)
		at = from + len(w)
		if v.value, ok = t.valid(d, strings.Trim(w, ".,;:!?()")); ok {
			v.span = span{from, at}
			return v, true
		}
	}
	return v, false
}

// share gives the values of a type to the fields of that type.
func (t *turn) share(run *running, kind string, values []valueAt) []valueAt {
	var fields, empty []int
	for i, d := range run.Fields {
		if d.Kind == kind {
			fields = append(fields, i)
			if run.Values[d.Name] == "" {
				empty = append(empty, i)
			}
		}
	}
	var out []valueAt
	give := func(v valueAt, field int) bool {
		value, ok := t.valid(run.Fields[field], v.value)
		if ok {
			out = append(out, valueAt{field, value, v.span})
		}
		return ok
	}
	if len(fields) > 1 {
		for _, v := range values {
			if i := slices.IndexFunc(empty, func(f int) bool { return give(v, f) }); i >= 0 {
				empty = slices.Delete(empty, i, i+1)
			}
		}
	}
	for i := len(values) - 1; i >= 0 && len(out) == 0; i-- {
		give(values[i], fields[len(fields)-1])
	}
	for i := range values { // the other values belong to this one: "ei 10234 vaan 10235"
		if len(out) == 1 && len(fields) == 1 {
			out[0].from, out[0].to = min(out[0].from, values[i].from), max(out[0].to, values[i].to)
		}
	}
	return out
}

// candidates are the values of a type that the message holds, in order.
func (t *turn) candidates(run *running, kind string) []valueAt {
	var out []valueAt
	var days []dated
	if slices.ContainsFunc(run.Fields, func(d runningField) bool { return d.Kind == understand.EntityDate }) {
		days = findDays(t.in.Text, t.language, t.in.Now)
	}
	if kind == understand.EntityDate && len(days) > 0 {
		for _, d := range days {
			out = append(out, valueAt{value: d.day.Format(isoDay), span: span{d.from, d.to}})
		}
		return out
	}
	for _, e := range t.entities {
		if e.Name == entityOf(kind) {
			out = append(out, valueAt{value: e.Value, span: span{e.From, e.To}})
		}
	}
	if kind != "number" || len(out) > 0 {
		return out
	}
	at := 0
	for _, w := range strings.Fields(t.in.Text) {
		from := at + strings.Index(t.in.Text[at:], w)
		at = from + len(w)
		bare := strings.Trim(w, ".,;:!?()")
		inDay := slices.ContainsFunc(days, func(d dated) bool { return d.from < at && from < d.to })
		if !inDay && wholeNumber.MatchString(bare) {
			out = append(out, valueAt{value: bare, span: span{from, at}})
		}
	}
	return out
}

// meantFor names the field that words without a value were meant for, in a form that will not do.
func (t *turn) meantFor(run *running, s saying) map[string]bool {
	if len(s.values) > 0 {
		return nil
	}
	for _, d := range run.Fields {
		if run.Values[d.Name] == "" && t.looksLike(d) && (d.Kind == "email" || run.missingText() == nil || len(contentWords(t.in.Text)) == 0) {
			return map[string]bool{d.Name: true}
		}
	}
	return nil
}

// looksLike tells whether short words were meant for the field: digits for a number, an @ for an address.
func (t *turn) looksLike(d runningField) bool {
	if len(strings.Fields(t.in.Text)) > 6 {
		return false
	}
	switch d.Kind {
	case "email":
		return strings.Contains(t.in.Text, "@")
	case understand.EntityOrder, "number", "phone", "date", understand.EntityMoney:
		return strings.ContainsAny(t.in.Text, "0123456789")
	}
	return false
}
