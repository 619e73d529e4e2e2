package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
)

// waits is what this node knows of how fast each team's line moves. The zero value knows nothing. It may be used by many
// at once.
type waits struct {
	mu    sync.Mutex
	teams map[string]*teamWait
	back  *lru[string, time.Time] // conversations that came back to the line: since when they stand in it again
}

// teamWait is one team's line.
type teamWait struct {
	pace routing.Pace

	// As they were when it was last looked at. Many ask within the same second.
	looked time.Time
	first  string    // the conversation at the head
	seen   time.Time // since when it has been seen there
	head   time.Duration
	there  map[string]bool    // the teams of which somebody is at work
	told   map[int]*chat.Wait // by how many stand before
}

// Bounds of what is remembered of the lines.
const (
	lookEvery = time.Second
	maxBack   = 4096 // beyond, the oldest teach nothing
)

// learn takes in what a committed step says of how fast the line moves: somebody who waited was given to an agent, or
// left without.
func (d *Desk) learn(before, after *chat.Conversation) {
	if before.State == chat.Waiting || after.State == chat.Waiting {
		d.waits.learn(*before, *after, d.hoursOf(before), d.now())
	}
}

// hoursOf are when there are people for a conversation.
func (d *Desk) hoursOf(c *chat.Conversation) *staff.Hours {
	p := d.people()
	return staff.HoursOf(p.sites[c.Site], p.teams[c.Team])
}

func (w *waits) learn(before, after chat.Conversation, hours *staff.Hours, now time.Time) {
	was, is := before.State == chat.Waiting, after.State == chat.Waiting
	if was == is {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.back == nil {
		w.back = newLRU[string, time.Time](maxBack)
	}
	if is {
		if cameBack(&after) { // the time elsewhere was no waiting in the line
			w.back.put(after.ID, now)
		}
		return
	}
	since, ok := w.since(&before)
	w.back.forget(before.ID)
	if !ok || before.Offer != nil && before.Offer.From != "" { // held out by a colleague to another: no place in the line was used
		return
	}
	if since, ok = hours.Since(since, now); !ok { // what happens while nobody is meant to be there says nothing of the hours in which they are
		return
	}
	t := w.team(before.Team)
	if after.State == chat.WithAgent {
		t.pace = t.pace.Served(now, now.Sub(since))
	} else {
		t.pace = t.pace.Left(now, now.Sub(since))
	}
}

// cameBack tells whether a conversation has been with an agent, or was put off, since it first waited.
func cameBack(c *chat.Conversation) bool { return c.Fence > 0 || c.Given.Snoozed != (chat.Numbers{}) }

// since is since when a waiting conversation has stood in the line without a break; ok is false for one that came back to it
// when this node did not see it. The caller holds mu.
func (w *waits) since(c *chat.Conversation) (since time.Time, ok bool) {
	if w.back != nil {
		if back, known := w.back.get(c.ID); known {
			return back, true
		}
	}
	return c.WaitingSince, !cameBack(c)
}

// team is what is known of a team's line. The caller holds mu.
func (w *waits) team(slug string) *teamWait {
	t := w.teams[slug]
	if t == nil {
		if w.teams == nil {
			w.teams = map[string]*teamWait{}
		}
		t = &teamWait{}
		w.teams[slug] = t
	}
	return t
}

// waitFor is how long it takes until an agent is there for a customer who waits, or would begin to now. It is nil where
// that cannot be told: too little is known, it is outside the hours, none of those who may take it is there, or the
// conversation stands in the supervisors' lane.
func (d *Desk) waitFor(ctx context.Context, c chat.Conversation) *chat.Wait {
	place, total, err := d.line.Place(ctx, c.Team, c.ID)
	if err != nil {
		return nil
	}
	if place == 0 {
		place = total + 1
	}
	return d.wait(ctx, c, place)
}

// wait is waitFor, where the place in the line is known.
func (d *Desk) wait(ctx context.Context, c chat.Conversation, place int) *chat.Wait {
	if c.Raised || !d.hoursOf(&c).Open(d.now()) || !anyOf(d.helpers(&c), d.look(ctx, c.Team)) {
		return nil
	}
	return d.waits.tell(c.Team, place-1, d.now())
}

// look sees to it that what is known of a team's line is not older than lookEvery, and tells of which teams somebody is at
// work; nil where that cannot be read.
func (d *Desk) look(ctx context.Context, team string) (there map[string]bool) {
	now := d.now()
	d.waits.mu.Lock()
	t := d.waits.team(team)
	age, there := now.Sub(t.looked), t.there
	d.waits.mu.Unlock()
	if age >= 0 && age < lookEvery {
		return there
	}
	first, _, err := d.line.List(ctx, team, 1)
	if err != nil {
		return nil
	}
	if there, err = d.atWork(ctx); err != nil {
		return nil
	}
	var head chat.Conversation
	if len(first) > 0 {
		k, err := d.load(ctx, first[0].Conversation)
		if err != nil {
			return nil
		}
		head = k.Conversation
		head.WaitingSince = first[0].Since
	}
	hours := d.hoursOf(&head)
	d.waits.mu.Lock()
	defer d.waits.mu.Unlock()
	t.looked, t.there, t.told = now, there, map[int]*chat.Wait{}
	t.head = d.waits.ahead(t, &head, hours, now)
	return there
}

// ahead is how long the conversation at the head of a line, which begins to be looked at now, has stood in it by what this
// node has seen. The caller holds mu.
func (w *waits) ahead(t *teamWait, head *chat.Conversation, hours *staff.Hours, now time.Time) time.Duration {
	if t.first != head.ID {
		t.first, t.seen = head.ID, now
	}
	if head.ID == "" {
		return 0
	}
	since, ok := w.since(head)
	if !ok {
		since = t.seen
	}
	if since, ok = hours.Since(since, now); !ok {
		return 0
	}
	return now.Sub(since)
}

// maxTold bounds how many places of one line are remembered with what was told of them.
const maxTold = 1000

func (w *waits) tell(team string, ahead int, now time.Time) *chat.Wait {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.team(team)
	wait, known := t.told[ahead]
	if !known {
		wait = t.pace.Estimate(ahead, t.head, now)
		if t.told != nil && len(t.told) < maxTold {
			t.told[ahead] = wait
		}
	}
	return wait
}

// keepWaits keeps what was learned for the next start, and for other nodes, and takes in what those have learned.
func (d *Desk) keepWaits(ctx context.Context) error {
	for _, team := range slices.Sorted(maps.Keys(d.people().teams)) {
		if err := d.keepWait(ctx, team); err != nil {
			return fmt.Errorf("keep how fast the line of %s moves: %w", team, err)
		}
	}
	return nil
}

func (d *Desk) keepWait(ctx context.Context, team string) error {
	name := "wait." + team
	var kept routing.Pace
	b, err := d.store.Setting(ctx, name)
	switch {
	case chat.KindOf(err) == chat.NotFound:
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(b, &kept); err != nil { // it is learned anew
			d.log.Warn("what was known of a line cannot be read", zap.String("team", team), zap.Error(err))
		}
	}
	now := d.waits.join(team, kept)
	if now.Equal(kept) {
		return nil
	}
	if b, err = json.Marshal(now); err != nil {
		return err
	}
	return d.store.PutSetting(ctx, name, b)
}

// join takes in what others know of a team's line, and returns what is known together.
func (w *waits) join(team string, others routing.Pace) routing.Pace {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.team(team)
	t.pace = t.pace.Merge(others)
	return t.pace
}
