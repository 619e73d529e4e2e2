package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Breach is a promise that a stored conversation does not keep. Invariant is its name in docs/handoff.md, from S1 to S12.
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
	var held holdings
	err = s.Each(ctx, func(c chat.Conversation) error {
		seen++
		log, err := wholeLog(ctx, s, c)
		if err != nil {
			return err
		}
		breaches = append(breaches, diagnose(c, log, now, live)...)
		breaches = append(breaches, checkCourse(c.ID, log, &held)...)
		ahead, err := isAhead(ctx, s, c)
		if ahead {
			breaches = append(breaches, Breach{"S4", c.ID, "the log goes on after the fold, so nothing can be appended any more"})
		}
		return err
	})
	return append(breaches, held.breaches(now)...), seen, err
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

// wholeLog reads a log from its first event up to where the fold stands.
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
	case !slices.Contains([]chat.State{chat.WithBot, chat.Waiting, chat.WithAgent, chat.Snoozed, chat.Closed}, c.State):
		say("S1", "is in no state: %q", c.State)
	case c.State == chat.WithAgent && c.Agent == "":
		say("S1", "is with an agent and names none")
	case c.State == chat.Waiting && (c.WaitingSince.IsZero() || c.Team == ""):
		say("S1", "waits and names no team, or not since when")
	}
	if words := checkDue(c); words != "" {
		say("S12", "%s", words)
	} else if due := c.Deadline(); live && due != nil && now.Sub(due.At) > late {
		say("S12", "the deadline of %s (%s) passed %s ago and was not carried out", due.At.Format(time.RFC3339), due.What, now.Sub(due.At).Round(time.Second))
	}
	for _, words := range checkLog(c, log) {
		say("S4", "%s", words)
	}
	return found
}

// checkDue says what is wrong with a conversation's deadline: there is none where somebody is owed something, or it is
// for something else than what is owed.
func checkDue(c chat.Conversation) string {
	var fits []chat.DueKind
	owed := true
	switch {
	case c.Action != nil:
		fits = []chat.DueKind{chat.DueAction}
	case c.State == chat.Waiting && c.Offer != nil:
		fits = []chat.DueKind{chat.DueOffer}
	case c.State == chat.Waiting:
		fits = []chat.DueKind{chat.DueWord}
	case c.State == chat.Snoozed:
		fits = []chat.DueKind{chat.DueWake}
	case c.State == chat.WithAgent && c.CustomerLast:
		fits = []chat.DueKind{chat.DueAnswer}
	case c.State == chat.WithAgent: // the customer's turn
		fits, owed = []chat.DueKind{chat.DueSilent, chat.DueAnswer}, false
	default:
		owed = false
	}
	switch {
	case c.Due == nil && owed:
		return fmt.Sprintf("in state %s somebody is owed something, and there is no deadline", c.State)
	case c.Due != nil && !slices.Contains(fits, c.Due.What):
		return fmt.Sprintf("in state %s the deadline is for %q", c.State, c.Due.What)
	case c.Letter != nil && c.Letter.At.IsZero():
		return "a letter is to go out, and there is no deadline"
	}
	return ""
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
	if c.Known == "" {
		folded.Known = "" // the version before does not fold Known
	}
	if c.ToldUntil.IsZero() {
		folded.ToldUntil = c.ToldUntil // nor when the range ends,
	}
	folded.Alone = folded.Alone && c.Alone // nor that they were told that nobody is there,
	if c.Promise != nil && folded.Promise != nil && c.Promise.Met.IsZero() {
		promise := *folded.Promise
		promise.Met = c.Promise.Met // nor that a promise was kept
		folded.Promise = &promise
	}
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
