package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// teamCmd changes what the first start made, and makes more.
type teamCmd struct {
	Set  teamSetCmd  `cmd:"" help:"Make a team, or change one: what is not named stays as it is."`
	List teamListCmd `cmd:"" help:"List the teams with all of their settings."`
}

type teamSetCmd struct {
	dataFlags
	Slug        string         `arg:"" help:"The team's name in addresses: a-z, 0-9, _ . and -."`
	Name        *string        `help:"Name that people read; the slug of a new team."`
	Assignment  *string        `placeholder:"auto|offer|hand" help:"auto: given to a free agent; offer: held out to one; hand: agents pick."`
	Capacity    *int           `placeholder:"N" help:"Conversations that an agent is given at once."`
	FirstAnswer *time.Duration `placeholder:"2m" help:"Until an agent who was given a conversation is reminded; then it goes to another."`
	NextAnswer  *time.Duration `placeholder:"5m" help:"The same for each later answer."`
	Word        *time.Duration `placeholder:"3m" help:"In the line, from one word about the wait to the next."`
	Offer       *time.Duration `placeholder:"30s" help:"Until an offer goes on to another."`
	Silence     *time.Duration `placeholder:"15m" help:"Of the customer after an agent's answer, until they are gently asked."`
	CloseAfter  *time.Duration `placeholder:"1h" help:"From that question until the conversation is closed."`
	Cooldown    *time.Duration `placeholder:"2m" help:"Until a conversation may go again to an agent who declined or missed it."`
	Rest        *time.Duration `placeholder:"0s" help:"A breather for the agent after a hard conversation, at most 30m."`
	Ring        []string       `sep:"none" placeholder:"\"5m any-language\"" help:"Who may help too when a customer has waited that long: any-language, any-skills, team=SLUG. May be given again; none: nobody."`
	HeadStart   []string       `sep:"none" placeholder:"KEY=10m" help:"How much earlier than it came a conversation counts, by feeling:angry, reason:stuck, priority:high. May be given again; usual: as the house does."`

	HoursFlags hoursFlags `embed:""`
}

// Run stores the team. A running desk follows within a second.
func (c *teamSetCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	team, err := s.Team(ctx, c.Slug)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		team = staff.NewTeam(c.Slug, c.Slug)
	case err != nil:
		return err
	}
	if err := c.change(&team, time.Now()); err != nil {
		return err
	}
	teams, err := s.Teams(ctx)
	if err != nil {
		return err
	}
	if err := cmp.Or(team.Check(), team.CheckAmong(teams)); err != nil {
		return err
	}
	act := store.Act{At: time.Now(), Actor: "kohta team set", Verb: "set_team", Object: team.Slug}
	if err := s.PutTeam(ctx, team, act); err != nil {
		return err
	}
	h, err := houseOf(ctx, s)
	if err != nil {
		return err
	}
	printTeam(p.stdout, h, team, time.Now())
	return advise(ctx, p, s)
}

func (c *teamSetCmd) change(t *staff.Team, now time.Time) (err error) {
	set(&t.Name, c.Name)
	set((*string)(&t.Assignment), c.Assignment)
	set(&t.Capacity, c.Capacity)
	for of, d := range map[*time.Duration]*time.Duration{
		&t.Patience.FirstAnswer: c.FirstAnswer, &t.Patience.NextAnswer: c.NextAnswer, &t.Patience.Word: c.Word,
		&t.Patience.Offer: c.Offer, &t.Patience.Silence: c.Silence, &t.Patience.Close: c.CloseAfter,
		&t.Patience.Cooldown: c.Cooldown, &t.Rest.After: c.Rest,
	} {
		set(of, d)
	}
	if t.Hours, err = c.HoursFlags.apply(t.Hours, now); err != nil {
		return err
	}
	if len(c.Ring) > 0 {
		if t.Rings, err = readRings(c.Ring); err != nil {
			return err
		}
	}
	if len(c.HeadStart) > 0 {
		t.HeadStarts, err = readHeadStarts(c.HeadStart)
	}
	return err
}

// set changes what a flag was given for.
func set[T any](of *T, to *T) {
	if to != nil {
		*of = *to
	}
}

// readRings reads rings as they are typed: "5m any-language", "10m team=sales any-skills".
func readRings(all []string) (rings []staff.Ring, err error) {
	if len(all) == 1 && all[0] == "none" {
		return nil, nil
	}
	for _, words := range all {
		after, opens, _ := strings.Cut(strings.TrimSpace(words), " ")
		var r staff.Ring
		if r.After, err = time.ParseDuration(after); err != nil {
			return nil, fmt.Errorf("--ring %q: it begins with a time, such as 5m", words)
		}
		for _, word := range strings.Fields(opens) {
			team, isTeam := strings.CutPrefix(word, "team=")
			switch {
			case word == "any-language":
				r.AnyLanguage = true
			case word == "any-skills":
				r.AnySkills = true
			case isTeam && r.Team == "":
				r.Team = team
			default:
				return nil, fmt.Errorf("--ring %q: after the time come any-language, any-skills or one team=SLUG, not %q", words, word)
			}
		}
		rings = append(rings, r)
	}
	slices.SortStableFunc(rings, func(a, b staff.Ring) int { return cmp.Compare(a.After, b.After) })
	return rings, nil
}

