package whatif

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Past is the scenario of what happened in a database since then, by the clock of a zone, with notes on what could not be
// told. It reads, beside a running desk too, and needs no contents: what was erased still counts.
func Past(ctx context.Context, s store.Store, since, now time.Time, zone *time.Location) (Scenario, []string, error) {
	teams, err := s.Teams(ctx)
	if err != nil {
		return Scenario{}, nil, err
	}
	agents, err := s.Agents(ctx)
	if err != nil {
		return Scenario{}, nil, err
	}
	p := past{zone: zone, since: since, now: now, lines: map[string]*line1{}, days: map[string]map[string]span1{}}
	for _, t := range teams {
		p.lines[t.Slug] = &line1{team: t, counts: [4]map[string]int{{}, {}, {}, {}}}
	}
	err = s.Each(ctx, func(c chat.Conversation) error {
		if c.Open() || !c.ClosedAt.Before(since) {
			return p.read(ctx, s, c.ID)
		}
		return nil
	})
	if err != nil {
		return Scenario{}, nil, err
	}
	return p.scenario(teams, agents)
}

// past gathers what happened.
type past struct {
	zone       *time.Location
	since, now time.Time
	first      time.Time                   // arrival
	lines      map[string]*line1           // by team
	days       map[string]map[string]span1 // by agent, by date: when they were at work
	outside    int                         // came out of opening hours
	notes      []string
}

// span1 are the first and the last minute of a day at which an agent did something.
type span1 struct{ from, to int }

// line1 is what happened in one team's line.
type line1 struct {
	team     staff.Team
	arrivals []time.Time
	waited   time.Duration // of all, in opening hours
	left     int
	usual    []float64 // handling times in seconds
	hard     []float64
	counts   [4]map[string]int // languages, skills, feelings, priorities
	offers   [3]int            // by reply
	accept   time.Duration
}

// visit is one stay in the line, and with agents after it.
type visit struct {
	line     *line1
	at       time.Time
	ended    bool // the wait did
	feeling  string
	handling time.Duration
	offered  time.Time
}

// longestLog is how many events of one conversation are looked at.
const longestLog = 20_000

func (p *past) read(ctx context.Context, s store.Store, id string) error {
	c, v := chat.Conversation{ID: id}, (*visit)(nil)
	var last time.Time
	for pos := int64(0); pos < longestLog; {
		events, err := s.EventsAfter(ctx, id, store.ForLog, pos, store.MaxPage)
		if err != nil {
			return fmt.Errorf("read conversation %s: %w", id, err)
		}
		for _, e := range events {
			before := c
			c, _ = chat.Apply(c, e)
			v = p.add(v, before, c, e, last)
			last, pos = e.At, e.Pos
		}
		if len(events) < store.MaxPage {
			break
		}
	}
	return nil
}

// add takes in one event.
func (p *past) add(v *visit, before, c chat.Conversation, e chat.Event, last time.Time) *visit {
	p.work(e)
	if v != nil && before.State == chat.WithAgent {
		v.handling += took(before, last, e.At)
	}
	arrived := e.Kind == chat.KindEscalated || e.Kind == chat.KindReopened
	switch {
	case arrived && c.State == chat.Waiting && before.State != chat.Waiting:
		return p.come(c, e.At)
	case v == nil:
		return nil
	case e.Kind == chat.KindOffered:
		v.offered = e.At
	case e.Kind == chat.KindDeclined && !v.offered.IsZero():
		how := declines
		if e.Detail.Reason == "no_answer" {
			how = misses
		}
		v.line.offers[how]++
		v.offered = time.Time{}
	case e.Kind == chat.KindAssigned:
		v.assigned(c, e)
	case before.State == chat.Waiting && c.State != chat.Waiting:
		v.end(e.At, true)
	}
	if c.State == chat.Closed || c.State == chat.WithBot {
		v.done()
		return nil
	}
	return v
}

// took is how long an agent's place was taken, as the line counts it: half while the customer is silent.
func took(c chat.Conversation, from, to time.Time) time.Duration {
	d := to.Sub(from)
	owed := c
	owed.CustomerLast = true
	if routing.Weight(c, to) == routing.Weight(owed, to) {
		return max(0, d)
	}
	silent := c.CustomerAt.Add(routing.Quiet)
	if silent.Before(from) {
		silent = from
	}
	return max(0, d-to.Sub(silent)/2)
}

func (p *past) come(c chat.Conversation, at time.Time) *visit {
	l := p.lines[c.Team]
	if l == nil || at.Before(p.since) {
		return nil
	}
	if !l.team.Hours.Open(at) {
		p.outside++
		return nil
	}
	if p.first.IsZero() || at.Before(p.first) {
		p.first = at
	}
	l.arrivals = append(l.arrivals, at)
	l.counts[0][c.Language]++
	l.counts[1][strings.Join(c.Skills, "+")]++
	l.counts[2][cmp.Or(c.Feeling.Name, chat.Calm)]++
	l.counts[3][c.Priority]++
	return &visit{line: l, at: at, feeling: c.Feeling.Name}
}

