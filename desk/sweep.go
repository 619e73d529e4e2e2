package desk

import (
	"context"
	"fmt"
	"strings"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// carryOut does what passed deadlines ask for. Any node may; the conditional append lets one of them.
func (d *Desk) carryOut(ctx context.Context) error {
	due, err := d.store.Due(ctx, d.now(), 200)
	if err != nil {
		return fmt.Errorf("read deadlines: %w", err)
	}
	for _, id := range due {
		err := d.step(ctx, id, func(c chat.Conversation) chat.Command {
			return chat.Overdue{Words: plan.Stand(c.Language, nil)}
		})
		if err != nil {
			d.log.Warn("carry out a deadline", zap.String("conversation", id), zap.Error(err))
			continue
		}
		d.stats.Overdue.Add(1)
	}
	return nil
}

// heal tells everybody again where the conversations stand that changed lately. A node that missed a message sees by
// the numbers that it did, and reads the store.
func (d *Desk) heal(ctx context.Context) error {
	d.healing.Lock()
	defer d.healing.Unlock()
	for {
		heads, cursor, err := d.store.Changed(ctx, d.cursor, store.MaxPage)
		if err != nil {
			return fmt.Errorf("read what changed: %w", err)
		}
		for _, h := range heads {
			d.bus.Publish(ctx, bus.Message{Conversation: h.Conversation, Next: chat.Conversation{
				ID: h.Conversation, Visitor: h.Visitor, State: h.State, Team: h.Team, Agent: h.Agent,
				Pos: h.Pos, AgentSeq: h.AgentSeq, VisitorSeq: h.VisitorSeq,
			}})
		}
		d.cursor = cursor
		if len(heads) < store.MaxPage {
			return nil
		}
	}
}

// reconcile brings every team's line into agreement with the store, which is right.
func (d *Desk) reconcile(ctx context.Context) error {
	byTeam, err := d.waiting(ctx)
	if err != nil {
		return err
	}
	teams := d.people().teams
	for slug := range byTeam {
		if _, ok := teams[slug]; !ok {
			teams = withTeam(teams, slug)
		}
	}
	for slug := range teams {
		repairs, err := d.line.Reconcile(ctx, slug, func(ctx context.Context, add func([]routing.Ticket) error) error {
			now, err := d.waiting(ctx)
			if err != nil {
				return err
			}
			return add(now[slug])
		})
		if err != nil {
			return fmt.Errorf("reconcile the line of %s: %w", slug, err)
		}
		if n := repairs.Sum(); n > 0 {
			d.stats.Repairs.Add(int64(n))
			d.log.Info("the line was mended", zap.String("team", slug), zap.Int("added", repairs.Added),
				zap.Int("dropped", repairs.Dropped), zap.Int("changed", repairs.Changed))
			d.lineMoved(ctx, slug)
			d.nudgeDispatch()
		}
	}
	return nil
}

func withTeam(teams map[string]staff.Team, slug string) map[string]staff.Team {
	all := make(map[string]staff.Team, len(teams)+1)
	for k, v := range teams {
		all[k] = v
	}
	all[slug] = staff.Team{Slug: slug}
	return all
}

// waiting reads all that wait, by team.
func (d *Desk) waiting(ctx context.Context) (map[string][]routing.Ticket, error) {
	byTeam := map[string][]routing.Ticket{}
	for page := (store.Page{Limit: store.MaxPage}); ; {
		list, next, err := d.store.InState(ctx, chat.Waiting, page)
		if err != nil {
			return nil, fmt.Errorf("read who waits: %w", err)
		}
		for _, c := range list {
			byTeam[c.Team] = append(byTeam[c.Team], d.ticket(c))
		}
		if next == "" {
			return byTeam, nil
		}
		page.After = next
	}
}

// errand is an outside action to be made.
type errand struct {
	conversation string
	action       chat.Action
}

// send hands an errand to the workers. When they have too much to do it counts as failed at its deadline.
func (d *Desk) send(e errand) {
	select {
	case d.actions <- e:
	default:
		d.log.Warn("too many outside actions at once", zap.String("conversation", e.conversation))
	}
}

func (d *Desk) runErrands(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-d.actions:
			d.runErrand(ctx, e)
		}
	}
}

func (d *Desk) runErrand(ctx context.Context, e errand) {
	d.stats.Errands.Add(1)
	a := e.action
	a.URL = strings.ReplaceAll(a.URL, "{base}", d.base())
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
