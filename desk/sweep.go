package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// dueAtOnce is how many deadlines are carried out in one go, the stuck ones not counted.
const dueAtOnce = 200

// tellOfWhoCame tells customers who wait, and were told that nobody is there, that somebody has come: an agent came online at
// this node. What fails is told with the next word.
func (d *Desk) tellOfWhoCame(ctx context.Context) {
	if !d.came.Swap(false) {
		return
	}
	var alone []string
	err := d.each(ctx, chat.Waiting, func(c *chat.Conversation) {
		if c.Alone {
			alone = append(alone, c.ID)
		}
	})
	for _, id := range alone {
		err = errors.Join(err, d.step(ctx, id, func(chat.Conversation) chat.Command { return chat.Overdue{Early: true} }))
	}
	d.soft("tell of who came", err)
}

// carryOut does what passed deadlines ask for, after what the line did not take the last time. Any node may; the conditional
// append lets one of them.
func (d *Desk) carryOut(ctx context.Context) error {
	d.placeAgain(ctx)
	d.tellOfWhoCame(ctx)
	now := d.now()
	due, err := d.store.Due(ctx, now, min(dueAtOnce+len(d.stuck), store.MaxPage))
	if err != nil {
		return fmt.Errorf("read deadlines: %w", err)
	}
	for id := range d.stuck {
		if !slices.Contains(due, id) {
			delete(d.stuck, id)
		}
	}
	for _, id := range due {
		if d.stuck[id].until.After(now) {
			continue
		}
		if err := d.carryOutOne(ctx, id); err != nil {
			d.log.Warn("carry out a deadline", zap.String("conversation", id), zap.Error(err))
			d.stuck[id] = d.stuck[id].again(now)
			continue
		}
		delete(d.stuck, id)
		d.stats.Overdue.Add(1)
	}
	return nil
}

func (d *Desk) carryOutOne(ctx context.Context, id string) error {
	return d.stepOn(ctx, id, func(c chat.Conversation) (chat.Command, *store.Holds, error) {
		read, err := d.readInTime(ctx, c)
		return chat.Overdue{Read: read}, nil, err
	})
}

// stuck is a deadline that could not be carried out. It is tried again at once, and then more and more rarely, so that many
// such hold up nobody whose deadline passed later.
type stuck struct {
	tries int
	until time.Time
}

const rarest = 30 * time.Second

func (s stuck) again(now time.Time) stuck {
	wait := time.Duration(0)
	if s.tries > 0 {
		wait = min(time.Second<<min(s.tries, 10), rarest)
	}
	return stuck{s.tries + 1, now.Add(wait)}
}

// readInTime tells whether the customer has read what a letter is due about.
func (d *Desk) readInTime(ctx context.Context, c chat.Conversation) (bool, error) {
	if due := c.Deadline(); due == nil || due.What != chat.DueLetter {
		return false, nil
	}
	return d.hasRead(ctx, c)
}

// reconcile brings every team's line into agreement with the store, which is right: what the line has lost is put back,
// who has waited long enough is shown to a wider circle, what was raised is the supervisors' as long as one is at work, and what
// is held out to an agent is held for them.
func (d *Desk) reconcile(ctx context.Context) error {
	began := d.now()
	if began.Before(d.reconcileAt) || !d.turn(ctx, "line", reconcileLease) && began.Sub(d.reconciled) < lookAnyway {
		return nil
	}
	d.reconciled = began
	l, err := d.supervisors(ctx)
	d.soft("look for supervisors", err)
	for i, slug := range d.lines() {
		strangers := map[string]bool{}
		var offered []chat.Conversation
		repairs, err := d.line.Reconcile(ctx, slug, func(ctx context.Context, add func([]routing.Ticket) error) error {
			return d.waiting(ctx, func(list []chat.Conversation) error {
				offered = append(offered, offers(slug, list)...)
				return add(d.tickets(slug, list, l, strangers))
			})
		})
		if err == nil {
			err = d.holdAgain(ctx, offered)
		}
		if err != nil {
			return fmt.Errorf("reconcile the line of %s: %w", slug, err)
		}
		if i == 0 { // each line is made of all who wait
			all := slices.Sorted(maps.Keys(strangers))
			d.strangers.Store(&all)
		}
		if repairs.Sum() > 0 {
			d.lineMoved(ctx, slug)
			d.nudgeDispatch()
		}
		if n := repairs.Added + repairs.Dropped; n > 0 {
			d.stats.Repairs.Add(int64(n))
			d.log.Info("the line was mended", zap.String("team", slug), zap.Int("added", repairs.Added), zap.Int("dropped", repairs.Dropped))
		}
	}
	d.reconcileAt = d.now().Add(2 * d.now().Sub(began)) // a very long line leaves the store to others most of the time
	return nil
}