func (v *visit) assigned(c chat.Conversation, e chat.Event) {
	if !v.offered.IsZero() {
		v.line.offers[accepts]++
		v.line.accept += e.At.Sub(v.offered)
		v.offered = time.Time{}
	}
	v.feeling = c.Feeling.Name
	v.end(e.At, false)
}

// end ends the wait. The time out of opening hours says nothing of patience.
func (v *visit) end(at time.Time, left bool) {
	if v.ended {
		return
	}
	v.ended = true
	until, ok := v.line.team.Hours.Until(v.at)
	switch {
	case ok && until.Before(at):
		v.line.waited += until.Sub(v.at)
	default:
		v.line.waited += max(0, at.Sub(v.at))
		if left {
			v.line.left++
		}
	}
}

// done notes how long the agents were taken.
func (v *visit) done() {
	switch {
	case v.handling <= 0:
	case hardFeeling(v.feeling):
		v.line.hard = append(v.line.hard, v.handling.Seconds())
	default:
		v.line.usual = append(v.line.usual, v.handling.Seconds())
	}
}

// work notes that an agent was there.
func (p *past) work(e chat.Event) {
	if e.From.Role != chat.RoleAgent || e.At.Before(p.since) {
		return
	}
	local := e.At.In(p.zone)
	date, minute := local.Format(time.DateOnly), local.Hour()*60+local.Minute()
	if p.days[e.From.ID] == nil {
		p.days[e.From.ID] = map[string]span1{}
	}
	s, ok := p.days[e.From.ID][date]
	if !ok {
		s = span1{minute, minute}
	}
	p.days[e.From.ID][date] = span1{min(s.from, minute), max(s.to, minute)}
}

func (p *past) scenario(teams []staff.Team, agents []store.Agent) (Scenario, []string, error) {
	s := NewScenario()
	s.Name = fmt.Sprintf("as it was from %s to %s", p.since.In(p.zone).Format(time.DateOnly), p.now.In(p.zone).Format(time.DateOnly))
	came, answered := 0, 0
	for _, t := range teams {
		l := p.lines[t.Slug]
		came, answered = came+len(l.arrivals), answered+len(l.usual)+len(l.hard)
		s.Teams = append(s.Teams, p.team(l))
	}
	if came == 0 || answered == 0 {
		return s, nil, chat.Errorf(chat.Invalid, "since %s %d customers came to a line and %d conversations were finished, and that is nothing to go by; write a scenario file, or name an earlier --since",
			p.since.In(p.zone).Format(time.DateOnly), came, answered)
	}
	p.note("%d customers came, %d conversations were finished; languages, skills and feelings are drawn independently of one another", came, answered)
	if came < 200 {
		p.note("so few customers are not much to go by: with a longer --since it is better known")
	}
	if p.outside > 0 {
		p.note("%d customers who came out of opening hours are left out", p.outside)
	}
	for _, t := range teams {
		if l := p.lines[t.Slug]; len(l.arrivals) > 0 {
			s.Customers = append(s.Customers, p.customers(l))
		}
	}
	p.crews(&s, agents)
	s.day()
	return s, p.notes, nil
}

func (p *past) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

func (p *past) team(l *line1) Team {
	t := NewTeam(l.team.Slug)
	t.Team = l.team.Clone()
	t.Hours = nil // customers come and agents are there as they did and were
	switch n := l.offers[accepts] + l.offers[declines] + l.offers[misses]; {
	case t.Assignment == staff.ByHand:
		t.Assignment = staff.Auto
		p.note("team %s picks by hand, and is played as if it were given its conversations", t.Slug)
	case n > 0:
		t.Declines = hundredths(float64(l.offers[declines]) / float64(n))
		t.Misses = hundredths(float64(l.offers[misses]) / float64(n))
		t.Accept = (l.accept / time.Duration(max(1, l.offers[accepts]))).Round(time.Second)
	}
	return t
}

// customers are those who came to a team's line. Patience is the time that all waited by the number who gave up: the
// estimate of an exponential time of which most are not seen to end (L. Brown and others, Statistical analysis of a
// telephone call center, JASA 100, 2005, §5).
func (p *past) customers(l *line1) Customers {
	c := NewCustomers(l.team.Slug)
	var open, came [24]float64
	first := p.since
	if midnight := dayOf(p.first, p.zone); midnight.After(first) {
		first = midnight
	}
	for at := first; at.Before(p.now) && at.Sub(first) < 10*366*24*time.Hour; at = at.Add(15 * time.Minute) {
		if l.team.Hours.Open(at) {
			open[at.In(p.zone).Hour()] += 0.25
		}
	}
	for _, at := range l.arrivals {
		came[at.In(p.zone).Hour()]++
	}
	for h := range came {
		if came[h] > 0 {
			c.Hourly[h] = min(rounded(came[h]/max(open[h], 0.25)), maxHourly)
		}
	}
	c.Languages, c.Skills = parts(l.counts[0], true), parts(l.counts[1], false)
	c.Feelings, c.Priorities = parts(l.counts[2], false), parts(l.counts[3], false)
	c.Handling, c.Harder = p.handling(l)
	if l.left > 0 {
		c.Patience = min(max((l.waited/time.Duration(l.left)).Round(time.Second), time.Second), maxTime)
	}
	if l.left < 10 {
		p.note("team %s: %d customers gave up, so their patience is hardly known", l.team.Slug, l.left)
	}
	return c
}