// readHeadStarts reads head starts as they are typed: "priority:high=10m".
func readHeadStarts(all []string) (map[string]time.Duration, error) {
	if len(all) == 1 && all[0] == "usual" {
		return nil, nil
	}
	starts := map[string]time.Duration{}
	for _, words := range all {
		key, after, _ := strings.Cut(words, "=")
		d, err := time.ParseDuration(after)
		if err != nil {
			return nil, fmt.Errorf("--head-start %q: write it like priority:high=10m", words)
		}
		starts[key] = d
	}
	return starts, nil
}

type teamListCmd struct{ dataFlags }

// Run prints the teams.
func (c *teamListCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	h, err := houseOf(ctx, s)
	if err != nil {
		return err
	}
	for _, t := range h.Teams {
		printTeam(p.stdout, h, t, time.Now())
	}
	return advise(ctx, p, s)
}

// houseOf reads all who are there.
func houseOf(ctx context.Context, s store.Store) (h staff.House, err error) {
	if h.Teams, err = s.Teams(ctx); err != nil {
		return h, err
	}
	if h.Sites, err = s.Sites(ctx); err != nil {
		return h, err
	}
	agents, err := s.Agents(ctx)
	for _, a := range agents {
		h.Agents = append(h.Agents, a.Agent)
	}
	return h, err
}

// advise prints what can be kept and is likely to be a mistake.
func advise(ctx context.Context, p program, s store.Store) error {
	h, err := houseOf(ctx, s)
	if err != nil {
		return err
	}
	for _, words := range h.Advice(time.Now()) {
		fmt.Fprintln(p.stderr, "note:", words)
	}
	return nil
}

func printTeam(w io.Writer, h staff.House, t staff.Team, now time.Time) {
	fmt.Fprintf(w, "%s  %s\n", t.Slug, t.Name)
	ways := map[staff.Assignment]string{staff.Auto: "to a free agent", staff.Offered: "held out to a free agent", staff.ByHand: "agents pick"}
	lines := append([][2]string{{"given", fmt.Sprintf("%s (%s), %d at once", t.Assignment, ways[t.Assignment], t.Capacity)}}, hoursLines(t.Hours, now)...)
	lines = append(lines,
		[2]string{"patience", patienceWords(t.Patience)},
		[2]string{"rings", ringWords(t.Rings)},
		[2]string{"head start", headStartWords(t.HeadStarts)},
		[2]string{"rest", restWords(t.Rest)},
		[2]string{"agents", memberWords(h, t.Slug)})
	printLines(w, lines)
}

func printLines(w io.Writer, lines [][2]string) {
	for _, line := range lines {
		fmt.Fprintf(w, "  %-11s %s\n", line[0], line[1])
	}
}

func patienceWords(p staff.Patience) string {
	return fmt.Sprintf("first answer %s, next answer %s, word %s, offer %s, silence %s, close after %s, cooldown %s",
		staff.Brief(p.FirstAnswer), staff.Brief(p.NextAnswer), staff.Brief(p.Word), staff.Brief(p.Offer), staff.Brief(p.Silence),
		staff.Brief(p.Close), staff.Brief(p.Cooldown))
}

// ringWords are rings as --ring takes them.
func ringWords(rings []staff.Ring) string {
	var all []string
	for _, r := range rings {
		words := []string{staff.Brief(r.After)}
		if r.AnyLanguage {
			words = append(words, "any-language")
		}
		if r.AnySkills {
			words = append(words, "any-skills")
		}
		if r.Team != "" {
			words = append(words, "team="+r.Team)
		}
		all = append(all, strings.Join(words, " "))
	}
	return cmp.Or(strings.Join(all, "; "), "none")
}

func headStartWords(starts map[string]time.Duration) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(starts)) {
		all = append(all, key+"="+staff.Brief(starts[key]))
	}
	return cmp.Or(strings.Join(all, ", "), "usual")
}

func restWords(r staff.Rest) string {
	if r.After == 0 {
		return "none"
	}
	return staff.Brief(r.After) + " after a hard conversation"
}

func memberWords(h staff.House, team string) string {
	var names []string
	for _, a := range h.Agents {
		if !a.Disabled && slices.Contains(a.Teams, team) {
			names = append(names, a.Name)
		}
	}
	return cmp.Or(strings.Join(names, ", "), "none")
}
