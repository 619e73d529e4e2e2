package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/bot/replay"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// pastFlags say which conversations are looked at.
type pastFlags struct {
	dataFlags
	Since string `help:"Only conversations opened since then: a date like 2026-03-01, or how long ago, like 30d or 12h." placeholder:"TIME"`
}

// moment is when --since says, the zero time where it says nothing.
func (f pastFlags) moment(now time.Time) (time.Time, error) {
	if f.Since == "" {
		return time.Time{}, nil
	}
	if at, err := time.ParseInLocation("2006-01-02", f.Since, now.Location()); err == nil {
		return at, nil
	}
	if days, ok := strings.CutSuffix(f.Since, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n < 36500 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(f.Since); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("--since %s is no time; write a date like 2026-03-01, or how long ago, like 30d or 12h", f.Since)
}

// each gives the conversations with their logs and the zone of their opening hours, without writing to the database and
// without keeping a desk that serves it from its work.
func (f pastFlags) each(ctx context.Context, fn func(c chat.Conversation, log []chat.Event, zone *time.Location)) error {
	since, err := f.moment(time.Now())
	if err != nil {
		return err
	}
	s, err := f.look(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	zoneOf, err := zones(ctx, s)
	if err != nil {
		return err
	}
	return s.Each(ctx, func(c chat.Conversation) error {
		if c.OpenedAt.Before(since) {
			return nil
		}
		log, err := logOf(ctx, s, c.ID)
		if err == nil {
			fn(c, log, zoneOf(c))
		}
		return err
	})
}

// zones tells in which zone a conversation's opening hours are.
func zones(ctx context.Context, s store.Store) (of func(chat.Conversation) *time.Location, err error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := s.Teams(ctx)
	if err != nil {
		return nil, err
	}
	siteOf, teamOf := map[string]staff.Site{}, map[string]staff.Team{}
	for _, site := range sites {
		siteOf[site.Slug] = site
	}
	for _, team := range teams {
		teamOf[team.Slug] = team
	}
	return func(c chat.Conversation) *time.Location {
		return staff.HoursOf(siteOf[c.Site], teamOf[c.Team]).Location()
	}, nil
}

// longestLog is how many events of a conversation are looked at.
const longestLog = 20_000

func logOf(ctx context.Context, s store.Store, id string) ([]chat.Event, error) {
	var log []chat.Event
	for len(log) < longestLog {
		part, err := s.EventsAfter(ctx, id, store.ForLog, int64(len(log)), store.MaxPage)
		if err != nil {
			return nil, fmt.Errorf("read conversation %s: %w", id, err)
		}
		log = append(log, part...)
		if len(part) < store.MaxPage {
			break
		}
	}
	return log, nil
}

type botReplayCmd struct {
	botDir
	pastFlags
	Most int `default:"50" help:"How many conversations are shown, the worst first; the sums are of all." placeholder:"N"`
}

// Run prints the conversations that would go otherwise, the worst first, and the sums. Its exit status is 1 when the
// bot would fail, or keep somebody from a person whom it was handed to.
func (c *botReplayCmd) Run(ctx context.Context, p program) error {
	b, err := c.load()
	if err != nil {
		return err
	}
	report := replay.Report{Most: max(c.Most, 0)}
	err = c.each(ctx, func(c chat.Conversation, log []chat.Event, zone *time.Location) {
		if o, ok := replay.Run(b, c.ID, log, zone); ok {
			report.Add(o)
		}
	})
	if err != nil {
		return err
	}
	if err := report.Write(p.stdout); err != nil {
		return err
	}
	if report.Worst() {
		return errFound
	}
	return nil
}

type botCandidatesCmd struct {
	botDir
	pastFlags
}

// Run prints training data to choose from.
func (c *botCandidatesCmd) Run(ctx context.Context, p program) error {
	b, err := c.botDir.load()
	if err != nil {
		return err
	}
	var list []replay.Candidate
	err = c.each(ctx, func(c chat.Conversation, log []chat.Event, _ *time.Location) {
		if len(list) < mostCandidates {
			list = append(list, replay.Candidates(b, c.ID, log)...)
		}
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(p.stderr, "nothing was missed, corrected or asked about in these conversations")
	}
	return replay.WriteCandidates(p.stdout, list)
}

// mostCandidates is more than an author reads.
const mostCandidates = 20_000
