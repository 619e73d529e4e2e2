package whatif

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kohta/kohta/staff"
)

// Write prints results as tables: one, or two side by side with what the second changes.
func Write(out io.Writer, results ...*Result) error {
	p := &printer{out: out, all: results}
	p.heading()
	p.summary()
	p.parts("by team", func(r *Result) []Part { return r.Teams })
	p.parts("by language", func(r *Result) []Part { return r.Langs })
	p.parts("by feeling", func(r *Result) []Part { return r.Feelings })
	p.parts("by hour of arrival", func(r *Result) []Part { return r.Hours })
	p.staff()
	p.formula()
	p.unserved()
	return p.err
}

type printer struct {
	out io.Writer
	all []*Result
	err error
}

func (p *printer) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// table prints rows, the first column to the left and the others to the right.
func (p *printer) table(rows [][]string) {
	if p.err != nil {
		return
	}
	first := 0
	for _, row := range rows {
		first = max(first, len([]rune(row[0])))
	}
	t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		pad := strings.Repeat(" ", first-len([]rune(row[0])))
		fmt.Fprintf(t, "%s%s\t%s\t\n", row[0], pad, strings.Join(row[1:], "\t"))
	}
	p.err = t.Flush()
}

func (p *printer) heading() {
	for i, r := range p.all {
		s := &r.Scenario
		if len(p.all) > 1 {
			p.say("%c: ", 'A'+i)
		}
		if s.Name != "" {
			p.say("%s. ", s.Name)
		}
		warm := ""
		if w := s.warmUp(); w > 0 {
			warm = fmt.Sprintf(" after a warm-up of %s", staff.Brief(w))
		}
		p.say("%d runs of %s from %s%s, seed %d, %d agents\n", s.Runs, staff.Brief(s.Length), s.Start, warm, s.Seed, s.headcount())
	}
	p.say("\n")
}

// line is a row of the summary.
type line struct {
	name string
	of   func(f *Figures) Range
	show func(float64) string
}

func lines(target time.Duration) []line {
	return []line{
		{"customers", func(f *Figures) Range { return f.Customers }, count},
		{"answered", func(f *Figures) Range { return f.Answered }, count},
		{"gave up", func(f *Figures) Range { return f.GaveUp }, count},
		{"waiting at the end", func(f *Figures) Range { return f.Waiting }, count},
		{"share who gave up", func(f *Figures) Range { return f.Abandoned }, percents},
		{"answered within " + staff.Brief(target), func(f *Figures) Range { return f.Within }, percents},
		{"wait, mean", func(f *Figures) Range { return f.Mean }, seconds},
		{"wait, p50", func(f *Figures) Range { return f.P50 }, seconds},
		{"wait, p80", func(f *Figures) Range { return f.P80 }, seconds},
		{"wait, p95", func(f *Figures) Range { return f.P95 }, seconds},
		{"longest wait", func(f *Figures) Range { return f.Longest }, seconds},
	}
}

func (p *printer) summary() {
	head := []string{""}
	for i := range p.all {
		if len(p.all) > 1 {
			head = append(head, string(rune('A'+i)), "8 of 10 runs")
		} else {
			head = append(head, "all runs", "8 of 10 runs")
		}
	}
	if len(p.all) == 2 {
		head = append(head, "B − A", "8 of 10 runs")
	}
	rows := [][]string{head}
	for _, l := range lines(p.all[0].Scenario.Target) {
		row := []string{l.name}
		for _, r := range p.all {
			x := l.of(&r.All)
			row = append(row, value(x, l.show), span(x, l.show))
		}
		if len(p.all) == 2 {
			d := p.difference(l.of)
			change := func(x float64) string { return signed(x, l.show) }
			row = append(row, value(d, change), span(d, change))
		}
		rows = append(rows, row)
	}
	p.table(rows)
	p.say("\nWaits are of those who were answered; 8 of 10 runs lie in the range beside a figure.\n")
	if len(p.all) == 2 {
		p.say("The same customers came to A and B, run by run, as far as their arrivals are the same.\n")
	}
}

// difference is what the second scenario changes: in all, and in eight of ten runs, each held against its like.
func (p *printer) difference(of func(f *Figures) Range) Range {
	a, b := p.all[0], p.all[1]
	n := min(len(a.runs), len(b.runs))
	type pair struct{ a, b run }
	pairs := make([]pair, n)
	for i := range n {
		pairs[i] = pair{a.runs[i], b.runs[i]}
	}
	one := func(r run, target time.Duration) float64 {
		var f Figures
		plain := plainly(r.records, nil, target)
		f.each(func(i int, x *Range) { x.Value = plain[i] })
		return of(&f).Value
	}
	d := rangeOf(pairs, func(x pair) float64 { return one(x.b, b.Scenario.Target) - one(x.a, a.Scenario.Target) })
	if !d.unknown {
		d.Value = of(&b.All).Value - of(&a.All).Value
	}
	return d
}

func (p *printer) parts(title string, of func(*Result) []Part) {
	longest := 0
	for _, r := range p.all {
		longest = max(longest, len(of(r)))
	}
	if longest < 2 {
		return
	}
	p.say("\n%s\n", title)
	rows := [][]string{{"", "", "customers", "gave up", "within " + staff.Brief(p.all[0].Scenario.Target), "mean", "p50", "p80", "p95", "longest"}}
	for _, x := range p.paired(of) {
		f := x.Figures
		rows = append(rows, []string{x.Name, x.which, count(f.Customers.Value), value(f.Abandoned, percents), value(f.Within, percents),
			value(f.Mean, seconds), value(f.P50, seconds), value(f.P80, seconds), value(f.P95, seconds), value(f.Longest, seconds)})
	}
	p.table(rows)
}

