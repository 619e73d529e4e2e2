package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/store"
)

// commit stores a step and, when that is done, tells everybody. The caller holds the conversation's lock, so that
// what this node publishes of a conversation goes out in order.
func (d *Desk) commit(ctx context.Context, k *known, r *plan.Result, keys []store.Key, holds *store.Holds) error {
	if r.BotFailure != nil {
		d.stats.BotFailed.Add(1)
		d.log.Error("the bot failed, a person takes over", zap.String("conversation", k.ID), zap.Any("panic", fmt.Sprintf("%T", r.BotFailure)))
	}
	if len(r.Events) == 0 {
		return nil
	}
	err := d.store.Append(ctx, store.Append{Pos: k.Pos, Next: r.Conversation, Events: r.Events, Keys: keys, At: r.Events[0].At, Holds: holds})
	if err != nil {
		return err
	}
	d.stats.Steps.Add(1)
	before, now := &k.Conversation, &r.Conversation
	d.remember(known{*now, k.visits, k.met})
	if before.Pos == 0 {
		d.conversations.latest.put(now.Visitor, now.ID)
	}
	d.bus.Publish(ctx, bus.Message{Conversation: now.ID, Events: r.Events, Next: r.Conversation})
	d.learn(before, now)
	if before.Promise != nil {
		d.keep(*before, *now)
	}
	d.settle(ctx, before, now)
	d.after(ctx, r)
	return nil
}

// after does what a committed step asks for beyond the house.
func (d *Desk) after(ctx context.Context, r *plan.Result) {
	if r.Action != nil {
		d.send(errand{conversation: r.Conversation.ID, action: r.Action})
	}
	for i := range r.Events {
		e := &r.Events[i]
		switch {
		case e.Kind == chat.KindMailing && e.Detail.Letter != nil:
			d.send(errand{conversation: r.Conversation.ID})
		case e.Kind == chat.KindDeclined && e.Detail.Reason == "no_answer":
			d.missed(ctx, e.Detail.Agent)
		case e.Kind == chat.KindUnassigned && e.Detail.Reason == "no_answer":
			d.absent(ctx, e.Detail.Agent)
		case e.Kind == chat.KindAssigned && e.From.ID == e.Detail.Agent:
			d.attentive(ctx, e.Detail.Agent)
		}
	}
}

// settle brings the line into agreement with what was committed. What fails here is mended by placeAgain or reconcile.
func (d *Desk) settle(ctx context.Context, before, now *chat.Conversation) {
	s := plan.Settle(before, now)
	if s.Moves() {
		ctx = context.WithoutCancel(ctx)
	}
	if s.Drop != "" {
		d.soft("drop a ticket", d.line.Drop(ctx, s.Drop, now.ID))
	}
	if s.Put {
		d.soft("put a ticket", d.put(ctx, now))
	}
	if s.Hold {
		_, _, err := d.line.ClaimTicket(ctx, now.Team, now.ID, heldFor(now.Offer, d.now()))
		d.soft("hold a ticket", err)
	}
	if s.Release != "" {
		d.soft("release a ticket", d.line.Release(ctx, now.Team, now.ID, s.Release))
	}
	d.busy(ctx, before, now)
	if s.Moves() {
		d.lineMoved(ctx, before.Team, now.Team)
		d.nudgeDispatch()
	}
}

// busy starts the idle time of agents who were given a conversation, or finished one, anew.
func (d *Desk) busy(ctx context.Context, before, now *chat.Conversation) {
	if before.State == now.State && before.Agent == now.Agent {
		return
	}
	if before.State == chat.WithAgent {
		d.finished(ctx, *before)
	}
	if now.State == chat.WithAgent {
		d.soft("note who is busy", d.roster.Idle(ctx, now.Agent))
	}
	d.nudgeDispatch()
}

func (d *Desk) lineMoved(ctx context.Context, teams ...string) {
	for i, t := range teams {
		if t != "" && (i == 0 || t != teams[0]) {
			d.bus.Signal(ctx, bus.Signal{Kind: bus.Line, Team: t})
		}
	}
}

// planned recovers a panic of the planner, so that a fault fails one step and not the process.
func (d *Desk) planned(in plan.Input) (r plan.Result, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case string, runtime.Error:
			d.log.Error("a step cannot be planned", zap.String("conversation", in.Conversation.ID), zap.Any("panic", p), zap.Stack("stack"))
			err = fmt.Errorf("plan a step of conversation %s: %v", in.Conversation.ID, p)
		default:
			panic(p)
		}
	}()
	return d.plan(in)
}

// soft logs a failure of what can be rebuilt.
func (d *Desk) soft(what string, err error) {
	if err != nil {
		d.log.Warn(what, zap.Error(err))
	}
}

// step carries out a command of the house, through the same conditional append as any other. It does nothing when the
// conversation has moved on so that the command does not apply any more.
func (d *Desk) step(ctx context.Context, id string, make func(chat.Conversation) chat.Command) error {
	return d.stepOn(ctx, id, func(c chat.Conversation) (chat.Command, *store.Holds, error) { return make(c), nil, nil })
}

// stepOn is step with what else must still hold when the command is committed. make is called again when it does not.
func (d *Desk) stepOn(ctx context.Context, id string, make func(chat.Conversation) (chat.Command, *store.Holds, error)) error {
	for try := range maxTries {
		err := d.tryStep(ctx, id, make, try > 0)
		if !errors.Is(err, store.ErrMoved) {
			return err
		}
		d.stats.Conflicts.Add(1)
		d.conversations.forget(id)
	}
	return chat.Errorf(chat.Unavailable, "conversation %s did not stand still", id)
}

// tryStep is one try of stepOn. That nothing is to be done is not believed of what is only remembered, which another node
// may have made old: again says that it was forgotten before.
func (d *Desk) tryStep(ctx context.Context, id string, make func(chat.Conversation) (chat.Command, *store.Holds, error), again bool) error {
	defer d.conversations.lock(id).Unlock()
	nothing := error(nil)
	if !again {
		nothing = store.ErrMoved
	}
	k, err := d.load(ctx, id)
	if err != nil {
		return err
	}
	cmd, holds, err := make(k.Conversation)
	if err != nil {
		return err
	}
	if cmd == nil {
		return nothing
	}
	if k, err = d.meet(ctx, k, k.Visitor); err != nil {
		return err
	}
	in := d.input(ctx, k, chat.Open{}, cmd)
	in.By.By = chat.From{Role: chat.RoleSystem}
	result, err := d.planned(in)
	if _, done := chat.AlreadyDone(err); done || err == nil && len(result.Events) == 0 {
		return nothing
	}
	if err != nil {
		return cmp.Or(nothing, err)
	}
	return d.commit(ctx, &k, &result, nil, holds)
}