func (p *past) handling(l *line1) (h Handling, harder float64) {
	all, harder := l.usual, 1.0
	if len(l.usual) >= 20 && len(l.hard) >= 20 {
		u, _ := moments(l.usual)
		d, _ := moments(l.hard)
		harder = min(max(rounded(d/u), 0.1), maxHarder)
	} else {
		all = slices.Concat(l.usual, l.hard)
	}
	if len(all) == 0 {
		for _, slug := range slices.Sorted(maps.Keys(p.lines)) { // as the others do
			all = slices.Concat(all, p.lines[slug].usual, p.lines[slug].hard)
		}
		p.note("team %s finished no conversation, and is taken to be as quick as the others", l.team.Slug)
	}
	if len(all) < 30 {
		p.note("team %s finished %d conversations, so the spread of their times is hardly known", l.team.Slug, len(all))
	}
	mean, sd := moments(all)
	h.Mean = min(max(time.Duration(mean*float64(time.Second)).Round(time.Second), time.Second), maxTime)
	h.Spread = min(rounded(sd/mean), maxSpread)
	return h, harder
}

func moments(all []float64) (mean, sd float64) {
	for _, x := range all {
		mean += x / float64(len(all))
	}
	for _, x := range all {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / float64(max(1, len(all)-1)))
}

// parts are shares of counts, the greatest first, in whole hundredths of a percent. What has no name is left over; where it
// may not be, the named ones are taken for all.
func parts(counts map[string]int, whole bool) (list []Share) {
	all := 0
	for name, n := range counts {
		if name != "" || !whole {
			all += n
		}
	}
	left := 1.0
	for name, n := range counts {
		if part := hundredths(float64(n) / float64(all)); name != "" && part > 0 {
			list = append(list, Share{name, part})
			left -= part
		}
	}
	slices.SortFunc(list, func(a, b Share) int { return cmp.Or(cmp.Compare(b.Part, a.Part), cmp.Compare(a.Name, b.Name)) })
	if whole && len(list) > 0 || len(list) > 0 && left < 0 {
		list[0].Part = hundredths(list[0].Part + left)
	}
	return list
}

func hundredths(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// rounded has three digits that count.
func rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

func dayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// crews are the agents who were at work: between the hours at which they mostly began and ended, on as many days.
func (p *past) crews(s *Scenario, agents []store.Agent) {
	worked := map[string]bool{}
	for _, days := range p.days {
		for date := range days {
			worked[date] = true
		}
	}
	idle := 0
	for _, a := range agents {
		days := p.days[a.ID]
		if a.DisabledAt != nil || len(a.Teams) == 0 {
			continue
		}
		if len(days) == 0 {
			idle++
			continue
		}
		var from, to []int
		for _, d := range days {
			from, to = append(from, d.from), append(to, d.to)
		}
		slices.Sort(from)
		slices.Sort(to)
		begin, end := from[len(from)/2]/60, to[len(to)/2]/60+1
		crew := Agents{
			Name: a.Name, Count: 1, There: hundredths(float64(len(days)) / float64(len(worked))), Languages: a.Languages, Skills: a.Skills,
			Capacity: a.Capacity, Supervisor: a.Role != staff.RoleAgent, Shift: []staff.Interval{{From: staff.Clock(60 * begin), To: staff.Clock(60 * max(end, begin+1))}},
		}
		for _, t := range a.Teams {
			if s.hasTeam(t) {
				crew.Teams = append(crew.Teams, t)
			}
		}
		if len(crew.Teams) > 0 {
			s.Agents = append(s.Agents, crew)
		}
	}
	if idle > 0 {
		p.note("%d agents wrote nothing in this time, and are left out", idle)
	}
	p.note("shifts are guessed from when each agent wrote first and last on a day; breaks are not known")
}

// day lets the scenario begin with the first hour in which somebody comes, and end with the last.
func (s *Scenario) day() {
	first, last := 24, 0
	for _, c := range s.Customers {
		for h, n := range c.Hourly {
			if n > 0 {
				first, last = min(first, h), max(last, h+1)
			}
		}
	}
	s.Start, s.Length = staff.Clock(60*first), time.Duration(last-first)*time.Hour
}