// which is a part and the scenario it is of, A or B.
type which struct {
	Part
	which string
}

// paired lists the parts, those of one name below each other.
func (p *printer) paired(of func(*Result) []Part) (list []which) {
	var names []string
	for _, r := range p.all {
		for _, part := range of(r) {
			if !slices.Contains(names, part.Name) {
				names = append(names, part.Name)
			}
		}
	}
	for _, name := range names {
		for i, r := range p.all {
			for _, part := range of(r) {
				if part.Name == name {
					list = append(list, which{part, p.letter(i)})
				}
			}
		}
	}
	return list
}

// letter names a scenario where there are two.
func (p *printer) letter(i int) string {
	if len(p.all) == 1 {
		return ""
	}
	return string(rune('A' + i))
}

func (p *printer) staff() {
	p.say("\nagents\n")
	rows := [][]string{{"", "", "count", "load", "8 of 10 runs", "conversations/h", "breathers", "after hours"}}
	for i, r := range p.all {
		for _, c := range r.Staff {
			which := p.letter(i)
			if c.Duty.Value == 0 {
				rows = append(rows, []string{c.Name, which, fmt.Sprint(c.Count), "–", "–", "–", "–", "–"})
				continue
			}
			rows = append(rows, []string{c.Name, which, fmt.Sprint(c.Count), percents(c.Load.Value), span(c.Load, percents),
				fmt.Sprintf("%.1f", c.Hourly.Value), fmt.Sprintf("%.1f", c.Rests.Value), minutes(60 * c.Over.Value)})
		}
	}
	p.table(rows)
	p.say("\nLoad is the share of the capacity in use while on duty; breathers and time after hours are of each agent in a run.\n")
	for _, r := range p.all {
		for _, c := range r.Staff {
			if c.Declined.Value+c.Missed.Value > 0 {
				p.say("%s: each declined %.1f offers and missed %.1f.\n", c.Name, c.Declined.Value, c.Missed.Value)
			}
		}
	}
}

func (p *printer) formula() {
	for i, r := range p.all {
		f, which := r.Erlang, p.letter(i)
		if which != "" {
			which += ": "
		}
		if f.Name == "" {
			p.say("\n%sNo Erlang formula holds: %s.\n", which, f.Why)
			continue
		}
		p.say("\n%s%s, %.3g conversations at once offered to %d places: %s within %s, mean wait %s, p80 %s, p95 %s, %s find no free place",
			which, f.Name, f.Load, f.Servers, percents(f.Within), staff.Brief(r.Scenario.Target), seconds(f.Mean), seconds(f.P80), seconds(f.P95), percents(f.Delayed))
		if f.Name == "Erlang A" {
			p.say(", %s give up", percents(f.Abandoned))
		}
		p.say(".\n")
		for _, n := range f.Notes {
			p.say("  %s\n", n)
		}
	}
}

func (p *printer) unserved() {
	for i, r := range p.all {
		for _, u := range r.Unserved {
			which := p.letter(i)
			if which != "" {
				which += ": "
			}
			p.say("\n%s%s\n", which, u)
		}
		for _, words := range r.warnings() {
			if l := p.letter(i); l != "" {
				words = l + ": " + words
			}
			p.say("\n%s\n", words)
		}
	}
}

func (u Unserved) String() string {
	who := "customers of team " + u.Team
	if u.Language != "" {
		who += " who write " + u.Language
	}
	if u.Skills != "" {
		who += " and need " + u.Skills
	}
	if u.Never {
		return fmt.Sprintf("NOBODY SERVES the %s: %d came, and no agent and no ring is there for them.", who, u.Customers)
	}
	return fmt.Sprintf("NOT ONE of the %s was answered: %d came.", who, u.Customers)
}

// fewCustomers is how many, in all runs, are too few to say much.
const fewCustomers = 300

// warnings are what a reader must know who takes the figures for more than they are.
func (r *Result) warnings() (words []string) {
	if r.Played < fewCustomers {
		words = append(words, fmt.Sprintf("Only %d customers came in all runs: what is shown is mostly chance.", r.Played))
	}
	if r.All.Waiting.Value >= 0.05*r.All.Customers.Value {
		words = append(words, fmt.Sprintf("%s of the customers waited still an hour after the end: the agents had gone, or cannot answer so many. The waits depend on how long was played.",
			percents(r.All.Waiting.Value/r.All.Customers.Value)))
	}
	return words
}

func value(r Range, show func(float64) string) string {
	if r.unknown {
		return "–"
	}
	return show(r.Value)
}

func span(r Range, show func(float64) string) string {
	if r.unknown {
		return ""
	}
	return show(r.Low) + " … " + show(r.High)
}

func count(x float64) string {
	if math.Abs(x) < 100 && x != math.Trunc(x) {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func percents(x float64) string {
	return fmt.Sprintf("%.1f %%", 100*x)
}

func signed(x float64, show func(float64) string) string {
	words := show(math.Abs(x))
	switch {
	case words == show(0):
		return words
	case x < 0:
		return "−" + words
	}
	return "+" + words
}

// seconds writes a wait as people say it.
func seconds(x float64) string {
	switch {
	case x < 9.95:
		return fmt.Sprintf("%.1f s", x)
	case x < 59.5:
		return fmt.Sprintf("%.0f s", x)
	}
	return minutes(x)
}

func minutes(x float64) string {
	m := x / 60
	switch {
	case m < 9.95:
		return fmt.Sprintf("%.1f min", m)
	case m < 119.5:
		return fmt.Sprintf("%.0f min", m)
	}
	return fmt.Sprintf("%.1f h", m/60)
}
