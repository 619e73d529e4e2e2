package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Breach is a promise that a stored conversation does not keep. Invariant is its name in docs/handoff.md: S1, S4, S12.
type Breach struct {
	Invariant    string `json:"invariant"`
	Conversation string `json:"conversation"`
	Words        string `json:"words"`
}

func (b Breach) String() string {
	return fmt.Sprintf("%s %s: %s", b.Invariant, b.Conversation, b.Words)
}

// late is how long a deadline may have passed before somebody should have carried it out.
const late = 30 * time.Second

// Diagnose reads every conversation and its whole log, and returns what is broken. It changes nothing and may run
// beside a live desk. live says that a desk is running, so that deadlines which passed long ago are a breach as well.
func Diagnose(ctx context.Context, s store.Store, now time.Time, live bool) (breaches []Breach, seen int, err error) {
	err = s.Each(ctx, func(c chat.Conversation) error {
		seen++
		log, err := wholeLog(ctx, s, c)
		if err != nil {
			return err
		}
		breaches = append(breaches, diagnose(c, log, now, live)...)
		ahead, err := isAhead(ctx, s, c)
		if ahead {
			breaches = append(breaches, Breach{"S4", c.ID, "the log goes on after the fold, so nothing can be appended any more"})
		}
		return err
	})
	return breaches, seen, err
}

// isAhead tells whether the log goes on where the stored fold ends. An append that came meanwhile moved both.
func isAhead(ctx context.Context, s store.Store, c chat.Conversation) (bool, error) {
	next, err := s.EventsAfter(ctx, c.ID, store.ForLog, c.Pos, 1)
	if err != nil || len(next) == 0 {
		return false, err
	}
	now, err := s.Conversation(ctx, c.ID)
	return now.Pos == c.Pos, err
}

// wholeLog reads a log up to where the fold stands.
func wholeLog(ctx context.Context, s store.Store, c chat.Conversation) ([]chat.Event, error) {
	var log []chat.Event
	for int64(len(log)) < c.Pos {
		page, err := s.EventsAfter(ctx, c.ID, store.ForLog, int64(len(log)), store.MaxPage)
		if err != nil {
			return nil, fmt.Errorf("read the log of %s: %w", c.ID, err)
		}
		if len(page) == 0 {
			break
		}
		log = append(log, page...)
	}
	return log[:min(int64(len(log)), c.Pos)], nil
}

func diagnose(c chat.Conversation, log []chat.Event, now time.Time, live bool) (found []Breach) {
	say := func(invariant, words string, args ...any) {
		found = append(found, Breach{invariant, c.ID, fmt.Sprintf(words, args...)})
	}
	switch {
	case c.State != chat.WithBot && c.State != chat.Waiting && c.State != chat.WithAgent && c.State != chat.Snoozed && c.State != chat.Closed:
		say("S1", "is in no state: %q", c.State)
	case c.State == chat.WithAgent && c.Agent == "":
		say("S1", "is with an agent and names none")
	case c.State == chat.Waiting && (c.WaitingSince.IsZero() || c.Team == ""):
		say("S1", "waits and names no team, or not since when")
	}
	owed := c.State == chat.Waiting || c.State == chat.Snoozed || c.State == chat.WithAgent && c.CustomerLast || c.Action != nil
	switch {
	case owed && c.Due == nil:
		say("S12", "in state %s somebody is owed something, and there is no deadline", c.State)
	case live && c.Due != nil && now.Sub(c.Due.At) > late:
		say("S12", "the deadline of %s passed %s ago and was not carried out", c.Due.At.Format(time.RFC3339), now.Sub(c.Due.At).Round(time.Second))
	}
	for _, words := range checkLog(c, log) {
		say("S4", "%s", words)
	}
	return found
}

// checkLog says what is wrong with a log: a hole in its numbers, a key twice, or a fold that does not follow from it.
func checkLog(c chat.Conversation, log []chat.Event) (found []string) {
	if int64(len(log)) != c.Pos {
		return []string{fmt.Sprintf("the fold stands at %d and the log has %d events", c.Pos, len(log))}
	}
	keys := map[string]int64{}
	folded := chat.Conversation{ID: c.ID}
	for i, stored := range log {
		var e chat.Event
		folded, e = chat.Apply(folded, stored)
		if stored.Pos != int64(i)+1 || e.AgentSeq != stored.AgentSeq || e.VisitorSeq != stored.VisitorSeq {
			found = append(found, fmt.Sprintf("event %d has the numbers %d, %d, %d; replayed %d, %d, %d", i+1,
				stored.Pos, stored.AgentSeq, stored.VisitorSeq, e.Pos, e.AgentSeq, e.VisitorSeq))
		}
		if stored.Key == "" {
			continue
		}
		key := stored.From.ID + " " + stored.Key
		if at, twice := keys[key]; twice {
			found = append(found, fmt.Sprintf("events %d and %d have the same key", at, stored.Pos))
		}
		keys[key] = stored.Pos
	}
	c.Lines, folded.Lines = nil, nil // a store makes them of the log, and lists leave them out
	if a, b := flat(c), flat(folded); !bytes.Equal(a, b) {
		found = append(found, "the stored fold is not what the log replays to")
	}
	return found
}

func flat(c chat.Conversation) []byte {
	b, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("desk: a conversation that cannot be written: %v", err))
	}
	return b
}

// LineBreaches compares the line with the store: whoever waits stands in it, and nobody else.
func (d *Desk) LineBreaches(ctx context.Context) ([]Breach, error) {
	var found []Breach
	err := d.waiting(ctx, func(list []chat.Conversation) error {
		for _, c := range list {
			place, _, err := d.line.Place(ctx, c.Team, c.ID)
			if err != nil {
				return fmt.Errorf("read the line: %w", err)
			}
			if place == 0 {
				found = append(found, Breach{"S1", c.ID, "waits and does not stand in the line of " + c.Team})
			}
		}
		return nil
	})
	return found, err
}
