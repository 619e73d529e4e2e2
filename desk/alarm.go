package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// firstRounds is for how long somebody in danger may stand in the line before the supervisors hear that nobody could be given
// them: all are full, or nobody who may take them is there.
const firstRounds = 5 * time.Second

// alarm tells the supervisors, once each time that they wait, of those in danger among who was left in the line.
func (d *Desk) alarm(ctx context.Context, left []routing.Ticket) (failed error) {
	for i := range left {
		t := &left[i]
		if !t.InCrisis() || d.now().Sub(t.Since) < firstRounds {
			continue
		}
		if err := d.alarmOf(ctx, t.Conversation); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tell of %s, who may be in danger: %w", t.Conversation, err))
		}
	}
	return failed
}

func (d *Desk) alarmOf(ctx context.Context, id string) error {
	k, err := d.load(ctx, id)
	if err != nil {
		return err
	}
	if fence, ok := d.alarmed.get(id); ok && fence == k.Fence || k.State != chat.Waiting || k.Offer != nil {
		return nil // told, or given to somebody by now; if that is old, the next round knows better
	}
	heard := int64(-1)
	err = d.stepOn(ctx, id, func(c chat.Conversation) (chat.Command, *store.Holds, error) {
		heard = -1
		if c.State != chat.Waiting || c.Offer != nil {
			return nil, nil, nil
		}
		log, err := wholeLog(ctx, d.store, c)
		if err != nil {
			return nil, nil, err
		}
		heard = c.Fence
		if slices.ContainsFunc(log, func(e chat.Event) bool {
			return e.Kind == chat.KindNudged && e.Detail.Agent == "" && e.AgentSeq > c.Fence
		}) {
			return nil, nil, nil // by another node, or before this one began
		}
		return chat.Alarm{}, nil, nil
	})
	if err == nil && heard >= 0 {
		d.alarmed.put(id, heard)
	}
	return err
}