// offers are the conversations of a team that are held out to somebody.
func offers(team string, list []chat.Conversation) (offered []chat.Conversation) {
	for i := range list {
		if c := &list[i]; c.Team == team && c.Offer != nil {
			offered = append(offered, chat.Conversation{ID: c.ID, Team: c.Team, Offer: c.Offer})
		}
	}
	return offered
}

// holdAgain holds what is offered for who it is offered to: a line that was emptied has forgotten it. An offer that has ended
// meanwhile is let go, for who ended it may have done so in the line before.
func (d *Desk) holdAgain(ctx context.Context, offered []chat.Conversation) error {
	for _, c := range offered {
		if !c.Offer.Until.After(d.now()) {
			continue
		}
		if _, held, err := d.line.ClaimTicket(ctx, c.Team, c.ID, heldFor(c.Offer, d.now())); err != nil {
			return err
		} else if !held {
			continue
		}
		now, err := d.store.Conversation(ctx, c.ID)
		if err != nil {
			return err
		}
		if now.Offer == nil || now.Offer.Agent != c.Offer.Agent {
			if err := d.line.Release(ctx, c.Team, c.ID, c.Offer.Agent); err != nil {
				return err
			}
		}
	}
	return nil
}

// lines are the teams whose lines there are: those that are set up, and those that somebody waits for nevertheless.
func (d *Desk) lines() []string {
	all := slices.Clone(d.people().slugs)
	if strangers := d.strangers.Load(); strangers != nil {
		all = append(all, *strangers...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tickets are those of a team among conversations that wait. Teams that nobody set up are noted as strangers.
func (d *Desk) tickets(team string, list []chat.Conversation, l lane, strangers map[string]bool) []routing.Ticket {
	n := 0
	for i := range list {
		if list[i].Team == team {
			n++
		}
	}
	tickets := make([]routing.Ticket, 0, n)
	teams, now := d.people().teams, d.now()
	of := teams[team]
	for i := range list {
		if c := &list[i]; c.Team == team {
			tickets = append(tickets, ticketIn(&of, c, l, now))
		} else if _, known := teams[c.Team]; !known {
			strangers[c.Team] = true
		}
	}
	return tickets
}

// waiting goes through all who wait, some at a time.
func (d *Desk) waiting(ctx context.Context, do func([]chat.Conversation) error) error {
	for page := (store.Page{Limit: store.MaxPage}); ; {
		list, next, err := d.store.InState(ctx, chat.Waiting, page)
		if err != nil {
			return fmt.Errorf("read who waits: %w", err)
		}
		if err := do(list); err != nil {
			return err
		}
		if next == "" {
			return nil
		}
		page.After = next
	}
}

// errand is an outside action to be made, or a letter to be sent.
type errand struct {
	conversation string
	action       *chat.Action // nil: the letter
}

// send hands an errand to the workers of its kind. When they have too much to do, an action counts as failed at its
// deadline, and a letter is tried again at its own.
func (d *Desk) send(e errand) {
	to := d.actionQueue
	if e.action == nil {
		to = d.letterQueue
	}
	select {
	case to <- e:
	default:
		d.log.Warn("too many errands at once", zap.String("conversation", e.conversation))
	}
}

func (d *Desk) runErrands(ctx context.Context, errands <-chan errand) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-errands:
			d.runErrand(ctx, e)
		}
	}
}

// Errand makes one outside action or sends one letter that waits for a worker, and tells whether there was one. Run does it.
func (d *Desk) Errand(ctx context.Context) bool {
	select {
	case e := <-d.actionQueue:
		d.runErrand(ctx, e)
	case e := <-d.letterQueue:
		d.runErrand(ctx, e)
	default:
		return false
	}
	return true
}

func (d *Desk) runErrand(ctx context.Context, e errand) {
	if e.action == nil {
		d.mail(ctx, e.conversation)
		return
	}
	d.stats.Errands.Add(1)
	a := *e.action
	a.URL = strings.ReplaceAll(a.URL, "{base}", d.address())
	result := d.doer.Do(ctx, a)
	if ctx.Err() != nil {
		return // stopping; whoever is up at the deadline gives it up
	}
	result.ID = e.action.ID
	err := d.step(ctx, e.conversation, func(c chat.Conversation) chat.Command {
		if c.Action == nil || c.Action.ID != result.ID {
			return nil
		}
		return chat.Finish{Result: result}
	})
	if err != nil {
		d.log.Warn("bring an action's result", zap.String("conversation", e.conversation), zap.Error(err))
	}
}
